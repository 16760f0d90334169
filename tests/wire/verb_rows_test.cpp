// Every verb that was ever registered or is in use: a line that its grammar takes and one that it refuses.
//
// Each row names where the grammar is; verbs of no RFC have the form that every command has (RFC 5321 4.1.5).

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>

#include "sansmtp/session/act.hpp"
#include "wire/command_words.hpp"

using namespace sansmtp;
using support::meaning;
using support::refused;

namespace {

struct verb_row {
  verb what;
  std::string_view rule;
  std::string_view taken;
  std::string meaning;
  std::string_view not_taken;
  errc why;
  std::size_t at;
};

const verb_row rows[] = {
    {verb::ehlo, "RFC 5321 4.1.1.1", "EHLO [IPv6:2001:db8::1]", "ehlo|[IPv6:2001:db8::1]", "EHLO \xC3\xA9.example",
     errc::non_ascii_octet, 5},
    {verb::helo, "RFC 5321 4.1.1.1", "HELO a.example", "helo|a.example", "HELO", errc::argument_missing, 4},
    {verb::lhlo, "RFC 2033 4.1", "LHLO a.example", "lhlo|a.example", "LHLO", errc::argument_missing, 4},
    {verb::mail, "RFC 5321 4.1.1.2", "MAIL FROM:<a@b.example> SIZE=1", "mail|a@b.example|SIZE=1", "MAIL FROM:<a@>",
     errc::domain_empty, 13},
    {verb::rcpt, "RFC 5321 4.1.1.3", "RCPT TO:<Postmaster@b.example>", "rcpt|Postmaster@b.example", "RCPT TO:<>",
     errc::path_null, 9},
    {verb::data, "RFC 5321 4.1.1.4", "DATA", "data", "DATA now", errc::argument_unexpected, 4},
    {verb::bdat, "RFC 3030 2", "BDAT 100 LAST", "bdat|100|last", "BDAT 1OO LAST", errc::chunk_size_malformed, 6},
    {verb::burl, "RFC 4468 3.5", "BURL imap://h/m;uid=1 LAST", "burl|imap://h/m;uid=1|last", "BURL /m;uid=1 LAST",
     errc::uri_malformed, 5},
    {verb::rset, "RFC 5321 4.1.1.5", "RSET", "rset", "RSET all", errc::argument_unexpected, 4},
    {verb::noop, "RFC 5321 4.1.1.9", "NOOP \"a b\"", "noop|\"a b\"", "NOOP \x7F", errc::control_octet, 5},
    {verb::quit, "RFC 5321 4.1.1.10", "QUIT", "quit", "QUIT now", errc::argument_unexpected, 4},
    {verb::vrfy, "RFC 6531 3.7.4.2", "VRFY \"a b\" SMTPUTF8", "vrfy|\"a b\"|SMTPUTF8", "VRFY", errc::argument_missing,
     4},
    {verb::expn, "RFC 5336 3.7.4.2", "EXPN list UTF8REPLY", "expn|list|UTF8REPLY", "EXPN list SMTPUTF8 UTF8REPLY",
     errc::argument_malformed, 10},
    {verb::help, "RFC 5321 4.1.1.8", "HELP MAIL", "help|MAIL", "HELP \xC3\xA9", errc::non_ascii_octet, 5},
    {verb::starttls, "RFC 3207 4", "STARTTLS", "starttls", "STARTTLS 1.3", errc::argument_unexpected, 8},
    {verb::auth, "RFC 4954 8", "AUTH EXTERNAL =", "auth|EXTERNAL|", "AUTH PLAIN AG=", errc::base64_length, 14},
    {verb::etrn, "RFC 1985 5", "ETRN @foo.com", "etrn|below|foo.com", "ETRN", errc::argument_missing, 4},
    {verb::atrn, "RFC 2645 5.2.1", "ATRN example.org,example.com", "atrn|example.org|example.com", "ATRN localhost",
     errc::domain_list_malformed, 14},
    {verb::turn, "RFC 821 4.1.2", "TURN", "other|TURN|TURN|", "TURN a.example", errc::argument_unexpected, 4},
    {verb::send, "RFC 821 4.1.2", "SEND FROM:<a@b.example>", "send|a@b.example", "SEND FROM:<a@b.example> SIZE=1",
     errc::argument_unexpected, 24},
    {verb::soml, "RFC 821 4.1.2", "SOML FROM:<>", "soml|null", "SOML TO:<a@b.example>", errc::argument_malformed, 5},
    {verb::saml, "RFC 821 4.1.2", "SAML FROM:<@x.example:a@b.example>", "saml|a@b.example", "SAML FROM:a",
     errc::path_bare, 10},
    {verb::xclient, "RFC 3461 4 for the values", "XCLIENT NAME=a+2Bb ADDR=192.0.2.1", "xclient|NAME=a+b|ADDR=192.0.2.1",
     "XCLIENT NAME", errc::attribute_malformed, 12},
    {verb::xforward, "RFC 3461 4 for the values", "XFORWARD SOURCE=LOCAL", "xforward|SOURCE=LOCAL", "XFORWARD LOGIN=a",
     errc::attribute_malformed, 9},
    {verb::verb, "none", "VERB ON", "other|VERB|VERB|ON", "VERB \x01", errc::control_octet, 5},
    {verb::onex, "none", "ONEX", "other|ONEX|ONEX|", "ONEX ON", errc::argument_unexpected, 4},
    {verb::wellknown, "RFC 3461 4 for the key", "WELLKNOWN a+20b", "wellknown|a b", "WELLKNOWN a=b",
     errc::xtext_malformed, 11},
    {verb::xadr, "none", "XADR", "other|XADR|XADR|", "XADR \xFF", errc::non_ascii_octet, 5},
    {verb::xsta, "none", "XSTA ims-ms", "other|XSTA|XSTA|ims-ms", "XSTA.x", errc::verb_malformed, 4},
    {verb::xcir, "none", "XCIR", "other|XCIR|XCIR|", "XCIR=1", errc::verb_malformed, 4},
    {verb::xgen, "none", "XGEN", "other|XGEN|XGEN|", "XGEN:", errc::verb_malformed, 4},
    {verb::xexch50, "none", "XEXCH50 1072 2", "other|XEXCH50|XEXCH50|1072 2", "XEXCH50", errc::argument_missing, 7},
    {verb::x_exps, "none", "X-EXPS NTLM", "other|X-EXPS|X-EXPS|NTLM", "X-EXPS", errc::argument_missing, 6},
    {verb::x_anonymoustls, "none", "X-ANONYMOUSTLS", "other|X-ANONYMOUSTLS|X-ANONYMOUSTLS|", "X-ANONYMOUSTLS x",
     errc::argument_unexpected, 14},
    {verb::x_link2state, "none", "X-LINK2STATE LAST CHUNK={1}", "other|X-LINK2STATE|X-LINK2STATE|LAST CHUNK={1}",
     "X-LINK2STATE \x1B", errc::control_octet, 13},
    {verb::xshadow, "none", "XSHADOW x", "other|XSHADOW|XSHADOW|x", "XSHADOW,x", errc::verb_malformed, 7},
    {verb::xshadowrequest, "none", "XSHADOWREQUEST x", "other|XSHADOWREQUEST|XSHADOWREQUEST|x", "XSHADOWREQUEST x\x80",
     errc::non_ascii_octet, 16},
    {verb::xproxy, "none", "XPROXY SID=1", "other|XPROXY|XPROXY|SID=1", "XPROXY. 1", errc::verb_malformed, 6},
    {verb::xproxyfrom, "none", "XPROXYFROM SID=1", "other|XPROXYFROM|XPROXYFROM|SID=1", "XPROXYFROM\x01",
     errc::control_octet, 10},
    {verb::xproxyto, "none", "XPROXYTO x", "other|XPROXYTO|XPROXYTO|x", "XPROXYTO/x", errc::verb_malformed, 8},
    {verb::xsessionparams, "none", "XSESSIONPARAMS x", "other|XSESSIONPARAMS|XSESSIONPARAMS|x", "XSESSIONPARAMS@x",
     errc::verb_malformed, 14},
    // any other, private or not (RFC 5321 4.1.5, 4.2.4)
    {verb::unknown, "RFC 5321 4.1.5", "X-PRIVATE a  b", "other||X-PRIVATE|a  b", "X+PRIVATE", errc::verb_malformed, 1},
    {verb::unknown, "RFC 5321 4.2.4", "FROB", "other||FROB|", "FROB? x", errc::verb_malformed, 4},
};

}  // namespace

TEST_CASE("each verb takes what its grammar has and refuses what it has not, strictly and as deployed") {
  for (const verb_row& r : rows) {
    CAPTURE(r.rule);
    CAPTURE(r.taken);
    for (quirks q : {quirks::strict, quirks::deployed}) {
      CHECK(meaning(r.taken, q) == r.meaning);
      CHECK(meaning(r.not_taken, q) == refused(r.why, r.at));
    }
    const auto parsed = parse_command(r.taken);
    REQUIRE(parsed);
    CHECK(verb_of(*parsed) == r.what);
    CHECK(std::holds_alternative<other>(*parsed) == !has_struct(r.what));
  }
}

TEST_CASE("each verb in any case is that verb, and is written in upper case when it has a struct") {
  for (const verb_row& r : rows) {
    std::string line(r.taken);
    for (std::size_t i = 0; i < line.size() && line[i] != ' '; ++i) line[i] = lower(line[i]);
    CAPTURE(line);
    const auto parsed = parse_command(line);
    REQUIRE(parsed);
    CHECK(verb_of(*parsed) == r.what);
    if (has_struct(r.what) && r.what != verb::saml)
      CHECK(support::line_of(*parsed) == r.taken);  // SAML: a source route
  }
}

TEST_CASE("every verb of the table has its row here") {
  std::set<verb> seen;
  for (const verb_row& r : rows) seen.insert(r.what);
  for (const verb_facts& row : verb_table) {
    CAPTURE(row.name);
    CHECK(seen.count(row.what) == 1);
  }
}

TEST_CASE("an argument that its verb does not take, or lacks, is a fault at its place, whatever the verb") {
  for (const verb_facts& row : verb_table) {
    if (row.what == verb::unknown) continue;
    CAPTURE(row.name);
    const std::string name(row.name);
    const auto alone = parse_command(name);
    const auto with = parse_command(name + " \x7E");
    switch (row.argument) {
      case argument_rule::none:
        CHECK(alone);
        CHECK(with.error() == fault{errc::argument_unexpected, static_cast<std::uint32_t>(name.size())});
        break;
      case argument_rule::optional: CHECK(alone); break;
      case argument_rule::required:
        CHECK(alone.error() == fault{row.what == verb::bdat ? errc::chunk_size_malformed : errc::argument_missing,
                                     static_cast<std::uint32_t>(name.size())});
        break;
    }
    // SP alone behind a verb is no argument (RFC 5321 4.1.1).
    CHECK(meaning(name + " ", quirks::strict) == refused(errc::argument_malformed, name.size()));
    CHECK(meaning(name + " ", quirks::deployed) == meaning(name, quirks::strict));
    // A control octet spoils all of them alike.
    CHECK(parse_command(name + " x\ry", quirks::all).error().code == errc::bare_cr);
  }
}
