// address_literal: an address in brackets, where a domain could stand (RFC 5321 4.1.3).
//
// Borrows the octets that it was parsed from. IPv4 and IPv6 addresses are checked to the last digit
// and can be had as numbers. Any other tag is valid in form (no other is registered): kind::general
// tells, and policy may refuse it. A literal tagged IPv6 that is no IPv6 address is a fault, although
// General-address-literal would match it too: otherwise no IPv6 literal could ever be wrong.

#ifndef SANSMTP_GRAMMAR_ADDRESS_LITERAL_HPP
#define SANSMTP_GRAMMAR_ADDRESS_LITERAL_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"

namespace sansmtp {

class address_literal {
 public:
  enum class kind : std::uint8_t { ipv4, ipv6, general };

  static constexpr std::size_t max_octets = limits::domain;  // "domain name or number", RFC 5321 4.5.3.1.2

  // The whole text, brackets included. Faults: literal_ipv4, literal_ipv6 and literal_malformed at the octet
  // that breaks the rule, domain_too_long. Quirk: ipv6_short_gap.
  static constexpr result<address_literal> parse(std::string_view text, quirks leniency = quirks::strict) noexcept;

  constexpr std::string_view text() const noexcept { return text_; }
  constexpr kind form() const noexcept { return kind_; }
  constexpr std::string_view tag() const noexcept;      // as written: "IPv6", "x"; empty for IPv4
  constexpr std::string_view content() const noexcept;  // without brackets and tag

  // In network order; IPv4 fills the first four octets. All zero when the form is general.
  constexpr std::array<std::uint8_t, 16> address() const noexcept;

  // The same address however it is spelled; for general literals the tag's case is no difference.
  friend constexpr bool operator==(const address_literal& a, const address_literal& b) noexcept {
    if (a.kind_ != b.kind_) return false;
    if (a.kind_ != kind::general) return a.address() == b.address();
    return equal_ignoring_case(a.tag(), b.tag()) && a.content() == b.content();
  }

  // For grammars that hold a literal: where the one whose "[" stands at `from` ends.
  struct extent {
    std::size_t end;
    kind form;
  };
  static constexpr result<extent> scan(std::string_view text, std::size_t from, quirks leniency) noexcept;

 private:
  friend class host;
  constexpr address_literal(std::string_view text, kind k) noexcept : text_(text), kind_(k) {}
  constexpr std::string_view inside() const noexcept { return text_.substr(1, text_.size() - 2); }

  using octets16 = std::array<std::uint8_t, 16>;
  static constexpr std::string_view ipv6_tag = "IPv6:";
  static constexpr result<octets16> read_ipv4(std::string_view text, std::size_t from) noexcept;
  static constexpr result<octets16> read_ipv6(std::string_view text, quirks leniency) noexcept;

  std::string_view text_;
  kind kind_;
};

// IPv4-address-literal = Snum 3("." Snum)
// Snum                 = 1*3DIGIT                   ; value 0-255, so 007 fits
constexpr result<address_literal::octets16> address_literal::read_ipv4(std::string_view text,
                                                                       std::size_t from) noexcept {
  octets16 address{};
  std::size_t i = from;
  for (std::size_t part = 0; part < 4; ++part) {
    if (part != 0) {
      if (i == text.size() || text[i] != '.') return fault{errc::literal_ipv4, static_cast<std::uint32_t>(i)};
      ++i;
    }
    unsigned value = 0;
    const std::size_t first = i;
    for (; i < text.size() && i - first < 3 && is(octet_class::digit, text[i]); ++i) {
      value = value * 10 + static_cast<unsigned>(text[i] - '0');
      if (value > 255) return fault{errc::literal_ipv4, static_cast<std::uint32_t>(i)};
    }
    if (i == first) return fault{errc::literal_ipv4, static_cast<std::uint32_t>(i)};
    address[part] = static_cast<std::uint8_t>(value);
  }
  if (i != text.size()) return fault{errc::literal_ipv4, static_cast<std::uint32_t>(i)};
  return address;
}

// IPv6-addr   = IPv6-full / IPv6-comp / IPv6v4-full / IPv6v4-comp
// IPv6-hex    = 1*4HEXDIG
// IPv6-full   = IPv6-hex 7(":" IPv6-hex)
// IPv6-comp   = [IPv6-hex *5(":" IPv6-hex)] "::" [IPv6-hex *5(":" IPv6-hex)]
//               ; "::" is two groups at least: six others at most
// IPv6v4-full = IPv6-hex 5(":" IPv6-hex) ":" IPv4-address-literal
// IPv6v4-comp = [IPv6-hex *3(":" IPv6-hex)] "::" [IPv6-hex *3(":" IPv6-hex) ":"] IPv4-address-literal
constexpr result<address_literal::octets16> address_literal::read_ipv6(std::string_view text,
                                                                       quirks leniency) noexcept {
  const auto fail = [](std::size_t at) { return fault{errc::literal_ipv6, static_cast<std::uint32_t>(at)}; };
  constexpr std::size_t no_gap = 16;
  const std::size_t most_beside_gap = leniency.allow(quirk::ipv6_short_gap) ? 7 : 6;
  octets16 address{};
  std::size_t groups = 0, gap = no_gap, i = 0;
  const auto push = [&](unsigned value) {
    address[2 * groups] = static_cast<std::uint8_t>(value >> 8);
    address[2 * groups + 1] = static_cast<std::uint8_t>(value & 0xFF);
    ++groups;
  };
  if (!text.empty() && text[0] == ':') {
    if (text.size() < 2 || text[1] != ':') return fail(1);
    gap = 0;
    i = 2;
  }
  while (i < text.size() || gap != groups) {
    const std::size_t most = gap == no_gap ? 8 : most_beside_gap;
    const std::size_t first = i;
    unsigned value = 0;
    for (; i < text.size() && i - first < 4 && is(octet_class::hexdig, text[i]); ++i)
      value = value * 16 + hex_value(text[i]);
    if (i == first) return fail(i);
    if (i < text.size() && text[i] == '.') {
      if (groups + 2 > most) return fail(first);
      const result<octets16> ipv4 = read_ipv4(text, first);
      if (!ipv4) return fail(ipv4.error().at);
      push((*ipv4)[0] * 256U + (*ipv4)[1]);
      push((*ipv4)[2] * 256U + (*ipv4)[3]);
      i = text.size();
      break;
    }
    if (groups == most) return fail(first);
    push(value);
    if (i == text.size()) break;
    if (text[i] != ':') return fail(i);
    ++i;
    if (i < text.size() && text[i] == ':') {
      if (gap != no_gap || groups > most_beside_gap) return fail(i);
      gap = groups;
      ++i;
    } else if (i == text.size()) {
      return fail(i);
    }
  }
  if (gap == no_gap) {
    if (groups != 8) return fail(text.size());
    return address;
  }
  for (std::size_t moved = groups; moved > gap; --moved) {  // what stands behind the gap goes to the end
    const std::size_t to = 8 - (groups - moved) - 1;
    address[2 * to] = address[2 * moved - 2];
    address[2 * to + 1] = address[2 * moved - 1];
    address[2 * moved - 2] = address[2 * moved - 1] = 0;
  }
  return address;
}

// address-literal         = "[" ( IPv4-address-literal / IPv6-address-literal / General-address-literal ) "]"
// IPv6-address-literal    = "IPv6:" IPv6-addr
// General-address-literal = Standardized-tag ":" 1*dcontent
// Standardized-tag        = Ldh-str
// dcontent                = %d33-90 / %d94-126
constexpr result<address_literal::extent> address_literal::scan(std::string_view text, std::size_t from,
                                                                quirks leniency) noexcept {
  const auto fail = [](errc code, std::size_t at) { return fault{code, static_cast<std::uint32_t>(at)}; };
  if (from >= text.size() || text[from] != '[') return fail(errc::literal_malformed, from);
  const std::size_t first = from + 1;
  const std::size_t close = span_of(octet_class::dcontent, text, first);
  if (close - from >= limits::domain) return fail(errc::domain_too_long, from + limits::domain);
  if (close == text.size() || text[close] != ']') return fail(errc::literal_malformed, close);
  const std::string_view inside = text.substr(first, close - first);
  if (starts_ignoring_case(inside, ipv6_tag)) {
    const result<octets16> ipv6 = read_ipv6(inside.substr(ipv6_tag.size()), leniency);
    if (!ipv6) return ipv6.error() + (first + ipv6_tag.size());
    return extent{close + 1, kind::ipv6};
  }
  std::size_t colon = 0;
  while (colon < inside.size() && (is(octet_class::let_dig, inside[colon]) || inside[colon] == '-')) ++colon;
  if (colon < inside.size() && inside[colon] == ':' && colon != 0) {
    if (inside[colon - 1] == '-') return fail(errc::literal_malformed, first + colon - 1);
    if (colon + 1 == inside.size()) return fail(errc::literal_malformed, close);
    return extent{close + 1, kind::general};
  }
  if (inside.empty() || !is(octet_class::digit, inside[0])) return fail(errc::literal_malformed, first + colon);
  const result<octets16> ipv4 = read_ipv4(inside, 0);
  if (!ipv4) return ipv4.error() + first;
  return extent{close + 1, kind::ipv4};
}

constexpr result<address_literal> address_literal::parse(std::string_view text, quirks leniency) noexcept {
  const result<extent> whole = scan(text, 0, leniency);
  if (!whole) return whole.error();
  if (whole->end != text.size()) return fault{errc::literal_malformed, static_cast<std::uint32_t>(whole->end)};
  return address_literal(text, whole->form);
}

constexpr std::string_view address_literal::tag() const noexcept {
  return kind_ == kind::ipv4 ? std::string_view{} : inside().substr(0, inside().find(':'));
}

constexpr std::string_view address_literal::content() const noexcept {
  return kind_ == kind::ipv4 ? inside() : inside().substr(inside().find(':') + 1);
}

constexpr std::array<std::uint8_t, 16> address_literal::address() const noexcept {
  if (kind_ == kind::general) return {};
  return kind_ == kind::ipv4 ? *read_ipv4(content(), 0) : *read_ipv6(content(), quirks::all);
}

}  // namespace sansmtp

#endif
