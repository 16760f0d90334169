// sha1: RFC 3174, for SCRAM-SHA-1, the one mechanism of the family that everyone must have.
//
// Broken for signatures (RFC 6194 3); HMAC and PBKDF2 over it stand. Owns its state, and overwrites
// it when it goes.

#ifndef SANSMTP_SASL_SHA1_HPP
#define SANSMTP_SASL_SHA1_HPP

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/sasl/block_hash.hpp"
#include "sansmtp/sasl/hash.hpp"

namespace sansmtp {

struct sha1_rounds {
  using word = std::uint32_t;
  static constexpr std::string_view name = "SHA-1";
  static constexpr word_order order = word_order::high_first;
  static constexpr std::array<word, 5> start{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};

  // RFC 3174 6.2: the schedule of 80 words needs no more than the last 16 of them.
  static constexpr void mix(std::array<word, 5>& state, const char* block) noexcept {
    std::array<word, 16> w{};
    for (std::size_t i = 0; i < 16; ++i) w[i] = load_word<word, order>(block + 4 * i);
    word a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    for (std::size_t t = 0; t < 80; ++t) {
      const std::size_t s = t % 16;
      if (t >= 16) w[s] = std::rotl(w[(s + 13) % 16] ^ w[(s + 8) % 16] ^ w[(s + 2) % 16] ^ w[s], 1);
      word f = 0;
      if (t < 20)
        f = ((b & c) | (~b & d)) + 0x5a827999;
      else if (t < 40)
        f = (b ^ c ^ d) + 0x6ed9eba1;
      else if (t < 60)
        f = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
      else
        f = (b ^ c ^ d) + 0xca62c1d6;
      const word next = std::rotl(a, 5) + f + e + w[s];
      e = d;
      d = c;
      c = std::rotl(b, 30);
      b = a;
      a = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    wipe(w);
  }
};

using sha1 = block_hash<sha1_rounds>;
static_assert(hash<sha1>);

}  // namespace sansmtp

#endif
