// The order of things, row by row: every command in every phase, and what each refusal leaves behind.
//
// A row is run whole, cut in two at every place and octet by octet.

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "support/serve.hpp"
#include "support/service_options.hpp"

using namespace sansmtp;
using namespace sansmtp::literals;

namespace {

using support::lmtp;
using support::of_relay;
using support::plain;
using support::relay;
using support::submission;

bool is_status(std::string_view word) {
  return word.size() > 4 && word[1] == '.' && word.find('.', 2) != std::string_view::npos &&
         word.find_first_not_of("0123456789.") == std::string_view::npos;
}

// "250 2.1.0, 503 5.5.1, 354": the last line of each reply, its code and its enhanced one.
std::string codes(std::string_view replies) {
  std::string out;
  while (!replies.empty()) {
    const std::string_view line = replies.substr(0, replies.find("\r\n"));
    replies.remove_prefix(line.size() + 2);
    if (line.size() > 3 && line[3] == '-') continue;
    out.append(out.empty() ? "" : ", ").append(line.substr(0, 3));
    if (line.size() < 4) continue;
    const std::string_view word = line.substr(4, line.find(' ', 4) - 4);
    if (is_status(word)) out.append(" ").append(word);
  }
  return out;
}

std::string without_front(std::string_view text, std::string_view front) {
  if (text.substr(0, front.size()) != front) return "unlike the way there: " + std::string(text);
  text.remove_prefix(front.size());
  if (text.substr(0, 2) == ", ") text.remove_prefix(2);
  return std::string(text);
}

// The way to a place in the conversation, all of it answered as the RFCs say.
struct way {
  std::string_view octets;
  int answers;
  phase to;
};

// Answers the way there by default, and from then on with `said`, its own code where it has one.
auto answering(int on_the_way, reply_code said) {
  return [on_the_way, said](server& session, const server_event&, writer& out) mutable {
    if (on_the_way-- > 0 || said.value == 0)
      REQUIRE(session.answer(out));
    else
      REQUIRE(session.answer({said, {}, "as the application says"}, out));
  };
}

// What the octets behind `to` are answered, and where that leads: "250 2.1.0 >mail".
std::string led_to(const server_options& options, const way& to, std::string_view octets, reply_code said = 0) {
  const auto run = [&](support::parts behind) {
    std::vector<std::string_view> all{to.octets};
    all.insert(all.end(), behind.begin(), behind.end());
    return support::serve(options, support::parts(all), answering(to.answers, said));
  };
  const support::served there = run({});
  CHECK(there.phase == name_of(to.to));
  const support::served got = run(support::cut_text(octets, {}).view());
  CHECK(support::cut_that_differs(octets, run) == "");
  return without_front(codes(got.replies), codes(there.replies)) + " >" + got.phase;
}

const std::string hello = "EHLO c.example\r\n";
const std::string in_mail = hello + "MAIL FROM:<a@c.example>\r\n";
const std::string in_rcpt = in_mail + "RCPT TO:<b@example.org>\r\n";
const std::string in_chunk = in_rcpt + "BDAT 1\r\nx";
const std::string in_broken = in_chunk + "DATA\r\n";  // DATA among chunks

const std::array<way, 6> ways{{{"", 0, phase::greeted},
                               {hello, 1, phase::ready},
                               {in_mail, 2, phase::mail},
                               {in_rcpt, 3, phase::rcpt},
                               {in_chunk, 4, phase::chunk},
                               {in_broken, 5, phase::broken}}};

// One row of the table: a command, what the application says to it (0: what the RFC says), and what
// each phase makes of it: greeted, ready, mail, rcpt, chunk, broken. Without '>' the phase stays.
struct row {
  std::string_view octets;
  reply_code said;
  std::array<std::string_view, 6> cells;
};

constexpr std::array<std::string_view, 6> everywhere(std::string_view cell) { return {cell, cell, cell, cell, cell, cell}; }

void check(const server_options& options, const row& r) {
  for (std::size_t i = 0; i < ways.size(); ++i) {
    std::string wanted(r.cells[i]);
    if (wanted.find('>') == std::string::npos) wanted.append(" >").append(name_of(ways[i].to));
    CAPTURE(support::shown(r.octets));
    CAPTURE(name_of(ways[i].to));
    CHECK(led_to(options, ways[i], r.octets, r.said) == wanted);
  }
}

constexpr std::string_view bad_sequence = "503 5.5.1";

}  // namespace

TEST_CASE("introductions are welcome in every phase, and refused ones change nothing (RFC 5321 4.1.4)") {
  const row rows[] = {
      {"EHLO c\r\n", 0, everywhere("250 >ready")},
      {"HELO c\r\n", 0, everywhere("250 >ready")},
      {"EHLO c\r\n", 550, everywhere("550")},
      {"EHLO c\r\n", 504, everywhere("504")},
      {"HELO c\r\n", 450, everywhere("450")},
      {"EHLO\r\n", 0, everywhere("501")},  // RFC 2034 4: no enhanced code in any response to EHLO
      {"LHLO c\r\n", 0, everywhere("500")},
  };
  for (const row& r : rows) check(relay(), r);
}

TEST_CASE("MAIL, RCPT and DATA stand in their places alone (RFC 5321 4.1.4, 3.3)") {
  const row rows[] = {
      {"MAIL FROM:<a@b>\r\n", 0, {bad_sequence, "250 2.1.0 >mail", bad_sequence, bad_sequence, bad_sequence, bad_sequence}},
      {"MAIL FROM:<a@b>\r\n", 451, {"451", "451", "451", "451", "451", "451"}},
      {"MAIL FROM:<a@b>\r\n", 550, {"550", "550", "550", "550", "550", "550"}},
      {"MAIL FROM:<a@b> X=1\r\n", 0, {bad_sequence, "555 5.5.4", bad_sequence, bad_sequence, bad_sequence, bad_sequence}},
      {"MAIL FROM:a b\r\n", 0, everywhere("501 5.1.7")},
      {"RCPT TO:<b@c>\r\n", 0, {bad_sequence, bad_sequence, "250 2.1.5 >rcpt", "250 2.1.5", bad_sequence, bad_sequence}},
      {"RCPT TO:<b@c>\r\n", 550, everywhere("550")},
      {"RCPT TO:<b@c>\r\n", 452, everywhere("452")},
      {"DATA\r\n", 0, {bad_sequence, bad_sequence, "554 5.5.1", "354 >data", "503 5.5.1 >broken", bad_sequence}},
      {"DATA\r\n", 451, {"451", "451", "451", "451", "451 >broken", "451"}},
      {"DATA x\r\n", 0, everywhere("501 5.5.4")},
  };
  for (const row& r : rows) check(relay(), r);
  const way to_rcpt{in_rcpt, 3, phase::rcpt};
  CHECK(led_to(relay(), {in_mail, 2, phase::mail}, "RCPT TO:<b@c>\r\n", 251) == "251 >rcpt");
  CHECK(led_to(relay(), to_rcpt, "RCPT TO:<b@c>\r\n", 251) == "251 >rcpt");
}

TEST_CASE("a BINARYMIME message never travels by DATA: 503 in every phase (RFC 3030 3)") {
  const std::string mail = hello + "MAIL FROM:<a@b> BODY=BINARYMIME\r\n";
  const std::string rcpt = mail + "RCPT TO:<b@c>\r\n";
  const std::string chunk = rcpt + "BDAT 1\r\n\n";
  CHECK(led_to(relay(), {mail, 2, phase::mail}, "DATA\r\n") == "503 5.5.1 >mail");
  CHECK(led_to(relay(), {rcpt, 3, phase::rcpt}, "DATA\r\n") == "503 5.5.1 >broken");
  CHECK(led_to(relay(), {chunk, 4, phase::chunk}, "DATA\r\n") == "503 5.5.1 >broken");
}

TEST_CASE("the octets of a chunk are drained wherever it stands, and it succeeds among recipients alone (RFC 3030 2)") {
  const row rows[] = {
      {"BDAT 6\r\nQUIT\r\nNOOP\r\n", 0,
       {"503 5.5.1, 250 2.0.0", "503 5.5.1, 250 2.0.0", "554 5.5.1, 250 2.0.0 >broken", "250 2.0.0, 250 2.0.0 >chunk",
        "250 2.0.0, 250 2.0.0", "503 5.5.1, 250 2.0.0"}},
      {"BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n", 0,
       {"503 5.5.1, 250 2.0.0", "503 5.5.1, 250 2.0.0", "554 5.5.1, 250 2.0.0 >broken", "250 2.0.0, 250 2.0.0 >ready",
        "250 2.0.0, 250 2.0.0 >ready", "503 5.5.1, 250 2.0.0"}},
      {"BDAT 0\r\nNOOP\r\n", 0,
       {"503 5.5.1, 250 2.0.0", "503 5.5.1, 250 2.0.0", "554 5.5.1, 250 2.0.0 >broken", "250 2.0.0, 250 2.0.0 >chunk",
        "250 2.0.0, 250 2.0.0", "503 5.5.1, 250 2.0.0"}},
      {"BDAT 0 LAST\r\nNOOP\r\n", 0,
       {"503 5.5.1, 250 2.0.0", "503 5.5.1, 250 2.0.0", "554 5.5.1, 250 2.0.0 >broken", "250 2.0.0, 250 2.0.0 >ready",
        "250 2.0.0, 250 2.0.0 >ready", "503 5.5.1, 250 2.0.0"}},
      {"BDAT 2\r\n\r\n", 452, {"452", "452", "452 >broken", "452 >broken", "452 >broken", "452"}},
      {"BDAT 2 LAST\r\n\r\n", 554, {"554", "554", "554 >broken", "554 >broken", "554 >broken", "554"}},
      {"BDAT x\r\nNOOP\r\n", 0, everywhere("501 5.5.4 >closed")},
      {"BDAT 6 FIRST\r\nQUIT\r\nNOOP\r\n", 0,
       {"501 5.5.4, 250 2.0.0", "501 5.5.4, 250 2.0.0", "501 5.5.4, 250 2.0.0 >broken", "501 5.5.4, 250 2.0.0 >broken",
        "501 5.5.4, 250 2.0.0 >broken", "501 5.5.4, 250 2.0.0"}},
  };
  for (const row& r : rows) check(relay(), r);
  // A server without CHUNKING does not know the verb: what follows it is commands.
  CHECK(led_to(plain(), {in_rcpt, 3, phase::rcpt}, "BDAT 6\r\nNOOP\r\n") == "502 5.5.1, 250 2.0.0 >rcpt");
}

TEST_CASE("URLs stand where chunks do (RFC 4468 3.2, 3.3)") {
  const row rows[] = {
      {"BURL imap://u@h/m;uid=1 \r\n", 250, {"503", "503", "554", "250 >chunk", "250", "503"}},
      {"BURL imap://u@h/m;uid=1 LAST\r\n", 250, {"503", "503", "554", "250 >ready", "250 >ready", "503"}},
      {"BURL imap://u@h/m;uid=1\r\n", 0, {"503 5.5.1", "503 5.5.1", "554 5.5.0", "554 5.6.6 >broken", "554 5.6.6 >broken", "503 5.5.1"}},
  };
  for (const row& r : rows)
    for (std::size_t i = 0; i < ways.size(); ++i) {
      // Only where it may succeed does the application have a say.
      const bool may = ways[i].to == phase::rcpt || ways[i].to == phase::chunk;
      std::string wanted(r.cells[i]);
      if (!may && r.said.value != 0) wanted += ways[i].to == phase::mail ? " 5.5.0" : " 5.5.1";
      if (wanted.find('>') == std::string::npos) wanted.append(" >").append(name_of(ways[i].to));
      CAPTURE(name_of(ways[i].to));
      CHECK(led_to(submission(), ways[i], r.octets, may ? r.said : reply_code{0}) == wanted);
    }
}

TEST_CASE("RSET, NOOP, VRFY, EXPN, HELP and QUIT are answered in every phase (RFC 5321 4.1.4)") {
  const row rows[] = {
      {"RSET\r\n", 0, {"250 2.0.0", "250 2.0.0", "250 2.0.0 >ready", "250 2.0.0 >ready", "250 2.0.0 >ready", "250 2.0.0 >ready"}},
      {"NOOP anything\r\n", 0, everywhere("250 2.0.0")},
      {"VRFY user\r\n", 0, everywhere("252 2.5.0")},
      {"VRFY user\r\n", 550, everywhere("550")},
      {"VRFY user\r\n", 251, everywhere("251")},
      {"EXPN list\r\n", 0, everywhere("252 2.5.0")},
      {"EXPN list\r\n", 550, everywhere("550")},
      {"HELP\r\n", 0, everywhere("214 2.0.0")},
      {"HELP MAIL\r\n", 211, everywhere("211")},
      {"QUIT\r\nNOOP\r\n", 0, everywhere("221 2.0.0 >closed")},
      {"RSET x\r\n", 0, everywhere("501 5.5.4")},
      {"QUIT x\r\n", 0, everywhere("501 5.5.4")},
      {"VRFY\r\n", 0, everywhere("501 5.5.4")},
      {"NOOP\r\n", 421, everywhere("421 >closed")},
  };
  for (const row& r : rows) check(relay(), r);
  CHECK(led_to(plain(), ways[1], "EXPN list\r\n") == "502 5.5.1 >ready");
}

TEST_CASE("STARTTLS stands between transactions, once, where it is offered (RFC 3207 4)") {
  check(relay(), {"STARTTLS\r\n", 0, {bad_sequence, "220 2.0.0 >greeted", bad_sequence, bad_sequence, bad_sequence, bad_sequence}});
  check(relay(), {"STARTTLS\r\n", 454, everywhere("454")});
  check(relay(), {"STARTTLS x\r\n", 0, everywhere("501 5.5.4")});
  server_options inside = relay();
  inside.tls = true;
  check(inside, {"STARTTLS\r\n", 0, everywhere(bad_sequence)});
  server_options without = relay();
  without.extensions = of_relay.with(extension::pipelining);
  without.extensions = without.extensions.without(extension::starttls);
  check(without, {"STARTTLS\r\n", 0, everywhere("502 5.5.1")});
}

TEST_CASE("AUTH stands between transactions, once, where it is offered (RFC 4954 4)") {
  check(relay(), {"AUTH CRAM-MD5\r\n", 0, {bad_sequence, "334 >auth", bad_sequence, bad_sequence, bad_sequence, bad_sequence}});
  CHECK(led_to(relay(), ways[1], "AUTH PLAIN AHUAcA==\r\n", 235) == "235 >ready");
  CHECK(led_to(relay(), ways[1], "AUTH PLAIN AHUAcA==\r\n", 454) == "454 >ready");
  server_options without = relay();
  without.extensions = of_relay.without(extension::auth);
  check(without, {"AUTH PLAIN\r\n", 0, everywhere("502 5.5.1")});
}

TEST_CASE("queues, terminals and proxies: between transactions alone, and what is not implemented is 502 (RFC 5321 4.2.4)") {
  const row rows[] = {
      {"ETRN example.org\r\n", 0, {bad_sequence, "251 2.0.0", bad_sequence, bad_sequence, bad_sequence, bad_sequence}},
      {"ETRN example.org\r\n", 458, everywhere("458")},
      {"ATRN example.org\r\n", 0, everywhere("530 5.7.0")},  // RFC 2645 5.2.1: who is not authenticated
      {"TURN\r\n", 0, {"502 5.5.1", "502 5.5.1", bad_sequence, bad_sequence, bad_sequence, bad_sequence}},
      {"SEND FROM:<a@b>\r\n", 0, {bad_sequence, "502 5.5.1", bad_sequence, bad_sequence, bad_sequence, bad_sequence}},
      {"SAML FROM:<a@b>\r\n", 0, {bad_sequence, "502 5.5.1", bad_sequence, bad_sequence, bad_sequence, bad_sequence}},
      {"XCLIENT NAME=spike.example\r\n", 0, {"550 5.7.1", "550 5.7.1", bad_sequence, bad_sequence, bad_sequence, bad_sequence}},
      {"XFORWARD NAME=spike.example\r\n", 0, {bad_sequence, "550 5.7.1", bad_sequence, bad_sequence, bad_sequence, bad_sequence}},
      {"VERB\r\n", 0, everywhere("502 5.5.1")},
      {"ONEX\r\n", 250, everywhere("250")},
      {"XUNKNOWN a b\r\n", 0, everywhere("500 5.5.1")},
      {"FOO\r\n", 0, everywhere("500 5.5.1")},
  };
  for (const row& r : rows) check(relay(), r);
  const way& ready = ways[1];
  CHECK(led_to(relay(), ready, "SOML FROM:<a@b>\r\n", 250) == "250 >mail");
  CHECK(led_to(relay(), ready, "TURN\r\n", 250) == "250 >reversed");
  CHECK(led_to(relay(), ready, "XFORWARD NAME=spike.example\r\n", 250) == "250 >ready");
  CHECK(led_to(relay(), ready, "XCLIENT NAME=spike.example\r\n", 220) == "220 >greeted");
  CHECK(led_to(relay(), ways[0], "XCLIENT NAME=spike.example\r\n", 220) == "220 >greeted");
}

TEST_CASE("what is not offered breaks nothing, in a transaction either (RFC 5321 4.2.4)") {
  server_options o = plain();
  for (std::string_view line : {"BDAT 4\r\n", "BDAT 0 LAST\r\n", "BURL imap://u@h/m;uid=1 LAST\r\n", "STARTTLS\r\n", "AUTH PLAIN\r\n",
                                "ETRN example.org\r\n", "EXPN list\r\n", "XFORWARD NAME=a\r\n"})
    for (const way& to : {way{in_mail, 2, phase::mail}, way{in_rcpt, 3, phase::rcpt}}) {
      CAPTURE(support::shown(line));
      CHECK(led_to(o, to, line) == "502 5.5.1 >" + std::string(name_of(to.to)));
    }
}

TEST_CASE("a message's verdict ends the transaction whatever it is (RFC 5321 4.1.1.4)") {
  const std::string in_data = in_rcpt + "DATA\r\n";
  const way to{in_data, 4, phase::data};
  CHECK(led_to(relay(), to, "MAIL FROM:<x@y>\r\n..\r\n.\r\nNOOP\r\n") == "250 2.0.0, 250 2.0.0 >ready");
  CHECK(led_to(relay(), to, "NOOP\r\n.\r\nDATA\r\n") == "250 2.0.0, 503 5.5.1 >ready");
  CHECK(led_to(relay(), to, ".\r\n", 250) == "250 >ready");
  CHECK(led_to(relay(), to, "x\r\n.\r\n", 452) == "452 >ready");
  CHECK(led_to(relay(), to, "x\r\n.\r\n", 554) == "554 >ready");
  CHECK(led_to(relay(), to, "x\r\n.\r\n", 421) == "421 >closed");
  CHECK(led_to(relay(), to, "x\ny\r\n.\r\nRCPT TO:<a@b>\r\n") == "550 5.6.0, 503 5.5.1 >ready");
  for (std::string_view no_end : {"x\n.\n", "x\n.\r\n", "x\r.\r", "x\r\n.\n", "x\r\n.\r", "x\r\n..\r\n"})
    CHECK(led_to(relay(), to, no_end) == " >data");
}

TEST_CASE("a refused greeting leaves QUIT: to all else 503, or 521 after 521, whatever is wrong with it (RFC 5321 3.1, RFC 7504 3)") {
  for (const auto& [code, wanted] : {std::pair{554, "503"}, std::pair{521, "521"}})
    for (std::string_view line : {"EHLO c\r\n", "HELO\r\n", "LHLO c\r\n", "MAIL FROM:<a@b>\r\n", "RCPT TO:<a@b>\r\n", "DATA\r\n", "BDAT 0\r\n",
                                  "STARTTLS\r\n", "AUTH NOSUCH\r\n", "RSET\r\n", "NOOP\r\n", "VRFY a\r\n", "EXPN a\r\n", "HELP\r\n", "FOO\r\n", "\r\n",
                                  "ETRN x.example\r\n", "ATRN\r\n", "TURN\r\n", "XCLIENT NAME=a\r\n", "MAIL FROM:a b\r\n", "NOOP\nQUIT\r\n"})
      for (const server_options& options : {relay(), plain()}) {
        CAPTURE(support::shown(line));
        output_buffer<1024> out;
        server session{options};
        REQUIRE(session.greet({code, {}, "no"}, out));
        CHECK(session.phase() == phase::refused);
        out.clear();
        const auto step = session.receive(line);
        CHECK(step.used == line.size());
        CHECK(session.answer({250, {}, "x"}, out).error().code == errc::answer_must_refuse);
        REQUIRE(session.answer(out));
        CHECK(out.written().substr(0, 3) == wanted);
        CHECK(session.phase() == phase::refused);
        (void)session.receive(std::string_view("QUIT\r\n"));
        REQUIRE(session.answer(out));
        CHECK_FALSE(session.open());
      }
}

TEST_CASE("policy comes before the table: 530 to what may not stand before TLS or AUTH (RFC 3207 4, RFC 4954 6)") {
  server_options secure = relay();
  secure.require_tls = true;
  server_options known = relay();
  known.require_authentication = true;
  const struct {
    std::string_view line, without_tls, without_authentication;
  } rows[] = {
      {"NOOP\r\n", "250 2.0.0 >ready", "250 2.0.0 >ready"},
      {"RSET\r\n", "250 2.0.0 >ready", "250 2.0.0 >ready"},
      {"EHLO c\r\n", "250 >ready", "250 >ready"},
      {"HELO c\r\n", "250 >ready", "250 >ready"},
      {"QUIT\r\n", "221 2.0.0 >closed", "221 2.0.0 >closed"},
      {"STARTTLS\r\n", "220 2.0.0 >greeted", "220 2.0.0 >greeted"},
      {"AUTH CRAM-MD5\r\n", "530 5.7.0 >ready", "334 >auth"},
      {"HELP\r\n", "530 5.7.0 >ready", "214 2.0.0 >ready"},
      {"MAIL FROM:<a@b>\r\n", "530 5.7.0 >ready", "530 5.7.0 >ready"},
      {"RCPT TO:<a@b>\r\n", "530 5.7.0 >ready", "530 5.7.0 >ready"},
      {"DATA\r\n", "530 5.7.0 >ready", "530 5.7.0 >ready"},
      {"BDAT 6\r\nQUIT\r\nNOOP\r\n", "530 5.7.0, 250 2.0.0 >ready", "530 5.7.0, 250 2.0.0 >ready"},
      {"VRFY a\r\n", "530 5.7.0 >ready", "530 5.7.0 >ready"},
      {"EXPN a\r\n", "530 5.7.0 >ready", "530 5.7.0 >ready"},
      {"ETRN x.example\r\n", "530 5.7.0 >ready", "530 5.7.0 >ready"},
  };
  for (const auto& r : rows) {
    CAPTURE(support::shown(r.line));
    CHECK(led_to(secure, ways[1], r.line) == r.without_tls);
    CHECK(led_to(known, ways[1], r.line) == r.without_authentication);
  }
}

TEST_CASE("AUTH: every way into an exchange and out of it (RFC 4954 4, 6)") {
  const way& ready = ways[1];
  const struct {
    std::string_view octets, wanted;
  } rows[] = {
      {"AUTH NOSUCH\r\n", "504 5.5.4 >ready"},
      {"AUTH CRAM-MD5 QQ==\r\n", "501 5.7.0 >ready"},  // the server speaks first
      {"AUTH CRAM-MD5 =\r\n", "501 5.7.0 >ready"},
      {"AUTH PLAIN =\r\n", "535 5.7.8 >ready"},
      {"AUTH PLAIN\r\n", "334 >auth"},
      {"AUTH PLAIN\r\n\r\n", "334, 535 5.7.8 >ready"},
      {"auth plain AHUAcA==\r\n", "535 5.7.8 >ready"},
      {"AUTH PLAIN QQ=\r\n", "501 5.5.2 >ready"},
      {"AUTH PLAIN !\r\n", "501 5.5.2 >ready"},
      {"AUTH PLAIN\r\n!\r\n", "334, 501 5.5.2 >ready"},
      {"AUTH PLAIN\r\n*\r\nNOOP\r\n", "334, 501 5.7.0, 250 2.0.0 >ready"},
      {"AUTH PLAIN\r\n**\r\n", "334, 501 5.5.2 >ready"},
      {"AUTH PLAIN\r\n=\r\n", "334, 501 5.5.2 >ready"},
      {"AUTH PLAIN\r\nEHLO\r\nEHLO c\r\n", "334, 535 5.7.8, 250 >ready"},
      {"AUTH PLAIN\r\nEHLO c\r\n", "334, 501 5.5.2 >ready"},
      {"AUTH PLAIN\r\nRSET\r\n", "334, 535 5.7.8 >ready"},
      {"AUTH PLAIN\r\nQUJ\rD\r\n", "334, 501 5.5.2 >ready"},
      {"AUTH PLAIN\r\nQUJ\nD\r\n", "334, 501 5.5.2 >ready"},
      {"AUTH\r\n", "501 5.5.4 >ready"},
      {"AUTH PLAIN QQ== QQ==\r\n", "501 5.5.2 >ready"},
  };
  for (const auto& r : rows) {
    CAPTURE(support::shown(r.octets));
    CHECK(led_to(relay(), ready, r.octets) == r.wanted);
  }
  server_options shy = relay();
  shy.cleartext_passwords = false;
  CHECK(led_to(shy, ready, "AUTH PLAIN\r\n") == "538 5.7.11 >ready");
  server_options narrow = relay();
  narrow.auth_line = 100;
  for (std::size_t octets : {99U, 101U, 512U, 20000U}) {
    CAPTURE(octets);
    CHECK(codes(support::serve(narrow, hello + "AUTH PLAIN\r\n" + std::string(octets, 'A') + "\r\nNOOP\r\n").replies) ==
          "220, 250, 334, " + std::string(octets > 98 ? "500 5.5.6" : "501 5.5.2") + ", 250 2.0.0");
  }
  // Once authenticated, not again; EHLO and RSET do not undo it, and STARTTLS does.
  const auto welcome = [](server& session, const server_event& event, writer& out) {
    const bool in = std::holds_alternative<auth>(event);
    (void)(in ? session.answer({235, {2, 7, 0}, "in"}, out) : session.answer(out));
  };
  const std::string once = hello + "AUTH PLAIN AHUAcA==\r\n";
  CHECK(codes(support::serve(relay(), once + "AUTH PLAIN AHUAcA==\r\n", welcome).replies) == "220, 250, 235 2.7.0, 503 5.5.1");
  for (std::string_view between : {"EHLO c\r\n", "HELO c\r\n", "RSET\r\n", "MAIL FROM:<a@b>\r\n"}) {
    const auto got = support::serve(relay(), once + std::string(between) + "AUTH CRAM-MD5\r\nATRN x.example\r\n", welcome);
    CHECK(got.replies.find("503 5.5.1 the session is authenticated already") != std::string::npos);
    CHECK(got.replies.find("530") == std::string::npos);
  }
  const std::string again = once + "STARTTLS\r\n";
  server session{relay()};
  output_buffer<4096> out;
  REQUIRE(session.greet(out));
  for (std::string_view line : {"EHLO c\r\n", "AUTH PLAIN AHUAcA==\r\n", "STARTTLS\r\n"}) {
    const auto step = session.receive(line);
    welcome(session, step.event, out);
  }
  CHECK(session.authenticated());
  REQUIRE(session.tls_started());
  CHECK_FALSE(session.authenticated());
}

TEST_CASE("what resets what: the envelope, the extensions, the identity (RFC 5321 4.1.4, RFC 3207 4.2)") {
  // A recipient limit of one, and SMTPUTF8, are seen again in a second transaction if anything of the first is left.
  const std::string first = "EHLO c\r\nMAIL FROM:<a@b> SMTPUTF8 BODY=BINARYMIME\r\nRCPT TO:<b@c>\r\n";
  const std::string second = "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nRSET\r\nMAIL FROM:<a@b>\r\nRCPT TO:<\xC3\xBC@d>\r\nRCPT TO:<c@d>\r\nDATA\r\n";
  const std::string fresh = "250 2.1.0, 250 2.1.5, 250 2.0.0, 250 2.1.0, 553 5.6.7, 250 2.1.5, 354 >data";
  server_options o = relay();
  o.recipient_limit = 1;
  const way to{first, 3, phase::rcpt};
  const struct {
    std::string_view octets, codes;
  } resets[] = {
      {"RSET\r\n", "250 2.0.0"},
      {"EHLO c\r\n", "250"},
      {"BDAT 0 LAST\r\n", "250 2.0.0"},
      {"BDAT 1\r\n\nBDAT 1 LAST\r\n\r", "250 2.0.0, 250 2.0.0"},
      {"BDAT 1\r\n\nRSET\r\n", "250 2.0.0, 250 2.0.0"},
      {"DATA\r\nRSET\r\n", "503 5.5.1, 250 2.0.0"},
  };
  for (const auto& r : resets) {
    CAPTURE(support::shown(r.octets));
    CHECK(led_to(o, to, std::string(r.octets) + second) == std::string(r.codes) + ", " + fresh);
  }
  // What refuses leaves the transaction as it was.
  for (std::string_view kept : {"EHLO\r\n", "LHLO c\r\n", "MAIL FROM:<x@y>\r\n", "STARTTLS\r\n", "AUTH PLAIN\r\n", "FOO\r\n", "NOOP\r\n",
                                "VRFY a\r\n", "RSET x\r\n", "RCPT TO:<second@d>\r\n", "RCPT TO:<a b>\r\n"}) {
    CAPTURE(support::shown(kept));
    CHECK(support::serve(o, first + std::string(kept)).phase == "rcpt");
  }
  // HELO leaves no extension in force.
  CHECK(codes(support::serve(o, hello + "HELO c\r\nMAIL FROM:<a@b> SIZE=1\r\n").replies) == "220, 250, 250, 555 5.5.4");
  // A size that a message outgrew is no fault of the next one.
  o.size_limit = 4;
  CHECK(codes(support::serve(o, hello + "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n12345\r\n.\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n12\r\n.\r\n").replies) ==
        "220, 250, 250 2.1.0, 250 2.1.5, 354, 552 5.3.4, 250 2.1.0, 250 2.1.5, 354, 250 2.0.0");
}

TEST_CASE("LMTP: a reply for each recipient, one for a chunk, none for nobody (RFC 2033 4.2, 4.3)") {
  const std::string lhlo = "LHLO c\r\n";
  const std::string two = lhlo + "MAIL FROM:<a@b>\r\nRCPT TO:<x@y>\r\nRCPT TO:<x@y>\r\n";
  const way ready{lhlo, 1, phase::ready};
  const way rcpt{two, 4, phase::rcpt};
  const std::string none = lhlo + "MAIL FROM:<a@b>\r\n";
  const way mail{none, 2, phase::mail};
  CHECK(led_to(lmtp(), ready, "EHLO c\r\nHELO c\r\n") == "500, 500 >ready");
  CHECK(led_to(lmtp(), mail, "DATA\r\n") == "503 5.5.1 >mail");
  CHECK(led_to(lmtp(), rcpt, "DATA\r\n.\r\nNOOP\r\n") == "354, 250 2.0.0, 250 2.0.0, 250 2.0.0 >ready");
  CHECK(led_to(lmtp(), rcpt, "DATA\r\na\nb\r\n.\r\nNOOP\r\n") == "354, 550 5.6.0, 550 5.6.0, 250 2.0.0 >ready");
  CHECK(led_to(lmtp(), rcpt, "BDAT 1\r\n\r", 452) == "452 >broken");
  CHECK(led_to(lmtp(), rcpt, "BDAT 2 LAST\r\n\r\nNOOP\r\n") == "250 2.0.0, 250 2.0.0, 250 2.0.0 >ready");
  CHECK(led_to(lmtp(), rcpt, "BDAT 2 LAST\r\n\r\n", 452) == "452, 452 >ready");
  CHECK(led_to(lmtp(), rcpt, "BDAT 2 LAST\r\n\r\n", 421) == "421 >closed");
  CHECK(led_to(lmtp(), mail, "BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n") == "250 2.0.0 >ready");
  CHECK(led_to(lmtp(), mail, "BDAT 6\r\nQUIT\r\nNOOP\r\n") == "503 5.5.1, 250 2.0.0 >broken");
  CHECK(led_to(lmtp(), ready, "BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n") == "503 5.5.1, 250 2.0.0 >ready");
  // Of three recipients the one that was refused has no reply.
  const auto second_unknown = [n = 0](server& session, const server_event& event, writer& out) mutable {
    const bool refuse = std::holds_alternative<sansmtp::rcpt>(event) && ++n == 2;
    (void)(refuse ? session.answer({550, {5, 1, 1}, "no"}, out) : session.answer(out));
  };
  CHECK(codes(support::serve(lmtp(), two + "RCPT TO:<z@y>\r\nDATA\r\n.\r\n", second_unknown).replies) ==
        "220, 250, 250 2.1.0, 250 2.1.5, 550 5.1.1, 250 2.1.5, 354, 250 2.0.0, 250 2.0.0");
}

TEST_CASE("a MAIL refused inside a transaction leaves its envelope as it was (RFC 5321 4.1.4)") {
  CHECK(codes(support::serve(lmtp(), "LHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<x@y>\r\nRCPT TO:<z@y>\r\nMAIL FROM:<a@b>\r\nDATA\r\n.\r\n").replies) ==
        "220, 250, 250 2.1.0, 250 2.1.5, 250 2.1.5, 503 5.5.1, 354, 250 2.0.0, 250 2.0.0");
  const std::string binary = hello + "MAIL FROM:<a@b> BODY=BINARYMIME SMTPUTF8\r\nRCPT TO:<c@d>\r\n";
  const way to{binary, 3, phase::rcpt};
  CHECK(led_to(relay(), to, "MAIL FROM:<a@b>\r\nRCPT TO:<\xC3\xBC@d>\r\nDATA\r\n") == "503 5.5.1, 250 2.1.5, 503 5.5.1 >broken");
  CHECK(led_to(relay(), to, "MAIL FROM:<a@b>\r\nBDAT 2 LAST\r\n\n\r") == "503 5.5.1, 250 2.0.0 >ready");
}

TEST_CASE("SIZE and LIMITS: refused at MAIL, or read to the end and refused (RFC 1870 6, RFC 9422 4)") {
  server_options o = relay();
  o.size_limit = 10;
  o.mail_limit = 2;
  o.recipient_limit = 2;
  CHECK(led_to(o, ways[1], "MAIL FROM:<a@b> SIZE=11\r\n") == "552 5.3.4 >ready");
  CHECK(led_to(o, ways[1], "MAIL FROM:<a@b> SIZE=10\r\n") == "250 2.1.0 >mail");
  CHECK(led_to(o, ways[1], "MAIL FROM:<a@b> SIZE=99999999999999999999\r\n") == "552 5.3.4 >ready");
  CHECK(led_to(o, ways[3], "BDAT 11\r\n12345678901BDAT 0 LAST\r\nRSET\r\n") == "552 5.3.4, 503 5.5.1, 250 2.0.0 >ready");
  CHECK(led_to(o, ways[3], "BDAT 6\r\n123456BDAT 5 LAST\r\n789\r\n") == "250 2.0.0, 552 5.3.4 >broken");
  CHECK(led_to(o, ways[3], "BDAT 5\r\n12345BDAT 5 LAST\r\n678\r\n") == "250 2.0.0, 250 2.0.0 >ready");
  CHECK(led_to(o, ways[3], "DATA\r\n..\r\n..\r\n..\r\n..\r\n.\r\n") == "354, 552 5.3.4 >ready");  // 12 octets, dots unstuffed
  CHECK(led_to(o, ways[3], "DATA\r\n..\r\n..\r\n....\r\n.\r\n") == "354, 552 5.3.4 >ready");      // 11
  CHECK(led_to(o, ways[3], "DATA\r\n..\r\n..\r\n...\r\n.\r\n") == "354, 250 2.0.0 >ready");       // 10
  CHECK(led_to(o, ways[3], "RCPT TO:<c@d>\r\nRCPT TO:<e@f>\r\nDATA\r\n") == "250 2.1.5, 452 4.5.3, 354 >data");
  CHECK(led_to(o, ways[2], "RSET\r\nMAIL FROM:<a@b>\r\nRSET\r\nMAIL FROM:<a@b>\r\n") == "250 2.0.0, 250 2.1.0, 250 2.0.0, 452 4.5.0 >ready");
}

TEST_CASE("lines that are no commands are refused and change nothing (RFC 5321 4.1.1, 4.5.3.1.4, 2.3.8)") {
  const std::string too_long = "NOOP " + std::string(600, 'x') + "\r\n";
  const std::string far_too_long(20000, 'x');
  const struct {
    std::string_view octets, wanted;
  } rows[] = {
      {"\r\n", "500 5.5.2"},          {" NOOP\r\n", "500 5.5.2"},   {"\tNOOP\r\n", "501 5.5.2"},     {"NOOP \t\r\n", "250 2.0.0"},
      {"RSET \r\n", "250 2.0.0"},      {"rSeT\r\n", "250 2.0.0"},    {"NOOP\nNOOP\r\n", "500 5.5.2"}, {"NOOP\rNOOP\r\n", "500 5.5.2"},
      {"NOOP\r\r\n", "500 5.5.2"},     {"\n\r\n", "500 5.5.2"},      {"NOOP \x01\r\n", "501 5.5.2"},   {"NOOP \x80\r\n", "501 5.5.2"},
      {"NOOP \x7F\r\n", "501 5.5.2"},  {"RCPT\r\n", "501 5.5.4"},    {"RCPTTO:<a@b>\r\n", "500 5.5.2"}, {"MAIL\r\n", "501 5.5.4"},
      {"GET / HTTP/1.1\r\n", "500 5.5.1"}, {"POST / HTTP/1.1\r\n", "500 5.5.1"},
  };
  for (const auto& r : rows)
    for (std::size_t i = 0; i < ways.size(); ++i) {
      if (r.octets == "RSET \r\n" || r.octets == "rSeT\r\n")
        if (i > 1) continue;
      CAPTURE(support::shown(r.octets));
      CAPTURE(name_of(ways[i].to));
      CHECK(led_to(relay(), ways[i], r.octets) == std::string(r.wanted) + " >" + std::string(name_of(ways[i].to)));
    }
  // UTF-8 in VRFY and EXPN needs SMTPUTF8 in force (RFC 6531 3.7.4.2).
  for (const auto& [octets, wanted] : {std::pair{"VRFY \xC3\xBC\r\n", "252 2.5.0"}, {"EXPN \xC3\xBC SMTPUTF8\r\n", "252 2.5.0"}})
    CHECK(led_to(relay(), ways[1], octets) == std::string(wanted) + " >ready");
  CHECK(led_to(relay(), ways[0], "VRFY \xC3\xBC\r\n") == "501 5.5.2 >greeted");
  CHECK(led_to(plain(), ways[1], "VRFY \xC3\xBC\r\n") == "501 5.5.2 >ready");
  CHECK(support::serve(plain(), hello + "VRFY a\xC3\xBC\r\n").events.back().substr(0, 16) == "refused VRFY @6 ");
  for (const way& to : ways) {
    CHECK(led_to(relay(), to, std::string_view("NOOP \0x\r\n", 9)) == "500 5.5.2 >" + std::string(name_of(to.to)));
    CHECK(codes(support::serve(relay(), std::string(to.octets) + too_long + far_too_long + "\nx\r\nNOOP\r\n").replies).ends_with(
        "500 5.5.2, 500 5.5.2, 250 2.0.0"));
    CHECK(support::serve(relay(), std::string(to.octets) + far_too_long).phase == name_of(to.to));
  }
}
