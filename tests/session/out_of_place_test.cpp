// Calls out of their place, on both sides: after the end, before the beginning, and where the conversation
// knows no such thing. None writes anything or moves the session.

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "sansmtp/sansmtp.hpp"
#include "support/describe.hpp"

using namespace sansmtp;
using namespace sansmtp::literals;

namespace {

std::string hear(client& session, std::string_view octets) {
  std::string heard;
  while (!octets.empty()) {
    const client_step step = session.receive(octets);
    heard += support::describe(step.event) + "\n";
    if (step.used == 0) break;
    octets.remove_prefix(step.used);
  }
  return heard;
}

const ehlo hello{*hello_name::parse("c.example")};
const mail from{"<a@c.example>"_reverse_path, {}};
const rcpt to{"<b@example.org>"_forward_path, {}};

client introduced(client_options options = {}) {
  client session(options);
  (void)hear(session, "220 mx\r\n");
  REQUIRE(session.follow(options.kind == service::lmtp ? command(lhlo{hello.name}) : command(hello)));
  (void)hear(session, "250-mx\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-BINARYMIME\r\n250-STARTTLS\r\n250-ATRN\r\n250 AUTH PLAIN LOGIN\r\n");
  return session;
}

// The mail transaction that is written in a word: M, R, D, each awaited.
client after(std::string_view commands, std::string_view replies, client_options options = {}, const mail& first = from) {
  client session = introduced(options);
  for (const char c : commands) {
    const command one = c == 'M' ? command(first) : c == 'R' ? command(to) : c == 'D' ? command(data{}) : command(rset{});
    REQUIRE(session.follow(one));
  }
  (void)hear(session, replies);
  return session;
}

client ended() {
  client session = introduced();
  REQUIRE(session.follow(quit{}));
  CHECK(hear(session, "221 bye\r\n") == "QUIT 221 |bye\n");
  REQUIRE(session.phase() == phase::closed);
  return session;
}

client reversed() {
  client session = introduced();
  REQUIRE(session.follow(auth{"PLAIN", {}}));
  (void)hear(session, "235 ok\r\n");
  REQUIRE(session.follow(atrn{}));
  (void)hear(session, "250 ok\r\n");
  REQUIRE(session.phase() == phase::reversed);
  return session;
}

struct outcome_of_call {
  const char* what;
  result<void> got;
  errc expected;
};

void check(const outcome_of_call& row) {
  CAPTURE(row.what);
  REQUIRE_FALSE(row.got);
  CHECK(row.got.error() == fault{row.expected, 0});
}

result<void> without_count(const result<std::size_t>& r) { return r ? result<void>{} : result<void>(r.error()); }

// A mechanism that finds fault with whatever it is asked.
struct unable {
  static constexpr std::string_view name = "PLAIN";
  bool client_first;
  int asked = 0;
  result<std::string_view> respond(std::string_view, writer&) {
    ++asked;
    return errc::sasl_octet;
  }
};

const server_options house{.host = "mx.example.org"_domain,
                           .extensions = {extension::pipelining, extension::chunking, extension::auth, extension::atrn, extension::prdr},
                           .mechanisms = "PLAIN",
                           .cleartext_passwords = true};

// A server that was told these lines, each answered but for the last.
server told(std::string_view lines, const server_options& options = house) {
  server session(options);
  output_buffer<4096> out;
  if (session.owed() != 0) REQUIRE(session.greet(out));
  while (!lines.empty()) {
    const server_step step = session.receive(lines);
    REQUIRE(step.used != 0);
    lines.remove_prefix(step.used);
    if (!lines.empty() && session.owed() != 0) {
      const bool signed_in = std::holds_alternative<auth>(step.event);
      const auto answered = signed_in ? session.answer({235, {}, "ok"}, out) : session.answer(out);
      REQUIRE(answered);
    }
  }
  return session;
}

}  // namespace

TEST_CASE("a client that is closed writes nothing, and hears that it is closed (RFC 5321 4.1.1.10)") {
  client session = ended();
  output_buffer<1024> out;
  unable mechanism{true};
  const challenge empty{};
  const outcome_of_call rows[] = {
      {"send", session.send(noop{}, out), errc::session_closed},
      {"write", without_count(session.write("a\r\n", out)), errc::session_closed},
      {"write nothing", without_count(session.write("", out)), errc::session_closed},
      {"finish", session.finish(out), errc::out_of_sequence},
      {"authenticate", session.authenticate(mechanism, out), errc::session_closed},
      {"respond by mechanism", session.respond(mechanism, empty, out), errc::session_closed},
      {"respond", session.respond(std::string_view("x"), out), errc::session_closed},
      {"cancel", session.cancel(out), errc::session_closed},
      {"tls_started", session.tls_started(), errc::out_of_sequence},
  };
  for (const outcome_of_call& row : rows) check(row);
  CHECK(mechanism.asked == 0);
  CHECK(out.empty());
  CHECK(session.awaited() == 0);
  const client_step step = session.receive(std::string_view("250 late\r\n"));
  CHECK(step.used == 10);
  CHECK(support::describe(step.event) == "closed");
  CHECK_FALSE(session.end_of_input("250").why);
}

TEST_CASE("calls that no phase but their own knows, of an introduced client (RFC 5321 4.1.4, RFC 3207 4, RFC 4954 4)") {
  client session = introduced();
  output_buffer<1024> out;
  unable mechanism{true};
  const challenge empty{};
  const outcome_of_call rows[] = {
      {"write", without_count(session.write("a\r\n", out)), errc::out_of_sequence},
      {"finish", session.finish(out), errc::out_of_sequence},
      {"respond by mechanism", session.respond(mechanism, empty, out), errc::out_of_sequence},
      {"respond", session.respond(std::string_view("x"), out), errc::out_of_sequence},
      {"cancel", session.cancel(out), errc::out_of_sequence},
      {"tls_started", session.tls_started(), errc::out_of_sequence},
  };
  for (const outcome_of_call& row : rows) check(row);
  CHECK(session.write("", out).value() == 0);
  session.follow_message_end();
  CHECK(session.awaited() == 0);
  CHECK(mechanism.asked == 0);
  CHECK(out.empty());
  CHECK(session.phase() == phase::ready);
  CHECK_FALSE(session.tls());
}

TEST_CASE("an exchange is answered once for each challenge, and no mechanism is asked before (RFC 4954 4)") {
  client session = introduced();
  output_buffer<1024> out;
  unable mechanism{false};
  check({"before the greeting", client().authenticate(mechanism, out), errc::awaiting_reply});
  REQUIRE(session.authenticate(mechanism, out));
  CHECK(out.written() == "AUTH PLAIN\r\n");
  out.clear();
  (void)hear(session, "334 \r\n");
  REQUIRE(session.respond(std::string_view(), out));
  CHECK(out.written() == "\r\n");
  out.clear();
  check({"twice", session.respond(std::string_view("x"), out), errc::awaiting_reply});
  check({"cancelled behind it", session.cancel(out), errc::awaiting_reply});
  check({"a command amid", session.send(noop{}, out), errc::out_of_sequence});
  CHECK(mechanism.asked == 0);
  CHECK(out.empty());
}

TEST_CASE("a fault of the mechanism writes nothing, and the exchange can be cancelled (RFC 4954 4)") {
  output_buffer<1024> out;
  client session = introduced();
  unable first{true};
  check({"its first message", session.authenticate(first, out), errc::sasl_octet});
  CHECK(first.asked == 1);
  CHECK(out.empty());
  CHECK(session.awaited() == 0);

  unable second{false};
  REQUIRE(session.authenticate(second, out));
  (void)hear(session, "334 eA==\r\n");
  out.clear();
  check({"its response", session.respond(second, challenge{*base64_text::parse("eA==")}, out), errc::sasl_octet});
  CHECK(out.empty());
  CHECK(session.phase() == phase::auth);
  REQUIRE(session.cancel(out));
  CHECK(out.written() == "*\r\n");
  CHECK(hear(session, "501 cancelled\r\n") == "response 501 |cancelled\n");
  CHECK(session.phase() == phase::ready);
}

TEST_CASE("a plain client's field that must not be is a fault before AUTH is written (RFC 4616 2)") {
  client session = introduced();
  output_buffer<1024> out;
  plain_client nameless("", secret("pass"));
  const auto begun = session.authenticate(nameless, out);
  REQUIRE_FALSE(begun);
  CHECK(begun.error() == fault{errc::sasl_field_empty, 1});
  CHECK(out.empty());
  CHECK(session.awaited() == 0);
}

TEST_CASE("after ATRN the client's part is over: nothing is looked at or written (RFC 2645 5.2.1)") {
  client session = reversed();
  CHECK_FALSE(session.open());
  const client_step step = session.receive(std::string_view("220 now I am the client\r\n"));
  CHECK(step.used == 0);
  CHECK(support::describe(step.event) == "closed");
  output_buffer<64> out;
  check({"send", session.send(noop{}, out), errc::out_of_sequence});
  CHECK(out.empty());
  CHECK(session.phase() == phase::reversed);
}

TEST_CASE("between 220 to STARTTLS and the handshake no command is written (RFC 3207 4)") {
  client session = introduced();
  REQUIRE(session.follow(starttls{}));
  CHECK(hear(session, "220 go\r\n") == "STARTTLS 220 |go\n");
  output_buffer<64> out;
  check({"EHLO", session.send(hello, out), errc::out_of_sequence});
  CHECK(out.empty());
  REQUIRE(session.tls_started());
  CHECK(session.phase() == phase::greeted);
  CHECK(session.send(hello, out));
}

TEST_CASE("LMTP has no EHLO and no HELO, SMTP no LHLO (RFC 2033 4.1)") {
  output_buffer<64> out;
  client lmtp = introduced({.kind = service::lmtp});
  check({"EHLO", lmtp.send(hello, out), errc::verb_of_other_protocol});
  check({"HELO", lmtp.send(helo{hello.name}, out), errc::verb_of_other_protocol});
  client smtp = introduced();
  check({"LHLO", smtp.send(lhlo{hello.name}, out), errc::verb_of_other_protocol});
  CHECK(out.empty());
}

TEST_CASE("behind a DATA that is not yet answered stands its message, and nothing else (RFC 2920 3.1)") {
  output_buffer<64> out;
  client session = after("MRDZ", "");  // Z: an RSET that another wrote
  check({"MAIL", session.send(from, out), errc::transaction_open});
  check({"RCPT", session.send(to, out), errc::out_of_sequence});
  CHECK(out.empty());
  CHECK(session.awaited() == 4);
  // But DATA for a BINARYMIME message will be refused, and RSET ends what it broke (RFC 3030 3).
  const mail binary{from.from, *mail_parameters::parse("BODY=BINARYMIME")};
  client refused_data = after("MRDZ", "", {}, binary);
  CHECK(refused_data.send(from, out));
  CHECK(hear(refused_data, "250 ok\r\n250 ok\r\n503 BDAT\r\n250 ok\r\n250 ok\r\n").find("closed") == std::string::npos);
  CHECK(refused_data.phase() == phase::mail);
}

TEST_CASE("content needs a recipient: without one the dot alone may follow 354 (RFC 2920 3.1)") {
  output_buffer<64> out;
  client session = after("MRD", "250 ok\r\n550 no\r\n354 go\r\n");
  check({"content", without_count(session.write("a\r\n", out)), errc::no_valid_recipients});
  CHECK(session.write("", out).value() == 0);
  CHECK(out.empty());
  CHECK(session.finish(out));
  CHECK(out.written() == ".\r\n");
  out.clear();
  // What is watched is not held to it.
  client watched = after("MRD", "250 ok\r\n550 no\r\n354 go\r\n", {.observe = true});
  CHECK(watched.write("a\r\n", out).value() == 3);
  CHECK(out.written() == "a\r\n");
}

TEST_CASE("the end of the server's octets is in good order between transactions alone (RFC 5321 3.8, 4.2.4.2)") {
  const struct {
    const char* where;
    client session;
    std::string_view unread;
    bool lost;
  } rows[] = {
      {"introduced", introduced(), "", false},
      {"half a reply", introduced(), "25", true},
      {"awaiting a reply", after("M", ""), "", true},
      {"in a transaction", after("M", "250 ok\r\n"), "", true},
      {"behind a recipient", after("MR", "250 ok\r\n250 ok\r\n"), "", true},
      {"closed", ended(), "250", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.where);
    client session = row.session;
    const closed end = session.end_of_input(row.unread);
    CHECK(end.why.has_value() == row.lost);
    if (end.why) CHECK(*end.why == fault{errc::connection_lost, 0});
    CHECK(session.phase() == phase::closed);
    CHECK(session.awaited() == 0);
  }
}

TEST_CASE("a buffer whose peer has ended is the end of the session, with what is half there a fault (RFC 5321 4.2)") {
  for (const std::string_view wire : {"", "250 ha"}) {
    input_buffer<64> in;
    client session = introduced();
    wire.copy(in.space().data(), wire.size());
    if (!wire.empty()) in.commit(wire.size());
    CHECK(support::describe(session.receive(in)) == "need_more");
    in.commit(0);
    const client_event event = session.receive(in);
    const auto* end = std::get_if<closed>(&event);
    REQUIRE(end != nullptr);
    CHECK(end->why.has_value() == !wire.empty());
    CHECK(session.phase() == phase::closed);
  }
}

TEST_CASE("octets can be presented as bytes") {
  constexpr std::string_view greeting = "220 mx\r\n", line = "NOOP\r\n";
  client session;
  const client_step heard = session.receive(std::as_bytes(std::span(greeting)));
  CHECK(heard.used == greeting.size());
  CHECK(support::describe(heard.event) == "greeting 220 |mx");
  CHECK(session.phase() == phase::greeted);
  server other = told("");
  const server_step taken = other.receive(std::as_bytes(std::span(line)));
  CHECK(taken.used == line.size());
  CHECK(support::describe(taken.event) == "NOOP");
}

TEST_CASE("a client waits three minutes amid a chunk, two behind DATA, five where nothing is due (RFC 5321 4.5.3.2)") {
  using std::chrono::minutes;
  client session = after("MR", "250 ok\r\n250 ok\r\n");
  CHECK(session.patience() == minutes(5));
  REQUIRE(session.follow(bdat{3, false}));
  CHECK(session.patience() == minutes(3));
  output_buffer<16> out;
  CHECK(session.write("abc", out).value() == 3);
  CHECK(session.patience() == minutes(5));
  const mail binary{from.from, *mail_parameters::parse("BODY=BINARYMIME")};
  CHECK(after("MRD", "250 ok\r\n250 ok\r\n", {}, binary).patience() == minutes(2));
  CHECK(after("MRD", "250 ok\r\n250 ok\r\n").patience() == minutes(2));
  CHECK(told("").patience() == minutes(5));  // RFC 5321 4.5.3.2.7
}

TEST_CASE("a client waits ten minutes for the answer to ATRN (RFC 2645 5.2.1)") {
  output_buffer<64> out;
  client session;
  (void)session.receive(std::string_view("220 mx\r\n"));
  REQUIRE(session.follow(ehlo{*hello_name::parse("c.example")}));
  (void)session.receive(std::string_view("250-mx\r\n250-AUTH PLAIN\r\n250 ATRN\r\n"));
  REQUIRE(session.follow(auth{"PLAIN", {}}));
  (void)session.receive(std::string_view("235 ok\r\n"));
  REQUIRE(session.send(atrn{}, out));
  CHECK(session.patience() == std::chrono::minutes(10));
}

TEST_CASE("355 to a MAIL with TRANSID is known also when another MAIL stands behind it in the group (RFC 1845 4.2)") {
  client session = introduced();
  REQUIRE(session.follow(mail{from.from, *mail_parameters::parse("TRANSID=<1@c>")}));
  REQUIRE(session.follow(rset{}));
  REQUIRE(session.follow(from));
  CHECK(hear(session, "355 6 is the offset\r\n250 ok\r\n250 ok\r\n") == "MAIL 355 |6 is the offset\nRSET 250 |ok\nMAIL 250 |ok\n");
  CHECK(session.phase() == phase::mail);
  client at_once = introduced();
  REQUIRE(at_once.follow(mail{from.from, *mail_parameters::parse("TRANSID=<1@c>")}));
  REQUIRE(at_once.follow(from));
  CHECK(hear(at_once, "355 6 is the offset\r\n") == "MAIL 355 |6 is the offset\n");
  // And without one it is out of place, also when the transaction before had one.
  client other = after("M", "");
  CHECK(hear(other, "355 6\r\n").substr(0, 9) == "closed @0");
  CHECK(other.phase() == phase::closed);
  client later = after("MS", "355 6\r\n250 ok\r\n", {}, mail{from.from, *mail_parameters::parse("TRANSID=<1@c>")});
  REQUIRE(later.phase() == phase::ready);
  REQUIRE(later.follow(from));
  CHECK(hear(later, "355 6\r\n").substr(0, 9) == "closed @0");
}

TEST_CASE("353 answers a message that asked for PRDR, once (PRDR)") {
  const mail each{from.from, *mail_parameters::parse("PRDR")};
  const std::string_view accepted = "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n";
  output_buffer<16> out;
  client asked = after("MRRD", accepted, {}, each);
  REQUIRE(asked.finish(out));
  CHECK(hear(asked, "353 each\r\n250 one\r\n") == "message end 353 |each\nmessage end 250 |one\n");
  CHECK(hear(asked, "353 again\r\n").substr(0, 9) == "closed @0");
  client cut_off = after("MRRD", accepted, {}, each);
  REQUIRE(cut_off.finish(out));
  (void)hear(cut_off, "353 each\r\n250 one\r\n");
  const client_step last = cut_off.receive(std::string_view("421 bye\r\n"));
  CHECK(std::get<answer>(last.event).index == 1);  // it stands for the second recipient's
  client unasked = after("MRRD", accepted);
  REQUIRE(unasked.finish(out));
  CHECK(hear(unasked, "353 each\r\n").substr(0, 9) == "closed @0");
  client local = after("MRRD", accepted, {.kind = service::lmtp}, each);  // each has its own there (RFC 2033 4.2)
  REQUIRE(local.finish(out));
  CHECK(hear(local, "353 each\r\n").substr(0, 9) == "closed @0");
  client other_code = after("MRRD", accepted, {}, each);
  REQUIRE(other_code.finish(out));
  CHECK(hear(other_code, "354 go\r\n").substr(0, 9) == "closed @0");
}

TEST_CASE("who watches hears a refusal amid a message or an exchange, and stays there (RFC 5321 4.3.2)") {
  client message = after("MR", "250 ok\r\n250 ok\r\n", {.observe = true});
  REQUIRE(message.follow(data{}));
  REQUIRE(message.follow(act::other));
  CHECK(hear(message, "354 go\r\n500 what\r\n") == "send_message 354 |go\nother 500 |what\n");
  CHECK(message.phase() == phase::data);
  output_buffer<16> out;
  CHECK(message.finish(out));  // the message is open as before

  client exchange = introduced({.observe = true});
  REQUIRE(exchange.follow(auth{"LOGIN", {}}));
  REQUIRE(exchange.follow(act::other));
  CHECK(hear(exchange, "334 \r\n500 what\r\n") == "challenge \"\"\nother 500 |what\n");
  CHECK(exchange.phase() == phase::auth);
}

TEST_CASE("a server that is closed or owes nothing answers nothing (RFC 5321 4.1.1.10)") {
  output_buffer<1024> out;
  server session = told("QUIT\r\n");
  REQUIRE(session.answer(out));
  out.clear();
  const outcome_of_call closed_rows[] = {
      {"by default", session.answer(out), errc::nothing_owed},
      {"a reply", session.answer({250, {}, "ok"}, out), errc::session_closed},
      {"421", session.answer({421, {}, "bye"}, out), errc::session_closed},
      {"a greeting", session.greet(out), errc::session_closed},
      {"a challenge", session.challenge("x", out), errc::nothing_owed},
      {"tls_started", session.tls_started(), errc::out_of_sequence},
  };
  for (const outcome_of_call& row : closed_rows) check(row);
  const server_step step = session.receive(std::string_view("NOOP\r\n"));
  CHECK(step.used == 6);
  CHECK(support::describe(step.event) == "closed");

  server idle = told("");
  const outcome_of_call idle_rows[] = {
      {"by default", idle.answer(out), errc::nothing_owed},
      {"a reply", idle.answer({250, {}, "ok"}, out), errc::nothing_owed},
      {"a greeting again", idle.greet(out), errc::nothing_owed},
      {"a challenge", idle.challenge("x", out), errc::nothing_owed},
  };
  for (const outcome_of_call& row : idle_rows) check(row);
  CHECK(out.empty());
  CHECK(idle.phase() == phase::greeted);
}

TEST_CASE("334 answers AUTH and the lines of its exchange, and nothing else (RFC 4954 4)") {
  const struct {
    const char* to;
    std::string_view lines;
    errc why;
  } rows[] = {
      {"NOOP", "NOOP\r\n", errc::answer_out_of_place},
      {"MAIL, which 355 may answer", "EHLO c\r\nMAIL FROM:<a@b>\r\n", errc::answer_out_of_place},
      {"DATA, which 354 answers", "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nDATA\r\n", errc::answer_out_of_place},
      {"a mechanism that is not offered", "EHLO c\r\nAUTH LOGIN\r\n", errc::answer_must_refuse},
  };
  for (const auto& row : rows) {
    CAPTURE(row.to);
    server session = told(row.lines);
    const phase before = session.phase();
    output_buffer<1024> out;
    check({row.to, session.challenge("x", out), row.why});
    CHECK(out.empty());
    CHECK(session.owed() == 1);
    CHECK(session.phase() == before);
  }
}

TEST_CASE("after ATRN the server's part is over: nothing is looked at (RFC 2645 5.2.1)") {
  server session = told("EHLO c\r\nAUTH PLAIN AGEAYg==\r\nATRN\r\n");
  output_buffer<1024> out;
  REQUIRE(session.answer({250, {}, "OK now reversing the connection"}, out));
  CHECK(session.phase() == phase::reversed);
  CHECK_FALSE(session.open());
  const server_step step = session.receive(std::string_view("220 odmr\r\n"));
  CHECK(step.used == 0);
  CHECK(support::describe(step.event) == "closed");
}

TEST_CASE("octets before the greeting are told of, and wait for it (RFC 5321 4.3.1)") {
  server session(house);
  CHECK(support::describe(session.receive(std::string_view()).event) == "paused");
  CHECK_FALSE(session.early_talk());
  const server_step step = session.receive(std::string_view("EHLO c\r\n"));
  CHECK(step.used == 0);
  CHECK(support::describe(step.event) == "paused");
  CHECK(session.early_talk());
  CHECK(support::describe(session.receive(std::string_view()).event) == "paused");
  output_buffer<64> out;
  REQUIRE(session.greet(out));
  CHECK(session.early_talk());
  CHECK(support::describe(session.receive(std::string_view("EHLO c\r\n")).event) == "EHLO c");
  // Pipelined behind a command they are early for nobody.
  server later = told("EHLO c\r\n");
  CHECK(support::describe(later.receive(std::string_view("NOOP\r\n")).event) == "paused");
  CHECK_FALSE(later.early_talk());
}

TEST_CASE("353 is a server's answer to a message that asked for it and has two recipients, once (PRDR)") {
  const std::string each = "EHLO c\r\nMAIL FROM:<a@b> PRDR\r\n", rcpt_to = "RCPT TO:<b@c>\r\n";
  const struct {
    const char* what;
    std::string lines;
    reply_code code;
    bool may;
  } rows[] = {
      {"two recipients", each + rcpt_to + rcpt_to, 353, true},
      {"one recipient", each + rcpt_to, 353, false},
      {"another 3yz", each + rcpt_to + rcpt_to, 354, false},
      {"not asked for", "EHLO c\r\nMAIL FROM:<a@b>\r\n" + rcpt_to + rcpt_to, 353, false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    server session = told(row.lines + "DATA\r\n.\r\n");
    output_buffer<1024> out;
    const auto written = session.answer({row.code, {}, "each"}, out);
    CHECK(written.has_value() == row.may);
    CHECK(out.written() == (row.may ? "353 each\r\n" : ""));
    CHECK(session.owed() == (row.may ? 3 : 1));
    CHECK(session.phase() == phase::data);
    out.clear();
    // A second one, or the first one once more, is out of place.
    check({"again", session.answer({row.code, {}, "each"}, out), errc::answer_out_of_place});
    CHECK(out.empty());
  }
}

TEST_CASE("the end of the client's octets amid a line, a transaction or an exchange is a loss (RFC 5321 4.1.1.10)") {
  const std::string long_line = "NOOP " + std::string(limits::auth_line, 'x');
  const struct {
    const char* where;
    std::string_view lines;
    bool answered;
    std::string_view unread;
    bool lost;
  } rows[] = {
      {"between commands", "EHLO c\r\n", true, "", false},
      {"half a command", "EHLO c\r\n", true, "NO", true},
      {"a line too long to keep", long_line, false, "", true},
      {"behind MAIL", "EHLO c\r\nMAIL FROM:<a@b>\r\n", true, "", true},
      {"behind DATA", "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nDATA\r\n", true, "", true},
      {"amid a chunk of no transaction", "EHLO c\r\nBDAT 9 LAST\r\nabc", false, "", true},
      {"amid an exchange", "EHLO c\r\nAUTH PLAIN\r\n", true, "", true},
      {"behind QUIT", "QUIT\r\n", true, "NOOP\r\n", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.where);
    server session = told(row.lines);
    output_buffer<1024> out;
    if (row.answered) REQUIRE(session.answer(out));
    const closed end = session.end_of_input(row.unread);
    CHECK(end.why.has_value() == row.lost);
    if (end.why) CHECK(*end.why == fault{errc::connection_lost, 0});
    CHECK(session.phase() == phase::closed);
    CHECK(session.owed() == 0);
  }
}
