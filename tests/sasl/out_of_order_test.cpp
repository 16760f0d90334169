// Calls out of their order, and room that does not suffice: neither moves an exchange.

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "sansmtp/sasl/cram_md5.hpp"
#include "sansmtp/sasl/oauthbearer.hpp"
#include "sansmtp/sasl/opaque.hpp"
#include "sansmtp/sasl/scram_server.hpp"
#include "sasl/is_fault.hpp"

using namespace sansmtp;
using namespace std::string_view_literals;

namespace {

constexpr auto token =
    "n,,\x01"
    "auth=Bearer t\x01\x01"sv;

// Says what it was given to say, from elsewhere than the writer.
struct parrot {
  opaque_step says;
  constexpr result<opaque_step> operator()(std::string_view, writer&) const { return says; }
};

}  // namespace

TEST_CASE("a challenge of CRAM-MD5 that did not fit can be sent again, and once it was sent it can not") {
  cram_md5_server server("<1896.697170952@postoffice.reston.mci.net>");
  output_buffer<41> small;
  output_buffer<42> out;
  CHECK(is_fault(server.challenge(small), errc::output_full, 0));
  CHECK(small.empty());
  CHECK(is_fault(server.take("tim b913a602c7eda7a495b4e6e7334d3890"), errc::sasl_out_of_order, 0));
  REQUIRE(server.challenge(out));
  CHECK(out.written() == "<1896.697170952@postoffice.reston.mci.net>");
  out.clear();
  CHECK(is_fault(server.challenge(out), errc::sasl_out_of_order, 0));
  // RFC 2195 2
  const auto response = server.take("tim b913a602c7eda7a495b4e6e7334d3890");
  REQUIRE(response);
  CHECK(server.verify(*response, "tanstaaftanstaaf"));
  CHECK(server.done());
}

TEST_CASE("a challenge of CRAM-MD5 may hold spaces between its brackets") {
  CHECK(check_cram_challenge("<12 34 @host>"));
  CHECK(is_fault(check_cram_challenge(" <12@host>"), errc::sasl_message_malformed, 0));
  CHECK(is_fault(check_cram_challenge("<12@host> "), errc::sasl_trailing, 9));
}

TEST_CASE("a server of OAUTHBEARER asks before the message and not behind it") {
  output_buffer<64> out;
  oauthbearer_server server;
  const auto asked = server.challenge(out);
  REQUIRE(asked);
  CHECK(asked->empty());
  CHECK(server.challenge(out));  // nothing was sent, so nothing is over
  REQUIRE(server.take(token));
  CHECK(is_fault(server.challenge(out), errc::sasl_out_of_order, 0));
  CHECK(server.done());
}

TEST_CASE("a message that was at fault can be refused with reasons, and the phrase that says nothing ends it") {
  // RFC 7628 3.2.3: a single %x01, so that the server can finish.
  output_buffer<64> out;
  oauthbearer_server server;
  CHECK(is_fault(server.take("n,,\x01"
                             "auth=\x01\x01"),
                 errc::sasl_field_empty, 9));
  CHECK_FALSE(server.done());
  CHECK(is_fault(server.take_dismissal("\x01"), errc::sasl_out_of_order, 0));
  REQUIRE(server.refuse({.status = "invalid_request"}, out));
  CHECK(out.written() == "{\"status\":\"invalid_request\"}");
  CHECK(server.take_dismissal("\x01"));
  CHECK_FALSE(server.done());
  CHECK(is_fault(server.take_dismissal("\x01"), errc::sasl_out_of_order, 0));
  CHECK(is_fault(server.take(token), errc::sasl_out_of_order, 0));
  CHECK(is_fault(server.refuse({.status = "invalid_request"}, out), errc::sasl_out_of_order, 0));
}

TEST_CASE("what a caller's code says must fit a line of the exchange (RFC 4954 4)") {
  const std::string most(limits::sasl_message, 'x'), more(limits::sasl_message + 1, 'x');
  output_buffer<8> out;
  parrot right{{most, true}}, wrong{{more, true}};
  opaque_client client("NTLM", right);
  const auto said = client.respond("", out);
  REQUIRE(said);
  CHECK(said->size() == limits::sasl_message);
  CHECK(client.done());
  opaque_client verbose("NTLM", wrong);
  CHECK(is_fault(verbose.respond("", out), errc::sasl_field_too_long, limits::sasl_message));
  CHECK_FALSE(verbose.done());
  CHECK(is_fault(verbose.respond("", out), errc::sasl_out_of_order, 0));
}

TEST_CASE("a challenge has four octets less of its line than a response (RFC 4954 4, 8)") {
  for (const bool fits : {true, false}) {
    output_buffer<8> out;
    const std::string octets(limits::sasl_challenge + (fits ? 0U : 1U), 'x');
    parrot code{{octets, true}};
    opaque_server server("NTLM", code, false);
    const auto said = server.challenge(out);
    CHECK(said.has_value() == fits);
    CHECK(server.done() == fits);
    if (!fits) CHECK(is_fault(said, errc::sasl_field_too_long, 9210));
  }
}

TEST_CASE("a server of a caller's mechanism asks with nothing, until it is through") {
  parrot code{{"", true}};
  output_buffer<8> out;
  opaque_server server("GSSAPI", code);
  const auto asked = server.challenge(out);
  REQUIRE(asked);
  CHECK(asked->empty());
  CHECK_FALSE(server.done());  // the caller's code was not asked
  REQUIRE(server.take("token", out));
  CHECK(server.done());
  CHECK(is_fault(server.challenge(out), errc::sasl_out_of_order, 0));
}

TEST_CASE("a server of SCRAM that lacks room stays where it is, at each of its messages") {
  output_buffer<1> small;
  output_buffer<100> out;
  scram_keys<sha1> keys;
  REQUIRE(keys.derive("pencil", "salt", 1, {1, 10}));
  const scram_credentials user = keys.credentials("salt", 1);
  scram_sha_1_server server({false, {}, {1, 10}});
  CHECK(is_fault(server.challenge(user, "def", out), errc::sasl_out_of_order, 0));
  REQUIRE(server.take("n,,n=user,r=abc"));
  CHECK(is_fault(server.challenge(user, "def", small), errc::output_full, 0));
  CHECK(is_fault(server.challenge(out), errc::sasl_out_of_order, 0));
  REQUIRE(server.challenge(user, "def", out));
  CHECK(out.written() == "r=abcdef,s=c2FsdA==,i=1");
  CHECK(is_fault(server.challenge(user, "def", out), errc::sasl_out_of_order, 0));
  REQUIRE(server.take("c=biws,r=abcdef,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0="));
  CHECK(is_fault(server.challenge(small), errc::output_full, 0));
  CHECK(small.empty());
  out.clear();
  REQUIRE(server.challenge(out));
  CHECK(out.written() == "v=4neuWIv2anEaI7PjRaXUyfr3Ltw=");
  CHECK(server.take(""));
  CHECK(server.done());
}

TEST_CASE("a refusal of SCRAM has a reason, and one that did not fit has refused nobody") {
  output_buffer<8> small;
  output_buffer<100> out;
  scram_sha_1_server server;
  CHECK(is_fault(server.refuse(scram_error::unknown_user, small), errc::output_full, 0));
  CHECK(small.empty());
  REQUIRE(server.take("n,,n=user,r=abc"));  // so it goes on
  const auto refused = server.refuse(scram_error::none, out);
  REQUIRE(refused);
  CHECK(*refused == "e=other-error");
  CHECK_FALSE(server.done());
  CHECK(is_fault(server.take(""), errc::sasl_out_of_order, 0));
  CHECK(is_fault(server.challenge(out), errc::sasl_out_of_order, 0));
}
