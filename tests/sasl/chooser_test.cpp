#include "sansmtp/sasl/chooser.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>

using sansmtp::channel_binding_flag;
using sansmtp::choice_reason;
using sansmtp::mechanism_choice;
using sansmtp::sasl_means;
using sansmtp::sasl_mechanism;

namespace {

constexpr sasl_means everything() {
  sasl_means means;
  means.password = means.token = means.certificate = means.ticket = means.ntlm = true;
  means.channel_binding = means.anonymous = means.tls = true;
  return means;
}

constexpr sasl_means password(bool tls) {
  sasl_means means;
  means.password = true;
  means.tls = tls;
  return means;
}

constexpr std::string_view chosen(std::string_view offered, const sasl_means& means) {
  const auto choice = mechanism_choice::among(offered, means);
  return choice ? name_of(*choice.chosen()) : "none";
}

// As Postfix with Cyrus SASL's modules offers them, in its order.
constexpr std::string_view postfix = "PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-512";
static_assert(chosen(postfix, password(true)) == "SCRAM-SHA-512");
static_assert(chosen(postfix, password(false)) == "SCRAM-SHA-512");
static_assert(chosen("plain login scram-sha-1", password(true)) == "SCRAM-SHA-1");  // case has no meaning
static_assert(chosen("LOGIN PLAIN", password(true)) == "PLAIN");
static_assert(chosen("LOGIN PLAIN", password(false)) == "none");
static_assert(chosen("LOGIN CRAM-MD5 PLAIN", password(false)) == "CRAM-MD5");
static_assert(chosen("", everything()) == "none");
static_assert(chosen("  PLAIN  ", password(true)) == "PLAIN");

}  // namespace

TEST_CASE("the order is the documented one") {
  const std::string_view order[] = {"EXTERNAL",
                                    "GS2-KRB5-PLUS",
                                    "GS2-KRB5",
                                    "GSSAPI",
                                    "GSS-SPNEGO",
                                    "SCRAM-SHA-512-PLUS",
                                    "SCRAM-SHA-256-PLUS",
                                    "SCRAM-SHA-1-PLUS",
                                    "SCRAM-SHA-512",
                                    "SCRAM-SHA-256",
                                    "SCRAM-SHA-1",
                                    "OAUTHBEARER",
                                    "XOAUTH2",
                                    "DIGEST-MD5",
                                    "CRAM-MD5",
                                    "NTLM",
                                    "PLAIN",
                                    "LOGIN",
                                    "ANONYMOUS"};
  std::string offered;
  for (std::size_t i = sizeof order / sizeof *order; i-- != 0;) {  // the weakest is offered first
    offered += order[i];
    CHECK(chosen(offered, everything()) == order[i]);
    offered += ' ';
  }
  const auto choice = mechanism_choice::among(offered, everything());
  for (const std::string_view name : order)
    CHECK(choice.why(name) == (name == order[0] ? choice_reason::chosen : choice_reason::weaker));
}

TEST_CASE("what shows a password or a token needs TLS, or leave in so many words") {
  sasl_means means = everything();
  means.tls = false;
  for (const std::string_view name : {"PLAIN", "LOGIN", "OAUTHBEARER", "XOAUTH2"}) {
    auto choice = mechanism_choice::among(name, means);
    CHECK_FALSE(choice);
    CHECK(choice.why(name) == choice_reason::cleartext);
    means.cleartext_without_tls = true;
    choice = mechanism_choice::among(name, means);
    CHECK(choice);
    CHECK(choice.why(name) == choice_reason::chosen);
    means.cleartext_without_tls = false;
  }
}

TEST_CASE("each that is passed over says why") {
  struct row {
    std::string_view name;
    void (*take_away)(sasl_means&);
    choice_reason why;
  };
  const row rows[] = {
      {"PLAIN", [](sasl_means& m) { m.password = false; }, choice_reason::no_password},
      {"SCRAM-SHA-256", [](sasl_means& m) { m.password = false; }, choice_reason::no_password},
      {"OAUTHBEARER", [](sasl_means& m) { m.token = false; }, choice_reason::no_token},
      {"EXTERNAL", [](sasl_means& m) { m.certificate = false; }, choice_reason::no_certificate},
      {"EXTERNAL", [](sasl_means& m) { m.tls = false; }, choice_reason::needs_tls},
      {"GSSAPI", [](sasl_means& m) { m.ticket = false; }, choice_reason::no_ticket},
      {"NTLM", [](sasl_means& m) { m.ntlm = false; }, choice_reason::no_ntlm},
      {"SCRAM-SHA-1-PLUS", [](sasl_means& m) { m.channel_binding = false; }, choice_reason::no_channel_binding},
      {"SCRAM-SHA-1-PLUS", [](sasl_means& m) { m.tls = false; }, choice_reason::needs_tls},
      {"ANONYMOUS", [](sasl_means& m) { m.anonymous = false; }, choice_reason::no_anonymity},
      {"PLAIN", [](sasl_means& m) { m.excluded = {sasl_mechanism::plain}; }, choice_reason::excluded},
      {"SPNEGO", [](sasl_means&) {}, choice_reason::forbidden},
      {"OTP", [](sasl_means&) {}, choice_reason::not_spoken},
      {"SCRAM-SHA3-512", [](sasl_means&) {}, choice_reason::not_spoken},
      {"X-NOBODYS", [](sasl_means&) {}, choice_reason::unknown},
  };
  for (const row& r : rows) {
    CAPTURE(r.name);
    sasl_means means = everything();
    r.take_away(means);
    const auto choice = mechanism_choice::among(r.name, means);
    CHECK_FALSE(choice);
    CHECK(choice.why(r.name) == r.why);
    CHECK(choice.why("DIGEST-MD5") == choice_reason::not_offered);
  }
}

TEST_CASE("nothing is allowed until said") {
  for (const auto& row : sansmtp::mechanism_table) CHECK_FALSE(mechanism_choice::among(row.name, sasl_means{}));
}

TEST_CASE("after a failure the next best is chosen, without the one that failed") {
  sasl_means means = password(true);
  const std::string_view expected[] = {"SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "DIGEST-MD5",
                                       "CRAM-MD5",      "PLAIN",         "LOGIN"};
  for (const std::string_view name : expected) {
    const auto choice = mechanism_choice::among(postfix, means);
    REQUIRE(choice);
    CHECK(name_of(*choice.chosen()) == name);
    means.excluded = means.excluded.with(*choice.chosen());
  }
  CHECK_FALSE(mechanism_choice::among(postfix, means));
}

TEST_CASE("what the first message says of channel binding follows what was offered") {
  sasl_means means = password(true);
  const auto flag = [&](std::string_view offered) { return mechanism_choice::among(offered, means).binding(); };
  CHECK(flag("SCRAM-SHA-256 SCRAM-SHA-256-PLUS") == channel_binding_flag::unsupported);
  means.channel_binding = true;
  CHECK(flag("SCRAM-SHA-256 SCRAM-SHA-256-PLUS") == channel_binding_flag::used);
  CHECK(flag("SCRAM-SHA-256") == channel_binding_flag::not_offered);  // RFC 5802 6: "y"
  // What another family binds does not hide that SCRAM's own names are gone.
  CHECK(flag("SCRAM-SHA-256 GS2-KRB5-PLUS") == channel_binding_flag::not_offered);
  means.tls = false;
  CHECK(flag("SCRAM-SHA-256") == channel_binding_flag::unsupported);
}

TEST_CASE("every reason has a sentence of its own") {
  std::set<std::string_view> sentences;
  for (int i = 0; i <= static_cast<int>(choice_reason::cleartext); ++i)
    CHECK(sentences.insert(sentence(static_cast<choice_reason>(i))).second);
}
