// reply_code: the three digits that begin every line of a reply (RFC 5321 4.2).
//
// A client acts on the code alone, and where it does not know the code, on its first digit. So the
// first digit has a type of its own, and the second is not interpreted at all.

#ifndef SANSMTP_WIRE_REPLY_CODE_HPP
#define SANSMTP_WIRE_REPLY_CODE_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"

namespace sansmtp {

// What the first digit says (RFC 5321 4.2.1). There is no 1yz in SMTP.
enum class reply_class : std::uint8_t {
  positive = 2,      // the action is done
  intermediate = 3,  // go on: the message, or the next line of an AUTH exchange
  transient = 4,     // not now
  permanent = 5,     // not ever, in this form
};

struct reply_code {
  std::uint16_t value = 0;  // 0: no code

  constexpr reply_code() noexcept = default;
  // A number of more than three digits is no code and becomes 0.
  constexpr reply_code(int code) noexcept
      : value(0 <= code && code <= 999 ? static_cast<std::uint16_t>(code) : std::uint16_t{0}) {}

  // The code has to be one: 200 to 599.
  constexpr reply_class kind() const noexcept { return static_cast<reply_class>(value / 100); }

  constexpr bool positive() const noexcept { return value / 100 == 2; }
  constexpr bool intermediate() const noexcept { return value / 100 == 3; }
  constexpr bool refuses() const noexcept { return value / 100 == 4 || value / 100 == 5; }

  // 421: the server closes the connection, whatever it was asked (RFC 5321 3.8).
  constexpr bool closing() const noexcept { return value == 421; }

  // Whether it may be written: first digit 2 to 5, second 0 to 5.
  constexpr bool valid() const noexcept { return 200 <= value && value < 600 && value / 10 % 10 <= 5; }

  // Exactly three digits. Fault: reply_code_malformed, at the octet that does not fit or at the end.
  static constexpr result<reply_code> parse(std::string_view text, quirks leniency = quirks::strict) noexcept;

  // Whether an octet may be the digit at this place, 0 to 2, of a code.
  static constexpr bool digit_fits(std::size_t place, char c, quirks leniency = quirks::strict) noexcept;

  friend constexpr bool operator==(reply_code, reply_code) noexcept = default;
};
static_assert(sizeof(reply_code) == 2);

//   Reply-code = %x32-35 %x30-35 %x30-39                                         RFC 5321 4.2
//
// The prose of 4.2.1 leaves the second digit open, and codes with 6 to 9 there have been seen.
constexpr bool reply_code::digit_fits(std::size_t place, char c, quirks leniency) noexcept {
  if (place == 0) return '2' <= c && c <= '5';
  if (place == 1 && !leniency.allow(quirk::any_second_digit)) return '0' <= c && c <= '5';
  return is(octet_class::digit, c);
}

constexpr result<reply_code> reply_code::parse(std::string_view text, quirks leniency) noexcept {
  int code = 0;
  for (std::size_t place = 0; place < 3; ++place) {
    if (place == text.size() || !digit_fits(place, text[place], leniency))
      return fault{errc::reply_code_malformed, static_cast<std::uint32_t>(place)};
    code = code * 10 + (text[place] - '0');
  }
  if (text.size() > 3) return fault{errc::reply_code_malformed, 3};
  return reply_code(code);
}

constexpr void encode(reply_code code, writer::draft& out) noexcept {
  out.put(static_cast<char>('0' + code.value / 100))
      .put(static_cast<char>('0' + code.value / 10 % 10))
      .put(static_cast<char>('0' + code.value % 10));
}

}  // namespace sansmtp

#endif
