// kept<T>: a grammar value together with its octets, inline, for one who must outlive the buffer.
//
// Everything that the library hands out borrows from the caller's buffer. kept<T> copies the octets of
// one value, T::max_octets at the most, so a server can hold its reverse-path until the message ends.
// It is plain data: copied, moved and thrown away like a number.

#ifndef SANSMTP_GRAMMAR_KEPT_HPP
#define SANSMTP_GRAMMAR_KEPT_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/quirks.hpp"

namespace sansmtp {

template <class T>
class kept {
 public:
  constexpr explicit kept(const T& value) noexcept { *this = value; }

  constexpr kept& operator=(const T& value) noexcept {
    const std::string_view text = value.text();  // never above max_octets: parse saw to it
    size_ = static_cast<std::uint16_t>(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) octets_[i] = text[i];
    return *this;
  }

  constexpr std::string_view text() const noexcept { return {octets_.data(), size_}; }

  // The value again, borrowing from this object. It is parsed anew, with every quirk, since one of them may have
  // been needed the first time: linear in its length, so get it once and use it. Only octets are
  // kept: whether a hello_name is conforming, or a host, hung on the line and the quirks, so ask the value itself.
  constexpr T get() const noexcept { return *T::parse(text(), quirks::all); }

 private:
  static_assert(T::max_octets <= 0xFFFF);
  std::array<char, T::max_octets> octets_{};
  std::uint16_t size_ = 0;
};

}  // namespace sansmtp

#endif
