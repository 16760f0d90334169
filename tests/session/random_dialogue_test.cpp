// Dialogues at random, from fixed seeds, against what must hold whatever is said and whatever is answered.

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <variant>

#include "support/serve.hpp"
#include "support/service_options.hpp"

using namespace sansmtp;
using namespace sansmtp::literals;

namespace {

using support::lmtp;
using support::relay;
using support::submission;

using randomness = std::minstd_rand;

std::size_t below(randomness& dice, std::size_t n) { return dice() % n; }

// Whether one session may take the place of the other, as far as anybody outside can see.
std::string seen_of(const server& s) {
  std::string out(name_of(s.phase()));
  for (std::uint32_t n : {s.owed(), s.recipients(), std::uint32_t{s.tls()}, std::uint32_t{s.authenticated()}, std::uint32_t{s.smtputf8()}})
    out.append(" ").append(std::to_string(n));
  return out;
}

constexpr std::string_view said_at_random[] = {
    "EHLO c\r\n", "EHLO c\r\n", "HELO c\r\n", "LHLO c\r\n", "LHLO c\r\n", "EHLO\r\n", "MAIL FROM:<a@b>\r\n", "MAIL FROM:<a@b>\r\n",
    "MAIL FROM:<a@b> BODY=BINARYMIME SMTPUTF8\r\n", "MAIL FROM:<> SIZE=5 PRDR\r\n", "MAIL FROM:<a@b> X=1\r\n", "RCPT TO:<c@d>\r\n",
    "RCPT TO:<c@d>\r\n", "RCPT TO:<e@f> NOTIFY=NEVER\r\n", "RCPT TO:<\xC3\xBC@f>\r\n", "RCPT TO:<e f>\r\n", "DATA\r\n", "DATA\r\n",
    "a\r\n..b\r\n.\r\n", "a\nb\r\n.\r\n", ".\r\n", "BDAT 4\r\na\r\nb", "BDAT 6\r\nRSET\r\n", "BDAT 2 LAST\r\n\r\n", "BDAT 0\r\n",
    "BDAT 0 LAST\r\n", "BDAT 3 LAST\r\na\nb", "RSET\r\n", "RSET\r\n", "NOOP\r\n", "VRFY a\r\n", "EXPN \xC3\xBC\r\n", "HELP\r\n", "FOO\r\n", "\r\n",
    "NOOP\nx\r\n", "STARTTLS\r\n", "AUTH PLAIN\r\n", "AUTH PLAIN AHUAcA==\r\n", "AUTH CRAM-MD5 QQ==\r\n", "AUTH CRAM-MD5\r\n", "*\r\n", "QUJD\r\n",
    "ETRN a.example\r\n", "ATRN a.example\r\n", "TURN\r\n", "XCLIENT NAME=a\r\n", "XFORWARD NAME=a\r\n", "SOML FROM:<a@b>\r\n",
    "BURL imap://u@h/m;uid=1\r\n", "BURL imap://u@h/m;uid=1 LAST\r\n", "WELLKNOWN a\r\n", "QUIT x\r\n", "QUIT\r\n", "BDAT x\r\n",
    "\xFF\r\n", "MAIL FROM:<a@b>\rx\r\n",
};

constexpr reply_code answers_at_random[] = {200, 211, 220, 221, 235, 250, 251, 252, 334, 353, 354, 355, 421, 450, 451, 452,
                                            454, 500, 501, 503, 521, 530, 535, 550, 552, 553, 554, 555};

// Answers what is owed, after trying what must fail without a trace; counts the replies that were written.
std::size_t answer_at_random(server& session, randomness& dice, writer& out) {
  const std::string before = seen_of(session);
  const std::size_t written = out.written().size();
  char small_room[3];
  writer small{small_room};
  REQUIRE_FALSE(session.answer(small));
  REQUIRE_FALSE(session.answer({450, {}, "no room"}, small));
  REQUIRE_FALSE(session.answer({450, {}, "two\r\nlines"}, out));
  REQUIRE_FALSE(session.tls_started());
  REQUIRE(small.empty());
  REQUIRE(seen_of(session) == before);
  REQUIRE(std::holds_alternative<paused>(session.receive(std::string_view("NOOP\r\n")).event));
  if (below(dice, 2) == 0) {
    const reply_code code = answers_at_random[below(dice, std::size(answers_at_random))];
    // 421 is seldom, or nothing would ever get far.
    if ((!code.closing() || below(dice, 8) == 0) && session.answer({code, {}, "x"}, out)) return 1;
    REQUIRE(out.written().size() == written);
    REQUIRE(seen_of(session) == before);
  }
  if (!session.answer(out)) REQUIRE(session.answer({450, {}, "later"}, out));
  return 1;
}

void converse_at_random(randomness& dice, const server_options& options) {
  std::array<char, 65536> room{};
  writer out{room};
  server session{options};
  REQUIRE(session.greet(out));
  std::string unread;
  for (int step = 0; step < 60 && session.open(); ++step) {
    const std::string_view line = said_at_random[below(dice, std::size(said_at_random))];
    unread += below(dice, 12) == 0 ? line.substr(0, below(dice, line.size() + 1)) : line;
    if (below(dice, 3) == 0) continue;
    for (int looks = 0; session.open(); ++looks) {
      REQUIRE(looks < 1000);
      const std::string view = unread;  // memory of its own for each look
      const phase from = session.phase();
      const auto [used, event] = session.receive(std::string_view(view));
      REQUIRE(used <= view.size());
      const bool in_transaction = transaction.has(session.phase());
      REQUIRE((in_transaction || (session.recipients() == 0 && !session.smtputf8())));
      if (const auto* r = std::get_if<refused>(&event)) {
        REQUIRE((r->line.empty() || r->why.at <= r->line.size()));
        REQUIRE(session.owed() != 0);
      }
      if (std::holds_alternative<message_bytes>(event)) REQUIRE(!std::get<message_bytes>(event).bytes.empty());
      if (std::holds_alternative<message_bytes>(event) || std::holds_alternative<chunk_end>(event) || std::holds_alternative<message_end>(event))
        REQUIRE(transaction.has(from));
      if (std::holds_alternative<rcpt>(event)) REQUIRE((from == phase::mail || from == phase::rcpt));
      if (std::holds_alternative<need_more>(event)) {
        unread.erase(0, used);
        const std::string rest = unread;
        const auto again = session.receive(std::string_view(rest));
        REQUIRE(std::holds_alternative<need_more>(again.event));
        REQUIRE(again.used == 0);
        REQUIRE(session.owed() == 0);
        break;
      }
      if (std::holds_alternative<start_tls>(event)) {
        REQUIRE(unread.empty());
        REQUIRE(session.tls_started());
        REQUIRE((!session.authenticated() && session.tls() && session.phase() == phase::greeted));
        break;
      }
      const bool owes = !std::holds_alternative<message_bytes>(event) && !std::holds_alternative<bdat>(event) &&
                        !std::holds_alternative<closed>(event);
      REQUIRE((session.owed() != 0) == owes);
      if (owes) {
        const bool each = options.kind == service::lmtp || std::holds_alternative<message_end>(event);
        REQUIRE((session.owed() == 1 || each));
        std::size_t replies = 0;
        const std::uint32_t most = session.owed() + session.recipients() + 1;
        while (session.owed() != 0) replies += answer_at_random(session, dice, out);
        REQUIRE((replies <= most || !session.open()));
      }
      unread.erase(0, used);
      if (out.room() < 8192) out.clear();
    }
  }
}

}  // namespace

TEST_CASE("whatever is said and answered, at any pace, the server owes one reply at a time and keeps what it must") {
  randomness dice(5321);
  for (int run = 0; run < 400; ++run) {
    server_options o = run % 3 == 0 ? lmtp() : run % 3 == 1 ? relay() : submission();
    o.recipient_limit = 3;
    o.size_limit = run % 5 == 0 ? 3 : 0;
    o.require_authentication = run % 11 == 0;
    CAPTURE(run);
    converse_at_random(dice, o);
  }
}

TEST_CASE("octets without any sense never hang a session, and are taken or waited for") {
  randomness dice(2033);
  static constexpr char octets[] = "\r\n. \t-0123459ABDEHLMNOPQRSTU:<>@=+*\0\x80\xFF";
  constexpr std::string_view alphabet(octets, sizeof octets);
  for (int run = 0; run < 400; ++run) {
    server there{run % 2 == 0 ? relay() : lmtp()};
    client here({.start = phase::rcpt});
    std::array<char, 4096> room{};
    writer out{room};
    REQUIRE(there.greet(out));
    for (act a : {act::rcpt, act::rcpt, act::data}) REQUIRE(here.follow(a));
    std::string wire = run % 4 == 0 ? "" : "250 a\r\n250-b\r\n";
    for (std::size_t n = below(dice, 200); n != 0; --n) wire += below(dice, 6) == 0 ? std::string("\r\n") : std::string(1, alphabet[below(dice, alphabet.size())]);
    std::string_view rest = wire;
    for (std::size_t looks = 0; there.open(); ++looks) {
      REQUIRE(looks <= 3 * wire.size() + 3);
      const auto [used, event] = there.receive(rest);
      REQUIRE(used <= rest.size());
      rest.remove_prefix(used);
      while (there.owed() != 0) {
        out.clear();
        REQUIRE(there.answer(out));
      }
      if (std::holds_alternative<need_more>(event)) break;
    }
    rest = wire;
    for (std::size_t looks = 0; here.open(); ++looks) {
      REQUIRE(looks <= wire.size() + 3);
      const auto [used, event] = here.receive(rest);
      REQUIRE(used <= rest.size());
      rest.remove_prefix(used);
      if (const auto* c = std::get_if<closed>(&event); c != nullptr && c->why) REQUIRE(c->why->at <= wire.size());
      if (std::holds_alternative<need_more>(event)) {
        REQUIRE(here.receive(rest).used == 0);
        break;
      }
    }
  }
}

namespace {

// A client that does what it likes, within what it is let, and a server whose application answers as it
// likes; after each exchange that left nothing outstanding, both stand in the same phase.
void pair_at_random(randomness& dice, service kind) {
  server_options o = kind == service::lmtp ? lmtp() : relay();
  o.recipient_limit = 4;
  server there{o};
  client here({.kind = kind});
  std::array<char, 65536> to_client_room{}, to_server_room{};
  writer to_client{to_client_room}, to_server{to_server_room};
  REQUIRE(there.greet(to_client));
  const hello_name name = *hello_name::parse("c.example");
  const command wishes[] = {
      kind == service::lmtp ? command(lhlo{name}) : command(ehlo{name}),
      helo{name},
      mail{"<a@b>"_reverse_path, {}},
      mail{"<a@b>"_reverse_path, *mail_parameters::parse("BODY=BINARYMIME")},
      mail{"<a@b>"_reverse_path, *mail_parameters::parse("PRDR")},
      rcpt{"<c@d>"_forward_path, {}},
      rcpt{"<e@f>"_forward_path, {}},
      data{},
      bdat{3, false},
      bdat{3, true},
      bdat{0, true},
      rset{},
      noop{},
      vrfy{"a"},
      starttls{},
      auth{"CRAM-MD5", {}},
      auth{"PLAIN", *base64_text::parse("AHUAcA==")},
      xclient{*xclient_attributes::parse("NAME=a")},
      quit{},
  };
  std::string at_server, at_client;
  for (int turn = 0; turn < 80 && here.open() && there.open(); ++turn) {
    // What the client sends: a group, where it is let.
    for (std::size_t n = below(dice, 6); n != 0; --n) {
      const std::size_t before = to_server.written().size();
      const command& wish = wishes[below(dice, std::size(wishes) - (below(dice, 4) == 0 ? 0 : 1))];
      if (const auto sent = here.send(wish, to_server); !sent) {
        REQUIRE(to_server.written().size() == before);
        continue;
      }
      if (const auto* chunk = std::get_if<bdat>(&wish); chunk != nullptr && chunk->size != 0) REQUIRE(here.write("\r\nx", to_server).value() == 3);
    }
    if (here.phase() == phase::auth && here.awaited() == 0) REQUIRE((below(dice, 3) == 0 ? here.cancel(to_server) : here.respond("x", to_server)));
    if (here.phase() == phase::data && here.awaited() == 0) {
      if (here.recipients() != 0) REQUIRE(here.write("..\r\nx\r\n", to_server));
      REQUIRE(here.finish(to_server));
    }
    at_server.append(to_server.written());
    to_server.clear();
    // What the server makes of it.
    for (bool more = there.open(); more && there.open();) {
      const std::string view = at_server;
      const auto [used, event] = there.receive(std::string_view(view));
      if (std::holds_alternative<start_tls>(event)) {
        REQUIRE(at_server.empty());
        break;
      }
      more = !std::holds_alternative<need_more>(event);
      while (there.owed() != 0) {
        static constexpr reply_code codes[] = {250, 250, 235, 220, 353, 450, 550};
        const reply_code code = codes[below(dice, std::size(codes))];
        // RSET is answered 250 and nothing else (RFC 5321 4.1.1.5).
        if (std::holds_alternative<rset>(event) || below(dice, 3) != 0 || !there.answer({code, {}, "x"}, to_client)) REQUIRE(there.answer(to_client));
      }
      at_server.erase(0, used);
    }
    at_client.append(to_client.written());
    to_client.clear();
    for (bool more = here.open(); more && here.open();) {
      const std::string view = at_client;
      const auto [used, event] = here.receive(std::string_view(view));
      at_client.erase(0, used);
      more = !std::holds_alternative<need_more>(event) && !std::holds_alternative<start_tls>(event);
      if (const auto* c = std::get_if<closed>(&event)) REQUIRE_FALSE(c->why);
    }
    if (!here.open() && there.open()) break;  // QUIT was refused: the client goes all the same (RFC 5321 4.1.1.10)
    REQUIRE(here.awaited() == 0);
    REQUIRE(at_client.empty());
    REQUIRE(at_server.empty());
    CAPTURE(name_of(here.phase()));
    CAPTURE(name_of(there.phase()));
    REQUIRE(here.phase() == there.phase());
    if (here.phase() == phase::tls) {
      REQUIRE(here.tls_started());
      REQUIRE(there.tls_started());
    }
    REQUIRE(here.recipients() == there.recipients());
    REQUIRE(here.authenticated() == there.authenticated());
    REQUIRE(here.tls() == there.tls());
  }
}

}  // namespace

TEST_CASE("a client and a server wired together agree after every exchange, whatever the application answers") {
  randomness dice(2920);
  for (int run = 0; run < 300; ++run) {
    CAPTURE(run);
    pair_at_random(dice, run % 2 == 0 ? service::smtp : service::lmtp);
  }
}
