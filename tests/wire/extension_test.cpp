// Extensions: the table against the registry of mail parameters, the set, and the line limits.

#include "sansmtp/wire/extension.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

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
  std::string_view left =
      "SEND SOML SAML VRFY EXPN HELP TURN 8BITMIME SIZE VERB ONEX CHUNKING BINARYMIME CHECKPOINT DELIVERBY PIPELINING "
      "DSN ETRN ENHANCEDSTATUSCODES STARTTLS NO-SOLICITING MTRK SUBMITTER ATRN AUTH BURL FUTURERELEASE UTF8SMTP "
      "CONPERM CONNEG SMTPUTF8 MT-PRIORITY RRVS REQUIRETLS LIMITS ";
  std::size_t row = 0;
  for (; !left.empty(); left.remove_prefix(left.find(' ') + 1))
    CHECK(extension_table[row++].keyword == left.substr(0, left.find(' ')));
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

TEST_CASE("a look at each row finds what the map finds") {
  using extensions = keyword_map<extension_table, &extension_facts::keyword>;
  using verbs = keyword_map<verb_table, &verb_facts::name>;
  for (const std::string_view text : {"", "SIZE", "size", "SIZ", "SIZES", "@IZE", "8bitMIME", "EXPN", "expm", "X-",
                                      "PIPELINING", "pipeconnect", "XEXCH50", "QUIT", "\xD3IZE"}) {
    CAPTURE(text);
    CHECK(extensions::find(text) == extensions::find_row_by_row(text));
    CHECK(verbs::find(text) == verbs::find_row_by_row(text));
  }
  for (const extension_facts& row : extension_table)
    CHECK(extensions::find_row_by_row(row.keyword) == static_cast<std::size_t>(row.what));
  for (const verb_facts& row : verb_table)
    CHECK(verbs::find_row_by_row(row.name) == (row.name.empty() ? verb_count : static_cast<std::size_t>(row.what)));
}

TEST_CASE("a keyword that brings a verb names one of the same extension") {
  CHECK(facts(extension::chunking).unlocks == verb::bdat);       // RFC 3030 2
  CHECK(facts(extension::starttls).unlocks == verb::starttls);   // RFC 3207 2
  CHECK(facts(extension::auth).unlocks == verb::auth);           // RFC 4954 3
  CHECK(facts(extension::pipelining).unlocks == verb::unknown);  // RFC 2920 2: no verbs
  CHECK(facts(extension::xclient).unlocks == verb::xclient);
}

TEST_CASE("the lines of MAIL and RCPT grow by what each offered extension says, and by nothing else") {
  struct growth {
    extension what;
    std::size_t mail, rcpt;
  };
  const growth growths[] = {
      {extension::eight_bit_mime, 16, 0},  // " BODY=8BITMIME" with a value of up to 10: RFC 6152 2, RFC 3030 3
      {extension::binarymime, 16, 0},      // " BODY=BINARYMIME" (RFC 3030 3)
      {extension::size, 26, 0},            // RFC 1870 3 (6)
      {extension::checkpoint, 89, 0},      // " TRANSID=" and 80 (RFC 1845 2)
      {extension::deliver_by, 17, 0},      // RFC 2852 2
      {extension::dsn, 116, 536},   // " RET=HDRS", " ENVID=" and 100; " NOTIFY=...", " ORCPT=" and 500 (RFC 3461 4)
      {extension::mtrk, 151, 507},  // " MTRK=" and 38, and DSN's ENVID and ORCPT (RFC 3885 3)
      {extension::no_soliciting, 1009, 0},  // " SOLICIT=" and 1000 (RFC 3865 2.3)
      {extension::submitter, 773, 0},       // " SUBMITTER=" and an addr-spec of 254 octets in xtext (RFC 4405 4)
      {extension::auth, 500, 0},            // RFC 4954 3 (5)
      {extension::future_release, 34, 0},   // RFC 4865 3 (5)
      {extension::utf8smtp, 460, 460},      // RFC 5336 3.1
      {extension::conperm, 8, 0},           // " CONPERM" (RFC 4141 4.2)
      {extension::conneg, 0, 7},            // " CONNEG" (RFC 4141 5.2)
      {extension::smtputf8, 10, 0},         // RFC 6531 3.1 (5)
      {extension::mt_priority, 15, 0},      // RFC 6710 3
      {extension::rrvs, 0, 33},             // RFC 7293 3.1
      {extension::requiretls, 11, 0},       // RFC 8689 2
      {extension::xverp, 9, 0},             // " XVERP=" and two delimiters
      {extension::prdr, 5, 0},              // " PRDR"
      {extension::xoorg, 262, 0},           // " XOORG=" and a domain of 255 octets
      {extension::xorigfrom, 267, 0},       // " XORIGFROM=" and 256
      {extension::ignorequota, 0, 12},      // " IGNOREQUOTA"
  };
  std::size_t mail = 0, rcpt = 0;
  for (const growth& g : growths) {
    CAPTURE(name_of(g.what));
    CHECK(mail_line_limit(g.what) == 512 + g.mail);  // RFC 5321 4.5.3.1.4
    CHECK(rcpt_line_limit(g.what) == 512 + g.rcpt);
    mail += g.mail, rcpt += g.rcpt;
  }
  // BODY, ENVID and ORCPT come with two extensions and count once.
  extension_set all;
  for (const extension_facts& row : extension_table) all = all.with(row.what);
  CHECK(mail_line_limit(all) == 512 + mail - 16 - 107);
  CHECK(rcpt_line_limit(all) == 512 + rcpt - 507);
  CHECK(mail_line_limit({}) == 512);
  CHECK(mail_line_limit({extension::eight_bit_mime, extension::binarymime}) == 512 + 16);
  CHECK(mail_line_limit({extension::dsn, extension::mtrk}) == 512 + 9 + 107 + 44);
  CHECK(rcpt_line_limit({extension::dsn, extension::mtrk}) == 512 + 29 + 507);
}

TEST_CASE("all standard extensions together make the lines that the sums of their octets make") {
  extension_set standards;
  for (const extension_facts& row : extension_table)
    if (row.maturity != maturity::historic && row.maturity != maturity::de_facto) standards = standards.with(row.what);
  CHECK(mail_line_limit(standards) == 2407);
  CHECK(rcpt_line_limit(standards) == 1088);
}
