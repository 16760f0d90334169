// The conversation: which command may stand where, and where its reply leads.
//
// SMTP moves on the reply. A command changes nothing by being sent; the reply that answers it
// does, and both sides, seeing the same reply, move alike. So one table drives the server and the
// client, with no role in it: {phase, act, class of reply} -> phase. Everything about order is in
// this header: the table, the refusals (what a server says to a command that the table has no
// success for), and the pipelining rule (what may be sent behind what). RFC 5321 4.1.4 and 4.3,
// RFC 2033, RFC 2920 3.1, RFC 3030 2, RFC 3207 4, RFC 4954 4.
//
// How to read a row: "in any of these phases, these acts, answered by any of these classes, lead
// there". `stay` is the phase itself. A row that is only `heard` is one that a client must cope
// with and a server never plays. What no row says: a refusal (4yz, 5yz) changes nothing, and 421
// closes from anywhere; a success that no row allows is out of place.

#ifndef SANSMTP_SESSION_CONVERSATION_HPP
#define SANSMTP_SESSION_CONVERSATION_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "sansmtp/base/fault.hpp"
#include "sansmtp/session/act.hpp"
#include "sansmtp/session/phase.hpp"
#include "sansmtp/wire/reply_code.hpp"

namespace sansmtp {

enum class outcome : std::uint8_t { positive, intermediate, negative };  // 2yz, 3yz, 4yz with 5yz

constexpr outcome outcome_of(reply_code code) noexcept {
  switch (code.kind()) {
    case reply_class::positive: return outcome::positive;
    case reply_class::intermediate: return outcome::intermediate;
    default: return outcome::negative;
  }
}

enum class part : std::uint8_t { played, heard };

struct conversation_row {
  phase_set from;
  act_set acts;
  outcome on;
  std::optional<phase> to;  // nothing: the phase stays
  part role = part::played;
};

namespace conversation {

using enum outcome;

inline constexpr act_set hellos{act::ehlo, act::helo, act::lhlo};
inline constexpr act_set idle{act::noop, act::vrfy, act::expn, act::help, act::other};
inline constexpr act_set chunks{act::chunk, act::last_chunk};
// What the verdict on a message answers, however it travelled.
inline constexpr act_set message_ends{act::message_end, act::last_chunk, act::lmtp_last_chunk, act::last_burl};
inline constexpr act_set urls{act::burl, act::last_burl};
inline constexpr act_set content{act::data,            act::binary_data, act::chunk,    act::last_chunk,
                                 act::lmtp_last_chunk, act::burl,        act::last_burl};
inline constexpr phase_set commanded{phase::greeted, phase::ready, phase::mail, phase::rcpt, phase::chunk, phase::broken};
inline constexpr std::nullopt_t stay = std::nullopt;

inline constexpr conversation_row table[] = {
    // the greeting                                                                      RFC 5321 3.1
    {phase::connect, act::greeting, positive, phase::greeted},
    {phase::connect, act::greeting, negative, phase::refused},

    // an introduction is welcome at any time and ends a transaction                     RFC 5321 4.1.4
    {commanded, hellos, positive, phase::ready},

    // a mail transaction                                                                RFC 5321 3.3
    {phase::ready, {act::mail, act::send}, positive, phase::mail},
    {phase::ready, act::mail, intermediate, phase::rcpt},                                // 355: RFC 1845 4.2
    {{phase::mail, phase::rcpt}, act::rcpt, positive, phase::rcpt},
    {phase::rcpt, act::data, intermediate, phase::data},
    {phase::data, act::message_end, positive, phase::ready},
    {phase::data, act::message_end, negative, phase::ready},
    {phase::data, act::message_end, intermediate, stay},                                 // 353: a reply a recipient follows
    {{phase::ready, phase::mail}, {act::data, act::binary_data}, intermediate, phase::data, part::heard},  // RFC 2920 3.1

    // the same by chunks                                                                RFC 3030 2
    {{phase::rcpt, phase::chunk}, act::chunk, positive, phase::chunk},
    {{phase::rcpt, phase::chunk}, act::last_chunk, positive, phase::ready},
    {{phase::mail, phase::rcpt, phase::chunk}, chunks, negative, phase::broken},
    {{phase::rcpt, phase::chunk}, act::lmtp_last_chunk, positive, phase::ready},                         // RFC 2033 4.3
    {{phase::mail, phase::rcpt, phase::chunk}, act::lmtp_last_chunk, negative, phase::ready},
    {phase::chunk, {act::data, act::binary_data}, negative, phase::broken},
    {phase::rcpt, act::binary_data, negative, phase::broken},                         // RFC 3030 3

    // by reference                                                                      RFC 4468 3
    {{phase::rcpt, phase::chunk}, act::burl, positive, phase::chunk},
    {{phase::rcpt, phase::chunk}, act::last_burl, positive, phase::ready},
    {{phase::rcpt, phase::chunk}, urls, negative, phase::broken},

    // beginning anew                                                                    RFC 5321 4.1.1.5
    {{phase::greeted, phase::ready}, act::rset, positive, stay},
    {{phase::mail, phase::rcpt, phase::chunk, phase::broken}, act::rset, positive, phase::ready},

    // at any time, to no effect                                                         RFC 5321 4.1.4
    {commanded, idle, positive, stay},
    {commanded, act::other, intermediate, stay, part::heard},

    // who the client speaks for
    {phase::ready, act::xforward, positive, stay},
    {{phase::greeted, phase::ready}, act::xclient, positive, phase::greeted},

    // queues; the roles exchanged                                                       RFC 1985 5, RFC 2645 5.2.1
    {phase::ready, act::etrn, positive, stay},
    {phase::ready, {act::atrn, act::turn}, positive, phase::reversed},

    // TLS; its handshake leads back to `greeted` without a reply                        RFC 3207 4
    {phase::ready, act::starttls, positive, phase::tls},

    // authentication                                                                    RFC 4954 4
    {phase::ready, act::auth, positive, stay},
    {phase::ready, act::auth, intermediate, phase::auth},
    {phase::auth, act::auth_response, intermediate, stay},
    {phase::auth, act::auth_response, positive, phase::ready},
    {phase::auth, act::auth_response, negative, phase::ready},

    // the end                                                                           RFC 5321 4.1.1.10
    {commanded, act::quit, positive, phase::closed},
    {phase::refused, act::quit, positive, phase::closed},
};

// What a server answers to a command that has no success where it stands; the first row that fits.
struct refusal_row {
  phase_set from;
  act_set acts;
  errc why;
};

inline constexpr act_set any_command{act::ehlo,        act::helo,  act::lhlo,       act::mail,            act::rcpt, act::data,
                                     act::binary_data, act::chunk, act::last_chunk, act::lmtp_last_chunk, act::rset, act::noop,
                                     act::vrfy,        act::expn,  act::help,       act::starttls,        act::auth, act::send,
                                     act::burl,        act::last_burl, act::etrn,   act::atrn,            act::turn, act::xclient,
                                     act::xforward,    act::other};

inline constexpr refusal_row refusals[] = {
    {phase::refused, any_command, errc::no_service},                                                   // RFC 5321 3.1
    {{phase::mail, phase::rcpt}, act::binary_data, errc::binary_needs_bdat},                       // RFC 3030 3
    {phase::mail, content, errc::no_valid_recipients},                                             // RFC 5321 3.3
    {phase::chunk, {act::data, act::binary_data}, errc::data_among_chunks},                        // RFC 3030 2
    {phase::broken, content, errc::transaction_broken},                                            // RFC 3030 2
    {phase::broken, {act::mail, act::rcpt}, errc::transaction_broken},
    {transaction,
     {act::mail, act::send, act::starttls, act::auth, act::etrn, act::atrn, act::turn, act::xclient, act::xforward},
     errc::transaction_open},                                                                      // RFC 5321 4.1.4
    {phase::greeted, act::turn, errc::verb_not_implemented},                                       // RFC 5321 F.1
};

struct cell {
  bool known : 1 = false;
  bool played : 1 = false;
  phase to : 6 = phase::closed;
};
static_assert(sizeof(cell) == 1 && phase_count <= 64);

inline constexpr std::size_t outcome_count = 3;

constexpr std::size_t place_of(phase p, act a, outcome o) noexcept {
  return (static_cast<std::size_t>(p) * act_count + static_cast<std::size_t>(a)) * outcome_count + static_cast<std::size_t>(o);
}

struct spread_table {
  std::array<cell, phase_count * act_count * outcome_count> cells{};
  bool is_function = true;  // no two rows speak of the same cell
};

constexpr spread_table spread() noexcept {
  spread_table out;
  for (const conversation_row& row : table)
    for (std::size_t p = 0; p < phase_count; ++p)
      for (std::size_t a = 0; a < act_count; ++a) {
        if (!row.from.has(static_cast<phase>(p)) || !row.acts.has(static_cast<act>(a))) continue;
        cell& c = out.cells[place_of(static_cast<phase>(p), static_cast<act>(a), row.on)];
        out.is_function &= !c.known;
        c.known = true;
        c.played = row.role == part::played;
        c.to = row.to.value_or(static_cast<phase>(p));
      }
  return out;
}

inline constexpr spread_table cells = spread();
static_assert(cells.is_function, "no two rows may answer the same question");

// Where a reply leads; nothing when that reply is out of place there. 421 is not asked about here:
// it closes from anywhere.
constexpr std::optional<phase> next(phase from, act a, outcome on) noexcept {
  const cell& c = cells.cells[place_of(from, a, on)];
  if (c.known) return c.to;
  if (on == negative) return from;
  return std::nullopt;
}

// Whether a server may give that answer there.
constexpr bool plays(phase from, act a, outcome on) noexcept {
  const cell& c = cells.cells[place_of(from, a, on)];
  return c.known ? c.played : on == negative;
}

// Whether a command may have success where it stands: what a server accepts and a client may send.
constexpr bool permits(phase from, act a) noexcept {
  return plays(from, a, positive) || plays(from, a, intermediate);
}

// Why a command that the conversation does not permit is refused.
constexpr errc refusal(phase from, act a) noexcept {
  for (const refusal_row& row : refusals)
    if (row.from.has(from) && row.acts.has(a)) return row.why;
  return errc::out_of_sequence;
}

// The phase that a success leads to as a rule, for one who watches a conversation between others
// and must believe what it sees: a server that takes MAIL without EHLO has taken it.
constexpr phase believed(phase from, act a, outcome on) noexcept {
  if (const auto to = next(from, a, on)) return *to;
  for (const conversation_row& row : table)
    if (row.acts.has(a) && row.on == on) return row.to.value_or(from);
  return from;
}

// Whether commands may follow in the same group before the reply has come (RFC 2920 3.1; chunks by
// RFC 3030 2, URLs by RFC 4468 3.2). All others end their group.
inline constexpr act_set followable{act::mail, act::send, act::rcpt,     act::rset, act::chunk,
                                    act::burl, act::message_end, act::xforward};

}  // namespace conversation

}  // namespace sansmtp

#endif
