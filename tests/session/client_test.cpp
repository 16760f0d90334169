// The client's session: what it writes, what it refuses to write, and what each reply answers.

#include <doctest/doctest.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "support/describe.hpp"
#include "support/every_cut.hpp"
#include "sansmtp/sansmtp.hpp"

using namespace sansmtp;
using namespace sansmtp::literals;

namespace {

// A client, what it wrote, and what it heard.
struct caller {
  std::array<char, 65536> room{};
  writer out{room};
  client session;
  std::string unread;
  std::string heard;

  explicit caller(const client_options& options = {}) : session(options) {}
  caller(const caller&) = delete;  // `out` writes to its own room
  caller& operator=(const caller&) = delete;

  std::string written() {
    std::string text(out.written());
    out.clear();
    return text;
  }

  result<void> send(const command& c) { return session.send(c, out); }

  // Hands octets over and notes every event until more are needed.
  caller& hear(std::string_view octets) {
    unread.append(octets);
    for (;;) {
      const std::string view = unread;
      const auto [used, event] = session.receive(std::string_view(view));
      unread.erase(0, used);
      if (std::holds_alternative<need_more>(event)) return *this;
      heard += support::describe(event) + "\n";
      if (std::holds_alternative<start_tls>(event)) {
        (void)session.tls_started();
        return *this;
      }
      if (!session.open()) return *this;
    }
  }

  std::string take() {
    std::string text = heard;
    heard.clear();
    return text;
  }

  errc why(const command& c) {
    const std::size_t before = out.written().size();
    const auto sent = send(c);
    REQUIRE_FALSE(sent);
    CHECK(out.written().size() == before);
    return sent.error().code;
  }
};

constexpr std::string_view offers =
    "250-mx.example.org\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-SIZE 1000\r\n250-DSN\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n"
    "250-STARTTLS\r\n250-ENHANCEDSTATUSCODES\r\n250 AUTH PLAIN SCRAM-SHA-256\r\n";

const ehlo hello{*hello_name::parse("c.example")};
const mail from{"<a@c.example>"_reverse_path, {}};
const rcpt to{"<b@example.org>"_forward_path, {}};

// One that was introduced to a server that offers much.
struct introduced : caller {
  explicit introduced(const client_options& options = {}) : caller(options) {
    hear("220 mx\r\n");
    REQUIRE(send(options.kind == service::lmtp ? command(lhlo{hello.name}) : command(hello)));
    hear(offers);
    written();
    take();
  }
};

}  // namespace

TEST_CASE("a transaction by pipelining: every reply finds its command (RFC 2920 3.1)") {
  introduced c;
  REQUIRE(c.send(from));
  REQUIRE(c.send(to));
  REQUIRE(c.send(to));
  REQUIRE(c.send(data{}));
  CHECK(c.written() == "MAIL FROM:<a@c.example>\r\nRCPT TO:<b@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n");
  CHECK(c.session.awaited() == 4);
  c.hear("250 2.1.0 ok\r\n250 2.1.5 ok\r\n550-5.1.1 no\r\n550 5.1.1 such\r\n354 go\r\n");
  CHECK(c.take() == "MAIL 250 2.1.0 |ok\nRCPT 250 2.1.5 |ok\nRCPT #1 550 5.1.1 |no |such\nsend_message 354 |go\n");
  CHECK(c.session.recipients() == 1);
  CHECK(c.session.write("a\r\n.b\r\n", c.out).value() == 7);
  REQUIRE(c.session.finish(c.out));
  CHECK(c.written() == "a\r\n..b\r\n.\r\n");
  REQUIRE(c.send(from));  // behind the final dot (RFC 2920 3.1)
  c.hear("250 2.0.0 queued\r\n250 2.1.0 ok\r\n");
  CHECK(c.take() == "message end 250 2.0.0 |queued\nMAIL 250 2.1.0 |ok\n");
}

TEST_CASE("whole, cut anywhere or byte by byte, a client hears the same") {
  constexpr std::string_view wire = "220-a\r\n220 b\r\n250-mx\r\n250 PIPELINING\r\n250 ok\r\n250-ok\r\n250 ok\r\n550 no\r\n354 go\r\n";
  CHECK(support::cut_that_differs(wire, [](support::parts octets) {
          caller c;
          (void)c.session.follow(hello);
          (void)c.session.follow(from);
          for (int i = 0; i < 2; ++i) (void)c.session.follow(to);
          (void)c.session.follow(data{});
          for (std::string_view part : octets) c.hear(part);
          return c.heard;
        }) == "");
}

TEST_CASE("without PIPELINING one command is outstanding at a time (RFC 2920 2)") {
  caller c;
  CHECK(c.why(hello) == errc::awaiting_reply);  // the greeting first
  c.hear("220 mx\r\n");
  REQUIRE(c.send(helo{hello.name}));
  c.hear("250 mx\r\n");
  REQUIRE(c.send(from));
  CHECK(c.why(to) == errc::awaiting_reply);
  c.hear("250 ok\r\n");
  CHECK(c.send(to));
}

TEST_CASE("commands that end their group have nothing sent behind them (RFC 2920 3.1)") {
  const command last[] = {ehlo{hello}, helo{hello.name}, noop{}, vrfy{"a", false}, help{}, starttls{}, auth{"PLAIN", {}}, quit{}};
  for (const command& one : last) {
    introduced c;
    REQUIRE(c.send(one));
    CHECK(c.why(rset{}) == errc::awaiting_reply);
  }
  introduced c;
  REQUIRE(c.send(from));
  REQUIRE(c.send(to));
  REQUIRE(c.send(data{}));
  CHECK(c.why(quit{}) == errc::awaiting_reply);
}

TEST_CASE("a command that the conversation does not permit is not written (RFC 5321 4.1.4)") {
  caller c;
  c.hear("220 mx\r\n");
  CHECK(c.why(from) == errc::out_of_sequence);
  CHECK(c.why(data{}) == errc::out_of_sequence);
  CHECK(c.why(lhlo{hello.name}) == errc::verb_of_other_protocol);
  introduced d;
  CHECK(d.why(to) == errc::out_of_sequence);
  REQUIRE(d.send(from));
  CHECK(d.why(from) == errc::transaction_open);
  CHECK(d.why(data{}) == errc::no_valid_recipients);
  CHECK(d.why(starttls{}) == errc::transaction_open);
}

TEST_CASE("what the server does not offer is not asked of it (RFC 5321 2.2.1)") {
  caller c;
  c.hear("220 mx\r\n");
  REQUIRE(c.send(hello));
  c.hear("250 mx\r\n");
  const auto lacks = [&](const command& given, extension which) {
    CHECK(c.why(given) == errc::extension_not_offered);
    CHECK(c.session.missing() == which);
  };
  lacks(starttls{}, extension::starttls);
  lacks(auth{"PLAIN", {}}, extension::auth);
  lacks(mail{from.from, *mail_parameters::parse("SIZE=3")}, extension::size);
  lacks(mail{from.from, *mail_parameters::parse("RET=HDRS")}, extension::dsn);
  lacks(mail{from.from, *mail_parameters::parse("SMTPUTF8")}, extension::smtputf8);
  lacks(mail{"<\xC3\xBC@d>"_reverse_path, {}}, extension::smtputf8);
  REQUIRE(c.send(from));
  c.hear("250 ok\r\n");
  REQUIRE(c.send(to));
  c.hear("250 ok\r\n");
  lacks(bdat{3, true}, extension::chunking);
}

TEST_CASE("an address that is not ASCII is written only where MAIL asked for SMTPUTF8 (RFC 6531 3.4)") {
  const mail foreign{"<\xC3\xBC@d>"_reverse_path, {}};
  const rcpt also{"<\xC3\xBC@d>"_forward_path, {}};
  introduced c;
  CHECK(c.why(foreign) == errc::non_ascii_sender);
  REQUIRE(c.send(from));
  CHECK(c.why(also) == errc::non_ascii_recipient);
  REQUIRE(c.send(rset{}));
  REQUIRE(c.send(mail{foreign.from, *mail_parameters::parse("SMTPUTF8")}));
  CHECK(c.send(also));
}

TEST_CASE("chunks: the octets that were announced, no more, and nothing else before they are out (RFC 3030 2)") {
  introduced c;
  REQUIRE(c.send(from));
  REQUIRE(c.send(to));
  REQUIRE(c.send(bdat{3, false}));
  CHECK(c.why(bdat{1, true}) == errc::chunk_open);
  CHECK(c.session.write("abcd", c.out).error().code == errc::chunk_overrun);
  CHECK(c.session.write(".\r", c.out).value() == 2);
  CHECK(c.session.write("\n", c.out).value() == 1);
  REQUIRE(c.send(bdat{0, true}));
  CHECK(c.written() == "MAIL FROM:<a@c.example>\r\nRCPT TO:<b@example.org>\r\nBDAT 3\r\n.\r\nBDAT 0 LAST\r\n");
  c.hear("250 ok\r\n250 ok\r\n452 full\r\n503 after a failed chunk\r\n");
  CHECK(c.session.phase() == phase::broken);
  CHECK(c.why(bdat{1, true}) == errc::transaction_broken);
  CHECK(c.send(rset{}));
}

TEST_CASE("354 though no recipient was accepted: the lone dot, and no content (RFC 2920 3.1)") {
  introduced c;
  REQUIRE(c.send(from));
  REQUIRE(c.send(to));
  REQUIRE(c.send(data{}));
  c.written();
  c.hear("250 ok\r\n550 no\r\n354 go\r\n");
  CHECK(c.session.write("x\r\n", c.out).error().code == errc::no_valid_recipients);
  REQUIRE(c.session.finish(c.out));
  CHECK(c.written() == ".\r\n");
  c.hear("554 no valid recipients\r\n");
  CHECK(c.session.phase() == phase::ready);
}

TEST_CASE("a refused MAIL takes the rest of its group with it") {
  introduced c;
  REQUIRE(c.send(from));
  REQUIRE(c.send(to));
  REQUIRE(c.send(data{}));
  c.hear("550 no\r\n503 no\r\n503 no\r\n");
  CHECK(c.take() == "MAIL 550 |no\nRCPT 503 |no\nDATA 503 |no\n");
  CHECK(c.session.phase() == phase::ready);
  CHECK(c.send(from));
}

TEST_CASE("LMTP: a reply for each accepted recipient, in their order (RFC 2033 4.2)") {
  introduced c({.kind = service::lmtp});
  REQUIRE(c.send(from));
  for (int i = 0; i < 3; ++i) REQUIRE(c.send(to));
  REQUIRE(c.send(data{}));
  c.hear("250 ok\r\n250 ok\r\n550 no\r\n250 ok\r\n354 go\r\n");
  REQUIRE(c.session.write("x\r\n", c.out));
  REQUIRE(c.session.finish(c.out));
  c.take();
  c.hear("250 2.1.5 a\r\n");
  CHECK(c.session.phase() == phase::data);
  c.hear("452-4.2.2 c\r\n452 4.2.2 full\r\n");
  CHECK(c.take() == "message end 250 2.1.5 |a\nmessage end #1 452 4.2.2 |c |full\n");
  CHECK(c.session.phase() == phase::ready);
}

TEST_CASE("LMTP: without an accepted recipient the message's end is answered by nothing (RFC 2033 4.3)") {
  introduced c({.kind = service::lmtp});
  REQUIRE(c.send(from));
  REQUIRE(c.send(to));
  REQUIRE(c.send(bdat{1, true}));
  REQUIRE(c.session.write("x", c.out));
  c.hear("250 ok\r\n550 no\r\n");
  CHECK(c.session.awaited() == 0);
  CHECK(c.session.phase() == phase::ready);
}

TEST_CASE("STARTTLS: what was learned in the clear is forgotten, and a residue is fatal (RFC 3207 4.2)") {
  introduced c;
  REQUIRE(c.send(starttls{}));
  c.hear("220 2.0.0 go\r\n");
  c.hear("");
  CHECK(c.take() == "STARTTLS 220 2.0.0 |go\nstart_tls\n");
  CHECK(c.session.tls());
  CHECK(c.session.phase() == phase::greeted);
  CHECK_FALSE(c.session.offered().has(extension::pipelining));
  CHECK(c.why(from) == errc::out_of_sequence);
  CHECK(c.send(hello));
  introduced d;
  REQUIRE(d.send(starttls{}));
  d.hear("220 go\r\n250 injected\r\n");
  CHECK(d.take() == "STARTTLS 220 |go\nclosed @0 octets in clear text wait behind STARTTLS (RFC 3207 4.2)\n");
}

TEST_CASE("require_tls: neither a transaction nor AUTH begins in the clear") {
  introduced c({.require_tls = true});
  CHECK(c.why(from) == errc::tls_required);
  CHECK(c.why(auth{"PLAIN", {}}) == errc::tls_required);
  // RFC 3207 6: no message goes that way, nor comes, by whatever verb.
  CHECK(c.why(send_to_terminal{from.from}) == errc::tls_required);
  CHECK(c.why(send_or_mail{from.from}) == errc::tls_required);
  CHECK(c.why(send_and_mail{from.from}) == errc::tls_required);
  CHECK(c.why(other{verb::turn, {}, {}}) == errc::tls_required);
  CHECK(c.why(atrn{}) == errc::tls_required);
  CHECK(c.send(starttls{}));
}

TEST_CASE("REQUIRETLS is asked for under TLS alone, whatever the list in the clear says (RFC 8689 2)") {
  const mail secure{from.from, *mail_parameters::parse("REQUIRETLS")};
  for (const bool tls : {false, true}) {
    client session({.tls = tls, .start = phase::greeted});
    output_buffer<256> out;
    REQUIRE(session.send(ehlo{*hello_name::parse("c.example")}, out));
    REQUIRE(session.receive(std::string_view("250-mx\r\n250 REQUIRETLS\r\n")).used != 0);
    out.clear();
    const auto sent = session.send(secure, out);
    CHECK(sent.has_value() == tls);
    if (!tls) CHECK(sent.error().code == errc::tls_required);
    CHECK(out.empty() == !tls);
  }
}

TEST_CASE("a sender beyond ASCII needs SMTPUTF8, which SEND and its kin can not ask for (RFC 6531 3.4)") {
  caller c;
  c.hear("220 mx\r\n");
  REQUIRE(c.send(ehlo{*hello_name::parse("c.example")}));
  c.hear("250-mx\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n");
  const reverse_path umlaut = *reverse_path::parse("<\xC3\xBC@b>");
  CHECK(c.why(mail{umlaut, {}}) == errc::non_ascii_sender);
  CHECK(c.why(send_to_terminal{umlaut}) == errc::non_ascii_sender);
  CHECK(c.why(send_or_mail{umlaut}) == errc::non_ascii_sender);
  CHECK(c.why(send_and_mail{umlaut}) == errc::non_ascii_sender);
  CHECK(c.send(mail{umlaut, *mail_parameters::parse("SMTPUTF8")}));
}

TEST_CASE("BODY's value has an extension of its own, and what is binary needs chunks too (RFC 6152 2, RFC 3030 3)") {
  const struct {
    std::string_view offers, body;
    std::optional<extension> missing;
  } rows[] = {{"250 8BITMIME", "BODY=8BITMIME", {}},
              {"250 BINARYMIME", "BODY=8BITMIME", extension::eight_bit_mime},
              {"250 8BITMIME", "BODY=BINARYMIME", extension::binarymime},
              {"250 BINARYMIME", "BODY=BINARYMIME", extension::chunking},
              {"250-BINARYMIME\r\n250 CHUNKING", "BODY=BINARYMIME", {}},
              {"250 BINARYMIME", "BODY=7BIT", {}},
              {"250 8BITMIME", "", {}}};
  for (const auto& row : rows) {
    CAPTURE(row.offers);
    CAPTURE(row.body);
    caller c;
    c.hear("220 mx\r\n");
    REQUIRE(c.send(ehlo{*hello_name::parse("c.example")}));
    c.hear("250-mx\r\n" + std::string(row.offers) + "\r\n");
    const auto sent = c.send(mail{from.from, *mail_parameters::parse(row.body)});
    CHECK(sent.has_value() == !row.missing.has_value());
    if (row.missing) CHECK(c.session.missing() == *row.missing);
  }
}

TEST_CASE("an initial response that makes AUTH longer than 512 octets is left to the empty challenge (RFC 4954 4)") {
  // "AUTH PLAIN " and CRLF are 13 octets.
  introduced c;
  const std::string fits(496, 'A'), longer(500, 'A');
  CHECK(c.send(auth{"PLAIN", *base64_text::parse(fits)}));
  introduced d;
  CHECK(d.why(auth{"PLAIN", *base64_text::parse(longer)}) == errc::authentication_line_too_long);
  CHECK(d.send(auth{"PLAIN", *base64_text::parse("")}));
}

TEST_CASE("an exchange that was cancelled has no success, whatever the server says (RFC 4954 4)") {
  for (std::string_view said : {"235 2.7.0 in\r\n", "334 \r\n"}) {
    CAPTURE(said);
    introduced c;
    REQUIRE(c.send(auth{"LOGIN", {}}));
    c.hear("334 \r\n");
    REQUIRE(c.session.cancel(c.out));
    c.take();
    c.hear(said);
    CHECK(c.take().substr(0, 9) == "closed @0");
    CHECK_FALSE(c.session.authenticated());
  }
  introduced c;
  REQUIRE(c.send(auth{"LOGIN", {}}));
  c.hear("334 \r\n");
  REQUIRE(c.session.cancel(c.out));
  c.hear("501 cancelled\r\n");
  REQUIRE(c.send(auth{"LOGIN", {}}));  // and another may have it
  c.hear("334 \r\n");
  REQUIRE(c.session.respond("x", c.out));
  c.hear("235 in\r\n");
  CHECK(c.session.authenticated());
}

TEST_CASE("AUTH: challenges are decoded, responses encoded, * cancels (RFC 4954 4)") {
  introduced c;
  REQUIRE(c.send(auth{"SCRAM-SHA-256", {}}));
  c.hear("334 \r\n");
  CHECK(c.take() == "challenge \"\"\n");
  CHECK(c.why(noop{}) == errc::out_of_sequence);
  c.written();
  REQUIRE(c.session.respond("n,,n=u,r=x", c.out));
  CHECK(c.written() == "biwsbj11LHI9eA==\r\n");
  CHECK(c.session.respond("x", c.out).error().code == errc::awaiting_reply);
  c.hear("334 AAA=\r\n");
  REQUIRE(c.session.respond("", c.out));
  CHECK(c.written() == "\r\n");
  c.hear("235 2.7.0 in\r\n");
  CHECK(c.take() == "challenge \"AAA=\"\nresponse 235 2.7.0 |in\n");
  CHECK(c.session.authenticated());
  CHECK(c.why(auth{"PLAIN", {}}) == errc::already_authenticated);

  introduced d;
  REQUIRE(d.send(auth{"PLAIN", *base64_text::parse("AHUAcA==")}));
  CHECK(d.written() == "AUTH PLAIN AHUAcA==\r\n");
  d.hear("334 not base64\r\n");  // told as it is; the exchange can only be cancelled
  CHECK(d.take() == "AUTH 334 |not base64\n");
  REQUIRE(d.session.cancel(d.out));
  CHECK(d.written() == "*\r\n");
  d.hear("501 5.7.0 cancelled\r\n");
  CHECK(d.session.phase() == phase::ready);
}

TEST_CASE("421 closes from anywhere, asked for or not (RFC 5321 3.8)") {
  introduced c;
  REQUIRE(c.send(from));
  REQUIRE(c.send(to));
  c.hear("250 ok\r\n421 4.3.2 down\r\n");
  CHECK(c.take() == "MAIL 250 |ok\nRCPT 421 4.3.2 |down\n");
  CHECK_FALSE(c.session.open());
  introduced d;
  d.hear("421 idle\r\n");
  CHECK(d.take() == "other 421 |idle\n");
  CHECK_FALSE(d.session.open());
}

TEST_CASE("replies that nothing asked for, that change their code or that make no sense end the session") {
  const struct {
    std::string_view wire;
    errc why;
  } rows[] = {
      {"250 ok\r\n", errc::reply_unexpected},        {"2x0 ok\r\n", errc::reply_code_malformed},
      {"250-a\r\n251 b\r\n", errc::reply_code_changed}, {"250 a\nb\r\n", errc::bare_lf},
      {"250_a\r\n", errc::reply_separator},
  };
  for (const auto& row : rows) {
    introduced c;
    CAPTURE(row.wire);
    c.hear(row.wire);
    CHECK_FALSE(c.session.open());
    CHECK(c.session.end_of_input().why->code == row.why);
  }
  introduced c;
  REQUIRE(c.send(from));
  c.hear("354 what\r\n");
  CHECK(c.session.end_of_input().why->code == errc::reply_out_of_place);
}

TEST_CASE("an EHLO that is refused leaves what was known; one that is accepted replaces it (RFC 5321 4.1.4)") {
  introduced c;
  REQUIRE(c.send(hello));
  c.hear("500 no\r\n");
  CHECK(c.session.offered().has(extension::pipelining));
  REQUIRE(c.send(hello));
  c.hear("250 mx\r\n");
  CHECK_FALSE(c.session.offered().has(extension::pipelining));
}

TEST_CASE("content is taken as far as the output has room, and nothing is lost") {
  introduced c;
  REQUIRE(c.send(from));
  REQUIRE(c.send(to));
  REQUIRE(c.send(data{}));
  c.hear("250 ok\r\n250 ok\r\n354 go\r\n");
  std::string content;
  for (int i = 0; i < 300; ++i) content += i % 3 ? ".\r\n" : "..x\r\n";
  for (std::size_t room : {3U, 4U, 5U, 7U, 64U}) {
    client session = c.session;
    std::string wire;
    std::string_view rest = content;
    while (!rest.empty()) {
      char space[64];
      writer out{std::span<char>(space, room)};
      const auto taken = session.write(rest, out);
      REQUIRE(taken);
      REQUIRE((*taken != 0 || !out.empty()));
      rest.remove_prefix(*taken);
      wire.append(out.written());
    }
    char space[8];
    writer out{space};
    REQUIRE(session.finish(out));
    wire.append(out.written());
    data_decoder back;
    std::string got;
    std::string_view unread = wire;
    for (bool end = false; !end;) {
      const auto piece = back.decode(unread);
      got.append(piece.bytes);
      unread.remove_prefix(piece.used);
      end = piece.end;
    }
    CHECK(got == content);
    CHECK(unread.empty());
  }
}

TEST_CASE("patience is what RFC 5321 4.5.3.2 asks for") {
  using std::chrono::minutes;
  CHECK(caller().session.patience() == minutes(5));
  introduced c;
  REQUIRE(c.send(from));
  CHECK(c.session.patience() == minutes(5));
  REQUIRE(c.send(to));
  REQUIRE(c.send(data{}));
  c.hear("250 ok\r\n250 ok\r\n");
  CHECK(c.session.patience() == minutes(2));
  c.hear("354 go\r\n");
  CHECK(c.session.patience() == minutes(3));
  REQUIRE(c.session.finish(c.out));
  CHECK(c.session.patience() == minutes(10));
}

TEST_CASE("LIMITS and SIZE are obeyed before anything is written, in a group too (RFC 9422 4, RFC 1870 6.1)") {
  caller c;
  c.hear("220 mx\r\n");
  REQUIRE(c.send(hello));
  c.hear("250-mx\r\n250-PIPELINING\r\n250-SIZE 1000\r\n250 LIMITS MAILMAX=2 RCPTMAX=2\r\n");
  CHECK(c.why(mail{from.from, *mail_parameters::parse("SIZE=1001")}) == errc::message_too_large);
  REQUIRE(c.send(mail{from.from, *mail_parameters::parse("SIZE=1000")}));
  REQUIRE(c.send(to));
  REQUIRE(c.send(to));
  CHECK(c.why(to) == errc::too_many_recipients);
  REQUIRE(c.send(rset{}));
  REQUIRE(c.send(from));
  REQUIRE(c.send(to));  // the count began anew with MAIL
  REQUIRE(c.send(rset{}));
  CHECK(c.why(from) == errc::too_many_transactions);
  c.hear("250 ok\r\n250 ok\r\n250 ok\r\n250 ok\r\n250 ok\r\n250 ok\r\n250 ok\r\n");
  CHECK(c.why(from) == errc::too_many_transactions);
}
