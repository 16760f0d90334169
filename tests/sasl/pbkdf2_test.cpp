#include "sansmtp/sasl/pbkdf2.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "grammar/judged.hpp"
#include "sansmtp/sasl/sha1.hpp"
#include "sansmtp/sasl/sha256.hpp"
#include "sansmtp/sasl/sha512.hpp"
#include "sasl/hex.hpp"

using sansmtp::errc;
using sansmtp::iteration_bounds;
using sansmtp::pbkdf2;
using sansmtp::sha1;
using sansmtp::sha256;
using sansmtp::sha512;
using support::judged;

namespace {

constexpr iteration_bounds any{1, 100000};

template <sansmtp::hash Hash, std::size_t N>
constexpr std::array<char, N> key_of(std::string_view password, std::string_view salt, std::uint64_t iterations) {
  std::array<char, N> key{};
  return pbkdf2<Hash>(password, salt, iterations, key, any) ? key : std::array<char, N>{};
}

}  // namespace

// RFC 6070 2
static_assert(support::is_hex(key_of<sha1, 20>("password", "salt", 1), "0c60c80f961f0e71f3a9b524af6012062fe037a6"));
static_assert(support::is_hex(key_of<sha1, 20>("password", "salt", 2), "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"));

TEST_CASE("PBKDF2 gives the keys of RFC 6070 and RFC 7914") {
  using support::hex;
  CHECK(hex(key_of<sha1, 20>("password", "salt", 4096)) == "4b007901b765489abead49d926f721d065a429c1");
  // More than one block, and not a whole number of them; a NUL inside.
  CHECK(hex(key_of<sha1, 25>("passwordPASSWORDpassword", "saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096)) ==
        "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038");
  CHECK(hex(key_of<sha1, 16>({"pass\0word", 9}, {"sa\0lt", 5}, 4096)) == "56fa6aa75548099dcc37d7f03425e0c3");
  // RFC 7914 11
  CHECK(hex(key_of<sha256, 64>("passwd", "salt", 1)) ==
        "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
        "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783");
  CHECK(hex(key_of<sha256, 64>("Password", "NaCl", 80000)) ==
        "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
        "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d");
  // Of no RFC; as another implementation has them.
  CHECK(hex(key_of<sha512, 64>("password", "salt", 1)) ==
        "867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252"
        "c02d470a285a0501bad999bfe943c08f050235d7d68b1da55e63f73b60a57fce");
  CHECK(hex(key_of<sha512, 64>("password", "salt", 4096)) ==
        "d197b1b33db0143e018b12f3d1d1479e6cdebdcc97c5c0f87f6902e072f457b5"
        "143f30602641b3d55cd335988cb36b84376060ecd532e039b742a239434af2d5");
}

TEST_CASE("iterations are bounded both ways, before any work is done") {
  std::array<char, 20> key{};
  const auto tried = [&](std::uint64_t n, iteration_bounds bounds = {}) {
    return judged(pbkdf2<sha1>("password", "salt", n, key, bounds));
  };
  CHECK(tried(0) == judged(errc::iterations_too_few, 0));
  CHECK(tried(1) == judged(errc::iterations_too_few, 0));
  CHECK(tried(4095) == judged(errc::iterations_too_few, 0));  // RFC 7677 4
  CHECK(tried(1000001) == judged(errc::iterations_too_many, 0));
  CHECK(tried(std::uint64_t{1} << 31) == judged(errc::iterations_too_many, 0));
  CHECK(tried((std::uint64_t{1} << 32) + 4096) == judged(errc::iterations_too_many, 0));  // never cut to 32 bits
  CHECK(tried(0, {0, 10}) == judged(errc::iterations_too_few, 0));                        // no bound makes 0 a count
  CHECK(key == std::array<char, 20>{});
  CHECK(tried(4096) == "taken");
  CHECK(tried(1, {1, 10}) == "taken");
}
