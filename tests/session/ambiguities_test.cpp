// What the RFCs leave open, and how it is read here: the questions of addresses and of order.
//
// The numbers are those under which such questions are kept; each test names its decision and holds
// under quirks::strict and quirks::deployed, alike or as it says. Those of commands, parameters and
// replies stand in tests/wire.

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>

#include "support/serve.hpp"

using namespace sansmtp;
using namespace sansmtp::literals;

namespace {

constexpr quirks both[] = {quirks::strict, quirks::deployed};

server_options with(extension_set extensions, quirks leniency, service kind = service::smtp) {
  return {.host = "mx.example.org"_domain, .kind = kind, .extensions = extensions, .mechanisms = "CRAM-MD5", .leniency = leniency};
}

std::string events(const server_options& options, const std::string& octets) {
  return support::lines(support::serve(options, octets).events);
}

const std::string in_data = "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nDATA\r\n";

}  // namespace

TEST_CASE("A-03: a literal tagged IPv6 that is no IPv6 address is a fault, another tag is taken (RFC 5321 4.1.3)") {
  for (quirks q : both) {
    CHECK(address_literal::parse("[IPv6:zzz]", q).error().code == errc::literal_ipv6);
    const auto general = address_literal::parse("[x400:c=us]", q);
    REQUIRE(general);
    CHECK(general->form() == address_literal::kind::general);
  }
}

TEST_CASE("A-04: groups are counted; \"::\" for one group is taken when deployed, refused by the letter (RFC 5321 4.1.3)") {
  for (quirks q : both) {
    CHECK(address_literal::parse("[IPv6:1:2:3:4:5:6::]", q));
    CHECK_FALSE(address_literal::parse("[IPv6:1:2:3:4:5:6:7:8::]", q));
    CHECK_FALSE(address_literal::parse("[IPv6:1::2::3]", q));
  }
  CHECK_FALSE(address_literal::parse("[IPv6:1:2:3:4:5:6:7::]", quirks::strict));
  CHECK(address_literal::parse("[IPv6:1:2:3:4:5:6:7::]", quirks::deployed));
}

TEST_CASE("A-24: a nonce of SCRAM is one printable character or more (RFC 5802 7)") {
  for (const auto& [nonce, taken] : {std::pair{"x", true}, std::pair{"fyko+d2lbbFgONRv9qkxdawL", true}, std::pair{"", false}, std::pair{"a,b", false}}) {
    output_buffer<128> out;
    scram_sha_256_client c({.authcid = "user", .password = secret("pencil"), .nonce = nonce});
    const auto first = c.respond("", out);
    CHECK(first.has_value() == taken);
    if (first) CHECK(*first == "n,,n=user,r=" + std::string(nonce));
  }
}

TEST_CASE("A-25: unused bits of base64 that are not zero are refused: one encoding a value (RFC 4648 3.5)") {
  CHECK(base64_text::parse("QQ=="));
  CHECK(base64_text::parse("QR==").error().code == errc::base64_spare_bits);
  CHECK(base64_text::parse("QQ=Q").error().code == errc::base64_padding);
}

TEST_CASE("A-34: DATA without an accepted recipient is 554, in LMTP 503; a client copes with 354 too (RFC 5321 3.3, RFC 2033 4.2)") {
  for (quirks q : both) {
    const std::string wire = " c\r\nMAIL FROM:<a@b>\r\nDATA\r\n";
    CHECK(support::serve(with({}, q), "EHLO" + wire).replies.find("554 no recipient") != std::string::npos);
    CHECK(support::serve(with({}, q, service::lmtp), "LHLO" + wire).replies.find("503 no recipient") != std::string::npos);
    for (std::string_view said : {"554 no\r\n", "503 no\r\n", "354 go\r\n"}) {
      client c({.leniency = q, .start = phase::mail});
      REQUIRE(c.follow(act::data));
      (void)c.receive(said);
      CHECK(c.phase() == (said[0] == '3' ? phase::data : phase::mail));
      CHECK(c.open());
    }
  }
}

TEST_CASE("A-36: a bare CR or LF ends no line and no message, under any quirk (RFC 5321 2.3.8)") {
  for (quirks q : both) {
    CHECK(events(with({}, q), "NOOP\nRSET\r\n").find("refused") == 0);
    CHECK(events(with({}, q), "NOOP\rRSET\r\n").find("refused") == 0);
    for (std::string_view end : {"\n.\n", "\n.\r\n", "\r.\r", "\r\n.\n"})
      CHECK(support::serve(with({}, q), in_data + "x" + std::string(end) + "NOOP\r\n").phase == "data");
  }
}

TEST_CASE("A-42: a source route is read, flagged and dropped on writing; without a mailbox it is a fault (RFC 5321 4.1.2)") {
  for (quirks q : both) {
    const auto path = forward_path::parse("<@a,@b:u@c>", q);
    REQUIRE(path);
    CHECK(path->source_route() == "@a,@b");
    CHECK(path->mailbox().text() == "u@c");
    CHECK_FALSE(forward_path::parse("<@a:>", q));
    CHECK_FALSE(forward_path::parse("<@a,:u@c>", q));
    output_buffer<64> out;
    REQUIRE(encode(command(rcpt{*path, {}}), out));
    CHECK(out.written() == "RCPT TO:<u@c>\r\n");
  }
}

TEST_CASE("A-43: the path's 256 octets bound the mailbox to 254 (RFC 5321 4.5.3.1.3)") {
  const std::string label(61, 'd');
  const std::string domain = label + "." + label + "." + label;  // 185
  const auto path_of = [&](std::size_t octets) { return "<" + std::string(octets - 3 - domain.size(), 'l') + "@" + domain + ">"; };
  CHECK(forward_path::parse(path_of(250), quirks::deployed));
  CHECK(forward_path::parse(path_of(256), quirks::deployed));
  CHECK(forward_path::parse(path_of(257), quirks::deployed).error().code == errc::path_too_long);
  CHECK_FALSE(forward_path::parse(path_of(256), quirks::strict));  // its local part has 68
}

TEST_CASE("A-47: BODY=7BIT is read wherever BODY is, and needs 8BITMIME or BINARYMIME like it (RFC 6152 2)") {
  for (quirks q : both) {
    CHECK(events(with(extension::eight_bit_mime, q), "EHLO c\r\nMAIL FROM:<a@b> BODY=7BIT\r\n").find("refused") == std::string::npos);
    CHECK(events(with({}, q), "EHLO c\r\nMAIL FROM:<a@b> BODY=7BIT\r\n").find("not offered") != std::string::npos);
  }
}

TEST_CASE("A-54: \"=\" is an empty initial response, told apart from none (RFC 4954 4)") {
  for (quirks q : both) {
    const auto empty = parse_command("AUTH EXTERNAL =", q);
    REQUIRE(empty);
    REQUIRE(std::get<auth>(*empty).initial_response);
    CHECK(std::get<auth>(*empty).initial_response->text().empty());
    CHECK_FALSE(std::get<auth>(*parse_command("AUTH EXTERNAL", q)).initial_response);
    output_buffer<64> out;
    REQUIRE(encode(*empty, out));
    CHECK(out.written() == "AUTH EXTERNAL =\r\n");
  }
}

TEST_CASE("A-56: behind a 354 that no recipient deserved a lone dot ends all, and nothing is delivered (RFC 2920 3.1)") {
  client c({.start = phase::mail});
  REQUIRE(c.follow(act::data));
  (void)c.receive(std::string_view("354 go\r\n"));
  output_buffer<16> out;
  CHECK(c.write("x\r\n", out).error().code == errc::no_valid_recipients);
  REQUIRE(c.finish(out));
  CHECK(out.written() == ".\r\n");
}

TEST_CASE("A-61: in LMTP, BDAT LAST behind a failed chunk is answered once for each recipient (RFC 2033 4.3)") {
  for (quirks q : both) {
    const auto failing = [](server& session, const server_event& event, writer& out) {
      if (std::holds_alternative<chunk_end>(event))
        (void)session.answer({452, {}, "full"}, out);
      else
        (void)session.answer(out);
    };
    const auto got = support::serve(with(extension::chunking, q, service::lmtp),
                                    "LHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nRCPT TO:<e@f>\r\nBDAT 1\r\nxBDAT 0 LAST\r\n", failing);
    std::size_t refusals = 0;
    for (std::size_t at = 0; (at = got.replies.find("503 ", at)) != std::string::npos; ++at) ++refusals;
    CHECK(refusals == 2);
    CHECK(got.phase == "broken");
  }
}

TEST_CASE("A-62: a client writes BDAT LAST as the last of its group; a server reads anything behind it (RFC 3030 4.2)") {
  for (quirks q : both)
    CHECK(support::serve(with(extension::chunking, q),
                         "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nBDAT 0 LAST\r\nMAIL FROM:<d@e>\r\n")
              .phase == "mail");
  CHECK_FALSE(conversation::followable.has(act::last_chunk));
}

TEST_CASE("A-63: STARTTLS, AUTH and ETRN before EHLO are 503: their keywords are unknown to the client then") {
  for (quirks q : both)
    for (std::string_view line : {"STARTTLS\r\n", "AUTH CRAM-MD5\r\n", "ETRN example.org\r\n"})
      CHECK(support::serve(with({extension::starttls, extension::auth, extension::etrn}, q), line).replies.find("503 ") !=
            std::string::npos);
}
