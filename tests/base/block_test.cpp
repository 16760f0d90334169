#include "sansmtp/base/block.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>

namespace {

using sansmtp::scan::fast_block;
using sansmtp::scan::plain_block;

// A block of one octet over and over, and the bits when all of its octets answer yes.
template <class Block>
Block filled(unsigned octet) {
  std::array<char, Block::width> octets;
  octets.fill(static_cast<char>(static_cast<unsigned char>(octet)));
  return Block::load(octets.data());
}
template <class Block>
constexpr std::uint64_t all = ~std::uint64_t{0} >> (64 - Block::width);

// Whether a question has this answer in every octet of the block.
template <class Block>
bool says(Block answer, bool yes) {
  return answer.bits() == (yes ? all<Block> : 0) && answer.any() == yes;
}

template <class Block>
void check_comparisons() {
  for (unsigned c = 0; c < 256; ++c) {
    CAPTURE(c);
    const Block here = filled<Block>(c);
    CHECK(says(here.equal('\n'), c == 10));
    CHECK(says(here.at_most(31), c <= 31));
    CHECK(says(here.at_most(255), true));
    CHECK(says(here.between('0', '9'), '0' <= c && c <= '9'));
    CHECK(says(here.between(0, 0), c == 0));
    CHECK(says(here.between(0x7F, 0xFF), c >= 0x7F));
    CHECK(says(here.between(0x80, 0xBF), 0x80 <= c && c <= 0xBF));
    CHECK(says(here.with_bits(0x20).between('a', 'z'), (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')));
    CHECK(says(here.with_bits(0xFF).equal('\xFF'), true));
  }
}

template <class Block>
void check_answers() {
  const Block yes = filled<Block>('x').equal('x'), no = filled<Block>('x').equal('y');
  CHECK(says(yes | no, true));
  CHECK(says(no | no, false));
  CHECK(says(yes & yes, true));
  CHECK(says(yes & no, false));
  CHECK(says(yes ^ no, true));
  CHECK(says(yes ^ yes, false));
  CHECK(says(yes.without(no), true));
  CHECK(says(yes.without(yes), false));
  CHECK(says(no.without(yes), false));
}

}  // namespace

TEST_CASE("every octet is compared as numbers are, by one octet at a time and by as many as there are") {
  check_comparisons<plain_block>();
  check_comparisons<fast_block>();
}

TEST_CASE("answers are joined as yes and no are") {
  check_answers<plain_block>();
  check_answers<fast_block>();
}

TEST_CASE("each octet of a block answers for itself, the first in the lowest bit") {
  std::array<char, fast_block::width> octets;
  for (std::size_t odd = 0; odd < octets.size(); ++odd) {
    octets.fill('a');
    octets[odd] = '\r';
    CHECK(fast_block::load(octets.data()).equal('\r').bits() == std::uint64_t{1} << odd);
  }
}
