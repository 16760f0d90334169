// Extensions: the table against the registry of mail parameters, the set, and the line limits.

#include "sansmtp/wire/extension.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

using namespace sansmtp;

// RFC 5321 2.4, 4.1.1.1: keywords are not case-sensitive.
static_assert(extension_named("8bitmime") == extension::eight_bit_mime);
static_assert(extension_named("PIPELINING") == extension::pipelining);
static_assert(!extension_named(""));
static_assert(!extension_named("PIPELINE"));
static_assert(extension_named("VERP") == extension::xverp);
static_assert(extension_named("X_PIPE_CONNECT") == extension::pipeconnect);

static_assert(extension_set{}.empty());
static_assert(extension_set{extension::size, extension::dsn}.has(extension::dsn));
static_assert(!extension_set{extension::size, extension::dsn}.has(extension::auth));
static_assert(extension_set{extension::size}.with(extension::dsn).without(extension::size) ==
              extension_set{extension::dsn});
static_assert(sizeof(extension_set) == 8);

TEST_CASE("the keywords are the 35 of the registry, in its order, and then the unregistered") {
  std::istringstream registered(
      "SEND SOML SAML VRFY EXPN HELP TURN 8BITMIME SIZE VERB ONEX CHUNKING BINARYMIME CHECKPOINT DELIVERBY PIPELINING "
      "DSN "
      "ETRN ENHANCEDSTATUSCODES STARTTLS NO-SOLICITING MTRK SUBMITTER ATRN AUTH BURL FUTURERELEASE UTF8SMTP CONPERM "
      "CONNEG SMTPUTF8 MT-PRIORITY RRVS REQUIRETLS LIMITS");
  std::size_t row = 0;
  for (std::string keyword; registered >> keyword;) CHECK(extension_table[row++].keyword == keyword);
  CHECK(row == registered_extension_count);
  for (; row < extension_count; ++row) {
    CHECK(extension_table[row].maturity == maturity::de_facto);
    CHECK(extension_table[row].rfc.empty());
  }
}

TEST_CASE("every keyword is found, in either case, and no neighbour of it") {
  for (const extension_facts& row : extension_table) {
    std::string keyword(row.keyword);
    CAPTURE(keyword);
    CHECK(extension_named(keyword) == row.what);
    CHECK(extension_named(keyword + "0") != row.what);
    for (char& c : keyword) c = lower(c);
    CHECK(extension_named(keyword) == row.what);
    keyword.back() = '~';
    CHECK(!extension_named(keyword));
  }
}

TEST_CASE("a keyword that brings a verb names one of the same extension") {
  CHECK(facts(extension::chunking).unlocks == verb::bdat);       // RFC 3030 2
  CHECK(facts(extension::starttls).unlocks == verb::starttls);   // RFC 3207 2
  CHECK(facts(extension::auth).unlocks == verb::auth);           // RFC 4954 3
  CHECK(facts(extension::pipelining).unlocks == verb::unknown);  // RFC 2920 2: no verbs
  CHECK(facts(extension::xclient).unlocks == verb::xclient);
}

TEST_CASE("the MAIL line grows by what each offered extension says") {
  CHECK(mail_line_limit({}) == 512);                                // RFC 5321 4.5.3.1.4
  CHECK(mail_line_limit({extension::size}) == 512 + 26);            // RFC 1870 3 (6)
  CHECK(mail_line_limit({extension::auth}) == 512 + 500);           // RFC 4954 3 (5)
  CHECK(mail_line_limit({extension::deliver_by}) == 512 + 17);      // RFC 2852 2
  CHECK(mail_line_limit({extension::future_release}) == 512 + 34);  // RFC 4865 3 (5)
  CHECK(mail_line_limit({extension::smtputf8}) == 512 + 10);        // RFC 6531 3.1 (5)
  CHECK(mail_line_limit({extension::mt_priority}) == 512 + 15);     // RFC 6710 3
  CHECK(mail_line_limit({extension::requiretls}) == 512 + 11);      // RFC 8689 2
  // BODY, ENVID and ORCPT come with two extensions and count once.
  CHECK(mail_line_limit({extension::eight_bit_mime, extension::binarymime}) == 512 + 16);
  CHECK(mail_line_limit({extension::dsn, extension::mtrk}) == 512 + 9 + 107 + 44);
  CHECK(rcpt_line_limit({extension::dsn, extension::mtrk}) == 512 + 29 + 507);
  CHECK(rcpt_line_limit({extension::rrvs}) == 512 + 33);  // RFC 7293 3.1
}

TEST_CASE("all standard extensions together make the lines that the sums of their octets make") {
  extension_set standards;
  for (const extension_facts& row : extension_table)
    if (row.maturity != maturity::historic && row.maturity != maturity::de_facto) standards = standards.with(row.what);
  CHECK(mail_line_limit(standards) == 2407);
  CHECK(rcpt_line_limit(standards) == 1088);
}
