// Verbs: found in any case, never by a part of their name.

#include "sansmtp/wire/verb.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace sansmtp;

// RFC 5321 2.4: verbs are not case-sensitive.
static_assert(verb_named("MAIL") == verb::mail);
static_assert(verb_named("mAiL") == verb::mail);
static_assert(verb_named("starttls") == verb::starttls);
static_assert(verb_named("X-anonymousTLS") == verb::x_anonymoustls);
static_assert(verb_named("") == verb::unknown);
static_assert(verb_named("MAI") == verb::unknown);
static_assert(verb_named("MAILS") == verb::unknown);
static_assert(verb_named("STAR") == verb::unknown);
static_assert(name_of(verb::unknown).empty());

TEST_CASE("every verb of the table is found by its name, in either case") {
  std::set<std::string_view> names;
  for (const verb_facts& row : verb_table) {
    if (row.what == verb::unknown) continue;
    std::string name(row.name);
    CAPTURE(name);
    CHECK(verb_named(name) == row.what);
    for (char& c : name) c = lower(c);
    CHECK(verb_named(name) == row.what);
    CHECK(names.insert(row.name).second);
  }
}

TEST_CASE("a verb with an octet more, less or changed is not that verb") {
  for (const verb_facts& row : verb_table) {
    if (row.what == verb::unknown) continue;
    const std::string name(row.name);
    CAPTURE(name);
    CHECK(verb_named(name + "X") != row.what);
    CHECK(verb_named(name.substr(1)) != row.what);
    CHECK(verb_named(name.substr(0, name.size() - 1)) != row.what);
    for (std::size_t i = 0; i < name.size(); ++i) {
      for (unsigned c = 0; c < 256; ++c) {
        std::string changed = name;
        changed[i] = static_cast<char>(static_cast<unsigned char>(c));
        CHECK((verb_named(changed) == row.what) == (lower(changed[i]) == lower(name[i])));
      }
    }
  }
}

TEST_CASE("each verb lets an argument follow as its grammar does") {
  // RFC 5321 4.1.1.4, 4.1.1.5, 4.1.1.10; RFC 3207 4; RFC 821 4.1.1
  for (verb v : {verb::data, verb::rset, verb::quit, verb::starttls, verb::turn, verb::onex, verb::x_anonymoustls})
    CHECK(facts(v).argument == argument_rule::none);
  // RFC 5321 4.1.1.9, 4.1.1.8; RFC 2645 5.2.1; the rest has no grammar
  for (verb v : {verb::noop, verb::help, verb::atrn, verb::verb, verb::xadr, verb::xshadow, verb::unknown})
    CHECK(facts(v).argument == argument_rule::optional);
  for (verb v : {verb::helo, verb::ehlo, verb::lhlo, verb::mail, verb::rcpt, verb::bdat, verb::vrfy, verb::expn,
                 verb::auth, verb::etrn, verb::burl, verb::send, verb::soml, verb::saml, verb::xclient, verb::xforward,
                 verb::wellknown, verb::xexch50, verb::x_exps})
    CHECK(facts(v).argument == argument_rule::required);
}

TEST_CASE("a verb that an RFC defines names it and the section") {
  for (const verb_facts& row : verb_table) {
    CAPTURE(row.name);
    CHECK(row.rfc.empty() == row.section.empty());
    CHECK((row.rfc.empty() || row.rfc.substr(0, 4) == "RFC "));
    // What no RFC defines is private use: an X in front (RFC 5321 4.1.5), or one of three older words.
    const bool older = row.what == verb::verb || row.what == verb::onex || row.what == verb::wellknown;
    CHECK((!row.rfc.empty() || row.name.substr(0, 1) == "X" || older));
  }
}
