// What the RFCs have a server say where the application says nothing of its own.
//
// One row for the success of each act, and the refusal that a fault's own row of the fault table
// suggests. The greeting, the reply to EHLO and 221 begin with the host's name (RFC 5321 4.2, 4.3.1)
// and are written by the session, which knows it.

#ifndef SANSMTP_SESSION_DEFAULT_REPLY_HPP
#define SANSMTP_SESSION_DEFAULT_REPLY_HPP

#include <cstdint>
#include <string_view>

#include "sansmtp/base/column.hpp"
#include "sansmtp/base/fault.hpp"
#include "sansmtp/session/act.hpp"
#include "sansmtp/wire/response.hpp"
#include "sansmtp/wire/spoken.hpp"

namespace sansmtp {

struct default_reply_row {
  act to;
  reply_code code;
  enhanced_status status;
  std::string_view text;
};

inline constexpr default_reply_row default_replies[] = {
    {act::mail, 250, {2, 1, 0}, "sender accepted"},
    {act::rcpt, 250, {2, 1, 5}, "recipient accepted"},
    {act::data, 354, {}, "end the message with <CR><LF>.<CR><LF>"},
    {act::message_end, 250, {2, 0, 0}, "message accepted"},
    {act::chunk, 250, {2, 0, 0}, "chunk accepted"},
    {act::last_chunk, 250, {2, 0, 0}, "message accepted"},
    {act::lmtp_last_chunk, 250, {2, 0, 0}, "message accepted"},
    {act::rset, 250, {2, 0, 0}, "transaction forgotten"},
    {act::noop, 250, {2, 0, 0}, "nothing done"},
    {act::quit, 221, {2, 0, 0}, "closing"},
    {act::vrfy, 252, {2, 5, 0}, "not verified; send it some mail"},    // RFC 5321 3.5.3
    {act::expn, 252, {2, 5, 0}, "not expanded; send it some mail"},
    {act::help, 214, {2, 0, 0}, "see RFC 5321"},
    {act::starttls, 220, {2, 0, 0}, "go ahead"},
    {act::auth, 334, {}, ""},                                          // an empty challenge, RFC 4954 4
    {act::etrn, 251, {2, 0, 0}, "no messages waiting"},                // RFC 1985 5.3
    {act::atrn, 453, {4, 3, 0}, "you have no mail"},                   // RFC 2645 5.2.2
    {act::burl, 554, {5, 6, 6}, "the URL was not resolved"},           // RFC 4468 3.3
    {act::last_burl, 554, {5, 6, 6}, "the URL was not resolved"},
    {act::xclient, 550, {5, 7, 1}, "not trusted"},
    {act::xforward, 550, {5, 7, 1}, "not trusted"},
    {act::send, 502, {5, 5, 1}, "not implemented"},                    // RFC 5321 F.6
    {act::turn, 502, {5, 5, 1}, "not implemented"},                    // RFC 5321 F.1
};

// What a fault's row says of the reply. The enhanced code's first number is the reply code's first digit.
struct suggested_reply {
  std::uint16_t code;
  std::uint8_t subject, detail;

  static constexpr suggested_reply of(const fault_facts& row) noexcept {  // not reached: asked by the compiler alone
    return {row.reply, static_cast<std::uint8_t>(row.status.subject), static_cast<std::uint8_t>(row.status.detail)};
  }
};

constexpr response default_reply(act to) noexcept {
  for (const default_reply_row& row : default_replies)
    if (row.to == to) return {row.code, row.status, row.text};
  return {500, {5, 5, 1}, column<fault_table, &fault_facts::sentence>(errc::verb_unknown)};
}

// The refusal for a fault. A sender's address differs from a recipient's in the enhanced code
// (RFC 3463 3.2: X.1.7 for the one, X.1.3 for the other). For a message without recipients LMTP knows only
// 503 (RFC 2033 4.2), and BURL has a code of its own (RFC 4468 5).
constexpr response refusal_reply(errc why, act what, bool lmtp) noexcept {
  const suggested_reply reply = column<fault_table, suggested_reply::of>(why);
  const std::string_view sentence = column<fault_table, &fault_facts::sentence>(why);
  if (reply.code == 0) return {451, {4, 3, 0}, sentence};
  enhanced_status status{static_cast<std::uint16_t>(reply.code / 100), reply.subject, reply.detail};
  if ((what == act::mail || what == act::send) && status == enhanced_status{5, 1, 3}) status.detail = 7;
  const bool no_recipients = why == errc::no_valid_recipients;
  if (speaks(extension::burl) && no_recipients && (what == act::burl || what == act::last_burl)) status.detail = 0;
  return {no_recipients && lmtp ? reply_code{503} : reply_code{reply.code}, status, sentence};
}

}  // namespace sansmtp

#endif
