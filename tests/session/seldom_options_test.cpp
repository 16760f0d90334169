// Options and lists that are seldom set: what they let a server take and say, and a client write.

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/serve.hpp"

using namespace sansmtp;
using namespace sansmtp::literals;

namespace {

server_options with(extension_set extensions, std::string_view mechanisms = {}) {
  return {.host = "mx.example.org"_domain, .extensions = extensions, .mechanisms = mechanisms, .cleartext_passwords = true};
}

std::string last_event(const server_options& options, const std::string& octets) {
  const auto got = support::serve(options, octets);
  return got.events.empty() ? "" : got.events.back();
}

// A server to which EHLO was said, and that owes the answer.
server asked(const server_options& options) {
  server session(options);
  output_buffer<256> out;
  REQUIRE(session.greet(out));
  REQUIRE(support::describe(session.receive(std::string_view("EHLO c\r\n")).event) == "EHLO c");
  return session;
}

// What it answers, the last line.
std::string last_line(const server_options& options) {
  server session = asked(options);
  output_buffer<4096> out;
  REQUIRE(session.answer(out));
  const std::string_view said = out.written().substr(0, out.written().size() - 2);
  const std::size_t before = said.rfind('\n');
  return std::string(before == said.npos ? said : said.substr(before + 1));
}

client introduced(std::string_view offers) {
  client session;
  (void)session.receive(std::string_view("220 mx\r\n"));
  REQUIRE(session.follow(ehlo{*hello_name::parse("c.example")}));
  const client_step step = session.receive(offers);
  REQUIRE(step.used == offers.size());
  REQUIRE(session.phase() == phase::ready);
  return session;
}

void lacks(client& session, const command& given, extension which, std::uint32_t at = 0) {
  output_buffer<512> out;
  const auto sent = session.send(given, out);
  REQUIRE_FALSE(sent);
  CHECK(sent.error() == fault{errc::extension_not_offered, at});
  CHECK(session.missing() == which);
  CHECK(out.empty());
  CHECK(session.awaited() == 0);
}

}  // namespace

TEST_CASE("an initial response where the server speaks first is refused, but for two that may begin so (RFC 4954 4, RFC 2831 2.2)") {
  const struct {
    std::string_view mechanism;
    std::string event;
  } rows[] = {
      {"CRAM-MD5", "refused AUTH @14 "},
      {"LOGIN", "AUTH LOGIN \"YQ==\""},
      {"DIGEST-MD5", "AUTH DIGEST-MD5 \"YQ==\""},
      {"PLAIN", "AUTH PLAIN \"YQ==\""},
      {"XMINE", "AUTH XMINE \"YQ==\""},  // nobody here knows who speaks first in it
  };
  for (const auto& row : rows) {
    CAPTURE(row.mechanism);
    const std::string event = last_event(with(extension::auth, row.mechanism), "EHLO c\r\nAUTH " + std::string(row.mechanism) + " YQ==\r\n");
    CHECK(event.substr(0, row.event.size()) == row.event);
  }
}

TEST_CASE("TLS that is required and there lets everything pass (RFC 3207 4)") {
  server_options o = with(extension::starttls);
  o.require_tls = true;
  CHECK(last_event(o, "EHLO c\r\nMAIL FROM:<a@b>\r\n").substr(0, 15) == "refused MAIL @0");
  CHECK(last_event(o, "EHLO c\r\nSTARTTLS\r\nEHLO c\r\nMAIL FROM:<a@b>\r\n") == "closed @0 octets in clear text wait behind STARTTLS (RFC 3207 4.2)");
  o.tls = true;
  CHECK(last_event(o, "EHLO c\r\nMAIL FROM:<a@b>\r\n") == "MAIL <a@b>");
  CHECK(last_event(o, "EHLO c\r\nSTARTTLS\r\n").substr(0, 19) == "refused STARTTLS @0");

  client session({.tls = true, .require_tls = true});
  (void)session.receive(std::string_view("220 mx\r\n"));
  output_buffer<256> out;
  REQUIRE(session.send(ehlo{*hello_name::parse("c")}, out));
  (void)session.receive(std::string_view("250 mx\r\n"));
  out.clear();
  REQUIRE(session.send(mail{"<a@b>"_reverse_path, {}}, out));
  CHECK(out.written() == "MAIL FROM:<a@b>\r\n");
}

TEST_CASE("a parameter of the second private extension is found, and one of none is unknown (RFC 5321 4.1.1.11)") {
  static constexpr private_parameter first[] = {{.keyword = "XONE"}}, second[] = {{.keyword = "XTWO"}};
  static constexpr private_extension mine[] = {{.line = "XFIRST", .parameters = first}, {.line = "XSECOND", .parameters = second}};
  server_options o = with({});
  o.own = mine;
  CHECK(last_event(o, "EHLO c\r\nMAIL FROM:<a@b> XTWO\r\n") == "MAIL <a@b> XTWO");
  CHECK(last_event(o, "EHLO c\r\nMAIL FROM:<a@b> XTWO XTHREE\r\n") == "refused MAIL @21 the parameter is unknown (RFC 5321 4.1.1.11)");
}

TEST_CASE("BODY=8BITMIME needs 8BITMIME, though BINARYMIME brings BODY as well (RFC 6152 2, RFC 3030 3)") {
  const server_options binary = with({extension::chunking, extension::binarymime});
  const std::string body = "EHLO c\r\nMAIL FROM:<a@b> BODY=";
  CHECK(last_event(binary, body + "8BITMIME\r\n") == "refused MAIL @16 this BODY needs an extension that is not offered (RFC 3030 3)");
  CHECK(last_event(binary, body + "BINARYMIME\r\n") == "MAIL <a@b> BODY=BINARYMIME");
  CHECK(last_event(with(extension::eight_bit_mime), body + "8BITMIME\r\n") == "MAIL <a@b> BODY=8BITMIME");
  CHECK(last_event(with(extension::eight_bit_mime), body + "BINARYMIME\r\n") == "refused MAIL @16 this BODY needs an extension that is not offered (RFC 3030 3)");
}

TEST_CASE("UTF-8 that was not agreed on is taken by a server that is told to, and by no other (RFC 6531 3.5)") {
  server_options o = with({});
  const std::string mailed = "EHLO c\r\nMAIL FROM:<a@b>\r\n", to = "RCPT TO:<\xC3\xA9@b>\r\n", find = "VRFY \xC3\xA9\r\n";
  CHECK(last_event(o, mailed + to).substr(0, 15) == "refused RCPT @8");
  CHECK(last_event(o, "EHLO c\r\n" + find).substr(0, 15) == "refused VRFY @5");
  o.leniency = o.leniency | quirk::unnegotiated_utf8;
  CHECK(last_event(o, mailed + to) == "RCPT <\xC3\xA9@b>");
  CHECK(last_event(o, "EHLO c\r\n" + find).substr(0, 5) == "VRFY ");
}

TEST_CASE("a session that takes over amid chunks has a recipient, and takes the last chunk (RFC 3030 2)") {
  server_options o = with(extension::chunking);
  o.start = phase::chunk;
  const auto got = support::serve(o, "BDAT 3 LAST\r\nabc");
  CHECK(support::lines(got.events) == "BDAT 3 LAST\nbytes abc\nmessage_end 3\n");
  CHECK(got.phase == "ready");
  CHECK(server(o).recipients() == 1);
  o.start = phase::mail;
  CHECK(server(o).recipients() == 0);
}

TEST_CASE("what is offered can change from the next EHLO on (RFC 4954 4)") {
  server session = asked(with(extension::auth, "PLAIN"));
  output_buffer<256> out;
  session.offer(extension::pipelining, {});
  CHECK(session.options().extensions == extension_set(extension::pipelining));
  CHECK(session.options().mechanisms.empty());
  REQUIRE(session.answer(out));
  CHECK(out.written() == "250-mx.example.org\r\n250 PIPELINING\r\n");
}

TEST_CASE("until that EHLO what was listed is in force: a chunk is no commands (RFC 3030 2)") {
  int events = 0;
  const auto withdrawing = [&](server& session, const server_event& event, writer& out) {
    if (++events == 2) session.offer(extension::pipelining, {});
    if (std::holds_alternative<chunk_end>(event)) return void(session.answer({452, {4, 3, 1}, "no room"}, out));
    (void)session.answer(out);
  };
  server_options o = with({extension::chunking, extension::size, extension::enhanced_status_codes});
  const auto got = support::serve(
      o, "EHLO c\r\nMAIL FROM:<a@b> SIZE=5\r\nRCPT TO:<c@d>\r\nBDAT 6\r\nQUIT\r\nEHLO c\r\nMAIL FROM:<a@b> SIZE=5\r\nBDAT 0\r\n",
      withdrawing);
  CHECK(got.replies.find("\r\n452 4.3.1 no room\r\n250-mx.example.org\r\n250 PIPELINING\r\n555 ") != std::string::npos);
  CHECK(got.events.back().substr(0, 13) == "refused BDAT ");
}

TEST_CASE("421 has its enhanced code also where nothing is owed, whatever was answered last (RFC 2034 4, RFC 5321 3.8)") {
  for (const bool introduced : {false, true}) {
    server session(with(extension::enhanced_status_codes));
    output_buffer<256> out;
    REQUIRE(session.greet(out));
    if (introduced) {
      (void)session.receive(std::string_view("EHLO c\r\n"));
      REQUIRE(session.answer(out));
    }
    out.clear();
    REQUIRE(session.answer({421, {4, 4, 2}, "too long silent"}, out));
    CHECK(out.written() == "421 4.4.2 too long silent\r\n");
  }
  server session(with(extension::enhanced_status_codes));
  output_buffer<256> out;
  REQUIRE(session.answer({421, {4, 3, 2}, "not now"}, out));  // the greeting has none
  CHECK(out.written() == "421 not now\r\n");
}

TEST_CASE("behind a greeting of 554 a client is waited for, whatever it says (RFC 5321 3.1)") {
  server session(with(extension::chunking));
  output_buffer<512> out;
  REQUIRE(session.greet({554, {}, "no"}, out));
  for (std::string_view line : {"BDAT x\r\n", "BDAT 2 LOST\r\nxx", "NOOP\r\n"}) {
    CAPTURE(line);
    std::string_view rest = line;
    while (session.owed() == 0) rest.remove_prefix(session.receive(rest).used);
    CHECK(rest.empty());
    out.clear();
    REQUIRE(session.answer(out));
    CHECK(out.written().substr(0, 4) == "503 ");
    CHECK(session.phase() == phase::refused);
  }
  (void)session.receive(std::string_view("QUIT\r\n"));
  REQUIRE(session.answer(out));
  CHECK(session.phase() == phase::closed);
}

TEST_CASE("every refusal of AUTH is counted, for whatever reason (RFC 4954 12)") {
  server session(with(extension::auth, "PLAIN"));
  std::array<char, 4096> room{};
  writer out{room};
  REQUIRE(session.greet(out));
  std::uint32_t refusals = 0;
  for (std::string_view line : {"EHLO c\r\n", "AUTH PLAIN !\r\n", "AUTH NONE\r\n", "AUTH\r\n", "AUTH PLAIN AHUAcA==\r\n", "NOOP !\r\n",
                                "XYZZY\r\n", "MAIL FROM:<a@b>\r\n", "AUTH PLAIN\r\n"}) {
    CAPTURE(line);
    (void)session.receive(line);
    REQUIRE(session.answer(out));
    refusals += line.substr(0, 4) == "AUTH" ? 1U : 0U;
    CHECK(session.failed_authentications() == refusals);
  }
}

TEST_CASE("a sender that is no address has X.1.7, by MAIL and by SEND and its kin (RFC 3463 3.2)") {
  for (std::string_view line : {"MAIL FROM:<a@-b>\r\n", "SEND FROM:<a@-b>\r\n", "SOML FROM:<a@-b>\r\n", "SAML FROM:<a@-b>\r\n"}) {
    CAPTURE(line);
    const auto got = support::serve(with(extension::enhanced_status_codes), "EHLO c\r\n" + std::string(line));
    CHECK(got.replies.find("\r\n501 5.1.7 ") != std::string::npos);
  }
}

TEST_CASE("a line of the caller's own stands for LIMITS, and one of a keyword that nobody knows is listed (RFC 9422 3, RFC 5321 4.1.1.1)") {
  server_options o = with(extension::limits);
  CHECK(last_line(o) == "250 LIMITS RCPTMAX=100");
  o.mail_limit = 7;
  o.recipient_limit = 5000000;  // six digits at most (RFC 9422 4)
  CHECK(last_line(o) == "250 LIMITS RCPTMAX=999999 MAILMAX=7");
  static constexpr std::string_view own[] = {"LIMITS RCPTMAX=3 RCPTDOMAINMAX=1"};
  o.lines = own;
  CHECK(last_line(o) == "250 LIMITS RCPTMAX=3 RCPTDOMAINMAX=1");
  static constexpr std::string_view more[] = {"XMINE a b", "DELIVERBY 240"};
  o = with({});
  o.lines = more;
  CHECK(last_line(o) == "250 XMINE a b");  // DELIVERBY is not in the set
}

TEST_CASE("an EHLO reply with more lines than are kept, or a line too long, is a fault, and owed on (RFC 5321 4.5.3.1.5)") {
  std::vector<std::string_view> lines(limits::ehlo_lines, "XMINE");
  server_options o = with({});
  o.lines = lines;
  CHECK(last_line(o) == "250 XMINE");
  lines.push_back("XMINE");
  o.lines = lines;
  server session = asked(o);
  output_buffer<8192> out;
  const auto written = session.answer(out);
  REQUIRE_FALSE(written);
  CHECK(written.error() == fault{errc::too_many_parameters, 0});
  CHECK(out.empty());
  CHECK(session.owed() == 1);
  CHECK(session.phase() == phase::greeted);

  // "250-AUTH " and CRLF leave 501 of the 512 octets.
  std::string names = "A";
  while (names.size() < 501) names += " A";
  CHECK(last_line(with(extension::auth, names)).size() == 510);
  for (const std::size_t more : {1U, 8U, 200U}) {
    std::string longer = names;
    for (std::size_t i = 0; i < more; ++i) longer += " A";
    server full = asked(with(extension::auth, longer));
    CHECK_FALSE(full.answer(out));
    CHECK(out.empty());
    CHECK(full.owed() == 1);
  }
}

TEST_CASE("an input without room holds nothing and gets nothing, and does not end") {
  input none{std::span<char>()};
  server session(with({}));
  output_buffer<64> out;
  REQUIRE(session.greet(out));
  for (int i = 0; i < 3; ++i) {
    CHECK(support::describe(session.receive(none)) == "need_more");
    none.commit(0);  // a read into no room tells nothing
  }
  CHECK(session.open());
  CHECK(session.owed() == 0);
}

TEST_CASE("a parameter that the library does not know is the caller's affair, one that it knows needs its extension (RFC 5321 2.2.1)") {
  client session = introduced("250-mx\r\n250-8BITMIME\r\n250 EXPN\r\n");
  const reverse_path from = "<a@b>"_reverse_path;
  lacks(session, mail{from, *mail_parameters::parse("XMINE=1 RET=HDRS")}, extension::dsn, 8);
  lacks(session, mail{*reverse_path::parse("<\xC3\xA9@b>"), *mail_parameters::parse("")}, extension::smtputf8);
  output_buffer<512> out;
  REQUIRE(session.send(mail{from, *mail_parameters::parse("XMINE=1 BODY=8BITMIME")}, out));
  CHECK(out.written() == "MAIL FROM:<a@b> XMINE=1 BODY=8BITMIME\r\n");
  CHECK(session.receive(std::string_view("250 ok\r\n")).used == 8);
  lacks(session, rcpt{*forward_path::parse("<\xC3\xA9@b>"), {}}, extension::smtputf8);
  lacks(session, rcpt{"<c@b>"_forward_path, *rcpt_parameters::parse("XMINE NOTIFY=NEVER")}, extension::dsn, 6);
}

TEST_CASE("the wish for UTF-8 in a reply needs SMTPUTF8, in VRFY and in EXPN (RFC 6531 3.7.4.2)") {
  client without = introduced("250-mx\r\n250-8BITMIME\r\n250 EXPN\r\n");
  lacks(without, vrfy{"a", true}, extension::smtputf8);
  lacks(without, expn{"a", true}, extension::smtputf8);
  lacks(without, expn{"\xC3\xA9", false}, extension::smtputf8);
  for (const command& wish : {command(vrfy{"a", true}), command(expn{"a", true})}) {
    client session = introduced("250-mx\r\n250-8BITMIME\r\n250-EXPN\r\n250 SMTPUTF8\r\n");
    output_buffer<512> out;
    REQUIRE(session.send(wish, out));
    CHECK(out.written().substr(4) == " a SMTPUTF8\r\n");
    CHECK(session.awaited() == 1);
  }
}
