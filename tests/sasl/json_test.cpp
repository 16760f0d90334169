// The characters, strings and numbers of JSON, one by one (RFC 8259 6, 7).

#include "sansmtp/sasl/json.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "grammar/judged.hpp"

using namespace sansmtp;
using sasl::json_string;
using support::judged;
using namespace std::string_view_literals;

TEST_CASE("an escape stands for its character, and two of them for one beyond U+FFFF") {
  struct row {
    std::string_view text, meant;
    std::size_t used;
  };
  const row rows[] = {
      {"a\"", "a", 1},
      {"\x7F", "\x7F", 1},
      {"\xE2\x82\xAC\"", "\xE2\x82\xAC", 3},
      {"\\\"\"", "\"", 2},
      {"\\\\n", "\\", 2},
      {"\\/", "/", 2},
      {"\\b", "\b", 2},
      {"\\t", "\t", 2},
      {"\\u0000", "\0"sv, 6},
      {"\\u007f", "\x7F", 6},
      {"\\u0080", "\xC2\x80", 6},
      {"\\u07FF", "\xDF\xBF", 6},
      {"\\u0800", "\xE0\xA0\x80", 6},
      {"\\u20ac1", "\xE2\x82\xAC", 6},
      {"\\uD7FF", "\xED\x9F\xBF", 6},
      {"\\uE000", "\xEE\x80\x80", 6},
      {"\\uFFFF", "\xEF\xBF\xBF", 6},
      {"\\uD800\\uDC00", "\xF0\x90\x80\x80", 12},
      {"\\uD834\\uDD1E", "\xF0\x9D\x84\x9E", 12},  // RFC 8259 7's G clef
      {"\\udbff\\udfff", "\xF4\x8F\xBF\xBF", 12},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    const auto read = sasl::read_json_character(r.text, 0);
    CHECK(read.used == r.used);
    CHECK(read.text() == r.meant);
  }
}

TEST_CASE("where no character begins none is read") {
  for (const std::string_view text : {""sv,
                                      "\""sv,
                                      "\x1F"sv,
                                      "\n"sv,
                                      "\0"sv,
                                      "\xFF"sv,
                                      "\xC3"sv,
                                      "\\"sv,
                                      "\\x"sv,
                                      "\\u"sv,
                                      "\\u12"sv,
                                      "\\u12G4"sv,
                                      "\\U0041"sv,
                                      "\\uDC00"sv,
                                      "\\uDFFF\\uD800"sv,
                                      "\\uD800"sv,
                                      "\\uD800x"sv,
                                      "\\uD800\\n"sv,
                                      "\\uD800\\u"sv,
                                      "\\uD800\\u0041"sv,
                                      "\\uD800\\uDBFF"sv,
                                      "\\uD800\\uE000"sv,
                                      "\\uD800\\uFFFF"sv,
                                      "\\uD800\\uDC0"sv,
                                      "\\uD800\\uDCxx"sv}) {
    CAPTURE(text);
    CHECK(sasl::read_json_character(text, 0).used == 0);
    CHECK(sasl::read_json_character(text, 0).text().empty());
  }
  CHECK(sasl::read_json_character("abc", 3).used == 0);
  CHECK(sasl::read_json_character("abc", 9).used == 0);
}

TEST_CASE("strings are what they mean, not how they are spelled") {
  CHECK(json_string("m\\u0061il") == "mail");
  CHECK(json_string("\\uD834\\uDD1E") == "\xF0\x9D\x84\x9E");
  CHECK(json_string("") == "");
  CHECK_FALSE(json_string("mail") == "mai");
  CHECK_FALSE(json_string("mai") == "mail");
  CHECK_FALSE(json_string("m\\u0061il") == "m\\u0061il");
  CHECK_FALSE(json_string("\\xmail") == "mail");
  CHECK_FALSE(json_string("mail\\") == "mail");
}

TEST_CASE("a string that is none is not unescaped, and nothing is written") {
  struct row {
    std::string_view raw;
    std::size_t at;
  };
  for (const row& r : {row{"ab\\x", 2}, row{"a\\nb\\", 4}, row{"\\n\xFF", 2}, row{"\\n\"", 2}}) {
    CAPTURE(r.raw);
    output_buffer<16> out;
    CHECK(judged(json_string(r.raw).unescape(out)) == judged(errc::sasl_error_malformed, r.at));
    CHECK(out.empty());
  }
  output_buffer<3> out;
  CHECK(*json_string("a\\nb").unescape(out) == "a\nb");
  CHECK(judged(json_string("\\n").unescape(out)) == judged(errc::output_full, 0));
  CHECK(*json_string("nothing is escaped").unescape(out) == "nothing is escaped");
  CHECK(out.written() == "a\nb");
}

TEST_CASE("a number is an integer with perhaps a fraction and an exponent (RFC 8259 6)") {
  std::string_view seen;
  const auto read = [&](std::string_view number, std::string_view behind = "}") {
    static std::string text;
    text = "{\"n\":" + std::string(number) + std::string(behind);
    seen = {};
    return judged(sasl::json_reader(text).read_object([&](const sasl::json_member& member) {
      CHECK_FALSE(member.is_string);
      CHECK(member.value_at == 5);
      seen = member.value.raw();
      return result<void>();
    }));
  };
  for (const std::string_view number : {"0"sv, "-0"sv, "7"sv, "10"sv, "-12.50"sv, "0.05"sv, "1e5"sv, "1E5"sv, "1e+5"sv,
                                        "1E+05"sv, "1e-5"sv, "1E-5"sv, "-0.0E-00"sv}) {
    CAPTURE(number);
    CHECK(read(number) == "taken");
    CHECK(seen == number);
  }
  const support::refused_row rows[] = {
      {"", errc::sasl_error_malformed, 5},      {"+1", errc::sasl_error_malformed, 5},
      {".5", errc::sasl_error_malformed, 5},    {"-", errc::sasl_error_malformed, 6},
      {"01", errc::sasl_error_malformed, 6},    {"1.", errc::sasl_error_malformed, 7},
      {"1.e5", errc::sasl_error_malformed, 7},  {"1e", errc::sasl_error_malformed, 7},
      {"1E", errc::sasl_error_malformed, 7},    {"1e-", errc::sasl_error_malformed, 8},
      {"1E+", errc::sasl_error_malformed, 8},   {"1e+-5", errc::sasl_error_malformed, 8},
      {"1e-+5", errc::sasl_error_malformed, 8}, {"1x", errc::sasl_error_malformed, 6},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(read(r.text) == judged(r.why, r.at));
  }
}
