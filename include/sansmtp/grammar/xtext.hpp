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
#include <type_traits>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/scan.hpp"
#include "sansmtp/base/writer.hpp"

namespace sansmtp {

// Whether the whole text is xtext, of any length: what it stands for is as many octets as the result
// says. Fault: xtext_malformed at the octet that may not stand there or that is no digit. Quirk: lower_case_hex.
constexpr result<std::size_t> check_xtext(std::string_view text, quirks leniency = quirks::strict) noexcept;

// Reads xtext that has been checked, octet by octet, knowing the place in the text of each.
class xtext_octets {
 public:
  constexpr explicit xtext_octets(std::string_view encoded) noexcept : text_(encoded) {}

  constexpr bool done() const noexcept { return next_ == text_.size(); }
  constexpr std::size_t place() const noexcept { return next_; }  // of the octet that next() gives
  constexpr char next() noexcept {
    const char c = text_[next_];
    if (c != '+') return ++next_, c;
    const unsigned value = hex_value(text_[next_ + 1]) * 16 + hex_value(text_[next_ + 2]);
    next_ += 3;
    return static_cast<char>(static_cast<unsigned char>(value));
  }

 private:
  std::string_view text_;
  std::size_t next_ = 0;
};

// The place in xtext that has been checked where the octet behind so many others stands.
constexpr std::size_t place_behind(std::size_t octets, std::string_view encoded) noexcept {
  xtext_octets reader(encoded);
  for (; octets != 0; --octets) reader.next();
  return reader.place();
}

namespace scan {

// What octet_class::xchar does not have, for blocks.
struct no_xchar {
  static constexpr std::size_t behind = 0;
  template <class Block>
  static constexpr Block match(const char* at) noexcept {
    const Block here = Block::load(at);
    return here.at_most(' ') | here.between(0x7F, 0xFF) | here.equal('+') | here.equal('=');
  }
};

}  // namespace scan

// The place of the first octet at or behind `from` that is no xchar; text.size() when all are. In
// xtext that has been checked a "+" stands there. Short texts are looked up octet by octet.
constexpr std::size_t find_no_xchar(std::string_view text, std::size_t from = 0) noexcept {
  if (!std::is_constant_evaluated() && text.size() - from >= scan::fast_block::width)
    return scan::find<scan::no_xchar>(text, from);
  return span_of(octet_class::xchar, text, from);
}

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
    if (out.room() < decoded_) return errc::output_full;
    char* to = out.space().data();
    for (xtext_octets octets(text_); !octets.done();) *to++ = octets.next();
    out.commit(decoded_);
    return {};
  }

  // Whether it stands for just these octets.
  constexpr bool equals(std::string_view raw) const noexcept {
    if (raw.size() != decoded_) return false;
    xtext_octets octets(text_);
    for (char c : raw)
      if (octets.next() != c) return false;
    return true;
  }

 private:
  constexpr xtext(std::string_view text, std::size_t decoded) noexcept
      : text_(text), decoded_(static_cast<std::uint16_t>(decoded)) {}

  std::string_view text_;
  std::uint16_t decoded_;
};

// xtext   = *( xchar / hexchar )
// xchar   = %x21-2A / %x2C-3C / %x3E-7E            ; VCHAR except "+" and "="
// hexchar = "+" 2(DIGIT / %x41-46)                 ; upper case; RFC 4954 8 admits either
constexpr result<std::size_t> check_xtext(std::string_view text, quirks leniency) noexcept {
  const auto fail = [](std::size_t at) { return fault{errc::xtext_malformed, static_cast<std::uint32_t>(at)}; };
  const auto is_digit = [&](std::size_t at) {
    return at < text.size() && is(octet_class::hexdig, text[at]) &&
           (text[at] <= 'F' || leniency.allow(quirk::lower_case_hex));
  };
  std::size_t encoded = 0;
  for (std::size_t i = 0;; i += 3, ++encoded) {
    i = find_no_xchar(text, i);
    if (i == text.size()) return text.size() - 2 * encoded;
    if (text[i] != '+') return fail(i);
    if (!is_digit(i + 1)) return fail(i + 1);
    if (!is_digit(i + 2)) return fail(i + 2);
  }
}

constexpr result<xtext> xtext::parse(std::string_view text, quirks leniency) noexcept {
  // A fault within the limit comes first; "+" and its digits are one.
  const auto decoded = check_xtext(text.substr(0, max_octets + 2), leniency);
  if (!decoded && decoded.error().at < max_octets) return decoded.error();
  if (text.size() > max_octets) return fault{errc::parameter_value_too_long, static_cast<std::uint32_t>(max_octets)};
  return decoded ? result<xtext>(xtext(text, *decoded)) : result<xtext>(decoded.error());
}

// The place of the first octet that stands encoded and is neither printable ASCII nor SP or HTAB: RFC 3461 wants none
// in what ORCPT (4.2) and ENVID (4.4) stand for. The end of the text when there is none.
constexpr std::size_t find_unprintable(const xtext& encoded) noexcept {
  const std::string_view text = encoded.text();
  std::size_t at = 0;
  for (std::size_t left = (text.size() - encoded.decoded_size()) / 2; left != 0; --left, at += 3) {
    at = text.find('+', at);
    if (!is(octet_class::textstring, xtext_octets(text.substr(at)).next())) return at;
  }
  return text.size();
}

// The place in xtext that has been checked of the first octet above 127, which stands encoded; its end when there is
// none.
constexpr std::size_t find_high_octet(std::string_view checked) noexcept {
  std::size_t at = checked.find('+');
  while (at != checked.npos && checked[at + 1] < '8') at = checked.find('+', at + 3);
  return at < checked.size() ? at : checked.size();
}

// Writes xtext that has been checked as it was written, but for lower-case digits: RFC 3461 4 has none.
constexpr void put_strict_xtext(std::string_view checked, writer::draft& out) noexcept {
  unsigned digits = 0;
  for (char c : checked) {
    const bool is_digit = digits != 0;
    digits = c == '+' ? 2 : is_digit ? digits - 1 : 0;
    out.put(is_digit && c >= 'a' ? static_cast<char>(c - ('a' - 'A')) : c);
  }
}
constexpr void encode(const xtext& text, writer::draft& out) noexcept { put_strict_xtext(text.text(), out); }

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
