#include "sansmtp/sasl/hash.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "sansmtp/sasl/md5.hpp"
#include "sansmtp/sasl/sha1.hpp"
#include "sansmtp/sasl/sha256.hpp"
#include "sansmtp/sasl/sha512.hpp"
#include "sasl/hex.hpp"
#include "support/every_cut.hpp"

using sansmtp::hash_of;
using sansmtp::md5;
using sansmtp::sha1;
using sansmtp::sha256;
using sansmtp::sha512;
using support::hex;
using support::is_hex;

// The published vectors of each: RFC 1321 A.5, RFC 3174 7.3, RFC 6234 8.5.
static_assert(is_hex(hash_of<md5>(""), "d41d8cd98f00b204e9800998ecf8427e"));
static_assert(is_hex(hash_of<md5>("a"), "0cc175b9c0f1b6a831c399e269772661"));
static_assert(is_hex(hash_of<md5>("abc"), "900150983cd24fb0d6963f7d28e17f72"));
static_assert(is_hex(hash_of<md5>("message digest"), "f96b697d7cb7938d525a2f31aaf161d0"));
static_assert(is_hex(hash_of<md5>("abcdefghijklmnopqrstuvwxyz"), "c3fcd3d76192e4007dfb496cca67e13b"));
static_assert(is_hex(hash_of<md5>("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
                     "d174ab98d277d9f5a5611c2c9f419d9f"));
static_assert(is_hex(hash_of<md5>("12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
                     "57edf4a22be3c955ac49da2e2107b67a"));
static_assert(is_hex(hash_of<sha1>("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d"));
static_assert(is_hex(hash_of<sha1>("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                     "84983e441c3bd26ebaae4aa1f95129e5e54670f1"));
static_assert(is_hex(hash_of<sha1>(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709"));
static_assert(is_hex(hash_of<sha256>("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
static_assert(is_hex(hash_of<sha256>("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
static_assert(is_hex(hash_of<sha256>(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
static_assert(is_hex(hash_of<sha512>("abc"),
                     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"));
static_assert(is_hex(hash_of<sha512>("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                                     "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"),
                     "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
                     "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909"));

namespace {

std::string pattern(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char>(static_cast<unsigned char>(i % 251));
  return text;
}

// The digest of the digests of patterns of 0 to 300 octets: every place of the padding and of the length.
template <sansmtp::hash Hash>
std::string of_all_lengths() {
  Hash all;
  for (std::size_t n = 0; n <= 300; ++n) all.update(sansmtp::octets_of(hash_of<Hash>(pattern(n))));
  return hex(all.finish());
}

template <sansmtp::hash Hash>
std::string cut_that_matters() {
  for (const unsigned size : {0U, 1U, 55U, 56U, 63U, 64U, 65U, 111U, 112U, 127U, 128U, 129U, 200U, 257U}) {
    const auto run = [](support::parts parts) {
      Hash h;
      for (const std::string_view part : parts) h.update(part);
      return h.finish();
    };
    const std::string differs = support::cut_that_differs(pattern(size), run);
    if (!differs.empty()) return std::to_string(size) + " octets " + differs;
  }
  return {};
}

template <sansmtp::hash Hash>
std::string of_a_million() {
  Hash h;
  const std::string thousand(1000, 'a');
  for (int i = 0; i < 1000; ++i) h.update(thousand);
  return hex(h.finish());
}

}  // namespace

TEST_CASE("a hash is the same for every way its input was cut") {
  CHECK(cut_that_matters<md5>() == "");
  CHECK(cut_that_matters<sha1>() == "");
  CHECK(cut_that_matters<sha256>() == "");
  CHECK(cut_that_matters<sha512>() == "");
}

TEST_CASE("a million octets hash as RFC 3174 7.3 and RFC 6234 8.5 say") {
  CHECK(of_a_million<md5>() == "7707d6ae4e027c70eea2a935c2296f21");
  CHECK(of_a_million<sha1>() == "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
  CHECK(of_a_million<sha256>() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  CHECK(of_a_million<sha512>() ==
        "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
        "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b");
}

TEST_CASE("inputs of every length up to 300 octets hash as another implementation hashes them") {
  CHECK(of_all_lengths<md5>() == "eeb77f5f54b2e46b4849a40454d8e547");
  CHECK(of_all_lengths<sha1>() == "6804e4ea9a6a8d4892d67a40ced19afe1455116c");
  CHECK(of_all_lengths<sha256>() == "b90e35153500e9a471591550ee25a954527c6b4448afff95f7949a2ca93300ce");
  CHECK(of_all_lengths<sha512>() ==
        "da20b3b598f77f25e2e2d1941e345bfe16543f32378fbc8447fbb64f038964ce"
        "a0808c9d450e5e83ac095f5656c102b2ff15a8e0501c7553a7afe1e0256b5e09");
}

TEST_CASE("a hash begins anew behind its digest, and a copy goes on from where it was taken") {
  sha256 h;
  h.update("ab");
  sha256 copy = h;
  h.update("x");
  CHECK(hex(h.finish()) != hex(hash_of<sha256>("abc")));
  copy.update("c");
  CHECK(hex(copy.finish()) == hex(hash_of<sha256>("abc")));
  copy.update("abc");
  CHECK(hex(copy.finish()) == hex(hash_of<sha256>("abc")));
}
