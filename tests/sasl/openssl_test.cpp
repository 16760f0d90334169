// The library's hashes against OpenSSL's, and whole mechanisms over OpenSSL's. Compiled where its headers are.

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <string>
#include <string_view>

#include "sansmtp/sasl/digest_md5_client.hpp"
#include "sansmtp/sasl/hmac.hpp"
#include "sansmtp/sasl/md5.hpp"
#include "sansmtp/sasl/pbkdf2.hpp"
#include "sansmtp/sasl/scram_client.hpp"
#include "sansmtp/sasl/sha1.hpp"
#include "sansmtp/sasl/sha256.hpp"
#include "sansmtp/sasl/sha512.hpp"
#include "sasl/hex.hpp"
#include "support/openssl_hash.hpp"

using namespace sansmtp;
using support::hex;

namespace {

std::string pattern(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i)
    text += static_cast<char>(static_cast<unsigned char>((i * 7 + i / 256) & 0xFF));
  return text;
}

// The first length at which ours and theirs differ; empty when none does.
template <hash Ours, hash Theirs>
std::string first_difference(const EVP_MD* algorithm) {
  const std::string text = pattern(1000);
  for (std::size_t size = 0; size <= 400; ++size) {
    const std::string_view part(text.data(), size);
    if (hash_of<Ours>(part) != hash_of<Theirs>(part)) return "hash of " + std::to_string(size);
    unsigned char code[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    HMAC(algorithm, text.data(), static_cast<int>(size), reinterpret_cast<const unsigned char*>(text.data()),
         400 - size, code, &length);
    const auto ours = hmac_of<Ours>(part, {text.data(), 400 - size});
    if (hex(ours) != hex({reinterpret_cast<const char*>(code), length}))
      return "hmac with key of " + std::to_string(size);
  }
  for (const int iterations : {1, 2, 3, 4096})
    for (const std::size_t size : {std::size_t{1}, std::size_t{Ours::digest_size}, std::size_t{100}}) {
      std::string ours(size, '\0'), theirs(size, '\0');
      const bool made =
          pbkdf2<Ours>("password", "salt", static_cast<unsigned>(iterations), ours, {1, 5000}).has_value();
      PKCS5_PBKDF2_HMAC("password", 8, reinterpret_cast<const unsigned char*>("salt"), 4, iterations, algorithm,
                        static_cast<int>(size), reinterpret_cast<unsigned char*>(theirs.data()));
      if (!made || ours != theirs) return "pbkdf2 of " + std::to_string(iterations) + " to " + std::to_string(size);
    }
  return {};
}

}  // namespace

TEST_CASE("hashes, HMAC and PBKDF2 are OpenSSL's") {
  CHECK(first_difference<md5, support::openssl_md5>(EVP_md5()) == "");
  CHECK(first_difference<sha1, support::openssl_sha1>(EVP_sha1()) == "");
  CHECK(first_difference<sha256, support::openssl_sha256>(EVP_sha256()) == "");
  CHECK(first_difference<sha512, support::openssl_sha512>(EVP_sha512()) == "");
}

TEST_CASE("mechanisms run over a hash that was plugged in") {
  output_buffer<1024> out;
  // RFC 5802 5
  scram_client<support::openssl_sha1> scram({"user", "pencil", "fyko+d2lbbFgONRv9qkxdawL"});
  static_assert(decltype(scram)::name == "SCRAM-SHA-1");
  REQUIRE(scram.respond("", out));
  CHECK(*scram.respond("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096", out) ==
        "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=");
  CHECK(*scram.respond("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", out) == "");
  CHECK(scram.done());
  // RFC 2831 4
  digest_md5_client<support::openssl_md5> digest({"chris", "secret", "OA9BSuZWMSpW8m", "elwood.innosoft.com", "acap"});
  const auto response = digest.respond(
      "realm=\"elwood.innosoft.com\",nonce=\"OA9BSXrbuRhWay\",qop=\"auth\",algorithm=md5-sess,charset=utf-8", out);
  REQUIRE(response);
  CHECK(response->find("response=6084c6db3fede7352c551284490fd0fc") != std::string_view::npos);
  CHECK(*digest.respond("rspauth=2f0b3d7c3c2e486600ef710726aa2eae", out) == "");
  CHECK(digest.done());
}
