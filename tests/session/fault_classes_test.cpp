// The classes of fault that byte streams have brought upon mail software, each met here by name.
//
// One test a class: what an attacker sends, and that the session has exactly one reading of it.

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "support/serve.hpp"

using namespace sansmtp;
using namespace sansmtp::literals;

namespace {

constexpr server_options target() {
  return {.host = "mx.example.org"_domain,
          .extensions = {extension::pipelining, extension::chunking, extension::starttls, extension::auth, extension::smtputf8,
                         extension::eight_bit_mime, extension::size, extension::dsn},
          .mechanisms = "PLAIN CRAM-MD5"};
}

const std::string in_data = "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nDATA\r\n";

std::size_t count(const support::served& s, std::string_view event) {
  std::size_t n = 0;
  for (const std::string& e : s.events) n += e.substr(0, event.size()) == event;
  return n;
}

bool same_however_cut(std::string_view wire, const server_options& options = target()) {
  return support::cut_that_differs(wire, [&](support::parts p) { return support::serve(options, p); }).empty();
}

// A client that has been introduced and has sent these.
client after(std::initializer_list<command> sent, std::string_view offers = "250-mx\r\n250-PIPELINING\r\n250 STARTTLS\r\n") {
  client c;
  output_buffer<4096> out;
  (void)c.receive(std::string_view("220 mx\r\n"));
  (void)c.send(ehlo{*hello_name::parse("c.example")}, out);
  (void)c.receive(offers);
  for (const command& one : sent) REQUIRE(c.send(one, out));
  return c;
}

std::string heard(client& c, std::string_view wire) {
  std::string out;
  while (true) {
    const auto [used, event] = c.receive(wire);
    wire.remove_prefix(used);
    if (std::holds_alternative<need_more>(event)) return out;
    out += support::describe(event) + "\n";
    if (!c.open()) return out;
  }
}

}  // namespace

TEST_CASE("smuggling: nothing but CRLF.CRLF ends a message, under either policy (RFC 5321 4.1.1.4)") {
  for (std::string_view ending : {"\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\r\n.\r\r\n", "\n\n.\n\n", "\r\r\n.\r\r\n",
                                  "\r\n\0.\r\n"}) {
    CAPTURE(support::shown(ending));
    const std::string wire =
        in_data + "x" + std::string(ending) + "MAIL FROM:<smuggled@evil>\r\nRCPT TO:<v@c>\r\nDATA\r\ny\r\n.\r\nNOOP\r\n";
    for (bare_newline policy : {bare_newline::refuse, bare_newline::keep}) {
      server_options options = target();
      options.newlines = policy;
      const auto got = support::serve(options, wire);
      CHECK(count(got, "MAIL") == 1);
      CHECK(count(got, "NOOP") == 1);
      CHECK(count(got, "message_end") + count(got, "refused message end") == 1);
      CHECK(same_however_cut(wire, options));
    }
  }
}

TEST_CASE("smuggling: a message with a lone CR or LF is refused once, at its true end, and nothing of it follows the fault") {
  const auto got = support::serve(target(), in_data + "good\r\nbad\nMAIL FROM:<x@y>\r\n.\r\nNOOP\r\n");
  CHECK(support::lines(got.events) ==
        "EHLO c\nMAIL <a@b>\nRCPT <b@c>\nDATA\nbytes good\\r\\nbad\nrefused message end @9 a LF without CR stands in the message "
        "(RFC 5321 2.3.8)\nNOOP\n");
}

TEST_CASE("chunk-dependent result: the same events and replies however the octets are cut") {
  CHECK(same_however_cut(in_data + "..\r\n.\r.\r\n\r\n.\r\n\r\nNOOP \0\r\nEHLO \n\r\nRSET\r\n"));
  CHECK(same_however_cut("EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nBDAT 10\r\n\r\n.\r\n\r\n.\r\nBDAT 0\r\nBDAT 2 LAST\r\n\r\nQUIT\r\n"));
  CHECK(same_however_cut("EHLO c\r\nAUTH CRAM-MD5\r\nQUJD\r\nAUTH CRAM-MD5\r\n*\r\nRSET\r\n"));
}

TEST_CASE("empty message, first-line dots: the decoder starts at a line's start (RFC 5321 4.5.2)") {
  CHECK(support::serve(target(), in_data + ".\r\n").events.back() == "message_end 0");
  CHECK(support::lines(support::serve(target(), in_data + "..\r\n.\r\n").events).find("bytes .\\r\\n\nmessage_end 3") != std::string::npos);
  CHECK(support::lines(support::serve(target(), in_data + ".x\r\n.\r\n").events).find("bytes x\\r\\n\nmessage_end 3") != std::string::npos);
}

TEST_CASE("under-stuffing: what a client writes ends where it says and nowhere else (RFC 5321 4.5.2)") {
  for (std::string_view content : {".\r\n", ".\r\nQUIT\r\n", "\r\n.\r\n", "a\r\n.\r\n.\r\n..\r\n", "..\r\n"}) {
    client c = after({mail{"<a@b>"_reverse_path, {}}, rcpt{"<b@c>"_forward_path, {}}, data{}});
    (void)heard(c, "250 a\r\n250 b\r\n354 c\r\n");
    for (std::size_t cut = 0; cut <= content.size(); ++cut) {
      client writing = c;
      output_buffer<256> out;
      REQUIRE(writing.write(content.substr(0, cut), out));
      REQUIRE(writing.write(content.substr(cut), out));
      REQUIRE(writing.finish(out));
      const auto got = support::serve(target(), in_data + std::string(out.written()) + "NOOP\r\n");
      CHECK(got.events.at(4) == "bytes " + support::shown(content));
      CHECK(got.events.at(5) == "message_end " + std::to_string(content.size()));
      CHECK(got.events.back() == "NOOP");
    }
  }
}

TEST_CASE("under-stuffing: a lone CR or LF, or a last line without its end, is not written (RFC 5321 2.3.8)") {
  for (std::string_view content : {"a\nb\r\n", "a\rb\r\n", "\n.\r\n", "a"}) {
    client c = after({mail{"<a@b>"_reverse_path, {}}, rcpt{"<b@c>"_forward_path, {}}, data{}});
    (void)heard(c, "250 a\r\n250 b\r\n354 c\r\n");
    output_buffer<64> out;
    const auto written = c.write(content, out);
    CHECK_FALSE((written && c.finish(out)));
  }
}

TEST_CASE("NUL, CR, LF in arguments: refused at every field, and impossible to write (RFC 5321 2.3.8, 4.1.2)") {
  for (std::string_view field : {"EHLO c?", "HELO c?", "MAIL FROM:<a?@b>", "MAIL FROM:<a@b?>", "MAIL FROM:<a@b> SIZE=1?", "RCPT TO:<\"a?\"@b>",
                                 "RCPT TO:<a@b> ORCPT=rfc822;a?", "VRFY a?", "NOOP a?", "AUTH CRAM-MD5?", "BDAT 1?", "QUIT?", "?NOOP"})
    for (char bad : {'\0', '\r', '\n'}) {
      std::string line(field);
      line[line.find('?')] = bad;
      CAPTURE(support::shown(line));
      CHECK_FALSE(parse_command(line, quirks::all));
    }
  output_buffer<128> out;
  for (std::string_view text : {std::string_view("a\r\nRCPT TO:<x@y>"), std::string_view("a\0b", 3), std::string_view("a\nb")}) {
    CHECK_FALSE(encode(command(noop{text}), out));
    CHECK_FALSE(encode(command(vrfy{text, false}), out));
    CHECK_FALSE(encode(response{250, {}, text}, out));
    CHECK_FALSE(mailbox::parse(text, quirks::all));
  }
  CHECK(out.empty());
}

TEST_CASE("command line ends: CRLF alone; a line with a lone CR or LF is refused whole, up to its CRLF (RFC 5321 2.3.8)") {
  for (std::string_view wire : {"NOOP\nRSET\r\n", "NOOP\rRSET\r\n", "NOOP\n\rRSET\r\n", "NOOP\r\r\n", "\nNOOP\r\n"}) {
    CAPTURE(support::shown(wire));
    const auto got = support::serve(target(), wire);
    CHECK(got.events.size() == 1);
    CHECK(got.events.front().substr(0, 7) == "refused");
    CHECK(same_however_cut(wire));
  }
}

TEST_CASE("BDAT desync: a readable size is always drained, an unreadable one ends the connection (RFC 3030 2)") {
  const std::string open = "EHLO c\r\nMAIL FROM:<a@b>\r\n";
  CHECK(count(support::serve(target(), open + "BDAT 17\r\nRCPT TO:<x@y.z>\r\nNOOP\r\n"), "RCPT") == 0);
  CHECK(count(support::serve(target(), "EHLO c\r\nBDAT 6 LAST\r\nRSET\r\nNOOP\r\n"), "RSET") == 0);
  CHECK(count(support::serve(target(), "EHLO c\r\nAUTH CRAM-MD5\r\n*\r\nBDAT 6\r\nRSET\r\nNOOP\r\n"), "RSET") == 0);
  for (std::string_view refused : {"BDAT 6 FIRST", "bdat 6 LAST LAST", "BDAT 6 \x01"}) {
    CAPTURE(support::shown(refused));
    const auto got = support::serve(target(), open + "RCPT TO:<x@y.z>\r\n" + std::string(refused) + "\r\nQUIT\r\nNOOP\r\n");
    CHECK(count(got, "QUIT") == 0);
    CHECK(count(got, "NOOP") == 1);
    CHECK(got.phase == "broken");  // the message lacks a part now
  }
  for (std::string_view bad : {"BDAT 0x10", "BDAT +5", "BDAT 5,LAST", "BDAT 99999999999999999999", "BDAT  ", "bdat 1e3"}) {
    CAPTURE(bad);
    const auto got = support::serve(target(), open + std::string(bad) + "\r\nNOOP\r\n");
    CHECK(count(got, "NOOP") == 0);
    CHECK(got.phase == "closed");
  }
}

TEST_CASE("BDAT desync: the largest size that can be read is waited for, and no sum wraps round") {
  const auto got = support::serve(target(), "EHLO c\r\nBDAT 18446744073709551615\r\nNOOP\r\nQUIT\r\n");
  CHECK(count(got, "NOOP") == 0);
  CHECK(got.phase == "ready");
}

TEST_CASE("STARTTLS residue: octets in the clear behind it are fatal to both sides, and all is forgotten (RFC 3207 4.2)") {
  const auto residue = support::serve(target(), "EHLO c\r\nSTARTTLS\r\nMAIL FROM:<a@b>\r\n");
  CHECK(count(residue, "MAIL") == 0);
  CHECK(residue.phase == "closed");
  const auto begun = support::serve(target(), "EHLO c\r\nSTARTTLS\r\n");
  CHECK(begun.phase == "greeted");  // neither EHLO nor anything before it counts
  client c = after({starttls{}});
  CHECK(heard(c, "220 go\r\n250-mx\r\n250 AUTH PLAIN\r\n") ==
        "STARTTLS 220 |go\nclosed @0 octets in clear text wait behind STARTTLS (RFC 3207 4.2)\n");
}

TEST_CASE("downgrade: TLS that is required is required by the session, and passwords wait for it (RFC 3207 4, RFC 4954 4)") {
  server_options strict = target();
  strict.require_tls = true;
  const auto got = support::serve(strict, "EHLO c\r\nMAIL FROM:<a@b>\r\nAUTH PLAIN AHUAcA==\r\n");
  CHECK(count(got, "refused MAIL @0 TLS must be started first") == 1);
  CHECK(count(got, "refused AUTH @0 TLS must be started first") == 1);
  CHECK(count(support::serve(target(), "EHLO c\r\nAUTH PLAIN AHUAcA==\r\n"), "refused AUTH @5 the mechanism needs TLS") == 1);

  client c({.require_tls = true});
  output_buffer<256> out;
  (void)c.receive(std::string_view("220 mx\r\n"));
  REQUIRE(c.send(ehlo{*hello_name::parse("c")}, out));
  (void)c.receive(std::string_view("250 mx\r\n"));  // STARTTLS was stripped
  CHECK(c.send(mail{"<a@b>"_reverse_path, {}}, out).error().code == errc::tls_required);
}

TEST_CASE("reply flood, endless line: capped in octets a line, lines a reply and octets a reply") {
  const auto refused_with = [](const std::string& wire) {
    client c = after({});
    (void)c.receive(std::string_view(wire));
    const auto over = c.end_of_input();
    REQUIRE(over.why);
    return over.why->code;
  };
  CHECK(refused_with("250 " + std::string(limits::received_reply_line, 'x')) == errc::reply_line_too_long);
  std::string many;
  for (std::size_t i = 0; i <= limits::received_reply_lines; ++i) many += "250-\r\n";
  CHECK(refused_with(many) == errc::reply_too_many_lines);
  std::string large;
  while (large.size() <= limits::received_reply) large += "250-" + std::string(1000, 'x') + "\r\n";
  CHECK(refused_with(large) == errc::reply_too_long);

  input_buffer<64> small;  // and by the caller's buffer
  client c = after({});
  const auto space = small.space();
  for (char& octet : space) octet = 'x';
  space[0] = '2', space[1] = '5', space[2] = '0', space[3] = ' ';
  small.commit(space.size());
  const client_event event = c.receive(small);
  REQUIRE(std::holds_alternative<closed>(event));
  CHECK(std::get<closed>(event).why->code == errc::reply_too_long);
}

TEST_CASE("multiline misread: a reply exists only when whole, and its code is one (RFC 5321 4.2.1)") {
  client c = after({mail{"<a@b>"_reverse_path, {}}});
  CHECK(heard(c, "250-2.1.0 sender\r\n250-more\r\n") == "");
  CHECK(c.awaited() == 1);
  CHECK(heard(c, "250-2.1.0 sender\r\n250-more\r\n550 no\r\n") == "closed @28 the code changes within one reply (RFC 5321 4.2.1)\n");
}

TEST_CASE("pipeline desync: a reply that no command asked for is fatal, and 421 closes from any phase (RFC 5321 4.2.3)") {
  client c = after({mail{"<a@b>"_reverse_path, {}}});
  CHECK(heard(c, "250 ok\r\n250 extra\r\n") == "MAIL 250 |ok\nclosed @0 a reply arrived that no command had asked for (RFC 5321 4.2)\n");
  client d = after({mail{"<a@b>"_reverse_path, {}}, rcpt{"<b@c>"_forward_path, {}}});
  CHECK(heard(d, "421 down\r\n250 ok\r\n") == "MAIL 421 |down\n");
}

TEST_CASE("transaction leftovers: the envelope is gone after EHLO, RSET, the message and STARTTLS alike (RFC 5321 4.1.4)") {
  for (std::string_view reset : {"EHLO c\r\n", "HELO c\r\n", "RSET\r\n", "DATA\r\n.\r\n", "BDAT 0 LAST\r\n"}) {
    CAPTURE(reset);
    server_options options = target();
    options.recipient_limit = 1;
    const auto got = support::serve(options, "EHLO c\r\nMAIL FROM:<a@b> SMTPUTF8\r\nRCPT TO:<b@c>\r\n" + std::string(reset) +
                                                 "RCPT TO:<d@e>\r\nMAIL FROM:<f@g>\r\nRCPT TO:<h@i>\r\nRSET\r\nMAIL FROM:<f@g>\r\nRCPT "
                                                 "TO:<\xC3\xBC@i>\r\n");
    CHECK(count(got, "refused RCPT @0 the command is out of sequence") == 1);
    CHECK(count(got, "RCPT <h@i>") == 1);                            // the count of recipients began anew
    CHECK(count(got, "refused RCPT @8 the recipient's address") == 1);  // and so did SMTPUTF8
  }
}

TEST_CASE("base64: canonical only, and * and = have their own meaning (RFC 4954 4)") {
  for (std::string_view bad : {"QQ=", "QQ", "Q", "=QQQ", "QR==", "QUJ=", "QQ==QQ==", "Q Q=", "=", "QUJD\x80"}) {
    CAPTURE(support::shown(bad));
    const auto got = support::serve(target(), "EHLO c\r\nAUTH CRAM-MD5\r\n" + std::string(bad) + "\r\n");
    CHECK(count(got, "refused response") == 1);
    CHECK(got.phase == "ready");
  }
  CHECK(count(support::serve(target(), "EHLO c\r\nAUTH CRAM-MD5\r\n*\r\n"), "refused response @0 the client cancelled") == 1);
  CHECK(count(support::serve(target(), "EHLO c\r\nAUTH CRAM-MD5\r\n\r\n"), "response \"\"") == 1);
}

TEST_CASE("UTF-8: well formed, and only where SMTPUTF8 was asked for (RFC 6531 3.1, RFC 3629 4)") {
  const std::string hello = "EHLO c\r\n";
  CHECK(count(support::serve(target(), hello + "MAIL FROM:<\xC3\xBC@b>\r\n"), "refused MAIL") == 1);
  CHECK(count(support::serve(target(), hello + "MAIL FROM:<\xC3\xBC@b> SMTPUTF8\r\n"), "MAIL") == 1);
  for (std::string_view bad : {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC3", "\x80", "\xFF"})
    CHECK(count(support::serve(target(), hello + "MAIL FROM:<" + std::string(bad) + "@b> SMTPUTF8\r\n"), "refused MAIL") == 1);
}

TEST_CASE("address differentials: one grammar, the last unquoted at sign, source routes dropped on writing (RFC 5321 4.1.2)") {
  const auto routed = parse_command("RCPT TO:<@a.example,@b.example:u%h!x@c.example>");
  REQUIRE(routed);
  const forward_path& to = std::get<rcpt>(*routed).to;
  CHECK(to.mailbox().text() == "u%h!x@c.example");
  CHECK(to.source_route() == "@a.example,@b.example");
  output_buffer<128> out;
  REQUIRE(encode(*routed, out));
  CHECK(out.written() == "RCPT TO:<u%h!x@c.example>\r\n");
  CHECK(mailbox::parse("\"a@b\"@c.example")->local().text() == "\"a@b\"");
  CHECK_FALSE(mailbox::parse("a@b@c.example"));
  CHECK_FALSE(parse_command("RCPT TO:<a@b>c@d>"));
  CHECK_FALSE(parse_command("RCPT TO:<a@b><c@d>"));
}

TEST_CASE("quadratic scans: a line that drips in is looked at once an octet") {
  // Behind the resume offset nothing is read again: octets there may change and nobody notices.
  server session{target()};
  output_buffer<256> out;
  REQUIRE(session.greet(out));
  std::string line = "NOOP " + std::string(400, 'x');
  for (std::size_t n = 1; n <= line.size(); ++n)
    REQUIRE(std::holds_alternative<need_more>(session.receive(std::string_view(line).substr(0, n)).event));
  std::string changed = line;
  changed[6] = '\n';
  changed[5] = '\r';
  CHECK(std::holds_alternative<need_more>(session.receive(std::string_view(changed)).event));
  // A flood without a line's end is dropped as it comes: the caller never needs more than one line's room.
  std::size_t kept = 0;
  std::string unread;
  server flooded{target()};
  out.clear();
  REQUIRE(flooded.greet(out));
  for (int i = 0; i < 100'000; ++i) {
    unread += 'x';
    const auto step = flooded.receive(std::string_view(unread));
    unread.erase(0, step.used);
    if (kept < unread.size()) kept = unread.size();
  }
  CHECK(kept <= limits::auth_line);
}
