// A client and a server wired to each other: at every end of an exchange both stand in the same place.
//
// Each line of said.hpp is given to the server. A client sends it as its own where it would, and is told that it was
// sent where it would not; so the agreement is seen in the places, too, that no good client ever comes to.

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "model/house_options.hpp"
#include "model/said.hpp"
#include "model/search.hpp"
#include "model/server_rules.hpp"
#include "sansmtp/session/client.hpp"
#include "sansmtp/session/server.hpp"

using sansmtp::act;
using sansmtp::client;
using sansmtp::phase;
using sansmtp::server;

namespace {

using model::at;
using model::house;
using model::kind;
using model::said;

struct node {
  server there;
  client here;
  model::server_rules rules;
  model::past past{};
};

// A line of said.hpp, read once.
struct line {
  const said* what;
  sansmtp::result<sansmtp::command> command;
};

std::vector<line> read(std::span<const said> lines) {
  std::vector<line> out;
  for (const said& s : lines)
    out.push_back({&s, sansmtp::parse_command(s.line.substr(0, s.line.find("\r\n")), sansmtp::quirks::deployed)});
  return out;
}

const std::vector<line>& sayings(const model::server_rules& r) {
  static const std::vector<line> commands = read(model::commands), contents = read(model::contents),
                                 responses = read(model::responses), greetings = read(model::greetings),
                                 handshakes = read(std::span(model::handshakes).first(1)), nothing;
  switch (r.here) {
    case at::connect: return greetings;
    case at::content: return contents;
    case at::exchange: return responses;
    case at::handshake: return handshakes;
    case at::closed:
    case at::reversed: return nothing;
    default: return commands;
  }
}

bool agree(const node& n) {
  if (n.there.phase() == phase::closed) return n.here.phase() == phase::closed;
  return n.here.phase() == n.there.phase() && n.here.awaited() == 0 && n.here.recipients() == n.there.recipients() &&
         n.here.tls() == n.there.tls() && n.here.authenticated() == n.there.authenticated();
}

constexpr int answers[] = {0, 250, 334, 353, 354, 451, 550, 421};

class walker {
 public:
  explicit walker(const house& h) : in(h) {}

  template <class Found>
  void operator()(const node& from, Found found) const {
    for (const line& l : sayings(from.rules)) {
      const said& s = *l.what;
      if (s.octets.size() < s.promised) continue;  // half a chunk: nothing to agree about yet
      if (s.what == kind::soml && from.past.mail > 1)
        continue;  // SOML has no parameters; it is walked where MAIL had none
      // A last chunk for nobody is answered by nothing in LMTP (RFC 2033 4.3); no client sends it, and who follows one
      // cannot tell.
      if (in.kind == house::lmtp && s.what == kind::bdat && s.is(model::last) && from.rules.in_transaction() &&
          from.rules.recipients == 0)
        continue;
      node heard = from;
      heard.past.note(s);
      if (s.what == kind::handshake) {
        heard.rules.hear(s, in);
        if (!heard.there.tls_started() || !heard.here.tls_started() || !agree(heard))
          fail(from, heard, s, 0, "both forget the same");
        found(heard);
        continue;
      }
      const bool own = speak(heard, l);
      listen(heard, s);
      heard.rules.hear(s, in);
      // What a client may send a server takes, but for its policy, its limits, and what is the caller's own affair.
      const int refusal = heard.rules.refusal;
      const bool policy = refusal == 530 || refusal == 452 || refusal == 504 || refusal == 550 || refusal == 552;
      if (own && refusal != 0 && !policy && !s.is(model::unheard_of))
        fail(from, heard, s, 0, "what a client may send stands in its place");
      if (heard.rules.due == 0 && s.what != kind::greeting) {
        if (!agree(heard)) fail(from, heard, s, 0, "what owes nothing moves both alike");
        found(heard);
        continue;
      }
      for (int code : answers) answer(from, heard, s, code, found);
    }
  }

 private:
  void fail(const node& before, const node& after, const said& s, int code, std::string_view what) const {
    CAPTURE(static_cast<int>(in.kind));
    CAPTURE(s.line);
    CAPTURE(code);
    CAPTURE(name_of(before.there.phase()));
    CAPTURE(name_of(after.there.phase()));
    CAPTURE(name_of(after.here.phase()));
    CAPTURE(after.here.awaited());
    CAPTURE(after.there.recipients());
    CAPTURE(after.here.recipients());
    FAIL(what);
  }

  // True when the client has said it of its own accord, octet for octet or as good as it.
  bool speak(node& n, const line& l) const {
    const said& s = *l.what;
    std::array<char, 2048> room;
    sansmtp::writer out{room};
    if (s.what == kind::greeting) return false;
    if (n.rules.here == at::content) {
      client ahead = n.here;
      if (!ahead.write(s.octets, out)) {  // a lone CR or LF: a client would not
        if (s.is(model::ends)) n.here.follow_message_end();
        return false;
      }
      n.here = ahead;
      if (s.is(model::ends)) REQUIRE(n.here.finish(out));
      REQUIRE(out.written() == s.line);
      return true;
    }
    if (n.rules.here == at::exchange) {
      REQUIRE(n.here.follow(act::auth_response));
      return false;
    }
    // A chunk whose size can be read is one, whatever stands behind the size (RFC 3030 2).
    if (s.is(model::malformed) && s.promised != 0 && !in.bare) {
      REQUIRE(n.here.follow(sansmtp::bdat{s.promised, false}));
      REQUIRE(n.here.write(s.octets, out));
      return false;
    }
    // What a server does not know or cannot read is no command to either.
    if (!l.command || s.is(model::too_long) || (s.what == kind::burl && in.kind != house::submission)) {
      REQUIRE(n.here.follow(act::other));
      return false;
    }
    const bool own = n.here.send(*l.command, out).has_value();
    // A MAIL that is out of place must not pass for the newest one.
    if (!own) REQUIRE((s.what == kind::mail ? n.here.follow(act::mail) : n.here.follow(*l.command)));
    if (s.promised != 0) REQUIRE(n.here.write(s.octets, out));
    if (own && s.what == kind::bdat) REQUIRE(out.written() == s.line);
    return own;
  }

  void listen(node& n, const said& s) const {
    std::string_view unread = s.line;
    while (n.there.open()) {
      const auto [used, event] = n.there.receive(unread);
      unread.remove_prefix(used);
      if (std::holds_alternative<sansmtp::need_more>(event) || n.there.owed() != 0) break;
    }
    REQUIRE(unread.empty());
  }

  template <class Found>
  void answer(const node& from, const node& heard, const said& s, int code, Found found) const {
    node n = heard;
    while (n.there.owed() != 0) {
      std::array<char, 1024> room;
      sansmtp::writer out{room};
      const bool first = n.there.owed() == heard.there.owed();
      const auto written =
          code == 0 || (code == 353 && !first) ? n.there.answer(out) : n.there.answer({code, {}, "QQ=="}, out);
      if (!written) return;
      n.rules.reply((out.written()[0] - '0') * 100 + (out.written()[1] - '0') * 10 + (out.written()[2] - '0'), in);
      const auto [used, event] = n.here.receive(out.written());
      if (used != out.written().size() || std::holds_alternative<sansmtp::closed>(event))
        fail(from, n, s, code, "every reply that a server may give a client can place");
    }
    // RFC 5321 4.1.1.10: who has said QUIT goes, whatever the reply.
    if (s.what == kind::quit && !n.here.open()) return;
    // RFC 3030 2: the server has ended the connection behind its answer, which only the end of the octets tells.
    if (n.there.phase() == phase::closed) (void)n.here.end_of_input();
    if (!agree(n)) fail(from, n, s, code, "both stand in the same place");
    found(n);
  }

  house in;
};

std::uint64_t key_of(const node& n) { return n.rules.key() * 1024 + n.past.key(); }

model::covered agreement(std::size_t depth) {
  model::covered all;
  for (const house& h : {house{house::smtp}, house{house::submission}, house{house::lmtp}, house{house::smtp, true},
                         house{house::lmtp, false, true}}) {
    const std::vector<node> start{
        {server{model::options_of(h, phase::connect)}, client{{.kind = model::service_of(h)}}, {}}};
    all.add(model::search(start, depth, key_of, walker(h)));
  }
  MESSAGE("pair: " << all.sequences << " sequences of " << depth << " steps, " << all.states << " states, " << all.steps
                   << " steps compared");
  return all;
}

}  // namespace

// Five steps lead to every phase, six go on from there.
TEST_CASE("a client and a server agree after every exchange, whatever is said and answered") {
  CHECK(agreement(11).states > 30'000);
}

TEST_SUITE("slow") {
  TEST_CASE("no sequence of whatever length leads a client and a server apart" * doctest::skip()) {
    CHECK(agreement(40).last_new < 25);  // behind that nothing is new
  }
}
