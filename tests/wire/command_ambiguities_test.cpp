// What the RFCs leave open about command lines: the decision taken for each, strictly and as deployed.
//
// A-nn numbers the open points. Each case names its decision, and where the texts disagree.

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "sansmtp/base/fault.hpp"
#include "sansmtp/grammar/base64.hpp"
#include "wire/command_words.hpp"

using namespace sansmtp;
using support::check;
using support::line_of;
using support::meaning;
using support::refused;

namespace {

// Every combination of these two, and the RFC's letter as well as what is deployed.
constexpr quirks both[] = {quirks::strict, quirks::deployed};

}  // namespace

TEST_CASE(
    "A-01: HELO takes an address literal as EHLO does; a stranger word, or words behind it, only by quirk, flagged") {
  // RFC 5321 4.1.1.1: helo = "HELO" SP Domain, but 4.1.3 wants literals from hosts without a name.
  check({{"HELO [192.0.2.1]", "helo|[192.0.2.1]"},
         {"HELO localhost", "helo|localhost"},
         {"HELO my_pc", refused(errc::hello_name_malformed, 7), "helo|my_pc|not conforming"},
         {"HELO a..b", refused(errc::hello_name_malformed, 7), "helo|a..b|not conforming"},
         {"EHLO a b c", refused(errc::hello_name_malformed, 6), "ehlo|a|not conforming"},
         {"LHLO [192.0.2.1] hi", refused(errc::hello_name_malformed, 16), "lhlo|[192.0.2.1]|not conforming"},
         {"HELO", refused(errc::argument_missing, 4)},
         {"EHLO", refused(errc::argument_missing, 4)}});
  CHECK(facts(errc::argument_missing).reply == 501);
}

TEST_CASE("A-02: an empty quoted local part is refused, as RFC 5321 erratum 5414 has it") {
  check({{"MAIL FROM:<\"\"@b.example>", refused(errc::local_part_empty, 12)},
         {"RCPT TO:<\"\"@b.example>", refused(errc::local_part_empty, 10)},
         {"SEND FROM:<\"\"@b.example>", refused(errc::local_part_empty, 12)},
         {"RCPT TO:<\" \"@b.example>", "rcpt|\" \"@b.example"}});
}

TEST_CASE("A-05: a parameter's keyword begins with a letter or a digit; Keyword = Ldh-str is used by no rule") {
  check({{"MAIL FROM:<a@b.example> -X=1", refused(errc::parameter_malformed, 24)},
         {"MAIL FROM:<a@b.example> 8X-=1", "mail|a@b.example|8X-=1"}});
}

TEST_CASE(
    "A-06: a label begins and ends with a letter or digit; hyphens may double within; the underscore is a quirk") {
  check({{"RCPT TO:<a@x--y.example>", "rcpt|a@x--y.example"},
         {"RCPT TO:<a@xy-.example>", refused(errc::domain_hyphen, 13)},
         {"RCPT TO:<a@-xy.example>", refused(errc::domain_hyphen, 11)},
         {"RCPT TO:<a@x_y.example>", refused(errc::domain_octet, 12), "rcpt|a@x_y.example"},
         // RFC 2645 5.2.1's ldh-str is the same language, printed differently.
         {"ATRN x--y.example", "atrn|x--y.example"},
         {"ATRN xy-.example", refused(errc::domain_list_malformed, 7)},
         {"ATRN x_y.example", refused(errc::domain_list_malformed, 6), "atrn|x_y.example"},
         {"ETRN x_y.example", refused(errc::node_malformed, 6), "etrn|node|x_y.example"}});
}

TEST_CASE("A-07: a domain may be one label or all digits, has no empty label and no dot at its end; ATRN's has a dot") {
  const std::string label63(63, 'a'), label64(64, 'a');
  const std::string long_domain = label63 + "." + label63 + "." + label63 + "." + label63;  // 255
  for (quirks q : both) {
    CHECK(meaning("RCPT TO:<a@b>", q) == "rcpt|a@b");
    CHECK(meaning("RCPT TO:<a@1.2.3.4>", q) == "rcpt|a@1.2.3.4");
    CHECK(meaning("RCPT TO:<a@b..c>", q) == refused(errc::domain_label_empty, 13));
    CHECK(meaning("RCPT TO:<a@b.>", q) == refused(errc::domain_trailing_dot, 12));
    CHECK(meaning("RCPT TO:<a@" + label63 + ">", q) == "rcpt|a@" + label63);
    CHECK(meaning("RCPT TO:<a@" + label64 + ">", q) == refused(errc::domain_label_too_long, 11 + 63));
    CHECK(meaning("EHLO " + long_domain, q) == "ehlo|" + long_domain);
    CHECK(meaning("ETRN b", q) == "etrn|node|b");
    CHECK(meaning("ATRN b", q) == refused(errc::domain_list_malformed, 6));
    CHECK(meaning("ATRN b.c.", q) == refused(errc::domain_list_malformed, 8));
  }
  CHECK(meaning("RCPT TO:<a@b.>", quirk::trailing_dot) == "rcpt|a@b.");
  CHECK(facts(errc::domain_trailing_dot).reply == 501);
}

TEST_CASE("A-08: one SP behind the verb and none behind the colon; more SP is a quirk, HTAB never") {
  // RFC 5321 4.1.1.2's grammar; RFC 821 4.1.1 had "one or more spaces", examples of RFC 2645 and 4141 "FROM: <".
  check({{"MAIL FROM: <a@b.example>", refused(errc::path_bare, 10), "mail|a@b.example"},
         {"MAIL   FROM:<a@b.example>", refused(errc::argument_malformed, 5), "mail|a@b.example"},
         {"RCPT TO:  <a@b.example>  NOTIFY=NEVER", refused(errc::path_bare, 8), "rcpt|a@b.example|NOTIFY=NEVER"},
         {"SAML FROM: <a@b.example>", refused(errc::path_bare, 10), "saml|a@b.example"},
         {"BDAT  1  LAST", refused(errc::chunk_size_malformed, 5), "bdat|1|last"},
         {"BURL  a:b  LAST", refused(errc::uri_malformed, 5), "burl|a:b|last"},
         {"ETRN  a.example", refused(errc::node_malformed, 5), "etrn|node|a.example"},
         {"ATRN  a.example", refused(errc::domain_list_malformed, 5), "atrn|a.example"},
         {"XCLIENT  NAME=a  HELO=b", refused(errc::attribute_malformed, 8), "xclient|NAME=a|HELO=b"},
         {"WELLKNOWN  a", refused(errc::xtext_malformed, 10), "wellknown|a"},
         {"NOOP  a", refused(errc::argument_malformed, 5), "noop|a"},
         {"XADR  a", refused(errc::argument_malformed, 5), "other|XADR|XADR|a"},
         {"MAIL FROM:\t<a@b.example>", refused(errc::control_octet, 10)},
         {"MAIL\tFROM:<a@b.example>", refused(errc::control_octet, 4)},
         {"MAIL FROM :<a@b.example>", refused(errc::argument_malformed, 9)}});
  CHECK(line_of(*parse_command("mail  from:  <a@b.example>", quirks::deployed)) == "MAIL FROM:<a@b.example>");
}

TEST_CASE(
    "A-09: Postmaster alone, in any case, is a recipient and never a sender; the null path is never a recipient") {
  check({{"RCPT TO:<Postmaster>", "rcpt|postmaster"},
         {"RCPT TO:<pOsTmAsTeR>", "rcpt|postmaster"},
         {"RCPT TO:<postmaster@b.example>", "rcpt|postmaster@b.example"},
         {"MAIL FROM:<Postmaster>", refused(errc::at_sign_missing, 21)},
         {"SEND FROM:<Postmaster>", refused(errc::at_sign_missing, 21)},
         {"RCPT TO:<\"Postmaster\">", refused(errc::at_sign_missing, 21)},
         {"RCPT TO:<>", refused(errc::path_null, 9)},
         {"MAIL FROM:<>", "mail|null"},
         {"SOML FROM:<>", "soml|null"}});
  CHECK(facts(errc::path_null).reply == 501);
}

TEST_CASE("A-22: = is an empty initial response, nothing is none, and = alone is no response line (RFC 4954 4, 8)") {
  check({{"AUTH EXTERNAL =", "auth|EXTERNAL|"},
         {"AUTH EXTERNAL", "auth|EXTERNAL"},
         {"AUTH EXTERNAL ", refused(errc::argument_malformed, 13), "auth|EXTERNAL"},
         {"AUTH EXTERNAL ==", refused(errc::base64_padding, 14)},
         {"AUTH EXTERNAL = =", refused(errc::base64_octet, 15)}});
  const auto response = [](std::string_view line) { return base64_text::parse(line); };
  REQUIRE(response(""));
  CHECK(response("")->decoded_size() == 0);
  CHECK(!response("="));
  CHECK(facts(response("=").error()).reply == 501);
  CHECK(line_of(auth{"EXTERNAL", base64_text{}}) == "AUTH EXTERNAL =");
  CHECK(line_of(auth{"EXTERNAL"}) == "AUTH EXTERNAL");
}

TEST_CASE("A-35: a chunk's size has any number of digits up to 64 bits; 0 without LAST is a chunk (RFC 3030 2)") {
  check({{"BDAT 0", "bdat|0"},
         {"BDAT 0 LAST", "bdat|0|last"},
         {"BDAT 00000000000000000000000000000001", "bdat|1"},
         {"BDAT 18446744073709551615", "bdat|18446744073709551615"},
         {"BDAT 18446744073709551616", refused(errc::number_too_large, 24)},
         {"BDAT 1x", refused(errc::chunk_size_malformed, 6)},
         {"BDAT", refused(errc::chunk_size_malformed, 4)}});
  // Where no size is known, nothing can tell what follows from commands.
  for (std::string_view line : {"BDAT 18446744073709551616", "BDAT 1x", "BDAT", "BDAT LAST"})
    CHECK(!announced_chunk(line));
  CHECK(announced_chunk("BDAT 7 LOST") == 7);
}

TEST_CASE("A-37: SP and HTAB before the CRLF are ignored by quirk alone, and never part of an argument") {
  // RFC 5321 4.1.1: receivers SHOULD tolerate trailing white space.
  check({{"QUIT ", refused(errc::argument_malformed, 4), "quit"},
         {"QUIT \t \t", refused(errc::argument_malformed, 4), "quit"},
         {"MAIL FROM:<a@b.example> ", refused(errc::argument_malformed, 23), "mail|a@b.example"},
         {"MAIL FROM:<a@b.example> SIZE=1\t", refused(errc::argument_malformed, 30), "mail|a@b.example|SIZE=1"},
         {"NOOP x \t", refused(errc::argument_malformed, 6), "noop|x"},
         {"VRFY x ", refused(errc::argument_malformed, 6), "vrfy|x"},
         {"ATRN ", refused(errc::argument_malformed, 4), "atrn"},
         {"TURN ", refused(errc::argument_malformed, 4), "other|TURN|TURN|"},
         {"FROB x ", refused(errc::argument_malformed, 6), "other||FROB|x"}});
}

TEST_CASE("A-38: DATA, RSET, QUIT and STARTTLS with an argument are 501; NOOP and HELP take free text") {
  check({{"DATA x", refused(errc::argument_unexpected, 4)},
         {"RSET x", refused(errc::argument_unexpected, 4)},
         {"QUIT x", refused(errc::argument_unexpected, 4)},
         {"STARTTLS x", refused(errc::argument_unexpected, 8)},
         {"NOOP two words, <no> String", "noop|two words, <no> String"},  // RFC 5321 4.1.1.9: [SP String]
         {"HELP two words", "help|two words"}});
  CHECK(facts(errc::argument_unexpected).reply == 501);
}

TEST_CASE("A-39: VRFY and EXPN take the rest of the line, be it a String, an address, a path or words") {
  check(
      {{"VRFY bob", "vrfy|bob"},
       {"VRFY \"Bob\"", "vrfy|\"Bob\""},
       {"VRFY bob@b.example", "vrfy|bob@b.example"},
       {"VRFY <bob@b.example>", "vrfy|<bob@b.example>"},
       {"EXPN Bob of the Post", "expn|Bob of the Post"},
       // The word behind it is a word behind it, and alone it is whom to look for (RFC 6531 3.7.4.2, RFC 5336 3.7.4.2).
       {"VRFY bob SMTPUTF8", "vrfy|bob|SMTPUTF8"},
       {"VRFY bob utf8reply", "vrfy|bob|UTF8REPLY"},
       {"VRFY SMTPUTF8", "vrfy|SMTPUTF8"},
       {"VRFY UTF8REPLY", "vrfy|UTF8REPLY"},
       {"VRFY bobSMTPUTF8", "vrfy|bobSMTPUTF8"},
       {"VRFY bob SMTPUTF8=1", "vrfy|bob SMTPUTF8=1"},
       {"VRFY SMTPUTF8 bob", "vrfy|SMTPUTF8 bob"},
       {"VRFY bob SMTPUTF8 SMTPUTF8", refused(errc::argument_malformed, 9)},
       {"VRFY bob UTF8REPLY SMTPUTF8", refused(errc::argument_malformed, 9)}});
}

TEST_CASE("A-40: a backslash outside quotes is refused, though RFC 821 had it") {
  check({{"MAIL FROM:<a\\b@b.example>", refused(errc::local_part_octet, 12)},
         {"RCPT TO:<a\\@b@b.example>", refused(errc::local_part_octet, 10)},
         {"SAML FROM:<a\\b@b.example>", refused(errc::local_part_octet, 12)}});
}

TEST_CASE("A-41: quoting is spelling: what is quoted compares as its content, and is written as it came") {
  for (quirks q : both) {
    const auto quoted = parse_command("RCPT TO:<\"a\\bc\"@d.example>", q);
    const auto plain = parse_command("RCPT TO:<abc@D.example>", q);
    REQUIRE(quoted);
    REQUIRE(plain);
    CHECK(std::get<rcpt>(*quoted).to == std::get<rcpt>(*plain).to);
    CHECK(line_of(*quoted) == "RCPT TO:<\"a\\bc\"@d.example>");
  }
}

TEST_CASE("A-44: a malformed ETRN is 501: what RFC 1985 5.2 calls 550 and 551 is 500 and 501") {
  check({{"ETRN", refused(errc::argument_missing, 4)},
         {"ETRN @", refused(errc::argument_missing, 6)},
         {"ETRN a b", refused(errc::node_malformed, 6)},
         {"ETRN #a b", refused(errc::node_malformed, 7)}});
  CHECK(facts(errc::argument_missing).reply == 501);
  CHECK(facts(errc::node_malformed).reply == 501);
}

TEST_CASE("A-48: the name behind EHLO is ASCII, also where SMTPUTF8 is offered, whatever the quirks") {
  for (std::string_view line :
       {"EHLO m\xC3\xBCller.example", "HELO m\xC3\xBCller.example", "LHLO m\xC3\xBCller.example"})
    for (quirks q : {quirks::strict, quirks::deployed, quirks::all}) {
      CAPTURE(line);
      CHECK(meaning(line, q) == refused(errc::non_ascii_octet, 6));
    }
  CHECK(facts(errc::non_ascii_octet).reply == 501);
}

TEST_CASE("A-49: a path without brackets is refused, also as deployed; one quirk takes it, and brackets are written") {
  check({{"MAIL FROM:a@b.example", refused(errc::path_bare, 10)},
         {"RCPT TO:a@b.example", refused(errc::path_bare, 8)},
         {"SEND FROM:a@b.example", refused(errc::path_bare, 10)}});
  for (std::string_view line : {"MAIL FROM:a@b.example", "SEND FROM:a@b.example", "RCPT TO:a@b.example"}) {
    const auto bare = parse_command(line, quirk::bare_path);
    REQUIRE(bare);
    const std::string written = line_of(*bare);
    CHECK(written.substr(written.find(':')) == ":<a@b.example>");
  }
}

TEST_CASE("A-62: BDAT LAST is one line like any other: what stands behind its octets does not touch it") {
  // RFC 2920 3.1 and RFC 3030 4.2 leave open what may follow it in a group; read anything, write it last.
  for (quirks q : both) {
    CHECK(meaning("BDAT 2 LAST", q) == "bdat|2|last");
    CHECK(meaning("BDAT 2 last", q) == "bdat|2|last");
    CHECK(meaning("BDAT 2 LASTMAIL FROM:<>", q) == refused(errc::chunk_marker, 11));
    CHECK(meaning("BURL a:b LASTQUIT", q) == refused(errc::chunk_marker, 13));
  }
}

TEST_CASE("A-63: STARTTLS, AUTH and ETRN are the same lines before EHLO as behind it: order is the session's") {
  check({{"STARTTLS", "starttls"}, {"AUTH PLAIN", "auth|PLAIN"}, {"ETRN b.example", "etrn|node|b.example"}});
  CHECK(facts(errc::out_of_sequence).reply == 503);
}
