// sha2: the rounds that SHA-256 and SHA-512 have in common (RFC 6234 6.2, 6.4).
//
// The two differ in the width of their words, in how many rounds there are, and in how far words are
// turned. Owns nothing, and overwrites the schedule it made.

#ifndef SANSMTP_SASL_SHA2_HPP
#define SANSMTP_SASL_SHA2_HPP

#include <array>
#include <bit>
#include <cstddef>

#include "sansmtp/sasl/block_hash.hpp"

namespace sansmtp {

// How far a word is turned, by the RFC's names of the functions: BSIG0 and BSIG1 turn three times, SSIG0
// and SSIG1 twice, and their third is a shift (RFC 6234 5.1, 5.2).
struct sha2_turns {
  unsigned char bsig0[3], bsig1[3], ssig0[3], ssig1[3];
};

// Works one block into the state. The schedule needs no more than the last 16 of its words.
template <class Rounds>
constexpr void mix_sha2(std::array<typename Rounds::word, 8>& state, const char* block) noexcept {
  using word = typename Rounds::word;
  constexpr sha2_turns by = Rounds::turns;
  const auto big = [](word x, const unsigned char (&n)[3]) { return std::rotr(x, n[0]) ^ std::rotr(x, n[1]) ^ std::rotr(x, n[2]); };
  const auto small = [](word x, const unsigned char (&n)[3]) { return std::rotr(x, n[0]) ^ std::rotr(x, n[1]) ^ x >> n[2]; };
  std::array<word, 16> w{};
  for (std::size_t i = 0; i < 16; ++i) w[i] = load_word<word, Rounds::order>(block + sizeof(word) * i);
  word a = state[0], b = state[1], c = state[2], d = state[3];
  word e = state[4], f = state[5], g = state[6], h = state[7];
  for (std::size_t t = 0; t < Rounds::roots.size(); ++t) {
    const std::size_t s = t % 16;
    if (t >= 16) w[s] += w[(s + 9) % 16] + small(w[(s + 1) % 16], by.ssig0) + small(w[(s + 14) % 16], by.ssig1);
    const word one = h + big(e, by.bsig1) + ((e & f) ^ (~e & g)) + Rounds::roots[t] + w[s];
    const word two = big(a, by.bsig0) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + one;
    d = c;
    c = b;
    b = a;
    a = one + two;
  }
  const std::array<word, 8> mixed{a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < 8; ++i) state[i] += mixed[i];
  wipe(w);
}

}  // namespace sansmtp

#endif
