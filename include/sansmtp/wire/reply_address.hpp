// Addresses in the texts of replies: what VRFY and EXPN found, and the new address in 251 and 551.
//
// RFC 5321 3.5.1 has VRFY and EXPN answer "User Name <mailbox>" or the mailbox alone, one a line;
// 3.4 puts the path of a mailbox that has moved somewhere into the text. Views into the reply. What a
// reply says is not proved by it: RFC 5321 7.4 warns of changing addresses on its word.

#ifndef SANSMTP_WIRE_REPLY_ADDRESS_HPP
#define SANSMTP_WIRE_REPLY_ADDRESS_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/mailbox.hpp"
#include "sansmtp/grammar/path.hpp"
#include "sansmtp/grammar/reply_text.hpp"
#include "sansmtp/wire/reply.hpp"
#include "sansmtp/wire/reply_code.hpp"

namespace sansmtp {

// reply-250-vrfy = [ User-Name SP ] "<" Mailbox ">" / Mailbox        RFC 5321 3.5.1, RFC 6531 3.7.4.2
struct verified_mailbox {
  std::string_view name;  // as it is written; empty: none
  sansmtp::mailbox mailbox;

  // One line's text, such as lines() gives. The texts of 553 that list alternatives are alike, but
  // for the first. Fault: reply_text_malformed, at the octet that breaks the mailbox.
  static constexpr result<verified_mailbox> parse(std::string_view text, quirks leniency = quirks::strict) noexcept;
};

constexpr result<verified_mailbox> verified_mailbox::parse(std::string_view text, quirks leniency) noexcept {
  const auto malformed = [](std::size_t at) noexcept {
    return fault{errc::reply_text_malformed, static_cast<std::uint32_t>(at)};
  };
  while (!text.empty() && is(octet_class::white, text.back())) text.remove_suffix(1);
  if (text.empty() || text.back() != '>') {
    const auto alone = sansmtp::mailbox::parse(text, leniency);
    return alone ? result<verified_mailbox>(verified_mailbox{{}, *alone}) : malformed(alone.error().at);
  }
  // "<" may stand in a name and in a quoted local part: the mailbox begins behind the first one from
  // which a mailbox goes on to the end.
  fault why = malformed(text.size() - 1);
  for (std::size_t open = text.find('<'); open != text.npos; open = text.find('<', open + 1)) {
    const auto found = sansmtp::mailbox::parse(text.substr(open + 1, text.size() - open - 2), leniency);
    if (!found) {
      why = malformed(open + 1 + found.error().at);
      continue;
    }
    std::string_view name = text.substr(0, open);
    while (!name.empty() && is(octet_class::white, name.back())) name.remove_suffix(1);
    name.remove_prefix(span_of(octet_class::white, name));
    return verified_mailbox{name, *found};
  }
  return why;
}

// The text of one line, always with angle brackets (RFC 5321 3.5.2). UTF-8 in it is for a client that
// gave the SMTPUTF8 parameter. Faults: those of reply_text in the name; reply_text_malformed for a
// name that would not read back, with "<" in it or with what resembles an enhanced status code.
constexpr result<void> encode(const verified_mailbox& found, writer::draft& out) noexcept {
  if (const auto checked = reply_text::parse(found.name); !checked) return checked.error();
  if (const std::size_t open = found.name.find('<'); open != found.name.npos)
    return fault{errc::reply_text_malformed, static_cast<std::uint32_t>(open)};
  if (resembles_enhanced_status(found.name)) return errc::reply_text_malformed;
  out.put(found.name);
  if (!found.name.empty()) out.put(' ');
  out.put('<').put(found.mailbox.text()).put('>');
  return {};
}

// The path in a 251 or 551: the first in the text of any line that is one, for a reply of several
// lines may answer any command (RFC 5321 4.2). Where SMTPUTF8 was not given it must be ASCII (RFC 6531
// 3.7.4.1), which is_ascii() tells. Faults: reply_out_of_place; reply_text_malformed at the end of the
// first line's text when there is none.
constexpr result<forward_path> parse_forwarding_path(const reply& answer, quirks leniency = quirks::strict) noexcept {
  if (answer.code() != 251 && answer.code() != 551) return errc::reply_out_of_place;
  for (const std::string_view text : answer.lines())
    for (std::size_t open = text.find('<'); open != text.npos; open = text.find('<', open + 1))
      if (const auto found = forward_path::parse_prefix(text.substr(open), leniency)) return found->path;
  return fault{errc::reply_text_malformed, static_cast<std::uint32_t>(answer.text().size())};
}

// The text of a 251 or 551, in the RFC's words (RFC 5321 4.2.3). Fault: reply_code_malformed.
constexpr result<void> encode_forwarding_path(reply_code code, const forward_path& to, writer::draft& out) noexcept {
  if (code != 251 && code != 551) return errc::reply_code_malformed;
  out.put(code == 251 ? "User not local; will forward to " : "User not local; please try ");
  encode(to, out);
  return {};
}

}  // namespace sansmtp

#endif
