#include "sansmtp/sasl/security_layer.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "sasl/is_fault.hpp"

using namespace std::string_view_literals;
using sansmtp::errc;
using sansmtp::output_buffer;
using sansmtp::security_layer;
using sansmtp::security_layer_choice;
using sansmtp::security_layer_offer;

namespace {

constexpr bool negotiates(std::string_view offered, std::string_view chosen, security_layer layer,
                          std::uint32_t largest, std::string_view authzid) {
  output_buffer<300> out;
  const auto offer = security_layer_offer::parse(offered);
  if (!offer || *offer->write(out) != offered) return false;
  const auto written = security_layer_choice{layer, largest, authzid}.write(*offer, out);
  if (!written || *written != chosen) return false;
  const auto choice = security_layer_choice::parse(*written, *offer);
  return choice && choice->layer == layer && choice->largest == largest && choice->authzid == authzid;
}

// RFC 4752 3.1 to 3.3: mask, size in network byte order, identity without a NUL behind it.
static_assert(negotiates("\x01\0\0\0"sv, "\x01\0\0\0"sv, security_layer::none, 0, ""));
static_assert(negotiates("\x07\x00\xFF\xFF"sv, "\x01\0\0\0tim"sv, security_layer::none, 0, "tim"));
static_assert(negotiates("\x07\x01\x02\x03"sv, "\x04\x00\x10\x00tim"sv, security_layer::confidentiality, 4096, "tim"));
static_assert(negotiates("\x06\xFF\xFF\xFF"sv, "\x02\xFF\xFF\xFF"sv, security_layer::integrity, 0xFFFFFF, ""));

}  // namespace

TEST_CASE("an offer is four octets, and offers something") {
  CHECK(is_fault(security_layer_offer::parse(""), errc::sasl_field_missing, 0));
  CHECK(is_fault(security_layer_offer::parse("\x01\0\0"sv), errc::sasl_field_missing, 3));
  CHECK(is_fault(security_layer_offer::parse("\x01\0\0\0\0"sv), errc::sasl_trailing, 4));
  CHECK(is_fault(security_layer_offer::parse("\x00\0\0\0"sv), errc::sasl_security_layer, 0));
  CHECK(is_fault(security_layer_offer::parse("\xF8\0\0\0"sv), errc::sasl_security_layer, 0));
  // 3.1: "The client verifies that the server maximum buffer is 0 if the server does not advertise ... any"
  CHECK(is_fault(security_layer_offer::parse("\x01\0\0\x01"sv), errc::sasl_security_layer, 1));
  // 3.3: bits that are not understood are no fault.
  const auto future = security_layer_offer::parse("\x0B\0\x01\0"sv);
  REQUIRE(future);
  CHECK(future->has(security_layer::none));
  CHECK(future->has(security_layer::integrity));
  CHECK_FALSE(future->has(security_layer::confidentiality));
  CHECK(future->largest == 256);
  // One that is not understood is a layer too: a size may stand behind it, and the client negotiates it off.
  const auto unknown = security_layer_offer::parse("\x09\0\xFF\xFF"sv);
  REQUIRE(unknown);
  CHECK_FALSE(unknown->wraps());
  CHECK(unknown->largest == 0xFFFF);
  output_buffer<8> out;
  REQUIRE(security_layer_choice{}.write(*unknown, out));
  CHECK(out.written() == "\x01\0\0\0"sv);
}

TEST_CASE("a choice is one layer that was offered") {
  const security_layer_offer none{};
  const security_layer_offer both{3, 4096};
  const std::string too_long = "\x02\x01" + std::string(2, '\0') + std::string(256, 'u');
  struct row {
    std::string_view text;
    const security_layer_offer& offer;
    errc code;
    std::size_t at;
  };
  const row rows[] = {
      {"", both, errc::sasl_field_missing, 0},
      {"\x01\0\0"sv, both, errc::sasl_field_missing, 3},
      {"\x00\0\0\0"sv, both, errc::sasl_security_layer, 0},
      {"\x03\0\0\0"sv, both, errc::sasl_security_layer, 0},    // two at once
      {"\x04\0\x10\0"sv, both, errc::sasl_security_layer, 0},  // not offered
      {"\x02\0\x10\0"sv, none, errc::sasl_security_layer, 0},
      {"\x08\0\x10\0"sv, both, errc::sasl_security_layer, 0},
      {"\x01\0\0\x01"sv, both, errc::sasl_security_layer, 1},  // 3.2: 0 if no security layer was chosen
      {"\x02\0\x10\0u\0"sv, both, errc::sasl_octet, 5},        // the identity is not ended by a NUL
      {"\x02\0\x10\0u\xFF"sv, both, errc::utf8_malformed, 5},
      {too_long, both, errc::sasl_field_too_long, 259},
  };
  for (const row& r : rows) CHECK(is_fault(security_layer_choice::parse(r.text, r.offer), r.code, r.at));
}

TEST_CASE("a layer that breaks the rules is not written either") {
  output_buffer<16> out;
  CHECK(is_fault(security_layer_offer{0, 0}.write(out), errc::sasl_security_layer, 0));
  CHECK(is_fault(security_layer_offer{1, 1}.write(out), errc::sasl_security_layer, 1));
  CHECK(is_fault(security_layer_offer{3, 0x1000000}.write(out), errc::sasl_security_layer, 1));
  CHECK(is_fault(security_layer_choice{security_layer::integrity, 9, ""}.write(security_layer_offer{}, out),
                 errc::sasl_security_layer, 0));
  output_buffer<3> small;
  CHECK(is_fault(security_layer_offer{}.write(small), errc::output_full, 0));
  CHECK(out.empty());
  CHECK(small.empty());
}

TEST_CASE("an offer and the choice in answer to it are written as they are read (RFC 4752 3.1, 3.2)") {
  struct row {
    security_layer_offer offer;
    std::string_view offered;
    security_layer_choice choice;
    std::string_view chosen;
  };
  const row rows[] = {
      {{1, 0}, "\x01\0\0\0"sv, {security_layer::none, 0, "tim"}, "\x01\0\0\0tim"sv},
      {{3, 0}, "\x03\0\0\0"sv, {security_layer::integrity, 0, ""}, "\x02\0\0\0"sv},
      {{7, 0x10203}, "\x07\x01\x02\x03"sv, {security_layer::confidentiality, 0xFFFFFF, "tim"}, "\x04\xFF\xFF\xFFtim"sv},
      {{4, 1}, "\x04\0\0\x01"sv, {security_layer::confidentiality, 256, ""}, "\x04\0\x01\0"sv},
  };
  for (const row& r : rows) {
    CAPTURE(&r - rows);
    output_buffer<16> out;
    const auto offered = r.offer.write(out);
    REQUIRE(offered);
    CHECK(*offered == r.offered);
    const auto offer = security_layer_offer::parse(*offered);
    REQUIRE(offer);
    CHECK(offer->layers == r.offer.layers);
    CHECK(offer->largest == r.offer.largest);
    CHECK(offer->wraps() == (r.offer.layers > 1));
    const auto chosen = r.choice.write(*offer, out);
    REQUIRE(chosen);
    CHECK(*chosen == r.chosen);
    const auto choice = security_layer_choice::parse(*chosen, *offer);
    REQUIRE(choice);
    CHECK(choice->layer == r.choice.layer);
    CHECK(choice->largest == r.choice.largest);
    CHECK(choice->authzid == r.choice.authzid);
  }
}

TEST_CASE("a choice tells no size above three octets, none without a layer, and is written whole or not at all") {
  const security_layer_offer offer{7, 4096};
  output_buffer<16> out;
  const auto written = [&](const security_layer_choice& choice) { return choice.write(offer, out); };
  CHECK(is_fault(written({security_layer::integrity, 0x1000000, ""}), errc::sasl_security_layer, 1));
  CHECK(is_fault(written({security_layer::confidentiality, 0xFFFFFFFF, ""}), errc::sasl_security_layer, 1));
  CHECK(is_fault(written({security_layer::none, 1, ""}), errc::sasl_security_layer, 1));
  CHECK(is_fault(written({security_layer{6}, 1, ""}), errc::sasl_security_layer, 0));
  CHECK(is_fault(written({security_layer::integrity, 1, "u\0"sv}), errc::sasl_octet, 5));
  output_buffer<6> small;
  CHECK(is_fault(security_layer_choice{security_layer::integrity, 1, "tim"}.write(offer, small), errc::output_full, 0));
  CHECK(small.empty());
  CHECK(out.empty());
}
