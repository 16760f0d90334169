// What a client makes of each class of reply in each phase, and what it may send behind what.
//
// Replies are heard whole, cut in two at every place and octet by octet.

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

#include "support/describe.hpp"
#include "support/every_cut.hpp"

using namespace sansmtp;
using namespace sansmtp::literals;

namespace {

constexpr std::string_view offers =
    "250-mx.example.org\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-BINARYMIME\r\n250-8BITMIME\r\n250-STARTTLS\r\n250-XCLIENT NAME\r\n"
    "250-CHECKPOINT\r\n250-PRDR\r\n250 AUTH PLAIN\r\n";

struct listener {
  client session;
  std::string heard{};

  // Events until more is needed or the session is over, each look at memory of its own.
  void hear(support::parts octets) {
    std::string unread;
    for (std::string_view part : octets) {
      if (part.empty()) continue;
      unread.append(part);
      for (bool more = session.open(); more;) {
        const std::string view = unread;
        const auto [used, event] = session.receive(std::string_view(view));
        REQUIRE(used <= view.size());
        unread.erase(0, used);
        more = !std::holds_alternative<need_more>(event) && !std::holds_alternative<start_tls>(event) && session.open();
        if (!std::holds_alternative<need_more>(event)) heard += support::describe(event) + "\n";
      }
    }
  }
};

// Where a reply to this leads, and "" or the word that ends the session with a fault.
std::string client_led_to(phase from, act what, std::string_view reply) {
  const auto run = [&](support::parts octets) {
    listener l{client({.start = from})};
    if (from != phase::connect) REQUIRE(l.session.follow(what));
    l.hear(octets);
    const std::string to(name_of(l.session.phase()));
    const bool fault = !l.session.open() && l.session.end_of_input().why.has_value();
    return to + (fault ? " by a fault" : "") + "\n" + l.heard;
  };
  CHECK(support::cut_that_differs(reply, run) == "");
  const std::string all = run(support::cut_text(reply, {}).view());
  return all.substr(0, all.find('\n'));
}

}  // namespace

TEST_CASE("a client acts on each class of reply as it must (RFC 5321 4.3.2, 3.1)") {
  struct reaction {
    phase from;
    act what;
    std::array<std::string_view, 4> to;  // 2yz, 3yz, 4yz, 5yz; "" for none
  };
  constexpr std::string_view wrong = "closed by a fault";
  const reaction rows[] = {
      {phase::connect, act::greeting, {"greeted", wrong, "refused", "refused"}},
      {phase::greeted, act::ehlo, {"ready", wrong, "greeted", "greeted"}},
      {phase::greeted, act::helo, {"ready", wrong, "greeted", "greeted"}},
      {phase::rcpt, act::ehlo, {"ready", wrong, "rcpt", "rcpt"}},
      {phase::ready, act::starttls, {"tls", wrong, "ready", "ready"}},
      {phase::ready, act::auth, {"ready", "auth", "ready", "ready"}},
      {phase::auth, act::auth_response, {"ready", "auth", "ready", "ready"}},
      {phase::ready, act::mail, {"mail", wrong, "ready", "ready"}},
      {phase::mail, act::rcpt, {"rcpt", wrong, "mail", "mail"}},
      {phase::rcpt, act::rcpt, {"rcpt", wrong, "rcpt", "rcpt"}},
      {phase::rcpt, act::data, {wrong, "data", "rcpt", "rcpt"}},
      {phase::mail, act::data, {wrong, "data", "mail", "mail"}},
      {phase::data, act::message_end, {"ready", wrong, "ready", "ready"}},
      {phase::rcpt, act::chunk, {"chunk", wrong, "broken", "broken"}},
      {phase::chunk, act::last_chunk, {"ready", wrong, "broken", "broken"}},
      {phase::broken, act::chunk, {wrong, wrong, "broken", "broken"}},
      {phase::broken, act::rset, {"ready", wrong, "broken", "broken"}},
      {phase::rcpt, act::rset, {"ready", wrong, "rcpt", "rcpt"}},
      {phase::ready, act::noop, {"ready", wrong, "ready", "ready"}},
      {phase::ready, act::vrfy, {"ready", wrong, "ready", "ready"}},
      {phase::mail, act::help, {"mail", wrong, "mail", "mail"}},
      {phase::ready, act::etrn, {"ready", wrong, "ready", "ready"}},
      {phase::ready, act::atrn, {"reversed", wrong, "ready", "ready"}},
      {phase::ready, act::xclient, {"greeted", wrong, "ready", "ready"}},
      {phase::ready, act::quit, {"closed", wrong, "closed", "closed"}},
      {phase::refused, act::quit, {"closed", wrong, "closed", "closed"}},
  };
  constexpr std::string_view replies[] = {"250 ok\r\n", "354-a\r\n354 b\r\n", "450 later\r\n", "550-no\r\n550 never\r\n"};
  for (const reaction& r : rows)
    for (std::size_t i = 0; i < std::size(replies); ++i) {
      CAPTURE(name_of(r.from));
      CAPTURE(name_of(r.what));
      CAPTURE(support::shown(replies[i]));
      std::string_view reply = replies[i];
      if (i == 1 && (r.what == act::auth || r.what == act::auth_response)) reply = "334 QUJD\r\n";
      CHECK(client_led_to(r.from, r.what, reply) == r.to[i]);
      CHECK(client_led_to(r.from, r.what, "421 4.3.2 down\r\n") == "closed");
    }
  // 521 and 554 in place of the greeting; what is no reply at all; a code that changes.
  CHECK(client_led_to(phase::connect, act::greeting, "554 no\r\n") == "refused");
  CHECK(client_led_to(phase::connect, act::greeting, "521 no\r\n") == "refused");
  for (std::string_view bad : {"150 ok\r\n", "050 ok\r\n", "600 ok\r\n", "25 ok\r\n", "2500 ok\r\n", "ok\r\n", "250-a\r\n251 b\r\n", "\r\n",
                               "250 a\nb\r\n", "250 a\rb\r\n"}) {
    CAPTURE(support::shown(bad));
    CHECK(client_led_to(phase::ready, act::noop, bad) == wrong);
  }
  CHECK(client_led_to(phase::ready, act::noop, "250 ok\r\n250 more\r\n") == wrong);
  CHECK(client_led_to(phase::ready, act::noop, "250 ok\r\n421 bye\r\n") == "closed");
}

TEST_CASE("a client forgets with each reset what the server forgets (RFC 5321 4.1.4, RFC 3207 4.2)") {
  const hello_name name = *hello_name::parse("c.example");
  const auto introduced = [&] {
    client c;
    output_buffer<512> out;
    (void)c.receive(std::string_view("220 mx\r\n"));
    REQUIRE(c.send(ehlo{name}, out));
    (void)c.receive(offers);
    return c;
  };
  const struct {
    act what;
    std::string_view reply;
    bool offered, authenticated;
    phase to;
  } rows[] = {
      {act::rset, "250 ok\r\n", true, true, phase::ready},       {act::ehlo, "250 mx\r\n", false, true, phase::ready},
      {act::helo, "250 mx\r\n", false, true, phase::ready},      {act::ehlo, "550 no\r\n", true, true, phase::rcpt},
      {act::helo, "450 no\r\n", true, true, phase::rcpt},        {act::xclient, "220 mx\r\n", false, false, phase::greeted},
      {act::starttls, "220 go\r\n", false, false, phase::greeted},
  };
  for (const auto& r : rows) {
    CAPTURE(name_of(r.what));
    CAPTURE(support::shown(r.reply));
    client c = introduced();
    REQUIRE(c.follow(act::auth));
    (void)c.receive(std::string_view("235 in\r\n"));
    REQUIRE(c.authenticated());
    if (r.what != act::xclient && r.what != act::starttls) {
      for (act a : {act::mail, act::rcpt}) REQUIRE(c.follow(a));
      for (int i = 0; i < 2; ++i) (void)c.receive(std::string_view("250 ok\r\n"));
      REQUIRE(c.recipients() == 1);
    }
    REQUIRE(c.follow(r.what));
    (void)c.receive(r.reply);
    if (c.phase() == phase::tls) REQUIRE(c.tls_started());
    CHECK(c.phase() == r.to);
    CHECK(c.offered().has(extension::pipelining) == r.offered);
    CHECK(c.authenticated() == r.authenticated);
    CHECK(c.recipients() == (r.to == phase::rcpt ? 1 : 0));
  }
}

TEST_CASE("pipelining: what may stand behind what (RFC 2920 3.1, RFC 3030 2)") {
  const hello_name name = *hello_name::parse("c.example");
  const mail from{"<a@b>"_reverse_path, {}};
  const rcpt to{"<c@d>"_forward_path, {}};
  const struct {
    command sent;
    phase from;
    bool followed;
  } rows[] = {
      {rset{}, phase::ready, true},          {from, phase::ready, true},          {to, phase::mail, true},
      {bdat{0, false}, phase::rcpt, true},   {bdat{0, true}, phase::rcpt, false}, {data{}, phase::rcpt, false},
      {ehlo{name}, phase::ready, false},     {helo{name}, phase::ready, false},   {vrfy{"a"}, phase::ready, false},
      {noop{}, phase::ready, false},         {quit{}, phase::ready, false},       {help{}, phase::ready, false},
      {starttls{}, phase::ready, false},     {auth{"PLAIN", {}}, phase::ready, false},
  };
  for (const auto& r : rows) {
    client c;
    output_buffer<1024> out;
    (void)c.receive(std::string_view("220 mx\r\n"));
    REQUIRE(c.send(ehlo{name}, out));
    CHECK(c.send(rset{}, out).error().code == errc::awaiting_reply);
    (void)c.receive(offers);
    if (r.from != phase::ready) REQUIRE(c.send(from, out));
    if (r.from == phase::rcpt) REQUIRE(c.send(to, out));
    REQUIRE(c.send(r.sent, out));
    const auto behind = c.send(rset{}, out);
    CAPTURE(out.written());
    CHECK(behind.has_value() == r.followed);
    if (!behind) CHECK(behind.error().code == errc::awaiting_reply);
  }
  // A MAIL behind the final dot does not make a 353 for the message before it one that nobody asked for.
  client c({.start = phase::ready});
  output_buffer<256> out;
  REQUIRE(c.follow(mail{"<a@b>"_reverse_path, *mail_parameters::parse("PRDR")}));
  for (act a : {act::rcpt, act::rcpt, act::data}) REQUIRE(c.follow(a));
  listener l{c};
  for (std::string_view said : {"250 a\r\n", "250 b\r\n", "250 c\r\n", "354 d\r\n"}) l.hear(support::parts(&said, 1));
  REQUIRE(l.session.finish(out));
  REQUIRE(l.session.follow(from));
  l.heard.clear();
  const std::string_view replies = "353 each\r\n250 one\r\n550 two\r\n250 all\r\n250 next\r\n";
  l.hear(support::parts(&replies, 1));
  CHECK(l.heard == "message end 353 |each\nmessage end 250 |one\nmessage end #1 550 |two\nmessage end #2 250 |all\nMAIL 250 |next\n");
}

TEST_CASE("UTF-8 in VRFY and EXPN, and the wish for it, need SMTPUTF8 (RFC 6531 3.7.4.2)") {
  for (const command& query : {command(vrfy{"\xC3\xBC"}), command(vrfy{"a", true}), command(vrfy{"\xC3\xBC", true})}) {
    client c({.start = phase::ready});
    output_buffer<64> out;
    CHECK(c.send(query, out).error().code == errc::extension_not_offered);
    CHECK(c.missing() == extension::smtputf8);
    CHECK(out.empty());
  }
}
