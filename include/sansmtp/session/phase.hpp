// phase: where a conversation stands, as both of its sides see it.
//
// A session is in one of these at any time and moves on replies alone (conversation.hpp). What a
// phase permits is not said here: this header only names them.

#ifndef SANSMTP_SESSION_PHASE_HPP
#define SANSMTP_SESSION_PHASE_HPP

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace sansmtp {

enum class phase : std::uint8_t {
  connect,  // connected; the greeting has not been given (RFC 5321 3.1)
  greeted,  // greeted with 220; no EHLO, HELO or LHLO accepted yet; again so after STARTTLS
  refused,  // greeted with 554 or 521: only QUIT is left (RFC 5321 3.1, RFC 7504 2)
  ready,    // introduced; no mail transaction is open
  mail,     // MAIL accepted, no recipient yet
  rcpt,     // at least one recipient accepted
  data,     // 354 given: the message is on its way (RFC 5321 4.1.1.4)
  chunk,    // at least one BDAT accepted, the last not yet (RFC 3030 2)
  broken,   // the transaction failed in a way that only RSET, EHLO or QUIT mends (RFC 3030 2)
  auth,     // 334 given: a line of the exchange is awaited (RFC 4954 4)
  tls,      // STARTTLS accepted: the handshake is due (RFC 3207 4)
  reversed, // ATRN or TURN accepted: the roles are exchanged, a session of the other role goes on (RFC 2645 5.2.1)
  closed,   // 221 or 421 given, the connection lost, or the peer beyond understanding
};

inline constexpr std::size_t phase_count = static_cast<std::size_t>(phase::closed) + 1;

constexpr std::string_view name_of(phase p) noexcept {
  constexpr std::string_view names[phase_count] = {"connect", "greeted", "refused", "ready", "mail", "rcpt",
                                                   "data",    "chunk",   "broken",  "auth",  "tls",  "reversed", "closed"};
  return names[static_cast<std::size_t>(p)];
}

class phase_set {
 public:
  constexpr phase_set(phase p) noexcept : bits_(bit(p)) {}
  constexpr phase_set(std::initializer_list<phase> phases) noexcept {
    for (phase p : phases) bits_ = static_cast<std::uint16_t>(bits_ | bit(p));
  }
  constexpr bool has(phase p) const noexcept { return (bits_ & bit(p)) != 0; }

 private:
  static constexpr std::uint16_t bit(phase p) noexcept { return static_cast<std::uint16_t>(1U << static_cast<unsigned>(p)); }
  std::uint16_t bits_ = 0;
};

// The phases of an open mail transaction: an envelope exists in these and in no other.
inline constexpr phase_set transaction{phase::mail, phase::rcpt, phase::data, phase::chunk, phase::broken};

}  // namespace sansmtp

#endif
