#include "sansmtp/wire/data_decoder.hpp"

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

// The other forms of decoding, with room for so many pieces, or so many octets, at a time.
decoded decode_into(support::parts chunks, bare_newline newlines, std::size_t room) {
  data_decoder decoder(newlines);
  std::vector<std::string_view> pieces(room);
  decoded out;
  for (std::string_view chunk : chunks) {
    while (!chunk.empty() && !out.end) {
      const auto some = decoder.decode_into(chunk, pieces);
      out.stuck = out.stuck || some.used == 0 || some.used > chunk.size() || some.count > room;
      if (out.stuck) return out;
      for (std::size_t i = 0; i < some.count; ++i) {
        out.stuck = out.stuck || pieces[i].empty();
        out.content += pieces[i];
      }
      out.taken += some.used;
      out.end = some.end;
      chunk.remove_prefix(some.used);
    }
  }
  out.size = decoder.size();
  out.refusal = decoder.refusal();
  return out;
}

decoded decode_copy(support::parts chunks, bare_newline newlines, std::size_t room) {
  constexpr std::string_view fence = "not to be written to, as it is behind the room";
  data_decoder decoder(newlines);
  std::vector<char> memory(room + fence.size());
  fence.copy(memory.data() + room, fence.size());
  decoded out;
  for (std::string_view chunk : chunks) {
    while (!chunk.empty() && !out.end) {
      const auto some = decoder.decode_copy(chunk, std::span(memory).first(room));
      out.stuck = some.used == 0 || some.used > chunk.size() || some.bytes.size() > room ||
                  (room > chunk.size() && some.used != chunk.size() && !some.end) ||
                  std::string_view(memory.data() + room, fence.size()) != fence;
      if (out.stuck) return out;
      out.content += some.bytes;
      out.taken += some.used;
      out.end = some.end;
      chunk.remove_prefix(some.used);
    }
  }
  out.size = decoder.size();
  out.refusal = decoder.refusal();
  return out;
}

// Octets whose first stands so many behind a register's alignment.
class aligned_text {
 public:
  aligned_text(std::string_view text, std::size_t behind) : room_(text.size() + 128) {
    char* at = room_.data();
    while (reinterpret_cast<std::uintptr_t>(at) % 64 != behind % 64) ++at;
    for (std::size_t i = 0; i < text.size(); ++i) at[i] = text[i];
    memory_ = {at, text.size()};
  }
  std::string_view view() const { return {memory_.data(), memory_.size()}; }
  std::span<char> memory() const { return memory_; }

 private:
  std::vector<char> room_;
  std::span<char> memory_;
};

decoded decode_in_place(support::parts chunks, bare_newline newlines) {
  data_decoder decoder(newlines);
  decoded out;
  for (const std::string_view chunk : chunks) {
    const aligned_text copy(chunk, reinterpret_cast<std::uintptr_t>(chunk.data()));
    std::span<char> rest = copy.memory();
    while (!rest.empty() && !out.end) {
      const auto piece = decoder.decode_in_place(rest);
      out.stuck = (piece.used == 0 && !piece.end) || piece.used > rest.size();
      if (out.stuck) return out;
      out.content += piece.bytes;
      out.taken += piece.used;
      out.end = piece.end;
      rest = rest.subspan(piece.used);
      out.stuck = std::string_view(rest.data(), rest.size()) != chunk.substr(chunk.size() - rest.size());
      if (out.stuck) return out;
    }
  }
  // The end is a piece of its own, which takes nothing where the content before it took all.
  const auto last = decoder.decode_in_place({});
  out.end = last.end;
  out.size = decoder.size();
  out.refusal = decoder.refusal();
  return out;
}

// In which form something else comes out than what is meant; empty when all agree.
std::string form_that_differs(support::parts chunks, bare_newline newlines, const decoded& meaning) {
  if (!(support::decode(chunks, newlines) == meaning)) return "piece by piece";
  for (const std::size_t room : {1U, 2U, 5U, 300U}) {
    if (!(decode_into(chunks, newlines, room) == meaning)) return "by pieces " + std::to_string(room);
  }
  for (const std::size_t room : {2U, 3U, 40U, 160U, 5000U})
    if (!(decode_copy(chunks, newlines, room) == meaning)) return "copied by " + std::to_string(room);
  if (!(decode_in_place(chunks, newlines) == meaning)) return "in place";
  return {};
}

// All forms, for the text as it is and, when asked to, for every cut of it.
void check_all_forms(std::string_view wire, bool cuts = false) {
  for (const bare_newline newlines : {bare_newline::refuse, bare_newline::keep}) {
    const decoded meaning = support::decode_by_definition(wire, newlines);
    const std::string differs = form_that_differs(support::parts(&wire, 1), newlines, meaning);
    if (!differs.empty()) FAIL_CHECK(support::shown(wire), ": ", differs);
    for (std::size_t at = 0; cuts && at <= wire.size(); ++at) {
      const std::string_view parts[] = {wire.substr(0, at), wire.substr(at)};
      const std::string other = form_that_differs(parts, newlines, meaning);
      if (!other.empty()) FAIL_CHECK(support::shown(wire), " cut at ", at, ": ", other);
    }
  }
}

// `size` octets of lines, short and all with stuffed dots, or one that is long.
std::string lines(std::size_t size, bool dotted) {
  static constexpr std::string_view pattern = "..\r\n.a\r\n.\x80..\r\n..bc\r\n";
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out += dotted ? pattern[i % pattern.size()] : 'x';
  return out;
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

// The same by the other two forms.
constexpr bool decodes_at_once(std::string_view wire, std::string_view content) {
  data_decoder noted, copied;
  std::array<std::string_view, 8> pieces{};
  std::array<char, 64> room{};
  const auto many = noted.decode_into(wire, pieces);
  const auto copy = copied.decode_copy(wire, room);
  std::size_t at = 0;
  for (std::size_t i = 0; i < many.count; ++i) {
    if (content.substr(at, pieces[i].size()) != pieces[i]) return false;
    at += pieces[i].size();
  }
  return at == content.size() && many.used == wire.size() && many.end && copy.bytes == content &&
         copy.used == wire.size() && copy.end;
}
static_assert(decodes_at_once("a\r\n..\r\n.b\r\n.\r\n", "a\r\n.\r\nb\r\n"));

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
  for (std::size_t length = 0; length <= support::longest_string(6); ++length) {
    support::every_string(length, [](std::string_view wire, std::size_t) {
      for (const bare_newline newlines : {bare_newline::refuse, bare_newline::keep}) {
        const decoded meaning = support::decode_by_definition(wire, newlines);
        const std::string differs =
            decode_whole(wire, newlines) == meaning
                ? support::cut_that_differs(wire, [&](support::parts p) { return support::decode(p, newlines); })
                : "whole";
        if (!differs.empty()) FAIL_CHECK(support::shown(wire), ": ", differs);
      }
    });
  }
}

TEST_CASE("decoded piece by piece, many at a time, or copied, it is the same content") {
  for (std::size_t length = 0; length <= support::longest_string(4); ++length)
    support::every_string(length, [](std::string_view wire, std::size_t) { check_all_forms(wire, true); });
}

TEST_CASE("every short string decodes as the definition says at every place of longer lines, and at every alignment") {
  for (std::size_t length = 1; length <= support::longest_string(3); ++length) {
    support::every_string(length, [&](std::string_view middle, std::size_t n) {
      for (std::size_t at = length < 3 ? 0 : n % 3; at < 64; at += length < 3 ? 1 : 3) {
        const bool dotted = (n + at) % 2 == 0;
        std::string wire = lines(at, dotted);
        wire += middle;
        wire += lines(140 - at, !dotted) + "\r\n.\r\nQUIT";
        check_all_forms(aligned_text(wire, at + n).view());
      }
    });
  }
  // Longer ones at one place each.
  for (std::size_t length = 4; length <= 5; ++length) {
    support::every_string(length, [](std::string_view middle, std::size_t n) {
      std::string wire = lines(n % 71, n % 2 == 0);
      wire += middle;
      wire += lines(80, n % 3 == 0) + "\r\n.\r\nQUIT";
      check_all_forms(aligned_text(wire, n % 64).view());
    });
  }
}

TEST_CASE("long bodies where every octet counts decode as the definition says, cut anywhere") {
  std::uint64_t seed = 1;
  const auto dice = [&seed](std::size_t sides) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(seed >> 33) % sides;
  };
  const std::string_view words[] = {"\r\n", "\r\n.", "\r\n..", "\r\n.\r", "\n", "\r", ".", "\r\n.\r\n"};
  for (std::size_t round = 0; round < 640; ++round) {
    std::string wire;
    const std::size_t size = dice(1200), sparse = std::size_t{1} << dice(9), sound = 3 + dice(6);
    while (wire.size() < size) {
      wire.append(dice(sparse), "xy\x80"[dice(3)]);
      // Most rounds know sound lines only, and some no end.
      wire += words[dice(round % 4 != 0 ? sound - 2 : sound) % std::size(words)];
    }
    wire += "\r\n.\r\nQUIT";
    const aligned_text text(wire, round);
    check_all_forms(text.view());
    std::size_t cut = dice(wire.size());
    const std::string_view parts[] = {text.view().substr(0, cut), text.view().substr(cut, 70),
                                      text.view().substr(std::min(cut + 70, wire.size()))};
    for (const bare_newline newlines : {bare_newline::refuse, bare_newline::keep}) {
      const std::string differs = form_that_differs(parts, newlines, support::decode_by_definition(wire, newlines));
      if (!differs.empty()) FAIL_CHECK(support::shown(wire), " cut at ", cut, ": ", differs);
    }
  }
}

TEST_CASE("long bodies decode as the definition says at every distance from a block's edge, and where memory ends") {
  // The rare octets stand at every place of texts that are longer than several blocks.
  const std::string_view marks[] = {"\r\n", "\r\n.",  "\r\n..", "\r\n.\r\n", "\n",
                                    "\r",   "\r\r\n", "\n.",    "\r\n.\r",   "."};
  for (const std::string_view mark : marks) {
    for (std::size_t at = 0; at < 150; ++at) {
      std::string wire(at, 'x');
      wire += mark;
      wire.append(200 - at, 'y');
      wire += "\r\n.\r\nQUIT";
      check_all_forms(support::guard_page(wire, support::guarded_side::right).view());
      check_all_forms(support::guard_page(wire, support::guarded_side::left).view());
      check_all_forms(support::guard_page(wire.substr(0, at + mark.size()), support::guarded_side::right).view());
    }
  }
  for (std::size_t size = 0; size <= 260; ++size) {
    for (const bool dotted : {false, true}) {
      check_all_forms(support::guard_page(lines(size, dotted), support::guarded_side::right).view());
      check_all_forms(support::guard_page(lines(size, dotted), support::guarded_side::left).view());
    }
  }
}

TEST_CASE("where there is no room, nothing is taken, and the end is reported all the same") {
  data_decoder decoder;
  char room[2];
  CHECK(decoder.decode_into("a\r\n", {}).used == 0);
  CHECK(decoder.decode_copy("a\r\n", std::span<char>()).used == 0);
  CHECK(decoder.decode_copy("a\r\n", std::span(room, 1)).used == 0);
  CHECK(decoder.decode_copy("a\r\n", room).bytes == "a");
  CHECK(decoder.decode_copy("\r\n", room).used == 1);
  CHECK(decoder.decode_copy("\n.\r\n", room).bytes == "\r\n");
  CHECK(decoder.decode_copy(".\r\n", room).used == 1);
  CHECK(decoder.decode_copy("\r\n", room).used == 1);
  CHECK(decoder.decode_copy("\n", room).end);
  CHECK(decoder.decode_into("QUIT", {}).end);
  CHECK(decoder.decode_copy("QUIT", room).end);
  CHECK(decoder.decode_copy("QUIT", room).used == 0);
  CHECK(decoder.size() == 3);
}
