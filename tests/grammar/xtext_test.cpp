#include "sansmtp/grammar/xtext.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "grammar/judged.hpp"
#include "support/guard_page.hpp"

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

// The meaning by RFC 3461 4, one octet after the other and in words of its own: what the text stands
// for, or the fault.
std::string meaning(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 33 || c > 126 || c == '=') return judged(errc::xtext_malformed, i);
    if (c != '+') {
      out += text[i];
      continue;
    }
    std::size_t value = 0;
    for (int n = 0; n < 2; ++n) {
      const std::size_t digit = ++i < text.size() ? digits.find(text[i]) : digits.npos;
      if (digit == digits.npos) return judged(errc::xtext_malformed, i);
      value = value * 16 + digit;
    }
    out += static_cast<char>(static_cast<unsigned char>(value));
  }
  return out;
}

std::string understood(std::string_view text) {
  const auto taken = xtext::parse(text);
  return taken ? decoded(*taken) : judged(taken);
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

TEST_CASE("the first octet above 127 is found by its two digits, and by no others") {
  const struct {
    std::string_view text;
    std::size_t at;
  } rows[] = {{"", 0},        {"89AF", 4},     {"+7F", 3},     {"+80", 0},       {"a+FF+80", 1},
              {"+0D+C3", 3}, {"+2B8F+9f", 5}, {"+7F80+7E", 8}, {"+41+42ab+a0", 8}};
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(sansmtp::find_high_octet(r.text) == r.at);
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

TEST_CASE("every octet at every place of a long xtext is judged as in a short one") {
  for (const std::string_view sample : {"rfc822;someone.here@mail-7.example", "a-longer-one+2Bwith+3Da+20few!of+the",
                                        "all/of/it/plain/and/longer/than/any/one/of/the/blocks/that/there/are"}) {
    std::string text(sample);
    for (std::size_t at = 0; at < text.size(); ++at) {
      const char kept = text[at];
      for (int c = 0; c < 256; ++c) {
        text[at] = static_cast<char>(static_cast<unsigned char>(c));
        if (understood(text) != meaning(text)) FAIL_CHECK("octet ", c, " at ", at, " of ", sample);
      }
      text[at] = kept;
    }
  }
}

TEST_CASE("random xtext, and every beginning of it, means what RFC 3461 4 says, and no octet outside of it is read") {
  std::uint64_t seed = 1;
  const auto pick = [&](std::size_t sides) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(seed >> 33) % sides;
  };
  const std::string_view parts[] = {"+2B", "+3D", "+00", "+FF", "plain", "x", "<a@b.example>", "+", "=", " ", "+2b"};
  for (int round = 0; round < 60; ++round) {
    std::string text;
    while (text.size() < 100) text += parts[pick(round % 3 == 0 ? 11 : 7)];
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      const std::string_view front = std::string_view(text).substr(0, cut);
      if (understood(front) != meaning(front)) FAIL_CHECK(std::string(front));
    }
    for (std::size_t cut = 0; cut < text.size(); cut += 7) {
      const std::string_view rest = std::string_view(text).substr(cut);
      for (const auto side : {support::guarded_side::left, support::guarded_side::right})
        CHECK(understood(support::guard_page(rest, side).view()) == meaning(rest));
    }
  }
}

TEST_CASE("of a text that is both wrong and too long the fault within the limit is told, or else the limit") {
  const auto octets = [](std::size_t count, std::string_view behind) {
    return std::string(count, 'x') + std::string(behind);
  };
  struct row {
    std::string text;
    errc why;
    std::size_t at;
  };
  const row rows[] = {
      {octets(499, "= and more"), errc::xtext_malformed, 499},
      {octets(500, "= and more"), errc::parameter_value_too_long, 500},
      {octets(500, "="), errc::parameter_value_too_long, 500},
      {octets(499, "+4G"), errc::parameter_value_too_long, 500},
      {octets(499, "+"), errc::xtext_malformed, 500},  // all of 500 octets, and a digit is missing behind them
      {octets(498, "+4"), errc::xtext_malformed, 500},
      {octets(498, "+G1"), errc::xtext_malformed, 499},
  };
  for (const row& r : rows) {
    CAPTURE(r.text.size());
    CHECK(judged(xtext::parse(r.text)) == judged(r.why, r.at));
  }
  CHECK(judged(xtext::parse(octets(497, "+41"))) == "taken");
}
