#include "sansmtp/wire/data_decoder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "support/data_machine.hpp"
#include "support/every_cut.hpp"
#include "support/guard_page.hpp"

using sansmtp::bare_newline;
using sansmtp::data_decoder;
using sansmtp::errc;
using sansmtp::fault;
using support::decoded;
using namespace std::string_view_literals;

static_assert(sizeof(data_decoder) <= 32);
static_assert(std::is_trivially_copyable_v<data_decoder>);

namespace {

decoded decode_whole(std::string_view wire, bare_newline newlines = bare_newline::refuse) {
  return support::decode(support::parts(&wire, 1), newlines);
}

// What a whole message decodes to in a constant expression, one octet at a time or at once.
constexpr bool decodes_to(std::string_view wire, std::string_view content, bool one_by_one) {
  data_decoder decoder;
  while (!wire.empty()) {
    const auto piece = decoder.decode(one_by_one ? wire.substr(0, 1) : wire);
    if (content.substr(0, piece.bytes.size()) != piece.bytes) return false;
    content.remove_prefix(piece.bytes.size());
    wire.remove_prefix(piece.used);
    if (piece.end) return wire.empty() && content.empty();
  }
  return false;
}
static_assert(decodes_to("a\r\n..\r\n.b\r\n.\r\n", "a\r\n.\r\nb\r\n", false));
static_assert(decodes_to("a\r\n..\r\n.b\r\n.\r\n", "a\r\n.\r\nb\r\n", true));

}  // namespace

TEST_CASE("a message is its lines without the stuffed dots, up to the dot that stands alone") {
  struct row {
    std::string_view wire, content;
  };
  // RFC 5321 4.5.2, and 4.1.1.4 for the end.
  const row rows[] = {
      {".\r\n", ""},  // the CRLF before the dot is that of the DATA command
      {"a\r\n.\r\n", "a\r\n"},
      {"\r\n.\r\n", "\r\n"},
      {"..\r\n.\r\n", ".\r\n"},
      {"...\r\n.\r\n", "..\r\n"},
      {".a\r\n.\r\n", "a\r\n"},  // a first dot goes, whether or not another follows
      {"a.\r\n.\r\n", "a.\r\n"},
      {"a\r\n.b\r\n..c\r\n.\r\n", "a\r\nb\r\n.c\r\n"},
      {"a\r\n. \r\n.\r\n", "a\r\n \r\n"},
      {"QUIT\r\n.\r\n", "QUIT\r\n"},
      {"\0\x80\xFF\r\n.\r\n"sv, "\0\x80\xFF\r\n"sv},
  };
  for (const row& r : rows) {
    CAPTURE(support::shown(r.wire));
    const decoded out = decode_whole(r.wire);
    CHECK(support::shown(out.content) == support::shown(r.content));
    CHECK(out.end);
    CHECK(out.taken == r.wire.size());
    CHECK(out.size == r.content.size());
    CHECK_FALSE(out.refusal.has_value());
    CHECK(support::cut_that_differs(r.wire,
                                    [](support::parts p) { return support::decode(p, bare_newline::refuse); }) == "");
  }
}

TEST_CASE("the octets behind the end are not touched, wherever the chunks were cut") {
  const std::string_view wire = "a\r\n.\r\nQUIT\r\n";
  for (std::size_t cut = 0; cut <= wire.size(); ++cut) {
    data_decoder decoder;
    std::string_view first = wire.substr(0, cut);
    bool end = false;
    while (!first.empty() && !end) {
      const auto piece = decoder.decode(first);
      first.remove_prefix(piece.used);
      end = piece.end;
    }
    std::string rest(first);
    rest += wire.substr(cut);
    std::string_view second = rest;
    while (!end) {
      const auto piece = decoder.decode(second);
      second.remove_prefix(piece.used);
      end = piece.end;
    }
    CHECK(second == "QUIT\r\n");
    // And the decoder takes nothing more until it is reset.
    const auto more = decoder.decode(second);
    CHECK(more.end);
    CHECK(more.used == 0);
    CHECK(more.bytes.empty());
    decoder.reset();
    CHECK(decoder.size() == 0);
    CHECK(decoder.decode(".\r\n").end);
  }
}

TEST_CASE("nothing but CRLF dot CRLF ends a message, and a CR or LF that stands alone refuses it") {
  struct row {
    std::string_view wire;
    fault why;
    std::string_view kept;  // the content under bare_newline::keep
  };
  // RFC 5321 2.3.8 and 4.1.1.4: the ways by which mail was smuggled into others' conversations.
  const row rows[] = {
      {"a\n.\n", {errc::message_bare_lf, 1}, "a\n.\n"},
      {"a\n.\r\n", {errc::message_bare_lf, 1}, "a\n.\r\n"},
      {"a\r\n.\n", {errc::message_bare_lf, 4}, "a\r\n\n"},
      {"a\r.\r", {errc::message_bare_cr, 1}, "a\r.\r"},
      {"a\r\n.\r", {errc::message_bare_cr, 4}, "a\r\n\r"},
      {"a\r.\r\n", {errc::message_bare_cr, 1}, "a\r.\r\n"},
      {"a\r\n.\r\r\n", {errc::message_bare_cr, 4}, "a\r\n\r\r\n"},
      {"a\r\r\n.\r", {errc::message_bare_cr, 1}, "a\r\r\n\r"},
      {"a\n\n.\r\n", {errc::message_bare_lf, 1}, "a\n\n.\r\n"},
      {"a\r\n\n.\r\n", {errc::message_bare_lf, 3}, "a\r\n\n.\r\n"},
      {"a\r\n\r.\r\n", {errc::message_bare_cr, 3}, "a\r\n\r.\r\n"},
      {"\n.\r\n", {errc::message_bare_lf, 0}, "\n.\r\n"},
      {"\r.\r\n", {errc::message_bare_cr, 0}, "\r.\r\n"},
      {"a\r\n.\0\r\n\n"sv, {errc::message_bare_lf, 7}, "a\r\n\0\r\n\n"sv},
      {"a\r\0\n.\r\n"sv, {errc::message_bare_cr, 1}, "a\r\0\n.\r\n"sv},
  };
  const std::string_view smuggled = "MAIL FROM:<x@y.example>\r\n";
  for (const row& r : rows) {
    CAPTURE(support::shown(r.wire));
    std::string wire(r.wire);
    wire += smuggled;
    wire += "\r\n.\r\nRSET\r\n";
    for (const bare_newline newlines : {bare_newline::refuse, bare_newline::keep}) {
      const decoded out = decode_whole(wire, newlines);
      CHECK(out.end);
      CHECK(out.taken == wire.size() - 6);  // the true end, with RSET behind it
      if (newlines == bare_newline::refuse) {
        CHECK(out.refusal == r.why);
        CHECK(out.content == decode_whole(wire.substr(0, r.why.at)).content);
      } else {
        CHECK_FALSE(out.refusal.has_value());
        // What the row ends with may pair with what follows only when it is a CR, and "M" is no LF.
        CHECK(support::shown(out.content) == support::shown(std::string(r.kept) + std::string(smuggled) + "\r\n"));
      }
      CHECK(support::cut_that_differs(wire, [&](support::parts p) { return support::decode(p, newlines); }) == "");
    }
  }
}

TEST_CASE("a CR that is held back between chunks is delivered once, and counted") {
  data_decoder decoder;
  auto piece = decoder.decode("a\r");
  CHECK(piece.used == 2);
  CHECK(piece.bytes == "a");
  CHECK(decoder.size() == 1);
  piece = decoder.decode("\nb");
  CHECK(piece.used == 1);
  CHECK(piece.bytes == "\r\n");
  CHECK(decoder.size() == 3);
  CHECK(decoder.decode("").used == 0);
}

TEST_CASE("every string of up to six octets decodes as the definition says, however it is cut") {
  const char alphabet[] = {'\r', '\n', '.', 'a', '\0', '\x80'};
  for (const bare_newline newlines : {bare_newline::refuse, bare_newline::keep}) {
    for (std::size_t length = 0; length <= 6; ++length) {
      std::size_t count = 1;
      for (std::size_t i = 0; i < length; ++i) count *= sizeof alphabet;
      for (std::size_t n = 0; n < count; ++n) {
        std::string wire(length, ' ');
        std::size_t digits = n;
        for (char& c : wire) {
          c = alphabet[digits % sizeof alphabet];
          digits /= sizeof alphabet;
        }
        const decoded meaning = support::decode_by_definition(wire, newlines);
        const std::string differs =
            decode_whole(wire, newlines) == meaning
                ? support::cut_that_differs(wire, [&](support::parts p) { return support::decode(p, newlines); })
                : "whole";
        if (!differs.empty()) FAIL_CHECK(support::shown(wire), ": ", differs);
      }
    }
  }
}

TEST_CASE("long bodies decode as the definition says at every distance from a block's edge") {
  // The rare octets stand at every place of texts that are longer than several blocks.
  const std::string_view marks[] = {"\r\n", "\r\n.",  "\r\n..", "\r\n.\r\n", "\n",
                                    "\r",   "\r\r\n", "\n.",    "\r\n.\r",   "."};
  for (const std::string_view mark : marks) {
    for (std::size_t at = 0; at < 150; ++at) {
      std::string wire(at, 'x');
      wire += mark;
      wire.append(200 - at, 'y');
      wire += "\r\n.\r\nQUIT";
      for (const bare_newline newlines : {bare_newline::refuse, bare_newline::keep}) {
        const decoded meaning = support::decode_by_definition(wire, newlines);
        const support::guard_page right(wire, support::guarded_side::right);
        const support::guard_page left(wire, support::guarded_side::left);
        if (!(decode_whole(right.view(), newlines) == meaning)) FAIL_CHECK(support::shown(wire));
        if (!(decode_whole(left.view(), newlines) == meaning)) FAIL_CHECK(support::shown(wire));
        const support::guard_page cut(wire.substr(0, at + mark.size()), support::guarded_side::right);
        if (!(decode_whole(cut.view(), newlines) == support::decode_by_definition(cut.view(), newlines)))
          FAIL_CHECK(support::shown(cut.view()));
      }
    }
  }
}
