#include "sansmtp/wire/input_buffer.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <string>
#include <string_view>

using sansmtp::input;
using sansmtp::input_buffer;

namespace {

// Puts as much of `text` in as there is room for.
std::size_t fill(input& in, std::string_view text) {
  const auto space = in.space();
  const std::size_t n = text.size() < space.size() ? text.size() : space.size();
  if (n != 0) std::memcpy(space.data(), text.data(), n);
  if (n != 0) in.commit(n);
  return n;
}

constexpr bool works_in_a_constant_expression() {
  input_buffer<4> in;
  in.space()[0] = 'a';
  in.commit(1);
  in.drop(1);
  in.space()[0] = 'b';
  in.commit(1);
  return in.unread() == "b" && in.space().size() == 3;
}
static_assert(works_in_a_constant_expression());

}  // namespace

TEST_CASE("octets come out as they went in, through room that is shorter than they are") {
  input_buffer<7> in;
  const std::string sent = "The quick brown fox jumps over the lazy dog, twice and more.";
  std::string got;
  std::size_t at = 0;
  for (std::size_t step = 1; got.size() < sent.size(); step = step % 5 + 1) {
    at += fill(in, std::string_view(sent).substr(at));
    const auto taken = in.unread().substr(0, step);
    got += taken;
    in.drop(taken.size());
  }
  CHECK(got == sent);
}

TEST_CASE("as long as not all the room is unread there is space, in one piece") {
  input_buffer<8> in;
  CHECK(fill(in, "abcdefgh") == 8);
  CHECK(in.full());
  CHECK(in.space().empty());
  in.drop(1);
  CHECK_FALSE(in.full());
  CHECK(in.space().size() == 1);
  CHECK(in.unread() == "bcdefgh");
}

TEST_CASE("what is in use stays where it is until it is settled") {
  input_buffer<8> in;
  fill(in, "abcdefgh");
  const std::string_view used = in.unread().substr(0, 6);
  in.use(6);
  CHECK(in.unread() == "gh");
  CHECK(in.space().empty());
  CHECK(used == "abcdef");
  in.settle();
  CHECK(in.space().size() == 6);
  CHECK(in.unread() == "gh");
}

TEST_CASE("a read of nothing means that the peer has ended, but not where there was no room to read into") {
  input_buffer<2> in;
  fill(in, "ab");
  in.commit(in.space().size());
  CHECK_FALSE(in.ended());
  in.drop(2);
  CHECK(in.space().size() == 2);
  in.commit(0);
  CHECK(in.ended());
}

TEST_CASE("counts that are too large are cut to what there is") {
  input_buffer<4> in;
  in.commit(9);
  CHECK(in.unread().size() == 4);
  in.drop(9);
  CHECK(in.unread().empty());
}
