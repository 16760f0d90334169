// What is written of a message, by DATA and by chunks, into any room and from content cut anywhere.

#include "sansmtp/wire/message_writer.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "support/every_cut.hpp"

using sansmtp::errc;
using sansmtp::fault;
using sansmtp::message_writer;
using sansmtp::newline_repair;
using sansmtp::writer;

namespace {

// Octets that were taken; more than any when it was refused.
std::size_t taken(sansmtp::result<std::size_t> written) { return written ? *written : SIZE_MAX; }

// The message as it is written into rooms of so many octets each.
std::string by_data(support::parts parts, std::size_t room, newline_repair newlines = newline_repair::refuse) {
  message_writer message(newlines);
  message.begin_data();
  std::string wire;
  std::array<char, 64> octets{};
  for (std::string_view part : parts)
    while (!part.empty()) {
      writer out{std::span<char>(octets.data(), room)};
      const auto used = message.data(part, out);
      if (!used || *used == 0) return wire + "(refused)";
      wire += out.written();
      part.remove_prefix(*used);
    }
  writer out{octets};
  if (!message.finish(out)) return wire + "(unterminated)";
  return wire + std::string(out.written());
}

// A message by DATA that has begun, and room for what is written of it.
template <std::size_t Room = 64>
struct begun {
  message_writer message{newline_repair::refuse};
  std::array<char, Room> octets{};
  writer out{octets};

  begun() { message.begin_data(); }
  begun(const begun&) = delete;  // `out` writes to its own room
  begun& operator=(const begun&) = delete;

  std::size_t data(std::string_view content) { return taken(message.data(content, out)); }
  std::string_view written() const { return out.written(); }
};

}  // namespace

TEST_CASE("a message by DATA is the same in any room and however it comes (RFC 5321 4.5.2)") {
  const std::string_view content = ".a\r\n\r\n..\r\nb\r\n";
  for (std::size_t room = 3; room <= 64; ++room) {
    CAPTURE(room);
    const auto in_this_room = [&](support::parts parts) { return by_data(parts, room); };
    CHECK(in_this_room(support::parts(&content, 1)) == "..a\r\n\r\n...\r\nb\r\n.\r\n");
    CHECK(support::cut_that_differs(content, in_this_room) == "");
  }
}

TEST_CASE("in less room than the encoder needs nothing is taken, and nothing written") {
  begun<2> m;
  CHECK(m.data("a") == 0);
  CHECK(m.written().empty());
}

TEST_CASE("a lone CR or LF is found behind what was taken before, and writes nothing (RFC 5321 2.3.8)") {
  begun m;
  REQUIRE(m.data("abc") == 3);
  CHECK(m.message.data("\r\nd\ne", m.out).error() == fault{errc::message_bare_lf, 6});
  CHECK(m.written() == "abc");
  REQUIRE(m.data("\r\n") == 2);  // as if the other had never been tried
  CHECK(m.message.finish(m.out));
  CHECK(m.written() == "abc\r\n.\r\n");

  const std::string_view bare = "a\nb";
  CHECK(by_data(support::parts(&bare, 1), 64, newline_repair::repair) == "a\r\nb\r\n.\r\n");
}

TEST_CASE("the final dot waits for the last line's end and for room, and leaves the message open") {
  begun<8> m;
  REQUIRE(m.data("abcd") == 4);
  CHECK(m.message.finish(m.out).error() == fault{errc::message_unterminated, 4});
  REQUIRE(m.data("\r\n") == 2);
  CHECK(m.message.finish(m.out).error() == fault{errc::output_full, 0});
  CHECK(m.message.in_data());
  std::array<char, 3> more{};
  writer rest{more};
  CHECK(m.message.finish(rest));
  CHECK(rest.written() == ".\r\n");
  m.message.end_data();
  CHECK_FALSE(m.message.in_data());
}

TEST_CASE("a message begun anew remembers nothing of the one before it") {
  begun m;
  REQUIRE(m.data("abandoned") == 9);
  m.message.begin_data();
  m.out = writer{m.octets};
  CHECK(m.message.finish(m.out));
  CHECK(m.written() == ".\r\n");
}

TEST_CASE("a chunk takes its octets as they are, as many as there is room for, and not one too many (RFC 3030 2)") {
  message_writer message(newline_repair::refuse);
  message.begin_chunk(6, true);
  std::array<char, 4> octets{};
  writer out{octets};
  CHECK(message.chunk("\n.\r\n.\r\n", out).error() == fault{errc::chunk_overrun, 0});
  CHECK(out.empty());
  REQUIRE(taken(message.chunk("\n.\r\n..", out)) == 4);
  CHECK(out.written() == "\n.\r\n");
  CHECK(message.in_chunk());
  writer rest{octets};
  CHECK(message.chunk("...", rest).error() == fault{errc::chunk_overrun, 0});
  REQUIRE(taken(message.chunk("..", rest)) == 2);
  CHECK(rest.written() == "..");
  CHECK_FALSE(message.in_chunk());
  CHECK(taken(message.chunk("", rest)) == 0);
}
