// Secrets: compared in constant time, printed redacted, and wiped so that no optimiser drops it.
//
// secret is a view of octets that must not show; it borrows them. wiped<T> and kept_secret<N> hold
// octets of their own and overwrite them when they go. What a compiler spilled beside them is
// overwritten by burn_stack(), which every mechanism calls behind a computation with a password.

#ifndef SANSMTP_SASL_SECRET_HPP
#define SANSMTP_SASL_SECRET_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/result.hpp"

namespace sansmtp {

// Overwrites with zeros. The empty asm is told that somebody may read the memory, so the stores
// stay, also under link-time optimisation; a compiler without it writes through volatile.
template <class T, std::size_t Extent>
requires std::is_arithmetic_v<T>
constexpr void wipe(std::span<T, Extent> elements) noexcept {
#if !defined(__GNUC__)
  if (!std::is_constant_evaluated()) {
    volatile T* const at = elements.data();
    for (std::size_t i = 0; i < elements.size(); ++i) at[i] = T{};
    return;
  }
#endif
  for (T& element : elements) element = T{};
#if defined(__GNUC__)
  if (!std::is_constant_evaluated()) asm volatile("" : : "r"(elements.data()) : "memory");
#endif
}

template <class T, std::size_t N>
constexpr void wipe(std::array<T, N>& elements) noexcept {
  wipe(std::span<T, N>(elements));
}

// Whether the octets are the same, in a time that depends on their number alone. The numbers
// themselves are no secret.
constexpr bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned>(static_cast<unsigned char>(b[i]));
#if defined(__GNUC__)
    // The compiler can not know what it is now, so it can not leave early.
    if (!std::is_constant_evaluated()) asm volatile("" : "+r"(difference));
#endif
  }
  return difference == 0;
}

// Overwrites the stack below its caller: the frames of what the caller called just before.
[[gnu::noinline]] inline void overwrite_stack() noexcept {
  std::array<char, limits::burnt_stack> below;
  wipe(below);
}
constexpr void burn_stack() noexcept {
  if (!std::is_constant_evaluated()) overwrite_stack();
}

// Octets that must not show. Borrowed; compared in constant time; `reveal` is the one way to them.
class secret {
 public:
  constexpr secret() noexcept = default;
  constexpr secret(std::string_view octets) noexcept : octets_(octets) {}
  constexpr secret(const char* text) noexcept : octets_(text) {}

  constexpr std::string_view reveal() const noexcept { return octets_; }
  constexpr bool empty() const noexcept { return octets_.empty(); }

  friend constexpr bool operator==(secret a, secret b) noexcept { return equal_in_constant_time(a.octets_, b.octets_); }

  // What any stream is given in its place.
  static constexpr std::string_view redacted = "(secret)";
  template <class Stream>
  requires requires(Stream& to) { to << redacted; }
  friend Stream& operator<<(Stream& to, secret) {
    to << redacted;
    return to;
  }

 private:
  std::string_view octets_;
};

// An array that is overwritten when it goes. `wiped<digest> key{h.finish()}` makes no other copy.
template <class Array>
struct wiped {
  Array value{};

  constexpr ~wiped() { wipe(value); }
  constexpr operator std::string_view() const noexcept { return {value.data(), value.size()}; }
};

// Up to N octets of a secret, held inline and overwritten when it goes, or earlier by clear().
template <std::size_t N>
class kept_secret {
 public:
  constexpr kept_secret() noexcept = default;
  kept_secret(const kept_secret&) = delete;
  kept_secret& operator=(const kept_secret&) = delete;
  constexpr ~kept_secret() { clear(); }

  // Faults: sasl_field_too_long, and nothing is held then.
  constexpr result<void> keep(secret octets) noexcept {
    clear();
    const std::string_view from = octets.reveal();
    if (from.size() > N) return fault{errc::sasl_field_too_long, static_cast<std::uint32_t>(N)};
    for (std::size_t i = 0; i < from.size(); ++i) octets_[i] = from[i];
    size_ = from.size();
    return {};
  }
  constexpr secret get() const noexcept { return std::string_view(octets_.data(), size_); }
  constexpr void clear() noexcept {
    wipe(octets_);
    size_ = 0;
  }

 private:
  std::array<char, N> octets_{};
  std::size_t size_ = 0;
};

}  // namespace sansmtp

#endif
