// A program that speaks PIPELINING, SIZE and 8BITMIME: SANSMTP_SPOKEN is defined where it is built.

#include "sansmtp/wire/spoken.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <span>
#include <string_view>
#include <variant>

#include "sansmtp/session/client.hpp"
#include "sansmtp/session/server.hpp"

namespace {

using namespace sansmtp;
using namespace std::literals;
using namespace sansmtp::literals;

static_assert(speaks(extension::pipelining) && speaks(extension::size) && speaks(extension::eight_bit_mime));
static_assert(!speaks(extension::auth) && !speaks(extension::dsn));
static_assert(every_extension.among(spoken_extensions) == spoken_extensions);
static_assert(spoken_extensions.among(extension::dsn).empty());
static_assert(speaks(verb::mail) && speaks(verb::help) && speaks(verb::vrfy) && speaks(verb::expn));
static_assert(!speaks(verb::bdat) && !speaks(verb::auth) && !speaks(verb::send) && !speaks(verb::etrn));

// What the server says to all of these lines, answering by default, and where it stands then.
struct dialogue {
  server session;
  output_buffer<8192> out;

  explicit dialogue(extension_set offered, std::span<const std::string_view> lines = {})
      : session({.host = "mx.example"_domain, .extensions = offered, .mechanisms = "PLAIN", .lines = lines}) {
    CHECK(session.greet(out));
    out.clear();
  }
  std::string say(std::string_view octets) {
    for (;;) {
      const server_step step = session.receive(octets);
      octets.remove_prefix(step.used);
      if (session.owed() != 0)
        REQUIRE(session.answer(out));
      else if (std::holds_alternative<need_more>(step.event))
        break;
    }
    const std::string said(out.written());
    out.clear();
    return said;
  }
};

constexpr std::string_view introduction = "EHLO client.example\r\n";

}  // namespace

TEST_CASE("what is not spoken is not offered, whatever the options say") {
  const std::string_view lines[] = {"DELIVERBY 240", "XSOMETHING 1"};
  dialogue d(every_extension, lines);
  CHECK(d.say(introduction) ==
        "250-mx.example\r\n250-8BITMIME\r\n250-SIZE 0\r\n250-PIPELINING\r\n250 XSOMETHING 1\r\n");
  CHECK(d.session.options().extensions == spoken_extensions);
  d.session.offer(every_extension, "PLAIN");
  CHECK(d.session.options().extensions == spoken_extensions);
  CHECK(d.say(introduction).find("AUTH") == std::string::npos);
}

TEST_CASE("verbs and parameters that are spoken work as ever") {
  dialogue d(every_extension);
  d.say(introduction);
  CHECK(d.say("MAIL FROM:<a@example.org> SIZE=100 BODY=8BITMIME\r\n") == "250 sender accepted\r\n");
  CHECK(d.say("RCPT TO:<b@example.org>\r\n") == "250 recipient accepted\r\n");
  CHECK(d.say("DATA\r\n").substr(0, 3) == "354");
  CHECK(d.say("x\r\n.\r\n") == "250 message accepted\r\n");
  CHECK(d.say("MAIL FROM:<a@example.org> SIZE=x\r\n").substr(0, 3) == "501");
  CHECK(d.say("VRFY a\r\nHELP\r\nNOOP\r\n").substr(0, 3) == "252");
}

TEST_CASE("verbs that are not spoken are 502, in every phase and however they go on, and change nothing") {
  const std::string_view unspoken[] = {
      "BDAT 5 LAST\r\n",  "BDAT\r\n",           "BDAT x\r\n",        "AUTH PLAIN AGEAYg==\r\n", "AUTH\r\n",
      "STARTTLS\r\n",     "ETRN example.org\r\n", "ATRN\r\n",          "BURL imap://a/b LAST\r\n",  "XCLIENT NAME=a\r\n",
      "XFORWARD NAME=a\r\n", "WELLKNOWN a\r\n",   "SEND FROM:<a@b>\r\n", "SOML FROM:<a@b>\r\n",       "SAML FROM:<a@b>\r\n"};
  const auto transaction_wins = [](std::string_view line) { return line.substr(0, 1) == "S" && line[1] != 'T'; };
  for (const std::string_view line : unspoken) {
    CAPTURE(line);
    dialogue d(every_extension);
    CHECK(d.say(introduction).substr(0, 3) == "250");
    CHECK(d.say(line).substr(0, 3) == "502");
    CHECK(d.session.phase() == phase::ready);
    d.say("MAIL FROM:<a@example.org>\r\n");
    CHECK(d.say(line).substr(0, 3) == (transaction_wins(line) ? "503" : "502"));
    CHECK(d.session.phase() == phase::mail);
    d.say("RCPT TO:<b@example.org>\r\n");
    CHECK(d.say(line).substr(0, 3) == (transaction_wins(line) ? "503" : "502"));
    CHECK(d.session.phase() == phase::rcpt);
  }
  dialogue d(every_extension);
  CHECK(d.say("UNHEARD\r\n").substr(0, 3) == "500");
}

TEST_CASE("parameters that are not spoken are 555, well formed or not") {
  dialogue d(every_extension);
  d.say(introduction);
  for (const std::string_view given : {"RET=FULL", "RET=x", "ENVID=a", "BY=1;R", "BY=x", "AUTH=<>", "SMTPUTF8", "HOLDFOR=1",
                                       "HOLDFOR=0", "MT-PRIORITY=1", "SOLICIT=a", "SUBMITTER=a@b", "XVERP", "REQUIRETLS"}) {
    CAPTURE(given);
    CHECK(d.say("MAIL FROM:<a@example.org> " + std::string(given) + "\r\n").substr(0, 3) == "555");
    const auto kept = mail_parameters::parse(given);
    REQUIRE(kept);
    CHECK(kept->raw().size() == 1);
  }
  d.say("MAIL FROM:<a@example.org>\r\n");
  for (const std::string_view given : {"NOTIFY=NEVER", "NOTIFY=x", "ORCPT=rfc822;a", "RRVS=x", "CONNEG"}) {
    CAPTURE(given);
    CHECK(d.say("RCPT TO:<b@example.org> " + std::string(given) + "\r\n").substr(0, 3) == "555");
  }
  CHECK_FALSE(mail_parameters::parse("SMTPUTF8")->smtputf8());
  CHECK_FALSE(mail_parameters::parse("BY=1;R")->by());
}

TEST_CASE("a client does not learn what is not spoken, and sends nothing of it") {
  client session;
  output_buffer<1024> out;
  const auto hear = [&](std::string_view octets) {
    while (!octets.empty()) octets.remove_prefix(session.receive(octets).used);
  };
  hear("220 mx.example\r\n");
  REQUIRE(session.send(ehlo{*hello_name::parse("client.example")}, out));
  hear("250-mx.example\r\n250-SIZE 1000\r\n250-AUTH PLAIN LOGIN\r\n250-CHUNKING\r\n250-LIMITS RCPTMAX=1\r\n"
       "250-DSN\r\n250-DELIVERBY 240\r\n250-FUTURERELEASE 9 2030-01-01T00:00:00Z\r\n250 PIPELINING\r\n");
  CHECK(session.offered().extensions() == extension_set{extension::size, extension::pipelining});
  CHECK(session.offered().size_limit() == 1000);
  CHECK(session.offered().mechanisms().empty());
  CHECK_FALSE(session.offered().limits().rcpt_max);
  CHECK_FALSE(session.offered().least_by_time());
  CHECK_FALSE(session.offered().longest_hold());
  out.clear();

  const auto refused = [&](const command& given, extension lacks) {
    const auto sent = session.send(given, out);
    CHECK(sent.error().code == errc::extension_not_offered);
    CHECK(session.missing() == lacks);
    CHECK(out.empty());
  };
  refused(auth{"PLAIN", {}}, extension::auth);
  refused(mail{"<a@example.org>"_reverse_path, *mail_parameters::parse("RET=FULL")}, extension::dsn);
  REQUIRE(session.send(mail{"<a@example.org>"_reverse_path, *mail_parameters::parse("SIZE=10")}, out));
  REQUIRE(session.send(rcpt{"<b@example.org>"_forward_path, {}}, out));
  CHECK(out.written() == "MAIL FROM:<a@example.org> SIZE=10\r\nRCPT TO:<b@example.org>\r\n");
  out.clear();
  refused(bdat{1, true}, extension::chunking);
  CHECK(encode(bdat{1, true}, out).error().code == errc::extension_not_offered);
  CHECK(out.empty());
}
