// Writing commands: the inverse of parsing them, and no way to put a line end into one.

#include "sansmtp/wire/encode_command.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "sansmtp/wire/parse_command.hpp"

using namespace sansmtp;
using namespace std::literals;

namespace {

std::string encoded(const command& c) {
  output_buffer<1024> out;
  const auto written = encode(c, out);
  if (!written) {
    CHECK(out.empty());  // a refusal leaves nothing behind
    return std::string("refused at ") + std::to_string(written.error().at) + ": " +
           std::string(facts(written.error()).sentence);
  }
  return std::string(out.written());
}

std::string refused(errc code, std::size_t at) {
  return std::string("refused at ") + std::to_string(at) + ": " + std::string(facts(code).sentence);
}

constexpr bool a_command_is_written_in_a_constant_expression() {
  output_buffer<64> out;
  return encode(mail{"<a@b.example>"_reverse_path}, out) && out.written() == "MAIL FROM:<a@b.example>\r\n";
}
static_assert(a_command_is_written_in_a_constant_expression());

}  // namespace

TEST_CASE("what was parsed strictly is written as it was (RFC 5321 4.1.1)") {
  for (std::string_view line :
       {"EHLO mail.example.org",
        "EHLO [192.0.2.1]",
        "HELO a.example",
        "LHLO a.example",
        "MAIL FROM:<>",
        "MAIL FROM:<a@b.example>",
        "MAIL FROM:<\"a b\"@b.example> SIZE=10 BODY=8BITMIME SMTPUTF8 AUTH=<> RET=HDRS ENVID=a+2B",
        "MAIL FROM:<a@b.example> HOLDUNTIL=2026-01-02T03:04:05.1234567890Z",
        "MAIL FROM:<a@b.example> HOLDUNTIL=2026-01-02T03:04:05-00:00",
        "MAIL FROM:<a@b.example> ENVID=2026-01-02/t:1",
        "RCPT TO:<a@b.example> RRVS=2014-04-03T23:01:00-07:00;R",
        "MAIL FROM:<a@[IPv6:2001:db8::1]> XVERP=+= X-FOO=bar X-BAZ",
        "MAIL FROM:<\xC3\xA9@b.example> SMTPUTF8",
        "RCPT TO:<a@b.example>",
        "RCPT TO:<Postmaster>",
        "RCPT TO:<a@b.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a@b.example",
        "DATA",
        "BDAT 0",
        "BDAT 0 LAST",
        "BDAT 18446744073709551615",
        "RSET",
        "NOOP",
        "NOOP a b  c",
        "QUIT",
        "VRFY <a@b.example>",
        "VRFY \"a b\" SMTPUTF8",
        "EXPN list",
        "EXPN SMTPUTF8",
        "HELP",
        "HELP MAIL",
        "STARTTLS",
        "AUTH PLAIN",
        "AUTH PLAIN AGEAYg==",
        "AUTH EXTERNAL =",
        "VRFY bob UTF8REPLY",
        "ETRN example.org",
        "ETRN @example.org",
        "ETRN #a/queue",
        "ATRN",
        "ATRN example.org,example.com",
        "BURL "
        "imap://harry@gryffindor.example.com/outbox;uidvalidity=1078863300/;uid=25;urlauth=submit+harry:internal:91",
        "BURL imap:?x LAST",
        "SEND FROM:<a@b.example>",
        "SOML FROM:<>",
        "SAML FROM:<\"a b\"@[192.0.2.1]>",
        "XCLIENT ADDR=192.0.2.1 NAME=x",
        "XCLIENT ADDR=IPV6:2001:db8::1 NAME=[UNAVAILABLE] REVERSE_NAME=[TEMPUNAVAIL] PORT=25 PROTO=ESMTP",
        "XFORWARD HELO=a+2Bb IDENT= SOURCE=LOCAL",
        "WELLKNOWN imap/root+2B",
        "TURN",
        "VERB ON",
        "X-ANONYMOUSTLS",
        "FOO",
        "FOO bar  baz"}) {
    CAPTURE(line);
    const auto parsed = parse_command(line);
    REQUIRE(parsed);
    CHECK(encoded(*parsed) == std::string(line) + "\r\n");
  }
}

TEST_CASE("what was parsed leniently is written strictly, and then reads the same") {
  const struct {
    std::string_view line, strict;
  } rows[] = {
      {"mail  from: <@x.example:a@b.example>   size=1  body=7bit \t", "MAIL FROM:<a@b.example> size=1 body=7bit"},
      {"rcpt to: <POSTMASTER> ", "RCPT TO:<Postmaster>"},
      {"ehlo  a.example  hello ", "EHLO a.example"},
      {"bdat  007   last", "BDAT 7 LAST"},
      {"vrfy bob  smtputf8", "VRFY bob SMTPUTF8"},
      {"auth  PLAIN   =", "AUTH PLAIN ="},
      // RFC 4422 3.1: mech-char = UPPER-ALPHA / DIGIT / HYPHEN / UNDERSCORE
      {"auth plain", "AUTH PLAIN"},
      {"AUTH Scram-sha-256_plus aGk=", "AUTH SCRAM-SHA-256_PLUS aGk="},
      {"noop   x ", "NOOP x"},
      {"quit \t", "QUIT"},
      {"expn list  utf8reply", "EXPN list UTF8REPLY"},
      {"etrn  @a.example ", "ETRN @a.example"},
      {"burl  imap://x/   last", "BURL imap://x/ LAST"},
      {"send from: <@x.example:a@b.example>", "SEND FROM:<a@b.example>"},
      {"xclient  name=a+2bb   Addr=[unavailable]", "XCLIENT NAME=a+2Bb ADDR=[unavailable]"},
      {"wellknown a+2b", "WELLKNOWN a+2B"},
      // RFC 3461 4: hexchar = ASCII "+" immediately followed by two upper case hexadecimal digits
      {"MAIL FROM:<a@b> envid=a+2b SIZE=1", "MAIL FROM:<a@b> envid=a+2B SIZE=1"},
      {"MAIL FROM:<a@b> AUTH=a+2bb+3Db@c SUBMITTER=a+2bb@c", "MAIL FROM:<a@b> AUTH=a+2Bb+3Db@c SUBMITTER=a+2Bb@c"},
      {"MAIL FROM:<a@b> ALT-ADDRESS=a+2bb@c AUTH=<>", "MAIL FROM:<a@b> ALT-ADDRESS=a+2Bb@c AUTH=<>"},
      {"RCPT TO:<a@b> ORCPT=rfc822;a+3db@c", "RCPT TO:<a@b> ORCPT=rfc822;a+3Db@c"},
      {"RCPT TO:<a@b> ORCPT=x+bc;a+3d ALT-ADDRESS=a+2bb@c", "RCPT TO:<a@b> ORCPT=x+bc;a+3D ALT-ADDRESS=a+2Bb@c"},
      // RFC 6533 3: neither a Mailbox nor utf-8-addr-xtext is xtext, and HEXDIG has no case (RFC 5234 2.3)
      {"RCPT TO:<a@b> ORCPT=utf-8;a+bb@c", "RCPT TO:<a@b> ORCPT=utf-8;a+bb@c"},
      {"RCPT TO:<a@b> ORCPT=utf-8;\\x{e9}@c", "RCPT TO:<a@b> ORCPT=utf-8;\\x{e9}@c"},
      {"MAIL FROM:<a@b> envid=as-long-as-a-certifier-and-longer", "MAIL FROM:<a@b> envid=as-long-as-a-certifier-and-longer"},
      // RFC 3885 3.1: no padding
      {"MAIL FROM:<a@b> MTRK=AAECAwQFBgcICQoLDA0ODxAREhM= ENVID=@",
       "MAIL FROM:<a@b> MTRK=AAECAwQFBgcICQoLDA0ODxAREhM ENVID=@"},
      {"MAIL FROM:<a@b> ENVID=@+3d MTRK=+AECAwQFBgcICQoLDA0ODxAREhM=:60",
       "MAIL FROM:<a@b> ENVID=@+3D MTRK=+AECAwQFBgcICQoLDA0ODxAREhM:60"},
      // RFC 3339 5.6: "SHOULD use upper case letters"; an offset of zero is Z
      {"MAIL FROM:<a@b> holduntil=2026-01-02t03:04:05z", "MAIL FROM:<a@b> holduntil=2026-01-02T03:04:05Z"},
      {"MAIL FROM:<a@b> HOLDUNTIL=2026-01-02T03:04:05z", "MAIL FROM:<a@b> HOLDUNTIL=2026-01-02T03:04:05Z"},
      {"MAIL FROM:<a@b> HOLDUNTIL=2026-01-02t03:04:05.50+00:00", "MAIL FROM:<a@b> HOLDUNTIL=2026-01-02T03:04:05.50Z"},
      {"MAIL FROM:<a@b> HOLDUNTIL=2026-01-02t03:04:05-00:00",  // RFC 3339 4.3: not the same as Z
       "MAIL FROM:<a@b> HOLDUNTIL=2026-01-02T03:04:05-00:00"},
      {"RCPT TO:<a@b> RRVS=2014-04-03t23:01:00z;c", "RCPT TO:<a@b> RRVS=2014-04-03T23:01:00Z;C"},
      {"RCPT TO:<a@b> RRVS=2014-04-03T23:01:00Z;r", "RCPT TO:<a@b> RRVS=2014-04-03T23:01:00Z;R"},
      {"RCPT TO:<a@b> RRVS=2014-04-03t23:01:00+00:00;c", "RCPT TO:<a@b> RRVS=2014-04-03T23:01:00Z;C"},
      {"RCPT TO:<a@b> RRVS=2014-04-03t23:01:00+01:00;c NOTIFY=never",
       "RCPT TO:<a@b> RRVS=2014-04-03T23:01:00+01:00;C NOTIFY=never"},
      {"MAIL FROM:<a@b> X-FOO=2026-01-02t03:04:05+00:00", "MAIL FROM:<a@b> X-FOO=2026-01-02t03:04:05+00:00"},
      {"MAIL FROM:<a@b> ENVID=2026-01-02t03:04:05z", "MAIL FROM:<a@b> ENVID=2026-01-02t03:04:05z"},
      // what is no xtext, and of no rule
      {"MAIL FROM:<a@b> XVERP=+=  X-FOO=a+2b", "MAIL FROM:<a@b> XVERP=+= X-FOO=a+2b"}};
  for (const auto& row : rows) {
    CAPTURE(row.line);
    const auto parsed = parse_command(row.line, quirks::deployed);
    REQUIRE(parsed);
    const std::string once = encoded(*parsed);
    CHECK(once == std::string(row.strict) + "\r\n");
    const auto again = parse_command(std::string_view(once).substr(0, once.size() - 2));
    REQUIRE(again);
    CHECK(verb_of(*again) == verb_of(*parsed));
    CHECK(encoded(*again) == once);
  }
}

TEST_CASE("commands made by hand are the lines that they mean, and read back as themselves") {
  const auto text = base64_text::parse("AGEAYg==");
  struct row {
    command made;
    std::string_view line;
  };
  const row rows[] = {
      {ehlo{*hello_name::parse("a.example")}, "EHLO a.example"},
      {mail{reverse_path::null()}, "MAIL FROM:<>"},
      {mail{"a@b.example"_mailbox}, "MAIL FROM:<a@b.example>"},
      {mail{"<a@b.example>"_reverse_path, *mail_parameters::parse("SIZE=10 BODY=8BITMIME")},
       "MAIL FROM:<a@b.example> SIZE=10 BODY=8BITMIME"},
      {rcpt{forward_path::postmaster()}, "RCPT TO:<Postmaster>"},
      {rcpt{"a@b.example"_mailbox, *rcpt_parameters::parse("NOTIFY=NEVER")}, "RCPT TO:<a@b.example> NOTIFY=NEVER"},
      {data{}, "DATA"},
      {bdat{5}, "BDAT 5"},
      {bdat{0, true}, "BDAT 0 LAST"},
      {noop{}, "NOOP"},
      {help{"DATA"}, "HELP DATA"},
      {vrfy{"bob", true}, "VRFY bob SMTPUTF8"},
      {auth{"PLAIN"}, "AUTH PLAIN"},
      {auth{"PLAIN", *text}, "AUTH PLAIN AGEAYg=="},
      {auth{"EXTERNAL", base64_text{}}, "AUTH EXTERNAL ="},
      {expn{"list", false, true}, "EXPN list UTF8REPLY"},
      {etrn{*etrn_node::parse("@b.example")}, "ETRN @b.example"},
      {atrn{}, "ATRN"},
      {atrn{*domain_list::parse("a.example,b.example")}, "ATRN a.example,b.example"},
      {burl{*absolute_uri::parse("imap://x/y")}, "BURL imap://x/y"},
      {burl{*absolute_uri::parse("imap://x/y"), true}, "BURL imap://x/y LAST"},
      {send_to_terminal{"a@b.example"_mailbox}, "SEND FROM:<a@b.example>"},
      {send_or_mail{reverse_path::null()}, "SOML FROM:<>"},
      {send_and_mail{"<a@b.example>"_reverse_path}, "SAML FROM:<a@b.example>"},
      {xclient{*xclient_attributes::parse("LOGIN=a+2Bb")}, "XCLIENT LOGIN=a+2Bb"},
      {xforward{*xforward_attributes::parse("IDENT=1")}, "XFORWARD IDENT=1"},
      {wellknown{*xtext::parse("key")}, "WELLKNOWN key"},
      {other{verb::turn}, "TURN"},
      {other{verb::xexch50, {}, "10 2"}, "XEXCH50 10 2"},
      {other{verb::unknown, "XYZZY", {}}, "XYZZY"},
  };
  for (const row& r : rows) {
    const auto& made = r.made;
    const auto line = r.line;
    CAPTURE(line);
    CHECK(encoded(made) == std::string(line) + "\r\n");
    const auto parsed = parse_command(line);
    REQUIRE(parsed);
    CHECK(parsed->index() == made.index());
    CHECK(verb_of(*parsed) == verb_of(made));
    CHECK(encoded(*parsed) == std::string(line) + "\r\n");
  }
}

TEST_CASE("CR, LF and NUL are refused in every free field, at their place, and nothing is written") {
  const struct {
    char octet;
    errc code;
  } rows[] = {{'\r', errc::bare_cr},
              {'\n', errc::bare_lf},
              {'\0', errc::nul_octet},
              {'\t', errc::control_octet},
              {'\x7F', errc::control_octet}};
  for (const auto& row : rows) {
    for (std::size_t at = 0; at <= 12; ++at) {
      std::string text = "innocent ext";
      text.insert(at, 1, row.octet);
      CAPTURE(text);
      const std::string refusal = refused(row.code, at);
      CHECK(encoded(noop{text}) == refusal);
      CHECK(encoded(help{text}) == refusal);
      CHECK(encoded(vrfy{text}) == refusal);
      CHECK(encoded(expn{text, true}) == refusal);
      CHECK(encoded(other{verb::xadr, "XADR", text}) == refusal);
      CHECK(encoded(other{verb::unknown, "FOO", text}) == refusal);
      CHECK(encoded(vrfy{text, false, true}) == refusal);
      CHECK(encoded(other{verb::unknown, text, {}}) == refused(errc::verb_malformed, at < 8 ? at : 8));
      CHECK(encoded(auth{text}) == refused(errc::mechanism_malformed, at < 8 ? at : 8));
    }
  }
}

TEST_CASE("text that could not be read back as it was is refused") {
  CHECK(encoded(noop{" x"}) == refused(errc::argument_malformed, 0));
  CHECK(encoded(noop{"x  "}) == refused(errc::argument_malformed, 1));
  CHECK(encoded(noop{"\xC3\xA9"}) == refused(errc::non_ascii_octet, 0));
  CHECK(encoded(vrfy{"a \xC3"}) == refused(errc::utf8_malformed, 2));
  CHECK(encoded(vrfy{""}) == refused(errc::argument_missing, 0));
  CHECK(encoded(vrfy{"bob smtputf8"}) == refused(errc::argument_malformed, 3));
  CHECK(encoded(other{verb::unknown, "", "x"}) == refused(errc::verb_malformed, 0));
  CHECK(encoded(vrfy{"bob UTF8REPLY"}) == refused(errc::argument_malformed, 3));
  CHECK(encoded(vrfy{"bob", true, true}) == refused(errc::argument_malformed, 3));
  CHECK(encoded(vrfy{"SMTPUTF8", true}) == "VRFY SMTPUTF8 SMTPUTF8\r\n");
  CHECK(encoded(wellknown{*xtext::parse("")}) == refused(errc::argument_missing, 0));
  CHECK(encoded(other{verb::unknown, "QUIT", ""}) == refused(errc::verb_malformed, 0));
  CHECK(encoded(other{verb::quit, "QUIT", ""}) == refused(errc::verb_malformed, 0));
  CHECK(encoded(other{verb::etrn, "", "b.example"}) == refused(errc::verb_malformed, 0));
  CHECK(encoded(other{verb::xclient, "XCLIENT", "ADDR=192.0.2.1"}) == refused(errc::verb_malformed, 0));
  CHECK(encoded(other{verb::unknown, "TURN", ""}) == refused(errc::verb_malformed, 0));
  CHECK(encoded(other{verb::turn, "XADR", ""}) == refused(errc::verb_malformed, 0));
  CHECK(encoded(other{verb::turn, "", "x"}) == refused(errc::argument_unexpected, 0));
  CHECK(encoded(other{verb::x_exps, "", ""}) == refused(errc::argument_missing, 0));
  CHECK(encoded(other{verb::mail, "", "FROM:<a@b.example> X"}) == refused(errc::verb_malformed, 0));
  CHECK(encoded(other{verb::unknown, std::string(33, 'X'), ""}) == refused(errc::verb_malformed, 32));
  CHECK(encoded(auth{""}) == refused(errc::mechanism_malformed, 0));
  CHECK(encoded(auth{std::string(41, 'X')}) == refused(errc::mechanism_malformed, 40));
}

TEST_CASE("a line that does not fit is not written in part") {
  const command c = mail{"<a@b.example>"_reverse_path, *mail_parameters::parse("SIZE=10")};
  const std::string line = encoded(c);
  for (std::size_t room = 0; room < line.size(); ++room) {
    std::vector<char> space(room + 1);
    writer out(std::span<char>(space.data(), room));
    const auto written = encode(c, out);
    REQUIRE(!written);
    CHECK(written.error().code == errc::output_full);
    CHECK(out.empty());
  }
}
