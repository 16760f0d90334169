// inline_text: up to N octets of text, copied, for what must outlive the message it came in.
//
// A server meets a user's name in one message and needs it behind the next; the caller's buffer has
// moved on by then. Never truncates.

#ifndef SANSMTP_SASL_INLINE_TEXT_HPP
#define SANSMTP_SASL_INLINE_TEXT_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sansmtp {

template <std::size_t N>
class inline_text {
  static_assert(N < 65536);

 public:
  constexpr std::string_view view() const noexcept { return {octets_.data(), size_}; }
  constexpr std::size_t size() const noexcept { return size_; }
  constexpr bool empty() const noexcept { return size_ == 0; }

  // Whether it fits; without that nothing changes.
  constexpr bool append(std::string_view text) noexcept {
    if (text.size() > N - size_) return false;
    for (char c : text) octets_[size_++] = c;
    return true;
  }
  constexpr bool assign(std::string_view text) noexcept {
    if (text.size() > N) return false;
    size_ = 0;
    return append(text);
  }

 private:
  std::array<char, N> octets_{};
  std::uint16_t size_ = 0;
};

}  // namespace sansmtp

#endif
