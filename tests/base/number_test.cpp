#include "sansmtp/base/number.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string_view>

using sansmtp::errc;
using sansmtp::fault;
using sansmtp::parse_number;

static_assert(*parse_number("18446744073709551615") == 18446744073709551615U);

TEST_CASE("a number is digits, and may have zeros in front") {
  struct row {
    std::string_view text;
    std::uint64_t number;
  };
  const row rows[] = {{"0", 0},
                      {"007", 7},
                      {"100", 100},
                      {"00000000000000000000000000000001", 1},
                      {"18446744073709551615", 18446744073709551615U}};
  for (const row& r : rows) {
    CAPTURE(r.text);
    REQUIRE(parse_number(r.text));
    CHECK(*parse_number(r.text) == r.number);
  }
}

TEST_CASE("what is no number is refused at the octet, and what is too large at the digit") {
  struct row {
    std::string_view text;
    fault why;
  };
  const row rows[] = {
      {"", {errc::number_malformed, 0}},
      {"+1", {errc::number_malformed, 0}},
      {"-1", {errc::number_malformed, 0}},
      {" 1", {errc::number_malformed, 0}},
      {"1 ", {errc::number_malformed, 1}},
      {"1e3", {errc::number_malformed, 1}},
      {"0x10", {errc::number_malformed, 1}},
      {std::string_view("12\0", 3), {errc::number_malformed, 2}},
      {"1\xB2", {errc::number_malformed, 1}},
      {"1/2", {errc::number_malformed, 1}},  // the octets on both sides of the digits
      {"1:2", {errc::number_malformed, 1}},
      {"18446744073709551616", {errc::number_too_large, 19}},
      {"99999999999999999999", {errc::number_too_large, 19}},
      {"184467440737095516150", {errc::number_too_large, 20}},
      {"99999999999999999999x", {errc::number_malformed, 20}},  // it is no number, however large
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    CHECK(parse_number(r.text).error() == r.why);
  }
}

TEST_CASE("a bound below the largest is kept to the digit") {
  CHECK(*parse_number("255", 255) == 255);
  CHECK(parse_number("256", 255).error() == fault{errc::number_too_large, 2});
  CHECK(parse_number("1000", 255).error() == fault{errc::number_too_large, 3});
  CHECK(*parse_number("0", 0) == 0);
  CHECK(parse_number("1", 0).error() == fault{errc::number_too_large, 0});
}
