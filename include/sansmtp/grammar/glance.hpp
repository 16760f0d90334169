// glance: a Mailbox or a Domain of the usual sort, told by one look at a few dozen octets.
//
// Nearly every address is letters, digits and a few marks that stand alone, with dots between (RFC 5321
// 4.1.2). Of such text a register's width at a time is sorted into sets, a bit for each octet, and what the
// grammar asks is asked of the sets. A glance only ever says yes; what it is not sure of (UTF-8, quotes, marks
// side by side, faults, long or very short text) the grammars read octet by octet, and they define what is right.

#ifndef SANSMTP_GRAMMAR_GLANCE_HPP
#define SANSMTP_GRAMMAR_GLANCE_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "sansmtp/base/block.hpp"
#include "sansmtp/base/fast_paths.hpp"

namespace sansmtp {

class glance {
 public:
  static constexpr std::size_t reach = 64;  // octets that are looked at, at most

  // Looks at the text from there on, up to the block in which a ">" stands. In constant evaluation, and at
  // text that fills no block, it sees nothing.
  SANSMTP_INLINED constexpr glance(std::string_view text, std::size_t from) noexcept {
    if (fast_paths && !std::is_constant_evaluated() && text.size() >= block::width && block::width > 1)
      look(text, from);
  }

  // sub-domain *("." sub-domain), none of them over 63 octets: its length; 0 when there is none of the usual
  // sort, or its end was not seen.
  SANSMTP_INLINED constexpr std::size_t domain() const noexcept {
    return usual_up_to(static_cast<std::size_t>(std::countr_one(domain_)));
  }

  // Atom *("." Atom) "@" sub-domain *("." sub-domain): where "@" stands, and the length of all; 0 likewise.
  struct extent {
    std::size_t at, length;
  };
  SANSMTP_INLINED constexpr extent mailbox() const noexcept {
    const std::uint64_t at_sign = at_sign_ & (~at_sign_ + 1), before = at_sign - 1;  // the first of them
    const bool local = at_sign != 0 && (before & ~local_) == 0;
    const auto length = static_cast<std::size_t>(std::countr_one(domain_ | at_sign | before));
    return {static_cast<std::size_t>(std::countr_zero(at_sign)), local ? usual_up_to(length) : 0};
  }

 private:
  using block = scan::short_block;

  // The length itself, if dots, marks and "@" up to there, and what stands behind, all have letters or digits
  // on both sides: so no word is empty, and no label begins or ends with "-".
  SANSMTP_INLINED constexpr std::size_t usual_up_to(std::size_t length) const noexcept {
    if (length + 1 >= reach) return 0;
    const std::uint64_t side_by_side = (let_dig_ << 1) | let_dig_;  // a bit is missing where two others meet
    const std::uint64_t whole = (std::uint64_t{2} << length) - 1;
    return (~side_by_side & whole) == 0 ? length : 0;
  }

  // The last block ends where the text ends: it may show octets that were seen, or that stand before the place.
  SANSMTP_INLINED constexpr void look(std::string_view text, std::size_t from) noexcept {
    const std::size_t last = text.size() - block::width;
    if (last < from) {
      sort(text.data() + last, [&](block answers) { return answers.bits() >> (from - last); });
      return;
    }
    for (std::size_t seen = 0; seen < reach; seen += block::width) {
      const std::size_t place = from + seen < last ? seen : last - from;
      const bool end = sort(text.data() + from + place, [&](block answers) { return answers.bits() << place; });
      if (end || from + place == last) break;
    }
  }

  // Sorts a block, whose answers `placed` puts into their place; whether it holds a ">".
  template <class Placed>
  SANSMTP_INLINED bool sort(const char* octets, Placed placed) noexcept {
    const block here = block::load(octets);
    const block let_dig = here.between('0', '9') | here.with_bits(0x20).between('a', 'z');
    const block domain = let_dig | here.between('-', '.');
    let_dig_ |= placed(let_dig);
    domain_ |= placed(domain);
    local_ |= placed(domain | here.equal('_') | here.equal('+') | here.equal('='));
    at_sign_ |= placed(here.equal('@'));
    return here.equal('>').any();
  }

  std::uint64_t let_dig_ = 0;
  std::uint64_t domain_ = 0;  // besides: "." and "-"
  std::uint64_t local_ = 0;   // besides: "_", "+" and "=", the usual octets of an Atom
  std::uint64_t at_sign_ = 0;
};

}  // namespace sansmtp

#endif
