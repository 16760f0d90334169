// The values of the RCPT parameters of delivery status notifications: NOTIFY and ORCPT.
//
// Each has one parser, which is the only way to its type; the offset of a fault counts from the
// first octet of the value. An ORCPT is a view into the line and is decoded only when asked.

#ifndef SANSMTP_WIRE_RCPT_VALUES_HPP
#define SANSMTP_WIRE_RCPT_VALUES_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/mailbox.hpp"
#include "sansmtp/grammar/utf8.hpp"
#include "sansmtp/grammar/xtext.hpp"

namespace sansmtp {

// NOTIFY's value (RFC 3461 4.1): the events that the sender wants to be told of.
//
//   notify-esmtp-value = "NEVER" / notify-list-element *("," notify-list-element)
//   notify-list-element = "SUCCESS" / "FAILURE" / "DELAY"
//
// NEVER stands alone, so it is the empty set of the others.
struct notify {
  bool success = false;
  bool failure = false;
  bool delay = false;

  constexpr bool never() const noexcept { return !success && !failure && !delay; }
  friend constexpr bool operator==(const notify&, const notify&) noexcept = default;
};

// Fault: notify_malformed, at the element that is unknown, empty, repeated, or NEVER beside others.
constexpr result<notify> parse_notify(std::string_view value) noexcept {
  if (equal_ignoring_case(value, "NEVER")) return notify{};
  notify wanted;
  for (std::size_t from = 0;;) {
    const std::size_t comma = value.find(',', from);
    const std::string_view element = value.substr(from, comma == value.npos ? comma : comma - from);
    const bool success = equal_ignoring_case(element, "SUCCESS");
    const bool failure = !success && equal_ignoring_case(element, "FAILURE");
    const bool delay = !success && !failure && equal_ignoring_case(element, "DELAY");
    bool& flag = success ? wanted.success : failure ? wanted.failure : wanted.delay;
    if (!(success || failure || delay) || flag) return fault{errc::notify_malformed, static_cast<std::uint32_t>(from)};
    flag = true;
    if (comma == value.npos) return wanted;
    from = comma + 1;
  }
}

// The text of a NOTIFY value into a draft.
constexpr void encode(const notify& wanted, writer::draft& out) noexcept {
  if (wanted.never()) {
    out.put("NEVER");
    return;
  }
  bool first = true;
  const auto element = [&](bool present, std::string_view name) {
    if (!present) return;
    if (!first) out.put(',');
    out.put(name);
    first = false;
  };
  element(wanted.success, "SUCCESS");
  element(wanted.failure, "FAILURE");
  element(wanted.delay, "DELAY");
}

// ORCPT's value (RFC 3461 4.2): the recipient as the sender first named it.
//
//   original-recipient-address = addr-type ";" xtext
//   addr-type                  = atom                 ; "rfc822", "utf-8", "x400", …
//
// The first ";" ends the type. The xtext stands for printable ASCII, SP and HTAB and nothing else.
// Of type "utf-8" (RFC 6533 3) the address is not xtext but
//
//   1*(QUCHAR / EmbeddedUnicodeChar) / Mailbox        ; EmbeddedUnicodeChar = "\x{" HEXPOINT "}"
//
// and holds octets above 127 only under SMTPUTF8; is_ascii() tells.
class orcpt {
 public:
  static constexpr std::size_t max_octets = limits::orcpt;

  constexpr std::string_view text() const noexcept { return text_; }
  constexpr std::string_view type() const noexcept { return text_.substr(0, semicolon_); }
  constexpr std::string_view address() const noexcept { return text_.substr(semicolon_ + 1); }  // encoded
  constexpr bool is_utf8() const noexcept { return equal_ignoring_case(type(), "utf-8"); }
  constexpr bool is_ascii() const noexcept {
    for (char c : text_)
      if (is(octet_class::non_ascii, c)) return false;
    return true;
  }

  // Writes the address without its encoding: of type utf-8 whatever characters it names, controls among them; of
  // any other printable ASCII, SP and HTAB. Fault: output_full.
  constexpr result<void> decode(writer& out) const noexcept;

  // Fault: orcpt_malformed at the octet; parameter_value_too_long.
  static constexpr result<orcpt> parse(std::string_view value, quirks q = quirks::strict) noexcept;

 private:
  constexpr orcpt(std::string_view text, std::size_t semicolon) noexcept
      : text_(text), semicolon_(static_cast<std::uint16_t>(semicolon)) {}

  std::string_view text_;
  std::uint16_t semicolon_;
};

// HEXPOINT of RFC 6533 3: two to six hexadecimal digits that name a character; surrogates are none.
// The printed rule leaves out %x0A-0F and %x1A-1F, which its prose has encoded; they are read.
class embedded_character {
 public:
  constexpr std::uint32_t point() const noexcept { return point_; }
  constexpr std::size_t octets() const noexcept { return octets_; }

  // The one at the front of the text, which begins "\x{"; octets() is 0 when there is none.
  static constexpr embedded_character at_front_of(std::string_view text) noexcept {
    embedded_character found;
    if (text.substr(0, 3) != "\\x{") return found;
    const std::size_t close = span_of(octet_class::hexdig, text, 3);
    if (close < 5 || close > 9 || close == text.size() || text[close] != '}') return found;
    for (char c : text.substr(3, close - 3)) found.point_ = found.point_ * 16 + hex_value(c);
    if (found.point_ > 0x10FFFF || octets::between(found.point_, 0xD800, 0xDFFF)) return found;
    found.octets_ = close + 1;
    return found;
  }

  constexpr void put_utf8(writer::draft& out) const noexcept {
    const auto octet = [&](std::uint32_t value) { out.put(static_cast<char>(static_cast<unsigned char>(value))); };
    const auto tail = [&](unsigned shift) { octet(0x80U | ((point_ >> shift) & 0x3FU)); };
    if (point_ < 0x80) return octet(point_);
    if (point_ < 0x800) return octet(0xC0U | point_ >> 6), tail(0);
    if (point_ < 0x10000) return octet(0xE0U | point_ >> 12), tail(6), tail(0);
    octet(0xF0U | point_ >> 18), tail(12), tail(6), tail(0);
  }

 private:
  std::uint32_t point_ = 0;
  std::size_t octets_ = 0;
};

// 1*(QUCHAR / EmbeddedUnicodeChar): the place of the first octet that is neither.
constexpr std::size_t span_of_unitext(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == '\\') {
      const std::size_t length = embedded_character::at_front_of(text.substr(at)).octets();
      if (length == 0) return at;
      at += length;
    } else if (is(octet_class::non_ascii, text[at])) {
      const std::size_t length = utf8_length_at(text, at);
      if (length == 0) return at;
      at += length;
    } else if (is(octet_class::xchar, text[at])) {
      ++at;
    } else {
      return at;
    }
  }
  return at;
}

constexpr result<orcpt> orcpt::parse(std::string_view value, quirks q) noexcept {
  if (value.size() > max_octets) return fault{errc::parameter_value_too_long, max_octets};
  const std::size_t semicolon = span_of(octet_class::atext, value);
  if (semicolon == 0 || semicolon == value.size() || value[semicolon] != ';')
    return fault{errc::orcpt_malformed, static_cast<std::uint32_t>(semicolon)};
  const orcpt parsed(value, semicolon);
  const std::string_view address = parsed.address();
  if (!parsed.is_utf8()) {
    const auto bad = [&](std::size_t at) {
      return fault{errc::orcpt_malformed, static_cast<std::uint32_t>(semicolon + 1 + at)};
    };
    const auto text = xtext::parse(address, q);
    if (!text) return bad(text.error().at);
    const std::size_t printable = find_unprintable(*text);
    if (printable != address.size()) return bad(printable);
    return parsed;
  }
  const std::size_t good = span_of_unitext(address);
  if (address.empty() || (good != address.size() && !mailbox::parse(address, q)))
    return fault{errc::orcpt_malformed, static_cast<std::uint32_t>(good)} + (semicolon + 1);
  return parsed;
}

constexpr result<void> orcpt::decode(writer& out) const noexcept {
  const std::string_view encoded = address();
  if (!is_utf8()) return xtext::parse(encoded, quirks::all)->decode(out);
  writer::draft piece(out);
  if (span_of_unitext(encoded) != encoded.size()) {  // a Mailbox as it is
    piece.put(encoded);
    return piece.commit();
  }
  for (std::size_t at = 0; at < encoded.size();) {
    const auto embedded = embedded_character::at_front_of(encoded.substr(at));
    if (embedded.octets() != 0) {
      embedded.put_utf8(piece);
      at += embedded.octets();
    } else {
      piece.put(encoded[at++]);
    }
  }
  return piece.commit();
}

// Writes it as it was written, but for lower-case digits of its xtext (RFC 3461 4). Of type utf-8 it has none.
constexpr void encode(const orcpt& first, writer::draft& out) noexcept {
  if (first.is_utf8()) {
    out.put(first.text());
    return;
  }
  out.put(first.type()).put(';');
  put_strict_xtext(first.address(), out);
}

// Writes raw UTF-8 as utf-8-addr-xtext: in ASCII, what that may not hold as "\\x{HEXPOINT}"; `native` leaves
// what is not ASCII as it is, which is utf-8-addr-unitext. Fault: utf8_malformed.
constexpr result<void> encode_unitext(std::string_view raw, writer::draft& out, bool native = false) noexcept {
  for (std::size_t at = 0; at < raw.size();) {
    const char c = raw[at];
    if (is(octet_class::xchar, c) && c != '\\') {
      out.put(c);
      ++at;
      continue;
    }
    std::uint32_t point = static_cast<unsigned char>(c);
    std::size_t length = 1;
    if (point >= 0x80) {
      length = utf8_length_at(raw, at);
      if (length == 0) return fault{errc::utf8_malformed, static_cast<std::uint32_t>(at)};
      if (native) {
        out.put(raw.substr(at, length));
        at += length;
        continue;
      }
      point &= 0x7FU >> length;
      for (std::size_t i = 1; i < length; ++i) point = point << 6 | (static_cast<unsigned char>(raw[at + i]) & 0x3FU);
    }
    out.put("\\x{");
    unsigned digits = 2;
    while (digits < 6 && point >> (4 * digits) != 0) ++digits;
    while (digits-- != 0) out.put("0123456789ABCDEF"[point >> (4 * digits) & 15U]);
    out.put('}');
    at += length;
  }
  return {};
}

}  // namespace sansmtp

#endif
