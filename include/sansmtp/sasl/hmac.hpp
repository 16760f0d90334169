// hmac: RFC 2104, a keyed hash over any hash.
//
// H(key ^ opad, H(key ^ ipad, text)). The key is borrowed for the constructor alone; what was hashed
// of it is overwritten when the object goes. A copy of one that has only its key yet spares hashing
// the key again.

#ifndef SANSMTP_SASL_HMAC_HPP
#define SANSMTP_SASL_HMAC_HPP

#include <array>
#include <cstddef>
#include <string_view>

#include "sansmtp/sasl/hash.hpp"
#include "sansmtp/sasl/secret.hpp"

namespace sansmtp {

template <hash Hash>
class hmac {
 public:
  using digest = typename Hash::digest;

  constexpr explicit hmac(std::string_view key) noexcept {
    wiped<std::array<char, Hash::block_size>> pad;
    if (key.size() > Hash::block_size) {
      const wiped<digest> shorter{hash_of<Hash>(key)};
      put(shorter, pad.value);
    } else {
      put(key, pad.value);
    }
    for (char& octet : pad.value) octet = flip(octet, 0x36);
    inner_.update(pad);
    for (char& octet : pad.value) octet = flip(octet, 0x36 ^ 0x5c);
    outer_.update(pad);
  }

  constexpr hmac& update(std::string_view octets) noexcept {
    inner_.update(octets);
    return *this;
  }

  // The code of all octets so far. To be called once: the key is gone behind it.
  constexpr digest finish() noexcept {
    const wiped<digest> inner{inner_.finish()};
    outer_.update(inner);
    return outer_.finish();
  }

 private:
  static constexpr char flip(char octet, unsigned bits) noexcept {
    return static_cast<char>(static_cast<unsigned char>(static_cast<unsigned char>(octet) ^ bits));
  }
  static constexpr void put(std::string_view key, std::array<char, Hash::block_size>& pad) noexcept {
    for (std::size_t i = 0; i < key.size(); ++i) pad[i] = key[i];
  }

  Hash inner_, outer_;
};

// The code of one text.
template <hash Hash>
constexpr typename Hash::digest hmac_of(std::string_view key, std::string_view octets) noexcept {
  hmac<Hash> mac(key);
  mac.update(octets);
  return mac.finish();
}

}  // namespace sansmtp

#endif
