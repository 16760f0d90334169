// server_options: all that a server session is told about the place it serves.

#ifndef SANSMTP_SESSION_SERVER_OPTIONS_HPP
#define SANSMTP_SESSION_SERVER_OPTIONS_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/grammar/host.hpp"
#include "sansmtp/session/phase.hpp"
#include "sansmtp/wire/service.hpp"
#include "sansmtp/wire/extension.hpp"
#include "sansmtp/wire/newline.hpp"
#include "sansmtp/wire/private_extension.hpp"

namespace sansmtp {

// The views in it are borrowed for the session's life.
struct server_options {
  sansmtp::host host;                           // what replies name the server by (RFC 5321 4.3.1), in ASCII (RFC 6531 3.7.1)
  service kind = service::smtp;
  extension_set extensions{};                   // listed in the EHLO reply, where TLS and AUTH permit each; an LMTP server
                                                // must have PIPELINING and ENHANCEDSTATUSCODES (RFC 2033 5)
  std::string_view mechanisms{};                // offered by AUTH, upper case, parted by one SP (RFC 4954 3)
  std::span<const std::string_view> lines{};    // EHLO lines of those whose keyword has parameters: "DELIVERBY 240"
  std::span<const private_extension> own{};     // extensions that the library has no row for
  std::uint64_t size_limit = 0;                 // octets of a message; 0: no fixed limit (RFC 1870 4)
  std::uint32_t mail_limit = 0;                 // MAIL commands of a session; 0: no limit (RFC 9422 4.1)
  std::uint32_t recipient_limit = limits::recipients;  // a transaction (RFC 5321 4.5.3.1.8)
  std::size_t auth_line = limits::auth_line;    // octets of an AUTH command or of a line of its exchange
  sansmtp::quirks leniency = quirks::deployed;  // towards the client's grammar
  bare_newline newlines = bare_newline::refuse; // a bare CR or LF in a message
  bool tls = false;                             // TLS is active from the start (RFC 8314 3)
  bool require_tls = false;                     // 530 to what may not stand before STARTTLS (RFC 3207 4)
  bool require_authentication = false;          // 530 to what may not stand before AUTH (RFC 4954 6)
  bool cleartext_passwords = false;             // PLAIN, LOGIN, XOAUTH2, OAUTHBEARER also without TLS (RFC 4954 6)
  bool observe = false;                         // watch a conversation between others: every answer is believed
  phase start = phase::connect;                 // take a conversation over where it stands
};

}  // namespace sansmtp

#endif
