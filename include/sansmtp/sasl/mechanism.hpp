// The mechanisms of SASL: one table of what each can do (RFC 4422 3, the registry of mechanisms).
//
// Every name of the registry has its row, and beside them the few that mail meets without one. A
// row says who speaks first, what the user must have, what the exchange protects, and what this
// library does with it: speak it, pass its octets through for a caller's own code, or neither.
//
// A mechanism's client is an object that is built with the names and secrets to use, and has
//   result<std::string_view> respond(std::string_view challenge, writer& out)   the next response, raw, a view into out
//   bool done()    the client has sent all and, where the mechanism proves the server, has seen the proof
//   name, client_first    what AUTH calls it, and whether it may bring an initial response
// The first message of one that speaks first is respond("", out): as an initial response, or to the empty
// challenge. A fault of respond() other than output_full ends the exchange: the session cancels it (RFC 4954 4).
// Names and passwords are borrowed and, but in SCRAM, go out as they are given: RFC 4954 4 wants a name
// prepared, and saslprep() in prep.hpp is to be called first where it may not be ASCII.
// A mechanism's server is an object that has
//   result<std::string_view> challenge(writer& out)   the next challenge, raw; empty where the client speaks first
//   take(std::string_view response)                   who wants in, typed, for the caller to verify
//   bool done()    the messages are whole; where the server itself verifies a proof, that it was right

#ifndef SANSMTP_SASL_MECHANISM_HPP
#define SANSMTP_SASL_MECHANISM_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "sansmtp/base/column.hpp"
#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"

namespace sansmtp {

enum class sasl_mechanism : std::uint8_t {
  external,
  gs2_krb5_plus,
  gs2_krb5,
  gssapi,
  gss_spnego,
  scram_sha_512_plus,
  scram_sha_256_plus,
  scram_sha_1_plus,
  scram_sha_512,
  scram_sha_256,
  scram_sha_1,
  oauthbearer,
  xoauth2,
  digest_md5,
  cram_md5,
  ntlm,
  plain,
  login,
  anonymous,
  // known by name alone
  scram_sha3_512_plus,
  scram_sha3_512,
  oauth10a,
  xoauth,
  otp,
  skey,
  securid,
  saml20,
  openid20,
  eap_aes128_plus,
  eap_aes128,
  iso_9798_m_rsa_sha1_enc,
  iso_9798_m_dsa_sha1,
  iso_9798_m_ecdsa_sha1,
  iso_9798_u_rsa_sha1_enc,
  iso_9798_u_dsa_sha1,
  iso_9798_u_ecdsa_sha1,
  ecdsa_nist256p_challenge,
  ecdh_x25519_challenge,
  sxover_plus,
  kerberos_v4,
  kerberos_v5,
  nmas_authen,
  nmas_login,
  nmas_samba_auth,
  spnego_plus,
  spnego,
};

// Who sends the first message that holds something.
enum class first_message : std::uint8_t { client, server, undocumented };

// What the user must have.
enum class credential : std::uint8_t { nothing, password, token, certificate, ticket, own_ntlm, other };

// What this library does with the exchange.
enum class sasl_support : std::uint8_t {
  spoken,  // its header reads and writes every message
  opaque,  // opaque.hpp carries what the caller's own code makes
  none,    // known by name
};

// What an exchange shows and proves; several are joined by |.
enum class sasl_trait : std::uint8_t {
  plain_exchange = 0,
  cleartext = 1 << 0,        // who listens, or poses as the server, learns what lets him in again
  proves_server = 1 << 1,    // the client learns that the server knows the secret too
  channel_binding = 1 << 2,  // the exchange is tied to the TLS connection it runs in
  layered = 1 << 3,          // may wrap what follows in a security layer (RFC 4422 3.7)
};

constexpr sasl_trait operator|(sasl_trait a, sasl_trait b) noexcept {
  return static_cast<sasl_trait>(static_cast<std::uint8_t>(a) | static_cast<std::uint8_t>(b));
}
constexpr sasl_trait operator&(sasl_trait a, sasl_trait b) noexcept {
  return static_cast<sasl_trait>(static_cast<std::uint8_t>(a) & static_cast<std::uint8_t>(b));
}

enum class sasl_usage : std::uint8_t { common, limited, obsolete, unregistered, forbidden };  // the registry's column

struct mechanism_facts {
  sasl_mechanism mechanism;
  std::string_view name;
  first_message first;
  credential needs;
  sasl_support support;
  sasl_trait traits;
  sasl_usage usage;
  std::string_view reference;

  constexpr bool has(sasl_trait trait) const noexcept { return (traits & trait) != sasl_trait::plain_exchange; }
};

// In the order of strength that the chooser follows (chooser.hpp says why); those that are known by name alone
// come last.
inline constexpr auto mechanism_table = [] {
  using enum sasl_mechanism;
  using enum first_message;
  using enum credential;
  using enum sasl_support;
  using enum sasl_trait;
  using enum sasl_usage;
  return std::to_array<mechanism_facts>({
      {external, "EXTERNAL", client, certificate, spoken, plain_exchange, common, "RFC 4422 A"},
      {gs2_krb5_plus, "GS2-KRB5-PLUS", client, ticket, opaque, proves_server | channel_binding, common, "RFC 5801"},
      {gs2_krb5, "GS2-KRB5", client, ticket, opaque, proves_server, common, "RFC 5801"},
      {gssapi, "GSSAPI", client, ticket, opaque, proves_server | layered, common, "RFC 4752"},
      {gss_spnego, "GSS-SPNEGO", client, ticket, opaque, proves_server | layered, limited, "no RFC"},
      {scram_sha_512_plus, "SCRAM-SHA-512-PLUS", client, password, spoken, proves_server | channel_binding,
       unregistered, "RFC 5802, RFC 7677"},
      {scram_sha_256_plus, "SCRAM-SHA-256-PLUS", client, password, spoken, proves_server | channel_binding, common,
       "RFC 7677"},
      {scram_sha_1_plus, "SCRAM-SHA-1-PLUS", client, password, spoken, proves_server | channel_binding, common,
       "RFC 5802"},
      {scram_sha_512, "SCRAM-SHA-512", client, password, spoken, proves_server, unregistered, "RFC 5802, RFC 7677"},
      {scram_sha_256, "SCRAM-SHA-256", client, password, spoken, proves_server, common, "RFC 7677"},
      {scram_sha_1, "SCRAM-SHA-1", client, password, spoken, proves_server, common, "RFC 5802"},
      {oauthbearer, "OAUTHBEARER", client, token, spoken, cleartext, common, "RFC 7628"},
      {xoauth2, "XOAUTH2", client, token, spoken, cleartext, obsolete, "no RFC"},
      {digest_md5, "DIGEST-MD5", server, password, spoken, proves_server | layered, obsolete, "RFC 2831, RFC 6331"},
      {cram_md5, "CRAM-MD5", server, password, spoken, plain_exchange, limited, "RFC 2195"},
      {ntlm, "NTLM", client, own_ntlm, opaque, plain_exchange, limited, "no RFC"},
      {plain, "PLAIN", client, password, spoken, cleartext, common, "RFC 4616"},
      {login, "LOGIN", server, password, spoken, cleartext, obsolete, "draft-murchison-sasl-login-00"},
      {anonymous, "ANONYMOUS", client, nothing, spoken, plain_exchange, common, "RFC 4505"},
      {scram_sha3_512_plus, "SCRAM-SHA3-512-PLUS", client, password, none, proves_server | channel_binding,
       unregistered, "RFC 5802, RFC 7677"},
      {scram_sha3_512, "SCRAM-SHA3-512", client, password, none, proves_server, unregistered, "RFC 5802, RFC 7677"},
      {oauth10a, "OAUTH10A", client, other, none, plain_exchange, common, "RFC 7628"},
      {xoauth, "XOAUTH", client, other, none, plain_exchange, obsolete, "no RFC"},
      {otp, "OTP", client, other, none, plain_exchange, common, "RFC 2444"},
      {skey, "SKEY", client, other, none, plain_exchange, obsolete, "RFC 2222"},
      {securid, "SECURID", client, other, none, cleartext, common, "RFC 2808"},
      {saml20, "SAML20", client, other, none, plain_exchange, common, "RFC 6595"},
      {openid20, "OPENID20", client, other, none, plain_exchange, common, "RFC 6616"},
      {eap_aes128_plus, "EAP-AES128-PLUS", client, other, none, proves_server | channel_binding, common, "RFC 7055"},
      {eap_aes128, "EAP-AES128", client, other, none, proves_server, common, "RFC 7055"},
      {iso_9798_m_rsa_sha1_enc, "9798-M-RSA-SHA1-ENC", server, other, none, proves_server, common, "RFC 3163"},
      {iso_9798_m_dsa_sha1, "9798-M-DSA-SHA1", server, other, none, proves_server, common, "RFC 3163"},
      {iso_9798_m_ecdsa_sha1, "9798-M-ECDSA-SHA1", server, other, none, proves_server, common, "RFC 3163"},
      {iso_9798_u_rsa_sha1_enc, "9798-U-RSA-SHA1-ENC", server, other, none, plain_exchange, common, "RFC 3163"},
      {iso_9798_u_dsa_sha1, "9798-U-DSA-SHA1", server, other, none, plain_exchange, common, "RFC 3163"},
      {iso_9798_u_ecdsa_sha1, "9798-U-ECDSA-SHA1", server, other, none, plain_exchange, common, "RFC 3163"},
      {ecdsa_nist256p_challenge, "ECDSA-NIST256P-CHALLENGE", client, other, none, plain_exchange, limited, "no RFC"},
      {ecdh_x25519_challenge, "ECDH-X25519-CHALLENGE", client, other, none, plain_exchange, limited, "no RFC"},
      {sxover_plus, "SXOVER-PLUS", client, other, none, channel_binding, common, "draft-vanrein-diameter-sasl-06"},
      {kerberos_v4, "KERBEROS_V4", server, ticket, none, proves_server | layered, obsolete, "RFC 2222"},
      {kerberos_v5, "KERBEROS_V5", undocumented, ticket, none, plain_exchange, common, "no RFC"},
      {nmas_authen, "NMAS_AUTHEN", undocumented, other, none, plain_exchange, limited, "no RFC"},
      {nmas_login, "NMAS_LOGIN", undocumented, other, none, plain_exchange, limited, "no RFC"},
      {nmas_samba_auth, "NMAS-SAMBA-AUTH", undocumented, other, none, plain_exchange, limited, "no RFC"},
      {spnego_plus, "SPNEGO-PLUS", client, ticket, none, channel_binding, forbidden, "RFC 5801 14"},
      {spnego, "SPNEGO", client, ticket, none, plain_exchange, forbidden, "RFC 5801 14"},
  });
}();

inline constexpr std::size_t mechanism_count = mechanism_table.size();

constexpr const mechanism_facts& facts(sasl_mechanism m) noexcept {
  return mechanism_table[static_cast<std::size_t>(m)];
}

constexpr std::string_view name_of(sasl_mechanism m) noexcept { return column<mechanism_table, &mechanism_facts::name>(m); }

// The mechanism of this name, in any case: RFC 4422 3.1 writes capitals, and lower case is met.
constexpr std::optional<sasl_mechanism> mechanism_named(std::string_view name) noexcept {
  for (std::size_t i = 0; i < mechanism_count; ++i)
    if (equal_ignoring_case(name_of(static_cast<sasl_mechanism>(i)), name)) return static_cast<sasl_mechanism>(i);
  return std::nullopt;
}

// A set of mechanisms, as one number.
class mechanism_set {
 public:
  constexpr mechanism_set() noexcept = default;
  constexpr mechanism_set(std::initializer_list<sasl_mechanism> those) noexcept {
    for (const sasl_mechanism m : those) bits_ |= bit(m);
  }

  constexpr bool has(sasl_mechanism m) const noexcept { return (bits_ & bit(m)) != 0; }
  constexpr bool empty() const noexcept { return bits_ == 0; }
  constexpr mechanism_set with(sasl_mechanism m) const noexcept { return mechanism_set(bits_ | bit(m)); }
  constexpr mechanism_set without(sasl_mechanism m) const noexcept { return mechanism_set(bits_ & ~bit(m)); }
  friend constexpr bool operator==(mechanism_set, mechanism_set) noexcept = default;

 private:
  constexpr explicit mechanism_set(std::uint64_t bits) noexcept : bits_(bits) {}
  static constexpr std::uint64_t bit(sasl_mechanism m) noexcept { return std::uint64_t{1} << static_cast<unsigned>(m); }

  std::uint64_t bits_ = 0;
};
static_assert(mechanism_count <= 64, "one bit each");

consteval bool mechanism_table_is_in_order() noexcept {
  if (mechanism_count != static_cast<std::size_t>(sasl_mechanism::spnego) + 1) return false;
  for (std::size_t i = 0; i < mechanism_count; ++i) {
    const mechanism_facts& row = mechanism_table[i];
    if (static_cast<std::size_t>(row.mechanism) != i || row.reference.empty()) return false;
    if (row.name.empty() || row.name.size() > limits::mechanism_read) return false;
    // sasl-mech = 1*20mech-char ; mech-char = %x41-5A / DIGIT / "-" / "_"
    for (char c : row.name)
      if (!is(octet_class::verb, c) || octets::between(static_cast<unsigned char>(c), 'a', 'z')) return false;
  }
  return true;
}
static_assert(mechanism_table_is_in_order(), "every mechanism has one row, in the order of the enumeration");

}  // namespace sansmtp

#endif
