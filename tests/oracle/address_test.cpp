// Domains, literals, local parts, mailboxes and paths, judged by the library and by the RFC's own rules.

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "oracle/address_rules.hpp"
#include "oracle/address_words.hpp"
#include "oracle/agreement.hpp"
#include "sansmtp/grammar/domain.hpp"
#include "sansmtp/grammar/host.hpp"
#include "sansmtp/grammar/local_part.hpp"
#include "sansmtp/grammar/mailbox.hpp"
#include "sansmtp/grammar/path.hpp"

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

agreement of_domains() { return {found<sansmtp::domain>, due<oracle::read_domain>}; }
agreement of_literals() { return {found<sansmtp::address_literal>, due<oracle::read_literal>}; }
agreement of_local_parts() { return {found<sansmtp::local_part>, due<oracle::read_local_part>}; }
agreement of_mailboxes() { return {found<sansmtp::mailbox>, due<oracle::read_mailbox>}; }
agreement of_reverse_paths() { return {found<sansmtp::reverse_path>, due<oracle::read_reverse_path>}; }
agreement of_forward_paths() { return {found<sansmtp::forward_path>, due<oracle::read_forward_path>}; }

void ask_around(agreement& asked, std::initializer_list<std::string_view> examples) {
  for (std::string_view example : examples) asked.ask_around(example);
}

std::string times(std::size_t count, std::string_view piece) {
  std::string all;
  for (; count != 0; --count) all += piece;
  return all;
}

}  // namespace

TEST_CASE("the rules of addresses are ABNF, each defined once") { CHECK(oracle::address_grammar().mistakes().empty()); }

TEST_CASE("every octet at every place of a domain means what RFC 5321 4.1.2 says") {
  agreement asked = of_domains();
  ask_around(asked, {"a", "a.b", "a-b", "a--b.c0", "1.2.3.4", "\xc3\xa9", "a\xe2\x82\xac.b", "\xf0\x90\x80\x80-x"});
  // Characters beside those that no U-label has.
  ask_around(asked, {"\xc2\xa1", "\xe3\x80\x83", "a\xef\xbc\x8f", "\xef\xbd\xa0.b", "\xe3\x81\x82-x", "\xef\xbe\xa1"});
  asked.check();
}

TEST_CASE("every octet at every place of an address literal means what RFC 5321 4.1.3 says") {
  agreement asked = of_literals();
  ask_around(asked, {"[1.2.3.4]", "[255.249.100.0]", "[IPv6:::]", "[IPv6:1::]", "[IPv6:::1]", "[IPv6:1:2:3:4:5:6:7:8]",
                     "[IPv6:1:2:3::4:5:6]", "[IPv6:1:2:3:4:5:6::]", "[IPv6:::1:2:3:4:5:6]", "[IPv6:::1.2.3.4]",
                     "[IPv6:1:2:3:4:5:6:1.2.3.4]", "[IPv6:1:2::3:4:1.2.3.4]", "[IPv6:1:2:3:4::1.2.3.4]",
                     "[IPv6:abcd::]", "[a:b]", "[a-b:c]"});
  asked.check();
}

TEST_CASE("every octet at every place of a local part, mailbox and path means what RFC 5321 4.1.2 says") {
  agreement local = of_local_parts();
  ask_around(local,
             {"a", "a.b", "\"a\"", "\" \\\"\"", "\"\\\\\"", "\xc3\xa9", "\"\xe2\x82\xac\"", "!#$%&'*+-/=?^_`{|}~"});
  local.check();
  agreement mailbox = of_mailboxes();
  ask_around(mailbox, {"a@b", "\"a\"@b", "a@[1.2.3.4]", "a@[x:y]", "\xc3\xa9@\xc3\xa9"});
  mailbox.check();
  agreement from = of_reverse_paths();
  ask_around(from, {"<>", "<a@b>", "<@a:b@c>", "<@a,@b:c@d>", "<\"a>\"@b>", "<a@[x:>]>", "<Postmaster>"});
  from.check();
  agreement to = of_forward_paths();
  ask_around(to, {"<>", "<a@b>", "<@a:b@c>", "<@a,@b:c@d>", "<\"a>\"@b>", "<Postmaster>", "<pOSTMASTER@b>"});
  to.check();
}

TEST_CASE("addresses derived from the rules, and the same spoiled, are judged alike") {
  const auto sentences = [](agreement asked, std::string_view rule, std::size_t count) {
    CAPTURE(rule);
    asked.ask_sentences(oracle::address_grammar(), rule, count);
    asked.check();
  };
  sentences(of_domains(), "Domain", 3000);
  sentences(of_literals(), "address-literal", 5000);
  sentences(of_local_parts(), "Local-part", 2000);
  sentences(of_mailboxes(), "Mailbox", 3000);
  sentences(of_reverse_paths(), "Reverse-path", 3000);
  sentences(of_forward_paths(), "Rcpt-path", 3000);
}

TEST_CASE("the lengths of RFC 5321 4.5.3.1 are kept to the octet") {
  agreement local = of_local_parts(), domain = of_domains(), literal = of_literals();
  agreement mailbox = of_mailboxes(), from = of_reverse_paths(), to = of_forward_paths();
  for (std::size_t n = 55; n < 70; ++n) {
    local.ask(times(n, "a"));
    local.ask(times(n / 2, "a."));
    local.ask(times(n / 2, "a.") + "b");
    local.ask("\"" + times(n - 2, "a") + "\"");
    local.ask("\"" + times(n / 2 - 1, "\\a") + "\"");
    local.ask(times(n / 2, "\xc3\xa9"));
    domain.ask(times(n, "a"));
    domain.ask(times(n, "a") + ".b");
    domain.ask("a." + times(n, "a") + ".b");
    domain.ask("a." + times(n - 1, "-") + "b");
    domain.ask("a." + times(n, "-") + ".b");
    domain.ask(times(n / 2, "\xc3\xa9") + ".b");
    domain.ask("x" + times(n, "\xc3\xa9") + ".b");
  }
  const std::string label = times(49, "a") + ".";
  for (std::size_t n = 180; n < 270; ++n) {
    const std::string name = times(n / 50, label) + times(n % 50, "b") + "c";
    domain.ask(name);
    domain.ask(times(n / 2, "a.") + "b");
    literal.ask("[x:" + times(n - 4, "y") + "]");
    mailbox.ask("a@" + name);
    mailbox.ask(times(64, "a") + "@" + name.substr(0, n - 65));
    mailbox.ask("a@[x:" + times(n - 6, "y") + "]");
    for (const std::string& text :
         {"<a@" + name + ">", "<@" + name.substr(0, n / 2) + ":a@b" + name.substr(n / 2) + ">",
          "<@a,@b:" + times(64, "a") + "@" + name.substr(0, n - 70) + ">", "<" + times(n, "@a,") + "@b:c@d>"}) {
      from.ask(text);
      to.ask(text);
    }
  }
  for (const agreement* asked : {&local, &domain, &literal, &mailbox, &from, &to}) asked->check();
}
