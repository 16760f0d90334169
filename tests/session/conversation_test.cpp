// The conversation's table: that it is a function, what it permits, and that the README shows it.

#include <doctest/doctest.h>

#include <string>

#include "sansmtp/session/conversation.hpp"
#include "support/conversation_diagram.hpp"
#include "support/readme_tables.hpp"

using namespace sansmtp;
namespace talk = sansmtp::conversation;

namespace {

constexpr phase all_phases[] = {phase::connect, phase::greeted, phase::refused, phase::ready, phase::mail, phase::rcpt,
                                phase::data,    phase::chunk,   phase::broken,  phase::auth,  phase::tls,  phase::reversed, phase::closed};

template <class Each>
void for_each_cell(Each each) {
  for (phase p : all_phases)
    for (std::size_t a = 0; a < act_count; ++a)
      for (outcome o : {outcome::positive, outcome::intermediate, outcome::negative}) each(p, static_cast<act>(a), o);
}

}  // namespace

static_assert(talk::cells.is_function);

// RFC 5321 3.3 and 4.1.4: the plain way through a transaction.
static_assert(talk::next(phase::connect, act::greeting, outcome::positive) == phase::greeted);
static_assert(talk::next(phase::greeted, act::ehlo, outcome::positive) == phase::ready);
static_assert(talk::next(phase::ready, act::mail, outcome::positive) == phase::mail);
static_assert(talk::next(phase::mail, act::rcpt, outcome::positive) == phase::rcpt);
static_assert(talk::next(phase::rcpt, act::data, outcome::intermediate) == phase::data);
static_assert(talk::next(phase::data, act::message_end, outcome::positive) == phase::ready);
static_assert(talk::next(phase::ready, act::quit, outcome::positive) == phase::closed);

TEST_CASE("a refusal changes nothing but where RFC 3030 2, RFC 4954 4 and the end say so") {
  for_each_cell([](phase p, act a, outcome o) {
    if (o != outcome::negative) return;
    const phase to = talk::next(p, a, o).value();
    if (to == p) return;
    CAPTURE(name_of(p));
    CAPTURE(name_of(a));
    const bool broken = to == phase::broken && transaction.has(p);                     // a failed BDAT, DATA among chunks
    const bool over = to == phase::ready && (p == phase::data || p == phase::auth);    // the message or exchange is over
    const bool lmtp_over = to == phase::ready && a == act::lmtp_last_chunk;            // RFC 2033 4.3
    const bool end = a == act::greeting;
    CHECK((broken || over || lmtp_over || end));
  });
}

TEST_CASE("EHLO and RSET lead out of every transaction that commands can be given in (RFC 5321 4.1.4, 4.1.1.5)") {
  for (phase p : {phase::mail, phase::rcpt, phase::chunk, phase::broken}) {
    CHECK(talk::next(p, act::ehlo, outcome::positive) == phase::ready);
    CHECK(talk::next(p, act::helo, outcome::positive) == phase::ready);
    CHECK(talk::next(p, act::rset, outcome::positive) == phase::ready);
  }
}

TEST_CASE("QUIT closes from wherever a command may be given (RFC 5321 4.1.1.10)") {
  for (phase p : {phase::greeted, phase::refused, phase::ready, phase::mail, phase::rcpt, phase::chunk, phase::broken})
    CHECK(talk::next(p, act::quit, outcome::positive) == phase::closed);
}

TEST_CASE("after a greeting that refuses, QUIT alone is permitted and all else answered 503 (RFC 5321 3.1)") {
  for (std::size_t a = 0; a < act_count; ++a) {
    const act what = static_cast<act>(a);
    CHECK(talk::permits(phase::refused, what) == (what == act::quit));
    if (what != act::quit && talk::any_command.has(what)) CHECK(talk::refusal(phase::refused, what) == errc::no_service);
  }
}

TEST_CASE("nothing but a mended session may follow a broken transaction (RFC 3030 2)") {
  for (act a : {act::mail, act::rcpt, act::data, act::chunk, act::last_chunk}) {
    CHECK_FALSE(talk::permits(phase::broken, a));
    CHECK(talk::refusal(phase::broken, a) == errc::transaction_broken);
  }
  for (act a : {act::rset, act::ehlo, act::noop, act::quit}) CHECK(talk::permits(phase::broken, a));
}

TEST_CASE("every phase can be left but the two that end a session") {
  for (phase from : all_phases) {
    if (from == phase::closed || from == phase::reversed) continue;
    bool leaves = from == phase::tls;  // the handshake, not a reply
    for_each_cell([&](phase p, act a, outcome o) {
      if (p == from && talk::next(p, a, o).value_or(p) != p) leaves = true;
    });
    CAPTURE(name_of(from));
    CHECK(leaves);
  }
}

TEST_CASE("what a client must cope with but no server plays is not permitted (RFC 2920 3.1)") {
  CHECK(talk::next(phase::mail, act::data, outcome::intermediate) == phase::data);
  CHECK_FALSE(talk::permits(phase::mail, act::data));
  CHECK(talk::refusal(phase::mail, act::data) == errc::no_valid_recipients);
}

TEST_CASE("the README shows the conversation, the limits, the quirks and the extensions as the code has them") {
  CHECK(support::readme_says(support::conversation_diagram()));
  CHECK(support::readme_says(support::limits_table()));
  CHECK(support::readme_says(support::quirks_table()));
  CHECK(support::readme_says(support::extensions_table()));
}
