// scram_message: the four messages of SCRAM, as their receiver reads them (RFC 5802 7).
//
// Each is one parse of the whole message; every fault is located in it. They borrow it. What a
// message must agree with (nonces, channel binding, proofs) is judged by scram_client and scram_server.

#ifndef SANSMTP_SASL_SCRAM_MESSAGE_HPP
#define SANSMTP_SASL_SCRAM_MESSAGE_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/number.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/grammar/base64.hpp"
#include "sansmtp/sasl/gs2_header.hpp"
#include "sansmtp/sasl/message.hpp"
#include "sansmtp/sasl/pbkdf2.hpp"
#include "sansmtp/sasl/saslname.hpp"
#include "sansmtp/sasl/scram_attribute.hpp"

namespace sansmtp {

struct scram_client_first {
  gs2_header header;
  std::string_view bare;  // the message without the header, as it is hashed
  saslname authcid;
  std::size_t authcid_at;
  std::string_view nonce;

  // Faults: those of gs2_header; of scram_attributes; of saslname in n=; of check_scram_nonce in r=;
  // sasl_field_too_long at its limit; gs2_header_malformed at "F,", which SCRAM never has.
  static constexpr result<scram_client_first> parse(std::string_view message) noexcept;
};

struct scram_server_first {
  std::string_view nonce;
  std::size_t nonce_at;
  base64_text salt;
  std::uint32_t iterations;

  // Faults: those of scram_attributes; of check_scram_nonce in r=; of base64_text in s=; number_malformed in i=;
  // iterations_too_few and iterations_too_many there.
  static constexpr result<scram_server_first> parse(std::string_view message, iteration_bounds bounds) noexcept;
};

struct scram_client_final {
  std::string_view without_proof;  // all but ",p=...", as it is hashed
  base64_text binding;             // the GS2 header and the channel binding's data
  std::size_t binding_at;
  std::string_view nonce;
  std::size_t nonce_at;
  base64_text proof;
  std::size_t proof_at;

  // Faults: those of scram_attributes; of check_scram_nonce in r=; of base64_text in c= and p=;
  // sasl_message_malformed behind the proof, which is the last.
  static constexpr result<scram_client_final> parse(std::string_view message) noexcept;
};

// What a server may say in e= (RFC 5802 7); what it says else is other_error.
enum class scram_error : std::uint8_t {
  none,
  invalid_encoding,
  extensions_not_supported,
  invalid_proof,
  channel_bindings_dont_match,
  server_does_support_channel_binding,
  channel_binding_not_supported,
  unsupported_channel_binding_type,
  unknown_user,
  invalid_username_encoding,
  no_resources,
  other_error,
};

inline constexpr std::array<std::string_view, 12> scram_error_names{"",
                                                                    "invalid-encoding",
                                                                    "extensions-not-supported",
                                                                    "invalid-proof",
                                                                    "channel-bindings-dont-match",
                                                                    "server-does-support-channel-binding",
                                                                    "channel-binding-not-supported",
                                                                    "unsupported-channel-binding-type",
                                                                    "unknown-user",
                                                                    "invalid-username-encoding",
                                                                    "no-resources",
                                                                    "other-error"};

constexpr std::string_view name_of(scram_error e) noexcept { return scram_error_names[static_cast<std::size_t>(e)]; }

constexpr scram_error scram_error_named(std::string_view name) noexcept {
  for (std::size_t i = 1; i < scram_error_names.size(); ++i)
    if (scram_error_names[i] == name) return static_cast<scram_error>(i);
  return scram_error::other_error;
}

struct scram_server_final {
  scram_error error = scram_error::none;
  base64_text verifier = {};  // without an error
  std::size_t at = 0;         // of the value

  // Faults: sasl_field_missing when neither v= nor e= begins it; those of scram_attributes; of base64_text in v=.
  static constexpr result<scram_server_final> parse(std::string_view message) noexcept;
};

// client-first-message      = gs2-header client-first-message-bare
// client-first-message-bare = [reserved-mext ","] username "," nonce ["," extensions]
// username                  = "n=" saslname
constexpr result<scram_client_first> scram_client_first::parse(std::string_view message) noexcept {
  if (message.size() > limits::scram_first) return sasl::fault_at(errc::sasl_field_too_long, limits::scram_first);
  const result<gs2_prefix> prefix = gs2_header::parse_prefix(message);
  if (!prefix) return prefix.error();
  if (prefix->header.nonstandard()) return errc::gs2_header_malformed;
  scram_attributes attributes(message, prefix->used);
  const result<scram_attribute> username = attributes.expect('n');
  if (!username) return username.error();
  const result<saslname> authcid = saslname::parse(username->value);
  if (!authcid) return authcid.error() + username->at;
  const result<scram_attribute> r = attributes.expect('r');
  if (!r) return r.error();
  if (const result<void> good = check_scram_nonce(r->value); !good) return good.error() + r->at;
  if (const result<void> rest = attributes.skip_extensions(); !rest) return rest.error();
  return scram_client_first{prefix->header, message.substr(prefix->used), *authcid, username->at, r->value};
}

// server-first-message = [reserved-mext ","] nonce "," salt "," iteration-count ["," extensions]
// salt                 = "s=" base64         ; not empty, below
// iteration-count      = "i=" posit-number
// posit-number         = %x31-39 *DIGIT
//
// base64 may be empty, and a value may not: value = 1*value-char, "generic syntax of any attribute" (RFC 5802 7). Both
// are held to apply, so that "s=" alone is refused, and so are "c=", "p=" and "v=" in the messages below.
constexpr result<scram_server_first> scram_server_first::parse(std::string_view message,
                                                               iteration_bounds bounds) noexcept {
  scram_attributes attributes(message);
  const result<scram_attribute> r = attributes.expect('r');
  if (!r) return r.error();
  if (const result<void> good = check_scram_nonce(r->value); !good) return good.error() + r->at;
  const result<scram_attribute> s = attributes.expect('s');
  if (!s) return s.error();
  const result<base64_text> salt = s->base64(limits::scram_salt);
  if (!salt) return salt.error();
  const result<scram_attribute> i = attributes.expect('i');
  if (!i) return i.error();
  const result<std::uint64_t> count = parse_number(i->value);
  if (!count && count.error().code == errc::number_too_large) return sasl::fault_at(errc::iterations_too_many, i->at);
  if (!count) return count.error() + i->at;
  if (i->value[0] == '0' && i->value.size() > 1) return sasl::fault_at(errc::number_malformed, i->at);
  if (const result<void> within = bounds.check(*count); !within) return within.error() + i->at;
  if (const result<void> rest = attributes.skip_extensions(); !rest) return rest.error();
  return scram_server_first{r->value, r->at, *salt, static_cast<std::uint32_t>(*count)};
}

// client-final-message               = client-final-message-without-proof "," proof
// client-final-message-without-proof = channel-binding "," nonce ["," extensions]
// channel-binding                    = "c=" base64   ; of gs2-header [cbind-data]
// proof                              = "p=" base64
constexpr result<scram_client_final> scram_client_final::parse(std::string_view message) noexcept {
  scram_attributes attributes(message);
  const result<scram_attribute> c = attributes.expect('c');
  if (!c) return c.error();
  const result<base64_text> binding = c->base64(limits::scram_first + limits::channel_binding);
  if (!binding) return binding.error();
  const result<scram_attribute> r = attributes.expect('r');
  if (!r) return r.error();
  if (const result<void> good = check_scram_nonce(r->value); !good) return good.error() + r->at;
  if (const result<void> extensions = attributes.skip_extensions('p'); !extensions) return extensions.error();
  const std::size_t proof_place = attributes.place();
  const result<scram_attribute> p = attributes.expect('p');
  if (!p) return p.error();
  const result<base64_text> proof = p->base64(limits::channel_binding);
  if (!proof) return proof.error();
  if (!attributes.done()) return sasl::fault_at(errc::sasl_message_malformed, p->at + p->value.size());
  return scram_client_final{message.substr(0, proof_place - 1), *binding, c->at, r->value, r->at, *proof, p->at};
}

// server-final-message = (server-error / verifier) ["," extensions]
// server-error         = "e=" server-error-value
// verifier             = "v=" base64
constexpr result<scram_server_final> scram_server_final::parse(std::string_view message) noexcept {
  scram_attributes attributes(message);
  const bool failed = message.substr(0, 1) == "e";
  const result<scram_attribute> first = attributes.expect(failed ? 'e' : 'v');
  if (!first) return first.error();
  scram_server_final final;
  final.at = first->at;
  if (failed) {
    final.error = scram_error_named(first->value);
  } else {
    const result<base64_text> verifier = first->base64(limits::channel_binding);
    if (!verifier) return verifier.error();
    final.verifier = *verifier;
  }
  if (const result<void> rest = attributes.skip_extensions(); !rest) return rest.error();
  return final;
}

}  // namespace sansmtp

#endif
