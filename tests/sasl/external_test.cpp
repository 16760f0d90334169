#include "sansmtp/sasl/external.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "sasl/is_fault.hpp"

using namespace std::string_view_literals;
using sansmtp::errc;
using sansmtp::external_client;
using sansmtp::external_server;
using sansmtp::output_buffer;

namespace {

constexpr bool exchange(std::string_view authzid) {
  output_buffer<256> out;
  external_client client(authzid);
  external_server server;
  const auto asked = server.challenge(out);
  if (!asked || !asked->empty()) return false;
  const auto sent = client.respond(*asked, out);
  if (!sent || *sent != authzid || !client.done()) return false;
  const auto taken = server.take(*sent);
  return taken && taken->authzid == authzid && server.done();
}

// RFC 4422 A.2, both examples; the first is also RFC 4954 4.1's "AUTH EXTERNAL =".
static_assert(exchange(""));
static_assert(exchange("fred@example.com") && "fred@example.com"sv.size() == 16);

}  // namespace

TEST_CASE("an identity that EXTERNAL can not carry is refused at the octet, by either side") {
  struct row {
    std::string text;
    errc code;
    std::size_t at;
  };
  using namespace std::string_literals;
  const row rows[] = {
      {"\0"s, errc::sasl_octet, 0},
      {"fred\0"s, errc::sasl_octet, 4},
      {"fr\0ed"s, errc::sasl_octet, 2},
      {"fred\xC3", errc::utf8_malformed, 4},
      {std::string(256, 'f'), errc::sasl_field_too_long, 255},
  };
  for (const row& r : rows) {
    external_server server;
    CHECK(is_fault(server.take(r.text), r.code, r.at));
    CHECK_FALSE(server.done());
    CHECK(is_fault(server.take(""), errc::sasl_out_of_order, 0));
    output_buffer<300> out;
    external_client client(r.text);
    CHECK(is_fault(client.respond("", out), r.code, r.at));
    CHECK(out.empty());
    CHECK_FALSE(client.done());
  }
}

TEST_CASE("EXTERNAL is one message and no more") {
  output_buffer<16> out;
  external_client client;
  CHECK(is_fault(client.respond("who?", out), errc::sasl_message_malformed, 0));
  CHECK(is_fault(client.respond("", out), errc::sasl_out_of_order, 0));
  CHECK_FALSE(client.done());
  external_server server;
  CHECK(server.take(""));
  CHECK(is_fault(server.take(""), errc::sasl_out_of_order, 0));
  CHECK(is_fault(server.challenge(out), errc::sasl_out_of_order, 0));
}

TEST_CASE("what a client of EXTERNAL sends is the identity, or nothing (RFC 4422 A.2)") {
  for (const std::string_view authzid : {""sv, "fred@example.com"sv, "\xC3\xBC\x01"sv}) {
    output_buffer<32> out;
    external_client client(authzid);
    external_server server;
    const auto sent = client.respond("", out);
    REQUIRE(sent);
    CHECK(*sent == authzid);
    CHECK(out.written() == authzid);
    const auto taken = server.take(*sent);
    REQUIRE(taken);
    CHECK(taken->authzid == authzid);
    CHECK(server.done());
  }
}
