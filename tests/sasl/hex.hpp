// hex: digests as tests write them down.

#ifndef SANSMTP_TESTS_SASL_HEX_HPP
#define SANSMTP_TESTS_SASL_HEX_HPP

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "sansmtp/base/octet.hpp"

namespace support {

inline std::string hex(std::string_view octets) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const char c : octets) {
    const auto u = static_cast<unsigned char>(c);
    text.append(1, digits[u / 16]).append(1, digits[u % 16]);
  }
  return text;
}

template <std::size_t N>
std::string hex(const std::array<char, N>& octets) {
  return hex(std::string_view(octets.data(), N));
}

// For what is compared at compile time.
template <std::size_t N>
constexpr bool is_hex(const std::array<char, N>& octets, std::string_view text) {
  if (text.size() != 2 * N) return false;
  for (std::size_t i = 0; i < N; ++i)
    if (static_cast<unsigned char>(octets[i]) !=
        sansmtp::hex_value(text[2 * i]) * 16 + sansmtp::hex_value(text[2 * i + 1]))
      return false;
  return true;
}

}  // namespace support

#endif
