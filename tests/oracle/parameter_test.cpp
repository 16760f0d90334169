// The parameters of MAIL and RCPT, judged by the library and by the rules of the extensions themselves.

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "oracle/agreement.hpp"
#include "oracle/parameter_values.hpp"
#include "oracle/parameter_words.hpp"
#include "sansmtp/wire/mail_parameters.hpp"
#include "sansmtp/wire/rcpt_parameters.hpp"

using oracle::agreement;

namespace {

template <class Type>
std::string found(std::string_view text) {
  const auto parsed = Type::parse(text);
  return parsed ? oracle::words(*parsed) : oracle::refusal(parsed, text);
}

template <auto Read>
std::string due(std::string_view text) {
  const auto fields = Read(text);
  return fields ? oracle::words(*fields) : oracle::refused;
}

std::string due_of_mail(std::string_view text) {
  if (text.empty()) return oracle::words(oracle::parameters_fields());
  return due<oracle::read_mail_parameters>(text);
}
std::string due_of_rcpt(std::string_view text) {
  if (text.empty()) return oracle::words(oracle::parameters_fields());
  return due<oracle::read_rcpt_parameters>(text);
}

agreement of_lists() { return {found<sansmtp::parameters>, due<oracle::read_parameters>}; }
agreement of_mail() { return {found<sansmtp::mail_parameters>, due_of_mail}; }
agreement of_rcpt() { return {found<sansmtp::rcpt_parameters>, due_of_rcpt}; }

}  // namespace

TEST_CASE("the rules of parameters are ABNF, each defined once") {
  CHECK(oracle::parameter_grammar().mistakes().empty());
}

TEST_CASE("every octet at every place of a parameter list means what RFC 5321 4.1.2 says") {
  agreement asked = of_lists();
  for (std::string_view text :
       {"A", "A-", "0=a", "a b", "a=b b=c", "XVERP=+=", "XVERP==", "a=\xc3\xa9", "a=\xf0\x90\x80\x80 b"})
    asked.ask_around(text);
  asked.check();
}

TEST_CASE("every octet at every place of a MAIL parameter means what its document says") {
  agreement asked = of_mail();
  for (std::string_view text : {"SIZE=1",
                                "SIZE=18446744073709551615",
                                "BODY=7BIT",
                                "BODY=8BITMIME",
                                "BODY=BINARYMIME",
                                "SMTPUTF8",
                                "AUTH=<>",
                                "AUTH=a@b",
                                "AUTH=a+40b",
                                "RET=FULL",
                                "RET=HDRS",
                                "ENVID=+09a",
                                "BY=1;R",
                                "BY=-1;NT",
                                "BY=+0;N",
                                "HOLDFOR=1",
                                "HOLDFOR=2 BY=2;R",
                                "HOLDUNTIL=2026-01-02T03:04:05Z",
                                "HOLDUNTIL=1990-12-31T23:59:60.1+00:00",
                                "MT-PRIORITY=0",
                                "MT-PRIORITY=-9",
                                "MTRK=AAAAAAAAAAAAAAAAAAAAAAAAAAA:1 ENVID=@",
                                "SOLICIT=a",
                                "SOLICIT=a:b,c",
                                "SUBMITTER=a@b",
                                "SUBMITTER=+22+20+22+40b",
                                "TRANSID=<a@b>",
                                "TRANSID=<a.b@c.d>",
                                "REQUIRETLS",
                                "CONPERM",
                                "XVERP",
                                "XVERP=+=",
                                "PRDR",
                                "XOORG=a.b",
                                "ALT-ADDRESS=a@b",
                                "ALT-ADDRESS=a+40b",
                                "RET=FULL ENVID=a"})
    asked.ask_around(text);
  asked.check();
}

TEST_CASE("every octet at every place of a RCPT parameter means what its document says") {
  agreement asked = of_rcpt();
  for (std::string_view text :
       {"NOTIFY=NEVER", "NOTIFY=DELAY", "NOTIFY=SUCCESS,FAILURE", "ORCPT=a;b", "ORCPT=a;", "ORCPT=rfc822;a+40b",
        "ORCPT=utf-8;a", "ORCPT=utf-8;\\x{7F}", "ORCPT=utf-8;\\x{10FFFF}b", "ORCPT=utf-8;a+b@c", "ORCPT=utf-8;\xc3\xa9",
        "RRVS=2026-01-02T03:04:05Z", "RRVS=2026-01-02T03:04:05+01:00;C", "RRVS=2026-01-02T03:04:05-00:00;R",
        "ALT-ADDRESS=a@b", "CONNEG", "IGNOREQUOTA", "CONNEG NOTIFY=DELAY"})
    asked.ask_around(text);
  asked.check();
}

TEST_CASE("parameters derived from their rules, and the same spoiled, are judged alike") {
  agreement lists = of_lists();
  lists.ask_sentences(oracle::parameter_grammar(), "Mail-parameters", 4000);
  lists.check();
  agreement mail = of_mail(), rcpt = of_rcpt();
  oracle::chance luck(2);
  const auto parameter = [&] {
    const auto& kind = oracle::parameter_kinds[luck.below(std::size(oracle::parameter_kinds))];
    std::string text(kind.keyword);
    if (luck.one_in(20)) return text;
    if (kind.value == oracle::parameter_kind::none && !luck.one_in(20)) return text;
    const bool unitext = text == "ORCPT" && luck.one_in(2);
    const std::string rule = unitext ? "utf-8-type-addr" : text + "-value";
    return text + "=" + oracle::sentence(oracle::parameter_grammar(), rule, luck);
  };
  for (int i = 0; i < 6000; ++i) {
    std::string text = parameter();
    for (std::size_t more = luck.one_in(3) ? luck.below(4) : 0; more != 0; --more) text += " " + parameter();
    const std::string wrong = oracle::spoiled(text, luck);
    for (agreement* asked : {&mail, &rcpt}) {
      asked->ask(text);
      asked->ask(wrong);
    }
  }
  mail.check();
  rcpt.check();
}

TEST_CASE("mailboxes in xtext, dates and embedded characters are judged alike") {
  agreement mail = of_mail(), rcpt = of_rcpt();
  oracle::chance luck(3);
  const auto encoded = [&](std::string_view raw) {
    std::string text;
    for (char c : raw) {
      const auto octet = static_cast<unsigned char>(c);
      if (octet > 32 && octet < 127 && c != '+' && c != '=' && !luck.one_in(8)) {
        text += c;
      } else {
        constexpr std::string_view digits = "0123456789ABCDEF0123456789abcdef";
        const std::size_t from = luck.one_in(30) ? 16 : 0;
        text += std::string("+") + digits[from + octet / 16] + digits[from + octet % 16];
      }
    }
    return text;
  };
  for (int i = 0; i < 1200; ++i) {
    const std::string mailbox = oracle::sentence(oracle::parameter_grammar(), "Mailbox", luck);
    for (const std::string& raw : {mailbox, oracle::spoiled(mailbox, luck)}) {
      for (std::string_view keyword : {"AUTH=", "SUBMITTER=", "ALT-ADDRESS="})
        for (const char* behind : {"", " SMTPUTF8"}) mail.ask(std::string(keyword) + encoded(raw) + behind);
      rcpt.ask("ORCPT=utf-8;" + raw);
      rcpt.ask("ORCPT=rfc822;" + encoded(raw));
      mail.ask("ENVID=" + encoded(raw));
    }
    const auto number = [&](std::size_t from, std::size_t to) {
      std::string digits = std::to_string(from + luck.below(to - from + 1));
      return digits.size() < 2 ? "0" + digits : digits;
    };
    std::string date = number(10, 99) + number(0, 99) + "-" + number(0, 13) + "-" + number(0, 32) + "T";
    date += luck.one_in(2) ? number(22, 24) + ":" + number(58, 60) + ":" + number(58, 61)
                           : number(0, 24) + ":" + number(0, 60) + ":" + number(0, 61);
    if (luck.one_in(3)) date += "." + std::to_string(luck.below(1000000007));
    std::string far = luck.one_in(2) ? "Z" : (luck.one_in(2) ? "+" : "-") + number(0, 24) + ":" + number(0, 60);
    if (luck.one_in(3)) far = "+00:00";
    mail.ask("HOLDUNTIL=" + date + far);
    rcpt.ask("RRVS=" + date + far);
    // A leap second: the last of a month, seen from an hour east.
    const std::string month = number(1, 12);
    rcpt.ask("RRVS=2023-" + month + "-" + number(27, 31) + "T23:59:60Z");
    rcpt.ask("RRVS=2024-" + month + "-01T00:59:60+01:00;C");
    rcpt.ask("RRVS=2024-" + month + "-" + number(28, 31) + "T22:59:60-01:00");
  }
  for (const char* points :
       {"",     "0",    "00",   "0A",   "1f",    "7F",     "80",     "7FF",    "800",    "D7FF",
        "D800", "DFFF", "E000", "FFFF", "10000", "10FFFF", "110000", "FFFFFF", "000041", "0000041"})
    rcpt.ask(std::string("ORCPT=utf-8;\\x{") + points + "}");
  mail.check();
  rcpt.check();
}

TEST_CASE("the lengths and numbers of parameters are kept to the octet") {
  agreement lists = of_lists(), mail = of_mail(), rcpt = of_rcpt();
  oracle::chance luck(4);
  std::string many = "p0";
  for (int i = 1; i < 40; ++i) lists.ask(many += " p" + std::to_string(i));
  for (std::size_t n = 4090; n < 4100; ++n) lists.ask("a=" + std::string(n, 'b'));
  for (std::size_t n = 1; n < 25; ++n) {
    mail.ask("SIZE=" + std::string(n, '9'));
    mail.ask("SIZE=" + std::string(n, '0'));
    mail.ask("SIZE=" + std::string(n, '1'));
    mail.ask("HOLDFOR=" + std::string(n, '9'));
    mail.ask("BY=" + std::string(n, '9') + ";R");
    mail.ask("MTRK=AAAAAAAAAAAAAAAAAAAAAAAAAAA:" + std::string(n, '9') + " ENVID=a@b");
    mail.ask("XVERP=" + std::string(n, '='));
    mail.ask("HOLDUNTIL=2026-01-02T03:04:05." + std::string(n, '1') + "Z");
    mail.ask("HOLDUNTIL=2026-01-02T03:04:05." + std::string(n, '1') + "-00:00");
  }
  for (std::string_view size : {"18446744073709551614", "18446744073709551616", "00000000000000000001",
                                "99999999999999999999", "018446744073709551615"})
    mail.ask("SIZE=" + std::string(size));
  for (std::size_t n = 20; n < 35; ++n) mail.ask("MTRK=" + std::string(n, 'A') + " ENVID=a@b");
  for (std::size_t n = 70; n < 90; ++n) mail.ask("TRANSID=<" + std::string(n - 4, 'a') + "@b>");
  for (std::size_t n = 95; n < 105; ++n) mail.ask("ENVID=" + std::string(n, 'a'));
  for (std::size_t n = 995; n < 1005; ++n) mail.ask("SOLICIT=" + std::string(n, 'a'));
  for (std::size_t n = 495; n < 505; ++n) {
    rcpt.ask("ORCPT=rfc822;" + std::string(n - 7, 'a'));
    rcpt.ask("ORCPT=utf-8;" + std::string(n - 6, 'a'));
  }
  for (std::size_t n = 244; n < 262; ++n) {
    const std::string domain = std::string(60, 'a') + "." + std::string(60, 'b') + "." + std::string(60, 'c') + "." +
                               std::string(60, 'd') + "." + std::string(n - 243, 'e');
    mail.ask("XOORG=" + domain);
    for (std::string_view keyword : {"AUTH=", "SUBMITTER=", "ALT-ADDRESS="}) {
      mail.ask(std::string(keyword) + "a@" + domain);
      mail.ask(std::string(keyword) + "+61+40" + domain);
    }
    for (std::size_t local : {1U, 10U, 64U}) {
      std::string encoded;
      for (char c : std::string(local, 'a') + "@" + domain.substr(0, n - local - 1))
        encoded += c == '@' ? "+40" : c == '.' ? "+2E" : luck.one_in(3) ? "a" : "+61";
      for (std::string_view keyword : {"AUTH=", "SUBMITTER=", "ALT-ADDRESS="}) mail.ask(std::string(keyword) + encoded);
    }
  }
  lists.check();
  mail.check();
  rcpt.check();
}
