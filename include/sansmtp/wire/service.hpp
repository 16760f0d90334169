// service: which of the three protocols that share this grammar is spoken.

#ifndef SANSMTP_WIRE_SERVICE_HPP
#define SANSMTP_WIRE_SERVICE_HPP

#include <cstdint>

namespace sansmtp {

enum class service : std::uint8_t {
  smtp,        // relay, RFC 5321
  submission,  // RFC 6409
  lmtp,        // RFC 2033: LHLO in place of EHLO, one reply a recipient at the end of a message
};

// Some of the three.
enum class services : std::uint8_t { relay = 1, submission = 2, lmtp = 4, not_submission = 5, not_lmtp = 3, all = 7 };

constexpr bool includes(services some, service one) noexcept {
  return ((static_cast<unsigned>(some) >> static_cast<unsigned>(one)) & 1U) != 0;
}

}  // namespace sansmtp

#endif
