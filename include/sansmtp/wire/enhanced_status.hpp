// enhanced_status: the code of three numbers, such as 5.1.1, that says more than a reply code can.
//
// Its form is RFC 3463's, its place at the front of a reply's text RFC 2034's. Its first number
// agrees with the reply code's first digit; the greeting, the replies to HELO and EHLO and every
// 3yz carry none.

#ifndef SANSMTP_WIRE_ENHANCED_STATUS_HPP
#define SANSMTP_WIRE_ENHANCED_STATUS_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/fast_paths.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/wire/reply_code.hpp"

namespace sansmtp {

struct enhanced_status_prefix;

struct enhanced_status {
  std::uint16_t group = 0;  // the RFC's "class"; 0: no code at all
  std::uint16_t subject = 0;
  std::uint16_t detail = 0;

  constexpr explicit operator bool() const noexcept { return group != 0; }

  // Whether it may be written: of class 2, 4 or 5, no number over three digits.
  constexpr bool valid() const noexcept {
    return (group == 2 || group == 4 || group == 5) && subject <= 999 && detail <= 999;
  }

  // Whether a reply of this code may carry it.
  constexpr bool agrees_with(reply_code code) const noexcept { return valid() && code.value / 100 == group; }

  // Exactly one code. Fault: enhanced_status_malformed, at the first octet that no code could have
  // there, or at the end.
  static constexpr result<enhanced_status> parse(std::string_view text) noexcept;

  // The code that begins a longer text; SP or the end follows it. The same fault.
  SANSMTP_INLINED static constexpr result<enhanced_status_prefix> parse_prefix(std::string_view text) noexcept;

  // What parse_prefix tells of a code of three single digits, as nearly all are; a status of {} if the
  // text does not begin with such a code.
  SANSMTP_INLINED static constexpr enhanced_status_prefix short_prefix(std::string_view text) noexcept;

  friend constexpr bool operator==(enhanced_status, enhanced_status) noexcept = default;

 private:
  static constexpr result<enhanced_status_prefix> any_prefix(std::string_view text) noexcept;
};
static_assert(sizeof(enhanced_status) == 6);

struct enhanced_status_prefix {
  enhanced_status status;
  std::size_t used;  // octets of the text, with the SP behind the code
};

//   status-code = class "." subject "." detail                                   RFC 3463 2
//   class       = "2" / "4" / "5"
//   subject     = 1*3DIGIT                  ; no leading zeros
//   detail      = 1*3DIGIT                  ; no leading zeros
//   esc-text    = status-code 1*SP textstring
constexpr result<enhanced_status_prefix> enhanced_status::any_prefix(std::string_view text) noexcept {
  const auto malformed = [](std::size_t at) noexcept {
    return fault{errc::enhanced_status_malformed, static_cast<std::uint32_t>(at)};
  };
  if (text.empty() || (text[0] != '2' && text[0] != '4' && text[0] != '5')) return malformed(0);
  unsigned numbers[2]{};
  std::size_t at = 1;
  for (unsigned& number : numbers) {
    if (at == text.size() || text[at] != '.') return malformed(at);
    const std::size_t first = ++at;
    for (; at < text.size() && is(octet_class::digit, text[at]); ++at) {
      if (at == first + 3 || (at == first + 1 && number == 0)) return malformed(at);
      number = number * 10 + static_cast<unsigned>(text[at] - '0');
    }
    if (at == first) return malformed(at);
  }
  if (at < text.size() && text[at] != ' ') return malformed(at);
  while (at < text.size() && text[at] == ' ') ++at;
  return enhanced_status_prefix{{static_cast<std::uint16_t>(text[0] - '0'), static_cast<std::uint16_t>(numbers[0]),
                                 static_cast<std::uint16_t>(numbers[1])},
                                at};
}

constexpr enhanced_status_prefix enhanced_status::short_prefix(std::string_view text) noexcept {
  if (text.size() < 5 || (text.size() > 5 && text[5] != ' ')) return {};
  const std::uint32_t front = four_octets(text.data());
  if ((front & 0xFF00FF00U) != four_octets("\0.\0.")) return {};
  const std::uint32_t group = (front & 0xFFU) - '0', subject = ((front >> 16) & 0xFFU) - '0';
  const auto detail = static_cast<std::uint32_t>(static_cast<unsigned char>(text[4])) - '0';
  if ((group != 2 && group != 4 && group != 5) || subject > 9 || detail > 9) return {};
  const auto number = [](std::uint32_t n) noexcept { return static_cast<std::uint16_t>(n); };
  std::size_t used = 5;
  while (used < text.size() && text[used] == ' ') ++used;
  return {{number(group), number(subject), number(detail)}, used};
}

constexpr result<enhanced_status_prefix> enhanced_status::parse_prefix(std::string_view text) noexcept {
  if (const enhanced_status_prefix found = short_prefix(text); fast_paths && found.status) return found;
  return any_prefix(text);
}

constexpr result<enhanced_status> enhanced_status::parse(std::string_view text) noexcept {
  const auto prefix = parse_prefix(text);
  if (!prefix) return prefix.error();
  if (const std::size_t space = text.find(' '); space != text.npos)
    return fault{errc::enhanced_status_malformed, static_cast<std::uint32_t>(space)};
  return prefix->status;
}

// Whether the text's first word is meant as an enhanced status code, well or badly formed: three
// runs of digits with dots between. Text of a server that knows no such codes may begin with a
// number, a version or an IPv4 address; of these only a version of three parts looks the same.
constexpr bool resembles_enhanced_status(std::string_view text) noexcept {
  std::size_t at = 0;
  for (int part = 0; part < 3; ++part) {
    if (part != 0) {
      if (at == text.size() || text[at] != '.') return false;
      ++at;
    }
    const std::size_t first = at;
    at = span_of(octet_class::digit, text, first);
    if (at == first) return false;
  }
  return at == text.size() || text[at] == ' ';
}

// X.6.10 repeats X.6.8 and is deprecated: it is read, but X.6.8 is written for it.
constexpr void encode(enhanced_status status, writer::draft& out) noexcept {
  if (status.subject == 6 && status.detail == 10) status.detail = 8;
  out.put_number(status.group).put('.').put_number(status.subject).put('.').put_number(status.detail);
}

}  // namespace sansmtp

#endif
