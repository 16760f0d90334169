#include "sansmtp/sasl/anonymous.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "sasl/decoded.hpp"
#include "sasl/is_fault.hpp"

using sansmtp::anonymous_client;
using sansmtp::anonymous_message;
using sansmtp::anonymous_server;
using sansmtp::errc;
using sansmtp::output_buffer;

namespace {

constexpr bool exchange(std::string_view trace, bool email) {
  output_buffer<1100> out;
  anonymous_client client(trace);
  anonymous_server server;
  const auto asked = server.challenge(out);
  if (!asked || !asked->empty()) return false;
  const auto sent = client.respond(*asked, out);
  if (!sent || *sent != trace || !client.done()) return false;
  const auto taken = server.take(*sent);
  return taken && taken->trace == trace && taken->is_email() == email && server.done();
}

// RFC 4505 4
static_assert(decoded("c2lyaGM=").view() == "sirhc");
static_assert(exchange(decoded("c2lyaGM=").view(), false));
// RFC 4505 2: [ email / token ]
static_assert(exchange("", false));
static_assert(exchange("sirhc@example.com", true));
static_assert(exchange("\"not @ this\"@example.com", true));
static_assert(exchange("anyone \xC3\xBC", false));

}  // namespace

TEST_CASE("a token is at most 255 characters, of up to four octets each") {
  std::string token;
  for (int i = 0; i < 255; ++i) token += "\xF0\x9F\x94\x91";
  CHECK(exchange(std::string_view(token), false));
  CHECK(is_fault(anonymous_message::parse(token + "x"), errc::sasl_field_too_long, 1020));
  CHECK(is_fault(anonymous_message::parse(std::string(256, 'x')), errc::sasl_field_too_long, 255));
}

TEST_CASE("a trace that could forge a line of a log, or is no mailbox, is refused at the octet") {
  struct row {
    std::string text;
    errc code;
    std::size_t at;
  };
  using namespace std::string_literals;
  const row rows[] = {
      {"\0"s, errc::sasl_octet, 0},
      {"sirhc\r\nroot", errc::sasl_octet, 5},
      {"a\x1B[2J", errc::sasl_octet, 1},
      {"a\x7F", errc::sasl_octet, 1},
      {"a\xE2\x82", errc::utf8_malformed, 1},
      {"@", errc::local_part_empty, 0},
      {"@example.com", errc::local_part_empty, 0},
      {"a@b@c", errc::domain_octet, 3},
      {"a@-b", errc::domain_hyphen, 2},
      {"a b@c.example", errc::local_part_octet, 1},
  };
  for (const row& r : rows) {
    CAPTURE(r.at);
    anonymous_server server;
    const auto taken = server.take(r.text);
    CHECK_FALSE(taken);
    CHECK(taken.error().code == r.code);
    CHECK(taken.error().at == r.at);
    CHECK_FALSE(server.done());
    CHECK(is_fault(server.take(""), errc::sasl_out_of_order, 0));
    output_buffer<64> out;
    anonymous_client client(r.text);
    CHECK_FALSE(client.respond("", out));
    CHECK(out.empty());
  }
}

TEST_CASE("a trace with an at sign is a mail address, and one without is a token (RFC 4505 2)") {
  // RFC 4505 4's trace, and one that RFC 5321 4.1.2 would quote.
  for (const std::string_view email : {"sirhc@example.org", "\"a b\"@[192.0.2.1]"}) {
    const auto taken = anonymous_message::parse(email);
    REQUIRE(taken);
    CHECK(taken->trace == email);
    CHECK(taken->is_email());
  }
  const auto token = anonymous_message::parse("sirhc");
  REQUIRE(token);
  CHECK_FALSE(token->is_email());
  CHECK(is_fault(anonymous_message::parse("sirhc@"), errc::domain_empty, 6));
}
