// decoded: the octets that a line of base64 in an RFC's example stands for, at compile time as well.

#ifndef SANSMTP_TESTS_SASL_DECODED_HPP
#define SANSMTP_TESTS_SASL_DECODED_HPP

#include <array>
#include <cstddef>
#include <string_view>

#include "sansmtp/grammar/base64.hpp"

class decoded {
 public:
  constexpr explicit decoded(std::string_view base64) noexcept {
    const auto text = sansmtp::base64_text::parse(base64);
    if (!text) return;
    const auto raw = text->decode(octets_);
    if (raw) size_ = raw->size();
  }

  constexpr std::string_view view() const noexcept { return {octets_.data(), size_}; }

 private:
  std::array<char, 1024> octets_{};
  std::size_t size_ = 0;
};

#endif
