#include "sansmtp/wire/enhanced_status.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using sansmtp::enhanced_status;
using sansmtp::errc;
using sansmtp::fault;
using sansmtp::reply_code;
using sansmtp::resembles_enhanced_status;

static_assert(enhanced_status::parse("5.7.30").value() == enhanced_status{5, 7, 30});
static_assert(!enhanced_status{} && enhanced_status{2, 0, 0});

TEST_CASE("an enhanced status code parses into its three numbers") {
  // RFC 3463 2: 1*3DIGIT each.
  CHECK(*enhanced_status::parse("2.0.0") == enhanced_status{2, 0, 0});
  CHECK(*enhanced_status::parse("5.7.30") == enhanced_status{5, 7, 30});
  CHECK(*enhanced_status::parse("4.999.1") == enhanced_status{4, 999, 1});
  CHECK(*enhanced_status::parse("5.10.999") == enhanced_status{5, 10, 999});
}

TEST_CASE("a malformed enhanced status code is refused at the first octet that cannot be") {
  struct row {
    std::string_view text;
    std::uint32_t at;
  };
  const row rows[] = {
      {"", 0},        {"3.0.0", 0},    {"1.0.0", 0},   {"x", 0},       {"5", 1},      {"55.1.1", 1},
      {"5.", 2},      {"5.7", 3},      {"5.7.", 4},    {"5..1", 2},    {"5.07.1", 3}, {"5.7.00", 5},
      {"5.7.01", 5},  {"2.0.1000", 7}, {"2.1000", 5},  {"2.0.0.0", 5}, {"2.0.0x", 5}, {"2.0.0 ", 5},
      {"2.0.0 a", 5}, {" 2.0.0", 0},   {"2.0.0\t", 5}, {"2,0,0", 1},   {"2.-1.0", 2},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(enhanced_status::parse(r.text).error() == fault{errc::enhanced_status_malformed, r.at});
  }
}

TEST_CASE("no octet but a digit, a dot and the class may stand in an enhanced status code") {
  const std::string_view good = "5.7.1";
  for (std::size_t place = 0; place < good.size(); ++place)
    for (int octet = 0; octet < 256; ++octet) {
      std::string text(good);
      text[place] = static_cast<char>(octet);
      const bool digit = '0' <= octet && octet <= '9';
      const bool fits = place == 0       ? octet == '2' || octet == '4' || octet == '5'
                        : place % 2 == 1 ? octet == '.'
                                         : digit;
      CHECK(enhanced_status::parse(text).has_value() == fits);
    }
}

TEST_CASE("an enhanced status code at the front of a text ends at SP, and all SP belong to it") {
  // RFC 2034 4 puts the code before the text with SP between.
  struct row {
    std::string_view text;
    enhanced_status status;
    std::size_t used;
  };
  const row rows[] = {
      {"2.1.5 ok", {2, 1, 5}, 6}, {"2.1.5", {2, 1, 5}, 5}, {"2.1.5   ok", {2, 1, 5}, 8}, {"4.2.2 ", {4, 2, 2}, 6}};
  for (const auto& r : rows) {
    CAPTURE(r.text);
    const auto prefix = enhanced_status::parse_prefix(r.text);
    REQUIRE(prefix);
    CHECK(prefix->status == r.status);
    CHECK(prefix->used == r.used);
  }
  CHECK(enhanced_status::parse_prefix("2.1.5\tok").error() == fault{errc::enhanced_status_malformed, 5});
  CHECK(enhanced_status::parse_prefix("2.1.5: ok").error() == fault{errc::enhanced_status_malformed, 5});
}

TEST_CASE("text that only begins with a number, a version or an address resembles no enhanced status code") {
  for (std::string_view text : {"", "ok", "2", "2.0", "5.7 MB left", "192.0.2.1 ready", "2.0.0a", "2.0.0:", "2..0 x",
                                "2.0. x", ".0.0", "a.0.0"})
    CHECK_FALSE(resembles_enhanced_status(text));
  // Meant as one, though badly formed.
  for (std::string_view text : {"2.0.0", "2.0.0 ok", "5.07.1 no", "3.0.0 go on", "2.0.1000 ok", "12.0.0 x"})
    CHECK(resembles_enhanced_status(text));
}

TEST_CASE("a status agrees with the reply whose first digit is its class") {
  // RFC 2034 4; never with a 3yz.
  CHECK(enhanced_status{2, 1, 0}.agrees_with(250));
  CHECK(enhanced_status{4, 1, 0}.agrees_with(451));
  CHECK(enhanced_status{5, 1, 0}.agrees_with(550));
  CHECK_FALSE(enhanced_status{2, 1, 0}.agrees_with(550));
  CHECK_FALSE(enhanced_status{3, 0, 0}.agrees_with(354));
  CHECK_FALSE(enhanced_status{}.agrees_with(250));
  CHECK_FALSE(enhanced_status{5, 1000, 0}.valid());
}

TEST_CASE("a written status reads back") {
  for (unsigned group : {2U, 4U, 5U})
    for (unsigned subject : {0U, 7U, 10U, 999U})
      for (unsigned detail : {0U, 9U, 30U, 100U, 999U}) {
        const enhanced_status status{static_cast<std::uint16_t>(group), static_cast<std::uint16_t>(subject),
                                     static_cast<std::uint16_t>(detail)};
        sansmtp::output_buffer<16> out;
        sansmtp::writer::draft line(out);
        encode(status, line);
        REQUIRE(line.commit());
        CHECK(*enhanced_status::parse(out.written()) == status);
      }
}

TEST_CASE("a code of single digits is read as any code") {
  // RFC 3463 2, by the letter: each text of up to seven octets of these, with what the grammar says of it.
  const std::string_view octets = "205.9 x";
  std::string text;
  std::size_t good = 0;
  const auto longer = [&](const auto& self) -> void {
    const auto found = enhanced_status::parse_prefix(text);
    std::size_t at = 0;
    std::uint16_t numbers[3]{};
    bool is_code = true;
    for (int part = 0; part < 3 && is_code; ++part) {
      const std::size_t first = at;
      while (at < text.size() && '0' <= text[at] && text[at] <= '9')
        numbers[part] = static_cast<std::uint16_t>(numbers[part] * 10 + (text[at++] - '0'));
      const std::size_t digits = at - first;
      is_code = digits != 0 && digits <= 3 && (digits == 1 || text[first] != '0');
      if (part == 0) is_code = is_code && (numbers[0] == 2 || numbers[0] == 5);
      if (part != 2) is_code = is_code && at < text.size() && text[at++] == '.';
    }
    is_code = is_code && (at == text.size() || text[at] == ' ');
    while (is_code && at < text.size() && text[at] == ' ') ++at;
    if (found.has_value() != is_code) CHECK_MESSAGE(false, text);
    if (found && (found->status != enhanced_status{numbers[0], numbers[1], numbers[2]} || found->used != at))
      CHECK_MESSAGE(false, text);
    const auto shortly = enhanced_status::short_prefix(text);
    if (shortly.status && (!found || shortly.status != found->status || shortly.used != found->used))
      CHECK_MESSAGE(false, text);
    good += static_cast<bool>(shortly.status);
    if (text.size() == 7) return;
    for (const char c : octets) {
      text.push_back(c);
      self(self);
      text.pop_back();
    }
  };
  longer(longer);
  CHECK(good != 0);
}
