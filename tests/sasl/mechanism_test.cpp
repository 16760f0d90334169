#include "sansmtp/sasl/mechanism.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>

#include "sansmtp/sasl/anonymous.hpp"
#include "sansmtp/sasl/cram_md5.hpp"
#include "sansmtp/sasl/external.hpp"
#include "sansmtp/sasl/login.hpp"
#include "sansmtp/sasl/oauthbearer.hpp"
#include "sansmtp/sasl/plain.hpp"
#include "sansmtp/sasl/xoauth2.hpp"

using sansmtp::facts;
using sansmtp::first_message;
using sansmtp::mechanism_named;
using sansmtp::mechanism_set;
using sansmtp::sasl_mechanism;
using sansmtp::sasl_usage;

namespace {

// Both objects of a mechanism say of themselves what its row says.
template <class Client, class Server>
constexpr bool agrees(sasl_mechanism m) {
  return Client::mechanism == m && Server::mechanism == m && Client::name == facts(m).name &&
         Server::name == facts(m).name && Client::client_first == (facts(m).first == first_message::client) &&
         Server::client_first == Client::client_first;
}
static_assert(agrees<sansmtp::plain_client, sansmtp::plain_server>(sasl_mechanism::plain));
static_assert(agrees<sansmtp::login_client, sansmtp::login_server>(sasl_mechanism::login));
static_assert(agrees<sansmtp::external_client, sansmtp::external_server>(sasl_mechanism::external));
static_assert(agrees<sansmtp::anonymous_client, sansmtp::anonymous_server>(sasl_mechanism::anonymous));
static_assert(agrees<sansmtp::oauthbearer_client, sansmtp::oauthbearer_server>(sasl_mechanism::oauthbearer));
static_assert(agrees<sansmtp::xoauth2_client, sansmtp::xoauth2_server>(sasl_mechanism::xoauth2));
static_assert(agrees<sansmtp::cram_md5_client<>, sansmtp::cram_md5_server<>>(sasl_mechanism::cram_md5));

static_assert(mechanism_named("PLAIN") == sasl_mechanism::plain);
static_assert(mechanism_named("scram-sha-256-plus") == sasl_mechanism::scram_sha_256_plus);
static_assert(!mechanism_named("PLAI") && !mechanism_named("PLAINS") && !mechanism_named(""));

static_assert(mechanism_set{sasl_mechanism::plain, sasl_mechanism::spnego}.without(sasl_mechanism::plain) ==
              mechanism_set{sasl_mechanism::spnego});

}  // namespace

TEST_CASE("every name of the registry has a row, under its usage there") {
  struct row {
    std::string_view name;
    sasl_usage usage;
  };
  // The registry of 2024-12-06; families stand for their members.
  const row rows[] = {
      {"9798-M-DSA-SHA1", sasl_usage::common},
      {"9798-M-ECDSA-SHA1", sasl_usage::common},
      {"9798-M-RSA-SHA1-ENC", sasl_usage::common},
      {"9798-U-DSA-SHA1", sasl_usage::common},
      {"9798-U-ECDSA-SHA1", sasl_usage::common},
      {"9798-U-RSA-SHA1-ENC", sasl_usage::common},
      {"ANONYMOUS", sasl_usage::common},
      {"CRAM-MD5", sasl_usage::limited},
      {"DIGEST-MD5", sasl_usage::obsolete},
      {"EAP-AES128", sasl_usage::common},
      {"EAP-AES128-PLUS", sasl_usage::common},
      {"ECDH-X25519-CHALLENGE", sasl_usage::limited},
      {"ECDSA-NIST256P-CHALLENGE", sasl_usage::limited},
      {"EXTERNAL", sasl_usage::common},
      {"GS2-KRB5", sasl_usage::common},
      {"GS2-KRB5-PLUS", sasl_usage::common},
      {"GSS-SPNEGO", sasl_usage::limited},
      {"GSSAPI", sasl_usage::common},
      {"KERBEROS_V4", sasl_usage::obsolete},
      {"KERBEROS_V5", sasl_usage::common},
      {"LOGIN", sasl_usage::obsolete},
      {"NMAS_AUTHEN", sasl_usage::limited},
      {"NMAS_LOGIN", sasl_usage::limited},
      {"NMAS-SAMBA-AUTH", sasl_usage::limited},
      {"NTLM", sasl_usage::limited},
      {"OAUTH10A", sasl_usage::common},
      {"OAUTHBEARER", sasl_usage::common},
      {"OPENID20", sasl_usage::common},
      {"OTP", sasl_usage::common},
      {"PLAIN", sasl_usage::common},
      {"SAML20", sasl_usage::common},
      {"SCRAM-SHA-1", sasl_usage::common},
      {"SCRAM-SHA-1-PLUS", sasl_usage::common},
      {"SCRAM-SHA-256", sasl_usage::common},
      {"SCRAM-SHA-256-PLUS", sasl_usage::common},
      {"SECURID", sasl_usage::common},
      {"SKEY", sasl_usage::obsolete},
      {"SPNEGO", sasl_usage::forbidden},
      {"SPNEGO-PLUS", sasl_usage::forbidden},
      {"SXOVER-PLUS", sasl_usage::common},
      {"XOAUTH", sasl_usage::obsolete},
      {"XOAUTH2", sasl_usage::obsolete},
  };
  std::size_t registered = 0;
  for (const auto& known : sansmtp::mechanism_table) registered += known.usage != sasl_usage::unregistered;
  CHECK(registered == sizeof rows / sizeof *rows);
  for (const row& r : rows) {
    CAPTURE(r.name);
    const auto found = mechanism_named(r.name);
    REQUIRE(found);
    CHECK(facts(*found).name == r.name);
    CHECK(facts(*found).usage == r.usage);
  }
}

TEST_CASE("a name that ends in -PLUS binds the channel, and no name stands twice") {
  std::set<std::string_view> names;
  for (const auto& row : sansmtp::mechanism_table) {
    CAPTURE(row.name);
    CHECK(names.insert(row.name).second);
    CHECK(row.has(sansmtp::sasl_trait::channel_binding) ==
          (row.name.size() > 5 && row.name.substr(row.name.size() - 5) == "-PLUS"));
  }
}

TEST_CASE("a set of mechanisms holds what was put in, and not what was taken out") {
  using enum sasl_mechanism;
  const mechanism_set none, two{plain, spnego};
  CHECK(none.empty());
  CHECK_FALSE(two.empty());
  for (const auto& row : sansmtp::mechanism_table) {
    CAPTURE(row.name);
    const sasl_mechanism m = row.mechanism;
    CHECK(two.has(m) == (m == plain || m == spnego));
    CHECK(none.with(m).has(m));
    CHECK(none.with(m).without(m) == none);
    CHECK_FALSE(two.without(m).has(m));
    CHECK(two.with(m).without(m) == two.without(m));
  }
  CHECK(two.without(plain) == mechanism_set{spnego});
  CHECK(two.without(login) == two);
  CHECK(two.without(plain).without(spnego).empty());
}

TEST_CASE("traits are joined and told apart, while running as well") {
  using enum sansmtp::sasl_trait;
  CHECK((cleartext | plain_exchange) == cleartext);
  CHECK((cleartext | layered) == (layered | cleartext));
  CHECK(((cleartext | layered) & layered) == layered);
  CHECK(((cleartext | layered) & channel_binding) == plain_exchange);
}
