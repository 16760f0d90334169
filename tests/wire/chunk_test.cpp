#include "sansmtp/wire/chunk.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "support/every_cut.hpp"

using sansmtp::chunk_reader;

TEST_CASE("a chunk is exactly its octets, whatever they are, and what follows is left") {
  // RFC 3030 2: no octet of a chunk has a meaning of its own.
  const std::string_view octets = "a\r\n.\r\nRSET\r\n";
  const auto read = [](support::parts parts) {
    chunk_reader chunk(6, true);
    std::string out;
    for (std::string_view part : parts) {
      while (!part.empty() && chunk.remaining() != 0) {
        const auto piece = chunk.take(part);
        out += piece;
        part.remove_prefix(piece.size());
      }
      out += '|';
      out += part;
    }
    std::erase(out, '|');
    return out + (chunk.remaining() == 0 ? " whole" : " partial");
  };
  CHECK(read(support::parts(&octets, 1)) == "a\r\n.\r\nRSET\r\n whole");
  CHECK(support::cut_that_differs(octets, read) == "");
  CHECK(chunk_reader(6, false).take(octets) == "a\r\n.\r\n");
}

TEST_CASE("a chunk may be empty, the last too") {
  chunk_reader chunk;
  chunk.begin(0, true);
  CHECK(chunk.remaining() == 0);
  CHECK(chunk.last());
  CHECK(chunk.take("QUIT\r\n").empty());
}

TEST_CASE("a chunk of the largest size counts down without wrapping") {
  chunk_reader chunk;
  chunk.begin(std::numeric_limits<std::uint64_t>::max(), false);
  CHECK(chunk.take("abc") == "abc");
  CHECK(chunk.remaining() == std::numeric_limits<std::uint64_t>::max() - 3);
  CHECK_FALSE(chunk.last());
}
