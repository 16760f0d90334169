// md5: RFC 1321, for CRAM-MD5 and DIGEST-MD5, whose grammar knows no other hash.
//
// Broken for signatures (RFC 6151 2); in these two mechanisms it is as strong as the password and
// the nonces are. Owns its state, and overwrites it when it goes.

#ifndef SANSMTP_SASL_MD5_HPP
#define SANSMTP_SASL_MD5_HPP

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/sasl/block_hash.hpp"
#include "sansmtp/sasl/hash.hpp"

namespace sansmtp {

struct md5_rounds {
  using word = std::uint32_t;
  static constexpr std::string_view name = "MD5";
  static constexpr word_order order = word_order::low_first;
  static constexpr std::array<word, 4> start{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};

  // The integer part of 4294967296 times abs(sin(i)), i from 1 (RFC 1321 3.4).
  static constexpr std::array<word, 64> sines{
      0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
      0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
      0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
      0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
      0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
      0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
      0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
      0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};
  static constexpr unsigned char turns[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

  static constexpr void mix(std::array<word, 4>& state, const char* block) noexcept {
    std::array<word, 16> x{};
    for (std::size_t i = 0; i < 16; ++i) x[i] = load_word<word, order>(block + 4 * i);
    word a = state[0], b = state[1], c = state[2], d = state[3];
    for (std::size_t i = 0; i < 64; ++i) {
      const std::size_t round = i / 16;
      word f = 0;
      std::size_t k = 0;
      if (round == 0) {
        f = (b & c) | (~b & d);
        k = i;
      } else if (round == 1) {
        f = (d & b) | (~d & c);
        k = (5 * i + 1) % 16;
      } else if (round == 2) {
        f = b ^ c ^ d;
        k = (3 * i + 5) % 16;
      } else {
        f = c ^ (b | ~d);
        k = 7 * i % 16;
      }
      const word turned = std::rotl(a + f + sines[i] + x[k], turns[round][i % 4]);
      a = d;
      d = c;
      c = b;
      b += turned;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    wipe(x);
  }
};

using md5 = block_hash<md5_rounds>;
static_assert(hash<md5>);

}  // namespace sansmtp

#endif
