#include "sansmtp/grammar/domain.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "grammar/judged.hpp"
#include "support/every_cut.hpp"

using namespace sansmtp::literals;
using sansmtp::domain;
using sansmtp::errc;
using sansmtp::quirk;
using sansmtp::quirks;
using support::judged;

static_assert(sizeof(domain) <= 24 && std::is_trivially_copyable_v<domain>);
static_assert("mx.example.org"_domain.text() == "mx.example.org");
static_assert("MX.Example.ORG"_domain == "mx.example.org"_domain, "RFC 5321 2.4");
static_assert(!("mx.example.org"_domain == "mx.example.com"_domain));

TEST_CASE("a domain is labels of letters, digits and inner hyphens, joined by dots") {
  // RFC 5321 4.1.2: one label is enough, digits may begin it or be all of it, "--" may stand inside.
  for (std::string_view text :
       {"a", "0", "example.org", "1.2.3.4", "a-b.c", "a--b", "xn--bcher-kva.example", "A.B", "3com.example"}) {
    CAPTURE(text);
    REQUIRE(judged(domain::parse(text)) == "taken");
    CHECK(domain::parse(text)->text() == text);
    CHECK(domain::parse(text)->is_ascii());
  }
}

TEST_CASE("what is no domain is refused at the octet at fault") {
  const support::refused_row rows[] = {
      {"", errc::domain_empty, 0},           {".", errc::domain_label_empty, 0},   {".a", errc::domain_label_empty, 0},
      {"a..b", errc::domain_label_empty, 2}, {"a.", errc::domain_trailing_dot, 1}, {"a..", errc::domain_label_empty, 2},
      {"-a", errc::domain_hyphen, 0},        {"a-", errc::domain_hyphen, 1},       {"a-.b", errc::domain_hyphen, 1},
      {"a.-b", errc::domain_hyphen, 2},      {"-", errc::domain_hyphen, 0},        {"a_b", errc::domain_octet, 1},
      {"_a", errc::domain_octet, 0},         {"a b", errc::domain_octet, 1},       {" a", errc::domain_octet, 0},
      {"a. b", errc::domain_octet, 2},       {"a>", errc::domain_octet, 1},        {"a@b", errc::domain_octet, 1},
      {"[1.2.3.4]", errc::domain_octet, 0},  {"#1", errc::domain_octet, 0},  // RFC 821 4.1.2 had numbers; RFC 5321 has
                                                                             // not
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(domain::parse(r.text)) == judged(r.why, r.at));
  }
}

TEST_CASE("every octet inside a label is judged as RFC 5321 4.1.2 has it") {
  for (unsigned c = 0; c < 256; ++c) {
    CAPTURE(c);
    const bool let_dig = support::letter(c) || support::digit(c);
    CHECK(domain::parse(support::around("a", c, "b")).has_value() == (let_dig || c == '-' || c == '.'));
    CHECK(domain::parse(support::around("", c, "b")).has_value() == let_dig);
    CHECK(domain::parse(support::around("a", c)).has_value() == let_dig);
    CHECK(domain::parse(support::around("a", c, "b"), quirk::underscore).has_value() ==
          (let_dig || c == '-' || c == '.' || c == '_'));
    if (c >= 128) CHECK(judged(domain::parse(support::around("a", c, "b"))) == judged(errc::utf8_malformed, 1));
  }
}

TEST_CASE("a label has at most 63 octets and a domain 255") {
  const std::string label(63, 'a');
  CHECK(judged(domain::parse(label)) == "taken");
  CHECK(judged(domain::parse(label + "a")) == judged(errc::domain_label_too_long, 63));
  CHECK(judged(domain::parse("b." + label + "a.c")) == judged(errc::domain_label_too_long, 65));
  const std::string most = label + "." + label + "." + label + "." + label;
  CHECK(most.size() == 255);
  CHECK(judged(domain::parse(most)) == "taken");
  CHECK(judged(domain::parse(most + ".a")) == judged(errc::domain_too_long, 255));
  CHECK(judged(domain::parse(label + "." + most)) == judged(errc::domain_too_long, 255));
  CHECK(judged(domain::parse(most + ".", quirk::trailing_dot)) == judged(errc::domain_too_long, 255));
}

TEST_CASE("the underscore quirk takes underscores and nothing else") {
  for (std::string_view text : {"a_b.example", "_dmarc.example", "a_", "_"}) {
    CAPTURE(text);
    CHECK_FALSE(domain::parse(text));
    CHECK_FALSE(domain::parse(text, quirks::all.without(quirk::underscore)));
    REQUIRE(domain::parse(text, quirk::underscore));
    CHECK(domain::parse(text, quirk::underscore)->text() == text);
  }
  CHECK(judged(domain::parse("a_b-", quirk::underscore)) == judged(errc::domain_hyphen, 3));
}

TEST_CASE("the trailing_dot quirk takes one dot behind the last label") {
  CHECK(judged(domain::parse("a.b.", quirks::all.without(quirk::trailing_dot))) ==
        judged(errc::domain_trailing_dot, 3));
  CHECK(domain::parse("a.b.", quirk::trailing_dot)->text() == "a.b.");
  CHECK(judged(domain::parse("a.b..", quirk::trailing_dot)) == judged(errc::domain_label_empty, 4));
  CHECK(judged(domain::parse(".", quirk::trailing_dot)) == judged(errc::domain_label_empty, 0));
}

TEST_CASE("labels of UTF-8 are taken and show") {
  // RFC 6531 3.3: sub-domain =/ U-label.
  const auto name = domain::parse(
      "b\xC3\xBC"
      "cher.example");
  REQUIRE(name);
  CHECK_FALSE(name->is_ascii());
  CHECK(judged(domain::parse("b\xC3.example")) == judged(errc::utf8_malformed, 1));
  CHECK(judged(domain::parse("\xE5\x85\xAC\xE5\x8F\xB8.-a")) == judged(errc::domain_hyphen, 7));
  // RFC 5890 2.3.2.1: the bound of 63 octets is the A-label's; the U-label may have more.
  std::string label;
  for (int i = 0; i < 30; ++i) label += "\xE5\x85\xAC";
  CHECK(judged(domain::parse(label)) == "taken");
  CHECK(judged(domain::parse(label + "." + label + "." + label)) == judged(errc::domain_too_long, 255));
}

TEST_CASE("no label has a C1 control, a no-break space or a dot that is not \".\" (RFC 5890 2.3.2.1, RFC 5892)") {
  const auto character = [](unsigned point) {
    std::string octets;
    if (point < 0x800)
      octets += static_cast<char>(0xC0 | point >> 6);
    else
      octets.append({static_cast<char>(0xE0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 0x3F))});
    return octets + static_cast<char>(0x80 | (point & 0x3F));
  };
  // The dots are those of RFC 3490 3.1.
  std::vector<unsigned> none{0x3002, 0xFF0E, 0xFF61};
  for (unsigned point = 0x80; point <= 0xA0; ++point) none.push_back(point);
  for (const unsigned point : none) {
    CAPTURE(point);
    const std::string octets = character(point);
    for (const quirks leniency : {quirks::strict, quirks::deployed, quirks::all}) {
      CHECK(judged(domain::parse(octets, leniency)) == judged(errc::domain_octet, 0));
      CHECK(judged(domain::parse("a.b" + octets + "c.d", leniency)) == judged(errc::domain_octet, 3));
      CHECK(judged(domain::parse("\xC3\xA9" + octets, leniency)) == judged(errc::domain_octet, 2));
    }
    const std::string longer = "x@a" + octets + ">";
    CHECK(judged(domain::scan(longer, 2, ">", quirks::strict)) == judged(errc::domain_octet, 3));
  }
  for (const unsigned point : {0xA1U, 0x3001U, 0x3003U, 0xFF0DU, 0xFF0FU, 0xFF60U, 0xFF62U}) {
    CAPTURE(point);
    CHECK(judged(domain::parse("a" + character(point) + ".b")) == "taken");
  }
  // The same octets inside others are no such character.
  CHECK(judged(domain::parse("\xF0\xA3\x80\x82")) == "taken");
  CHECK(judged(domain::parse("\xE3\x82\x80")) == "taken");
}

TEST_CASE("inside a longer text the domain ends at a follower, and nowhere else") {
  CHECK(domain::scan("x@a.b>", 2, ">", quirks::strict)->end == 5);
  CHECK(domain::scan("x@a.b", 2, ">", quirks::strict)->end == 5);
  CHECK(judged(domain::scan("x@a.b,", 2, ">", quirks::strict)) == judged(errc::domain_octet, 5));
  CHECK(judged(domain::scan("x@>", 2, ">", quirks::strict)) == judged(errc::domain_empty, 2));
  CHECK(judged(domain::scan("x@a.>", 2, ">", quirks::strict)) == judged(errc::domain_trailing_dot, 3));
}
