// hello_name: what a client calls itself behind HELO, EHLO or LHLO (RFC 5321 4.1.1.1, RFC 2033 4.1).
//
// By the RFC a Domain or an address literal, in ASCII even under SMTPUTF8 (RFC 6531 3.3). Real clients
// send bare words and stranger things, which quirk::loose_hello takes and is_conforming() tells apart.
// The name proves nothing about who is there. Borrows the octets that it was parsed from.

#ifndef SANSMTP_GRAMMAR_HELLO_NAME_HPP
#define SANSMTP_GRAMMAR_HELLO_NAME_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/grammar/glance.hpp"
#include "sansmtp/grammar/host.hpp"

namespace sansmtp {

class hello_name {
 public:
  static constexpr std::size_t max_octets = limits::domain;

  // To write one: whatever names a host. Not ASCII, it would be malformed, so it must go through parse.
  static constexpr result<hello_name> from(const sansmtp::host& name) noexcept { return parse(name.text()); }

  // The whole text is one name. Faults: argument_missing; non_ascii_octet and hello_name_malformed at the octet.
  // Quirks: underscore, trailing_dot, ipv6_short_gap as in host; loose_hello takes the first word of printable
  // ASCII, up to 255 octets, and ignores printable ASCII behind it.
  static constexpr result<hello_name> parse(std::string_view text, quirks leniency = quirks::strict) noexcept;

  constexpr std::string_view text() const noexcept { return text_; }  // the name alone

  // Engaged when the name is a Domain or an address literal, be it by a quirk.
  constexpr std::optional<sansmtp::host> host() const noexcept {
    if (what_ == kind::word) return std::nullopt;
    return sansmtp::host(text_, form_);
  }

  // Whether RFC 5321 4.1.1.1 allows it to the letter: no quirk was needed, nothing stood behind it.
  constexpr bool is_conforming() const noexcept { return what_ == kind::conforming; }

 private:
  enum class kind : std::uint8_t { conforming, lenient, word };
  constexpr hello_name(std::string_view text, kind what, sansmtp::host::form form) noexcept
      : text_(text), form_(form), what_(what) {}

  std::string_view text_;
  sansmtp::host::form form_;
  kind what_;
};

// ehlo = "EHLO" SP ( Domain / address-literal ) CRLF
// helo = "HELO" SP Domain CRLF                      ; clients send literals too, and are understood
constexpr result<hello_name> hello_name::parse(std::string_view text, quirks leniency) noexcept {
  const auto fail = [](errc code, std::size_t at) { return fault{code, static_cast<std::uint32_t>(at)}; };
  if (const std::size_t usual = glance(text, 0).domain(); usual != 0 && usual == text.size())
    return hello_name(text, kind::conforming, sansmtp::host::form::ascii_domain);
  if (const result<sansmtp::host> plain = sansmtp::host::parse(text); plain && plain->is_ascii())
    return hello_name(text, kind::conforming, plain->form_);
  std::size_t first = 0, end = text.size();
  if (leniency.allow(quirk::loose_hello)) {
    first = span_of(octet_class::white, text);
    end = span_of(octet_class::vchar, text, first);
    const std::size_t printable = span_of(octet_class::vchar | octet_class::white, text, end);
    if (printable != text.size()) {
      const bool non_ascii = is(octet_class::non_ascii, text[printable]);
      return fail(non_ascii ? errc::non_ascii_octet : errc::hello_name_malformed, printable);
    }
  }
  const std::string_view name = text.substr(first, end - first);
  if (name.empty()) return fail(errc::argument_missing, first);
  for (std::size_t i = 0; i < name.size(); ++i)
    if (is(octet_class::non_ascii, name[i])) return fail(errc::non_ascii_octet, first + i);
  const result<sansmtp::host> strict = sansmtp::host::parse(name);
  if (strict) return hello_name(name, kind::lenient, strict->form_);
  const result<sansmtp::host> lenient = sansmtp::host::parse(name, leniency);
  if (lenient) return hello_name(name, kind::lenient, lenient->form_);
  if (!leniency.allow(quirk::loose_hello)) return fail(errc::hello_name_malformed, first + lenient.error().at);
  if (name.size() > max_octets) return fail(errc::hello_name_malformed, first + max_octets);
  return hello_name(name, kind::word, sansmtp::host::form::ascii_domain);
}

}  // namespace sansmtp

#endif
