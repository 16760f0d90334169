// Scanning: the next octet that can end something, found a block of octets at a time.
//
// A line's end and a message's end are looked for in every octet that arrives, so this decides
// the speed of the whole. There is one algorithm, over a block: one octet in constant evaluation
// and at the end of the text, as many as a register holds elsewhere (SSE2 or AVX2, by what the
// compiler targets). No octet outside of the text is ever read: what is left behind the last
// whole block is looked at one by one.

#ifndef SANSMTP_BASE_SCAN_HPP
#define SANSMTP_BASE_SCAN_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#if defined(__AVX2__)
#include <immintrin.h>
#elif defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#endif

namespace sansmtp {

namespace scan {

// One octet, or in its place the answer to a comparison: the definition that wider blocks follow.
struct plain_block {
  static constexpr std::size_t width = 1;
  unsigned char octet;

  static constexpr plain_block load(const char* from) noexcept { return {static_cast<unsigned char>(*from)}; }
  constexpr plain_block equal(char c) const noexcept { return answer(octet == static_cast<unsigned char>(c)); }
  constexpr plain_block at_most(unsigned char most) const noexcept { return answer(octet <= most); }
  constexpr plain_block without(plain_block other) const noexcept { return answer(octet != 0 && other.octet == 0); }
  friend constexpr plain_block operator|(plain_block a, plain_block b) noexcept {
    return answer((a.octet | b.octet) != 0);
  }
  friend constexpr plain_block operator&(plain_block a, plain_block b) noexcept {
    return answer((a.octet & b.octet) != 0);
  }
  friend constexpr plain_block operator^(plain_block a, plain_block b) noexcept { return answer(a.octet != b.octet); }

  // A bit for each octet of an answer, the first octet's lowest.
  constexpr std::uint64_t bits() const noexcept { return octet; }

 private:
  static constexpr plain_block answer(bool yes) noexcept { return {static_cast<unsigned char>(yes)}; }
};

#if defined(__AVX2__)

struct fast_block {
  static constexpr std::size_t width = 32;
  __m256i octets;

  static fast_block load(const char* from) noexcept {
    return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from))};
  }
  fast_block equal(char c) const noexcept { return {_mm256_cmpeq_epi8(octets, _mm256_set1_epi8(c))}; }
  fast_block at_most(unsigned char most) const noexcept {
    return {_mm256_cmpeq_epi8(_mm256_max_epu8(octets, _mm256_set1_epi8(static_cast<char>(most))),
                              _mm256_set1_epi8(static_cast<char>(most)))};
  }
  fast_block without(fast_block other) const noexcept { return {_mm256_andnot_si256(other.octets, octets)}; }
  friend fast_block operator|(fast_block a, fast_block b) noexcept { return {_mm256_or_si256(a.octets, b.octets)}; }
  friend fast_block operator&(fast_block a, fast_block b) noexcept { return {_mm256_and_si256(a.octets, b.octets)}; }
  friend fast_block operator^(fast_block a, fast_block b) noexcept { return {_mm256_xor_si256(a.octets, b.octets)}; }
  std::uint64_t bits() const noexcept { return static_cast<std::uint32_t>(_mm256_movemask_epi8(octets)); }
};

#elif defined(__SSE2__) || defined(_M_X64)

struct fast_block {
  static constexpr std::size_t width = 16;
  __m128i octets;

  static fast_block load(const char* from) noexcept {
    return {_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))};
  }
  fast_block equal(char c) const noexcept { return {_mm_cmpeq_epi8(octets, _mm_set1_epi8(c))}; }
  fast_block at_most(unsigned char most) const noexcept {
    return {_mm_cmpeq_epi8(_mm_max_epu8(octets, _mm_set1_epi8(static_cast<char>(most))),
                           _mm_set1_epi8(static_cast<char>(most)))};
  }
  fast_block without(fast_block other) const noexcept { return {_mm_andnot_si128(other.octets, octets)}; }
  friend fast_block operator|(fast_block a, fast_block b) noexcept { return {_mm_or_si128(a.octets, b.octets)}; }
  friend fast_block operator&(fast_block a, fast_block b) noexcept { return {_mm_and_si128(a.octets, b.octets)}; }
  friend fast_block operator^(fast_block a, fast_block b) noexcept { return {_mm_xor_si128(a.octets, b.octets)}; }
  std::uint64_t bits() const noexcept { return static_cast<std::uint32_t>(_mm_movemask_epi8(octets)); }
};

#else

using fast_block = plain_block;

#endif

// What is looked for. `behind` is how many octets behind a place must be seen to judge it.
struct cr_or_lf {
  static constexpr std::size_t behind = 0;
  template <class Block>
  static constexpr Block match(const char* at) noexcept {
    const Block here = Block::load(at);
    return here.equal('\r') | here.equal('\n');
  }
};

struct control {
  static constexpr std::size_t behind = 0;
  template <class Block>
  static constexpr Block match(const char* at) noexcept {
    const Block here = Block::load(at);
    return here.at_most(31).without(here.equal('\t'));
  }
};

struct line_edge {
  static constexpr std::size_t behind = 1;
  template <class Block>
  static constexpr Block match(const char* at) noexcept {
    const Block here = Block::load(at);
    const Block next = Block::load(at + 1);
    return (here.equal('\r') ^ next.equal('\n')) | (here.equal('\n') & next.equal('.'));
  }
};

// The first match at or behind `from`, or, without one, where less than a block is left to judge.
template <class Block, class Pattern>
constexpr std::size_t advance(std::string_view text, std::size_t from) noexcept {
  const char* const octets = text.data();
  const std::size_t end = text.size() < Pattern::behind ? 0 : text.size() - Pattern::behind;
  while (from + Block::width <= end) {
    // One block alone, for where matches lie close together, then four a turn while there are none.
    if (const auto bits = Pattern::template match<Block>(octets + from).bits(); bits != 0)
      return from + static_cast<std::size_t>(std::countr_zero(bits));
    from += Block::width;
    for (; from + 4 * Block::width <= end; from += 4 * Block::width) {
      const Block first =
          Pattern::template match<Block>(octets + from) | Pattern::template match<Block>(octets + from + Block::width);
      const Block second = Pattern::template match<Block>(octets + from + 2 * Block::width) |
                           Pattern::template match<Block>(octets + from + 3 * Block::width);
      if ((first | second).bits() == 0) continue;
      if (first.bits() == 0) from += 2 * Block::width;
      break;
    }
  }
  return from;
}

template <class Pattern>
constexpr std::size_t find(std::string_view text, std::size_t from) noexcept {
  if (!std::is_constant_evaluated()) from = advance<fast_block, Pattern>(text, from);
  return advance<plain_block, Pattern>(text, from);
}

}  // namespace scan

// The place of the first CR or LF at or behind `from`; text.size() when there is none.
constexpr std::size_t find_cr_or_lf(std::string_view text, std::size_t from = 0) noexcept {
  return scan::find<scan::cr_or_lf>(text, from);
}

// The place of the first octet below 32 other than HTAB; text.size() when there is none. A line
// ends there, or is spoilt there: one search finds CR, LF, NUL and the rest.
constexpr std::size_t find_control(std::string_view text, std::size_t from = 0) noexcept {
  return scan::find<scan::control>(text, from);
}

// The first place at or behind `from` where a body needs a closer look at the octet and its
// successor: a CR that no LF follows, an octet other than CR before a LF, a LF before a dot.
// Without one the place of the last octet, whose successor cannot be seen yet (`from` if the
// text ends there).
constexpr std::size_t find_line_edge(std::string_view text, std::size_t from = 0) noexcept {
  return scan::find<scan::line_edge>(text, from);
}

}  // namespace sansmtp

#endif
