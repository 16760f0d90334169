// restart_reply: 355, by which a server says where a message that broke off goes on (RFC 1845 4).
//
// It answers a MAIL with TRANSID whose transaction the server still knows, recipients and all: the
// client goes on with DATA or BDAT, and sends the message from that octet on. The offset counts from
// zero and leaves stuffed dots out; before DATA it is at the beginning of a line.

#ifndef SANSMTP_WIRE_RESTART_REPLY_HPP
#define SANSMTP_WIRE_RESTART_REPLY_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/number.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/wire/reply.hpp"

namespace sansmtp {

// octet-offset ::= 1*DIGIT           ; first in the text, linear white space behind it
//
// Faults, located in the text: reply_out_of_place, reply_text_malformed, number_too_large.
constexpr result<std::uint64_t> parse_restart_offset(const reply& answer) noexcept {
  if (answer.code() != 355) return errc::reply_out_of_place;
  const std::string_view text = answer.text();
  const std::size_t end = span_of(octet_class::digit, text);
  if (end == 0 || (end != text.size() && !is(octet_class::white, text[end])))
    return fault{errc::reply_text_malformed, static_cast<std::uint32_t>(end)};
  return parse_number(text.substr(0, end));
}

// The text of a 355.
constexpr void encode_restart_offset(std::uint64_t offset, writer::draft& out) noexcept {
  out.put_number(offset).put(" is the transaction offset");
}

}  // namespace sansmtp

#endif
