#include "sansmtp/grammar/local_part.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <type_traits>

#include "grammar/judged.hpp"

using sansmtp::compose_local_part;
using sansmtp::errc;
using sansmtp::local_part;
using sansmtp::quirk;
using sansmtp::quirks;
using support::judged;

static_assert(sizeof(local_part) <= 24 && std::is_trivially_copyable_v<local_part>);
static_assert(same_local_part(*local_part::parse("\"a\\bc\""), *local_part::parse("abc")));

namespace {

std::string content(std::string_view text) {
  sansmtp::output_buffer<512> out;
  const auto parsed = local_part::parse(text, quirk::long_local_part);
  if (!parsed || !parsed->unquote(out)) return "refused";
  return std::string(out.written());
}

std::string composed(std::string_view raw) {
  sansmtp::output_buffer<512> out;
  const auto done = compose_local_part(raw, out);
  return done ? std::string(out.written()) : judged(done);
}

}  // namespace

TEST_CASE("a Dot-string is atoms joined by dots") {
  // RFC 5321 4.1.2; every atext octet besides letters and digits (RFC 5322 3.2.3) stands in the last row.
  for (std::string_view text :
       {"a", "john.smith", "a.b.c", "user%host", "host!user", "a+b=c", "=?utf-8?q?a?=", "!#$%&'*+-/=?^_`{|}~"}) {
    CAPTURE(text);
    const auto local = local_part::parse(text);
    REQUIRE(judged(local) == "taken");
    CHECK(local->text() == text);
    CHECK_FALSE(local->is_quoted());
    CHECK(local->is_ascii());
    CHECK_FALSE(local->is_long());
    CHECK(content(text) == text);
  }
}

TEST_CASE("a Quoted-string means what stands between its quotation marks") {
  struct row {
    std::string_view text;
    std::string_view content;
  };
  const row rows[] = {
      {"\"a b\"", "a b"},       {"\"a\\bc\"", "abc"}, {"\" \"", " "},     {"\"a@b\"", "a@b"},
      {"\"\\\"\\\\\"", "\"\\"}, {"\"a..b\"", "a..b"}, {"\"<a>\"", "<a>"}, {"\"\\ \\~\"", " ~"},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    const auto local = local_part::parse(r.text);
    REQUIRE(judged(local) == "taken");
    CHECK(local->text() == r.text);
    CHECK(local->is_quoted());
    CHECK(content(r.text) == r.content);
  }
}

TEST_CASE("a local part that is none is refused at the octet at fault") {
  const support::refused_row rows[] = {
      {"", errc::local_part_empty, 0},
      {"\"\"", errc::local_part_empty, 1},  // erratum 5414: Quoted-string = DQUOTE 1*QcontentSMTP DQUOTE
      {".", errc::local_part_dot, 0},
      {".a", errc::local_part_dot, 0},
      {"a..b", errc::local_part_dot, 2},
      {"a.", errc::local_part_dot, 1},
      {"a b", errc::local_part_octet, 1},
      {"a@b", errc::local_part_octet, 1},
      {"a\\b", errc::local_part_octet, 1},  // RFC 821 only
      {"a\"b\"", errc::local_part_octet, 1},
      {"\"a\"b", errc::local_part_octet, 3},
      {"\"a\".\"b\"", errc::local_part_octet, 3},
      {"a.\"b\"", errc::local_part_octet, 2},
      {"(c)a", errc::local_part_octet, 0},
      {"\"", errc::quoted_string_open, 1},
      {"\"a", errc::quoted_string_open, 2},
      {"\"a\\\"", errc::quoted_string_open, 4},
      {"\"a\\", errc::quoted_string_open, 3},
      {"\"a\tb\"", errc::quoted_string_octet, 2},
      {"\"a\\\tb\"", errc::quoted_string_octet, 3},
      {"\"a\r\nb\"", errc::quoted_string_octet, 2},
      {"\xC3", errc::utf8_malformed, 0},
      {"a.\xFFz", errc::utf8_malformed, 2},
      {"\"a\xC0\xAF\"", errc::utf8_malformed, 2},
      {"\"\\\xC3\xA4\"", errc::quoted_string_octet, 2},  // a quoted-pair is ASCII, RFC 6531 3.3 widens only qtext
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(local_part::parse(r.text, quirks::all)) == judged(r.why, r.at));
  }
}

TEST_CASE("every octet is judged by its place: in an atom, in quotes, behind a backslash") {
  for (unsigned c = 0; c < 256; ++c) {
    CAPTURE(c);
    const bool atext = support::letter(c) || support::digit(c) ||
                       (c != 0 && c < 128 &&
                        std::string_view("!#$%&'*+-/=?^_`{|}~").find(static_cast<char>(c)) != std::string_view::npos);
    const bool qtext = (c >= 32 && c <= 33) || (c >= 35 && c <= 91) || (c >= 93 && c <= 126);
    CHECK(local_part::parse(support::around("a", c, "b")).has_value() == (atext || c == '.'));
    CHECK(local_part::parse(support::around("\"a", c, "b\"")).has_value() == (qtext || c == '\\'));
    CHECK(local_part::parse(support::around("\"a\\", c, "b\"")).has_value() == (c >= 32 && c <= 126));
  }
}

TEST_CASE("UTF-8 is taken in atoms and in quotes and shows") {
  // RFC 6531 3.3: atext and qtextSMTP =/ UTF8-non-ascii.
  for (std::string_view text : {"\xC3\xA4.b", "\"a \xE2\x82\xAC\"", "\xF0\x9F\x98\x80"}) {
    const auto local = local_part::parse(text);
    REQUIRE(judged(local) == "taken");
    CHECK_FALSE(local->is_ascii());
  }
}

TEST_CASE("a local part has at most 64 octets as written, by quirk what a path leaves") {
  const std::string most(64, 'a');
  CHECK(judged(local_part::parse(most)) == "taken");
  CHECK_FALSE(local_part::parse(most)->is_long());
  CHECK(judged(local_part::parse(most + "a")) == judged(errc::local_part_too_long, 64));
  CHECK(judged(local_part::parse(most + "a", quirks::all.without(quirk::long_local_part))) ==
        judged(errc::local_part_too_long, 64));
  CHECK(judged(local_part::parse("\"" + std::string(62, 'a') + "\"")) == "taken");
  CHECK(judged(local_part::parse("\"" + std::string(63, 'a') + "\"")) == judged(errc::local_part_too_long, 64));
  const auto longer = local_part::parse(most + "a", quirk::long_local_part);
  REQUIRE(longer);
  CHECK(longer->is_long());
  CHECK(judged(local_part::parse(std::string(252, 'a'), quirk::long_local_part)) == "taken");
  CHECK(judged(local_part::parse(std::string(253, 'a'), quirk::long_local_part)) ==
        judged(errc::local_part_too_long, 252));
}

TEST_CASE("local parts are the same when their content is, and case counts") {
  const auto same = [](std::string_view a, std::string_view b) {
    const bool forth = same_local_part(*local_part::parse(a), *local_part::parse(b));
    const bool back = same_local_part(*local_part::parse(b), *local_part::parse(a));
    CHECK(forth == back);
    return forth;
  };
  CHECK(same("abc", "abc"));
  CHECK(same("\"abc\"", "abc"));
  CHECK(same("\"a\\b\\c\"", "\"abc\""));
  CHECK(same("\"a.b\"", "a.b"));
  CHECK_FALSE(same("abc", "Abc"));
  CHECK_FALSE(same("abc", "\"abcd\""));
  CHECK_FALSE(same("\"ab\"", "abc"));
  CHECK_FALSE(same("\"a b\"", "ab"));
}

TEST_CASE("composing quotes only where it must, and reads back to what it was given") {
  struct row {
    std::string_view raw;
    std::string_view written;
  };
  const row rows[] = {
      {"john.smith", "john.smith"},
      {"a b", "\"a b\""},
      {"a\"b", "\"a\\\"b\""},
      {"a\\b", "\"a\\\\b\""},
      {"a@b", "\"a@b\""},
      {".a", "\".a\""},
      {"a..b", "\"a..b\""},
      {"a.", "\"a.\""},
      {"\"a\"", "\"\\\"a\\\"\""},
      {"\xC3\xA4", "\xC3\xA4"},
      {"\xC3\xA4 b", "\"\xC3\xA4 b\""},
      {"\"\"", "\"\\\"\\\"\""},
  };
  for (const row& r : rows) {
    CAPTURE(r.raw);
    CHECK(composed(r.raw) == r.written);
    CHECK(content(r.written) == r.raw);
  }
}

TEST_CASE("composing refuses what no spelling can carry, and writes nothing then") {
  CHECK(composed("") == judged(errc::local_part_empty, 0));
  CHECK(composed("ab\r\nc") == judged(errc::local_part_octet, 2));
  CHECK(composed(std::string_view("a\0b", 3)) == judged(errc::local_part_octet, 1));
  CHECK(composed("a\tb") == judged(errc::local_part_octet, 1));
  CHECK(composed("a\x7F") == judged(errc::local_part_octet, 1));
  CHECK(composed("a\x80") == judged(errc::utf8_malformed, 1));
  CHECK(composed(std::string(64, 'a')) == std::string(64, 'a'));
  CHECK(composed(std::string(65, 'a')) == judged(errc::local_part_too_long, 62));
  CHECK(composed(" " + std::string(61, 'a')) == "\" " + std::string(61, 'a') + "\"");
  CHECK(composed(" " + std::string(62, 'a')) == judged(errc::local_part_too_long, 62));
  CHECK(composed(std::string(32, '"')) == judged(errc::local_part_too_long, 31));

  sansmtp::output_buffer<4> small;
  CHECK(judged(compose_local_part("a b", small)) == judged(errc::output_full, 0));
  CHECK(small.written().empty());
  CHECK(judged(local_part::parse("\"abcde\"")->unquote(small)) == judged(errc::output_full, 0));
  CHECK(small.written().empty());
}

TEST_CASE("every octet, composed alone, is written by a spelling that reads back or is refused") {
  for (unsigned c = 0; c < 256; ++c) {
    CAPTURE(c);
    const std::string raw = support::around("", c);
    if (c >= 32 && c <= 126)
      CHECK(content(composed(raw)) == raw);
    else
      CHECK(composed(raw) == judged(c >= 128 ? errc::utf8_malformed : errc::local_part_octet, 0));
  }
}
