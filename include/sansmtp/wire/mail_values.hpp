// The values of the MAIL parameters that everybody meets: SIZE, BODY, RET, ENVID.
//
// Each has one parser, which is the only way to its type; the offset of a fault counts from the
// first octet of the value. All are views into the line, or numbers.

#ifndef SANSMTP_WIRE_MAIL_VALUES_HPP
#define SANSMTP_WIRE_MAIL_VALUES_HPP

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/number.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/grammar/xtext.hpp"

namespace sansmtp {

// SIZE's value: 1*20DIGIT (RFC 1870 3). Twenty digits can exceed 64 bits; such a size is the
// largest number there is, for it is larger than any limit that it could be compared with.
constexpr result<std::uint64_t> parse_size(std::string_view value) noexcept {
  if (value.size() < limits::size_digits) {
    const auto size = parse_number(value);
    return size ? size : fault{errc::size_malformed, size.error().at};
  }
  const std::size_t digits = span_of(octet_class::digit, value);
  if (digits > limits::size_digits) return fault{errc::size_malformed, limits::size_digits};
  if (digits != value.size()) return fault{errc::size_malformed, static_cast<std::uint32_t>(digits)};
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t n = 0;
  for (char c : value.substr(0, limits::size_digits - 1)) n = n * 10 + static_cast<std::uint64_t>(c - '0');
  const auto last = static_cast<std::uint64_t>(value.back() - '0');  // nineteen always fit, the twentieth may not
  return n > (most - last) / 10 ? most : n * 10 + last;
}

// body-value = "7BIT" / "8BITMIME" / "BINARYMIME" (RFC 6152 2, RFC 3030 3)
enum class body_type : std::uint8_t { seven_bit, eight_bit_mime, binary_mime };

constexpr std::string_view name_of(body_type b) noexcept {
  switch (b) {
    case body_type::seven_bit: return "7BIT";
    case body_type::eight_bit_mime: return "8BITMIME";
    default: return "BINARYMIME";
  }
}

constexpr result<body_type> parse_body(std::string_view value) noexcept {
  for (body_type b : {body_type::eight_bit_mime, body_type::seven_bit, body_type::binary_mime})
    if (equal_ignoring_case(value, name_of(b))) return b;
  return errc::body_malformed;
}

// ret-value = "FULL" / "HDRS" (RFC 3461 4.3): what of the message a failure report brings back.
enum class ret_type : std::uint8_t { full, hdrs };

constexpr std::string_view name_of(ret_type r) noexcept { return r == ret_type::full ? "FULL" : "HDRS"; }

constexpr result<ret_type> parse_ret(std::string_view value) noexcept {
  for (ret_type r : {ret_type::full, ret_type::hdrs})
    if (equal_ignoring_case(value, name_of(r))) return r;
  return errc::ret_malformed;
}

// ENVID's value: xtext, at most 100 octets as encoded, which stands for printable ASCII, SP and
// HTAB and nothing else (RFC 3461 4.4).
constexpr result<xtext> parse_envid(std::string_view value, quirks q = quirks::strict) noexcept {
  if (value.size() > limits::envid) return fault{errc::envid_malformed, limits::envid};
  const result<xtext> text = xtext::parse(value, q);
  if (!text) return fault{errc::envid_malformed, text.error().at};
  const std::size_t printable = find_unprintable(*text);
  if (printable != value.size()) return fault{errc::envid_malformed, static_cast<std::uint32_t>(printable)};
  return text;
}

}  // namespace sansmtp

#endif
