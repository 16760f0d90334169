// DIGEST-MD5 at its bounds: what is too long, what the character set can not carry, what nobody offered.

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "grammar/judged.hpp"
#include "sansmtp/sasl/digest_md5_client.hpp"
#include "sansmtp/sasl/digest_md5_server.hpp"

using namespace sansmtp;
using support::judged;
using namespace std::string_view_literals;

namespace {

constexpr auto in_latin1 = "nonce=\"N\",algorithm=md5-sess"sv;
constexpr auto in_utf8 = "nonce=\"N\",algorithm=md5-sess,charset=utf-8"sv;

// What a client of these options says to a challenge, and that it wrote nothing unless it could answer.
std::string answered(const digest_md5_client_options& options, std::string_view challenge) {
  digest_md5_client client(options);
  output_buffer<8192> out;
  const auto response = client.respond(challenge, out);
  CHECK(out.empty() == !response.has_value());
  CHECK_FALSE(client.done());
  return judged(response);
}

std::string response_of(std::string_view username, std::string_view more = {}) {
  return "username=\"" + std::string(username) +
         "\",nonce=\"N\",nc=00000001,cnonce=\"C\",digest-uri=\"smtp/mx.example\",response=" + std::string(32, '0') +
         std::string(more);
}

std::string taken(const digest_md5_server_options& options, std::string_view response) {
  digest_md5_server server(options);
  output_buffer<512> out;
  REQUIRE(server.challenge(out));
  return judged(server.take(response));
}

}  // namespace

TEST_CASE("a realm that a client can not keep is answered by nobody") {
  const std::string long_realm(256, 'r'), longer(300, 'r');
  const std::string offered = "realm=\"" + long_realm + "\"," + std::string(in_utf8);
  CHECK(answered({"u", "p", "C", "mx.example"}, offered) == judged(errc::sasl_field_too_long, 0));
  // Where no realm is offered the client names its own (RFC 2831 2.1.1).
  CHECK(answered({"u", "p", "C", "mx.example", "smtp", {}, long_realm}, in_utf8) ==
        judged(errc::sasl_field_too_long, 0));
  CHECK(answered({"u", "p", "C", "mx.example", "smtp", {}, longer}, in_latin1) == judged(errc::sasl_field_too_long, 0));
  CHECK(answered({"u", "p", "C", "mx.example", "smtp", {}, std::string_view(longer).substr(0, 255)}, in_latin1) ==
        "taken");
}

TEST_CASE("what ISO 8859-1 can not spell is not sent to a server that reads nothing else (RFC 2831 2.1.1)") {
  const std::string_view euro = "\xE2\x82\xAC", u_umlaut = "\xC3\xBC";
  const std::string offered = "realm=\"r\"," + std::string(in_latin1);
  CHECK(answered({euro, "p", "C", "mx.example"}, in_latin1) == judged(errc::digest_charset, 0));
  CHECK(answered({"u", secret(euro), "C", "mx.example"}, in_latin1) == judged(errc::digest_charset, 0));
  CHECK(answered({"u", "p", "C", "mx.example", "smtp", {}, euro}, offered) == judged(errc::digest_charset, 0));
  CHECK(answered({u_umlaut, secret(u_umlaut), "C", "mx.example"}, in_latin1) == "taken");
  CHECK(answered({euro, secret(euro), "C", "mx.example"}, in_utf8) == "taken");
}

TEST_CASE("only whole characters below 256 are ISO 8859-1's") {
  for (const std::string_view text : {""sv, "abc"sv, "\xC2\x80"sv, "a\xC3\xBF z"sv}) CHECK(is_latin1(text));
  for (const std::string_view text : {"\xC4\x80"sv, "\xE2\x82\xAC"sv, "\x80"sv, "\xC3"sv, "\xC3x"sv, "\xC0\x80"sv})
    CHECK_FALSE(is_latin1(text));
  // A password that is none of it is hashed as it stands (RFC 2831 2.1.2.1).
  CHECK(digest_user_hash("u", "r", "\xC3", true) == hash_of<md5>("u:r:\xC3"));
  CHECK(digest_user_hash("u", "r", "\xC3\xBC", true) == hash_of<md5>("u:r:\xFC"));
}

TEST_CASE("the name of a service that is its host's is left out (RFC 2831 2.1.2)") {
  const auto uri = [](std::string_view service_name) {
    digest_md5_client client({"u", "p", "C", "mx.example", "smtp", service_name});
    output_buffer<1024> out;
    REQUIRE(client.respond(in_utf8, out));
    const std::string_view behind = out.written().substr(out.written().find("digest-uri=\"") + 12);
    return std::string(behind.substr(0, behind.find('"')));
  };
  CHECK(uri("") == "smtp/mx.example");
  CHECK(uri("mx.example") == "smtp/mx.example");
  CHECK(uri("example") == "smtp/mx.example/example");
  const std::string long_host(800, 'h');
  CHECK(answered({"u", "p", "C", long_host}, in_utf8) == judged(errc::sasl_field_too_long, 0));
}

TEST_CASE("a server checks what it is to offer before it offers it") {
  const std::string long_text(256, 'x');
  const auto offered = [](const digest_md5_server_options& options) {
    digest_md5_server server(options);
    output_buffer<1024> out;
    const auto challenge = server.challenge(out);
    CHECK(out.empty() == !challenge.has_value());
    return judged(challenge);
  };
  CHECK(offered({""}) == judged(errc::sasl_field_empty, 0));
  CHECK(offered({long_text}) == judged(errc::sasl_field_too_long, 255));
  CHECK(offered({"N\xFF"}) == judged(errc::utf8_malformed, 1));
  CHECK(offered({"N\r\n"}) == judged(errc::sasl_octet, 1));
  CHECK(offered({"N", long_text}) == judged(errc::sasl_field_too_long, 255));
  CHECK(offered({"N", "re\nalm"}) == judged(errc::sasl_octet, 2));
  CHECK(offered({"N", "r\x7F"}) == judged(errc::sasl_octet, 1));
  CHECK(offered({"N", std::string_view(long_text).substr(1)}) == "taken");
}

TEST_CASE("a server that reads no UTF-8 does not offer it, and refuses who uses it") {
  const digest_md5_server_options options{"N", {}, "smtp", {}, false};
  digest_md5_server server(options);
  output_buffer<512> out;
  REQUIRE(server.challenge(out));
  CHECK(out.written() == "nonce=\"N\",qop=\"auth\",algorithm=md5-sess");
  const std::string response = response_of("u", ",charset=utf-8");
  CHECK(taken(options, response) == judged(errc::digest_value, response.size() - 5));
  CHECK(taken({"N"}, response) == "taken");
  CHECK(taken(options, response_of("\xFC")) == "taken");
}

TEST_CASE("a server without a realm leaves it to the client, with one it demands that (RFC 2831 2.1.2)") {
  CHECK(taken({"N"}, response_of("u")) == "taken");
  CHECK(taken({"N"}, response_of("u", ",realm=\"any\"")) == "taken");
  CHECK(taken({"N", "r"}, response_of("u")) == judged(errc::sasl_field_missing, response_of("u").size()));
  CHECK(taken({"N", "r"}, response_of("u", ",realm=\"any\"")) ==
        judged(errc::digest_realm, response_of("u").size() + 8));
}

TEST_CASE("a value longer than a server keeps is refused at its place, however long it is") {
  const std::size_t cnonce_at = response_of("u").find("cnonce=") + 8;
  for (const std::size_t size : {256U, 257U, 258U, 300U, 3000U}) {
    CAPTURE(size);
    CHECK(taken({"N"}, response_of(std::string(size, 'u'))) == judged(errc::sasl_field_too_long, 10));
    std::string response = response_of("u");
    response.insert(cnonce_at, size - 1, 'c');
    CHECK(taken({"N"}, response) == judged(errc::sasl_field_too_long, cnonce_at));
  }
  CHECK(taken({"N"}, response_of(std::string(255, 'u'))) == "taken");

  // A digest-uri has room for a service, a host and a service's name.
  const std::size_t host_at = response_of("u").find("mx.example"), uri_at = host_at - 5;
  const auto with_uri_of = [&](std::size_t octets) {
    std::string response = response_of("u");
    response.insert(host_at, octets - 15, 'h');
    return response;
  };
  CHECK(taken({"N"}, with_uri_of(765)) == "taken");
  for (const std::size_t size : {766U, 1020U, 3000U})
    CHECK(taken({"N"}, with_uri_of(size)) == judged(errc::sasl_field_too_long, uri_at));
}

TEST_CASE("each message of an exchange may be as long as RFC 2831 2.1.1 and 2.1.2 let it be") {
  const auto filled = [](std::string text, std::size_t size) {
    text += ",x=";
    return text + std::string(size - text.size(), 'x');
  };
  const std::string asked = filled(std::string(in_utf8), 2047);
  CHECK(digest_challenge::parse(asked));
  CHECK(judged(digest_challenge::parse(asked + "x")) == judged(errc::sasl_field_too_long, 2047));
  const std::string said = filled(response_of("u"), 4095);
  CHECK(digest_response::parse(said));
  CHECK(judged(digest_response::parse(said + "x")) == judged(errc::sasl_field_too_long, 4095));
  const std::string proven = filled("rspauth=" + std::string(32, 'a'), 2047);
  CHECK(parse_response_auth(proven));
  CHECK(judged(parse_response_auth(proven + "x")) == judged(errc::sasl_field_too_long, 2047));
}

TEST_CASE("a verdict longer than any challenge may be ends the exchange") {
  digest_md5_client client({"u", "p", "C", "mx.example"});
  output_buffer<512> out;
  REQUIRE(client.respond(in_utf8, out));
  CHECK(judged(client.respond("x=" + std::string(2046, 'x'), out)) == judged(errc::sasl_field_too_long, 2047));
  CHECK_FALSE(client.done());
  CHECK(judged(client.respond("", out)) == judged(errc::sasl_out_of_order, 0));
}

TEST_CASE("a name that is to be in UTF-8 and is not is refused at its octet, a realm as well") {
  const std::string good = response_of("u");
  CHECK(taken({"N"}, good + ",charset=utf-8,realm=\"r\xFF\"") == judged(errc::utf8_malformed, good.size() + 23));
  CHECK(taken({"N"}, response_of("u\xFF", ",charset=utf-8")) == judged(errc::utf8_malformed, 11));
  CHECK(taken({"N"}, good + ",authzid=\"a\xFF\"") == judged(errc::utf8_malformed, good.size() + 11));
  CHECK(taken({"N"}, good + ",realm=\"r\xFF\"") == "taken");  // without the charset it is in ISO 8859-1
}
