// Command lines, judged by the library and by the RFCs' own rules.

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "oracle/agreement.hpp"
#include "oracle/command_rules.hpp"
#include "oracle/command_words.hpp"
#include "sansmtp/wire/encode_command.hpp"
#include "sansmtp/wire/parse_command.hpp"

using oracle::agreement;

namespace {

std::string found(std::string_view line) {
  const auto parsed = sansmtp::parse_command(line);
  return parsed ? oracle::words(*parsed) : oracle::refusal(parsed, line);
}

std::string due(std::string_view line) {
  const auto fields = oracle::read_command(line);
  return fields ? oracle::words(*fields) : oracle::refused;
}

agreement of_commands() { return {found, due}; }

}  // namespace

TEST_CASE("the rules of commands are ABNF, each defined once") { CHECK(oracle::command_grammar().mistakes().empty()); }

TEST_CASE("every octet at every place of MAIL and RCPT means what RFC 5321 4.1.1 says") {
  agreement asked = of_commands();
  for (std::string_view line :
       {"MAIL FROM:<>", "mail from:<a@b> SIZE=1", "RCPT TO:<a@b>", "RCPT TO:<Postmaster>", "RCPT TO:<@a:b@c> A=b",
        "MAIL FROM:<\xc3\xa9@b> SMTPUTF8", "RCPT TO:<\xc3\xa9@\xc3\xa9>"})
    asked.ask_around(line);
  asked.check();
}

TEST_CASE("every octet at every place of the other commands means what its document says") {
  agreement asked = of_commands();
  for (std::string_view line : {"EHLO a.b",
                                "HELO [1.2.3.4]",
                                "LHLO a",
                                "DATA",
                                "RSET",
                                "QUIT",
                                "NOOP",
                                "NOOP a b",
                                "HELP",
                                "HELP MAIL",
                                "VRFY a",
                                "VRFY a SMTPUTF8",
                                "EXPN \xc3\xa9 UTF8REPLY",
                                "EXPN a b",
                                "BDAT 0",
                                "BDAT 10 LAST",
                                "STARTTLS",
                                "AUTH A",
                                "AUTH PLAIN =",
                                "AUTH A QUI=",
                                "AUTH A QQ== ",
                                "AUTH A QUJD",
                                "ETRN a",
                                "ETRN @a.b",
                                "ETRN #q",
                                "ATRN",
                                "ATRN a.b",
                                "ATRN a.b,c-d.e",
                                "SEND FROM:<a@b>",
                                "SOML FROM:<>",
                                "SAML FROM:<a@b>",
                                "TURN",
                                "VERB ON",
                                "ONEX",
                                "X a",
                                "XCLIENT NAME=a",
                                "XCLIENT ADDR=1.2.3.4 PORT=1",
                                "XFORWARD SOURCE=LOCAL",
                                "XFORWARD ADDR=IPV6:::1",
                                "WELLKNOWN a+41",
                                "BURL a:",
                                "BURL a://b@[v1.a]:1/c?d LAST",
                                "BURL a:%41/b",
                                "XEXCH50 1 2",
                                "X-EXPS A",
                                "FOO",
                                ""})
    asked.ask_around(line);
  asked.check();
}

TEST_CASE("the word behind the text of VRFY and EXPN is told from the text") {
  agreement asked = of_commands();
  const std::string_view pieces[] = {"a", "SMTPUTF8", "utf8reply", "", "\"SMTPUTF8\"", "SMTPUTF8x"};
  for (std::string_view verb : {"VRFY", "expn"})
    for (std::string_view first : pieces)
      for (std::string_view second : pieces)
        for (std::string_view third : pieces)
          for (std::string_view fourth : pieces) {
            std::string line(verb);
            for (std::string_view piece : {first, second, third, fourth}) asked.ask(line += " " + std::string(piece));
          }
  asked.check();
}

TEST_CASE("the numbers and lengths of commands are kept to the octet") {
  agreement asked = of_commands();
  for (std::string_view size : {"18446744073709551614", "18446744073709551615", "18446744073709551616",
                                "99999999999999999999", "018446744073709551615", "0000000000000000000000000000001"})
    for (std::string_view marker : {"", " LAST", " last", " LAS", " LASTS", " LAST LAST"})
      asked.ask("BDAT " + std::string(size) + std::string(marker));
  const std::string label = std::string(49, 'a') + ".";
  const auto domain = [&](std::size_t n) {
    std::string name;
    for (; n > 60; n -= 50) name += label;
    return name + std::string(n, 'b');
  };
  for (std::size_t n = 28; n < 45; ++n) {
    asked.ask(std::string(n, 'X'));
    asked.ask(std::string(n, 'X') + " a");
    asked.ask("AUTH " + std::string(n, 'X'));
    asked.ask("AUTH " + std::string(n, 'X') + " QQ==");
  }
  for (std::size_t n = 240; n < 270; ++n) {
    for (std::string_view verb : {"EHLO ", "HELO ", "ETRN ", "ETRN @", "ETRN #", "ATRN ", "ATRN a.b,", "XCLIENT HELO=",
                                  "XFORWARD IDENT=", "XCLIENT x=+41", "XCLIENT PROTO=", "NOOP ", "SAML FROM:<a@"}) {
      asked.ask(std::string(verb) + domain(n));
      asked.ask(std::string(verb) + domain(n) + ">");
    }
    asked.ask("EHLO [x:" + std::string(n - 4, 'a') + "]");
    asked.ask("ETRN #" + std::string(n, '!'));
  }
  for (std::size_t n = 495; n < 520; ++n) {
    asked.ask("WELLKNOWN " + std::string(n, 'a'));
    asked.ask("ATRN " + domain(250) + "," + domain(n - 251));
    asked.ask("XCLIENT A=" + std::string(250, 'a') + " B=" + std::string(n - 255, 'a'));
    asked.ask("XCLIENT A=" + std::string(80, '+') + "41");
  }
  for (std::size_t n = 60; n < 70; ++n) asked.ask("XFORWARD PROTO=" + std::string(n, 'a'));
  for (std::size_t n = 2040; n < 2056; ++n) asked.ask("BURL a:" + std::string(n - 2, 'b') + " LAST");
  for (std::size_t n = 12276; n < 12300; ++n) asked.ask("AUTH A " + std::string(n, 'A'));
  std::string many = "XCLIENT";
  for (int i = 0; i < 36; ++i) asked.ask(many += " N" + std::to_string(i) + "=");
  for (unsigned n = 65530; n < 65540; ++n)
    for (std::string_view zeros : {"", "0", "00000"})
      asked.ask("XCLIENT PORT=" + std::string(zeros) + std::to_string(n));
  for (std::string_view none :
       {"[UNAVAILABLE]", "[tempunavail]", "[Unavailable]x", "+5BUNAVAILABLE]", "1.2.3.4", "IPv6:1::2",
        "IPV6:1:2:3:4:5:6:7::", "IPV6:1:2:3:4:5:6::1.2.3.4", "IPV6:::1:2:3:4:5:6:7:8", "SMTP", "lmtp"})
    for (std::string_view name : {"ADDR", "destaddr", "PORT", "PROTO", "SOURCE", "NAME", "LOGIN", "TTL"})
      for (std::string_view verb : {"XCLIENT ", "XFORWARD "})
        asked.ask(std::string(verb) + std::string(name) + "=" + std::string(none));
  asked.check();
}

TEST_CASE("commands derived from the rules, and the same spoiled, are judged alike") {
  agreement asked = of_commands();
  for (std::string_view verb : oracle::ruled_verbs) {
    const bool long_rule = verb == "MAIL" || verb == "RCPT" || verb == "BURL";
    asked.ask_sentences(oracle::command_grammar(), verb, long_rule ? 3000 : 400);
  }
  asked.ask_sentences(oracle::command_grammar(), "other-command", 2000);
  asked.check();
}

// The command as the library writes it: one line, without its CRLF; "" when it would not.
std::string rewritten(std::string_view line) {
  const auto parsed = sansmtp::parse_command(line);
  sansmtp::output_buffer<8192> out;
  if (!parsed || !encode(*parsed, out) || !out.written().ends_with("\r\n")) return "";
  return std::string(out.written().substr(0, out.written().size() - 2));
}

TEST_CASE("what the library writes, the rules read as the command it was") {
  oracle::chance luck(10);
  std::size_t written = 0;
  for (std::string_view verb : oracle::ruled_verbs)
    for (int i = 0; i < 400; ++i) {
      const std::string line = oracle::sentence(oracle::command_grammar(), verb, luck);
      auto due = oracle::read_command(line);
      if (!due) continue;
      if (due->path) due->path->route.clear();  // RFC 5321 3.6.1: nobody should write one
      if (verb == "AUTH") due->texts["mechanism"] = oracle::in_upper_case(due->texts["mechanism"]);  // RFC 4422 3.1
      CAPTURE(line);
      const std::string again = rewritten(line);
      const auto read = oracle::read_command(again);
      CHECK(++written != 0);
      CHECK((read ? oracle::words(*read) : again) == oracle::words(*due));
    }
  CHECK(written > 4000);
}

TEST_CASE("MAIL and RCPT with the parameters of all extensions are judged alike") {
  agreement asked = of_commands();
  oracle::chance luck(5);
  for (int i = 0; i < 10000; ++i) {
    const bool mail = luck.one_in(2);
    std::string line = oracle::sentence(oracle::command_grammar(), mail ? "Reverse-path" : "Rcpt-path", luck);
    line.insert(0, mail ? "MAIL FROM:" : "RCPT TO:");
    for (std::size_t more = luck.below(4); more != 0; --more) {
      const auto& kind = oracle::parameter_kinds[luck.below(std::size(oracle::parameter_kinds))];
      if (!(mail ? kind.mail : kind.rcpt) && !luck.one_in(10)) continue;
      line += " " + std::string(kind.keyword);
      if (kind.value == oracle::parameter_kind::none) continue;
      line += "=" + oracle::sentence(oracle::command_grammar(), std::string(kind.keyword) + "-value", luck);
    }
    asked.ask(line);
    if (luck.one_in(2)) asked.ask(oracle::spoiled(line, luck));
  }
  asked.check();
}
