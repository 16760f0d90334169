#include "sansmtp/grammar/utf8.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "grammar/judged.hpp"
#include "support/guard_page.hpp"

using sansmtp::check_utf8;
using sansmtp::errc;
using sansmtp::is_utf8;
using sansmtp::utf8_length_at;
using support::judged;

static_assert(is_utf8("") && is_utf8("plain") && is_utf8("a\xC3\xA4z"));
static_assert(utf8_length_at("a\xC3\xA4", 1) == 2);
static_assert(utf8_length_at("a", 0) == 0, "an ASCII octet is no non-ASCII character");
static_assert(utf8_length_at("", 0) == 0);
static_assert(sansmtp::is_ascii("\x7F") && !sansmtp::is_ascii("\x80"));

namespace {

// RFC 3629 3, from the values: a character is written in the shortest form, and surrogates are none.
std::string written(unsigned long value) {
  const auto octet = [](unsigned long bits) { return static_cast<char>(static_cast<unsigned char>(bits)); };
  std::string out;
  if (value < 0x80) {
    out += octet(value);
  } else if (value < 0x800) {
    out += octet(0xC0 | value >> 6);
    out += octet(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    out += octet(0xE0 | value >> 12);
    out += octet(0x80 | (value >> 6 & 0x3F));
    out += octet(0x80 | (value & 0x3F));
  } else {
    out += octet(0xF0 | value >> 18);
    out += octet(0x80 | (value >> 12 & 0x3F));
    out += octet(0x80 | (value >> 6 & 0x3F));
    out += octet(0x80 | (value & 0x3F));
  }
  return out;
}

// The fault by RFC 3629 4, octet by octet.
std::string expected(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = static_cast<unsigned char>(text[i]) < 128 ? 1 : utf8_length_at(text, i);
    if (length == 0) return judged(errc::utf8_malformed, i);
    i += length;
  }
  return "taken";
}

bool expected_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 128; });
}

constexpr bool surrogate(unsigned long value) { return value >= 0xD800 && value <= 0xDFFF; }

}  // namespace

TEST_CASE("every character of Unicode is well formed, and no surrogate is") {
  unsigned long wrong = 0;
  for (unsigned long value = 0x80; value <= 0x10FFFF; ++value) {
    const std::string text = written(value);
    if (utf8_length_at(text, 0) != (surrogate(value) ? 0 : text.size())) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("of all texts of up to three octets as many are UTF-8 as there are ways to write characters") {
  // RFC 3629 4: 128 characters of one octet, 1920 of two, 63488 - 2048 of three. Nothing else counts, so
  // neither overlong nor cut-off forms do.
  const unsigned long one = 128, two = 1920, three = 0x10000 - 0x800 - 2048;
  unsigned long found[4] = {1, 0, 0, 0};
  char text[3];
  for (unsigned a = 0; a < 256; ++a) {
    text[0] = static_cast<char>(static_cast<unsigned char>(a));
    found[1] += is_utf8({text, 1}) ? 1U : 0U;
    for (unsigned b = 0; b < 256; ++b) {
      text[1] = static_cast<char>(static_cast<unsigned char>(b));
      found[2] += is_utf8({text, 2}) ? 1U : 0U;
      for (unsigned c = 0; c < 256; ++c) {
        text[2] = static_cast<char>(static_cast<unsigned char>(c));
        found[3] += is_utf8({text, 3}) ? 1U : 0U;
      }
    }
  }
  CHECK(found[1] == one);
  CHECK(found[2] == one * one + two);
  CHECK(found[3] == one * one * one + 2 * one * two + three);
}

TEST_CASE("of four octets only the planes 1 to 16 are UTF-8") {
  struct row {
    std::string_view text;
    std::size_t length;
  };
  const row rows[] = {
      {"\xF0\x90\x80\x80", 4}, {"\xF4\x8F\xBF\xBF", 4},
      {"\xF3\xBF\xBF\xBF", 4}, {"\xF0\x8F\xBF\xBF", 0},  // overlong U+FFFF
      {"\xF4\x90\x80\x80", 0},                           // U+110000
      {"\xF5\x80\x80\x80", 0}, {"\xFF\xBF\xBF\xBF", 0},
      {"\xF0\x9F\x98", 0},     {"\xF0\x9F\x98\x41", 0},
  };
  for (const row& r : rows) CHECK(utf8_length_at(r.text, 0) == r.length);
}

TEST_CASE("malformed UTF-8 is refused at the octet that begins no character") {
  const support::refused_row rows[] = {
      {"ab\x80", errc::utf8_malformed, 2},            // a tail alone
      {"\xC3\xA4\xC0\xAF", errc::utf8_malformed, 2},  // overlong "/"
      {"\xE0\x80\xAF", errc::utf8_malformed, 0},      // the same in three octets
      {"a\xED\xA0\x80z", errc::utf8_malformed, 1},    // U+D800
      {"abc\xE2\x82", errc::utf8_malformed, 3},       // cut off
      {"\xC3(", errc::utf8_malformed, 0},
      {"\xFE", errc::utf8_malformed, 0},
  };
  for (const auto& r : rows) CHECK(judged(check_utf8(r.text)) == judged(r.why, r.at));
}

TEST_CASE("every octet at every place of a long text is judged as in a short one") {
  const std::string samples[] = {std::string(40, 'a'), std::string(100, '\x7F'),
                                 "Gr\xC3\xBC\xC3\x9F an alle in K\xC3\xB6ln und anderswo!",
                                 "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E and \xF0\x9F\x98\x80, with more behind them"};
  for (const std::string& sample : samples) {
    std::string text = sample;
    for (std::size_t at = 0; at < text.size(); ++at) {
      for (int c = 0; c < 256; ++c) {
        text[at] = static_cast<char>(static_cast<unsigned char>(c));
        if (judged(check_utf8(text)) != expected(text)) FAIL_CHECK("octet ", c, " at ", at, " of ", sample);
        if (sansmtp::is_ascii(text) != expected_ascii(text)) FAIL_CHECK("octet ", c, " at ", at, " of ", sample);
      }
      text[at] = sample[at];
    }
  }
}

TEST_CASE("random text, and every beginning of it, is judged as RFC 3629 4 has it, and no octet outside is read") {
  std::uint64_t seed = 1;
  const auto pick = [&](std::size_t sides) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(seed >> 33) % sides;
  };
  const std::string_view parts[] = {"plain ASCII of a block", "a",    "\xC3\xA4", "\xE2\x82\xAC",
                                    "\xF0\x9F\x98\x80",       "\xC3", "\x80",     "\xED\xA0\x80"};
  for (int round = 0; round < 60; ++round) {
    std::string text;
    while (text.size() < 120) text += parts[pick(round % 4 == 0 ? 8 : 5)];
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      for (const std::string_view piece : {std::string_view(text).substr(0, cut), std::string_view(text).substr(cut)}) {
        if (judged(check_utf8(piece)) != expected(piece)) FAIL_CHECK(std::string(piece));
        if (sansmtp::is_ascii(piece) != expected_ascii(piece)) FAIL_CHECK(std::string(piece));
      }
    }
    for (std::size_t cut = 0; cut < text.size(); cut += 9) {
      const std::string_view rest = std::string_view(text).substr(cut);
      for (const auto side : {support::guarded_side::left, support::guarded_side::right})
        CHECK(judged(check_utf8(support::guard_page(rest, side).view())) == expected(rest));
    }
  }
}

TEST_CASE("no character begins at the end of a text or behind it, and none that the end cuts off") {
  CHECK(utf8_length_at("", 0) == 0);
  CHECK(utf8_length_at("\xC3\xBC", 2) == 0);
  CHECK(utf8_length_at("\xC3\xBC", 9) == 0);
  const std::string_view text = "\xF0\x9F\x98\x80";
  CHECK(utf8_length_at(text, 0) == 4);
  for (std::size_t cut = 1; cut < 4; ++cut) CHECK(utf8_length_at(text.substr(0, cut), 0) == 0);
}
