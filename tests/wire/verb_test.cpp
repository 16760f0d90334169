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

TEST_CASE("only the base verbs and those with a struct have a rule for their argument") {
  // RFC 5321 4.1.1: no argument behind DATA, RSET, QUIT; RFC 3207 4: none behind STARTTLS.
  for (verb v : {verb::data, verb::rset, verb::quit, verb::starttls}) CHECK(facts(v).argument == argument_rule::none);
  for (verb v : {verb::noop, verb::help}) CHECK(facts(v).argument == argument_rule::optional);
  for (verb v :
       {verb::helo, verb::ehlo, verb::lhlo, verb::mail, verb::rcpt, verb::bdat, verb::vrfy, verb::expn, verb::auth})
    CHECK(facts(v).argument == argument_rule::required);
  for (verb v : {verb::etrn, verb::burl, verb::turn, verb::send, verb::xclient, verb::unknown})
    CHECK(facts(v).argument == argument_rule::opaque);
}
