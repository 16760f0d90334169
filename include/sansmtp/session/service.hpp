// service: which of the three protocols that share this grammar a session speaks.

#ifndef SANSMTP_SESSION_SERVICE_HPP
#define SANSMTP_SESSION_SERVICE_HPP

#include <cstdint>

namespace sansmtp {

enum class service : std::uint8_t {
  smtp,        // relay, RFC 5321
  submission,  // RFC 6409
  lmtp,        // RFC 2033: LHLO in place of EHLO, one reply a recipient at the end of a message
};

}  // namespace sansmtp

#endif
