// What a server session tells its caller: a command, a piece of a message, or that it must wait.
//
// A command's event is the command itself (wire/command.hpp). Everything in an event is a view
// into the octets that were handed to receive(), good until the caller drops them.

#ifndef SANSMTP_SESSION_SERVER_EVENT_HPP
#define SANSMTP_SESSION_SERVER_EVENT_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "sansmtp/base/fault.hpp"
#include "sansmtp/grammar/base64.hpp"
#include "sansmtp/session/act.hpp"
#include "sansmtp/wire/command.hpp"

namespace sansmtp {

// Nothing more can be said before more octets arrive. The moment to flush what was answered.
struct need_more {};

// An answer is owed: nothing further is looked at until answer() was called.
struct paused {};

// Content of the message: dots unstuffed (RFC 5321 4.5.2), or octets of a chunk as they are. Owes nothing.
struct message_bytes {
  std::string_view bytes;
};

// All octets of a chunk that is not the last have been delivered. Owes an answer.
struct chunk_end {};

// The message is complete: answering it with 2yz takes the responsibility for it (RFC 5321 4.2.5).
// Owes an answer; in LMTP one for each accepted recipient, in their order (RFC 2033 4.2).
struct message_end {
  std::uint64_t size;  // octets of content, all chunks together, stuffed dots not counted
};

// A line that answers a 334. Owes an answer or a further challenge (RFC 4954 4).
struct auth_response {
  base64_text response;
};

// A line, or a whole message, that was refused, and why. Owes an answer, which must be a refusal.
// Whatever was delivered of a refused message must be thrown away.
struct refused {
  fault why;              // at: octets from the start of the line, or of the message as it was sent
  act what;               // what was refused; act::message_end or a chunk for a message
  std::string_view line;  // without its CRLF; empty when it was too long to keep, or no line
};

// 220 has been answered to STARTTLS: write it out, run the handshake, then call tls_started().
struct start_tls {};

// The session is over. With a fault when it did not end in good order.
struct closed {
  std::optional<fault> why;
};

using server_event =
    std::variant<need_more, paused, helo, ehlo, lhlo, mail, rcpt, data, bdat, rset, noop, quit, vrfy, expn, help, starttls,
                 auth, etrn, atrn, burl, send_to_terminal, send_or_mail, send_and_mail, xclient, xforward, wellknown,
                 other, message_bytes, chunk_end, message_end, auth_response, refused, start_tls, closed>;

static_assert(sizeof(server_event) <= 256);

struct server_step {
  std::size_t used;  // octets at the front that the caller drops when done with the event
  server_event event;
};

}  // namespace sansmtp

#endif
