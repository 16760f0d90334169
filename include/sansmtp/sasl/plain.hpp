// PLAIN: a name and its password in clear (RFC 4616).
//
// One message, from the client: the identity to act as, the name and the password, parted by NULs, of which
// there are exactly two. Where there is none, or a third, no reading is right, and none is tried. To be used
// inside TLS alone. The server compares the password with `==`, in constant time, or hashes what reveal() gives;
// RFC 4616 2 recommends that both are prepared first (prep.hpp).

#ifndef SANSMTP_SASL_PLAIN_HPP
#define SANSMTP_SASL_PLAIN_HPP

#include <cstddef>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/sasl/mechanism.hpp"
#include "sansmtp/sasl/message.hpp"
#include "sansmtp/sasl/secret.hpp"
#include "sansmtp/sasl/single_message.hpp"

namespace sansmtp {

// message = [authzid] UTF8NUL authcid UTF8NUL passwd
// authcid = 1*SAFE ; MUST accept up to 255 octets
// authzid = 1*SAFE ; MUST accept up to 255 octets
// passwd  = 1*SAFE ; MUST accept up to 255 octets
struct plain_message {
  static constexpr sasl_mechanism mechanism = sasl_mechanism::plain;

  std::string_view authzid;  // the identity to act as; empty for the one that belongs to authcid
  std::string_view authcid;  // whose password it is
  secret passwd;

  // The whole message. Faults: sasl_field_missing at the end, for a NUL too few; sasl_octet at a NUL too many;
  // sasl_field_empty, sasl_field_too_long, utf8_malformed at the octet.
  static constexpr result<plain_message> parse(std::string_view text) noexcept;
  constexpr result<void> check() const noexcept;
  constexpr void put(writer::draft& out) const noexcept {
    out.put(authzid).put('\0').put(authcid).put('\0').put(passwd.reveal());
  }
};

constexpr result<plain_message> plain_message::parse(std::string_view text) noexcept {
  const std::size_t first = text.find('\0');
  const std::size_t second = first == std::string_view::npos ? first : text.find('\0', first + 1);
  if (second == std::string_view::npos) return sasl::fault_at(errc::sasl_field_missing, text.size());
  const plain_message message{text.substr(0, first), text.substr(first + 1, second - first - 1),
                              text.substr(second + 1)};
  if (const result<void> checked = message.check(); !checked) return checked.error();
  return message;
}

constexpr result<void> plain_message::check() const noexcept {
  if (!authzid.empty())
    if (const result<void> good = sasl::check_field(authzid, limits::sasl_identity); !good) return good.error();
  const std::size_t name_at = authzid.size() + 1;
  if (const result<void> good = sasl::check_field(authcid, limits::sasl_identity, name_at); !good) return good.error();
  return sasl::check_field(passwd.reveal(), limits::sasl_password, name_at + authcid.size() + 1);
}

class plain_client : public sasl::single_message_client<plain_message> {
 public:
  // Borrows all three. Without an authzid the client acts as the name itself.
  constexpr plain_client(std::string_view authcid, secret passwd, std::string_view authzid = {}) noexcept
      : single_message_client(plain_message{authzid, authcid, passwd}) {}
};

using plain_server = sasl::single_message_server<plain_message>;

}  // namespace sansmtp

#endif
