// client_rules: what an SMTP or LMTP client may send and what a reply means to it, written a second time, from the
// RFCs.
//
// The mirror of server_rules: it is told what the client would say and what it hears, and says
// whether the one may be sent and where the other leads. It keeps its commands in a plain queue, and
// has no code of the library's.

#ifndef SANSMTP_TESTS_MODEL_CLIENT_RULES_HPP
#define SANSMTP_TESTS_MODEL_CLIENT_RULES_HPP

#include <cstddef>
#include <cstdint>

#include "model/said.hpp"
#include "model/server_rules.hpp"

namespace model {

inline constexpr std::size_t group = 3;  // commands outstanding at most

struct client_rules {
  struct sent {
    kind what = kind::greeting;
    bool last = false;
    bool binary = false;   // of DATA: for a BINARYMIME message
    bool transid = false;  // of MAIL
    bool prdr = false;     // of MAIL
    friend bool operator==(const sent&, const sent&) = default;
  };

  at here = at::connect;
  bool tls = false;
  bool authenticated = false;
  bool offered = false;  // the last EHLO reply listed all that it could (else nothing)
  // of the transaction
  std::uint8_t recipients = 0;
  std::uint8_t rcpt_replies = 0;
  std::uint8_t rcpt_index = 0;  // the same, since the reply to MAIL or to SOML
  std::uint8_t verdicts = 0;  // LMTP: of the message, so far
  std::uint8_t each = 0;      // replies still to come behind 353
  bool prdr = false;
  // of the newest MAIL that was sent
  bool utf8 = false;
  bool binary = false;
  bool some_transid = false;  // it or another of its group asked so
  bool some_prdr = false;
  sent queue[group];
  std::uint8_t outstanding = 0;

  enum class heard : std::uint8_t { answer, protocol_failure, either };

  std::uint64_t key() const {
    std::uint64_t k = 0;
    const auto put = [&](std::uint64_t value, unsigned bits) { k = (k << bits) | value; };
    put(static_cast<std::uint64_t>(here), 4);
    for (bool flag : {tls, authenticated, offered, prdr, utf8, binary, some_transid, some_prdr}) put(flag, 1);
    put(recipients, 3), put(rcpt_replies, 3), put(rcpt_index, 3), put(verdicts, 3), put(each, 3), put(outstanding, 2);
    for (std::size_t i = 0; i < outstanding; ++i) {
      put(static_cast<std::uint64_t>(queue[i].what), 5);
      for (bool flag : {queue[i].last, queue[i].binary, queue[i].transid, queue[i].prdr}) put(flag, 1);
    }
    return k;
  }

  bool in_transaction() const { return in_transaction(here); }
  static bool in_transaction(at a) {
    return a == at::mail || a == at::rcpt || a == at::content || a == at::chunks || a == at::broken;
  }
  // RCPT commands of the transaction: answered and not.
  std::size_t rcpts() const {
    std::size_t n = rcpt_replies;
    for (std::size_t i = 0; i < outstanding; ++i) n += queue[i].what == kind::rcpt;
    return n;
  }
  bool over() const { return here == at::closed || here == at::reversed; }

  // ---- what may be sent

  bool may_send(const said& s, const house& in) const {
    if (over() || may_write() || here == at::exchange || here == at::handshake) return false;
    if (outstanding != 0 && !(offered && followable(queue[outstanding - 1]))) return false;
    at then = here;
    for (std::size_t i = 0; i < outstanding; ++i) then = after_success(then, queue[i]);
    if (then == at::turned_away) return s.what == kind::quit;  // RFC 5321 3.1
    if (then == at::connect || then == at::content || then == at::exchange || then == at::handshake ||
        then == at::closed || then == at::reversed)
      return false;
    const bool lmtp = in.kind == house::lmtp;
    if (lmtp ? s.what == kind::ehlo || s.what == kind::helo : s.what == kind::lhlo) return false;  // RFC 2033 4.1
    if (out_of_order(s.what, then, binary)) return false;
    // RFC 3207 4: a client that insists on TLS says nothing of value before it.
    const bool of_value = s.what == kind::mail || s.what == kind::soml || s.what == kind::auth || s.what == kind::turn ||
                          s.what == kind::atrn;
    if (in.require_tls && !tls && of_value) return false;
    if (s.what == kind::starttls && tls) return false;        // RFC 3207 4.2
    if (s.what == kind::auth && authenticated) return false;  // RFC 4954 4
    return offered || !needs_extension(s);                    // RFC 5321 2.2.1
  }

  // Some things are not sent even where they are offered.
  bool is_sensible(const said& s) const {
    if (s.is(large)) return false;                                 // RFC 1870 6.1
    return !(s.what == kind::rcpt && s.is(model::utf8) && !utf8);  // RFC 6531 3.4
  }

  bool may_respond() const { return here == at::exchange && outstanding == 0; }  // RFC 4954 4
  bool may_write() const { return here == at::content && outstanding == 0; }

  void send(const said& s) {
    sent one{s.what, s.is(last), false, s.is(transid), s.is(model::prdr)};
    if (s.what == kind::data) one.binary = binary;
    if (s.what == kind::mail || s.what == kind::soml) {
      utf8 = s.is(model::utf8);
      binary = s.is(model::binary);
      some_transid = one.transid || (some_transid && outstanding != 0);
      some_prdr = one.prdr || (some_prdr && outstanding != 0);
    }
    queue[outstanding++] = one;
  }
  void send(kind what) { queue[outstanding++] = {what}; }
  void respond(bool cancels) { queue[outstanding++] = {kind::response, cancels}; }
  void finish(const house& in) {
    send(kind::content);
    drop_unanswered(in);
  }

  // ---- what is heard

  // What a whole reply is, and where it leads. `either`: more than one reading is sound, and none is followed.
  heard hear(int code, bool lists_all, const house& in) {
    if (code == 421) return close(), heard::answer;                 // RFC 5321 3.8
    if (outstanding == 0) return close(), heard::protocol_failure;  // RFC 5321 4.2
    const sent to = queue[0];
    const int digit = code / 100;
    if (to.what == kind::response && to.last && digit != 4 && digit != 5)
      return close(), heard::protocol_failure;  // RFC 4954 4: what was cancelled is rejected
    if (digit == 3) {
      const heard sense = judge_intermediate(to, code, in);
      if (sense != heard::answer) {
        if (sense == heard::protocol_failure) close();
        return sense;
      }
    } else if (digit == 2 && (to.what == kind::data || out_of_order(to.what, here, to.binary))) {
      return close(), heard::protocol_failure;  // success where there is none
    }
    if (to.what == kind::mail || to.what == kind::soml) rcpt_index = 0;
    if (to.what == kind::rcpt) ++rcpt_index;
    if (to.what == kind::rcpt && in_transaction()) ++rcpt_replies;
    if (to.what == kind::content && digit == 3) {
      each = static_cast<std::uint8_t>(recipients + 1);
      return heard::answer;
    }
    if (to.what == kind::content && each != 0) {
      if (--each != 0) return heard::answer;
    } else if (per_recipient(to, in) && ++verdicts < recipients) {
      return heard::answer;  // RFC 2033 4.2
    }
    pop();
    if (to.what == kind::quit) return close(), heard::answer;  // RFC 5321 4.1.1.10
    lead(to, code, lists_all, in);
    drop_unanswered(in);
    return heard::answer;
  }

  void tls_started() {
    const bool was_utf8 = utf8, was_binary = binary;
    *this = {};
    here = at::greeted;
    tls = true;
    utf8 = was_utf8, binary = was_binary;  // of a MAIL that is over: they mean nothing until the next
  }

  void close() {
    *this = {};
    here = at::closed;
  }

  // ---- the order, for both roles (RFC 5321 4.1.4)

  // RFC 2920 3.1; chunks by RFC 3030 2, URLs by RFC 4468 3.2, a lookup by none.
  static bool followable(const sent& s) {
    switch (s.what) {
      case kind::mail:
      case kind::soml:
      case kind::rcpt:
      case kind::rset:
      case kind::content:
      case kind::xforward: return true;
      case kind::bdat:
      case kind::burl: return !s.last;
      default: return false;
    }
  }

  static bool out_of_order(kind what, at here, bool binary) {
    switch (what) {
      case kind::mail:
      case kind::soml:
      case kind::starttls:
      case kind::auth:
      case kind::etrn:
      case kind::atrn:
      case kind::xforward:
      case kind::turn: return here != at::ready;
      case kind::xclient: return here != at::ready && here != at::greeted;
      case kind::rcpt: return here != at::mail && here != at::rcpt;
      case kind::data: return here != at::rcpt || binary;  // RFC 3030 3
      case kind::bdat:
      case kind::burl: return here != at::rcpt && here != at::chunks;
      default: return false;
    }
  }

  static bool needs_extension(const said& s) {
    switch (s.what) {
      case kind::bdat:
      case kind::burl:
      case kind::starttls:
      case kind::auth:
      case kind::expn:
      case kind::etrn:
      case kind::atrn:
      case kind::xclient:
      case kind::xforward: return true;
      case kind::mail: return (s.traits & (model::utf8 | model::binary | transid | model::prdr)) != 0;
      case kind::rcpt: return s.is(model::utf8);
      default: return false;
    }
  }

 private:
  static at after_success(at here, const sent& s) {
    if (s.what == kind::content) return at::ready;
    if (s.what == kind::greeting) return at::greeted;
    if (s.what != kind::data && out_of_order(s.what, here, s.binary)) return here;
    switch (s.what) {
      case kind::ehlo:
      case kind::helo:
      case kind::lhlo: return at::ready;
      case kind::mail:
      case kind::soml: return at::mail;
      case kind::rcpt: return at::rcpt;
      case kind::data: return at::content;
      case kind::bdat:
      case kind::burl: return s.last ? at::ready : at::chunks;
      case kind::rset: return in_transaction(here) ? at::ready : here;
      case kind::starttls: return at::handshake;
      case kind::xclient: return at::greeted;
      case kind::atrn:
      case kind::turn: return at::reversed;
      case kind::quit: return at::closed;
      default: return here;
    }
  }

  // RFC 5321 4.2.1: 3yz answers DATA; RFC 4954 4: 334 AUTH; RFC 1845 4.2: 355 a MAIL that asked; 353 the end of a
  // message that did.
  heard judge_intermediate(const sent& to, int code, const house& in) const {
    switch (to.what) {
      case kind::data:  // RFC 2920 3.1: also when no recipient was accepted
        return here == at::rcpt || here == at::mail || here == at::ready ? heard::answer : heard::protocol_failure;
      case kind::auth: return code == 334 && here == at::ready ? heard::answer : heard::protocol_failure;
      case kind::response: return code == 334 ? heard::answer : heard::protocol_failure;
      case kind::mail:
        if (code != 355 || here != at::ready) return heard::protocol_failure;
        return some_transid ? heard::either : heard::protocol_failure;
      case kind::content:
        if (code != 353 || each != 0 || in.kind == house::lmtp) return heard::protocol_failure;
        if (prdr && recipients > 1) return heard::answer;
        return prdr || some_prdr ? heard::either : heard::protocol_failure;
      case kind::unknown:
      case kind::not_implemented: return heard::either;  // of no RFC
      default: return heard::protocol_failure;
    }
  }

  bool per_recipient(const sent& to, const house& in) const {
    return in.kind == house::lmtp && in_transaction() &&
           (to.what == kind::content || (to.what == kind::bdat && to.last));
  }

  // RFC 2033 4.2, 4.3: a reply for each recipient that was accepted, which may be none.
  void drop_unanswered(const house& in) {
    while (outstanding != 0 && per_recipient(queue[0], in) && recipients == 0) {
      if (here != at::broken) go(at::ready);
      pop();
    }
  }

  void pop() {
    for (std::size_t i = 1; i < outstanding; ++i) queue[i - 1] = queue[i];
    queue[--outstanding] = {};
  }

  void go(at to) {
    here = to;
    if (in_transaction()) return;
    recipients = rcpt_replies = verdicts = each = 0;
    prdr = false;
  }

  void lead(const sent& to, int code, bool lists_all, const house& in) {
    const int digit = code / 100;
    const bool bad = digit == 4 || digit == 5;
    switch (to.what) {
      case kind::greeting: return go(bad ? at::turned_away : at::greeted);  // RFC 5321 3.1
      case kind::content: return go(at::ready);                             // RFC 5321 4.1.1.4
      case kind::response:                                                  // RFC 4954 4
        if (digit == 3) return;
        authenticated = authenticated || digit == 2;
        return go(at::ready);
      case kind::bdat:  // RFC 3030 2
        if (per_recipient(to, in)) return go(here == at::broken ? at::broken : at::ready);
        if (bad) return go(here == at::mail || here == at::rcpt || here == at::chunks ? at::broken : here);
        return go(to.last ? at::ready : at::chunks);
      case kind::burl:  // RFC 4468 3.3
        if (bad) return go(here == at::rcpt || here == at::chunks ? at::broken : here);
        return go(to.last ? at::ready : at::chunks);
      case kind::data:
        if (!bad) return go(at::content);
        // RFC 3030 2 and 3: DATA among chunks, or for a BINARYMIME message, fails the transaction.
        return go(here == at::chunks || (here == at::rcpt && to.binary) ? at::broken : here);
      default: break;
    }
    if (bad) return;  // RFC 5321 4.1.4
    switch (to.what) {
      case kind::ehlo:
      case kind::lhlo: offered = lists_all; return go(at::ready);
      case kind::helo: offered = false; return go(at::ready);
      case kind::mail: prdr = to.prdr; return go(at::mail);
      case kind::soml: return go(at::mail);
      case kind::rcpt: ++recipients; return go(at::rcpt);
      case kind::rset: return go(in_transaction() ? at::ready : here);
      case kind::starttls: return go(at::handshake);
      case kind::auth:
        if (digit == 3) return go(at::exchange);
        authenticated = true;
        return;
      case kind::xclient: offered = authenticated = false; return go(at::greeted);
      case kind::atrn:
      case kind::turn: return go(at::reversed);
      default: return;
    }
  }
};

}  // namespace model

#endif
