// service_options: servers that offer nearly all there is, one for each service, and one that offers nothing.

#ifndef SANSMTP_TESTS_SUPPORT_SERVICE_OPTIONS_HPP
#define SANSMTP_TESTS_SUPPORT_SERVICE_OPTIONS_HPP

#include <string_view>

#include "sansmtp/sansmtp.hpp"

namespace support {

inline constexpr sansmtp::extension_set of_relay = [] {
  using enum sansmtp::extension;
  return sansmtp::extension_set{pipelining, size, eight_bit_mime, enhanced_status_codes, chunking, dsn,  binarymime, smtputf8, starttls,
                                auth,       expn, help,           etrn,                  atrn,     prdr, xclient,    xforward};
}();
inline constexpr std::string_view lines_of_relay[] = {"XCLIENT NAME ADDR", "XFORWARD NAME ADDR"};

inline constexpr sansmtp::domain host_name = *sansmtp::domain::parse("mx.example.org");

constexpr sansmtp::server_options relay() {
  return {.host = host_name,
          .extensions = of_relay,
          .mechanisms = "PLAIN CRAM-MD5",
          .lines = lines_of_relay,
          .cleartext_passwords = true};
}
constexpr sansmtp::server_options plain() { return {.host = host_name, .extensions = sansmtp::extension::enhanced_status_codes}; }
constexpr sansmtp::server_options submission() {
  sansmtp::server_options o = relay();
  o.kind = sansmtp::service::submission;
  o.extensions = of_relay.with(sansmtp::extension::burl);
  return o;
}
constexpr sansmtp::server_options lmtp() {
  sansmtp::server_options o = relay();
  o.kind = sansmtp::service::lmtp;
  return o;
}

}  // namespace support

#endif
