// Scanning: the next octet that can end something, found many octets at a time.
//
// A line's end and a message's end are looked for in every octet that arrives, so this decides
// the speed of the whole. There is one algorithm, over blocks (block.hpp): groups of 64 octets
// while there are any, single blocks behind them, and where less than a block is left, the block
// that ends with the text; a text shorter than a block is looked at octet by octet. No octet
// outside of the text is ever read.

#ifndef SANSMTP_BASE_SCAN_HPP
#define SANSMTP_BASE_SCAN_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "sansmtp/base/block.hpp"

namespace sansmtp {

namespace scan {

// What is looked for. `behind` is how many octets behind a place must be seen to judge it.
struct cr_or_lf {
  static constexpr std::size_t behind = 0;
  template <class Block>
  static constexpr Block match(const char* at) noexcept {
    const Block here = Block::load(at);
    return here.equal('\r') | here.equal('\n');
  }
};

struct low {  // any control below 32
  static constexpr std::size_t behind = 0;
  template <class Block>
  static constexpr Block match(const char* at) noexcept {
    return Block::load(at).at_most(31);
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

// In a body: a CR that no LF follows, or the octet before a LF when it is no CR.
struct lone_newline {
  static constexpr std::size_t behind = 1;
  template <class Block>
  static constexpr Block match(const char* at) noexcept {
    return Block::load(at).equal('\r') ^ Block::load(at + 1).equal('\n');
  }
};

// In a body: the octet before LF and dot, which is a CR where no lone newline matches.
struct line_dot {
  static constexpr std::size_t behind = 2;
  template <class Block>
  static constexpr Block match(const char* at) noexcept {
    return Block::load(at + 1).equal('\n') & Block::load(at + 2).equal('.');
  }
};

// Octets that are judged together, and with the bits of one word.
inline constexpr std::size_t group = 64;

// The answers of a group of octets, and what is common to them: kept apart until they are needed.
template <class Block, class Pattern>
struct group_answers {
  static constexpr std::size_t blocks = group / Block::width;
  Block answers[blocks];

  static constexpr group_answers of(const char* octets) noexcept {
    group_answers made{};
    for (std::size_t i = 0; i < blocks; ++i)
      made.answers[i] = Pattern::template match<Block>(octets + i * Block::width);
    return made;
  }
  constexpr Block together() const noexcept {
    Block all = answers[0];
    for (std::size_t i = 1; i < blocks; ++i) all = all | answers[i];
    return all;
  }
  constexpr std::uint64_t bits() const noexcept {
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < blocks; ++i) all |= answers[i].bits() << (i * Block::width);
    return all;
  }
};

template <class Pattern, class Other>
struct either {
  static constexpr std::size_t behind = Pattern::behind > Other::behind ? Pattern::behind : Other::behind;
  template <class Block>
  static constexpr Block match(const char* at) noexcept {
    return Pattern::template match<Block>(at) | Other::template match<Block>(at);
  }
};

// Where a body needs a closer look.
using line_edge = either<lone_newline, line_dot>;

// How many of the octets at `at` make whole groups without a match, of at most `most` octets.
template <class Block, class Pattern>
constexpr std::size_t groups_without(const char* at, std::size_t most) noexcept {
  std::size_t without = 0;
  while (without + group <= most && !group_answers<Block, Pattern>::of(at + without).together().any()) without += group;
  return without;
}

// The first match at or behind `from`, or, without one, the first place that was not judged.
template <class Block, class Pattern>
constexpr std::size_t advance(std::string_view text, std::size_t from) noexcept {
  const char* const octets = text.data();
  const std::size_t end = text.size() < Pattern::behind ? 0 : text.size() - Pattern::behind;
  if (from >= end) return from;
  if constexpr (Block::width != 1) {
    // An octet that ends a line lies mostly some blocks away: one branch tells it of a group. Of a body's edges many
    // may lie side by side, so blocks alone are looked at first. Then whole groups while there is nothing.
    const std::size_t close = end - from < group ? end : from + group;
    if (Pattern::behind == 0 && close != end) {
      if (const std::uint64_t bits = group_answers<Block, Pattern>::of(octets + from).bits(); bits != 0)
        return from + static_cast<std::size_t>(std::countr_zero(bits));
      from = close;
    }
    for (; from + Block::width <= close; from += Block::width)
      if (const std::uint64_t bits = Pattern::template match<Block>(octets + from).bits(); bits != 0)
        return from + static_cast<std::size_t>(std::countr_zero(bits));
    if (close != end) {
      from += groups_without<Block, Pattern>(octets + from, end - from);
      for (; from + Block::width <= end; from += Block::width)
        if (const std::uint64_t bits = Pattern::template match<Block>(octets + from).bits(); bits != 0)
          return from + static_cast<std::size_t>(std::countr_zero(bits));
    }
    if (from == end || end < Block::width) return from;
    const std::size_t seen = Block::width - (end - from);
    const std::uint64_t bits = Pattern::template match<Block>(octets + (end - Block::width)).bits() >> seen;
    return bits == 0 ? end : from + static_cast<std::size_t>(std::countr_zero(bits));
  } else {
    while (from < end && !Pattern::template match<Block>(octets + from).any()) ++from;
    return from;
  }
}

template <class Pattern>
constexpr std::size_t find(std::string_view text, std::size_t from) noexcept {
  // Fast blocks judge all of a text that has room for one.
  if (!std::is_constant_evaluated() && text.size() >= fast_block::width + Pattern::behind)
    return advance<fast_block, Pattern>(text, from);
  if constexpr (!std::is_same_v<short_block, fast_block>) {  // not reached: but where the fast block is the wider one
    if (!std::is_constant_evaluated() && text.size() >= short_block::width + Pattern::behind)
      return advance<short_block, Pattern>(text, from);
  }
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
  const auto follows = [text](std::size_t at, char c) { return at + 1 < text.size() && text[at + 1] == c; };
  if (follows(from, '.') && text[from] == '\n') return from;
  const std::size_t at = scan::find<scan::line_edge>(text, from);
  const bool lone = at + 1 >= text.size() || (text[at] == '\r') != follows(at, '\n');
  return lone ? at : at + 1;
}

}  // namespace sansmtp

#endif
