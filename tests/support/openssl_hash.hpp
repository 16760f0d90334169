// openssl_hash: OpenSSL's digests behind the library's hash concept: how to plug in one's own.
//
//   sansmtp::scram_client<support::openssl_sha256> client(...);
//
// The concept has no failures, because a digest that silently is not one would let anybody in; so
// what OpenSSL can not do (no memory, a digest that its policy forbids) ends the program.

#ifndef SANSMTP_TESTS_SUPPORT_OPENSSL_HASH_HPP
#define SANSMTP_TESTS_SUPPORT_OPENSSL_HASH_HPP

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <string_view>

#include "sansmtp/base/literal.hpp"
#include "sansmtp/sasl/hash.hpp"

namespace support {

template <const EVP_MD* (*Algorithm)(), sansmtp::fixed_string Name, std::size_t Digest, std::size_t Block>
class openssl_hash {
 public:
  static constexpr std::string_view name = Name.view();
  static constexpr std::size_t digest_size = Digest;
  static constexpr std::size_t block_size = Block;
  using digest = std::array<char, Digest>;

  openssl_hash() noexcept { begin(); }
  openssl_hash(const openssl_hash& other) noexcept { must(EVP_MD_CTX_copy_ex(context_, other.context_)); }
  openssl_hash& operator=(const openssl_hash& other) noexcept {
    must(EVP_MD_CTX_copy_ex(context_, other.context_));
    return *this;
  }
  ~openssl_hash() { EVP_MD_CTX_free(context_); }

  void update(std::string_view octets) noexcept { must(EVP_DigestUpdate(context_, octets.data(), octets.size())); }
  digest finish() noexcept {
    digest made;
    must(EVP_DigestFinal_ex(context_, reinterpret_cast<unsigned char*>(made.data()), nullptr));
    begin();
    return made;
  }

 private:
  static void must(int done) noexcept {
    if (done != 1) std::abort();
  }
  void begin() noexcept { must(EVP_DigestInit_ex(context_, Algorithm(), nullptr)); }

  EVP_MD_CTX* context_ = EVP_MD_CTX_new();
};

using openssl_md5 = openssl_hash<&EVP_md5, "MD5", 16, 64>;
using openssl_sha1 = openssl_hash<&EVP_sha1, "SHA-1", 20, 64>;
using openssl_sha256 = openssl_hash<&EVP_sha256, "SHA-256", 32, 64>;
using openssl_sha512 = openssl_hash<&EVP_sha512, "SHA-512", 64, 128>;
static_assert(sansmtp::hash<openssl_md5> && sansmtp::hash<openssl_sha512>);

}  // namespace support

#endif
