// is_fault: whether a result is this fault, at this octet.

#ifndef SANSMTP_TESTS_SASL_IS_FAULT_HPP
#define SANSMTP_TESTS_SASL_IS_FAULT_HPP

#include <cstddef>
#include <cstdint>

#include "sansmtp/base/fault.hpp"

constexpr bool is_fault(const auto& r, sansmtp::errc code, std::size_t at) noexcept {
  return !r && r.error() == sansmtp::fault{code, static_cast<std::uint32_t>(at)};
}

#endif
