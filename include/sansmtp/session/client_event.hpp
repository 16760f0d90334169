// What a client session tells its caller: a whole reply and what it answers, or what to do next.
//
// Everything in an event is a view into the octets that were handed to receive(), good until the
// caller drops them.

#ifndef SANSMTP_SESSION_CLIENT_EVENT_HPP
#define SANSMTP_SESSION_CLIENT_EVENT_HPP

#include <cstddef>
#include <cstdint>
#include <variant>

#include "sansmtp/grammar/base64.hpp"
#include "sansmtp/session/act.hpp"
#include "sansmtp/session/server_event.hpp"
#include "sansmtp/wire/reply.hpp"

namespace sansmtp {

// A reply, and what it answers. Judge it by its first digit (RFC 5321 4.2.1).
struct answer {
  act to;
  sansmtp::reply reply;
  std::uint32_t index;  // from 0: of a RCPT in its transaction; in LMTP, of the accepted recipient that a message's reply is for
};

// 334: respond() with what the mechanism says, or cancel() (RFC 4954 4).
struct challenge {
  base64_text octets;
};

// 354: write() the message, then finish(). With no recipient accepted, finish() at once (RFC 2920 3.1).
struct send_message {
  sansmtp::reply reply;
};

// 220 to STARTTLS came: run the handshake, then call tls_started(). The event for a server is the same.

using client_event = std::variant<need_more, answer, challenge, send_message, start_tls, closed>;

static_assert(sizeof(client_event) <= 256);

struct client_step {
  std::size_t used;  // octets at the front that the caller drops when done with the event
  client_event event;
};

}  // namespace sansmtp

#endif
