// What a session does not let its own side write: UTF-8 that nobody asked for, a line that no peer takes, a word in
// the clear where TLS is due. And what it does not take from the other side in an exchange.

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "support/serve.hpp"

using namespace sansmtp;
using namespace sansmtp::literals;

namespace {

constexpr server_options options() {
  return {.host = "mx.example.org"_domain,
          .kind = service::submission,
          .extensions = {extension::smtputf8, extension::eight_bit_mime, extension::auth, extension::starttls, extension::chunking,
                         extension::burl, extension::expn, extension::help},
          .mechanisms = "GSSAPI",
          .cleartext_passwords = true};
}

// A server that was told these lines, answered as the RFCs say but for the last, whose answer it owes.
struct asked {
  output_buffer<32768> out;
  server session;

  asked(const server_options& how, std::string_view octets) : session(how) {
    REQUIRE(session.greet(out));
    while (!octets.empty()) {
      const server_step step = session.receive(octets);
      octets.remove_prefix(step.used);
      if (octets.empty()) break;
      if (session.owed() != 0) REQUIRE(session.answer(out));
    }
    out.clear();
  }
  asked(const asked&) = delete;  // `out` is a writer into itself
  asked& operator=(const asked&) = delete;
};

// A client that has said AUTH.
client authenticating() {
  client session;
  output_buffer<128> out;
  (void)session.receive(std::string_view("220 mx\r\n"));
  REQUIRE(session.send(ehlo{*hello_name::parse("c.example")}, out));
  (void)session.receive(std::string_view("250-mx\r\n250 AUTH GSSAPI\r\n"));
  REQUIRE(session.send(auth{"GSSAPI", {}}, out));
  return session;
}

}  // namespace

TEST_CASE("a reply holds UTF-8 only where the client has said that it takes it (RFC 6531 3.7.4.1, 3.7.4.2)") {
  struct row {
    std::string_view octets;
    reply_code code;
    bool may;
  };
  const row rows[] = {
      {"EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n", 251, false},
      {"EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n", 551, false},
      {"EHLO c\r\nMAIL FROM:<a@b> SMTPUTF8\r\n", 250, true},
      {"EHLO c\r\nMAIL FROM:<a@b> SMTPUTF8\r\nRCPT TO:<c@d>\r\n", 251, true},
      {"EHLO c\r\nMAIL FROM:<a@b> SMTPUTF8\r\nRCPT TO:<c@d>\r\n", 551, true},
      {"EHLO c\r\nMAIL FROM:<a@b> SMTPUTF8\r\nRSET\r\nNOOP\r\n", 250, false},
      {"EHLO c\r\nVRFY zoe\r\n", 250, false},
      {"EHLO c\r\nVRFY zoe SMTPUTF8\r\n", 250, true},
      {"EHLO c\r\nVRFY zoe UTF8REPLY\r\n", 250, true},  // as RFC 5336 3.7.4.2 had it
      {"EHLO c\r\nVRFY zoe SMTPUTF8\r\nVRFY zoe\r\n", 250, false},
      {"EHLO c\r\nEXPN zoe\r\n", 250, false},
      {"EHLO c\r\nEXPN zoe SMTPUTF8\r\n", 250, true},
      {"EHLO c\r\nEXPN zoe UTF8REPLY\r\n", 250, true},
      {"EHLO c\r\nHELP\r\n", 214, false},
      {"NOOP\r\n", 421, false},
  };
  const std::string_view second[] = {"Zo\xC3\xAB"};
  for (const row& r : rows)
    for (const bool first : {true, false}) {
      CAPTURE(r.octets);
      asked s(options(), r.octets);
      const response reply = first ? response{r.code, {}, "to Zo\xC3\xAB"} : response{r.code, {}, "to", second};
      const auto said = s.session.answer(reply, s.out);
      CHECK(said.has_value() == r.may);
      CHECK(s.out.empty() != r.may);
      if (!said) CHECK(said.error() == fault{errc::non_ascii_octet, first ? 5U : 4U});
      // One that only watches believes the others.
      server_options watching = options();
      watching.observe = true;
      asked other(watching, r.octets);
      CHECK(other.session.answer(reply, other.out));
    }
}

TEST_CASE("a server whose name is not ASCII cannot greet: replies name it in ASCII (RFC 6531 3.7.1, 3.7.4.2)") {
  server_options o = options();
  o.host = *host::parse("m\xC3\xBC.example");
  server session(o);
  output_buffer<256> out;
  const auto said = session.answer(out);
  REQUIRE_FALSE(said);
  CHECK(said.error() == fault{errc::non_ascii_octet, 1});
  CHECK(out.empty());
}

TEST_CASE("nothing follows the 220 to STARTTLS in the clear, not even 421 (RFC 3207 4)") {
  asked s(options(), "EHLO c\r\nSTARTTLS\r\n");
  REQUIRE(s.session.answer(s.out));
  REQUIRE(s.session.phase() == phase::tls);
  s.out.clear();
  const auto said = s.session.answer({421, {4, 3, 0}, "bye"}, s.out);
  REQUIRE_FALSE(said);
  CHECK(said.error() == fault{errc::out_of_sequence, 0});
  CHECK(s.out.empty());
  REQUIRE(s.session.tls_started());
  CHECK(s.session.answer({421, {4, 3, 0}, "bye"}, s.out));
}

TEST_CASE("who has become the client has no reply to give, not even 421 (RFC 2645 5.2.1)") {
  server_options o = options();
  o.start = phase::reversed;
  server session(o);
  output_buffer<64> out;
  const auto said = session.answer({421, {4, 3, 0}, "bye"}, out);
  REQUIRE_FALSE(said);
  CHECK(said.error() == fault{errc::out_of_sequence, 0});
  CHECK(out.empty());
}

TEST_CASE("without CHUNKING a chunk whose size cannot be read is a command like any other, and the session goes on (RFC 3030 2)") {
  server_options o = options();
  o.extensions = extension::smtputf8;
  asked s(o, "EHLO c\r\nBDAT x\r\n");
  REQUIRE(s.session.answer(s.out));
  CHECK(s.out.written().substr(0, 4) == "502 ");
  CHECK(s.session.phase() == phase::ready);
}

TEST_CASE("a challenge and a response keep within the line that the peer must take (RFC 4954 4)") {
  const std::string octets(limits::sasl_message + 1, 'x');
  const auto most = [&](std::size_t size) { return std::string_view(octets).substr(0, size); };
  static_assert(limits::sasl_challenge == 9210);
  asked s(options(), "EHLO c\r\nAUTH GSSAPI\r\n");
  const auto said = s.session.challenge(most(9211), s.out);
  REQUIRE_FALSE(said);
  CHECK(said.error() == fault{errc::authentication_line_too_long, 9210});
  CHECK(s.out.empty());
  REQUIRE(s.session.challenge(most(9210), s.out));
  CHECK(s.out.written().size() == 12286);
  client peer = authenticating();
  const client_step heard = peer.receive(s.out.written());
  const auto* taken = std::get_if<challenge>(&heard.event);
  REQUIRE(taken != nullptr);
  CHECK(taken->octets.decoded_size() == 9210);

  output_buffer<16384> out;
  const auto responded = peer.respond(octets, out);
  REQUIRE_FALSE(responded);
  CHECK(responded.error() == fault{errc::authentication_line_too_long, limits::sasl_message});
  CHECK(out.empty());
  REQUIRE(peer.respond(most(limits::sasl_message), out));
  CHECK(out.written().size() == 12286);
  CHECK(support::describe(s.session.receive(out.written()).event).substr(0, 9) == "response ");
}

TEST_CASE("a challenge is 334 and one line of base64; nothing else goes on with the exchange (RFC 4954 4, 8)") {
  struct row {
    std::string_view octets;
    std::string_view event;
    bool open;
  };
  for (const reply_code other : {354, 399, 335}) {
    asked s(options(), "EHLO c\r\nAUTH GSSAPI\r\n");
    CHECK(s.session.answer({other, {}, "QQ=="}, s.out).error() == fault{errc::answer_out_of_place, 0});
    CHECK(s.session.answer({334, {}, "QQ=="}, s.out));
  }
  const row rows[] = {
      {"334 QQ==\r\n", "challenge \"QQ==\"", true},
      {"334 \r\n", "challenge \"\"", true},
      {"334-QQ==\r\n334 Qg==\r\n", "answer", true},
      {"334-\r\n334 QQ==\r\n", "answer", true},
      {"334 Q\r\n", "answer", true},
      {"354 QQ==\r\n", "closed", false},
      {"399 QQ==\r\n", "closed", false},
  };
  for (const row& r : rows) {
    CAPTURE(r.octets);
    client session = authenticating();
    const client_step heard = session.receive(r.octets);
    CAPTURE(support::describe(heard.event));
    if (std::holds_alternative<challenge>(heard.event)) {
      CHECK(support::describe(heard.event) == r.event);
    } else if (const auto* a = std::get_if<answer>(&heard.event)) {
      CHECK(r.event == "answer");
      CHECK(a->reply.code() == 334);
      output_buffer<16> out;
      CHECK(session.cancel(out));  // it MUST cancel
    } else {
      CHECK(r.event == "closed");
    }
    CHECK(session.open() == r.open);
  }
}

TEST_CASE("mechanisms that are offered anew hold from the next EHLO on, and the old ones until then (RFC 4954 3)") {
  asked s(options(), "EHLO c\r\nNOOP\r\n");
  REQUIRE(s.session.answer(s.out));
  s.session.offer({extension::auth}, "EXTERNAL");
  CHECK(support::describe(s.session.receive(std::string_view("AUTH EXTERNAL\r\n")).event).substr(0, 8) == "refused ");
  REQUIRE(s.session.answer(s.out));
  CHECK(support::describe(s.session.receive(std::string_view("AUTH GSSAPI\r\n")).event) == "AUTH GSSAPI");
  REQUIRE(s.session.answer({454, {4, 7, 0}, "later"}, s.out));
  s.out.clear();
  (void)s.session.receive(std::string_view("EHLO c\r\n"));
  REQUIRE(s.session.answer(s.out));
  CHECK(s.out.written() == "250-mx.example.org\r\n250 AUTH EXTERNAL\r\n");
  CHECK(support::describe(s.session.receive(std::string_view("AUTH GSSAPI\r\n")).event).substr(0, 8) == "refused ");
  REQUIRE(s.session.answer(s.out));
  CHECK(support::describe(s.session.receive(std::string_view("AUTH EXTERNAL\r\n")).event) == "AUTH EXTERNAL");
}

TEST_CASE("where TLS or authentication is wanted first, a command that cannot be read is told so too (RFC 3207 4, RFC 4954 6)") {
  server_options tls = options(), known = options();
  tls.require_tls = true;
  known.require_authentication = true;
  for (const server_options& o : {tls, known})
    for (const char* line : {"MAIL FROM:<a@b\r\n", "RCPT TO:x\r\n", "VRFY\r\n", "VRFY x\r\n", "BDAT x\r\n"}) {
      CAPTURE(line);
      asked s(o, std::string("EHLO c\r\n") + line);
      REQUIRE(s.session.answer(s.out));
      CHECK(s.out.written().substr(0, 4) == "530 ");
    }
  // What may stand there, and what is no command at all, has its own fault.
  for (const char* line : {"EHLO\r\n", "\x80\r\n", "NOOP\x01\r\n"}) {
    CAPTURE(line);
    asked s(tls, std::string("EHLO c\r\n") + line);
    REQUIRE(s.session.answer(s.out));
    CHECK(s.out.written().substr(0, 2) == "50");
  }
}

TEST_CASE("a CR at the end of a chunk stands alone when a URL's content follows, and an LF behind that (RFC 5321 2.3.8, RFC 4468 3)") {
  const std::string begun = "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n", url = "BURL imap://u@h/m;uid=1";
  const auto resolving = [](server& session, const server_event& event, writer& out) {
    if (std::holds_alternative<burl>(event))
      (void)session.answer({250, {}, "resolved"}, out);
    else
      (void)session.answer(out);
  };
  const auto last_two = [&](const std::string& octets) {
    const auto got = support::serve(options(), begun + octets, resolving);
    REQUIRE(got.events.size() > 2);
    return got.events[got.events.size() - 2] + "|" + got.events.back();
  };
  CHECK(last_two("BDAT 3\r\na\r\n" + url + " LAST\r\n") == "chunk_end|BURL imap://u@h/m;uid=1 LAST");
  CHECK(last_two("BDAT 2\r\na\r" + url + " LAST\r\n").find("|refused BURL LAST @1 ") != std::string::npos);
  CHECK(last_two("BDAT 2\r\na\r" + url + "\r\n").find("|refused BURL @1 ") != std::string::npos);
  CHECK(last_two("BDAT 3\r\na\r\n" + url + "\r\nBDAT 3 LAST\r\n\nb.").find("|refused BDAT LAST @3 ") != std::string::npos);
  CHECK(last_two("BDAT 3\r\na\r\n" + url + "\r\nBDAT 4 LAST\r\nb.\r\n") == "bytes b.\\r\\n|message_end 7");
}
