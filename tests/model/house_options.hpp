// The sessions of a house: what the rules are told of it, as the library is told.

#ifndef SANSMTP_TESTS_MODEL_HOUSE_OPTIONS_HPP
#define SANSMTP_TESTS_MODEL_HOUSE_OPTIONS_HPP

#include <cstddef>
#include <string_view>

#include "model/server_rules.hpp"
#include "sansmtp/session/phase.hpp"
#include "sansmtp/session/server_options.hpp"

namespace model {

inline sansmtp::phase phase_of(at here) {
  using enum sansmtp::phase;
  constexpr sansmtp::phase phases[] = {connect, greeted, refused, ready, mail,     rcpt,  data,
                                       chunk,   broken,  auth,    tls,   reversed, closed};
  return phases[static_cast<std::size_t>(here)];
}

inline sansmtp::service service_of(const house& h) {
  if (h.kind == house::smtp) return sansmtp::service::smtp;
  return h.kind == house::lmtp ? sansmtp::service::lmtp : sansmtp::service::submission;
}

inline sansmtp::server_options options_of(const house& h, sansmtp::phase start) {
  using enum sansmtp::extension;
  static constexpr sansmtp::domain host_name = *sansmtp::domain::parse("mx.example.org");
  static constexpr std::string_view attribute_lines[] = {"XCLIENT NAME ADDR", "XFORWARD NAME ADDR"};
  sansmtp::server_options o{.host = host_name};
  o.kind = service_of(h);
  if (!h.bare) {
    o.extensions = {pipelining, size,       eight_bit_mime, enhanced_status_codes,
                    chunking,   binarymime, smtputf8,       starttls,
                    auth,       expn,       help,           etrn,
                    atrn,       burl,       prdr,           xclient,
                    xforward,   checkpoint};
    if (h.kind == house::lmtp) o.extensions = o.extensions.without(prdr);
    o.mechanisms = "PLAIN CRAM-MD5";
    o.lines = attribute_lines;
  }
  o.size_limit = model::size_limit;
  o.recipient_limit = model::recipient_limit;
  o.require_tls = h.require_tls;
  o.require_authentication = h.require_authentication;
  o.cleartext_passwords = true;
  o.start = start;
  return o;
}

}  // namespace model

#endif
