// scram_keys: the keys of SCRAM, and the signatures made with them (RFC 5802 3).
//
// Written over any hash. The keys are overwritten when the object goes. A server need keep no more
// than StoredKey and ServerKey: from them nobody can pose as the client.

#ifndef SANSMTP_SASL_SCRAM_KEYS_HPP
#define SANSMTP_SASL_SCRAM_KEYS_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/result.hpp"
#include "sansmtp/sasl/hash.hpp"
#include "sansmtp/sasl/hmac.hpp"
#include "sansmtp/sasl/pbkdf2.hpp"
#include "sansmtp/sasl/secret.hpp"

namespace sansmtp {

// What a server keeps of a user, borrowed: salt and keys are raw octets, the keys as long as the digest.
struct scram_credentials {
  std::string_view salt;
  std::uint32_t iterations = 0;
  secret stored_key;
  secret server_key;
};

// SaltedPassword := Hi(Normalize(password), salt, i)
// ClientKey      := HMAC(SaltedPassword, "Client Key")
// StoredKey      := H(ClientKey)
// ServerKey      := HMAC(SaltedPassword, "Server Key")
template <hash Hash>
class scram_keys {
 public:
  using digest = typename Hash::digest;

  constexpr scram_keys() noexcept = default;
  scram_keys(const scram_keys&) = delete;
  scram_keys& operator=(const scram_keys&) = delete;
  constexpr ~scram_keys() { clear(); }

  // From the prepared password (prep.hpp). Faults: iterations_too_few, iterations_too_many; no keys then.
  constexpr result<void> derive(secret password, std::string_view salt, std::uint32_t iterations,
                                iteration_bounds bounds = {}) noexcept {
    clear();
    const result<void> derived = hash_password(password, salt, iterations, bounds);
    burn_stack();
    return derived;
  }
  // From the salted password, as long as the digest, which a client may keep instead of the password
  // (RFC 5802 5.1, under i). Faults: sasl_message_malformed for another length.
  constexpr result<void> derive(secret salted_password) noexcept {
    clear();
    const std::string_view octets = salted_password.reveal();
    if (octets.size() != salted_.size()) return errc::sasl_message_malformed;
    for (std::size_t i = 0; i < octets.size(); ++i) salted_[i] = octets[i];
    derive_from_salted();
    burn_stack();
    return {};
  }
  constexpr void clear() noexcept {
    wipe(salted_);
    wipe(client_);
    wipe(stored_);
    wipe(server_);
  }

  // Views of what this object holds.
  constexpr secret salted_password() const noexcept { return octets_of(salted_); }
  constexpr secret client_key() const noexcept { return octets_of(client_); }
  constexpr secret stored_key() const noexcept { return octets_of(stored_); }
  constexpr secret server_key() const noexcept { return octets_of(server_); }
  constexpr scram_credentials credentials(std::string_view salt, std::uint32_t iterations) const noexcept {
    return {salt, iterations, stored_key(), server_key()};
  }

 private:
  // In frames of their own, so that burn_stack() reaches what they leave behind.
  [[gnu::noinline]] constexpr result<void> hash_password(secret password, std::string_view salt,
                                                         std::uint32_t iterations, iteration_bounds bounds) noexcept {
    const result<void> hashed = pbkdf2<Hash>(password, salt, iterations, salted_, bounds);
    if (hashed) derive_from_salted();
    return hashed;
  }
  [[gnu::noinline]] constexpr void derive_from_salted() noexcept {
    client_ = hmac_of<Hash>(octets_of(salted_), "Client Key");
    stored_ = hash_of<Hash>(octets_of(client_));
    server_ = hmac_of<Hash>(octets_of(salted_), "Server Key");
  }

  digest salted_{}, client_{}, stored_{}, server_{};
};

// AuthMessage     := client-first-message-bare + "," + server-first-message + "," +
//                    client-final-message-without-proof
// ClientSignature := HMAC(StoredKey, AuthMessage)
// ServerSignature := HMAC(ServerKey, AuthMessage)
template <hash Hash>
[[gnu::noinline]] constexpr typename Hash::digest scram_signature(secret key, std::string_view client_first_bare,
                                                                  std::string_view server_first,
                                                                  std::string_view without_proof) noexcept {
  hmac<Hash> mac(key.reveal());
  mac.update(client_first_bare).update(",").update(server_first).update(",").update(without_proof);
  return mac.finish();
}

// ClientProof := ClientKey XOR ClientSignature, and back
template <std::size_t N>
constexpr void exclusive_or(std::array<char, N>& into, std::string_view other) noexcept {
  for (std::size_t i = 0; i < N; ++i) into[i] = static_cast<char>(into[i] ^ other[i]);
}

}  // namespace sansmtp

#endif
