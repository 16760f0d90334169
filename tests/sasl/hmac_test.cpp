#include "sansmtp/sasl/hmac.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "sansmtp/sasl/md5.hpp"
#include "sansmtp/sasl/sha1.hpp"
#include "sansmtp/sasl/sha256.hpp"
#include "sansmtp/sasl/sha512.hpp"
#include "sasl/hex.hpp"
#include "support/every_cut.hpp"

using sansmtp::hmac_of;
using sansmtp::md5;
using sansmtp::sha1;
using sansmtp::sha256;
using sansmtp::sha512;
using support::hex;
using support::is_hex;

// RFC 2104's own, then RFC 2202 2 and 3 and RFC 4231 4.3, each the case of a short key.
static_assert(is_hex(hmac_of<md5>("Jefe", "what do ya want for nothing?"), "750c783e6ab0b503eaa86e310a5db738"));
static_assert(is_hex(hmac_of<sha1>("Jefe", "what do ya want for nothing?"),
                     "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"));
static_assert(is_hex(hmac_of<sha256>("Jefe", "what do ya want for nothing?"),
                     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
static_assert(is_hex(hmac_of<sha512>("Jefe", "what do ya want for nothing?"),
                     "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                     "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"));

// RFC 2195 2: the digest of its example.
static_assert(is_hex(hmac_of<md5>("tanstaaftanstaaf", "<1896.697170952@postoffice.reston.mci.net>"),
                     "b913a602c7eda7a495b4e6e7334d3890"));

TEST_CASE("HMAC gives the codes of RFC 2202 and RFC 4231") {
  const std::string b16(16, '\x0b'), b20(20, '\x0b'), aa16(16, '\xaa'), aa20(20, '\xaa'), dd50(50, '\xdd');
  const std::string aa80(80, '\xaa'), aa131(131, '\xaa'), cd50(50, '\xcd');
  std::string counting;
  for (char c = 1; c <= 25; ++c) counting += c;
  // RFC 2202 2
  CHECK(hex(hmac_of<md5>(b16, "Hi There")) == "9294727a3638bb1c13f48ef8158bfc9d");
  CHECK(hex(hmac_of<md5>(aa16, dd50)) == "56be34521d144c88dbb8c733f0e8b3f6");
  CHECK(hex(hmac_of<md5>(counting, cd50)) == "697eaf0aca3a3aea3a75164746ffaa79");
  CHECK(hex(hmac_of<md5>(aa80, "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd");
  CHECK(hex(hmac_of<md5>(aa80, "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data")) ==
        "6f630fad67cda0ee1fb1f562db3aa53e");
  // RFC 2202 3
  CHECK(hex(hmac_of<sha1>(b20, "Hi There")) == "b617318655057264e28bc0b6fb378c8ef146be00");
  CHECK(hex(hmac_of<sha1>(aa20, dd50)) == "125d7342b9ac11cd91a39af48aa17b4f63f175d3");
  CHECK(hex(hmac_of<sha1>(counting, cd50)) == "4c9007f4026250c6bc8414f9bf50c86c2d7235da");
  CHECK(hex(hmac_of<sha1>(aa80, "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "aa4ae5e15272d00e95705637ce8a3b55ed402112");
  CHECK(hex(hmac_of<sha1>(aa80, "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data")) ==
        "e8e99d0f45237d786d6bbaa7965c7808bbff1a91");
  // RFC 4231 4.2, 4.4, 4.7
  CHECK(hex(hmac_of<sha256>(b20, "Hi There")) == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hex(hmac_of<sha256>(aa20, dd50)) == "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  CHECK(hex(hmac_of<sha256>(aa131, "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  CHECK(hex(hmac_of<sha512>(b20, "Hi There")) ==
        "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
        "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854");
  CHECK(hex(hmac_of<sha512>(aa131, "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
        "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598");
}

namespace {

// The digest of the codes of one text under keys of 0 to 300 octets: both sides of the block's size.
template <sansmtp::hash Hash>
std::string of_all_keys() {
  Hash all;
  std::string key;
  for (unsigned n = 0; n <= 300; ++n) {
    all.update(sansmtp::octets_of(hmac_of<Hash>(key, "text")));
    key += static_cast<char>(static_cast<unsigned char>(n % 251));
  }
  return hex(all.finish());
}

}  // namespace

TEST_CASE("keys of every length up to 300 octets code as another implementation codes them") {
  CHECK(of_all_keys<md5>() == "73c0cce6e1231bb883d2dd25683b46d0");
  CHECK(of_all_keys<sha1>() == "482d83950ae334a3feb114f535a7ab592979a258");
  CHECK(of_all_keys<sha256>() == "f95904e5e807fe286a50e7c14042c36f3676677329a85074f146b7e98d434575");
  CHECK(of_all_keys<sha512>() ==
        "c06c7572811e166e9630d68516c045bbc0ab494416cf109ca3f45d0d940165de"
        "08ccf0a17cb4ab3693d792bd3a886dd5efee66bdb11c967519c060e3db459556");
}

TEST_CASE("a code is the same for every way its text was cut") {
  const auto run = [](support::parts parts) {
    sansmtp::hmac<sha256> mac("key");
    for (const std::string_view part : parts) mac.update(part);
    return mac.finish();
  };
  CHECK(support::cut_that_differs(std::string(150, 'x'), run) == "");
}
