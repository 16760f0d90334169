// host: what names a mail system, a Domain or an address literal (RFC 5321 4.1.2, 4.1.3).
//
// It stands behind "@" in a mailbox, behind EHLO, and in a server's greeting. Borrows the octets
// that it was parsed from.

#ifndef SANSMTP_GRAMMAR_HOST_HPP
#define SANSMTP_GRAMMAR_HOST_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/literal.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/grammar/address_literal.hpp"
#include "sansmtp/grammar/domain.hpp"

namespace sansmtp {

class host {
 public:
  static constexpr std::size_t max_octets = limits::domain;

  constexpr host(const domain& name) noexcept
      : text_(name.text()), form_(name.is_ascii() ? form::ascii_domain : form::utf8_domain) {}
  constexpr host(const address_literal& literal) noexcept : text_(literal.text()), form_(form_of(literal.form())) {}

  // The whole text is a Domain or, when "[" begins it, an address literal. Faults and quirks: theirs.
  static constexpr result<host> parse(std::string_view text, quirks leniency = quirks::strict) noexcept;

  constexpr std::string_view text() const noexcept { return text_; }
  constexpr bool is_literal() const noexcept { return form_ >= form::ipv4; }
  constexpr bool is_ascii() const noexcept { return form_ != form::utf8_domain; }

  constexpr std::optional<domain> as_domain() const noexcept {
    if (is_literal()) return std::nullopt;
    return domain(text_, is_ascii());
  }
  constexpr std::optional<address_literal> as_literal() const noexcept {
    if (!is_literal()) return std::nullopt;
    return literal();
  }

  // Domains but for the case of letters, literals by the address that they spell.
  friend constexpr bool operator==(const host& a, const host& b) noexcept {
    if (a.is_literal() != b.is_literal()) return false;
    return a.is_literal() ? a.literal() == b.literal() : equal_ignoring_case(a.text_, b.text_);
  }

  // For grammars that hold a host: where the one that begins at `from` ends (see domain::scan).
  enum class form : std::uint8_t { ascii_domain, utf8_domain, ipv4, ipv6, general };
  struct extent {
    std::size_t end;
    form what;
  };
  static constexpr result<extent> scan(std::string_view text, std::size_t from, std::string_view followers,
                                       quirks leniency) noexcept;

 private:
  friend class mailbox;
  friend class hello_name;
  constexpr host(std::string_view text, form what) noexcept : text_(text), form_(what) {}

  static constexpr form form_of(address_literal::kind k) noexcept {
    return static_cast<form>(static_cast<std::uint8_t>(form::ipv4) + static_cast<std::uint8_t>(k));
  }
  constexpr address_literal literal() const noexcept {
    const auto k = static_cast<std::uint8_t>(form_) - static_cast<std::uint8_t>(form::ipv4);
    return address_literal(text_, static_cast<address_literal::kind>(k));
  }

  std::string_view text_;
  form form_;
};

// Domain / address-literal
constexpr result<host::extent> host::scan(std::string_view text, std::size_t from, std::string_view followers,
                                          quirks leniency) noexcept {
  if (from < text.size() && text[from] == '[') {
    const result<address_literal::extent> literal = address_literal::scan(text, from, leniency);
    if (!literal) return literal.error();
    const std::size_t end = literal->end;
    if (end < text.size() && !octets::among(static_cast<unsigned char>(text[end]), followers))
      return fault{errc::literal_malformed, static_cast<std::uint32_t>(end)};
    return extent{end, form_of(literal->form)};
  }
  const result<domain::extent> name = domain::scan(text, from, followers, leniency);
  if (!name) return name.error();
  return extent{name->end, name->ascii ? form::ascii_domain : form::utf8_domain};
}

constexpr result<host> host::parse(std::string_view text, quirks leniency) noexcept {
  const result<extent> whole = scan(text, 0, {}, leniency);
  if (!whole) return whole.error();
  return host(text, whole->what);
}

inline namespace literals {

template <fixed_string Text>
constexpr host operator""_host() noexcept {
  constexpr result<host> parsed = host::parse(Text.view());
  static_assert(parsed.has_value(), "the literal is neither a Domain nor an address literal (RFC 5321 4.1.2)");
  return *parsed;
}

}  // namespace literals

}  // namespace sansmtp

#endif
