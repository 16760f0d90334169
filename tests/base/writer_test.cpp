#include "sansmtp/base/writer.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

using sansmtp::errc;
using sansmtp::output_buffer;
using sansmtp::writer;

namespace {

constexpr bool writes_in_a_constant_expression() {
  output_buffer<8> out;
  const bool good = writer::draft(out).put("ab").put('c').put_number(42).commit().has_value();
  return good && out.written() == "abc42";
}
static_assert(writes_in_a_constant_expression());

}  // namespace

TEST_CASE("a draft is kept whole or not at all") {
  std::array<char, 5> room{};
  writer out{std::span<char>(room)};
  CHECK(writer::draft(out).put("abc").commit());
  CHECK(out.written() == "abc");

  const auto full = writer::draft(out).put('d').put("ef").commit();
  REQUIRE_FALSE(full);
  CHECK(full.error().code == errc::output_full);
  CHECK(out.written() == "abc");
  CHECK(out.room() == 2);

  // A short piece behind one that did not fit does not rescue the draft.
  CHECK_FALSE(writer::draft(out).put("defg").put('h').commit());
  CHECK(out.written() == "abc");

  CHECK(writer::draft(out).put("de").commit());
  CHECK(out.written() == "abcde");
  CHECK(out.room() == 0);
  CHECK(writer::draft(out).commit());
  CHECK_FALSE(writer::draft(out).put('f').commit());
}

TEST_CASE("a draft that is not committed leaves the writer as it was") {
  output_buffer<8> out;
  {
    writer::draft line(out);
    line.put("abc");
    CHECK(line.text() == "abc");
    CHECK(line.size() == 3);
  }
  CHECK(out.empty());
}

TEST_CASE("what has left is dropped, and the rest comes first") {
  output_buffer<8> out;
  CHECK(writer::draft(out).put("abcdef").commit());
  out.drop(2);
  CHECK(out.written() == "cdef");
  CHECK(out.room() == 4);
  out.drop(99);
  CHECK(out.empty());
}

TEST_CASE("octets can be put straight into the free space") {
  output_buffer<4> out;
  CHECK(writer::draft(out).put('a').commit());
  out.space()[0] = 'b';
  out.commit(1);
  CHECK(out.written() == "ab");
  out.commit(99);
  CHECK(out.written().size() == 4);
  out.clear();
  CHECK(out.empty());
}

TEST_CASE("numbers are written in decimal, up to the largest") {
  struct row {
    std::uint64_t number;
    std::string_view text;
  };
  const row rows[] = {{0, "0"},
                      {9, "9"},
                      {10, "10"},
                      {1000, "1000"},
                      {std::numeric_limits<std::uint64_t>::max(), "18446744073709551615"}};
  for (const row& r : rows) {
    output_buffer<20> out;
    CHECK(writer::draft(out).put_number(r.number).commit());
    CHECK(out.written() == r.text);
    if (r.text.size() == 1) continue;
    std::array<char, 20> room{};
    writer narrow(std::span<char>(room).first(r.text.size() - 1));
    CHECK_FALSE(writer::draft(narrow).put_number(r.number).commit());
    CHECK(narrow.empty());
  }
}

TEST_CASE("the room of a writer and what was written make its capacity, whatever happens") {
  output_buffer<8> out;
  CHECK(out.capacity() == 8);
  CHECK(writer::draft(out).put("abc").commit());
  CHECK(out.capacity() == 8);
  CHECK(out.room() == 5);
  CHECK_FALSE(writer::draft(out).put("defghi").commit());
  CHECK(out.room() == 5);
  out.drop(1);
  CHECK(out.capacity() == 8);
  CHECK(out.room() == 6);
  CHECK(writer(std::span<char>()).capacity() == 0);
}
