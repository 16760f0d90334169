#include "sansmtp/sasl/plain.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "sasl/decoded.hpp"
#include "sasl/is_fault.hpp"

using namespace std::string_view_literals;
using sansmtp::errc;
using sansmtp::output_buffer;
using sansmtp::plain_client;
using sansmtp::plain_message;
using sansmtp::plain_server;

namespace {

// One whole exchange: the client writes the message, and the server reads the same three from it.
constexpr bool exchange(std::string_view message, std::string_view authzid, std::string_view authcid,
                        std::string_view passwd) {
  output_buffer<600> out;
  plain_client client(authcid, passwd, authzid);
  plain_server server;
  const auto asked = server.challenge(out);
  if (!asked || !asked->empty() || client.done() || server.done()) return false;
  const auto sent = client.respond(*asked, out);
  if (!sent || *sent != message || out.written() != message || !client.done()) return false;
  const auto taken = server.take(*sent);
  return taken && taken->authzid == authzid && taken->authcid == authcid && taken->passwd == passwd && server.done();
}

// RFC 4616 4, both examples; RFC 4954 4.1, with and without an initial response.
static_assert(exchange("\0tim\0tanstaaftanstaaf"sv, "", "tim", "tanstaaftanstaaf"));
static_assert(exchange("\0tim\0tanstaaftanstaaf"sv, "", "tim", "tanstaaftanstaaf") &&
              "\0tim\0tanstaaftanstaaf"sv.size() == 21);
static_assert(exchange("Ursel\0Kurt\0xipj3plmq"sv, "Ursel", "Kurt", "xipj3plmq") &&
              "Ursel\0Kurt\0xipj3plmq"sv.size() == 20);
static_assert(exchange(decoded("dGVzdAB0ZXN0ADEyMzQ=").view(), "test", "test", "1234"));
// What the recorded servers were sent.
static_assert(exchange(decoded("AHRlc3RlcgBzM2NyZXQ=").view(), "", "tester", "s3cret"));
static_assert(exchange(decoded("b3RoZXIAdGVzdGVyAHMzY3JldA==").view(), "other", "tester", "s3cret"));

}  // namespace

TEST_CASE("two payloads of AUTH PLAIN that are in circulation are no messages of PLAIN") {
  // "\UYEONG\test": backslashes where NUL belongs. RFC 4616 2: there are two NULs.
  const decoded backslashes("XFVZRU9OR1x0ZXN0");
  REQUIRE(backslashes.view() == "\\UYEONG\\test");
  plain_server first;
  CHECK(is_fault(first.take(backslashes.view()), errc::sasl_field_missing, 12));
  CHECK_FALSE(first.done());
  // A third NUL, in front of "1234": RFC 4616 2 has none in a password.
  const decoded third_nul("AGpvaG4AZG9lADEyMzQ=");
  REQUIRE(third_nul.view() ==
          "\0john\0doe\0"
          "1234"sv);
  plain_server second;
  CHECK(is_fault(second.take(third_nul.view()), errc::sasl_octet, 9));
  CHECK_FALSE(second.done());
}

TEST_CASE("what is no message of PLAIN is refused at the octet") {
  struct row {
    std::string text;
    errc code;
    std::size_t at;
  };
  using namespace std::string_literals;
  const std::string nul(1, '\0');
  const row rows[] = {
      {"", errc::sasl_field_missing, 0},
      {"no null", errc::sasl_field_missing, 7},
      {nul + "user", errc::sasl_field_missing, 5},
      {"user"s + nul, errc::sasl_field_missing, 5},
      {nul + nul, errc::sasl_field_empty, 1},                   // neither name nor password
      {nul + nul + "passwd", errc::sasl_field_empty, 1},        // no name
      {nul + "user" + nul, errc::sasl_field_empty, 6},          // no password
      {"act" + nul + "user" + nul, errc::sasl_field_empty, 9},  // no password
      {nul + nul + nul, errc::sasl_field_empty, 1},
      {nul + "u" + nul + "p" + nul, errc::sasl_octet, 4},  // a NUL too many, at the end
      {nul + "u" + nul + nul + "p", errc::sasl_octet, 3},  // doubled
      {"a" + nul + "u" + nul + "u" + nul + "p", errc::sasl_octet, 5},
      {std::string(256, 'a') + nul + "u" + nul + "p", errc::sasl_field_too_long, 255},
      {nul + std::string(256, 'u') + nul + "p", errc::sasl_field_too_long, 256},
      {nul + "u" + nul + std::string(1025, 'p'), errc::sasl_field_too_long, 3 + 1024},
      {"\xFF" + nul + "u" + nul + "p", errc::utf8_malformed, 0},
      {nul + "u\xC0\x80" + nul + "p", errc::utf8_malformed, 2},  // an overlong NUL
      {nul + "u" + nul + "p\xED\xA0\x80", errc::utf8_malformed, 4},
      {nul + "u" + nul + "p\xC3", errc::utf8_malformed, 4},
  };
  for (const row& r : rows) {
    CAPTURE(r.at);
    plain_server server;
    CHECK(is_fault(server.take(r.text), r.code, r.at));
    CHECK_FALSE(server.done());
    CHECK(is_fault(server.take("\0u\0p"sv), errc::sasl_out_of_order, 0));  // the one try is used up
    CHECK_FALSE(server.done());
  }
}

TEST_CASE("names and passwords of 255 octets are taken, and any UTF-8") {
  const std::string name(255, 'n');
  std::string text = name + '\0' + name + '\0' + name;
  const auto taken = plain_message::parse(text);
  REQUIRE(taken);
  CHECK(taken->authzid == name);
  CHECK(taken->authcid == name);
  CHECK(taken->passwd == sansmtp::secret(name));
  CHECK(exchange("\0j\xC3\xBCrgen\0\xF0\x9F\x94\x91"sv, "", "j\xC3\xBCrgen", "\xF0\x9F\x94\x91"));
  CHECK(exchange("\0a b\0\x01\x7F\t"sv, "", "a b", "\x01\x7F\t"));  // SAFE is all but NUL
}

TEST_CASE("a client of PLAIN writes only what its server can read") {
  struct row {
    std::string_view authzid, authcid, passwd;
    errc code;
    std::size_t at;
  };
  const row rows[] = {
      {"", "", "p", errc::sasl_field_empty, 1}, {"", "u", "", errc::sasl_field_empty, 3},
      {"", "u\0x"sv, "p", errc::sasl_octet, 2}, {"a\0b"sv, "u", "p", errc::sasl_octet, 1},
      {"", "u", "p\0"sv, errc::sasl_octet, 4},  {"a", "u\xFF", "p", errc::utf8_malformed, 3},
  };
  for (const row& r : rows) {
    output_buffer<64> out;
    plain_client client(r.authcid, r.passwd, r.authzid);
    CHECK(is_fault(client.respond("", out), r.code, r.at));
    CHECK(out.empty());
    CHECK_FALSE(client.done());
  }
}

TEST_CASE("a client of PLAIN is through after its message, and only by it") {
  output_buffer<64> out;
  plain_client late("u", "p");
  CHECK(late.respond("", out));
  CHECK(is_fault(late.respond("", out), errc::sasl_out_of_order, 0));
  CHECK(late.done());

  plain_client asked("u", "p");
  CHECK(is_fault(asked.respond("Password?", out), errc::sasl_message_malformed, 0));
  CHECK(is_fault(asked.respond("", out), errc::sasl_out_of_order, 0));
  CHECK_FALSE(asked.done());

  // Too little room changes nothing.
  output_buffer<3> small;
  plain_client waiting("u", "p");
  CHECK(is_fault(waiting.respond("", small), errc::output_full, 0));
  CHECK(small.empty());
  CHECK_FALSE(waiting.done());
  CHECK(waiting.respond("", out));
  CHECK(waiting.done());
}

TEST_CASE("a server of PLAIN asks before the message and not behind it") {
  output_buffer<8> out;
  plain_server server;
  CHECK(server.challenge(out));
  CHECK(server.take("\0u\0p"sv));
  CHECK(is_fault(server.challenge(out), errc::sasl_out_of_order, 0));
  CHECK(is_fault(server.take("\0u\0p"sv), errc::sasl_out_of_order, 0));
  CHECK(out.empty());
}
