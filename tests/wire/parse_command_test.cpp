// Command lines: what each verb's grammar takes and refuses, strictly and as deployed, and at which octet.

#include "sansmtp/wire/parse_command.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "support/guard_page.hpp"
#include "wire/command_words.hpp"

using namespace sansmtp;
using namespace std::literals;
using support::check;
using support::meaning;
using support::refused;

namespace {

constexpr bool a_command_is_parsed_in_a_constant_expression() {
  const auto opening = parse_command("MAIL FROM:<a@b.example> SIZE=5");
  const auto chunk = parse_command("BDAT 86 LAST");
  const auto queue = parse_command("etrn #queue");
  const mail* m = std::get_if<mail>(&*opening);
  const bdat* c = std::get_if<bdat>(&*chunk);
  return m != nullptr && m->parameters.size() == 5 && c != nullptr && c->size == 86 && c->last &&
         verb_of(*queue) == verb::etrn;
}
static_assert(a_command_is_parsed_in_a_constant_expression());
static_assert(parse_command("DATA x").error() == fault{errc::argument_unexpected, 4});

}  // namespace

TEST_CASE("EHLO, HELO and LHLO take a domain or an address literal (RFC 5321 4.1.1.1, RFC 2033 4.1)") {
  check({{"EHLO mail.example.org", "ehlo|mail.example.org"},
         {"ehlo [192.0.2.1]", "ehlo|[192.0.2.1]"},
         {"HELO mail.example.org", "helo|mail.example.org"},
         {"LHLO mail.example.org", "lhlo|mail.example.org"},
         {"EHLO", refused(errc::argument_missing, 4)},
         {"EHLO ", refused(errc::argument_malformed, 4), refused(errc::argument_missing, 4)},
         {"HELO my_host.example", refused(errc::hello_name_malformed, 7), "helo|my_host.example|not conforming"},
         {"EHLO a..b", refused(errc::hello_name_malformed, 7), "ehlo|a..b|not conforming"},
         {"EHLO a b c", refused(errc::hello_name_malformed, 6), "ehlo|a|not conforming"},
         {"EHLO  a.example", refused(errc::hello_name_malformed, 5), "ehlo|a.example"},
         // ASCII even where SMTPUTF8 is offered (RFC 6531 3.7.1)
         {"EHLO m\xC3\xBCller.example", refused(errc::non_ascii_octet, 6)}});
}

TEST_CASE("MAIL takes a reverse path and parameters (RFC 5321 4.1.1.2)") {
  check({{"MAIL FROM:<>", "mail|null"},
         {"MAIL FROM:<a@b.example>", "mail|a@b.example"},
         {"mail from:<a@b.example>", "mail|a@b.example"},
         {"MAIL FROM:<\"a b\"@[IPv6:::1]>", "mail|\"a b\"@[IPv6:::1]"},
         {"MAIL FROM:<@x.example,@y.example:u@z.example>", "mail|u@z.example"},
         {"MAIL FROM:<a@b.example> SIZE=10 BODY=8BITMIME", "mail|a@b.example|SIZE=10|BODY=8BITMIME"},
         {"MAIL FROM:<a@b.example> XFOO=bar X-Y", "mail|a@b.example|XFOO=bar|X-Y"},
         {"MAIL", refused(errc::argument_missing, 4)},
         {"MAIL FROM", refused(errc::argument_malformed, 9)},
         {"MAIL FORM:<>", refused(errc::argument_malformed, 6)},
         {"MAIL FROM:", refused(errc::argument_missing, 10)},
         {"MAIL <a@b.example>", refused(errc::argument_malformed, 5)},
         {"MAIL FROM:<a@b.example", refused(errc::path_open, 22)},
         {"MAIL FROM:<somebody@mail.example.org", refused(errc::path_open, 36)},
         {"MAIL FROM:<a@b.example>SIZE=1", refused(errc::argument_malformed, 23)},
         {"MAIL FROM:<a@b.example>,<c@d.example>", refused(errc::argument_malformed, 23)},
         {"MAIL FROM:<a@b.example> SIZE=x", refused(errc::size_malformed, 29)},
         {"MAIL FROM:<a@b.example> =1", refused(errc::parameter_malformed, 24)},
         {"MAIL FROM:<a@b.example> NOTIFY=NEVER", refused(errc::parameter_misplaced, 24)},
         {"MAIL FROM:<Postmaster>", refused(errc::at_sign_missing, 21)}});
}

TEST_CASE("SP behind the colon and several SP are a quirk; brackets are not left out (RFC 5321 4.1.1, 3.3)") {
  check({{"MAIL FROM: <a@b.example>", refused(errc::path_bare, 10), "mail|a@b.example"},
         {"MAIL  FROM:<a@b.example>", refused(errc::argument_malformed, 5), "mail|a@b.example"},
         {"MAIL FROM:<a@b.example>  SIZE=1   BODY=7BIT", refused(errc::parameter_malformed, 24),
          "mail|a@b.example|SIZE=1|BODY=7BIT"},
         {"RCPT TO:   <a@b.example>", refused(errc::path_bare, 8), "rcpt|a@b.example"},
         {"MAIL FROM :<a@b.example>", refused(errc::argument_malformed, 9)},
         {"MAIL FROM:a@b.example", refused(errc::path_bare, 10)},
         {"MAIL FROM: a@b.example", refused(errc::path_bare, 10), refused(errc::path_bare, 11)},
         {"MAIL\tFROM:<a@b.example>", refused(errc::control_octet, 4)},
         {"MAIL FROM:\t<a@b.example>", refused(errc::control_octet, 10)}});
  CHECK(meaning("MAIL FROM:a@b.example SIZE=1", quirk::bare_path) == "mail|a@b.example|SIZE=1");
}

TEST_CASE("RCPT takes a forward path or the bare Postmaster, never the null path (RFC 5321 4.1.1.3)") {
  check({{"RCPT TO:<a@b.example>", "rcpt|a@b.example"},
         {"RCPT TO:<Postmaster>", "rcpt|postmaster"},
         {"rcpt to:<postMASTER>", "rcpt|postmaster"},
         {"RCPT TO:<postmaster@b.example>", "rcpt|postmaster@b.example"},
         {"RCPT TO:<a@b.example> NOTIFY=NEVER", "rcpt|a@b.example|NOTIFY=NEVER"},
         {"RCPT TO:<>", refused(errc::path_null, 9)},
         {"RCPT TO:<root>", refused(errc::at_sign_missing, 13)},
         {"RCPT TO:<a@b.example> SIZE=1", refused(errc::parameter_misplaced, 22)},
         {"RCPT TO:<a@b.example> ORCPT=rfc822", refused(errc::orcpt_malformed, 34)},
         {"RCPT", refused(errc::argument_missing, 4)},
         {"RCPT FROM:<a@b.example>", refused(errc::argument_malformed, 5)}});
}

TEST_CASE("an underscore in a domain is a quirk, a trailing dot one that is not deployed") {
  check({{"RCPT TO:<a@b_c.example>", refused(errc::domain_octet, 12), "rcpt|a@b_c.example"},
         {"RCPT TO:<a@b.example.>", refused(errc::domain_trailing_dot, 20)}});
}

TEST_CASE("UTF-8 in a sender needs SMTPUTF8 on that MAIL (RFC 6531 3.4, 3.5)") {
  check({{"MAIL FROM:<\xC3\xA9@b.example> SMTPUTF8", "mail|\xC3\xA9@b.example|SMTPUTF8"},
         {"MAIL FROM:<\xC3\xA9@b.example>", refused(errc::non_ascii_sender, 11)},
         {"MAIL FROM:<a@b\xC3\xA9.example> SIZE=1", refused(errc::non_ascii_sender, 14)},
         {"MAIL FROM:<a@b.example> XFOO=\xC3\xA9", refused(errc::non_ascii_octet, 29)},
         {"MAIL FROM:<a@b.example> SMTPUTF8 XFOO=\xC3\xA9", "mail|a@b.example|SMTPUTF8|XFOO=\xC3\xA9"},
         {"MAIL FROM:<\xC3(@b.example> SMTPUTF8", refused(errc::utf8_malformed, 11)},
         {"RCPT TO:<\xC3\xA9@b.example>", "rcpt|\xC3\xA9@b.example"},
         {"RCPT TO:<\xED\xA0\x80@b.example>", refused(errc::utf8_malformed, 9)}});
  CHECK(meaning("MAIL FROM:<\xC3\xA9@b.example>", quirk::unnegotiated_utf8) == "mail|\xC3\xA9@b.example");
}

TEST_CASE("DATA, RSET, QUIT and STARTTLS take nothing (RFC 5321 4.1.1.4, 4.1.1.5, 4.1.1.10; RFC 3207 4)") {
  check({{"DATA", "data"},
         {"rset", "rset"},
         {"Quit", "quit"},
         {"STARTTLS", "starttls"},
         {"DATA x", refused(errc::argument_unexpected, 4)},
         {"RSET now", refused(errc::argument_unexpected, 4)},
         {"QUIT bye", refused(errc::argument_unexpected, 4)},
         {"STARTTLS please", refused(errc::argument_unexpected, 8)},
         {"DATA ", refused(errc::argument_malformed, 4), "data"},
         {"QUIT \t ", refused(errc::argument_malformed, 4), "quit"}});
}

TEST_CASE("NOOP and HELP take any text or none (RFC 5321 4.1.1.9, 4.1.1.8)") {
  check({{"NOOP", "noop|"},
         {"NOOP anything at all", "noop|anything at all"},
         {"HELP", "help|"},
         {"HELP MAIL", "help|MAIL"},
         {"NOOP x ", refused(errc::argument_malformed, 6), "noop|x"},
         {"NOOP  x", refused(errc::argument_malformed, 5), "noop|x"},
         {"NOOP \xC3\xA9", refused(errc::non_ascii_octet, 5)},
         {"NOOP a\tb", refused(errc::control_octet, 6)}});
}

TEST_CASE("VRFY and EXPN take what is on the line, and SMTPUTF8 at its end (RFC 5321 4.1.1.6, RFC 6531 3.7.4.2)") {
  check({{"VRFY bob", "vrfy|bob"},
         {"VRFY \"Bob Smith\"", "vrfy|\"Bob Smith\""},
         {"VRFY <bob@b.example>", "vrfy|<bob@b.example>"},
         {"VRFY Bob Smith", "vrfy|Bob Smith"},
         {"VRFY bob SMTPUTF8", "vrfy|bob|SMTPUTF8"},
         {"EXPN list smtputf8", "expn|list|SMTPUTF8"},
         {"EXPN SMTPUTF8", "expn|SMTPUTF8"},
         {"VRFY b\xC3\xB6"
          "b SMTPUTF8",
          "vrfy|b\xC3\xB6"
          "b|SMTPUTF8"},
         {"VRFY b\xC3", refused(errc::utf8_malformed, 6)},
         {"VRFY bob  SMTPUTF8", refused(errc::argument_malformed, 9), "vrfy|bob|SMTPUTF8"},
         {"VRFY", refused(errc::argument_missing, 4)},
         {"EXPN ", refused(errc::argument_malformed, 4), refused(errc::argument_missing, 4)}});
}

TEST_CASE("BDAT takes a size of any number of digits, and LAST (RFC 3030 2)") {
  check({{"BDAT 86", "bdat|86"},
         {"BDAT 86 LAST", "bdat|86|last"},
         {"bdat 0 last", "bdat|0|last"},
         {"BDAT 0", "bdat|0"},
         {"BDAT 000000000000000000000000000012", "bdat|12"},
         {"BDAT 18446744073709551615 LAST", "bdat|18446744073709551615|last"},
         {"BDAT 18446744073709551616", refused(errc::number_too_large, 24)},
         {"BDAT 86 LASTLY", refused(errc::chunk_marker, 12)},
         {"BDAT 86 LAS", refused(errc::chunk_marker, 11)},
         {"BDAT 86 FIRST", refused(errc::chunk_marker, 8)},
         {"BDAT 86 LAST x", refused(errc::chunk_marker, 12)},
         {"BDAT  86  LAST", refused(errc::chunk_size_malformed, 5), "bdat|86|last"},
         {"BDAT", refused(errc::chunk_size_malformed, 4)},
         {"BDAT LAST", refused(errc::chunk_size_malformed, 5)},
         {"BDAT -1", refused(errc::chunk_size_malformed, 5)},
         {"BDAT +1", refused(errc::chunk_size_malformed, 5)},
         {"BDAT 0x10", refused(errc::chunk_size_malformed, 6)},
         {"BDAT 10,LAST", refused(errc::chunk_size_malformed, 7)}});
}

TEST_CASE("a refused BDAT line still tells how many octets follow, unless its size is no number (RFC 3030 2)") {
  CHECK(announced_chunk("BDAT 86 LASTLY") == 86);
  CHECK(announced_chunk("bdat 5 \x01") == 5);
  CHECK(announced_chunk("BDAT  7") == 7);
  CHECK(!announced_chunk("BDAT"));
  CHECK(!announced_chunk("BDAT "));
  CHECK(!announced_chunk("BDAT x"));
  CHECK(!announced_chunk("BDAT 5x"));
  CHECK(!announced_chunk("BDAT 5\r LAST"));
  CHECK(!announced_chunk("BDAT 18446744073709551616"));
  CHECK(!announced_chunk("DATA 86"));
}

TEST_CASE("AUTH takes a mechanism and an initial response, empty when it is = (RFC 4954 4)") {
  check({{"AUTH PLAIN", "auth|PLAIN"},
         {"AUTH PLAIN AGEAYg==", "auth|PLAIN|AGEAYg=="},
         {"AUTH EXTERNAL =", "auth|EXTERNAL|"},
         {"auth scram-sha-256 biws", "auth|scram-sha-256|biws"},
         {"AUTH", refused(errc::argument_missing, 4)},
         {"AUTH PL@IN", refused(errc::mechanism_malformed, 7)},
         {"AUTH PLAIN ==", refused(errc::base64_padding, 11)},
         {"AUTH PLAIN AGEAYg", refused(errc::base64_length, 17)},
         {"AUTH PLAIN AGE!YQ==", refused(errc::base64_octet, 14)},
         {"AUTH PLAIN QR==", refused(errc::base64_spare_bits, 12)},
         {"AUTH PLAIN QQ== QQ==", refused(errc::base64_octet, 15)},
         {"AUTH PLAIN ", refused(errc::argument_malformed, 10), "auth|PLAIN"}});
  const std::string longest = "AUTH " + std::string(40, 'X');
  CHECK(meaning(longest, quirks::strict) == "auth|" + std::string(40, 'X'));
  CHECK(meaning(longest + "X", quirks::strict) == refused(errc::mechanism_malformed, 45));
}

TEST_CASE("verbs that are only known by name, and those that are not known, are commands with their text") {
  check({{"TURN", "other|TURN|TURN|"},
         {"VERB ON", "other|VERB|VERB|ON"},
         {"onex", "other|ONEX|onex|"},
         {"XADR", "other|XADR|XADR|"},
         {"XEXCH50 10 2", "other|XEXCH50|XEXCH50|10 2"},
         {"X-EXPS NTLM", "other|X-EXPS|X-EXPS|NTLM"},
         {"X-ANONYMOUSTLS", "other|X-ANONYMOUSTLS|X-ANONYMOUSTLS|"},
         {"XPROXYTO a", "other|XPROXYTO|XPROXYTO|a"},
         {"GET / HTTP/1.1", "other||GET|/ HTTP/1.1"},
         {"X", "other||X|"},
         {"MAILX FROM:<>", "other||MAILX|FROM:<>"},
         {"MAI L", "other||MAI|L"}});
}

TEST_CASE("a line without a verb is no command") {
  const std::string long_verb(33, 'X');
  check({{"", refused(errc::line_empty, 0)},
         {"  ", refused(errc::line_empty, 0)},
         {" QUIT", refused(errc::verb_malformed, 0)},
         {"Subject: x", refused(errc::verb_malformed, 7)},
         {"<a@b>", refused(errc::verb_malformed, 0)},
         {"QU!T", refused(errc::verb_malformed, 2)},
         {"QU T", "other||QU|T"},
         {"\xC3\xA9HLO a", refused(errc::verb_malformed, 0)},
         {"DATA:", refused(errc::verb_malformed, 4)},
         {long_verb, refused(errc::verb_malformed, 32)}});
}

TEST_CASE("a control octet spoils the line, wherever it stands and whatever the verb (RFC 5321 2.3.8, 4.1.2)") {
  const struct {
    char octet;
    errc code;
  } rows[] = {{'\r', errc::bare_cr},         {'\n', errc::bare_lf},         {'\0', errc::nul_octet},
              {'\x01', errc::control_octet}, {'\x1B', errc::control_octet}, {'\x7F', errc::control_octet}};
  for (std::string_view good :
       {"EHLO mail.example.org"sv, "MAIL FROM:<a@b.example> SIZE=1"sv, "RCPT TO:<a@b.example>"sv, "DATA"sv,
        "NOOP x y z"sv, "BDAT 5 LAST"sv, "AUTH PLAIN AGEAYg=="sv, "VRFY \"a b\""sv, "XYZZY"sv, "RSET"sv,
        "ETRN @a.example"sv, "ATRN a.example"sv, "BURL imap://a/b LAST"sv, "SEND FROM:<a@b.example>"sv,
        "XCLIENT ADDR=192.0.2.1"sv, "XFORWARD NAME=x"sv, "WELLKNOWN x"sv, "TURN"sv}) {
    for (const auto& row : rows) {
      for (std::size_t at = 0; at <= good.size(); ++at) {
        std::string line(good);
        line.insert(at, 1, row.octet);
        CAPTURE(line);
        for (quirks q : {quirks::strict, quirks::deployed, quirks::all}) {
          const auto parsed = parse_command(line, q);
          REQUIRE(!parsed);
          CHECK(parsed.error() == fault{row.code, static_cast<std::uint32_t>(at)});
        }
      }
    }
  }
}

TEST_CASE("all octets are judged alike wherever they stand in a word or a block") {
  for (const std::size_t size :
       std::initializer_list<std::size_t>{1, 2, 3, 4, 5, 7, 8, 9, 13, 15, 16, 17, 23, 29, 31, 32, 33, 47, 48, 63, 65}) {
    for (std::size_t at = 0; at < size; ++at) {
      for (unsigned c = 0; c < 256; ++c) {
        std::string text(size, 'x');
        text[at] = static_cast<char>(static_cast<unsigned char>(c));
        const auto checked = check_octets(text);
        if (checked.has_value() != (c >= 32 && c != 127) || (checked && *checked != (c >= 128)) ||
            (!checked && checked.error().at != at)) {
          CAPTURE(size);
          CAPTURE(at);
          CAPTURE(c);
          CHECK(false);
        }
      }
    }
  }
}

TEST_CASE("of several controls the first is the one that is named") {
  CHECK(parse_command("NOOP a\nb\r").error() == fault{errc::bare_lf, 6});
  CHECK(parse_command("NOOP \x80\x01 abcdefgh \r\n").error() == fault{errc::control_octet, 6});
}

TEST_CASE("a line is never read past its end") {
  for (std::string_view line :
       {"MAIL FROM:<a@b.example> SIZE=12 AUTH=a+2B@b.example"sv, "RCPT TO:<a@b.example> ORCPT=utf-8;\\x{E9}@b"sv,
        "EHLO [IPv6:2001:db8::1]"sv, "BDAT 5 LAST"sv, "AUTH PLAIN AGEAYg=="sv, "VRFY bob SMTPUTF8"sv, "ETRN #queue"sv,
        "ATRN a.example,b.example"sv, "BURL imap://u@[::1]:143/x%20y?z LAST"sv, "SAML FROM:<a@b.example>"sv,
        "XCLIENT ADDR=IPV6:::1 NAME=[TEMPUNAVAIL] HELO=a+2Bb"sv, "WELLKNOWN a+2B"sv}) {
    for (std::size_t size = 0; size <= line.size(); ++size) {
      const support::guard_page page(line.substr(0, size), support::guarded_side::right);
      CHECK(meaning(page.view(), quirks::deployed) == meaning(line.substr(0, size), quirks::deployed));
    }
  }
}
