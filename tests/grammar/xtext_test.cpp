#include "sansmtp/grammar/xtext.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <type_traits>

#include "grammar/judged.hpp"

using sansmtp::errc;
using sansmtp::quirk;
using sansmtp::quirks;
using sansmtp::xtext;
using support::judged;

static_assert(sizeof(xtext) <= 24 && std::is_trivially_copyable_v<xtext>);
static_assert(xtext::parse("e+3Dmc2@example.com")->equals("e=mc2@example.com"), "RFC 4954 5's example");

namespace {

std::string decoded(const xtext& x) {
  sansmtp::output_buffer<600> out;
  return x.decode(out) ? std::string(out.written()) : "does not fit";
}

std::string encoded(std::string_view raw) {
  sansmtp::output_buffer<1600> out;
  sansmtp::writer::draft draft(out);
  encode_xtext(raw, draft);
  return draft.commit() ? std::string(out.written()) : "does not fit";
}

}  // namespace

TEST_CASE("xtext stands for octets, and an empty one for none") {
  struct row {
    std::string_view text, raw;
  };
  const row rows[] = {{"", ""},        {"a+2Bb", "a+b"},         {"<>", "<>"}, {"+2B+3D", "+="}, {"+0D+0A", "\r\n"},
                      {"+FF", "\xFF"}, {"rfc822;a", "rfc822;a"}, {"+61", "a"}};
  for (const row& r : rows) {
    CAPTURE(r.text);
    const auto x = xtext::parse(r.text);
    REQUIRE(judged(x) == "taken");
    CHECK(x->text() == r.text);
    CHECK(x->decoded_size() == r.raw.size());
    CHECK(decoded(*x) == r.raw);
    CHECK(x->equals(r.raw));
    CHECK_FALSE(x->equals(std::string(r.raw) + "x"));
  }
  CHECK(decoded(*xtext::parse("+00")) == std::string(1, '\0'));
  CHECK_FALSE(xtext::parse("+61")->equals("b"));
}

TEST_CASE("what is no xtext is refused at the octet at fault") {
  const support::refused_row rows[] = {
      {"a+2", errc::xtext_malformed, 3},   {"+", errc::xtext_malformed, 1},     {"a=b", errc::xtext_malformed, 1},
      {"a b", errc::xtext_malformed, 1},   {"+zz", errc::xtext_malformed, 1},   {"+2z", errc::xtext_malformed, 2},
      {"++2B", errc::xtext_malformed, 1},  {"a\x7F", errc::xtext_malformed, 1}, {"\xC3\xA4", errc::xtext_malformed, 0},
      {"a\r\n", errc::xtext_malformed, 1},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(xtext::parse(r.text, quirks::all)) == judged(r.why, r.at));
  }
}

TEST_CASE("the lower_case_hex quirk takes lower-case digits") {
  // RFC 3461 4 has upper case alone; the ABNF of RFC 4954 8 admits either.
  const support::refused_row rows[] = {
      {"+2b", errc::xtext_malformed, 2}, {"+a0", errc::xtext_malformed, 1}, {"x+fF", errc::xtext_malformed, 2}};
  for (const auto& r : rows) {
    CHECK(judged(xtext::parse(r.text)) == judged(r.why, r.at));
    CHECK(judged(xtext::parse(r.text, quirks::all.without(quirk::lower_case_hex))) == judged(r.why, r.at));
    CHECK(judged(xtext::parse(r.text, quirk::lower_case_hex)) == "taken");
  }
  CHECK(decoded(*xtext::parse("+2b+c3", quirk::lower_case_hex)) == "+\xC3");
}

TEST_CASE("every octet is xchar, or needs to be encoded, and comes back") {
  for (unsigned c = 0; c < 256; ++c) {
    CAPTURE(c);
    const bool xchar = (c >= 0x21 && c <= 0x2A) || (c >= 0x2C && c <= 0x3C) || (c >= 0x3E && c <= 0x7E);
    CHECK(xtext::parse(support::around("", c)).has_value() == xchar);
    const bool upper_hex = support::digit(c) || (c >= 'A' && c <= 'F');
    const bool hex = upper_hex || (c >= 'a' && c <= 'f');
    CHECK(xtext::parse(support::around("+", c, "0")).has_value() == upper_hex);
    CHECK(xtext::parse(support::around("+0", c)).has_value() == upper_hex);
    CHECK(xtext::parse(support::around("+0", c), quirk::lower_case_hex).has_value() == hex);
    const std::string raw = support::around("", c);
    const std::string text = encoded(raw);
    CHECK(text.size() == (xchar ? 1 : 3));
    REQUIRE(xtext::parse(text));
    CHECK(decoded(*xtext::parse(text)) == raw);
  }
}

TEST_CASE("encoding uses upper-case digits, and only where it must") {
  CHECK(encoded("a+b=c d\xE4\r\n") == "a+2Bb+3Dc+20d+E4+0D+0A");
  CHECK(encoded("") == "");
  sansmtp::output_buffer<4> small;
  sansmtp::writer::draft draft(small);
  encode_xtext("++", draft);
  CHECK(judged(draft.commit()) == judged(errc::output_full, 0));
}

TEST_CASE("xtext has at most 500 octets, and is decoded whole or not at all") {
  CHECK(judged(xtext::parse(std::string(500, 'a'))) == "taken");
  CHECK(judged(xtext::parse(std::string(501, 'a'))) == judged(errc::parameter_value_too_long, 500));
  CHECK(judged(xtext::parse(std::string(499, 'a') + "+20")) == judged(errc::parameter_value_too_long, 500));
  sansmtp::output_buffer<2> small;
  CHECK(judged(xtext::parse("abc")->decode(small)) == judged(errc::output_full, 0));
  CHECK(small.written().empty());
}
