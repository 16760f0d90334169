// The server against its rules: every sequence of steps that a client and an application can take.

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "model/house_options.hpp"
#include "model/said.hpp"
#include "model/search.hpp"
#include "model/server_rules.hpp"
#include "sansmtp/session/server.hpp"

#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#endif
#endif

using sansmtp::phase;
using sansmtp::server;

namespace {

using model::at;
using model::house;
using model::options_of;
using model::phase_of;
using model::said;

struct node {
  server session;
  model::server_rules rules;
  model::past past{};
};

// How many replies the octets are: lines of one code, all but the last with a hyphen (RFC 5321 4.2.1).
std::size_t replies_in(std::string_view octets) {
  std::size_t count = 0;
  while (!octets.empty()) {
    const std::size_t end = octets.find("\r\n");
    if (end == std::string_view::npos || end < 4) return 1000;
    if (octets[3] == ' ') ++count;
    octets.remove_prefix(end + 2);
    if (octets.empty() && count == 0) return 1000;
  }
  return count;
}

int code_of(std::string_view reply) { return (reply[0] - '0') * 100 + (reply[1] - '0') * 10 + (reply[2] - '0'); }

// What is compared after each step, in one condition: the walk takes millions of them.
bool agrees(const node& n) {
  const server& s = n.session;
  const model::server_rules& r = n.rules;
  if (r.here == at::closed) return s.phase() == phase::closed && s.owed() == 0 && !s.open();
  // RFC 5321 3.3, 4.1.1.5: the envelope exists only in a transaction.
  if (!r.in_transaction() && (s.recipients() != 0 || s.smtputf8())) return false;
  return s.phase() == phase_of(r.here) && s.owed() == r.due && s.recipients() == r.recipients &&
         s.smtputf8() == r.utf8 && s.tls() == r.tls && s.authenticated() == r.authenticated &&
         s.open() == (r.here != at::closed && r.here != at::reversed);
}

struct asking {
  const house& in;
  std::string_view line;
  int code = 0;
};

void fail(const asking& a, const node& before, const node& after, std::string_view what) {
  CAPTURE(static_cast<int>(a.in.kind));
  CAPTURE(a.in.require_tls);
  CAPTURE(a.in.require_authentication);
  CAPTURE(a.in.bare);
  CAPTURE(a.line);
  CAPTURE(a.code);
  CAPTURE(name_of(before.session.phase()));
  CAPTURE(name_of(after.session.phase()));
  CAPTURE(name_of(phase_of(after.rules.here)));
  CAPTURE(after.session.owed());
  CAPTURE(static_cast<int>(after.rules.due));
  CAPTURE(after.session.recipients());
  CAPTURE(static_cast<int>(after.rules.recipients));
  CAPTURE(after.rules.refusal);
  FAIL(what);
}

constexpr int answers[] = {0, 250, 334, 353, 354, 355, 451, 550, 421};
constexpr int greeting_answers[] = {0, 220, 354, 451, 554, 521, 421};

class walker {
 public:
  explicit walker(const house& h) : in(h) {}

  // Every step from here: whatever is said, and however it is answered.
  template <class Found>
  void operator()(const node& from, Found found) const {
    check_at_rest(from);
    for (const said& s : sayings(from.rules)) {
      if (s.what == model::kind::octets && s.octets.size() > from.rules.missing) continue;
      if (in.bare && s.what == model::kind::bdat && !s.octets.empty()) continue;  // its octets would be commands
      node heard = from;
      if (s.what == model::kind::handshake) {
        heard.rules.hear(s, in);
        if (!heard.session.tls_started()) fail({in, "", 0}, from, heard, "the handshake was asked for");
        if (!agrees(heard)) fail({in, "", 0}, from, heard, "nothing survives TLS but TLS itself (RFC 3207 4.2)");
        found(heard);
        continue;
      }
      heard.past.note(s);
      say(from, heard, s);
      if (heard.rules.due == 0) {
        found(heard);
        continue;
      }
      check_while_owing({in, s.line, 0}, heard);
      const bool greets = s.what == model::kind::greeting;
      for (int code : greets ? std::span<const int>(greeting_answers) : std::span<const int>(answers)) {
        node next = heard;
        if (!answer(next, code, s)) continue;
        const node first = next;
        while (next.rules.due != 0) REQUIRE(answer(next, code == 353 ? 250 : code, s));
        found(next);
        if (first.rules.due == 0) continue;
        next = first;  // LMTP: each recipient has a verdict of its own (RFC 2033 4.2)
        for (int other = 250; next.rules.due != 0; other = other == 250 ? 550 : 250)
          if (!answer(next, other, s)) REQUIRE(answer(next, 550, s));
        found(next);
      }
    }
  }

  house in;

 private:
  static std::span<const said> sayings(const model::server_rules& r) {
    if (r.missing != 0) return model::rests;
    switch (r.here) {
      case at::connect: return model::greetings;
      case at::content: return model::contents;
      case at::exchange: return model::responses;
      case at::handshake: return model::handshakes;
      case at::closed:
      case at::reversed: return {};
      default: return model::commands;
    }
  }

  void say(const node& from, node& heard, const said& s) const {
    const asking a{in, s.line};
    std::string_view unread = s.line;
    bool refused = false, waits = false, delivered = false;
    std::uint64_t size = 0;
    while (heard.session.open()) {
      const auto [used, event] = heard.session.receive(unread);
      if (used > unread.size()) fail(a, from, heard, "no more is used than there is");
      unread.remove_prefix(used);
      waits = std::holds_alternative<sansmtp::need_more>(event);
      refused = std::holds_alternative<sansmtp::refused>(event);
      delivered = delivered || std::holds_alternative<sansmtp::message_bytes>(event);
      if (const auto* end = std::get_if<sansmtp::message_end>(&event)) size = end->size;
      if (waits || heard.session.owed() != 0) break;
    }
    const bool was_unwanted = from.rules.refused();
    heard.rules.hear(s, in);
    if (!agrees(heard))
      fail(a, from, heard, "one reply a command, in LMTP n to a message (RFC 5321 4.2, RFC 2033 4.2)");
    // RFC 3030 2: a refused chunk is drained; RFC 2920 3.2: nothing is ever dropped or taken for something else.
    if (!unread.empty()) fail(a, from, heard, "what was said is taken whole, and nothing behind it");
    const bool open = heard.rules.here != at::closed;
    if (open && waits != (heard.rules.due == 0) && s.what != model::kind::greeting)
      fail(a, from, heard, "what waits for more owes nothing");
    if (open && heard.rules.due != 0 && refused != heard.rules.refused())
      fail(a, from, heard, "refused is what must be, and nothing else");
    if (s.what == model::kind::bdat && heard.rules.refused() && !heard.rules.lone && !heard.rules.large && delivered)
      fail(a, from, heard, "nothing of a refused chunk is delivered (RFC 3030 2)");
    if (was_unwanted && delivered) fail(a, from, heard, "nothing of a refused chunk is delivered (RFC 3030 2)");
    if (size != 0 && size != heard.rules.octets) fail(a, from, heard, "the size of the message is that of its content");
  }

  // Answers once, with a code or as the server itself would; false when the session would not have it, and then nothing
  // moved.
  bool answer(node& n, int code, const said& s) const {
    std::array<char, 1024> room;
    sansmtp::writer out{room};
    const node before = n;
    const asking a{in, s.line, code};
    const auto said_so =
        code == 0 ? n.session.answer(out) : n.session.answer({code, {}, "QQ=="}, out);  // a challenge is base64
    const bool may = code == 0 || n.rules.takes(code);
    if (said_so.has_value() != may) fail(a, before, n, "an answer is taken where the RFCs have a place for it");
    if (!said_so) {
      if (!out.empty() || !agrees(n)) fail(a, before, n, "a failed answer changes nothing");
      return false;
    }
    if (replies_in(out.written()) != 1) fail(a, before, n, "one answer is one reply (RFC 5321 4.2)");
    const int written = code_of(out.written());
    if (code == 0 && (n.rules.refused() ? !n.rules.refuses_with(written) : written != n.rules.usual())) {
      CAPTURE(out.written());
      CAPTURE(n.rules.usual());
      fail(a, before, n, "the answer is the RFC's");
    }
    n.rules.reply(written, in);
    if (!agrees(n)) fail(a, before, n, "the reply leads where the RFCs say");
    return true;
  }

  // RFC 5321 4.3.1, 4.2: one reply at a time. While it is owed nothing is read.
  void check_while_owing(const asking& a, const node& owing) const {
    node n = owing;
    const auto [used, event] = n.session.receive(std::string_view("NOOP\r\n"));
    if (used != 0 || !std::holds_alternative<sansmtp::paused>(event) || n.session.tls_started() || !agrees(n))
      fail(a, owing, n, "while a reply is owed nothing is read");
  }

  void check_at_rest(const node& rest) const {
    const asking a{in, "", 0};
    std::array<char, 256> room;
    sansmtp::writer out{room};
    node n = rest;
    if (n.rules.here == at::connect) return;
    if (n.session.answer(out) || n.session.answer({250, {}, "x"}, out) || n.session.challenge("x", out) ||
        !out.empty() || !agrees(n))
      fail(a, rest, n, "nothing is answered that nothing was asked for");
    const bool over = n.rules.here == at::closed, may = n.rules.takes(421);
    if (n.session.answer({421, {}, "x"}, out).has_value() != may || (may && n.session.phase() != phase::closed) ||
        (!may && !out.empty()))
      fail(a, rest, n, "421 may come at any time and closes, but where another than SMTP is due (RFC 5321 3.8, RFC 3207 4)");
    n = rest;
    const auto end = n.session.end_of_input();
    const bool amid = n.rules.in_transaction() || n.rules.here == at::exchange;
    if (!over && ((amid && !end.why) || n.session.phase() != phase::closed))
      fail(a, rest, n, "an end amid a transaction is no good end (RFC 5321 4.1.1.10)");
  }
};

// A session can begin at any phase; the rules begin there too.
std::vector<node> from_everywhere(const house& h) {
  std::vector<node> out;
  for (at here : {at::connect, at::greeted, at::turned_away, at::ready, at::mail, at::rcpt, at::content, at::chunks,
                  at::broken, at::exchange, at::handshake}) {
    node n{server{options_of(h, phase_of(here))}, {}};
    n.rules.here = here;
    n.rules.due = here == at::connect;
    n.rules.extended = here != at::connect && here != at::greeted;
    n.rules.recipients = here == at::rcpt || here == at::content || here == at::chunks;
    REQUIRE(agrees(n));
    out.push_back(n);
  }
  return out;
}

std::vector<house> houses() {
  std::vector<house> out;
  for (auto kind : {house::smtp, house::submission, house::lmtp})
    for (bool tls : {false, true})
      for (bool authentication : {false, true}) out.push_back({kind, tls, authentication});
  for (auto kind : {house::smtp, house::lmtp}) out.push_back({kind, false, false, true});
  return out;
}

// What was covered, and all the phases that were seen on the way.
struct sights : model::covered {
  std::uint32_t places = 0;

  void note(const node& n) { places |= 1U << static_cast<unsigned>(n.session.phase()); }
  bool all() const { return places == (1U << sansmtp::phase_count) - 1; }
};

// What makes two states one: what the rules know of them, and what they know to be of no account any more.
std::uint64_t key_of(const node& n) { return n.rules.key() * 1024 + n.past.key(); }

// Every octet of the session: nothing at all is left out, and stale ones keep apart what behaves alike.
std::uint64_t octets_of(const node& n) {
  std::array<unsigned char, sizeof(server)> octets;
  std::memcpy(octets.data(), &n.session, sizeof(server));
#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
  __msan_unpoison(octets.data(), octets.size());  // the gaps between members are no one's
#endif
#endif
  std::uint64_t hash = n.rules.key();
  for (std::size_t i = 0; i < octets.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, octets.data() + i, std::min<std::size_t>(8, octets.size() - i));
    hash = (hash ^ word) * 0xD6E8FEB86659FD93ULL;
    hash ^= hash >> 32;
  }
  return hash;
}

}  // namespace

// States are merged by what the rules know and by what was said before that should not matter any more. What a session
// shows is compared at each step, so merged states look alike. That they behave alike is not taken on trust: two steps
// from every phase are walked without merging, and (slowly) four with only those merged that are the same in every
// octet.
TEST_CASE("six steps from every phase of a server lead where the RFCs say, whatever is said and answered") {
  sights seen;
  for (const house& h : houses())
    seen.add(model::search(
        from_everywhere(h), 6, [&](const node& n) { return seen.note(n), key_of(n); }, walker(h)));
  MESSAGE("server: " << seen.sequences << " sequences of 6 steps, " << seen.states << " states, " << seen.steps
                     << " steps compared");
  CHECK(seen.all());
}

TEST_CASE("two steps from every phase of a server do so with nothing merged") {
  model::covered all;
  for (const house& h : houses())
    for (const node& from : from_everywhere(h)) model::walk(from, 2, walker(h), all);
  MESSAGE("server: " << all.sequences << " sequences of 2 steps, none merged");
}

TEST_SUITE("slow") {
  TEST_CASE("no sequence of whatever length leads a server to a state that was not compared" * doctest::skip()) {
    sights seen;
    constexpr std::size_t without_end = 40;
    for (const house& h : houses()) seen.add(model::search(from_everywhere(h), without_end, key_of, walker(h)));
    CHECK(seen.last_new < 20);  // behind that nothing is new
    MESSAGE("server: " << seen.states << " states, " << seen.steps << " steps compared; none is new behind "
                       << seen.last_new);
  }

  TEST_CASE("four steps from every phase of a server do so when only states of the same octets are merged" *
            doctest::skip()) {
    sights seen;
    for (auto kind : {house::smtp, house::submission, house::lmtp})
      seen.add(model::search(from_everywhere({kind}), 4, octets_of, walker({kind})));
    MESSAGE("server: " << seen.sequences << " sequences of 4 steps, " << seen.states << " states, " << seen.steps
                       << " steps compared");
  }
}
