// glance: a Dot-string or a Domain of the usual sort, told by one look at a few dozen octets.
//
// Nearly every address is letters, digits and a few marks, with dots between (RFC 5321 4.1.2). Of such
// text a register's width at a time is sorted into sets, a bit for each octet, and the grammar of the
// dots is a question of neighbouring bits. A glance only ever says yes; what it is not sure of (UTF-8,
// rare octets, faults, long or very short text) the grammars read octet by octet, and they define what is right.

#ifndef SANSMTP_GRAMMAR_GLANCE_HPP
#define SANSMTP_GRAMMAR_GLANCE_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "sansmtp/base/block.hpp"

namespace sansmtp {

class glance {
 public:
  static constexpr std::size_t reach = 64;  // octets that are looked at, at most

  // Looks at the text from there on, up to the block in which an octet of no interest stands.
  // In constant evaluation, and at text that fills no block, it sees nothing.
  [[gnu::always_inline]] constexpr glance(std::string_view text, std::size_t from) noexcept {
    if (!std::is_constant_evaluated() && text.size() >= block::width && block::width > 1) look(text, from);
  }

  // Atom *("." Atom): its length; 0 when there is none of the usual sort, or its end was not seen.
  [[gnu::always_inline]] constexpr std::size_t dot_string(std::size_t from) const noexcept {
    const std::uint64_t atext = let_dig_ | hyphen_ | mark_;
    return dotted(atext, atext, from);
  }

  // sub-domain *("." sub-domain), none of them over 63 octets: likewise.
  [[gnu::always_inline]] constexpr std::size_t domain(std::size_t from) const noexcept {
    return dotted(let_dig_ | hyphen_, let_dig_, from);
  }

 private:
  using block = scan::fast_block;

  // The length of the words from there on, parted by dots. What stands at either end of all, and beside
  // a dot, must be one of `edge`: so no word is empty, and none of a domain begins or ends with "-".
  [[gnu::always_inline]] constexpr std::size_t dotted(std::uint64_t word, std::uint64_t edge,
                                                      std::size_t from) const noexcept {
    from += skip_;
    word >>= from;
    edge >>= from;
    const std::uint64_t dot = dot_ >> from, inside = word | dot;
    const std::uint64_t seen = inside ^ (inside + 1);  // the words and dots, and the octet behind them
    const std::uint64_t breaks = (dot | ~inside) & seen;
    const std::uint64_t wrong = (breaks & ~(edge << 1)) | (((breaks << 1) | 1) & seen & ~edge);
    const auto length = static_cast<std::size_t>(std::countr_one(inside));
    return wrong == 0 && from + length + 1 < reach ? length : 0;
  }

  // The last block ends where the text ends: it may begin before the place that is looked at, and shows
  // some octets again.
  [[gnu::always_inline]] constexpr void look(std::string_view text, std::size_t from) noexcept {
    const std::size_t last = text.size() - block::width, first = from < last ? from : last;
    skip_ = from - first;
    for (std::size_t seen = 0; seen < reach && first + seen < text.size(); seen += block::width) {
      const std::size_t at = first + seen < last ? first + seen : last, place = at - first;
      const block here = block::load(text.data() + at);
      let_dig_ |= (here.between('0', '9') | here.with_bits(0x20).between('a', 'z')).bits() << place;
      dot_ |= here.equal('.').bits() << place;
      hyphen_ |= here.equal('-').bits() << place;
      mark_ |= (here.equal('_') | here.equal('+') | here.equal('=')).bits() << place;
      if (here.equal('>').any()) break;
    }
  }

  std::size_t skip_ = 0;  // octets before the first that matters; the sets begin with them
  std::uint64_t let_dig_ = 0;
  std::uint64_t dot_ = 0;
  std::uint64_t hyphen_ = 0;
  std::uint64_t mark_ = 0;  // "_", "+" and "=": with letters, digits and "-" the usual octets of an Atom
};

}  // namespace sansmtp

#endif
