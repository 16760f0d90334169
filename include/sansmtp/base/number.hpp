// Decimal numbers off the wire: digits only, no sign, no blanks, never wrapped round.
//
// SIZE=, BDAT and LIMITS all carry 1*DIGIT. A number that does not fit is told apart from text
// that is no number, because what must follow differs: RFC 3030 2 can drain only a size it knows.

#ifndef SANSMTP_BASE_NUMBER_HPP
#define SANSMTP_BASE_NUMBER_HPP

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/result.hpp"

namespace sansmtp {

// 1*DIGIT up to `most`. Faults: number_malformed at the octet, number_too_large at the digit.
constexpr result<std::uint64_t> parse_number(
    std::string_view text, std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) noexcept {
  std::uint64_t n = 0;
  if (text.size() <= 19) {  // as many nines are not over 64 bits: one pass will do
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto d = static_cast<unsigned char>(text[i] - '0');
      if (d > 9) return fault{errc::number_malformed, static_cast<std::uint32_t>(i)};
      n = n * 10 + d;
    }
    if (text.empty()) return fault{errc::number_malformed, 0};
    if (n <= most) return n;
    n = 0;
  }
  const std::size_t digits = span_of(octet_class::digit, text);
  if (digits != text.size()) return fault{errc::number_malformed, static_cast<std::uint32_t>(digits)};
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto d = static_cast<std::uint64_t>(text[i] - '0');
    if (n > most / 10 || d > most - n * 10)
      return fault{errc::number_too_large, static_cast<std::uint32_t>(i)};
    n = n * 10 + d;
  }
  return n;
}

}  // namespace sansmtp

#endif
