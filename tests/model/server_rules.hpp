// server_rules: what an SMTP or LMTP server must do, written a second time, from the RFCs.
//
// A plain struct that knows nothing of the library: no table, no parser, no code of its. It is told
// what was said (said.hpp) and what the application answered, and says what must be refused and with
// which code, how many replies are due, which classes of reply may be given, and where that leads.
// Each rule stands under its section.

#ifndef SANSMTP_TESTS_MODEL_SERVER_RULES_HPP
#define SANSMTP_TESTS_MODEL_SERVER_RULES_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "model/said.hpp"

namespace model {

inline constexpr std::uint32_t recipient_limit = 2;
inline constexpr std::uint32_t size_limit = 8;  // octets

struct house {
  enum protocol : std::uint8_t { smtp, submission, lmtp } kind = smtp;
  bool require_tls = false;
  bool require_authentication = false;
  bool bare = false;  // offers no extension at all
};

enum class at : std::uint8_t {
  connect,
  greeted,
  turned_away,
  ready,
  mail,
  rcpt,
  content,
  chunks,
  broken,
  exchange,
  handshake,
  reversed,
  closed
};

struct server_rules {
  at here = at::connect;
  // of the connection
  bool tls = false;
  bool authenticated = false;
  bool extended = false;  // by EHLO or LHLO: parameters are in force (RFC 5321 2.2.1)
  bool never = false;     // greeted with 521 (RFC 7504 2)
  // of the transaction
  std::uint8_t recipients = 0;
  bool utf8 = false;
  bool binary = false;
  bool transid = false;
  bool prdr = false;
  // of its message, as far as it has come
  std::uint8_t octets = 0;
  bool cr_open = false;  // its last octet was a CR
  bool lone = false;     // a CR or LF stood alone in it (RFC 5321 2.3.8)
  bool large = false;
  // of a chunk that is not whole
  std::uint8_t missing = 0;
  bool chunk_last = false;
  // of the answer that is due
  kind asked = kind::greeting;
  bool asked_last = false;
  std::uint8_t due = 0;          // replies
  std::uint16_t refusal = 0;     // the code of a refusal that must be
  std::uint16_t or_refusal = 0;  // another that may be as well, where no text says which comes first
  bool spoils = false;           // refused, and the transaction with it
  bool fatal = false;            // the connection ends with the answer
  bool each = false;             // 353 was given
  bool wants_utf8 = false, wants_binary = false, wants_transid = false, wants_prdr = false;  // MAIL, until its answer
  bool proved = false;  // AUTH brought an initial response: there is nothing to ask for

  friend bool operator==(const server_rules&, const server_rules&) = default;

  // All that is remembered between an answer and the next octets, in one number.
  std::uint64_t key() const {
    std::uint64_t k = 0;
    const auto put = [&](std::uint64_t value, unsigned bits) { k = (k << bits) | value; };
    put(static_cast<std::uint64_t>(here), 4);
    for (bool flag :
         {tls, authenticated, extended, never, utf8, binary, transid, prdr, cr_open, lone, large, chunk_last})
      put(flag, 1);
    put(recipients, 2), put(octets, 4), put(missing, 3), put(refusal, 10), put(or_refusal, 10);
    return k;
  }

  bool in_transaction() const {
    return here == at::mail || here == at::rcpt || here == at::content || here == at::chunks || here == at::broken;
  }

  // ---- what was said

  void hear(const said& s, const house& in) {
    forget_answer();
    if (missing != 0) return hear_octets(s.octets, in);
    asked = s.what;
    asked_last = s.is(last);
    due = 1;
    if (here == at::handshake) {
      // RFC 3207 4.2: the handshake begins at once, and all is forgotten but TLS itself; octets in the clear are an
      // attack.
      const bool started = s.what == kind::handshake;
      *this = {};
      tls = started;
      here = started ? at::greeted : at::closed;
    } else if (here == at::content) {
      hear_content(s, in);
    } else if (here == at::exchange) {
      // RFC 4954 4: "*" cancels, 501; what is no base64, 501; all else is a response.
      if (s.is(cancel) || s.is(malformed)) refusal = 501;
    } else if (here != at::connect) {
      hear_command(s, in);
    }
  }

  // ---- what is answered

  bool refused() const { return refusal != 0; }
  bool refuses_with(int code) const { return code == refusal || (or_refusal != 0 && code == or_refusal); }

  // Whether the application may answer so (RFC 5321 4.3.2 and the sections of each command).
  bool takes(int code) const {
    // RFC 5321 3.8: at any time; but not behind the 220 to STARTTLS (RFC 3207 4), nor when the client's part was taken.
    if (code == 421) return here != at::closed && here != at::handshake && here != at::reversed;
    if (due == 0) return false;
    const int digit = code / 100;
    if (digit == 4 || digit == 5) return true;
    if (refused()) return false;
    if (digit == 3) {
      if (asked == kind::data) return true;                                    // RFC 5321 4.1.1.4
      if (asked == kind::auth || asked == kind::response) return code == 334;  // RFC 4954 4
      if (asked == kind::mail) return code == 355 && wants_transid;            // RFC 1845 4.2
      if (asked == kind::content) return code == 353 && prdr && recipients > 1 && !each;
      return false;
    }
    return asked != kind::data;
  }

  // What a server says of itself when the application has no opinion.
  int usual() const {
    switch (asked) {
      case kind::greeting:
      case kind::starttls: return 220;
      case kind::data: return 354;
      case kind::vrfy:
      case kind::expn: return 252;  // RFC 5321 3.5.3
      case kind::help: return 214;
      case kind::auth: return proved ? 535 : 334;  // RFC 4954 4: nobody verified it; or ask
      case kind::response: return 535;
      case kind::etrn: return 251;  // RFC 1985 5.3
      case kind::atrn: return 453;  // RFC 2645 5.2.2
      case kind::xclient:
      case kind::xforward: return 550;
      case kind::soml:
      case kind::turn:
      case kind::not_implemented: return 502;
      case kind::burl: return 554;  // RFC 4468 3.3
      case kind::quit: return 221;
      case kind::unknown: return 500;
      default: return 250;
    }
  }

  void reply(int code, const house& in) {
    const int digit = code / 100;
    if (code == 421) return close();
    if (asked == kind::content && digit == 3) {
      each = true;
      due = static_cast<std::uint8_t>(recipients + 1);
      return;
    }
    if (--due != 0) return;
    settle(code, digit, in);
    const at there = here;
    forget_answer();
    here = there;
    if (!in_transaction()) forget_transaction();
  }

  void close() {
    *this = {};
    here = at::closed;
  }

 private:
  void forget_answer() {
    asked = kind::greeting;
    asked_last = spoils = fatal = each = wants_utf8 = wants_binary = wants_transid = wants_prdr = proved = false;
    if (missing == 0) refusal = or_refusal = 0;
    due = 0;
  }

  // RFC 5321 4.1.1.5: "any stored sender, recipients, and mail data MUST be discarded".
  void forget_transaction() {
    recipients = octets = 0;
    utf8 = binary = transid = prdr = cr_open = lone = large = false;
  }

  // ---- the order of commands

  void refuse(int code, int or_code = 0) {
    refusal = static_cast<std::uint16_t>(code);
    or_refusal = static_cast<std::uint16_t>(or_code);
  }

  void hear_command(const said& s, const house& in) {
    const bool drains = s.what == kind::bdat && !s.is(unreadable) && !in.bare;
    int why = objection(s, in);
    if (s.is(malformed) || s.is(too_long)) {
      // RFC 5321 4.2.4: 500 and 501; no text says whether grammar or order is looked at first.
      const bool is_line = s.what == kind::bdat || s.line.find('\n') + 1 == s.line.size();
      refuse(s.what == kind::unknown || s.is(too_long) || !is_line ? 500 : 501, why);
      if (here == at::turned_away) refuse(never ? 521 : 503);
      // RFC 3030 2: what follows cannot be told from commands; but RFC 5321 3.1 has one wait for QUIT.
      fatal = s.is(unreadable) && !in.bare && here != at::turned_away;
      if (drains) begin_chunk(s, in);
      return;
    }
    if (s.what == kind::bdat && !drains) asked = kind::unknown;  // without CHUNKING there are no chunks (RFC 3030 2)
    if (why != 0) refuse(why, s.what == kind::turn || s.what == kind::soml ? 502 : 0);
    if (drains) return begin_chunk(s, in);
    // RFC 3030 2 and 3: DATA among chunks, or for a BINARYMIME message, fails the transaction.
    spoils = s.what == kind::data && (here == at::chunks || (here == at::rcpt && binary));
    // RFC 5321 2.3.8: a CR whose LF would be the first octet of what a URL names stands alone in what was sent.
    if (s.what == kind::burl && why == 0 && cr_open) {
      refuse(550);
      spoils = true;
    }
    if (s.what == kind::mail) {
      wants_utf8 = s.is(model::utf8);
      wants_binary = s.is(model::binary);
      wants_transid = s.is(model::transid);
      wants_prdr = s.is(model::prdr);
    }
    proved = s.is(initial);
  }

  void begin_chunk(const said& s, const house& in) {
    missing = static_cast<std::uint8_t>(s.promised);
    chunk_last = s.is(last);
    hear_octets(s.octets, in);
  }

  // The code that a well-formed command must be refused with, where it stands and as it is; 0 for none.
  int objection(const said& s, const house& in) const {
    if (here == at::turned_away && s.what != kind::quit) return never ? 521 : 503;  // RFC 5321 3.1, RFC 7504 3
    if (const int code = unavailable(s, in)) return code;
    if (const int code = policy(s, in)) return code;
    if (const int code = order(s, in)) return code;
    return arguments(s, in);
  }

  // RFC 2033 4.1; RFC 5321 4.2.4: 502 for what is known and not offered; RFC 3207 4.2; RFC 4954 4; RFC 2645 5.2.1.
  int unavailable(const said& s, const house& in) const {
    const bool is_lmtp = in.kind == house::lmtp;
    switch (s.what) {
      case kind::ehlo:
      case kind::helo: return is_lmtp ? 500 : 0;
      case kind::lhlo: return is_lmtp ? 0 : 500;
      case kind::starttls: return tls ? 503 : in.bare ? 502 : 0;
      case kind::auth: return in.bare ? 502 : authenticated ? 503 : 0;
      case kind::bdat:
      case kind::expn:
      case kind::xclient:
      case kind::xforward: return in.bare ? 502 : 0;
      case kind::etrn: return in.bare || in.kind != house::smtp ? 502 : 0;
      case kind::atrn: return in.bare || in.kind != house::smtp ? 502 : authenticated ? 0 : 530;
      case kind::burl: return in.bare || in.kind != house::submission ? 502 : 0;  // RFC 4468 3.1: submission alone
      default: return 0;
    }
  }

  // RFC 3207 4 and RFC 4954 6: 530 to all but these.
  int policy(const said& s, const house& in) const {
    switch (s.what) {
      case kind::noop:
      case kind::ehlo:
      case kind::helo:
      case kind::lhlo:
      case kind::starttls:
      case kind::quit:
      case kind::rset: return 0;
      case kind::auth: return in.require_tls && !tls ? 530 : 0;
      case kind::help: return in.require_tls && !tls ? 530 : 0;
      default: return (in.require_tls && !tls) || (in.require_authentication && !authenticated) ? 530 : 0;
    }
  }

  // RFC 5321 4.1.4: "the order of commands"; 503 to what is out of it.
  int order(const said& s, const house& in) const {
    const int no_recipients = in.kind == house::lmtp ? 503 : 554;  // RFC 5321 3.3; RFC 2033 4.2
    switch (s.what) {
      case kind::mail:
      case kind::soml:
      case kind::starttls:
      case kind::auth:
      case kind::etrn:
      case kind::atrn:
      case kind::xforward:
      case kind::turn: return here == at::ready ? 0 : 503;  // never within a transaction, nor before EHLO
      case kind::xclient: return here == at::ready || here == at::greeted ? 0 : 503;
      case kind::rcpt: return here == at::mail || here == at::rcpt ? 0 : 503;
      case kind::data:
        if (here == at::mail) return binary ? 503 : no_recipients;
        return here == at::rcpt && !binary ? 0 : 503;  // RFC 3030 3
      case kind::bdat:
      case kind::burl:
        if (here == at::mail) return no_recipients;
        return here == at::rcpt || here == at::chunks ? 0 : 503;  // RFC 3030 2, RFC 4468 3.2
      default: return 0;                                          // RFC 5321 4.1.4: at any time
    }
  }

  int arguments(const said& s, const house& in) const {
    if (s.what == kind::mail) {
      // RFC 5321 4.1.1.11: 555 for a parameter that is not known, or whose extension is not in force.
      const bool parameter =
          (s.traits & (model::utf8 | model::binary | model::transid | model::prdr | model::large)) != 0;
      if (s.is(unheard_of) || (parameter && (!extended || in.bare))) return 555;
      if (s.is(model::prdr) && in.kind == house::lmtp) return 555;  // LMTP has that of its own (RFC 2033 4.2)
      if (s.is(model::large)) return 552;                           // RFC 1870 6.1
    }
    if (s.what == kind::rcpt) {
      if (s.is(model::utf8) && !utf8) return 553;     // RFC 6531 3.5
      if (recipients == recipient_limit) return 452;  // RFC 5321 4.5.3.1.10
    }
    if (s.what == kind::auth && s.is(no_mechanism)) return 504;  // RFC 4954 4
    return 0;
  }

  // ---- content

  void take(std::string_view bytes) {
    for (char c : bytes) {
      if (!binary && ((c == '\n') != cr_open)) lone = true;
      cr_open = !binary && c == '\r';
      if (octets == size_limit)
        large = true;
      else
        ++octets;
    }
  }

  void judge_message(bool complete) {
    if (complete && cr_open) lone = true;
    if (lone)
      refuse(550, large ? 552 : 0);  // RFC 5321 2.3.8
    else if (large)
      refuse(552);  // RFC 1870 6.3
  }

  // RFC 5321 4.1.1.4: all is content up to the final dot. RFC 2033 4.2: then a reply for each recipient.
  void hear_content(const said& s, const house& in) {
    take(s.octets);
    if (!s.is(ends)) {
      due = 0;
      return;
    }
    judge_message(true);
    due = in.kind == house::lmtp ? recipients : 1;
  }

  // RFC 3030 2: exactly as many octets as were promised, whether they are wanted or not, and then one reply; in LMTP
  // (RFC 2033 4.3) to the last chunk one for each recipient, which may be none.
  void hear_octets(std::string_view bytes, const house& in) {
    asked = kind::bdat;
    asked_last = chunk_last;
    if (!refused()) take(bytes);
    missing = static_cast<std::uint8_t>(missing - bytes.size());
    due = 0;
    if (missing != 0) return;
    spoils = here == at::mail || here == at::rcpt || here == at::chunks;
    if (!refused()) judge_message(chunk_last);
    const bool each_recipient = in.kind == house::lmtp && chunk_last && in_transaction();
    due = each_recipient ? recipients : 1;
    if (due == 0) {
      if (here != at::broken) here = at::ready;
      forget_answer();
      if (!in_transaction()) forget_transaction();
    }
    chunk_last = false;
  }

  // ---- where a reply leads

  void settle(int code, int digit, const house& in) {
    const bool good = digit == 2;
    const bool lmtp_last = in.kind == house::lmtp && asked == kind::bdat && asked_last;
    if (fatal) return close();
    if (asked == kind::greeting) {
      here = good ? at::greeted : at::turned_away;  // RFC 5321 3.1
      never = code == 521;
      return;
    }
    if (asked == kind::content) return void(here = at::ready);  // RFC 5321 4.1.1.4: whatever the verdict
    if (asked == kind::bdat && lmtp_last && in_transaction() && here != at::broken) return void(here = at::ready);
    if (refused() && !spoils && asked != kind::response) return;  // RFC 5321 4.1.4: a refusal changes nothing
    if (asked == kind::response && digit != 3) {
      here = at::ready;
      authenticated = good;
      return;
    }
    if (digit == 4 || digit == 5) {
      const bool url = asked == kind::burl && (here == at::rcpt || here == at::chunks) && !refused();
      if (spoils || url) here = at::broken;  // RFC 3030 2, RFC 4468 3.3
      return;
    }
    switch (asked) {
      case kind::ehlo:
      case kind::helo:
      case kind::lhlo:  // RFC 5321 4.1.4: also ends a transaction
        here = at::ready;
        extended = asked != kind::helo;
        return;
      case kind::mail:
        here = digit == 3 ? at::rcpt : at::mail;
        recipients = digit == 3 ? 1 : 0;
        utf8 = wants_utf8, binary = wants_binary, transid = wants_transid, prdr = wants_prdr;
        return;
      case kind::soml: return void(here = at::mail);
      case kind::rcpt:
        ++recipients;
        here = at::rcpt;
        return;
      case kind::data: return void(here = at::content);
      case kind::bdat:
      case kind::burl: return void(here = asked_last ? at::ready : at::chunks);
      case kind::rset: return void(here = in_transaction() ? at::ready : here);
      case kind::quit: return close();
      case kind::starttls: return void(here = at::handshake);
      case kind::auth:
      case kind::response:
        if (digit == 3) return void(here = at::exchange);
        authenticated = true;
        return;
      case kind::atrn:
      case kind::turn: return void(here = at::reversed);
      case kind::xclient:
        here = at::greeted;
        extended = authenticated = false;
        return;
      default: return;
    }
  }
};

}  // namespace model

#endif
