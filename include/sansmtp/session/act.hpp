// act: what a reply answers.
//
// Mostly a command, but the conversation turns on a few things that are no command of their own:
// the connection itself, the end of a message, a line of an AUTH exchange. BDAT and BDAT LAST
// are told apart, and DATA for a BINARYMIME message from DATA, because they lead elsewhere.

#ifndef SANSMTP_SESSION_ACT_HPP
#define SANSMTP_SESSION_ACT_HPP

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/wire/command.hpp"

namespace sansmtp {

enum class act : std::uint8_t {
  greeting,       // the connection: answered by the greeting
  ehlo,
  helo,
  lhlo,
  mail,
  rcpt,
  data,
  binary_data,    // DATA in a transaction with BODY=BINARYMIME (RFC 3030 3)
  message_end,    // the final dot
  chunk,          // BDAT and its octets
  last_chunk,     // BDAT LAST and its octets
  lmtp_last_chunk,  // the same in LMTP: answered once for each recipient (RFC 2033 4.3)
  rset,
  noop,
  quit,
  vrfy,
  expn,
  help,
  starttls,
  auth,
  auth_response,  // a line that answers a 334
  send,           // SEND, SOML or SAML: MAIL to a terminal (RFC 821 3.4)
  burl,           // RFC 4468
  last_burl,
  etrn,           // RFC 1985
  atrn,           // RFC 2645
  turn,           // RFC 821 3.8
  xclient,
  xforward,
  other,          // any other verb, known or not, and every line that is no command at all
};

inline constexpr std::size_t act_count = static_cast<std::size_t>(act::other) + 1;

constexpr std::string_view name_of(act a) noexcept {
  constexpr std::string_view names[act_count] = {
      "greeting", "EHLO", "HELO", "LHLO", "MAIL", "RCPT", "DATA", "DATA", "message end", "BDAT", "BDAT LAST", "BDAT LAST",
      "RSET",     "NOOP", "QUIT", "VRFY", "EXPN", "HELP", "STARTTLS", "AUTH", "response",
      "SEND",     "BURL", "BURL LAST", "ETRN", "ATRN", "TURN", "XCLIENT", "XFORWARD", "other"};
  return names[static_cast<std::size_t>(a)];
}

// The act that a command line is. DATA is act::data and BDAT LAST act::last_chunk here: whether the
// message is BINARYMIME and the service LMTP only the session knows.
constexpr act act_of(verb v, bool last = false) noexcept {
  switch (v) {
    case verb::ehlo: return act::ehlo;
    case verb::helo: return act::helo;
    case verb::lhlo: return act::lhlo;
    case verb::mail: return act::mail;
    case verb::rcpt: return act::rcpt;
    case verb::data: return act::data;
    case verb::bdat: return last ? act::last_chunk : act::chunk;
    case verb::rset: return act::rset;
    case verb::noop: return act::noop;
    case verb::quit: return act::quit;
    case verb::vrfy: return act::vrfy;
    case verb::expn: return act::expn;
    case verb::help: return act::help;
    case verb::starttls: return act::starttls;
    case verb::auth: return act::auth;
    case verb::send:
    case verb::soml:
    case verb::saml: return act::send;
    case verb::burl: return last ? act::last_burl : act::burl;
    case verb::etrn: return act::etrn;
    case verb::atrn: return act::atrn;
    case verb::turn: return act::turn;
    case verb::xclient: return act::xclient;
    case verb::xforward: return act::xforward;
    default: return act::other;
  }
}

constexpr act act_of(const command& c) noexcept {
  const auto* chunk = std::get_if<bdat>(&c);
  const auto* url = std::get_if<burl>(&c);
  return act_of(verb_of(c), (chunk != nullptr && chunk->last) || (url != nullptr && url->last));
}

// What a line begins with, though it may be no command or not all of it be there.
constexpr act act_at(std::string_view line) noexcept {
  line = line.substr(0, limits::verb);
  return act_of(verb_named(line.substr(0, span_of(octet_class::verb, line))));
}

// The act that it is in this service, for a transaction of this kind.
constexpr act act_within(act a, bool lmtp, bool binary) noexcept {
  if (a == act::data && binary) return act::binary_data;
  if (a == act::last_chunk && lmtp) return act::lmtp_last_chunk;
  return a;
}

class act_set {
 public:
  constexpr act_set(act a) noexcept : bits_(bit(a)) {}
  constexpr act_set(std::initializer_list<act> acts) noexcept {
    for (act a : acts) bits_ |= bit(a);
  }
  constexpr bool has(act a) const noexcept { return (bits_ & bit(a)) != 0; }

 private:
  static constexpr std::uint32_t bit(act a) noexcept { return 1U << static_cast<unsigned>(a); }
  std::uint32_t bits_ = 0;
};

}  // namespace sansmtp

#endif
