// EXTERNAL: the identity was established elsewhere, by a TLS certificate as a rule (RFC 4422 A).
//
// One message, from the client: the identity to act as, or nothing, for the one that belongs to the
// certificate. The mechanism proves nothing by itself: the server must know the peer by other means.

#ifndef SANSMTP_SASL_EXTERNAL_HPP
#define SANSMTP_SASL_EXTERNAL_HPP

#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/sasl/mechanism.hpp"
#include "sansmtp/sasl/message.hpp"
#include "sansmtp/sasl/single_message.hpp"

namespace sansmtp {

// external-initial-resp = authz-id-string
// authz-id-string       = *( UTF8-char-no-nul )
struct external_message {
  static constexpr sasl_mechanism mechanism = sasl_mechanism::external;

  std::string_view authzid;  // the identity to act as; empty for the one that the server derives

  // The whole message. Faults: sasl_octet at a NUL; utf8_malformed; sasl_field_too_long.
  static constexpr result<external_message> parse(std::string_view text) noexcept {
    const external_message message{text};
    if (const result<void> checked = message.check(); !checked) return checked.error();
    return message;
  }

  constexpr result<void> check() const noexcept {
    if (authzid.empty()) return {};
    return sasl::check_field(authzid, limits::sasl_identity);
  }

  constexpr void put(writer::draft& out) const noexcept { out.put(authzid); }
};

class external_client : public sasl::single_message_client<external_message> {
 public:
  constexpr explicit external_client(std::string_view authzid = {}) noexcept
      : single_message_client(external_message{authzid}) {}
};

// Yields whom the client wants to act as; whether its certificate allows that is the caller's to judge.
using external_server = sasl::single_message_server<external_message>;

}  // namespace sansmtp

#endif
