#include "sansmtp/wire/data_encoder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "support/data_machine.hpp"
#include "support/every_cut.hpp"
#include "support/guard_page.hpp"

using sansmtp::data_encoder;
using sansmtp::errc;
using sansmtp::fault;
using sansmtp::newline_repair;
using support::encoded;
using namespace std::string_view_literals;

static_assert(sizeof(data_encoder) <= 16);
static_assert(std::is_trivially_copyable_v<data_encoder>);

namespace {

encoded encode_whole(std::string_view content, newline_repair newlines = newline_repair::refuse) {
  return support::encode(support::parts(&content, 1), newlines);
}

}  // namespace

TEST_CASE("every line's first dot is doubled, and a lone dot ends the message") {
  struct row {
    std::string_view content, wire;
  };
  const row rows[] = {
      {"", ".\r\n"},
      {"a\r\n", "a\r\n.\r\n"},
      {".\r\n", "..\r\n.\r\n"},
      {"..\r\n", "...\r\n.\r\n"},
      {".a\r\n.b\r\n", "..a\r\n..b\r\n.\r\n"},
      {"a.\r\n.\r\n\r\n.\r\n", "a.\r\n..\r\n\r\n..\r\n.\r\n"},
      {"\0\x80\xFF\r\n"sv, "\0\x80\xFF\r\n.\r\n"sv},
  };
  for (const row& r : rows) {
    for (const newline_repair newlines : {newline_repair::refuse, newline_repair::repair}) {
      CAPTURE(support::shown(r.content));
      const encoded out = encode_whole(r.content, newlines);
      CHECK_FALSE(out.fault.has_value());
      CHECK(support::shown(out.wire) == support::shown(r.wire));
      CHECK(support::cut_that_differs(r.content, [&](support::parts p) { return support::encode(p, newlines); }) == "");
    }
  }
}

TEST_CASE("a CR or LF that stands alone is refused where it stands, and nothing from it on is written") {
  struct row {
    std::string_view content;
    fault why;
    std::string_view written;
  };
  const row rows[] = {
      {"a\n", {errc::message_bare_lf, 1}, "a"},
      {"\n", {errc::message_bare_lf, 0}, ""},
      {"a\rb\r\n", {errc::message_bare_cr, 1}, "a"},
      {"\r\r\n", {errc::message_bare_cr, 0}, ""},
      {"a\r\n\n", {errc::message_bare_lf, 3}, "a\r\n"},
      {".\n", {errc::message_bare_lf, 1}, ".."},
      {"a\r\n.\r\r\n", {errc::message_bare_cr, 4}, "a\r\n.."},
      {"a", {errc::message_unterminated, 1}, "a"},
      {"a\r\nb", {errc::message_unterminated, 4}, "a\r\nb"},
      {"a\r", {errc::message_unterminated, 2}, "a"},
  };
  for (const row& r : rows) {
    CAPTURE(support::shown(r.content));
    const encoded out = encode_whole(r.content);
    CHECK(out.fault == r.why);
    CHECK(support::shown(out.wire) == support::shown(r.written));
    CHECK(support::cut_that_differs(r.content,
                                    [](support::parts p) { return support::encode(p, newline_repair::refuse); }) == "");
  }
}

TEST_CASE("asked to repair, every line end becomes CRLF, the last one's too") {
  struct row {
    std::string_view content, wire;
  };
  const row rows[] = {
      {"a\nb\n", "a\r\nb\r\n.\r\n"}, {"a\rb\r", "a\r\nb\r\n.\r\n"},  {"a\r\nb", "a\r\nb\r\n.\r\n"},
      {"\n.\n", "\r\n..\r\n.\r\n"},  // and a dot behind a repaired end is at a line's start
      {"\r.\r", "\r\n..\r\n.\r\n"},  {"a\n.b", "a\r\n..b\r\n.\r\n"}, {"a\r\r\nb\r\n", "a\r\n\r\nb\r\n.\r\n"},
      {"a\n\r\n", "a\r\n\r\n.\r\n"}, {".", "..\r\n.\r\n"},
  };
  for (const row& r : rows) {
    CAPTURE(support::shown(r.content));
    const encoded out = encode_whole(r.content, newline_repair::repair);
    CHECK_FALSE(out.fault.has_value());
    CHECK(support::shown(out.wire) == support::shown(r.wire));
    CHECK(support::cut_that_differs(r.content,
                                    [](support::parts p) { return support::encode(p, newline_repair::repair); }) == "");
  }
}

TEST_CASE("what is encoded decodes to itself, for every string of up to six octets") {
  const char alphabet[] = {'\r', '\n', '.', 'a', '\0', '\x80'};
  for (std::size_t length = 0; length <= 6; ++length) {
    std::size_t count = 1;
    for (std::size_t i = 0; i < length; ++i) count *= sizeof alphabet;
    for (std::size_t n = 0; n < count; ++n) {
      std::string content(length, ' ');
      std::size_t digits = n;
      for (char& c : content) {
        c = alphabet[digits % sizeof alphabet];
        digits /= sizeof alphabet;
      }
      const encoded strict = encode_whole(content);
      const encoded repaired = encode_whole(content, newline_repair::repair);
      const support::decoded back = support::decode_by_definition(repaired.wire, sansmtp::bare_newline::refuse);
      // Repaired or not, what is written has one end, its own, and no CR or LF alone.
      bool good = !repaired.fault && back.end && back.taken == repaired.wire.size() && !back.refusal;
      if (!strict.fault) good = good && strict.wire == repaired.wire && back.content == content;
      if (!good) FAIL_CHECK(support::shown(content));
      if (length > 5) continue;
      for (const newline_repair newlines : {newline_repair::refuse, newline_repair::repair})
        if (support::cut_that_differs(content, [&](support::parts p) { return support::encode(p, newlines); }) != "")
          FAIL_CHECK(support::shown(content));
    }
  }
}

TEST_CASE("long content encodes at every distance from a block's edge, and never reads beyond it") {
  for (std::size_t at = 0; at < 150; ++at) {
    std::string content(at, 'x');
    content += "\r\n.";
    content.append(150 - at, 'y');
    content += "\r\n";
    std::string wire = content;
    wire.insert(at + 2, ".");
    if (at == 0) CHECK(content.substr(0, 3) == "\r\n.");
    const support::guard_page right(content, support::guarded_side::right);
    const support::guard_page left(content, support::guarded_side::left);
    CHECK(encode_whole(right.view()).wire == wire + ".\r\n");
    CHECK(encode_whole(left.view()).wire == wire + ".\r\n");
  }
}

TEST_CASE("an encoder that finished begins anew, and one that failed is as before") {
  data_encoder encoder;
  CHECK(encoder.encode("a\r\n")->bytes == "a\r\n");
  CHECK(*encoder.finish() == ".\r\n");
  CHECK(encoder.encode(".b")->bytes == "..");
  CHECK(encoder.encode("\n").error() == fault{errc::message_bare_lf, 1});
  CHECK(encoder.finish().error() == fault{errc::message_unterminated, 1});
  CHECK(encoder.encode("b\r\n")->bytes == "b\r\n");
  CHECK(*encoder.finish() == ".\r\n");
}
