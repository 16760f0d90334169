// domain: a domain name as it stands in an address or behind EHLO (RFC 5321 4.1.2, 2.3.5).
//
// Borrows the octets that it was parsed from, for as long as they live. Two domains are equal when
// they differ only in the case of ASCII letters (RFC 5321 2.4). Labels of UTF-8 are taken
// (RFC 6531 3.3) and show in is_ascii(): whether SMTPUTF8 was negotiated, only the caller knows.
//
// Of what makes such a label a U-label (RFC 5890 2.3.2.1) only this is checked: that it is well-formed UTF-8, has
// hyphens inside alone, and none of the characters by which two readers would see two domains, which are C1
// controls, the no-break space, and dots that are not ".". Whether the code points are assigned, allowed where they
// stand (RFC 5892, RFC 5893) and in form NFC, and how long the A-label is, takes the tables of IDNA: who looks the
// domain up has them.

#ifndef SANSMTP_GRAMMAR_DOMAIN_HPP
#define SANSMTP_GRAMMAR_DOMAIN_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/literal.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/grammar/glance.hpp"
#include "sansmtp/grammar/utf8.hpp"

namespace sansmtp {

class domain {
 public:
  static constexpr std::size_t max_octets = limits::domain;

  // The whole text is a Domain. Faults: domain_* and utf8_malformed, at the octet that breaks the rule.
  // Quirks: underscore, trailing_dot.
  static constexpr result<domain> parse(std::string_view text, quirks leniency = quirks::strict) noexcept;

  constexpr std::string_view text() const noexcept { return text_; }
  constexpr bool is_ascii() const noexcept { return ascii_; }

  friend constexpr bool operator==(const domain& a, const domain& b) noexcept {
    return equal_ignoring_case(a.text_, b.text_);
  }

  // For grammars that hold a Domain: where the one that begins at `from` ends, which is where the text
  // ends or where an octet of `followers` stands. One pass; faults count from the start of `text`.
  struct extent {
    std::size_t end;
    bool ascii;
  };
  static constexpr result<extent> scan(std::string_view text, std::size_t from, std::string_view followers,
                                       quirks leniency) noexcept;

 private:
  friend class host;
  static constexpr bool is_misread(std::string_view character) noexcept;
  constexpr domain(std::string_view text, bool ascii) noexcept : text_(text), ascii_(ascii) {}

  std::string_view text_;
  bool ascii_;
};

// Whether that character, of more octets than one, makes two domains of one for two readers: C1 controls and the
// no-break space, U+0080 to U+00A0, and the dots that IDNA2003 takes for "." (RFC 3490 3.1), U+3002, U+FF0E and
// U+FF61. No U-label has any of them: all are DISALLOWED (RFC 5892).
constexpr bool domain::is_misread(std::string_view character) noexcept {
  std::uint32_t spelt = 0;  // its octets, the first highest
  for (char c : character) spelt = spelt << 8 | static_cast<unsigned char>(c);
  return octets::between(spelt, 0xC280, 0xC2A0) || spelt == 0xE38082 || spelt == 0xEFBC8E || spelt == 0xEFBDA1;
}

// Domain     = sub-domain *("." sub-domain)
// sub-domain = Let-dig [Ldh-str] / U-label          ; U-label: RFC 6531 3.3
// Ldh-str    = *( ALPHA / DIGIT / "-" ) Let-dig
//
// A label has at most 63 octets (RFC 1035 2.3.4). That bound is kept for ASCII labels alone: it
// holds for the A-label of a U-label, whose UTF-8 may be longer (RFC 5890 2.3.2.1).
constexpr result<domain::extent> domain::scan(std::string_view text, std::size_t from, std::string_view followers,
                                              quirks leniency) noexcept {
  const std::size_t most = from + limits::domain;
  const auto fail = [&](errc code, std::size_t at) {
    if (at >= most) return fault{errc::domain_too_long, static_cast<std::uint32_t>(most)};
    return fault{code, static_cast<std::uint32_t>(at)};
  };
  if (const std::size_t usual = glance(text, from).domain(); usual != 0)
    if (const std::size_t end = from + usual;
        end == text.size() || octets::among(static_cast<unsigned char>(text[end]), followers))
      return extent{end, true};
  bool ascii = true, ascii_label = true;
  std::size_t i = from, label = from;
  for (;;) {
    i = span_of(octet_class::let_dig, text, i);
    const bool ended = i == text.size();
    if (!ended && text[i] != '.') {
      const char c = text[i];
      if (c == '-') {
        if (i == label) return fail(errc::domain_hyphen, i);
        ++i;
        continue;
      }
      if (is(octet_class::non_ascii, c)) {
        const std::size_t length = utf8_length_at(text, i);
        if (length == 0) return fail(errc::utf8_malformed, i);
        if (is_misread({text.data() + i, length})) return fail(errc::domain_octet, i);
        ascii = ascii_label = false;
        i += length;
        continue;
      }
      if (c == '_' && leniency.allow(quirk::underscore)) {
        ++i;
        continue;
      }
      if (!octets::among(static_cast<unsigned char>(c), followers)) return fail(errc::domain_octet, i);
    }
    const bool dot = !ended && text[i] == '.';
    if (i == label) {
      if (dot) return fail(errc::domain_label_empty, i);
      if (i == from) return fail(errc::domain_empty, i);
      if (!leniency.allow(quirk::trailing_dot)) return fail(errc::domain_trailing_dot, i - 1);
      break;
    }
    if (text[i - 1] == '-') return fail(errc::domain_hyphen, i - 1);
    if (i - label > limits::domain_label && ascii_label)
      return fail(errc::domain_label_too_long, label + limits::domain_label);
    if (!dot) break;
    label = ++i;
    ascii_label = true;
  }
  if (i > most) return fail(errc::domain_too_long, most);
  return extent{i, ascii};
}

constexpr result<domain> domain::parse(std::string_view text, quirks leniency) noexcept {
  const result<extent> whole = scan(text, 0, {}, leniency);
  if (!whole) return whole.error();
  return domain(text, whole->ascii);
}

inline namespace literals {

template <fixed_string Text>
constexpr domain operator""_domain() noexcept {
  constexpr result<domain> parsed = domain::parse(Text.view());
  static_assert(parsed.has_value(), "the literal is no Domain (RFC 5321 4.1.2)");
  return *parsed;
}

}  // namespace literals

}  // namespace sansmtp

#endif
