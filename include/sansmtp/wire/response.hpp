// response: a reply as a server writes it: code, enhanced status, text, and further lines of text.
//
// encode() makes lines of it, in the strict form of RFC 5321 4.2: the code on each, the enhanced
// status on each (RFC 2034 4), none over limits::reply_line, a longer text folded at a SP. What it
// writes, a reply_reader reads under quirks::strict. Text is checked here, at the door, so that no
// CR, LF or NUL out of it reaches the wire. A response borrows its texts until it is written.

#ifndef SANSMTP_WIRE_RESPONSE_HPP
#define SANSMTP_WIRE_RESPONSE_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sansmtp/base/fault.hpp"
#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/base64.hpp"
#include "sansmtp/grammar/reply_text.hpp"
#include "sansmtp/wire/enhanced_status.hpp"
#include "sansmtp/wire/reply_code.hpp"
#include "sansmtp/wire/spoken.hpp"

namespace sansmtp {

struct response {
  reply_code code{};
  enhanced_status status{};                  // {}: none, or the one that begins each text
  std::string_view text{};                   // of the first line
  std::span<const std::string_view> more{};  // a line each
};

// Writes the whole reply or nothing. Faults, located in the texts as though one behind the other:
// those of reply_text; reply_code_malformed; enhanced_status_malformed, enhanced_status_class
// (other than the code's first digit, or with a 3yz) and enhanced_status_changed (RFC 2034 4);
// enhanced_status_malformed at the octet with which a line would begin, where a text can be folded
// in no other way than one that makes it look like such a code; reply_too_many_lines and
// reply_too_long, behind the texts, where no reader here would take it; output_full. A challenge, 334,
// is one line of base64 and may be longer: the faults of base64_text, reply_too_many_lines,
// authentication_line_too_long. Without `utf8` a text must be ASCII, which it must wherever the client has
// not said that it takes more (RFC 6531 3.7.4): non_ascii_octet.
constexpr result<void> encode(const response& r, writer& out, bool utf8 = true) noexcept;

// Octets of a line that are not its text: code, separator, status and the SP behind it, CRLF.
constexpr std::size_t reply_line_overhead(enhanced_status status) noexcept {
  const auto digits = [](unsigned n) noexcept { return std::size_t{1} + (n > 9) + (n > 99); };
  return 6 + (status ? 4 + digits(status.subject) + digits(status.detail) : 0);
}

//   Reply-line = *( Reply-code "-" [ textstring ] CRLF )                         RFC 5321 4.2
//                Reply-code [ SP textstring ] CRLF
//
// Without text the line is the bare code, but for 334, whose SP stays: continue-req =
// "334" SP [base64] CRLF (RFC 4954 8). The text must have been checked.
constexpr void put_reply_line(writer::draft& out, reply_code code, enhanced_status status, std::string_view text,
                              bool last) noexcept {
  encode(code, out);
  if (!last)
    out.put('-');
  else if (status || !text.empty() || code == 334)
    out.put(' ');
  if (status) encode(status, out);
  if (status && !text.empty()) out.put(' ');
  out.put(text).put("\r\n");
}

// How much of a text goes on a line with this much room: all, or up to a SP, or, where one word is
// longer than a line, as much as fits without cutting a UTF-8 sequence. It does not fold where this
// line or the next would then begin like an enhanced status code, unless there is no other place.
constexpr std::size_t fold_at(std::string_view text, std::size_t room) noexcept {
  if (text.size() <= room) return text.size();
  for (const bool in_a_word : {false, true})
    for (std::size_t at = room; at > 0; --at) {
      const bool space = text[at] == ' ', inside_utf8 = (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
      if (space == in_a_word || inside_utf8) continue;
      const bool like_status = resembles_enhanced_status(text.substr(space ? at + 1 : at)) ||
                               (in_a_word && resembles_enhanced_status(text.substr(0, at)));
      if (!like_status) return at;
    }
  return room;
}

constexpr result<void> encode(const response& r, writer& out, bool utf8) noexcept {
  if (!r.code.valid()) return fault{errc::reply_code_malformed, 0};
  if (r.status && !r.status.valid()) return fault{errc::enhanced_status_malformed, 0};
  if (r.status && !r.status.agrees_with(r.code)) return fault{errc::enhanced_status_class, 0};
  const bool challenge = speaks(extension::auth) && r.code == 334;
  if (challenge && !r.more.empty()) return fault{errc::reply_too_many_lines, static_cast<std::uint32_t>(r.text.size())};

  writer::draft lines(out);
  enhanced_status status = r.status;
  std::size_t before = 0, count = 0;
  for (std::size_t i = 0; i <= r.more.size(); ++i) {
    std::string_view text = i == 0 ? r.text : r.more[i - 1];
    if (challenge) {
      if (const auto checked = base64_text::parse(text); !checked) return checked.error();
    } else if (const auto checked = reply_text::parse(text); !checked) {
      return checked.error() + before;
    } else if (!utf8 && !checked->is_ascii()) {
      return fault{errc::non_ascii_octet, static_cast<std::uint32_t>(span_of(octet_class::textstring, text))} + before;
    }
    const std::size_t octets = text.size();

    // A text may bring its code along; then, as to a reader, that is the reply's.
    if (!r.status) {
      enhanced_status own{};
      if (resembles_enhanced_status(text)) {
        const auto prefix = enhanced_status::parse_prefix(text);
        if (!prefix) return prefix.error() + before;
        own = prefix->status;
        if (!own.agrees_with(r.code)) return fault{errc::enhanced_status_class, 0} + before;
        text.remove_prefix(prefix->used);
      }
      if (i != 0 && own != status) return fault{errc::enhanced_status_changed, 0} + before;
      status = own;
    }

    const std::size_t room = (challenge ? limits::auth_line : limits::reply_line) - reply_line_overhead(status);
    if (challenge && text.size() > room)
      return fault{errc::authentication_line_too_long, static_cast<std::uint32_t>(room)};
    const bool last = i == r.more.size();
    for (bool folded = true; folded;) {
      const std::size_t cut = fold_at(text, room);
      std::string_view rest = text.substr(cut);
      if (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
      folded = !rest.empty();
      if (folded && !status && resembles_enhanced_status(rest))
        return fault{errc::enhanced_status_malformed, 0} + (before + octets - rest.size());
      put_reply_line(lines, r.code, status, text.substr(0, cut), last && !folded);
      text = rest;
      ++count;
    }
    before += octets;
  }
  if (count > limits::received_reply_lines) return fault{errc::reply_too_many_lines, 0} + before;
  if (lines.size() > limits::received_reply) return fault{errc::reply_too_long, 0} + before;
  return lines.commit();
}

}  // namespace sansmtp

#endif
