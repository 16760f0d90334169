#include "sansmtp/wire/reply_code.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using sansmtp::errc;
using sansmtp::fault;
using sansmtp::quirk;
using sansmtp::quirks;
using sansmtp::reply_class;
using sansmtp::reply_code;

// RFC 5321 4.2.1: the first digit alone says what to do.
static_assert(reply_code(250).kind() == reply_class::positive);
static_assert(reply_code(354).kind() == reply_class::intermediate);
static_assert(reply_code(421).kind() == reply_class::transient);
static_assert(reply_code(550).kind() == reply_class::permanent);
static_assert(reply_code(550) == 550 && reply_code(550) != 551);
static_assert(reply_code::parse("250")->value == 250);

TEST_CASE("a reply code parses as three digits, 2 to 5, 0 to 5, 0 to 9") {
  // RFC 5321 4.2: Reply-code = %x32-35 %x30-35 %x30-39
  for (int code = 0; code < 1000; ++code) {
    const std::string text = {static_cast<char>('0' + code / 100), static_cast<char>('0' + code / 10 % 10),
                              static_cast<char>('0' + code % 10)};
    CAPTURE(text);
    const bool first = code / 100 >= 2 && code / 100 <= 5;
    const bool second = code / 10 % 10 <= 5;
    const auto strict = reply_code::parse(text);
    CHECK(strict.has_value() == (first && second));
    CHECK(reply_code(code).valid() == (first && second));
    if (strict) CHECK(*strict == code);
    if (!first) CHECK(strict.error() == fault{errc::reply_code_malformed, 0});
    if (first && !second) CHECK(strict.error() == fault{errc::reply_code_malformed, 1});
    // The prose leaves the second digit open; the quirk judges by the first.
    const auto loose = reply_code::parse(text, quirk::any_second_digit);
    CHECK(loose.has_value() == first);
    if (loose) CHECK(*loose == code);
  }
}

TEST_CASE("a reply code that is cut short, too long or no digits is refused where it goes wrong") {
  struct row {
    std::string_view text;
    std::uint32_t at;
  };
  const row rows[] = {{"", 0}, {"2", 1}, {"25", 2}, {"2500", 3}, {"250 ", 3}, {"25 ", 2}, {" 25", 0}, {"2a0", 1}};
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(reply_code::parse(r.text).error() == fault{errc::reply_code_malformed, r.at});
  }
  for (int place = 0; place < 3; ++place)
    for (int octet = 0; octet < 256; ++octet) {
      std::string text = "250";
      text[static_cast<std::size_t>(place)] = static_cast<char>(octet);
      const bool fits = place == 0 ? '2' <= octet && octet <= '5' : '0' <= octet && octet <= (place == 1 ? '5' : '9');
      CHECK(reply_code::parse(text).has_value() == fits);
    }
}

TEST_CASE("a reply code tells success, continuation, refusal and the closing of the connection") {
  CHECK(reply_code(250).positive());
  CHECK(reply_code(354).intermediate());
  CHECK(reply_code(451).refuses());
  CHECK(reply_code(554).refuses());
  CHECK_FALSE(reply_code(354).refuses());
  CHECK_FALSE(reply_code(354).positive());
  CHECK(reply_code(421).closing());  // RFC 5321 3.8
  CHECK_FALSE(reply_code(521).closing());
  CHECK_FALSE(reply_code().valid());
  CHECK(reply_code(70000) == reply_code());
  CHECK(reply_code(-1) == reply_code());
}

TEST_CASE("a written reply code reads back") {
  for (int code = 200; code < 600; ++code) {
    sansmtp::output_buffer<3> out;
    sansmtp::writer::draft line(out);
    encode(reply_code(code), line);
    REQUIRE(line.commit());
    CHECK(*reply_code::parse(out.written(), quirks::all) == code);
  }
}
