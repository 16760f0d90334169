// Blocks: as many octets as a register holds, compared all at once.
//
// What scans text is written once, over these few operations. The plain block, of one octet, is
// their definition and what runs in constant evaluation; SSE2, AVX2 and NEON follow it where the
// compiler targets them, and fast_block is the widest of those. A load reads `width` octets from
// where it is told to, which need not be aligned, and nothing beside them.

#ifndef SANSMTP_BASE_BLOCK_HPP
#define SANSMTP_BASE_BLOCK_HPP

#include <cstddef>
#include <cstdint>

#if defined(__AVX2__)
#include <immintrin.h>
#elif defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#elif defined(__aarch64__) && defined(__ARM_NEON)
#include <arm_neon.h>
#endif

namespace sansmtp::scan {

// One octet, or in its place the answer to a comparison.
struct plain_block {
  static constexpr std::size_t width = 1;
  unsigned char octet;

  static constexpr plain_block load(const char* from) noexcept { return {static_cast<unsigned char>(*from)}; }
  constexpr plain_block equal(char c) const noexcept { return answer(octet == static_cast<unsigned char>(c)); }
  constexpr plain_block at_most(unsigned char most) const noexcept { return answer(octet <= most); }
  constexpr plain_block between(unsigned char low, unsigned char high) const noexcept {
    return answer(low <= octet && octet <= high);
  }
  constexpr plain_block with_bits(unsigned char bits) const noexcept {
    return {static_cast<unsigned char>(octet | bits)};
  }
  constexpr plain_block without(plain_block other) const noexcept { return answer(octet != 0 && other.octet == 0); }
  friend constexpr plain_block operator|(plain_block a, plain_block b) noexcept {
    return answer((a.octet | b.octet) != 0);
  }
  friend constexpr plain_block operator&(plain_block a, plain_block b) noexcept {
    return answer((a.octet & b.octet) != 0);
  }
  friend constexpr plain_block operator^(plain_block a, plain_block b) noexcept { return answer(a.octet != b.octet); }

  // Whether any octet answered yes; and a bit for each octet's answer, the first octet's lowest.
  constexpr bool any() const noexcept { return octet != 0; }
  constexpr std::uint64_t bits() const noexcept { return octet; }

 private:
  static constexpr plain_block answer(bool yes) noexcept { return {static_cast<unsigned char>(yes)}; }
};

#if defined(__SSE2__) || defined(_M_X64)

struct sse2_block {
  static constexpr std::size_t width = 16;
  __m128i octets;

  static sse2_block load(const char* from) noexcept {
    return {_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))};
  }
  sse2_block equal(char c) const noexcept { return {_mm_cmpeq_epi8(octets, _mm_set1_epi8(c))}; }
  sse2_block at_most(unsigned char most) const noexcept {
    return {_mm_cmpeq_epi8(_mm_max_epu8(octets, _mm_set1_epi8(static_cast<char>(most))),
                           _mm_set1_epi8(static_cast<char>(most)))};
  }
  // Moved so that the range begins at the least signed number: one comparison tells then.
  sse2_block between(unsigned char low, unsigned char high) const noexcept {
    const auto moved = _mm_sub_epi8(octets, _mm_set1_epi8(static_cast<char>(low + 128)));
    return {_mm_cmpgt_epi8(_mm_set1_epi8(static_cast<char>(high - low - 127)), moved)};
  }
  sse2_block with_bits(unsigned char bits) const noexcept {
    return {_mm_or_si128(octets, _mm_set1_epi8(static_cast<char>(bits)))};
  }
  sse2_block without(sse2_block other) const noexcept { return {_mm_andnot_si128(other.octets, octets)}; }
  friend sse2_block operator|(sse2_block a, sse2_block b) noexcept { return {_mm_or_si128(a.octets, b.octets)}; }
  friend sse2_block operator&(sse2_block a, sse2_block b) noexcept { return {_mm_and_si128(a.octets, b.octets)}; }
  friend sse2_block operator^(sse2_block a, sse2_block b) noexcept { return {_mm_xor_si128(a.octets, b.octets)}; }
  bool any() const noexcept { return _mm_movemask_epi8(octets) != 0; }
  std::uint64_t bits() const noexcept { return static_cast<std::uint32_t>(_mm_movemask_epi8(octets)); }
};

#endif

#if defined(__AVX2__)

struct avx2_block {
  static constexpr std::size_t width = 32;
  __m256i octets;

  static avx2_block load(const char* from) noexcept {
    return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from))};
  }
  avx2_block equal(char c) const noexcept { return {_mm256_cmpeq_epi8(octets, _mm256_set1_epi8(c))}; }
  avx2_block at_most(unsigned char most) const noexcept {
    return {_mm256_cmpeq_epi8(_mm256_max_epu8(octets, _mm256_set1_epi8(static_cast<char>(most))),
                              _mm256_set1_epi8(static_cast<char>(most)))};
  }
  // Moved so that the range begins at the least signed number: one comparison tells then.
  avx2_block between(unsigned char low, unsigned char high) const noexcept {
    const auto moved = _mm256_sub_epi8(octets, _mm256_set1_epi8(static_cast<char>(low + 128)));
    return {_mm256_cmpgt_epi8(_mm256_set1_epi8(static_cast<char>(high - low - 127)), moved)};
  }
  avx2_block with_bits(unsigned char bits) const noexcept {
    return {_mm256_or_si256(octets, _mm256_set1_epi8(static_cast<char>(bits)))};
  }
  avx2_block without(avx2_block other) const noexcept { return {_mm256_andnot_si256(other.octets, octets)}; }
  friend avx2_block operator|(avx2_block a, avx2_block b) noexcept { return {_mm256_or_si256(a.octets, b.octets)}; }
  friend avx2_block operator&(avx2_block a, avx2_block b) noexcept { return {_mm256_and_si256(a.octets, b.octets)}; }
  friend avx2_block operator^(avx2_block a, avx2_block b) noexcept { return {_mm256_xor_si256(a.octets, b.octets)}; }
  bool any() const noexcept { return _mm256_movemask_epi8(octets) != 0; }
  std::uint64_t bits() const noexcept { return static_cast<std::uint32_t>(_mm256_movemask_epi8(octets)); }
};

using fast_block = avx2_block;

#elif defined(__SSE2__) || defined(_M_X64)

using fast_block = sse2_block;

#elif defined(__aarch64__) && defined(__ARM_NEON)

struct neon_block {
  static constexpr std::size_t width = 16;
  uint8x16_t octets;

  static neon_block load(const char* from) noexcept { return {vld1q_u8(reinterpret_cast<const std::uint8_t*>(from))}; }
  neon_block equal(char c) const noexcept { return {vceqq_u8(octets, vdupq_n_u8(static_cast<unsigned char>(c)))}; }
  neon_block at_most(unsigned char most) const noexcept { return {vcleq_u8(octets, vdupq_n_u8(most))}; }
  neon_block between(unsigned char low, unsigned char high) const noexcept {
    return {vcleq_u8(vsubq_u8(octets, vdupq_n_u8(low)), vdupq_n_u8(static_cast<unsigned char>(high - low)))};
  }
  neon_block with_bits(unsigned char bits) const noexcept { return {vorrq_u8(octets, vdupq_n_u8(bits))}; }
  neon_block without(neon_block other) const noexcept { return {vbicq_u8(octets, other.octets)}; }
  friend neon_block operator|(neon_block a, neon_block b) noexcept { return {vorrq_u8(a.octets, b.octets)}; }
  friend neon_block operator&(neon_block a, neon_block b) noexcept { return {vandq_u8(a.octets, b.octets)}; }
  friend neon_block operator^(neon_block a, neon_block b) noexcept { return {veorq_u8(a.octets, b.octets)}; }
  bool any() const noexcept { return vmaxvq_u8(octets) != 0; }
  std::uint64_t bits() const noexcept {
    // Each answer leaves the bit of its place, and what is added up cannot carry.
    const uint8x8_t places = vcreate_u8(0x8040201008040201U);
    return vaddv_u8(vand_u8(vget_low_u8(octets), places)) |
           std::uint64_t{vaddv_u8(vand_u8(vget_high_u8(octets), places))} << 8;
  }
};

using fast_block = neon_block;

#else

using fast_block = plain_block;

#endif

// For what is often shorter than the widest block is: a path, a line, a list of parameters.
#if defined(__SSE2__) || defined(_M_X64)
using short_block = sse2_block;
#else
using short_block = fast_block;
#endif

}  // namespace sansmtp::scan

#endif
