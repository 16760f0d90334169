#include "sansmtp/grammar/hello_name.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <type_traits>

#include "grammar/judged.hpp"

using namespace sansmtp::literals;
using sansmtp::errc;
using sansmtp::hello_name;
using sansmtp::quirk;
using sansmtp::quirks;
using support::judged;

static_assert(sizeof(hello_name) <= 32 && std::is_trivially_copyable_v<hello_name>);
static_assert(hello_name::parse("mx.example")->is_conforming());

TEST_CASE("a client is named by a domain or an address literal") {
  // RFC 5321 4.1.1.1: one label is a Domain too.
  for (std::string_view text : {"mx.example.org", "localhost", "[192.0.2.1]", "[IPv6:2001:db8::1]", "1.2.3.4"}) {
    for (const quirks q : {quirks::strict, quirks::deployed, quirks::all}) {
      const auto name = hello_name::parse(text, q);
      REQUIRE(judged(name) == "taken");
      CHECK(name->text() == text);
      CHECK(name->is_conforming());
      REQUIRE(name->host());
      CHECK(*name->host() == *sansmtp::host::parse(text));
    }
  }
}

TEST_CASE("what is no name is refused at the octet at fault") {
  const support::refused_row rows[] = {
      {"", errc::argument_missing, 0},
      {"a_b", errc::hello_name_malformed, 1},
      {"a..b", errc::hello_name_malformed, 2},
      {".", errc::hello_name_malformed, 0},
      {"a.", errc::hello_name_malformed, 1},
      {"-a", errc::hello_name_malformed, 0},
      {"a b", errc::hello_name_malformed, 1},
      {" a", errc::hello_name_malformed, 0},
      {"a@b", errc::hello_name_malformed, 1},
      {"[1.2.3]", errc::hello_name_malformed, 6},
      {"[1.2.3.4] x", errc::hello_name_malformed, 9},
      {"a\tb", errc::hello_name_malformed, 1},
      {"\xC3\xA4.example", errc::non_ascii_octet, 0},  // RFC 6531 3.3: not even under SMTPUTF8
      {"a.\xC3\xA4", errc::non_ascii_octet, 2},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(hello_name::parse(r.text)) == judged(r.why, r.at));
  }
}

TEST_CASE("A-01: the loose_hello quirk takes the first printable word, and flags it and what stands beside it") {
  struct row {
    std::string_view text, name;
    bool conforming, host;
  };
  const row rows[] = {
      {"a..b", "a..b", false, false},
      {"(none)", "(none)", false, false},
      {"user@host", "user@host", false, false},
      {"mx.example and more", "mx.example", false, true},
      {"[192.0.2.1]\thello there", "[192.0.2.1]", false, true},
      {" mx.example", "mx.example", false, true},
      {"mx.example ", "mx.example", false, true},
      {"mx.example", "mx.example", true, true},
      {"192.0.2.1]", "192.0.2.1]", false, false},
      {"a_b", "a_b", false, false},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    const auto name = hello_name::parse(r.text, quirk::loose_hello);
    REQUIRE(judged(name) == "taken");
    CHECK(name->text() == r.name);
    CHECK(name->is_conforming() == r.conforming);
    CHECK(name->host().has_value() == r.host);
  }
  const support::refused_row refused[] = {
      {"", errc::argument_missing, 0},
      {"  ", errc::argument_missing, 2},
      {"\xC3\xA4", errc::non_ascii_octet, 0},
      {"a\xC3\xA4", errc::non_ascii_octet, 1},
      {"a \xC3\xA4", errc::non_ascii_octet, 2},
      {"a\x01", errc::hello_name_malformed, 1},
      {"a b\r\nc", errc::hello_name_malformed, 3},
  };
  for (const auto& r : refused) {
    CAPTURE(r.text);
    CHECK(judged(hello_name::parse(r.text, quirks::all)) == judged(r.why, r.at));
  }
}

TEST_CASE("a host that needs a quirk is a host, and not conforming") {
  const auto name = hello_name::parse("a_b.example", quirk::underscore);
  REQUIRE(name);
  CHECK(name->host());
  CHECK_FALSE(name->is_conforming());
  CHECK_FALSE(hello_name::parse("a_b.example", quirks::all.without(quirk::loose_hello).without(quirk::underscore)));
  const auto dotted = hello_name::parse("a.", quirk::trailing_dot);
  REQUIRE(dotted);
  CHECK_FALSE(dotted->is_conforming());
}

TEST_CASE("every octet inside a name is judged strictly and loosely") {
  for (unsigned c = 0; c < 256; ++c) {
    CAPTURE(c);
    const auto strict = hello_name::parse(support::around("a", c, "b"));
    CHECK(strict.has_value() == (support::letter(c) || support::digit(c) || c == '-' || c == '.'));
    if (!strict) CHECK(strict.error().at == 1);
    const auto loose = hello_name::parse(support::around("a", c, "b"), quirk::loose_hello);
    CHECK(loose.has_value() == ((c >= 32 && c <= 126) || c == '\t'));
    if (loose) CHECK(loose->text().size() == (c == ' ' || c == '\t' ? 1 : 3));
  }
}

TEST_CASE("a name has at most 255 octets, a loose one too") {
  CHECK(judged(hello_name::parse(std::string(255, '!'), quirk::loose_hello)) == "taken");
  CHECK(judged(hello_name::parse(std::string(256, '!'), quirk::loose_hello)) ==
        judged(errc::hello_name_malformed, 255));
}

TEST_CASE("a name to write is made from a host in ASCII") {
  CHECK(hello_name::from("mx.example"_host)->text() == "mx.example");
  CHECK(hello_name::from("[192.0.2.1]"_host)->is_conforming());
  CHECK(judged(hello_name::from(*sansmtp::host::parse("\xC3\xA4"))) == judged(errc::non_ascii_octet, 0));
}
