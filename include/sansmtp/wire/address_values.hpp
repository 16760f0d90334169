// The values that are a mailbox in xtext: AUTH (RFC 4954 5), SUBMITTER (RFC 4405 4), ALT-ADDRESS (RFC 5336 3.4).
//
// Views into the line, decoded only when asked; the offset of a fault counts from the first octet
// of the value, and is of the encoded octet that the fault is about.

#ifndef SANSMTP_WIRE_ADDRESS_VALUES_HPP
#define SANSMTP_WIRE_ADDRESS_VALUES_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/mailbox.hpp"
#include "sansmtp/grammar/xtext.hpp"

namespace sansmtp {

class xtext_mailbox {
 public:
  static constexpr std::size_t max_octets = 3 * limits::mailbox;  // each octet encoded

  // The mailbox as encoded.
  constexpr std::string_view text() const noexcept { return text_; }

  // Whether the mailbox itself, not its encoding, is ASCII.
  constexpr bool is_ascii() const noexcept { return ascii_; }

  // The mailbox. It borrows from this value when nothing in it is encoded, else from `room`, to
  // which it is written. Fault: output_full.
  constexpr result<sansmtp::mailbox> mailbox(writer& room) const noexcept {
    if (text_.find('+') == text_.npos) return sansmtp::mailbox::parse(text_, quirks::all);
    const std::size_t before = room.written().size();
    writer::draft piece(room);
    for (xtext_octets octets(text_); !octets.done();) piece.put(octets.next());
    if (const auto decoded = piece.commit(); !decoded) return decoded.error();
    return sansmtp::mailbox::parse(room.written().substr(before), quirks::all);
  }

  // Faults: xtext_malformed within max_octets, path_too_long, and those of mailbox.
  static constexpr result<xtext_mailbox> parse(std::string_view value, quirks q = quirks::strict) noexcept;

 private:
  constexpr xtext_mailbox(std::string_view text, bool ascii) noexcept : text_(text), ascii_(ascii) {}

  std::string_view text_;
  bool ascii_;
};

constexpr result<xtext_mailbox> xtext_mailbox::parse(std::string_view value, quirks q) noexcept {
  // A fault behind max_octets is none of the mailbox's, which is too long before; and there "+" and its digits part.
  if (const auto good = check_xtext(value.substr(0, max_octets), q); !good && good.error().at < max_octets)
    return good.error();
  if (value.find('+') == value.npos) {
    const auto plain = sansmtp::mailbox::parse(value, q);
    return plain ? result<xtext_mailbox>(xtext_mailbox(value, true)) : result<xtext_mailbox>(plain.error());
  }
  std::array<char, limits::mailbox> decoded{};
  std::size_t size = 0;
  for (xtext_octets octets(value); !octets.done(); ++size) {
    if (size == decoded.size()) return fault{errc::path_too_long, static_cast<std::uint32_t>(octets.place())};
    decoded[size] = octets.next();
  }
  const auto who = sansmtp::mailbox::parse(std::string_view(decoded.data(), size), q);
  if (who) return xtext_mailbox(value, who->is_ascii());
  return fault{who.error().code, static_cast<std::uint32_t>(place_behind(who.error().at, value))};
}

// AUTH's value (RFC 4954 5): who submitted the message, a Mailbox in xtext, or "<>", itself not
// encoded, when nobody vouches for that.
class auth_parameter {
 public:
  static constexpr std::size_t max_octets = 494;  // what " AUTH=" leaves of the 500 that a MAIL line grows by

  constexpr bool is_null() const noexcept { return text_ == "<>"; }

  // The mailbox as encoded; "<>" when is_null().
  constexpr std::string_view text() const noexcept { return text_; }

  // The mailbox, as xtext_mailbox gives it. Not for the null value. Fault: output_full.
  constexpr result<sansmtp::mailbox> mailbox(writer& room) const noexcept {
    const auto who = xtext_mailbox::parse(text_, quirks::all);
    return who ? who->mailbox(room) : result<sansmtp::mailbox>(who.error());
  }

  // Fault: auth_parameter_malformed, at the octet that breaks the xtext or the mailbox in it.
  static constexpr result<auth_parameter> parse(std::string_view value, quirks q = quirks::strict) noexcept {
    if (value == "<>") return auth_parameter(value);
    if (value.size() > max_octets) return fault{errc::auth_parameter_malformed, max_octets};
    if (const auto who = xtext_mailbox::parse(value, q); !who)
      return fault{errc::auth_parameter_malformed, who.error().at};
    return auth_parameter(value);
  }

 private:
  constexpr explicit auth_parameter(std::string_view text) noexcept : text_(text) {}

  std::string_view text_;
};

// SUBMITTER's value: who is responsible for the message. Fault: submitter_malformed.
constexpr result<xtext_mailbox> parse_submitter(std::string_view value, quirks q = quirks::strict) noexcept {
  const auto who = xtext_mailbox::parse(value, q);
  return who ? who : result<xtext_mailbox>(fault{errc::submitter_malformed, who.error().at});
}

// ALT-ADDRESS's value: the address, all ASCII, to fall back upon. Its length is what the 460 octets
// that a line grows by leave (RFC 5336 3.1). Fault: alt_address_malformed.
constexpr result<xtext_mailbox> parse_alt_address(std::string_view value, quirks q = quirks::strict) noexcept {
  constexpr std::size_t most = 447;
  if (value.size() > most) return fault{errc::alt_address_malformed, most};
  const auto who = xtext_mailbox::parse(value, q);
  if (!who) return fault{errc::alt_address_malformed, who.error().at};
  if (who->is_ascii()) return who;
  return fault{errc::alt_address_malformed, static_cast<std::uint32_t>(find_high_octet(value))};
}

}  // namespace sansmtp

#endif
