// Every keyword of an EHLO reply: those that the registry has, and those in use without it.

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>

#include "sansmtp/wire/capabilities.hpp"
#include "sansmtp/wire/ehlo_values.hpp"

using sansmtp::capabilities;
using sansmtp::extension;
using sansmtp::extension_set;
using sansmtp::quirks;
using sansmtp::reply;

namespace {

struct row {
  extension what;
  std::string_view good;   // a line that announces it by the RFC's grammar
  std::string_view other;  // one that by the letter does not, or whose parameter says nothing
  bool by_letter;          // whether `other` announces it under quirks::strict
  bool in_use;             // and under quirks::deployed
};

// IANA registry "SMTP Service Extensions", all 35 rows, each with its RFC's grammar of parameters.
constexpr row registered[] = {
    {extension::send, "SEND", "SEND\t", false, true},                        // RFC 821 3.4
    {extension::soml, "SOML", "SOML ", false, true},                         // RFC 821 3.4
    {extension::saml, "SAML", "SAMLS", false, false},                        // RFC 821 3.4
    {extension::vrfy, "VRFY", " VRFY", false, true},                         // RFC 5321 3.5
    {extension::expn, "EXPN", "EXPN=", false, false},                        // RFC 5321 3.5
    {extension::help, "HELP", "HELP  x", false, true},                       // RFC 5321 4.1.1.8
    {extension::turn, "TURN", "-TURN", false, false},                        // RFC 821 3.8
    {extension::eight_bit_mime, "8BITMIME", "8BIT-MIME", false, false},      // RFC 6152 2
    {extension::size, "SIZE 157286400", "SIZE=157286400", false, false},     // RFC 1870 4
    {extension::verb, "VERB", "VERBS", false, false},                        // in the registry, without RFC
    {extension::onex, "ONEX", "ONE-X", false, false},                        // in the registry, without RFC
    {extension::chunking, "CHUNKING", "CHUNKING\t", false, true},            // RFC 3030 2
    {extension::binarymime, "BINARYMIME", "BINARY_MIME", false, false},      // RFC 3030 3
    {extension::checkpoint, "CHECKPOINT", "CHECKPOINT\x01", false, false},   // RFC 1845 2
    {extension::deliver_by, "DELIVERBY 240", "DELIVERBY 240,", true, true},  // RFC 2852 2
    {extension::pipelining, "PIPELINING", "PIPELINE", false, false},         // RFC 2920 2
    {extension::dsn, "DSN", "DS", false, false},                             // RFC 3461 3
    {extension::etrn, "ETRN", "ETRN;", false, false},                        // RFC 1985 2
    {extension::enhanced_status_codes, "ENHANCEDSTATUSCODES", "ENHANCEDSTATUSCODE", false, false},  // RFC 2034 3
    {extension::starttls, "STARTTLS", "START-TLS", false, false},                                   // RFC 3207 2
    {extension::no_soliciting, "NO-SOLICITING net.example:ADV", "NO_SOLICITING", false, false},     // RFC 3865 2
    {extension::mtrk, "MTRK", "MTRK\xC3\xA9", false, false},                                        // RFC 3885 2
    {extension::submitter, "SUBMITTER", "SUBMITTER  ", false, true},                                // RFC 4405 2
    {extension::atrn, "ATRN", "ATRN.", false, false},                                               // RFC 2645 5.2.1
    {extension::auth, "AUTH PLAIN LOGIN", "AUTH  PLAIN", false, true},                              // RFC 4954 3
    {extension::burl, "BURL imap imap://imap.example.com", "BURL\timap", false, true},              // RFC 4468 3.1
    {extension::future_release, "FUTURERELEASE 86400 2026-01-02T03:04:05Z", "FUTURERELEASE", true, true},  // RFC 4865 3
    {extension::utf8smtp, "UTF8SMTP", "UTF-8SMTP", false, false},               // RFC 5336 3.1
    {extension::conperm, "CONPERM", "CONPERM \t", false, true},                 // RFC 4141 4.1
    {extension::conneg, "CONNEG", "CON-NEG", false, false},                     // RFC 4141 5.1
    {extension::smtputf8, "SMTPUTF8", "SMTPUTF8 ignored", true, true},          // RFC 6531 3.1: parameters are ignored
    {extension::mt_priority, "MT-PRIORITY MIXER", "MTPRIORITY", false, false},  // RFC 6710 7
    {extension::rrvs, "RRVS", "RRVS\x7F", false, false},                        // RFC 7293 3.1
    {extension::requiretls, "REQUIRETLS", "REQUIRE-TLS", false, false},         // RFC 8689 2
    {extension::limits, "LIMITS RCPTMAX=20 MAILMAX=5", "LIMITS RCPTMAX=20;", true, true},  // RFC 9422 3
};
static_assert(std::size(registered) == sansmtp::registered_extension_count);

// In use without an RFC.
constexpr row in_use[] = {
    {extension::auth, "AUTH PLAIN", "AUTH=PLAIN LOGIN", false, true},
    {extension::xclient, "XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT", "XCLIENT  NAME", false, true},
    {extension::xforward, "XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE", "XFORWARD=NAME", false, false},
    {extension::xverp, "XVERP", "VERP", true, true},
    {extension::prdr, "PRDR", "PRDR:", false, false},
    {extension::pipeconnect, "PIPECONNECT", "X_PIPE_CONNECT", false, true},
    {extension::wellknown, "WELLKNOWN", "WELL-KNOWN", false, false},
    {extension::x_exps, "X-EXPS GSSAPI NTLM LOGIN", "X-EXPS=LOGIN", false, true},
    {extension::x_anonymoustls, "X-ANONYMOUSTLS", "X_ANONYMOUSTLS", false, false},
    {extension::xoorg, "XOORG", "XOORGS", false, false},
    {extension::xorigfrom, "XORIGFROM", "XORIGFROM\t", false, true},
    {extension::xexch50, "XEXCH50", "XEXCH51", false, false},
    {extension::x_link2state, "X-LINK2STATE", "XLINK2STATE", false, false},
    {extension::xshadow, "XSHADOW", "XSHADOWS", false, false},
    {extension::xshadowrequest, "XSHADOWREQUEST", "XSHADOWREQ", false, false},
    {extension::xproxy, "XPROXY", "XPROX", false, false},
    {extension::xproxyfrom, "XPROXYFROM", "XPROXYFRO", false, false},
    {extension::xproxyto, "XPROXYTO", "XPROXYT", false, false},
    {extension::xsessionparams, "XSESSIONPARAMS", "XSESSIONPARAM", false, false},
    {extension::xadr, "XADR", "XADDR", false, false},
    {extension::xsta, "XSTA", "XSTA_", false, false},
    {extension::xcir, "XCIR", "XCIR=", false, false},
    {extension::xgen, "XGEN", "XGENN", false, false},
    {extension::xloop, "XLOOP 0123456789ABCDEF", "XLOOP  0123", false, true},
    {extension::xusr, "XUSR", "XUSER", false, false},
    {extension::ignorequota, "IGNOREQUOTA", "IGNOREQUOTAS", false, false},
    {extension::trace, "TRACE", "TRACES", false, false},
    {extension::tls, "TLS", "TLSS", false, false},
};

// What a server is seen to offer by one line, between two others.
capabilities learned(std::string_view line, quirks leniency) {
  const std::string wire = "250-mx.example\r\n250-X-BEFORE\r\n250-" + std::string(line) + "\r\n250 X-BEHIND\r\n";
  const auto parsed = reply::parse(wire, leniency);
  REQUIRE(parsed);
  return capabilities::learn(*parsed, leniency);
}

void check(const row& r) {
  CAPTURE(r.good);
  const extension_set one(r.what);
  for (const quirks leniency : {quirks::strict, quirks::deployed}) {
    CHECK(learned(r.good, leniency).extensions() == one);
    CHECK(learned(r.good, leniency).malformed_lines() == 0);
    std::string lower_case(r.good);
    for (char& c : lower_case) c = sansmtp::lower(c);
    CHECK(learned(lower_case, leniency).extensions() == one);  // RFC 5321 4.1.1.1: in any case
    const std::string twice = std::string(r.good) + "\r\n250-" + lower_case;
    CHECK(learned(twice, leniency) == learned(r.good, leniency));
  }
  CAPTURE(r.other);
  CHECK(learned(r.other, quirks::strict).has(r.what) == r.by_letter);
  CHECK(learned(r.other, quirks::deployed).has(r.what) == r.in_use);
  CHECK(learned(r.other, quirks::strict).extensions().without(one).empty());
}

}  // namespace

TEST_CASE("every keyword of the registry is known by its line, and nothing else for it") {
  for (std::size_t i = 0; i < std::size(registered); ++i) {
    CHECK(static_cast<std::size_t>(registered[i].what) == i);
    check(registered[i]);
  }
}

TEST_CASE("every keyword in use without an RFC is known by its line, and nothing else for it") {
  extension_set seen;
  for (const auto& r : in_use) {
    check(r);
    seen = seen.with(r.what);
  }
  for (std::size_t i = sansmtp::registered_extension_count; i < sansmtp::extension_count; ++i)
    CHECK(seen.has(static_cast<extension>(i)));
}

TEST_CASE("a keyword that nobody knows is no error, and its text is there for who asks") {
  // RFC 5321 4.1.1.1: clients ignore what they do not know.
  for (std::string_view line :
       {"XLAT", "XLAT a=b c", "XMESSAGECONTEXT ADRC-2.1.0.0", "XSYSPROBE", "XLONGADDR", "X-ANYTHING at all", "7"})
    for (const quirks leniency : {quirks::strict, quirks::deployed}) {
      const std::string wire = "250-mx\r\n250 " + std::string(line) + "\r\n";
      const auto answer = reply::parse(wire, leniency);
      REQUIRE(answer);
      const auto c = capabilities::learn(*answer, leniency);
      CHECK(c.extensions().empty());
      CHECK(c.malformed_lines() == 0);
      const auto parsed = *sansmtp::ehlo_lines(*answer, leniency).begin();
      REQUIRE(parsed);
      CHECK(parsed->keyword == line.substr(0, line.find(' ')));
    }
}

TEST_CASE("parameters that break a keyword's own grammar leave the keyword offered, and say nothing") {
  for (const quirks leniency : {quirks::strict, quirks::deployed}) {
    CHECK_FALSE(learned("SIZE 10M", leniency).size_limit());
    CHECK_FALSE(learned("DELIVERBY soon", leniency).least_by_time());
    CHECK_FALSE(learned("FUTURERELEASE 0 2026-01-02T03:04:05Z", leniency).longest_hold());
    CHECK(learned("LIMITS RCPTMAX=20;", leniency).limits() == sansmtp::server_limits{});
    const auto c = learned("AUTH P!AIN", leniency);
    CHECK(c.mechanisms() == "");
  }
}

TEST_CASE("no octet but the other case of a letter stands for an octet of a keyword") {
  for (const auto& facts : sansmtp::extension_table)
    for (std::size_t i = 0; i < facts.keyword.size(); ++i)
      for (int octet = 0; octet < 256; ++octet) {
        std::string keyword(facts.keyword);
        keyword[i] = static_cast<char>(octet);
        const auto named = sansmtp::extension_named(keyword);
        const bool same = sansmtp::lower(keyword[i]) == sansmtp::lower(facts.keyword[i]);
        if (same != (named == facts.what)) CHECK_MESSAGE(false, keyword);
      }
}
