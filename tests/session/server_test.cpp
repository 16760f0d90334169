// The server's session: what it tells, what it answers, and that no cutting of the octets changes either.

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "support/serve.hpp"

using namespace sansmtp;
using namespace sansmtp::literals;

namespace {

constexpr extension_set everything{extension::pipelining,  extension::size,   extension::eight_bit_mime, extension::enhanced_status_codes,
                                   extension::chunking,    extension::dsn,    extension::binarymime,     extension::smtputf8,
                                   extension::starttls,    extension::auth,   extension::help};

constexpr server_options plain() { return {.host = "mx.example.org"_domain}; }

constexpr server_options full() {
  return {.host = "mx.example.org"_domain, .extensions = everything, .mechanisms = "PLAIN CRAM-MD5", .cleartext_passwords = true};
}

constexpr server_options lmtp() {
  server_options o = full();
  o.kind = service::lmtp;
  return o;
}

struct dialogue {
  const char* what;
  server_options options;
  std::string_view octets;
  std::string_view events;  // a line each
  std::string_view codes;   // the code of each reply line, parted by SP, the greeting's too
  std::string_view phase;
};

std::string codes_of(std::string_view replies) {
  std::string out;
  while (!replies.empty()) {
    const std::size_t end = replies.find('\n');
    if (replies[3] != '-') out.append(out.empty() ? "" : " ").append(replies.substr(0, 3));
    replies.remove_prefix(end + 1);
  }
  return out;
}

void check(const dialogue& d) {
  CAPTURE(d.what);
  CAPTURE(support::shown(d.octets));
  const support::served got = support::serve(d.options, d.octets);
  CHECK(support::lines(got.events) == d.events);
  CHECK(codes_of(got.replies) == d.codes);
  CHECK(got.phase == d.phase);
  CHECK(support::cut_that_differs(d.octets, [&](support::parts p) { return support::serve(d.options, p); }) == "");
}

const std::string hello = "EHLO c.example\r\n";
const std::string envelope = hello + "MAIL FROM:<a@c.example>\r\nRCPT TO:<b@example.org>\r\n";
const std::string envelope_events = "EHLO c.example\nMAIL <a@c.example>\nRCPT <b@example.org>\n";

}  // namespace

TEST_CASE("a transaction is greeted, introduced, taken and ended (RFC 5321 3.3)") {
  check({"by HELO", plain(),
         "HELO c.example\r\nMAIL FROM:<a@c.example>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nSubject: x\r\n\r\n..dot\r\n.\r\nQUIT\r\n",
         "HELO c.example\nMAIL <a@c.example>\nRCPT <b@example.org>\nDATA\nbytes Subject: x\\r\\n\\r\\n.dot\\r\\n\nmessage_end 20\nQUIT\n",
         "220 250 250 250 354 250 221", "closed"});
  check({"two without RSET", full(),
         "EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<b@d>\r\nDATA\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<Postmaster>\r\nDATA\r\na\r\n.\r\n",
         "EHLO c\nMAIL <>\nRCPT <b@d>\nDATA\nmessage_end 0\nMAIL <>\nRCPT <Postmaster>\nDATA\nbytes a\\r\\n\nmessage_end 3\n",
         "220 250 250 250 354 250 250 250 354 250", "ready"});
}

TEST_CASE("commands out of sequence are refused 503 and change nothing (RFC 5321 4.1.4)") {
  check({"before EHLO", plain(), "MAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nDATA\r\nRSET\r\nNOOP\r\n",
         "refused MAIL @0 the command is out of sequence (RFC 5321 4.1.4)\n"
         "refused RCPT @0 the command is out of sequence (RFC 5321 4.1.4)\n"
         "refused DATA @0 the command is out of sequence (RFC 5321 4.1.4)\nRSET\nNOOP\n",
         "220 503 503 503 250 250", "greeted"});
  check({"MAIL within a transaction", full(), "EHLO c\r\nMAIL FROM:<a@b>\r\nMAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\n",
         "EHLO c\nMAIL <a@b>\nrefused MAIL @0 the command may not stand inside a mail transaction (RFC 5321 4.1.4)\nRCPT <b@c>\n",
         "220 250 250 503 250", "rcpt"});
  check({"DATA without recipients is 554", plain(), "HELO c\r\nMAIL FROM:<a@b>\r\nDATA\r\n",
         "HELO c\nMAIL <a@b>\nrefused DATA @0 no recipient was accepted (RFC 5321 3.3)\n", "220 250 250 554", "mail"});
  check({"and 503 in LMTP (RFC 2033 4.2)", lmtp(), "LHLO c\r\nMAIL FROM:<a@b>\r\nDATA\r\n",
         "LHLO c\nMAIL <a@b>\nrefused DATA @0 no recipient was accepted (RFC 5321 3.3)\n", "220 250 250 503", "mail"});
}

TEST_CASE("LMTP has LHLO, and EHLO and HELO are 500 there (RFC 2033 4.1)") {
  check({"", lmtp(), "EHLO c\r\nHELO c\r\nLHLO c\r\n",
         "refused EHLO @0 LHLO belongs to LMTP alone, EHLO and HELO to SMTP alone (RFC 2033 4.1)\n"
         "refused HELO @0 LHLO belongs to LMTP alone, EHLO and HELO to SMTP alone (RFC 2033 4.1)\nLHLO c\n",
         "220 500 500 250", "ready"});
  check({"", plain(), "LHLO c\r\n", "refused LHLO @0 LHLO belongs to LMTP alone, EHLO and HELO to SMTP alone (RFC 2033 4.1)\n",
         "220 500", "greeted"});
}

TEST_CASE("LMTP answers a message once for each accepted recipient (RFC 2033 4.2)") {
  check({"", lmtp(), "LHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<x@y>\r\nRCPT TO:<x@y>\r\nDATA\r\nm\r\n.\r\nNOOP\r\n",
         "LHLO c\nMAIL <a@b>\nRCPT <x@y>\nRCPT <x@y>\nDATA\nbytes m\\r\\n\nmessage_end 3\nNOOP\n",
         "220 250 250 250 250 354 250 250 250", "ready"});
  check({"by BDAT", lmtp(), "LHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<x@y>\r\nRCPT TO:<x@y>\r\nBDAT 3\r\nm\r\nBDAT 0 LAST\r\nNOOP\r\n",
         "LHLO c\nMAIL <a@b>\nRCPT <x@y>\nRCPT <x@y>\nBDAT 3\nbytes m\\r\\n\nchunk_end\nBDAT 0 LAST\nmessage_end 3\nNOOP\n",
         "220 250 250 250 250 250 250 250 250", "ready"});
  check({"BDAT LAST with no recipient is answered by nothing", lmtp(), "LHLO c\r\nMAIL FROM:<a@b>\r\nBDAT 3 LAST\r\nm\r\nNOOP\r\n",
         "LHLO c\nMAIL <a@b>\nNOOP\n", "220 250 250 250", "ready"});
}

TEST_CASE("a chunk's octets are counted, whatever they are (RFC 3030 2)") {
  check({"two chunks", full(), envelope + "BDAT 7\r\na\r\n.\r\nbBDAT 3 LAST\r\n.\r\nQUIT\r\n",
         envelope_events + "BDAT 7\nbytes a\\r\\n.\\r\\nb\nchunk_end\nBDAT 3 LAST\nbytes .\\r\\n\nmessage_end 10\nQUIT\n",
         "220 250 250 250 250 250 221", "closed"});
  check({"binary", full(), hello + "MAIL FROM:<a@b> BODY=BINARYMIME\r\nRCPT TO:<b@c>\r\nBDAT 5 LAST\r\n\n\r\n.\rNOOP\r\n",
         "EHLO c.example\nMAIL <a@b> BODY=BINARYMIME\nRCPT <b@c>\nBDAT 5 LAST\nbytes \\n\\r\\n.\\r\nmessage_end 5\nNOOP\n",
         "220 250 250 250 250 250", "ready"});
}

TEST_CASE("text in chunks has CRLF line ends: a lone CR or LF refuses the message where it ends (RFC 3030 2)") {
  check({"LF", full(), envelope + "BDAT 4\r\na\nb\nBDAT 2 LAST\r\n\r\nRSET\r\n",
         envelope_events + "BDAT 4\nbytes a\nrefused BDAT @1 a LF without CR stands in the message (RFC 5321 2.3.8)\n"
                           "refused BDAT LAST @0 the transaction failed; RSET begins anew (RFC 3030 2)\nRSET\n",
         "220 250 250 250 550 503 250", "ready"});
  check({"a CR between two chunks", full(), envelope + "BDAT 2\r\na\rBDAT 2 LAST\r\n\rbRSET\r\n",
         envelope_events + "BDAT 2\nbytes a\\r\nchunk_end\nBDAT 2 LAST\n"
                           "refused BDAT LAST @1 a CR without LF stands in the message (RFC 5321 2.3.8)\nRSET\n",
         "220 250 250 250 250 550 250", "ready"});
  check({"a CR as the last octet", full(), envelope + "BDAT 3 LAST\r\na\rb",
         envelope_events + "BDAT 3 LAST\nbytes a\\r\nrefused BDAT LAST @1 a CR without LF stands in the message (RFC 5321 2.3.8)\n",
         "220 250 250 250 550", "broken"});
}

TEST_CASE("a refused chunk is drained, and the transaction broken until RSET (RFC 3030 2)") {
  check({"no transaction", full(), hello + "BDAT 6\r\nQUIT\r\nNOOP\r\n",
         "EHLO c.example\nrefused BDAT @0 the command is out of sequence (RFC 5321 4.1.4)\nNOOP\n", "220 250 503 250", "ready"});
  check({"no recipient", full(), hello + "MAIL FROM:<a@b>\r\nBDAT 6\r\nQUIT\r\nRCPT TO:<b@c>\r\nRSET\r\n",
         "EHLO c.example\nMAIL <a@b>\nrefused BDAT @0 no recipient was accepted (RFC 5321 3.3)\n"
         "refused RCPT @0 the transaction failed; RSET begins anew (RFC 3030 2)\nRSET\n",
         "220 250 250 554 503 250", "ready"});
  check({"an empty one too", full(), hello + "BDAT 0 LAST\r\n",
         "EHLO c.example\nrefused BDAT LAST @0 the command is out of sequence (RFC 5321 4.1.4)\n", "220 250 503", "ready"});
}

TEST_CASE("DATA and BDAT never mix in a transaction, RCPT does not follow a chunk (RFC 3030 2)") {
  check({"", full(), envelope + "BDAT 1\r\nxDATA\r\nMAIL FROM:<a@b>\r\nRSET\r\n",
         envelope_events + "BDAT 1\nbytes x\nchunk_end\nrefused DATA @0 DATA and BDAT may not stand in one transaction (RFC 3030 2)\n"
                           "refused MAIL @0 the transaction failed; RSET begins anew (RFC 3030 2)\nRSET\n",
         "220 250 250 250 250 503 503 250", "ready"});
  check({"", full(), envelope + "BDAT 1\r\nxRCPT TO:<b@c>\r\nBDAT 0 LAST\r\n",
         envelope_events + "BDAT 1\nbytes x\nchunk_end\nrefused RCPT @0 the command is out of sequence (RFC 5321 4.1.4)\n"
                           "BDAT 0 LAST\nmessage_end 1\n",
         "220 250 250 250 250 503 250", "ready"});
  check({"a BINARYMIME message travels by BDAT alone (RFC 3030 3)", full(),
         hello + "MAIL FROM:<a@b> BODY=BINARYMIME\r\nRCPT TO:<b@c>\r\nDATA\r\nRSET\r\n",
         "EHLO c.example\nMAIL <a@b> BODY=BINARYMIME\nRCPT <b@c>\n"
         "refused DATA @0 a BINARYMIME message travels by BDAT alone (RFC 3030 3)\nRSET\n",
         "220 250 250 250 503 250", "ready"});
}

TEST_CASE("a chunk whose size cannot be read ends the connection (RFC 3030 2)") {
  for (std::string_view bad : {"BDAT x\r\n", "BDAT\r\n", "BDAT 18446744073709551616\r\n", "BDAT -1\r\n", "BDAT 5,FIRST\r\n", "bdat 5\rx\r\n"}) {
    CAPTURE(support::shown(bad));
    const support::served got = support::serve(full(), envelope + std::string(bad) + "QUIT\r\n");
    CHECK(codes_of(got.replies).substr(0, 18) == "220 250 250 250 50");
    CHECK(got.phase == "closed");
  }
}

TEST_CASE("BDAT without CHUNKING is no command of this server (RFC 3030 2)") {
  check({"", plain(), "EHLO c\r\nBDAT 6\r\nNOOP\r\n",
         "EHLO c\nrefused BDAT @0 the verb belongs to an extension that is not offered (RFC 5321 4.2.4)\nNOOP\n", "220 250 502 250",
         "ready"});
}

TEST_CASE("STARTTLS begins the session anew, and waits for nobody's residue (RFC 3207 4.2)") {
  check({"", full(), hello + "STARTTLS\r\n", "EHLO c.example\nSTARTTLS\nstart_tls\n", "220 250 220", "greeted"});
  const auto residue = support::serve(full(), hello + "STARTTLS\r\nNOOP\r\n");
  CHECK(support::lines(residue.events) ==
        "EHLO c.example\nSTARTTLS\nclosed @0 octets in clear text wait behind STARTTLS (RFC 3207 4.2)\n");
  CHECK(residue.phase == "closed");
}

TEST_CASE("AUTH carries opaque lines both ways, and * cancels (RFC 4954 4)") {
  check({"nobody verifies: refused", full(), hello + "AUTH PLAIN\r\nAHUAcA==\r\nNOOP\r\n",
         "EHLO c.example\nAUTH PLAIN\nresponse \"AHUAcA==\"\nNOOP\n", "220 250 334 535 250", "ready"});
  check({"cancelled", full(), hello + "AUTH CRAM-MD5\r\n*\r\nNOOP\r\n",
         "EHLO c.example\nAUTH CRAM-MD5\nrefused response @0 the client cancelled the exchange (RFC 4954 4)\nNOOP\n",
         "220 250 334 501 250", "ready"});
  check({"an empty initial response", full(), hello + "AUTH PLAIN =\r\n", "EHLO c.example\nAUTH PLAIN \"\"\n", "220 250 535", "ready"});
  check({"lines inside are data, whatever they look like", full(), hello + "AUTH PLAIN\r\nQUIT\r\nNOOP\r\n",
         "EHLO c.example\nAUTH PLAIN\nresponse \"QUIT\"\nNOOP\n", "220 250 334 535 250", "ready"});
  check({"bad base64", full(), hello + "AUTH PLAIN\r\n!!!\r\n",
         "EHLO c.example\nAUTH PLAIN\nrefused response @0 the octet may not stand in base64 (RFC 4954 4)\n", "220 250 334 501",
         "ready"});
  check({"an unknown mechanism", full(), hello + "AUTH NOSUCH\r\n",
         "EHLO c.example\nrefused AUTH @5 the mechanism is not offered (RFC 4954 4)\n", "220 250 504", "ready"});
  check({"not within a transaction", full(), envelope + "AUTH PLAIN\r\n",
         envelope_events + "refused AUTH @0 the command may not stand inside a mail transaction (RFC 5321 4.1.4)\n",
         "220 250 250 250 503", "rcpt"});
}

TEST_CASE("an exchange ends in success when the application says so, and only once (RFC 4954 4)") {
  const auto verify = [](server& session, const server_event& event, writer& out) {
    if (std::holds_alternative<auth_response>(event))
      (void)session.answer({235, {2, 7, 0}, "welcome"}, out);
    else
      (void)session.answer(out);
  };
  const auto got = support::serve(full(), hello + "AUTH PLAIN\r\nAHUAcA==\r\nAUTH PLAIN\r\n", verify);
  CHECK(codes_of(got.replies) == "220 250 334 235 503");
  CHECK(got.events.back() == "refused AUTH @0 the session is authenticated already (RFC 4954 4)");
}

TEST_CASE("passwords in the clear are neither offered nor taken without TLS, unless asked for (RFC 4954 4)") {
  server_options o = full();
  o.cleartext_passwords = false;
  const auto got = support::serve(o, hello + "AUTH PLAIN AHUAcA==\r\nAUTH CRAM-MD5\r\n");
  CHECK(got.replies.find("250-AUTH CRAM-MD5\r\n") != std::string::npos);
  CHECK(codes_of(got.replies) == "220 250 538 334");
}

TEST_CASE("what TLS or authentication must precede is 530 (RFC 3207 4, RFC 4954 6)") {
  server_options o = full();
  o.require_tls = true;
  CHECK(codes_of(support::serve(o, hello + "NOOP\r\nMAIL FROM:<a@b>\r\nAUTH PLAIN\r\nVRFY a\r\nQUIT\r\n").replies) ==
        "220 250 250 530 530 530 221");
  o.require_tls = false;
  o.require_authentication = true;
  CHECK(codes_of(support::serve(o, hello + "NOOP\r\nMAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nVRFY a\r\nAUTH CRAM-MD5\r\n*\r\nQUIT\r\n").replies) ==
        "220 250 250 530 530 530 334 501 221");
}

TEST_CASE("parameters need their extension, in force since EHLO (RFC 5321 4.1.1.11)") {
  check({"not offered", plain(), "EHLO c\r\nMAIL FROM:<a@b> SIZE=10\r\n",
         "EHLO c\nrefused MAIL @16 the parameter belongs to an extension that is not offered (RFC 5321 4.1.1.11)\n", "220 250 555", "ready"});
  check({"unknown", full(), "EHLO c\r\nMAIL FROM:<a@b> SIZE=10 X-NO=1\r\n",
         "EHLO c\nrefused MAIL @24 the parameter is unknown (RFC 5321 4.1.1.11)\n", "220 250 555", "ready"});
  check({"after HELO none is", full(), "HELO c\r\nMAIL FROM:<a@b> SIZE=10\r\n",
         "HELO c\nrefused MAIL @16 the parameter belongs to an extension that is not offered (RFC 5321 4.1.1.11)\n", "220 250 555",
         "ready"});
  check({"all offered", full(),
         "EHLO c\r\nMAIL FROM:<a@b> SIZE=10 BODY=8BITMIME SMTPUTF8 AUTH=<> RET=HDRS ENVID=q\r\nRCPT TO:<\xC3\xBC@d> NOTIFY=NEVER ORCPT=rfc822;u\r\n",
         "EHLO c\nMAIL <a@b> SIZE=10 BODY=8BITMIME SMTPUTF8 AUTH=<> RET=HDRS ENVID=q\nRCPT <\xC3\xBC@d> NOTIFY=NEVER ORCPT=rfc822;u\n",
         "220 250 250 250", "rcpt"});
  check({"UTF-8 without SMTPUTF8 on that MAIL is 553 (RFC 6531 3.5)", full(), "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<\xC3\xBC@d>\r\n",
         "EHLO c\nMAIL <a@b>\nrefused RCPT @8 the recipient's address is not ASCII and SMTPUTF8 was not asked for (RFC 6531 3.5)\n",
         "220 250 250 553", "mail"});
}

TEST_CASE("a message over the size limit is refused at MAIL, or read to its end and refused (RFC 1870 6)") {
  server_options o = full();
  o.size_limit = 10;
  CHECK(codes_of(support::serve(o, hello + "MAIL FROM:<a@b> SIZE=11\r\nMAIL FROM:<a@b> SIZE=10\r\n").replies) == "220 250 552 250");
  check({"by DATA", o, envelope + "DATA\r\n12345678\r\n\r\nQUIT\r\n.\r\nNOOP\r\n",
         envelope_events + "DATA\nbytes 12345678\\r\\n\nrefused message end @10 the message is larger than the server takes (RFC 1870 6.1)\nNOOP\n",
         "220 250 250 250 354 552 250", "ready"});
}

TEST_CASE("recipients beyond the limit are 452, those before stand (RFC 5321 4.5.3.1.10)") {
  server_options o = full();
  o.recipient_limit = 1;
  check({"", o, envelope + "RCPT TO:<c@d>\r\nDATA\r\n.\r\n",
         envelope_events + "refused RCPT @0 the transaction holds all the recipients it can (RFC 5321 4.5.3.1.10)\nDATA\nmessage_end 0\n",
         "220 250 250 250 452 354 250", "ready"});
}

TEST_CASE("a line too long is dropped up to its CRLF and refused, and the next one is read (RFC 5321 4.5.3.1.4)") {
  const std::string long_line = "NOOP " + std::string(507, 'x') + "\r\n";  // 514 octets with its CRLF
  const auto got = support::serve(plain(), long_line + "NOOP\r\n");
  CHECK(codes_of(got.replies) == "220 500 250");
  const std::string fitting = "NOOP " + std::string(505, 'x') + "\r\n";  // 512
  CHECK(codes_of(support::serve(plain(), fitting).replies) == "220 250");
  CHECK(support::cut_that_differs(long_line + "NOOP\r\n", [&](support::parts p) { return support::serve(plain(), p); }) == "");
}

TEST_CASE("a chunk announced by a line too long to keep ends the connection: its octets must not be commands") {
  const auto got = support::serve(full(), hello + "BDAT " + std::string(20000, '0') + "6\r\nNOOP\r\n");
  CHECK(codes_of(got.replies) == "220 250 500");
  CHECK(got.phase == "closed");
}

TEST_CASE("unknown verbs are 500, known ones that are not implemented 502 (RFC 5321 4.2.4)") {
  check({"", plain(), "HELO c\r\nFOO bar\r\nTURN\r\nEXPN list\r\nVRFY a\r\nHELP\r\n",
         "HELO c\nother FOO bar\nother TURN\nrefused EXPN @0 the verb belongs to an extension that is not offered (RFC 5321 4.2.4)\n"
         "VRFY a\nHELP\n",
         "220 250 500 502 502 252 214", "ready"});
}

TEST_CASE("an answer that is not owed, or out of its place, writes nothing and changes nothing") {
  output_buffer<4096> out;
  server session{full()};
  CHECK(session.answer({354, {}, "x"}, out).error().code == errc::answer_out_of_place);
  REQUIRE(session.greet(out));
  CHECK(session.answer(out).error().code == errc::nothing_owed);
  out.clear();
  (void)session.receive(std::string_view("DATA\r\n"));
  CHECK(session.answer({250, {}, "x"}, out).error().code == errc::answer_must_refuse);
  CHECK(session.challenge("x", out).error().code == errc::answer_must_refuse);
  CHECK(session.answer({503, {5, 5, 1}, "a\r\nb"}, out).error().code == errc::reply_text_octet);
  char small[10];
  writer tiny{small};
  CHECK(session.answer(tiny).error().code == errc::output_full);
  CHECK(tiny.empty());
  CHECK(out.empty());
  CHECK(session.owed() == 1);
  CHECK(std::holds_alternative<paused>(session.receive(std::string_view("NOOP\r\n")).event));
  CHECK(session.answer(out));
  CHECK(out.written().substr(0, 4) == "503 ");
}

TEST_CASE("421 may be given at any time and closes (RFC 5321 3.8)") {
  output_buffer<512> out;
  server session{full()};
  REQUIRE(session.greet(out));
  CHECK(session.answer({421, {4, 3, 2}, "shutting down"}, out));
  CHECK_FALSE(session.open());
  CHECK(std::holds_alternative<closed>(session.receive(std::string_view("NOOP\r\n")).event));
}

TEST_CASE("a greeting that refuses leaves QUIT only: 503, or 521 after 521 (RFC 5321 3.1, RFC 7504 3)") {
  for (const auto& [code, then] : {std::pair{554, "503"}, std::pair{521, "521"}}) {
    output_buffer<512> out;
    server session{full()};
    REQUIRE(session.greet({code, {}, "no mail here"}, out));
    out.clear();
    (void)session.receive(std::string_view("NOOP\r\n"));
    REQUIRE(session.answer(out));
    CHECK(out.written().substr(0, 3) == then);
    out.clear();
    (void)session.receive(std::string_view("QUIT\r\n"));
    REQUIRE(session.answer(out));
    CHECK(out.written().substr(0, 3) == "221");
    CHECK_FALSE(session.open());
  }
}

TEST_CASE("the end of input is no fault between transactions, and one within (RFC 5321 4.1.1.10)") {
  output_buffer<512> out;
  server quiet{full()};
  REQUIRE(quiet.greet(out));
  CHECK_FALSE(quiet.end_of_input().why);
  server amid{full()};
  REQUIRE(amid.greet(out));
  CHECK(amid.end_of_input("NOO").why->code == errc::connection_lost);
}

TEST_CASE("a buffer too small for a line, and a peer that has ended, never hang the loop") {
  input_buffer<16> in;
  output_buffer<512> out;
  server session{plain()};
  REQUIRE(session.greet(out));
  std::string_view wire = "NOOP 0123456789012345678901234567890\r\nNOOP\r\n";
  std::string events;
  for (int steps = 0; session.open(); ++steps) {
    REQUIRE(steps < 100);
    const server_event event = session.receive(in);
    if (!std::holds_alternative<need_more>(event)) {
      events += support::describe(event) + "\n";
      (void)session.answer(out);
      continue;
    }
    const auto space = in.space();
    REQUIRE(!space.empty());
    const std::size_t n = wire.size() < space.size() ? wire.size() : space.size();
    wire.copy(space.data(), n);
    wire.remove_prefix(n);
    in.commit(n);
  }
  CHECK(events == "refused NOOP @512 the line is longer than its limit (RFC 5321 4.5.3.1.4)\nNOOP\nclosed\n");
}

TEST_CASE("a line with an argument too many has no effect, whatever it began like (RFC 5321 4.1.1, 4.1.1.10)") {
  check({"QUIT", full(), hello + "QUIT now\r\nNOOP\r\n",
         "EHLO c.example\nrefused QUIT @4 the verb takes no argument (RFC 5321 4.1.1)\nNOOP\n", "220 250 501 250", "ready"});
  check({"DATA among chunks", full(), envelope + "BDAT 1\r\nxDATA x\r\nBDAT 0 LAST\r\n",
         envelope_events + "BDAT 1\nbytes x\nchunk_end\nrefused DATA @4 the verb takes no argument (RFC 5321 4.1.1)\nBDAT 0 LAST\n"
                           "message_end 1\n",
         "220 250 250 250 250 501 250", "ready"});
}
