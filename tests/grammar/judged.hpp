// judged: what a parse said, as text that a failing test can print.

#ifndef SANSMTP_TESTS_GRAMMAR_JUDGED_HPP
#define SANSMTP_TESTS_GRAMMAR_JUDGED_HPP

#include <string>
#include <string_view>

#include "sansmtp/base/fault.hpp"
#include "sansmtp/base/result.hpp"

namespace support {

inline std::string judged(sansmtp::fault f) {
  return std::string(sansmtp::facts(f).sentence) + " @" + std::to_string(f.at);
}

inline std::string judged(sansmtp::errc code, std::size_t at) {
  return judged(sansmtp::fault{code, static_cast<std::uint32_t>(at)});
}

template <class T>
std::string judged(const sansmtp::result<T>& r) {
  return r ? "taken" : judged(r.error());
}

// A text and the octet of it that is at fault.
struct refused_row {
  std::string_view text;
  sansmtp::errc why;
  std::size_t at;
};

// `before`, the octet, `behind`.
inline std::string around(std::string_view before, unsigned octet, std::string_view behind = {}) {
  std::string text(before);
  text += static_cast<char>(static_cast<unsigned char>(octet));
  text += behind;
  return text;
}

constexpr bool letter(unsigned c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool digit(unsigned c) { return c >= '0' && c <= '9'; }

}  // namespace support

#endif
