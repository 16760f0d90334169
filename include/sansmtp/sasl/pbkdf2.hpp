// pbkdf2: a key from a password, slowly, over any hash (RFC 8018 5.2; Hi() of RFC 5802 2.2).
//
// The iterations are work that the server asks of the client, so they are bounded both ways: too
// few give the password away to whoever listens, too many are an attack on the client's time
// (RFC 5802 9). Borrows the password and the salt; writes to the caller's room.

#ifndef SANSMTP_SASL_PBKDF2_HPP
#define SANSMTP_SASL_PBKDF2_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/sasl/hash.hpp"
#include "sansmtp/sasl/hmac.hpp"
#include "sansmtp/sasl/secret.hpp"

namespace sansmtp {

struct iteration_bounds {
  std::uint32_t least = limits::iterations_least;
  std::uint32_t most = limits::iterations_most;

  // Faults: iterations_too_few, iterations_too_many.
  constexpr result<void> check(std::uint64_t iterations) const noexcept {
    if (iterations < least || iterations == 0) return errc::iterations_too_few;
    if (iterations > most) return errc::iterations_too_many;
    return {};
  }
};

// T_i = U_1 ^ U_2 ^ ... ^ U_c,  U_1 = PRF(password, salt || INT(i)),  U_j = PRF(password, U_(j-1))
//
// Fills `key`. Faults: iterations_too_few, iterations_too_many, with nothing computed.
template <hash Hash>
constexpr result<void> pbkdf2(secret password, std::string_view salt, std::uint64_t iterations, std::span<char> key,
                              iteration_bounds bounds = {}) noexcept {
  if (const auto within = bounds.check(iterations); !within) return within;
  using digest = typename Hash::digest;
  const hmac<Hash> keyed(password.reveal());
  std::uint32_t block = 0;
  while (!key.empty()) {
    ++block;
    std::array<char, 4> number{};
    for (std::size_t i = 0; i < 4; ++i)
      number[i] = static_cast<char>(static_cast<unsigned char>(block >> (24 - 8 * i) & 0xFF));
    hmac<Hash> first = keyed;
    first.update(salt).update(octets_of(number));
    wiped<digest> last{first.finish()};
    wiped<digest> sum{last.value};
    for (std::uint64_t i = 1; i < iterations; ++i) {
      hmac<Hash> next = keyed;
      next.update(last);
      last.value = next.finish();
      for (std::size_t k = 0; k < sum.value.size(); ++k) sum.value[k] = static_cast<char>(sum.value[k] ^ last.value[k]);
    }
    const std::size_t taken = std::min(key.size(), sum.value.size());
    for (std::size_t k = 0; k < taken; ++k) key[k] = sum.value[k];
    key = key.subspan(taken);
  }
  return {};
}

}  // namespace sansmtp

#endif
