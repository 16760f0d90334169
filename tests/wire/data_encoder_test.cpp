#include "sansmtp/wire/data_encoder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/data_machine.hpp"
#include "support/every_cut.hpp"
#include "support/every_string.hpp"
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

// RFC 5321 4.5.2 and 2.3.8, octet by octet.
encoded encode_by_definition(std::string_view content, newline_repair newlines) {
  encoded out;
  bool line_start = true, after_cr = false;
  const bool repair = newlines == newline_repair::repair;
  for (std::size_t i = 0; i < content.size(); ++i) {
    const char c = content[i];
    if (after_cr && c != '\n' && !repair) {
      out.fault = fault{errc::message_bare_cr, static_cast<std::uint32_t>(i - 1)};
      return out;
    }
    if (c == '\n' && !after_cr && !repair) {
      out.fault = fault{errc::message_bare_lf, static_cast<std::uint32_t>(i)};
      return out;
    }
    if (repair ? c == '\r' || (c == '\n' && !after_cr) : c == '\n') {
      out.wire += "\r\n";
      line_start = true;
    } else if (c != '\r' && c != '\n') {
      if (line_start && c == '.') out.wire += '.';
      out.wire += c;
      line_start = false;
    }
    if (c == '\r' && !repair) line_start = false;
    after_cr = c == '\r';
  }
  if (!line_start && !repair)
    out.fault = fault{errc::message_unterminated, static_cast<std::uint32_t>(content.size())};
  else
    out.wire += line_start ? ".\r\n" : "\r\n.\r\n";
  return out;
}

// The other forms of encoding, with room for so many pieces, or so many octets, at a time.
encoded encode_into(support::parts chunks, newline_repair newlines, std::size_t room) {
  data_encoder encoder(newlines);
  std::vector<std::string_view> pieces(room);
  encoded out;
  for (std::string_view chunk : chunks) {
    while (!chunk.empty()) {
      const auto some = encoder.encode_into(chunk, pieces);
      if (!some) {
        out.fault = some.error();
        return out;
      }
      out.stuck = out.stuck || some->used == 0 || some->used > chunk.size() || some->count > room;
      if (out.stuck) return out;
      for (std::size_t i = 0; i < some->count; ++i) {
        out.stuck = out.stuck || pieces[i].empty();
        out.wire += pieces[i];
      }
      chunk.remove_prefix(some->used);
    }
  }
  if (const auto dot = encoder.finish())
    out.wire += *dot;
  else
    out.fault = dot.error();
  return out;
}

encoded encode_copy(support::parts chunks, newline_repair newlines, std::size_t room) {
  constexpr std::string_view fence = "not to be written to, as it is behind the room";
  data_encoder encoder(newlines);
  std::vector<char> memory(room + fence.size());
  fence.copy(memory.data() + room, fence.size());
  encoded out;
  for (std::string_view chunk : chunks) {
    while (!chunk.empty()) {
      const auto some = encoder.encode_copy(chunk, std::span(memory).first(room));
      if (!some) {
        out.fault = some.error();
        return out;
      }
      out.stuck = some->used == 0 || some->used > chunk.size() || some->bytes.size() > room ||
                  (room > 2 * chunk.size() + 3 && some->used != chunk.size()) ||
                  std::string_view(memory.data() + room, fence.size()) != fence;
      out.wire += some->bytes;
      chunk.remove_prefix(some->used);
      // What stops short of a fault takes all that there is room for before it.
      if (out.stuck && some->used != 0 && !encoder.encode(chunk)) out.stuck = false;
      if (out.stuck) return out;
    }
  }
  if (const auto dot = encoder.finish())
    out.wire += *dot;
  else
    out.fault = dot.error();
  return out;
}

// In which form something else comes out than what is meant; empty when all agree.
std::string form_that_differs(support::parts chunks, newline_repair newlines, const encoded& meaning) {
  if (!(support::encode(chunks, newlines) == meaning)) return "piece by piece";
  for (const std::size_t room : {1U, 2U, 5U, 300U})
    if (!(encode_into(chunks, newlines, room) == meaning)) return "by pieces " + std::to_string(room);
  for (const std::size_t room : {3U, 4U, 40U, 160U, 300U, 700U, 5000U})
    if (!(encode_copy(chunks, newlines, room) == meaning)) return "copied by " + std::to_string(room);
  return {};
}

// All forms, for the content as it is and, when asked to, for every cut of it.
void check_all_forms(std::string_view content, bool cuts = false) {
  for (const newline_repair newlines : {newline_repair::refuse, newline_repair::repair}) {
    const encoded meaning = encode_by_definition(content, newlines);
    const std::string differs = form_that_differs(support::parts(&content, 1), newlines, meaning);
    if (!differs.empty()) FAIL_CHECK(support::shown(content), ": ", differs);
    for (std::size_t at = 0; cuts && at <= content.size(); ++at) {
      const std::string_view parts[] = {content.substr(0, at), content.substr(at)};
      const std::string other = form_that_differs(parts, newlines, meaning);
      if (!other.empty()) FAIL_CHECK(support::shown(content), " cut at ", at, ": ", other);
    }
  }
}

// `size` octets of lines, short and many with dots, or one that is long.
std::string lines(std::size_t size, bool dotted) {
  static constexpr std::string_view pattern = "..\r\n.a\r\n.\x80..\r\nbc\r\n";
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out += dotted ? pattern[i % pattern.size()] : 'x';
  return out;
}

// In a constant expression.
constexpr bool encodes_to(std::string_view content, std::string_view wire) {
  data_encoder noted, copied;
  std::array<std::string_view, 8> pieces{};
  std::array<char, 64> room{};
  const auto many = noted.encode_into(content, pieces);
  const auto copy = copied.encode_copy(content, room);
  std::size_t at = 0;
  for (std::size_t i = 0; i < many->count; ++i) {
    if (wire.substr(at, pieces[i].size()) != pieces[i]) return false;
    at += pieces[i].size();
  }
  return at == wire.size() && copy->bytes == wire && many->used == content.size() && copy->used == content.size();
}
static_assert(encodes_to("a\r\n.\r\n.b\r\n", "a\r\n..\r\n..b\r\n"));

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
  for (std::size_t length = 0; length <= 6; ++length) {
    support::every_string(length, [](std::string_view content, std::size_t) {
      const encoded strict = encode_whole(content);
      const encoded repaired = encode_whole(content, newline_repair::repair);
      const support::decoded back = support::decode_by_definition(repaired.wire, sansmtp::bare_newline::refuse);
      // Repaired or not, what is written has one end, its own, and no CR or LF alone.
      bool good = !repaired.fault && back.end && back.taken == repaired.wire.size() && !back.refusal;
      if (!strict.fault) good = good && strict.wire == repaired.wire && back.content == content;
      if (!good) FAIL_CHECK(support::shown(content));
    });
  }
}

TEST_CASE("encoded piece by piece, many at a time, or copied, and however it is cut, it is the same") {
  for (std::size_t length = 0; length <= support::longest_string(4); ++length)
    support::every_string(length, [](std::string_view content, std::size_t) { check_all_forms(content, true); });
  for (std::size_t length = 5; length <= 6; ++length)
    support::every_string(length, [](std::string_view content, std::size_t) { check_all_forms(content); });
}

TEST_CASE("every short string is encoded as the definition says at every place of longer lines") {
  for (std::size_t length = 1; length <= support::longest_string(3); ++length) {
    support::every_string(length, [&](std::string_view middle, std::size_t n) {
      for (std::size_t at = length < 3 ? 0 : n % 3; at < 64; at += length < 3 ? 1 : 3) {
        const bool dotted = (n + at) % 2 == 0;
        check_all_forms(lines(at, dotted).append(middle).append(lines(140 - at, !dotted)).append("\r\n"));
      }
    });
  }
}

TEST_CASE("long content where every octet counts is encoded as the definition says, cut anywhere") {
  std::uint64_t seed = 1;
  const auto dice = [&seed](std::size_t sides) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(seed >> 33) % sides;
  };
  const std::string_view words[] = {"\r\n", "\r\n.", "\r\n..", ".", "\n", "\r", "\n."};
  for (std::size_t round = 0; round < 640; ++round) {
    std::string content;
    const std::size_t size = dice(1200), sparse = std::size_t{1} << dice(9);
    while (content.size() < size) {
      content.append(dice(sparse), "xy\x80"[dice(3)]);
      content += words[dice(round % 4 != 0 ? 4 : std::size(words))];
    }
    content += "\r\n";
    const support::guard_page right(content, support::guarded_side::right);
    check_all_forms(right.view());
    const std::size_t cut = dice(content.size());
    const std::string_view parts[] = {right.view().substr(0, cut), right.view().substr(cut, 70),
                                      right.view().substr(std::min(cut + 70, content.size()))};
    for (const newline_repair newlines : {newline_repair::refuse, newline_repair::repair}) {
      const std::string differs = form_that_differs(parts, newlines, encode_by_definition(content, newlines));
      if (!differs.empty()) FAIL_CHECK(support::shown(content), " cut at ", cut, ": ", differs);
    }
  }
}

TEST_CASE("room that the doubled dots use up is not written beyond, whatever follows them") {
  for (std::size_t dotted = 0; dotted <= 700; dotted += 9)
    check_all_forms(lines(dotted, true) + "\r\n" + lines(500, false) + "\r\n" + lines(300, true) + "\r\n");
}

TEST_CASE("where there is no room, nothing is taken") {
  data_encoder encoder;
  char room[3];
  CHECK(encoder.encode_into("a", {})->used == 0);
  CHECK(encoder.encode_copy("a", {})->used == 0);
  CHECK(encoder.encode_copy("a", std::span(room, 2))->used == 0);
  CHECK(encoder.encode_copy(".a", room)->bytes == "..");
}

TEST_CASE("long content encodes at every distance from a block's edge, and never reads beyond it") {
  for (std::size_t at = 0; at < 150; ++at) {
    std::string content(at, 'x');
    content += "\r\n.";
    content.append(150 - at, 'y');
    content += "\r\n";
    std::string wire = content;
    wire.insert(at + 2, 1, '.');
    if (at == 0) CHECK(content.substr(0, 3) == "\r\n.");
    const support::guard_page right(content, support::guarded_side::right);
    const support::guard_page left(content, support::guarded_side::left);
    CHECK(encode_whole(right.view()).wire == wire + ".\r\n");
    check_all_forms(right.view());
    check_all_forms(left.view());
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
