#include "sansmtp/grammar/host.hpp"

#include <doctest/doctest.h>

#include <string_view>
#include <type_traits>

#include "grammar/judged.hpp"

using namespace sansmtp::literals;
using sansmtp::address_literal;
using sansmtp::errc;
using sansmtp::host;
using sansmtp::quirk;
using sansmtp::quirks;
using support::judged;

static_assert(sizeof(host) <= 24 && std::is_trivially_copyable_v<host>);
static_assert("MX.example"_host == host("mx.EXAMPLE"_domain));
static_assert("[IPv6:::1]"_host == "[IPv6:0:0:0:0:0:0:0:1]"_host);
static_assert(!("1.2.3.4"_host == "[1.2.3.4]"_host), "the first is a domain (RFC 5321 4.1.2)");

TEST_CASE("a host is a domain, or in brackets an address literal") {
  const auto name = host::parse("mx.example");
  REQUIRE(name);
  CHECK(name->text() == "mx.example");
  CHECK_FALSE(name->is_literal());
  CHECK_FALSE(name->as_literal());
  REQUIRE(name->as_domain());
  CHECK(*name->as_domain() == "mx.example"_domain);

  for (std::string_view text : {"[192.0.2.1]", "[IPv6:2001:db8::1]", "[x:y]"}) {
    const auto literal = host::parse(text);
    REQUIRE(literal);
    CHECK(literal->text() == text);
    CHECK(literal->is_literal());
    CHECK(literal->is_ascii());
    CHECK_FALSE(literal->as_domain());
    REQUIRE(literal->as_literal());
    CHECK(literal->as_literal()->form() == address_literal::parse(text)->form());
    CHECK(host(*literal->as_literal()) == *literal);
  }
}

TEST_CASE("a host of UTF-8 labels shows as such through both of its faces") {
  const auto name = host::parse("\xC3\xBC.example");
  REQUIRE(name);
  CHECK_FALSE(name->is_ascii());
  CHECK_FALSE(name->as_domain()->is_ascii());
  CHECK(host(*name->as_domain()) == *name);
}

TEST_CASE("a host that is none is refused at the octet at fault, by the rule it was begun under") {
  const support::refused_row rows[] = {
      {"", errc::domain_empty, 0},         {"a..b", errc::domain_label_empty, 2},
      {"a_b", errc::domain_octet, 1},      {"[1.2.3]", errc::literal_ipv4, 6},
      {"[IPv6:x]", errc::literal_ipv6, 6}, {"[1.2.3.4].", errc::literal_malformed, 9},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(host::parse(r.text)) == judged(r.why, r.at));
  }
}

TEST_CASE("the quirks of a host are those of its two forms") {
  CHECK(host::parse("a_b.", quirks(quirk::underscore) | quirk::trailing_dot));
  CHECK(host::parse("[IPv6:1:2:3:4:5:6:7::]", quirk::ipv6_short_gap));
  CHECK_FALSE(host::parse("a_b.", quirks::strict));
}
