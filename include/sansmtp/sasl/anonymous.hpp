// ANONYMOUS: a user without a name, who may leave a trace (RFC 4505).
//
// One message, from the client: a mail address, or a text without "@" that means something at the client's
// site, or nothing. It proves nothing and anyone can write anything in it: it is for a log at best. No control
// character can stand in it; what the "trace" profile forbids beyond ASCII is not looked for (RFC 4505 3).

#ifndef SANSMTP_SASL_ANONYMOUS_HPP
#define SANSMTP_SASL_ANONYMOUS_HPP

#include <cstddef>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/mailbox.hpp"
#include "sansmtp/grammar/utf8.hpp"
#include "sansmtp/sasl/mechanism.hpp"
#include "sansmtp/sasl/message.hpp"
#include "sansmtp/sasl/single_message.hpp"

namespace sansmtp {

// message = [ email / token ]
// email   = addr-spec                  ; read as a Mailbox (RFC 5321 4.1.2): no comments, no folding
// token   = 1*255TCHAR
// TCHAR   = UTF1 / UTF2 / UTF3 / UTF4  ; any character in UTF-8 but "@"
struct anonymous_message {
  static constexpr sasl_mechanism mechanism = sasl_mechanism::anonymous;

  std::string_view trace;

  constexpr bool is_email() const noexcept { return trace.find('@') != std::string_view::npos; }

  // The whole message. Faults: sasl_octet at a control character; utf8_malformed; sasl_field_too_long at the
  // 256th character of a token; those of mailbox.
  static constexpr result<anonymous_message> parse(std::string_view text) noexcept {
    const anonymous_message message{text};
    if (const result<void> checked = message.check(); !checked) return checked.error();
    return message;
  }

  constexpr result<void> check() const noexcept;
  constexpr void put(writer::draft& out) const noexcept { out.put(trace); }
};

constexpr result<void> anonymous_message::check() const noexcept {
  // The "trace" profile prohibits them (RFC 4505 3, RFC 3454 C.2.1), and in a log they would forge lines.
  if (const std::size_t control = sasl::find_control_octet(trace); control != trace.size())
    return sasl::fault_at(errc::sasl_octet, control);
  if (const result<void> utf8 = check_utf8(trace); !utf8) return utf8.error();
  if (is_email()) {
    const result<mailbox> email = mailbox::parse(trace, quirks::deployed);
    return email ? result<void>() : result<void>(email.error());
  }
  std::size_t characters = 0;
  for (std::size_t i = 0; i < trace.size(); ++characters) {
    if (characters == limits::anonymous_token) return sasl::fault_at(errc::sasl_field_too_long, i);
    i += is(octet_class::non_ascii, trace[i]) ? utf8_length_at(trace, i) : 1;
  }
  return {};
}

class anonymous_client : public sasl::single_message_client<anonymous_message> {
 public:
  // RFC 4505 5: no address without the user's permission.
  constexpr explicit anonymous_client(std::string_view trace = {}) noexcept
      : single_message_client(anonymous_message{trace}) {}
};

using anonymous_server = sasl::single_message_server<anonymous_message>;

}  // namespace sansmtp

#endif
