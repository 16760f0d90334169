// The attributes that XCLIENT and XFORWARD know, each with its rule: one table (neither has an RFC).
//
// A row says which of the two commands an attribute belongs to, how long its value may be, and what its
// value must look like. XCLIENT is extended by whoever likes, so a name that is not here passes as
// attribute::other; XFORWARD has no others.

#ifndef SANSMTP_WIRE_ATTRIBUTE_RULES_HPP
#define SANSMTP_WIRE_ATTRIBUTE_RULES_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/number.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/address_literal.hpp"
#include "sansmtp/grammar/xtext.hpp"

namespace sansmtp {

enum class attribute : std::uint8_t {
  name,          // the client's name in the DNS
  reverse_name,  // the same, not verified by looking up its address
  addr,          // its address, "192.0.2.1" or "IPV6:2001:db8::1"
  port,
  proto,     // "SMTP", "ESMTP", "LMTP"; for XFORWARD also of other protocols
  helo,      // what it called itself
  login,     // as whom it authenticated
  destaddr,  // the address and port that it had connected to
  destport,
  ident,   // its name for the message, as in a queue
  source,  // "LOCAL" or "REMOTE"
  session,
  ttl,
  timeout,
  client_transport,
  destname,
  other,
};

enum class attribute_verb : std::uint8_t { xclient = 1, xforward = 2 };

// A value to be written, as it is meant: `raw` is encoded when it is written.
struct attribute_value {
  attribute what;
  std::string_view raw;
};

// What stands for a value that is not known, or not now (XCLIENT alone); any case.
inline constexpr std::string_view unavailable_value = "[UNAVAILABLE]";
inline constexpr std::string_view temporarily_unavailable_value = "[TEMPUNAVAIL]";

namespace attribute_check {

using rule = result<void> (*)(std::string_view raw, attribute_verb of) noexcept;

constexpr result<void> anything(std::string_view, attribute_verb) noexcept { return {}; }

// xaddr = IPv4-text / ( "IPV6:" IPv6-text ), which is an address literal without its brackets.
constexpr result<void> address(std::string_view raw, attribute_verb) noexcept {
  output_buffer<64> room;
  writer::draft literal(room);
  literal.put('[').put(raw).put(']');
  if (!literal.commit()) return errc::attribute_value;
  const auto parsed = address_literal::parse(room.written(), quirk::ipv6_short_gap);
  // A "]" of its own ends the literal too early, which shows only behind it.
  if (!parsed) {
    const std::size_t at = std::min<std::size_t>(parsed.error().at - 1U, raw.find(']'));
    return fault{errc::attribute_value, static_cast<std::uint32_t>(at)};
  }
  if (parsed->form() == address_literal::kind::general) return errc::attribute_value;
  return {};
}

constexpr result<void> port(std::string_view raw, attribute_verb) noexcept {
  const auto number = parse_number(raw, 65535);
  if (!number) return fault{errc::attribute_value, number.error().at};
  return {};
}

constexpr result<void> protocol(std::string_view raw, attribute_verb of) noexcept {
  if (of == attribute_verb::xforward) return {};
  for (std::string_view known : {"SMTP", "ESMTP", "LMTP"})
    if (equal_ignoring_case(raw, known)) return {};
  return errc::attribute_value;
}

constexpr result<void> source(std::string_view raw, attribute_verb) noexcept {
  if (equal_ignoring_case(raw, "LOCAL") || equal_ignoring_case(raw, "REMOTE")) return {};
  return errc::attribute_value;
}

}  // namespace attribute_check

struct attribute_facts {
  attribute what;
  std::string_view name;
  bool xclient, xforward;
  std::uint8_t most;  // octets of the value when decoded
  attribute_check::rule is_good;

  constexpr bool belongs_to(attribute_verb of) const noexcept {
    return of == attribute_verb::xclient ? xclient : xforward;
  }
};

inline constexpr attribute_facts attribute_table[] = {
    {attribute::name, "NAME", true, true, 255, attribute_check::anything},
    {attribute::reverse_name, "REVERSE_NAME", true, false, 255, attribute_check::anything},
    {attribute::addr, "ADDR", true, true, 255, attribute_check::address},
    {attribute::port, "PORT", true, true, 255, attribute_check::port},
    {attribute::proto, "PROTO", true, true, 64, attribute_check::protocol},
    {attribute::helo, "HELO", true, true, 255, attribute_check::anything},
    {attribute::login, "LOGIN", true, false, 255, attribute_check::anything},
    {attribute::destaddr, "DESTADDR", true, false, 255, attribute_check::address},
    {attribute::destport, "DESTPORT", true, false, 255, attribute_check::port},
    {attribute::ident, "IDENT", false, true, 255, attribute_check::anything},
    {attribute::source, "SOURCE", false, true, 255, attribute_check::source},
    {attribute::session, "SESSION", true, false, 255, attribute_check::anything},
    {attribute::ttl, "TTL", true, false, 255, attribute_check::anything},
    {attribute::timeout, "TIMEOUT", true, false, 255, attribute_check::anything},
    {attribute::client_transport, "CLIENT-TRANSPORT", true, false, 255, attribute_check::anything},
    {attribute::destname, "DESTNAME", true, false, 255, attribute_check::anything},
    {attribute::other, "", true, false, 255, attribute_check::anything},
};

inline constexpr std::size_t attribute_count = static_cast<std::size_t>(attribute::other) + 1;

consteval bool attribute_table_is_complete() noexcept {
  if (sizeof attribute_table / sizeof *attribute_table != attribute_count) return false;
  for (std::size_t i = 0; i < attribute_count; ++i)
    if (static_cast<std::size_t>(attribute_table[i].what) != i) return false;
  return true;
}
static_assert(attribute_table_is_complete(), "every attribute has one row, in the order of the enumeration");

constexpr const attribute_facts& facts(attribute a) noexcept { return attribute_table[static_cast<std::size_t>(a)]; }

// The attribute of that name in any case; attribute::other when it is none.
constexpr attribute attribute_named(std::string_view name) noexcept {
  for (const attribute_facts& row : attribute_table)
    if (equal_ignoring_case(name, row.name)) return row.what;
  return attribute::other;
}

// A value as it is meant. Faults, at its octet: parameter_value_too_long, attribute_value.
constexpr result<void> check_attribute(attribute what, attribute_verb of, std::string_view raw) noexcept {
  const attribute_facts& row = facts(what);
  if (raw.size() > row.most) return fault{errc::parameter_value_too_long, row.most};
  if (equal_ignoring_case(raw, unavailable_value)) return {};
  if (of == attribute_verb::xclient && equal_ignoring_case(raw, temporarily_unavailable_value)) return {};
  return row.is_good(raw, of);
}

// A value as it stands in the line: xtext, or under raw_attribute any text that is none. A fault's place is where
// the octet stands encoded.
constexpr result<void> check_encoded_attribute(attribute what, attribute_verb of, std::string_view text,
                                               quirks leniency) noexcept {
  const std::size_t printable = span_of(octet_class::vchar, text);
  if (printable != text.size()) return fault{errc::xtext_malformed, static_cast<std::uint32_t>(printable)};
  const bool raw = leniency.allow(quirk::raw_attribute);
  const auto octets = check_xtext(text, raw ? quirks::all : leniency);
  if (!octets) return raw ? check_attribute(what, of, text) : result<void>(octets.error());
  const std::size_t end =
      std::min(place_behind(std::min<std::size_t>(*octets, facts(what).most), text), xtext::max_octets);
  if (end != text.size()) return fault{errc::parameter_value_too_long, static_cast<std::uint32_t>(end)};
  std::array<char, 255> decoded{};
  xtext_octets reader(text);
  for (char& c : std::span(decoded).first(*octets)) c = reader.next();
  const auto good = check_attribute(what, of, {decoded.data(), *octets});
  if (good) return {};
  return fault{good.error().code, static_cast<std::uint32_t>(place_behind(good.error().at, text))};
}

}  // namespace sansmtp

#endif
