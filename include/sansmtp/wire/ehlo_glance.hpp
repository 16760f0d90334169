// ehlo_glance: a line of an EHLO reply of the usual sort, told by one look at a few dozen octets.
//
// Nearly every line is a keyword, or a keyword and words behind it with one SP before each (RFC 5321
// 4.1.1.1). Of such a line a register's width at a time is sorted into sets, a bit for each octet, and
// where the words end is a question of neighbouring bits. A glance only ever says yes; what it is not
// sure of, ehlo_line reads octet by octet, and defines what is right.

#ifndef SANSMTP_WIRE_EHLO_GLANCE_HPP
#define SANSMTP_WIRE_EHLO_GLANCE_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "sansmtp/base/block.hpp"
#include "sansmtp/base/fast_paths.hpp"

namespace sansmtp {

class ehlo_glance {
 public:
  static constexpr std::size_t reach = 64;  // octets that must be there to be looked at, of the line or behind it

  // Where the keyword of the line ends at the latest, at SP, HTAB or a control; 31 if there is none so near.
  static constexpr std::size_t keyword_end(const char* line) noexcept;

  // Looks at a line, which begins there without its code, up to its CR.
  constexpr explicit ehlo_glance(const char* line) noexcept;

  // Octets of the line, without CRLF; `reach` when its end is not in sight.
  SANSMTP_INLINED constexpr std::size_t size() const noexcept {
    return static_cast<std::size_t>(std::countr_zero(end_));
  }

  // Whether the octets before there are an ehlo-keyword.
  SANSMTP_INLINED constexpr bool is_keyword(std::size_t to) const noexcept {
    return to != 0 && (between(0, to) & ~(let_dig_ | hyphen_)) == 0 && (let_dig_ & 1U) != 0;
  }

  // Whether letters, digits, "-" and "_" alone stand from the one place to before the other.
  SANSMTP_INLINED constexpr bool is_name(std::size_t from, std::size_t to) const noexcept {
    return (between(from, to) & ~(let_dig_ | hyphen_ | underscore_)) == 0;
  }

  // Whether 1*(SP ehlo-param) stand from there on to the end of the line.
  SANSMTP_INLINED constexpr bool has_parameters(std::size_t from) const noexcept {
    const std::uint64_t inside = between(from, size()), separators = (space_ & inside) | end_;
    return end_ != 0 && ((space_ >> from) & 1U) != 0 && (inside & ~(space_ | vchar_)) == 0 &&
           (separators & (separators << 1)) == 0;
  }

  // Where the parameter ends that begins there.
  SANSMTP_INLINED constexpr std::size_t parameter_end(std::size_t from) const noexcept {
    return from + static_cast<std::size_t>(std::countr_zero((space_ | end_) >> from));
  }

 private:
  // The places from there to before there, each less than `reach`.
  SANSMTP_INLINED static constexpr std::uint64_t between(std::size_t from, std::size_t to) noexcept {
    return (std::uint64_t{1} << (to % reach)) - (std::uint64_t{1} << (from % reach));
  }

  template <class Block>
  static constexpr std::size_t end_of_word(const char* line) noexcept;
  template <class Block>
  constexpr void look(const char* line) noexcept;

  std::uint64_t let_dig_ = 0;
  std::uint64_t hyphen_ = 0;
  std::uint64_t underscore_ = 0;
  std::uint64_t vchar_ = 0;
  std::uint64_t space_ = 0;
  std::uint64_t end_ = 0;
};

template <class Block>
SANSMTP_INLINED constexpr std::size_t ehlo_glance::end_of_word(const char* line) noexcept {
  std::uint64_t ends = std::uint64_t{1} << 31;
  for (std::size_t i = 0; i < 32; i += Block::width) ends |= Block::load(line + i).at_most(32).bits() << i;
  return static_cast<std::size_t>(std::countr_zero(ends));
}

template <class Block>
SANSMTP_INLINED constexpr void ehlo_glance::look(const char* line) noexcept {
  for (std::size_t i = 0; i < reach && end_ == 0; i += Block::width) {
    const Block here = Block::load(line + i);
    let_dig_ |= (here.with_bits(0x20).between('a', 'z') | here.between('0', '9')).bits() << i;
    hyphen_ |= here.equal('-').bits() << i;
    underscore_ |= here.equal('_').bits() << i;
    vchar_ |= here.between(33, 126).bits() << i;
    space_ |= here.equal(' ').bits() << i;
    end_ |= here.equal('\r').bits() << i;
  }
  end_ &= ~end_ + 1;  // the first alone
}

SANSMTP_INLINED constexpr std::size_t ehlo_glance::keyword_end(const char* line) noexcept {
  if (std::is_constant_evaluated()) return end_of_word<scan::plain_block>(line);
  return end_of_word<scan::fast_block>(line);
}

SANSMTP_INLINED constexpr ehlo_glance::ehlo_glance(const char* line) noexcept {
  if (std::is_constant_evaluated())
    look<scan::plain_block>(line);
  else
    look<scan::fast_block>(line);
}

}  // namespace sansmtp

#endif
