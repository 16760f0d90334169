#include "sansmtp/grammar/utf8.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "grammar/judged.hpp"

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
