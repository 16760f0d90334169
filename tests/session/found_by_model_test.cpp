// What a search through all short conversations (tests/model) found, each kept as its shortest case.

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "sansmtp/session/client.hpp"
#include "sansmtp/session/server.hpp"

using namespace sansmtp;

namespace {

struct talk {
  explicit talk(const client_options& o = {}) : c(o) {}
  client c;
  output_buffer<4096> out;
  std::string heard;
  bool say(std::string_view line) { return c.send(*parse_command(line), out).has_value(); }
  void hear(std::string_view octets) {
    while (!octets.empty()) {
      const auto [used, event] = c.receive(octets);
      octets.remove_prefix(used);
      if (const auto* a = std::get_if<answer>(&event)) heard += std::string(name_of(a->to)) + "#" + std::to_string(a->index) + " ";
      if (std::holds_alternative<need_more>(event)) return;
    }
  }
  void begin() {
    hear("220 a\r\n");
    REQUIRE(say("EHLO c"));
    hear("250-a\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-BINARYMIME\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-CHECKPOINT\r\n250 PRDR\r\n");
    heard.clear();
  }
};

struct eager {
  static constexpr std::string_view name = "PLAIN";
  static constexpr bool client_first = true;
  int asked = 0;
  result<std::string_view> respond(std::string_view, writer&) { return ++asked, std::string_view("x"); }
};

}  // namespace

TEST_CASE("355 resumes a transaction whose recipients are remembered: its content can be written (RFC 1845 4.2)") {
  talk t;
  t.begin();
  REQUIRE(t.say("MAIL FROM:<a@b> TRANSID=<1@b>"));
  t.hear("355 6 a\r\n");
  CHECK(t.c.phase() == phase::rcpt);
  CHECK(t.c.recipients() == 1);
  REQUIRE(t.say("DATA"));
  t.hear("354 a\r\n");
  CHECK(t.c.write("x\r\n", t.out).has_value());
}

TEST_CASE("SOML begins a transaction of its own: it is of no BODY, with no SMTPUTF8 (RFC 821 3.4, RFC 3030 3, RFC 6531 3.4)") {
  talk t;
  t.begin();
  REQUIRE(t.say("MAIL FROM:<> BODY=BINARYMIME SMTPUTF8"));
  t.hear("550 a\r\n");
  REQUIRE(t.say("SOML FROM:<a@b>"));
  t.hear("250 a\r\n");
  CHECK_FALSE(t.say("RCPT TO:<\xC3\xBC@b>"));
  REQUIRE((t.c.awaited() != 0 || t.say("RCPT TO:<c@d>")));
  t.hear("250 a\r\n");
  CHECK(t.say("DATA"));
}

TEST_CASE("replies to RCPT are counted also when MAIL was refused (RFC 2920 3.1)") {
  talk t;
  t.begin();
  REQUIRE(t.say("MAIL FROM:<a@b>"));
  for (int i = 0; i < 3; ++i) REQUIRE(t.say("RCPT TO:<c@d>"));
  t.hear("550 a\r\n503 b\r\n503 b\r\n503 b\r\n");
  CHECK(t.heard == "MAIL#0 RCPT#0 RCPT#1 RCPT#2 ");
}

TEST_CASE("LMTP has a reply for each recipient of its own: PRDR is not offered, and no 353 stands among them (RFC 2033 4.2)") {
  server s{{.host = *domain::parse("a.b"), .kind = service::lmtp, .extensions = extension::prdr}};
  output_buffer<4096> out;
  REQUIRE(s.greet(out));
  std::string_view in = "LHLO c\r\nMAIL FROM:<a@b> PRDR\r\nMAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nRCPT TO:<a@b>\r\nDATA\r\n.\r\n";
  while (!in.empty()) {
    const auto [used, event] = s.receive(in);
    in.remove_prefix(used);
    if (std::holds_alternative<message_end>(event)) break;
    if (s.owed() != 0) REQUIRE(s.answer(out));
  }
  CHECK(out.written().find("PRDR") == std::string_view::npos);
  REQUIRE(s.owed() == 2);
  REQUIRE(s.answer({250, {}, "x"}, out));
  CHECK_FALSE(s.answer({353, {}, "x"}, out));
  CHECK(s.owed() == 1);
}

TEST_CASE("a row that is only heard is not played: no server answers 3yz to a verb that it does not know") {
  server s{{.host = *domain::parse("a.b"), .start = phase::ready}};
  output_buffer<256> out;
  (void)s.receive(std::string_view("XUNHEARD of\r\n"));
  CHECK_FALSE(s.answer({354, {}, "x"}, out));
}

TEST_CASE("the envelope exists only in a transaction: what is closed has none (RFC 5321 4.1.1.10)") {
  server s{{.host = *domain::parse("a.b"), .start = phase::rcpt}};
  output_buffer<256> out;
  REQUIRE(s.answer({421, {}, "x"}, out));
  CHECK(s.recipients() == 0);
  client c({.start = phase::ready});
  REQUIRE(c.follow(act::mail));
  REQUIRE(c.follow(act::rcpt));
  for (std::string_view r : {"250 a\r\n", "250 a\r\n", "421 a\r\n"}) (void)c.receive(r);
  CHECK(c.recipients() == 0);
}

TEST_CASE("who follows a last chunk to no recipient in LMTP awaits nothing (RFC 2033 4.3)") {
  client c({.kind = service::lmtp, .observe = true, .start = phase::mail});
  REQUIRE(c.follow(bdat{0, true}));
  CHECK(c.awaited() == 0);
}

TEST_CASE("a client that takes over behind RCPT can write its message") {
  client c({.start = phase::rcpt});  // the server session counts one recipient there
  REQUIRE(c.follow(act::data));
  (void)c.receive(std::string_view("354 a\r\n"));
  output_buffer<64> out;
  CHECK(c.write("x\r\n", out).has_value());
}

TEST_CASE("a mechanism is not asked for what cannot be sent: what it has said once it cannot take back (RFC 4954 4)") {
  talk t;
  t.hear("220 a\r\n");
  REQUIRE(t.say("EHLO c"));
  t.hear("250-a\r\n250-PIPELINING\r\n250 AUTH PLAIN\r\n");
  for (int i = 0; i < 10; ++i) {
    REQUIRE(t.say("MAIL FROM:<a@b>"));
    REQUIRE(t.say("RSET"));
  }
  t.out.clear();
  eager mechanism;
  CHECK(t.c.authenticate(mechanism, t.out).error().code == errc::pipeline_full);
  CHECK(mechanism.asked == 0);
  CHECK(t.out.empty());
}
