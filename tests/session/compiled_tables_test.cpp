// What the compiler worked out of the conversation is what the program works out, and what no row says.

#include <doctest/doctest.h>

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "sansmtp/session/conversation.hpp"
#include "sansmtp/session/default_reply.hpp"

using namespace sansmtp;

TEST_CASE("the conversation spread into cells is a function, and the one in use") {
  const conversation::spread_table again = conversation::spread();
  CHECK(again.is_function);
  std::size_t different = 0;
  for (std::size_t i = 0; i < again.cells.size(); ++i) {
    const conversation::cell& a = again.cells[i];
    const conversation::cell& b = conversation::cells.cells[i];
    if (a.known != b.known || a.played != b.played || a.to != b.to) ++different;
  }
  CHECK(different == 0);
}

TEST_CASE("the sets that rows are made of hold their members alone") {
  phase one = phase::mail;
  CHECK(phase_set(one).has(phase::mail));
  CHECK_FALSE(phase_set(one).has(phase::rcpt));
  CHECK(phase_set{one, phase::rcpt}.has(phase::rcpt));
  CHECK_FALSE(phase_set{one, phase::rcpt}.has(phase::connect));
  act first = act::greeting;
  CHECK(act_set(first).has(act::greeting));
  CHECK_FALSE(act_set(first).has(act::other));
  CHECK(act_set{first, act::other}.has(act::other));
  CHECK_FALSE(act_set{first, act::other}.has(act::ehlo));
}

TEST_CASE("who watches believes the success that a row knows elsewhere, and stays where none knows it (RFC 5321 4.3.2)") {
  using conversation::believed;
  using enum outcome;
  CHECK(believed(phase::greeted, act::mail, positive) == phase::mail);         // MAIL without EHLO was taken
  CHECK(believed(phase::greeted, act::mail, intermediate) == phase::rcpt);     // 355, RFC 1845 4.2
  CHECK(believed(phase::mail, act::data, intermediate) == phase::data);        // its row: RFC 2920 3.1
  CHECK(believed(phase::tls, act::noop, positive) == phase::tls);              // no row here, and elsewhere it stays
  CHECK(believed(phase::ready, act::noop, intermediate) == phase::ready);      // 3yz answers NOOP nowhere
  CHECK(believed(phase::rcpt, act::rcpt, intermediate) == phase::rcpt);
  CHECK(believed(phase::ready, act::rcpt, negative) == phase::ready);          // a refusal changes nothing
}

TEST_CASE("a server may refuse anything, and plays no row that is only heard (RFC 2920 3.1)") {
  using conversation::plays;
  using enum outcome;
  CHECK_FALSE(plays(phase::mail, act::data, intermediate));
  CHECK(plays(phase::rcpt, act::data, intermediate));
  CHECK(plays(phase::tls, act::noop, negative));
  CHECK_FALSE(plays(phase::tls, act::noop, positive));
  CHECK(plays(phase::connect, act::greeting, negative));
}

TEST_CASE("what no row answers by default is answered as a verb that nobody knows: 500 (RFC 5321 4.2.4)") {
  for (const act what : {act::other, act::greeting, act::auth_response}) {
    const response reply = default_reply(what);
    CHECK(reply.code == 500);
    CHECK(reply.status == enhanced_status{5, 5, 1});
    CHECK(reply.text == facts(errc::verb_unknown).sentence);
  }
  CHECK(default_reply(act::quit).code == 221);
  CHECK(default_reply(act::turn).code == 502);
}

TEST_CASE("a fault that is no client's is 451: an error in processing (RFC 5321 4.2.3)") {
  for (const errc why : {errc::output_full, errc::reply_incomplete, errc::session_closed}) {
    const response reply = refusal_reply(why, act::mail, false);
    CHECK(reply.code == 451);
    CHECK(reply.status == enhanced_status{4, 3, 0});
    CHECK(reply.text == facts(why).sentence);
  }
}

TEST_CASE("a bad sender's address is X.1.7, a bad recipient's X.1.3, and in LMTP nobody to deliver to is 503 (RFC 3463 3.2, RFC 2033 4.2)") {
  CHECK(refusal_reply(errc::domain_empty, act::mail, false).status == enhanced_status{5, 1, 7});
  CHECK(refusal_reply(errc::domain_empty, act::rcpt, false).status == enhanced_status{5, 1, 3});
  CHECK(refusal_reply(errc::no_valid_recipients, act::data, false).code == 554);
  CHECK(refusal_reply(errc::no_valid_recipients, act::data, true).code == 503);
  CHECK(refusal_reply(errc::out_of_sequence, act::mail, true).code == 503);
}
