// result<T>: a value, or the fault that stands in its place.
//
// The member names are those of std::expected (C++23), so that code reads the same and can move
// there. It is this one type under every standard, never an alias: what it does and how large it
// is cannot change with a compiler flag. Nothing is thrown: value(), * and -> have a value as
// their precondition, and in a constant expression a breach does not compile.

#ifndef SANSMTP_BASE_RESULT_HPP
#define SANSMTP_BASE_RESULT_HPP

#include <cstdint>
#include <memory>
#include <type_traits>

#include "sansmtp/base/fault.hpp"

namespace sansmtp {

template <class T>
class [[nodiscard]] result {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>,
                "everything the library hands out is a view or a number: it owns nothing");

 public:
  using value_type = T;
  using error_type = fault;

  constexpr result(const T& value) noexcept : value_(value), has_value_(true) {}
  // From one thing that a T is made of, where it stands: a command into a variant of commands.
  template <class U>
    requires(std::is_class_v<T> && std::is_class_v<U> && !std::is_same_v<U, T> && !std::is_same_v<U, fault> &&
             std::is_convertible_v<const U&, T>)
  constexpr result(const U& part) noexcept : value_(part), has_value_(true) {}
  constexpr result(fault f) noexcept : fault_(f), has_value_(false) {}
  constexpr result(errc code) noexcept : result(fault{code, 0}) {}

  constexpr bool has_value() const noexcept { return has_value_; }
  constexpr explicit operator bool() const noexcept { return has_value_; }

  constexpr const T& value() const noexcept { return value_; }
  constexpr const T& operator*() const noexcept { return value_; }
  constexpr T& operator*() noexcept { return value_; }  // what is filled where it stands is not copied
  constexpr const T* operator->() const noexcept { return std::addressof(value_); }
  constexpr fault error() const noexcept { return fault_; }

  constexpr T value_or(const T& other) const noexcept { return has_value_ ? value_ : other; }

 private:
  union {
    T value_;
    fault fault_;
  };
  bool has_value_;
};

template <>
class [[nodiscard]] result<void> {
 public:
  using value_type = void;
  using error_type = fault;

  constexpr result() noexcept = default;
  constexpr result(fault f) noexcept : fault_(f), failed_(1) {}
  constexpr result(errc code) noexcept : result(fault{code, 0}) {}

  constexpr bool has_value() const noexcept { return failed_ == 0; }
  constexpr explicit operator bool() const noexcept { return has_value(); }
  constexpr fault error() const noexcept { return fault_; }

 private:
  fault fault_{};
  std::uint32_t failed_ = 0;  // as wide as it is copied: who reads back more than was just written must wait
};

}  // namespace sansmtp

#endif
