// hash: what a mechanism asks of a hash function, so that anyone's can be plugged in.
//
// The library's own are md5, sha1, sha256 and sha512, constexpr and without any package. Another
// one needs the six names below: ten lines around a crypto library. The name is IANA's ("Hash
// Function Textual Names"), because SCRAM builds its mechanisms' names of it (RFC 5802 4).

#ifndef SANSMTP_SASL_HASH_HPP
#define SANSMTP_SASL_HASH_HPP

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>

namespace sansmtp {

// A copy goes on from the same state: hmac and pbkdf2 hash the key once and copy what follows from
// it. finish() gives the digest of all octets so far, and begins anew. None of it can fail.
template <class H>
concept hash = std::semiregular<H> && requires(H h, std::string_view octets) {
  { H::name } -> std::convertible_to<std::string_view>;
  { H::block_size } -> std::convertible_to<std::size_t>;   // octets, as HMAC counts them (RFC 2104 2)
  { H::digest_size } -> std::convertible_to<std::size_t>;  // octets
  requires std::same_as<typename H::digest, std::array<char, std::size_t{H::digest_size}>>;
  { h.update(octets) }
  noexcept;
  { h.finish() }
  noexcept->std::same_as<typename H::digest>;
};

template <std::size_t N>
constexpr std::string_view octets_of(const std::array<char, N>& digest) noexcept {
  return {digest.data(), digest.size()};
}

// The digest of one text.
template <hash Hash>
constexpr typename Hash::digest hash_of(std::string_view octets) noexcept {
  Hash h;
  h.update(octets);
  return h.finish();
}

// HEX(n) of RFC 2831 1.1 and RFC 2195: two lower-case digits an octet, the form that is hashed again.
template <std::size_t N>
constexpr std::array<char, 2 * N> lower_hex(const std::array<char, N>& octets) noexcept {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<char, 2 * N> text{};
  for (std::size_t i = 0; i < N; ++i) {
    const unsigned octet = static_cast<unsigned char>(octets[i]);
    text[2 * i] = digits[octet >> 4];
    text[2 * i + 1] = digits[octet & 15];
  }
  return text;
}

}  // namespace sansmtp

#endif
