#include "sansmtp/grammar/reply_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <type_traits>

#include "grammar/judged.hpp"

using namespace sansmtp::literals;
using sansmtp::errc;
using sansmtp::quirks;
using sansmtp::reply_text;
using support::judged;

static_assert(sizeof(reply_text) <= 24 && std::is_trivially_copyable_v<reply_text>);
static_assert("2.1.0 sender ok"_text.text() == "2.1.0 sender ok");
static_assert(reply_text{}.empty() && ""_text.empty());

TEST_CASE("the text of a reply is printable, with tabs, or empty") {
  for (std::string_view text : {"", " ", "ok", "a\tb", "<a@b> ...", "~!\"\\"}) {
    REQUIRE(judged(reply_text::parse(text)) == "taken");
    CHECK(reply_text::parse(text)->text() == text);
    CHECK(reply_text::parse(text)->is_ascii());
  }
  // RFC 6531 3.7.4: UTF-8 in replies.
  REQUIRE(judged(reply_text::parse("gr\xC3\xBC\xC3\x9F")) == "taken");
  CHECK_FALSE(reply_text::parse("gr\xC3\xBC\xC3\x9F")->is_ascii());
}

TEST_CASE("no text can end its line or hide a control") {
  const support::refused_row rows[] = {
      {"ok\r\n250 more", errc::reply_text_octet, 2},
      {"a\nb", errc::reply_text_octet, 1},
      {"\r", errc::reply_text_octet, 0},
      {"a\x7F", errc::reply_text_octet, 1},
      {"a\x1B[2J", errc::reply_text_octet, 1},
      {"a\x80", errc::utf8_malformed, 1},
      {"\xC0\x8D\xC0\x8A", errc::utf8_malformed, 0},  // overlong CR and LF
  };
  for (const auto& r : rows) CHECK(judged(reply_text::parse(r.text, quirks::all)) == judged(r.why, r.at));
}

TEST_CASE("every octet in a reply's text is judged as RFC 5321 4.2 has it") {
  for (unsigned c = 0; c < 256; ++c) {
    CAPTURE(c);
    const bool textstring = c == 9 || (c >= 32 && c <= 126);
    CHECK(reply_text::parse(support::around("a", c, "b")).has_value() == textstring);
    if (c < 128 && !textstring)
      CHECK(judged(reply_text::parse(support::around("a", c, "b"))) == judged(errc::reply_text_octet, 1));
  }
}

TEST_CASE("a reply's text is bounded by the longest line that is read") {
  CHECK(judged(reply_text::parse(std::string(2042, 'a'))) == "taken");
  CHECK(judged(reply_text::parse(std::string(2043, 'a'))) == judged(errc::reply_line_too_long, 2042));
}

TEST_CASE("a text that was written into the program is the one that is read, and no text is an empty one") {
  CHECK("2 recipients\tok"_text.text() == "2 recipients\tok");
  CHECK("ok"_text.is_ascii());
  CHECK_FALSE("\xC3\xBC"_text.is_ascii());
  CHECK_FALSE("ok"_text.empty());
  CHECK(""_text.empty());
  CHECK(reply_text().empty());
}
