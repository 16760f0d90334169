// client_options: all that a client session is told about the conversation it leads.

#ifndef SANSMTP_SESSION_CLIENT_OPTIONS_HPP
#define SANSMTP_SESSION_CLIENT_OPTIONS_HPP

#include "sansmtp/base/quirks.hpp"
#include "sansmtp/session/phase.hpp"
#include "sansmtp/wire/newline.hpp"
#include "sansmtp/wire/service.hpp"

namespace sansmtp {

struct client_options {
  service kind = service::smtp;
  sansmtp::quirks leniency = quirks::deployed;        // towards the server's grammar
  newline_repair newlines = newline_repair::refuse;   // a bare CR or LF in what is to be sent
  bool tls = false;                                   // TLS is active from the start (RFC 8314 3)
  bool require_tls = false;                           // nothing of a transaction, and no AUTH, before TLS
  bool observe = false;                               // watch a conversation between others: see client::follow()
  phase start = phase::connect;                       // take a conversation over where it stands
};

}  // namespace sansmtp

#endif
