// xtext: octets that could not stand in a parameter's value, spelled as "+" and two digits (RFC 3461 4).
//
// ENVID, ORCPT and AUTH carry it. Borrows the encoded octets; what they mean is decoded only when asked.
// What comes out may be any octet, also CR, LF and NUL: whoever writes it into a line of anything must
// check it first.

#ifndef SANSMTP_GRAMMAR_XTEXT_HPP
#define SANSMTP_GRAMMAR_XTEXT_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"

namespace sansmtp {

class xtext {
 public:
  static constexpr std::size_t max_octets = limits::orcpt;  // the longest of the values that are xtext

  // The whole text is xtext of at most 500 octets. Faults: xtext_malformed at the octet that may not stand there
  // or that is no digit, parameter_value_too_long. Quirk: lower_case_hex.
  static constexpr result<xtext> parse(std::string_view text, quirks leniency = quirks::strict) noexcept;

  constexpr std::string_view text() const noexcept { return text_; }  // encoded, as it was written
  constexpr std::size_t decoded_size() const noexcept { return decoded_; }

  // Writes the octets that it stands for, decoded_size() of them. Faults: output_full.
  constexpr result<void> decode(writer& out) const noexcept {
    writer::draft raw(out);
    for (std::size_t i = 0; i < text_.size();) raw.put(next_octet(i));
    return raw.commit();
  }

  // Whether it stands for just these octets.
  constexpr bool equals(std::string_view raw) const noexcept {
    if (raw.size() != decoded_) return false;
    for (std::size_t i = 0, k = 0; i < text_.size(); ++k)
      if (next_octet(i) != raw[k]) return false;
    return true;
  }

 private:
  constexpr xtext(std::string_view text, std::size_t decoded) noexcept
      : text_(text), decoded_(static_cast<std::uint16_t>(decoded)) {}

  constexpr char next_octet(std::size_t& i) const noexcept {
    if (text_[i] != '+') return text_[i++];
    const unsigned value = hex_value(text_[i + 1]) * 16 + hex_value(text_[i + 2]);
    i += 3;
    return static_cast<char>(static_cast<unsigned char>(value));
  }

  std::string_view text_;
  std::uint16_t decoded_;
};

// xtext   = *( xchar / hexchar )
// xchar   = %x21-2A / %x2C-3C / %x3E-7E            ; VCHAR except "+" and "="
// hexchar = "+" 2(DIGIT / %x41-46)                 ; upper case; RFC 4954 8 admits either
constexpr result<xtext> xtext::parse(std::string_view text, quirks leniency) noexcept {
  const auto fail = [](errc code, std::size_t at) { return fault{code, static_cast<std::uint32_t>(at)}; };
  const auto is_digit = [&](std::size_t at) {
    return at < text.size() && is(octet_class::hexdig, text[at]) &&
           (text[at] <= 'F' || leniency.allow(quirk::lower_case_hex));
  };
  std::size_t decoded = 0;
  for (std::size_t i = 0; i < text.size(); ++decoded) {
    if (i >= max_octets) break;
    if (text[i] == '+') {
      if (!is_digit(i + 1)) return fail(errc::xtext_malformed, i + 1);
      if (!is_digit(i + 2)) return fail(errc::xtext_malformed, i + 2);
      i += 3;
    } else if (is(octet_class::xchar, text[i])) {
      ++i;
    } else {
      return fail(errc::xtext_malformed, i);
    }
  }
  if (text.size() > max_octets) return fail(errc::parameter_value_too_long, max_octets);
  return xtext(text, decoded);
}

// Writes raw octets, any of them, as xtext: upper-case digits, and only where an octet needs them.
constexpr void encode_xtext(std::string_view raw, writer::draft& out) noexcept {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (char c : raw) {
    if (is(octet_class::xchar, c)) {
      out.put(c);
    } else {
      const unsigned value = static_cast<unsigned char>(c);
      out.put('+').put(digits[value >> 4]).put(digits[value & 15]);
    }
  }
}

}  // namespace sansmtp

#endif
