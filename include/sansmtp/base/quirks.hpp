// Quirks: the leniencies towards what real peers send, each by name and each refusable.
//
// quirks::strict is the RFCs' letter. quirks::deployed, the default of the sessions, is what
// every big mail system takes. They can be mixed: quirks::strict | quirk::bare_path. None of
// them touches where a line, a reply or a message ends: on that there is one reading only.

#ifndef SANSMTP_BASE_QUIRKS_HPP
#define SANSMTP_BASE_QUIRKS_HPP

#include <array>
#include <cstdint>
#include <string_view>

namespace sansmtp {

enum class quirk : std::uint32_t {
  loose_space = 1 << 0,
  trailing_space = 1 << 1,
  bare_path = 1 << 2,
  underscore = 1 << 3,
  trailing_dot = 1 << 4,
  loose_hello = 1 << 5,
  ipv6_short_gap = 1 << 6,
  unnegotiated_utf8 = 1 << 7,
  lower_case_hex = 1 << 8,
  any_second_digit = 1 << 9,
  loose_enhanced_status = 1 << 10,
  auth_equals = 1 << 11,
  long_local_part = 1 << 12,
  loose_ehlo_line = 1 << 13,
  padded_certifier = 1 << 14,
  raw_attribute = 1 << 15,
};

class quirks {
 public:
  static const quirks strict;    // none: the RFCs' letter
  static const quirks deployed;  // what every big mail system accepts
  static const quirks all;

  constexpr quirks() noexcept = default;
  constexpr quirks(quirk q) noexcept : bits_(static_cast<std::uint32_t>(q)) {}

  constexpr bool allow(quirk q) const noexcept { return (bits_ & static_cast<std::uint32_t>(q)) != 0; }

  friend constexpr quirks operator|(quirks a, quirks b) noexcept { return quirks(a.bits_ | b.bits_); }
  constexpr quirks without(quirks other) const noexcept { return quirks(bits_ & ~other.bits_); }
  friend constexpr bool operator==(quirks, quirks) noexcept = default;

 private:
  constexpr explicit quirks(std::uint32_t bits) noexcept : bits_(bits) {}
  std::uint32_t bits_ = 0;
};

constexpr quirks operator|(quirk a, quirk b) noexcept { return quirks(a) | quirks(b); }

// A quirk's name, what it accepts, and what whoever turns it on should know.
struct quirk_facts {
  quirk what;
  std::string_view name;
  std::string_view accepts;
  std::string_view warning;
  bool deployed;  // part of quirks::deployed
};

inline constexpr std::array<quirk_facts, 16> quirk_table{{
    {quirk::loose_space, "loose_space", "SP after FROM: and TO:, several SP between parts",
     "RFC 5321 4.1.1 writes exactly one SP and none after the colon.", true},
    {quirk::trailing_space, "trailing_space", "SP and HTAB before the CRLF of a command",
     "RFC 5321 4.1.1 asks receivers to tolerate it; it is stripped, never part of an argument.", true},
    {quirk::bare_path, "bare_path", "MAIL FROM:a@b and RCPT TO:a@b without angle brackets",
     "Half of the world refuses it; a path and its parameters can then only be told apart by SP.", false},
    {quirk::underscore, "underscore", "\"_\" in a domain",
     "Never in a host name by RFC 1123 2.1; many real hosts have one.", true},
    {quirk::trailing_dot, "trailing_dot", "one dot behind a domain",
     "Not a Domain by RFC 5321 4.1.2; two spellings of one domain defeat comparisons by text.", false},
    {quirk::loose_hello, "loose_hello", "any printable word as the argument of HELO, EHLO or LHLO, text behind it ignored",
     "The name proves nothing; it is flagged, so that a trace field can tell.", true},
    {quirk::ipv6_short_gap, "ipv6_short_gap", "\"::\" for one group in an IPv6 literal",
     "RFC 5321 4.1.3 lets \"::\" stand for two groups or more; RFC 5952 4.2.2 forbids writing it.", true},
    {quirk::unnegotiated_utf8, "unnegotiated_utf8", "UTF-8 in an address without SMTPUTF8",
     "The next hop may be unable to take the message (RFC 6531 3.1).", false},
    {quirk::lower_case_hex, "lower_case_hex", "lower-case hexadecimal digits in xtext",
     "RFC 3461 4 has upper case only; two spellings of one value.", true},
    {quirk::any_second_digit, "any_second_digit", "6 to 9 as the second digit of a reply code",
     "RFC 5321 4.2 defines 0 to 5; the first digit alone decides.", true},
    {quirk::loose_enhanced_status, "loose_enhanced_status",
     "an enhanced status code that is malformed or of another class, as plain text",
     "No enhanced status is then reported for that reply (RFC 2034 4).", true},
    {quirk::auth_equals, "auth_equals", "\"AUTH=PLAIN LOGIN\" in an EHLO reply, read as AUTH",
     "From before RFC 2554; \"=\" is in no ehlo-keyword.", true},
    {quirk::long_local_part, "long_local_part", "a local part over 64 octets, up to the limit of a path",
     "RFC 5321 4.5.3.1.1 promises only 64; senders with variable return paths exceed it.", true},
    {quirk::loose_ehlo_line, "loose_ehlo_line", "an EHLO line with HTAB, several SP, or a keyword with \"_\"",
     "Outside RFC 5321 4.1.1.1; such a keyword is kept as text.", true},
    {quirk::padded_certifier, "padded_certifier", "\"=\" behind the 27 octets of MTRK's certifier",
     "RFC 5321 4.1.2 has no \"=\" in a value, and RFC 3885 3.1 no padding.", true},
    {quirk::raw_attribute, "raw_attribute", "a value of XCLIENT or XFORWARD that is no xtext, as it stands",
     "From before their values were encoded; a \"+\" in one may then mean two things.", false},
}};

constexpr quirks deployed_quirks() noexcept {
  quirks q;
  for (const auto& row : quirk_table)
    if (row.deployed) q = q | row.what;
  return q;
}

constexpr quirks all_quirks() noexcept {
  quirks q;
  for (const auto& row : quirk_table) q = q | row.what;
  return q;
}

inline constexpr quirks quirks::strict{};
inline constexpr quirks quirks::deployed = deployed_quirks();
inline constexpr quirks quirks::all = all_quirks();

}  // namespace sansmtp

#endif
