#include "sansmtp/grammar/address_literal.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "grammar/judged.hpp"

using sansmtp::address_literal;
using sansmtp::errc;
using sansmtp::quirk;
using sansmtp::quirks;
using support::judged;
using kind = sansmtp::address_literal::kind;
using address = std::array<std::uint8_t, 16>;

static_assert(sizeof(address_literal) <= 24 && std::is_trivially_copyable_v<address_literal>);
static_assert(address_literal::parse("[192.0.2.1]")->address() == address{192, 0, 2, 1});
static_assert(address_literal::parse("[IPv6:::1]")->address()[15] == 1);

TEST_CASE("IPv4 literals give their four octets") {
  struct row {
    std::string_view text;
    address octets;
  };
  // RFC 5321 4.1.3: Snum = 1*3DIGIT, so leading zeros fit the grammar.
  const row rows[] = {{"[0.0.0.0]", {}},
                      {"[255.255.255.255]", {255, 255, 255, 255}},
                      {"[127.0.0.1]", {127, 0, 0, 1}},
                      {"[007.08.9.010]", {7, 8, 9, 10}}};
  for (const row& r : rows) {
    CAPTURE(r.text);
    const auto literal = address_literal::parse(r.text);
    REQUIRE(judged(literal) == "taken");
    CHECK(literal->form() == kind::ipv4);
    CHECK(literal->text() == r.text);
    CHECK(literal->tag() == "");
    CHECK(literal->content() == r.text.substr(1, r.text.size() - 2));
    CHECK(literal->address() == r.octets);
  }
}

TEST_CASE("IPv6 literals give their sixteen octets") {
  struct row {
    std::string_view text;
    address octets;
  };
  const row rows[] = {
      {"[IPv6:::]", {}},
      {"[IPv6:1::8]", {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8}},
      {"[ipv6:2001:DB8::1]", {0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}},
      {"[IPV6:1:2:3:4:5:6:7:8]", {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8}},
      {"[IPv6:::ffff:1.2.3.4]", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 1, 2, 3, 4}},
      {"[IPv6:1:2:3:4:5:6:1.2.3.4]", {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 1, 2, 3, 4}},
      {"[IPv6:1:2:3:4::192.0.2.255]", {0, 1, 0, 2, 0, 3, 0, 4, 0, 0, 0, 0, 192, 0, 2, 255}},
      {"[IPv6:::3:4:5:6:7:8]", {0, 0, 0, 0, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8}},
      {"[IPv6:1:2:3:4:5:6::]", {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 0, 0, 0}},
      {"[IPv6:1:2:3::6:7:8]", {0, 1, 0, 2, 0, 3, 0, 0, 0, 0, 0, 6, 0, 7, 0, 8}},
      {"[IPv6:abcd:EF01::]", {0xAB, 0xCD, 0xEF, 1}},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    const auto literal = address_literal::parse(r.text);
    REQUIRE(judged(literal) == "taken");
    CHECK(literal->form() == kind::ipv6);
    CHECK(literal->text() == r.text);
    CHECK(literal->tag().size() == 4);
    CHECK(literal->content() == r.text.substr(6, r.text.size() - 7));
    CHECK(literal->address() == r.octets);
  }
}

TEST_CASE("any other tag makes a general literal") {
  // RFC 5321 4.1.3: Standardized-tag ":" 1*dcontent; the tag is an Ldh-str.
  for (std::string_view text : {"[x:y]", "[X-25:a@b]", "[1:2]", "[IPv4:1.2.3.4]", "[IPv66:::1]", "[-a:b]", "[x:y:z]"}) {
    CAPTURE(text);
    const auto literal = address_literal::parse(text);
    REQUIRE(judged(literal) == "taken");
    CHECK(literal->form() == kind::general);
    CHECK(literal->text() == text);
    CHECK(std::string(literal->tag()) + ":" + std::string(literal->content()) == text.substr(1, text.size() - 2));
    CHECK(literal->address() == address{});
  }
}

TEST_CASE("a literal that is none is refused at the octet at fault") {
  const support::refused_row rows[] = {
      {"", errc::literal_malformed, 0},
      {"a", errc::literal_malformed, 0},
      {"[", errc::literal_malformed, 1},
      {"[]", errc::literal_malformed, 1},
      {"[1.2.3.4", errc::literal_malformed, 8},
      {"[1.2.3.4]x", errc::literal_malformed, 9},
      {"[1.2.3.4]]", errc::literal_malformed, 9},
      {"[[1.2.3.4]]", errc::literal_malformed, 1},
      {"[1.2.3.4 ]", errc::literal_malformed, 8},
      {"[localhost]", errc::literal_malformed, 10},
      {"[IPv6]", errc::literal_malformed, 5},
      {"[::1]", errc::literal_malformed, 1},
      {"[x:]", errc::literal_malformed, 3},
      {"[x-:y]", errc::literal_malformed, 2},
      {"[x_y:z]", errc::literal_malformed, 2},
      {"[x:a\\b]", errc::literal_malformed, 4},
      {"[1.2.3]", errc::literal_ipv4, 6},
      {"[1.2.3.]", errc::literal_ipv4, 7},
      {"[1.2.3.4.]", errc::literal_ipv4, 8},
      {"[1.2.3.4.5]", errc::literal_ipv4, 8},
      {"[1..3.4]", errc::literal_ipv4, 3},
      {"[256.2.3.4]", errc::literal_ipv4, 3},
      {"[1.2.3.1000]", errc::literal_ipv4, 10},
      {"[0001.2.3.4]", errc::literal_ipv4, 4},
      {"[-1.2.3.4]", errc::literal_malformed, 3},
      {"[1.2.3.-1]", errc::literal_ipv4, 7},
      {"[1.2.3.4a]", errc::literal_ipv4, 8},
      {"[IPv6:]", errc::literal_ipv6, 6},
      {"[IPv6::]", errc::literal_ipv6, 7},
      {"[IPv6:zzz]", errc::literal_ipv6, 6},
      {"[IPv6:1:2:3:4:5:6:7]", errc::literal_ipv6, 19},
      {"[IPv6:1:2:3:4:5:6:7:8:9]", errc::literal_ipv6, 22},
      {"[IPv6:1:::2]", errc::literal_ipv6, 9},
      {"[IPv6:12345::]", errc::literal_ipv6, 10},
      {"[IPv6:1::2::3]", errc::literal_ipv6, 11},
      {"[IPv6:1:2:]", errc::literal_ipv6, 10},
      {"[IPv6::1:2]", errc::literal_ipv6, 7},
      {"[IPv6:1::8:]", errc::literal_ipv6, 11},
      {"[IPv6:1.2.3.4]", errc::literal_ipv6, 13},
      {"[IPv6:1:2:3:4:5:6:7:1.2.3.4]", errc::literal_ipv6, 20},
      {"[IPv6:1:2:3:4:5:1.2.3.4]", errc::literal_ipv6, 23},
      {"[IPv6:::1.2.3]", errc::literal_ipv6, 13},
      {"[IPv6:::1.2.3.256]", errc::literal_ipv6, 16},
      {"[IPv6:::1.2.3.4:5]", errc::literal_ipv6, 15},
      {"[IPv6:1:2:3:4:5::1.2.3.4]", errc::literal_ipv6, 17},
      {"[IPv6:fe80::1%eth0]", errc::literal_ipv6, 13},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(address_literal::parse(r.text)) == judged(r.why, r.at));
  }
}

TEST_CASE("every octet of a general literal is judged as dcontent") {
  for (unsigned c = 0; c < 256; ++c) {
    CAPTURE(c);
    const bool dcontent = (c >= 33 && c <= 90) || (c >= 94 && c <= 126);
    CHECK(address_literal::parse(support::around("[x:a", c, "b]")).has_value() == dcontent);
    const bool hex = support::digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':';
    CHECK(address_literal::parse(support::around("[IPv6:1::", c, "1]")).has_value() == (hex && c != ':'));
  }
}

TEST_CASE("the ipv6_short_gap quirk lets :: stand for one group, and never for none") {
  // RFC 5321 4.1.3: "::" represents at least two groups; RFC 5952 4.2.2 forbids only to write the short one.
  struct row {
    std::string_view text;
    std::size_t at;
  };
  const row rows[] = {{"[IPv6:1:2:3:4:5:6:7::]", 20},
                      {"[IPv6:::2:3:4:5:6:7:8]", 20},
                      {"[IPv6:1:2:3::5:6:7:8]", 19},
                      {"[IPv6:1:2:3:4:5::1.2.3.4]", 17}};
  for (const row& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(address_literal::parse(r.text)) == judged(errc::literal_ipv6, r.at));
    CHECK_FALSE(address_literal::parse(r.text, quirks::all.without(quirk::ipv6_short_gap)));
    CHECK(judged(address_literal::parse(r.text, quirk::ipv6_short_gap)) == "taken");
  }
  CHECK(address_literal::parse("[IPv6:1:2:3::5:6:7:8]", quirk::ipv6_short_gap)->address() ==
        address{0, 1, 0, 2, 0, 3, 0, 0, 0, 5, 0, 6, 0, 7, 0, 8});
  CHECK_FALSE(address_literal::parse("[IPv6:1:2:3:4::5:6:7:8]", quirks::all));
  CHECK_FALSE(address_literal::parse("[IPv6:1:2:3:4:5:6:7:8::]", quirks::all));
  CHECK_FALSE(address_literal::parse("[IPv6:::1:2:3:4:5:6:7:8]", quirks::all));
}

TEST_CASE("a literal has at most 255 octets") {
  const std::string most = "[x:" + std::string(251, 'a') + "]";
  CHECK(most.size() == 255);
  CHECK(judged(address_literal::parse(most)) == "taken");
  CHECK(judged(address_literal::parse("[x:" + std::string(252, 'a') + "]")) == judged(errc::domain_too_long, 255));
}

TEST_CASE("literals are equal when they name the same address") {
  const auto same = [](std::string_view a, std::string_view b) {
    return *address_literal::parse(a) == *address_literal::parse(b);
  };
  CHECK(same("[1.2.3.4]", "[001.2.3.4]"));
  CHECK(same("[IPv6:::1]", "[ipv6:0:0:0:0:0:0:0:1]"));
  CHECK(same("[IPv6:::FFFF:1.2.3.4]", "[IPv6:::ffff:102:304]"));
  CHECK(same("[X:a]", "[x:a]"));
  CHECK_FALSE(same("[x:a]", "[x:A]"));
  CHECK_FALSE(same("[1.2.3.4]", "[IPv6:102:304::]"));
}
