// UTF-8, strictly: the well-formed sequences of RFC 3629 4 and no others.
//
// Overlong forms, surrogates, values above U+10FFFF and cut-off sequences are all refused, so that
// a character has one spelling and no octet below 128 can hide inside another. Borrows the text
// that it looks at and keeps nothing.

#ifndef SANSMTP_GRAMMAR_UTF8_HPP
#define SANSMTP_GRAMMAR_UTF8_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/scan.hpp"

namespace sansmtp {

// UTF8-2    = %xC2-DF UTF8-tail
// UTF8-3    = %xE0 %xA0-BF UTF8-tail / %xE1-EC 2UTF8-tail / %xED %x80-9F UTF8-tail / %xEE-EF 2UTF8-tail
// UTF8-4    = %xF0 %x90-BF 2UTF8-tail / %xF1-F3 3UTF8-tail / %xF4 %x80-8F 2UTF8-tail
// UTF8-tail = %x80-BF
//
// The octets of the non-ASCII character that begins at `at`: 2 to 4, or 0 where none does.
constexpr std::size_t utf8_length_at(std::string_view text, std::size_t at) noexcept {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto tail = [&](std::size_t i) { return octets::between(octet(i), 0x80, 0xBF); };
  if (at >= text.size()) return 0;
  const std::size_t left = text.size() - at;
  const unsigned lead = octet(at);
  if (lead < 0xC2 || lead > 0xF4 || left < 2) return 0;
  if (lead < 0xE0) return tail(at + 1) ? 2 : 0;
  // The second octet's range depends on the first: this is what shuts out overlong forms,
  // surrogates and values beyond the last plane.
  const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (left < 3 || !octets::between(octet(at + 1), low, high) || !tail(at + 2)) return 0;
  if (lead < 0xF0) return 3;
  return left >= 4 && tail(at + 3) ? 4 : 0;
}

namespace scan {

struct non_ascii {
  static constexpr std::size_t behind = 0;
  template <class Block>
  static constexpr Block match(const char* at) noexcept {
    return Block::load(at).between(0x80, 0xFF);
  }
};

}  // namespace scan

// The place of the first octet above 127 at or behind `from`; text.size() when there is none.
constexpr std::size_t skip_ascii(std::string_view text, std::size_t from = 0) noexcept {
  return scan::find<scan::non_ascii>(text, from);
}

// Any text of ASCII and well-formed UTF-8. Faults: utf8_malformed at the octet that begins no character.
constexpr result<void> check_utf8(std::string_view text) noexcept {
  for (std::size_t i = skip_ascii(text); i < text.size();) {
    const std::size_t length = utf8_length_at(text, i);
    if (length == 0) return fault{errc::utf8_malformed, static_cast<std::uint32_t>(i)};
    i += length;
    // Characters of most languages stand close together: ASCII is only skipped where there is some.
    if (i < text.size() && !is(octet_class::non_ascii, text[i])) i = skip_ascii(text, i);
  }
  return {};
}

constexpr bool is_ascii(std::string_view text) noexcept { return skip_ascii(text) == text.size(); }

constexpr bool is_utf8(std::string_view text) noexcept { return check_utf8(text).has_value(); }

}  // namespace sansmtp

#endif
