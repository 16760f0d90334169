// XOAUTH2: a user and a bearer token (no RFC; older than OAUTHBEARER, which RFC 7628 made of it).
//
// Documented by the vendors who introduced it, and still what many servers offer. One message from the client;
// when the server refuses it, the error of RFC 7628 3.2.2 and an empty answer. To be used inside TLS alone.

#ifndef SANSMTP_SASL_XOAUTH2_HPP
#define SANSMTP_SASL_XOAUTH2_HPP

#include <cstddef>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/sasl/mechanism.hpp"
#include "sansmtp/sasl/message.hpp"
#include "sansmtp/sasl/oauth_exchange.hpp"
#include "sansmtp/sasl/secret.hpp"

namespace sansmtp {

// message = "user=" user kvsep "auth=Bearer " b64token kvsep kvsep
// user    = 1*<character in UTF-8 except NUL and kvsep>
// kvsep   = %x01
struct xoauth2_message {
  static constexpr sasl_mechanism mechanism = sasl_mechanism::xoauth2;
  static constexpr std::string_view dismissal = "";

  std::string_view user;
  secret token;

  // The whole message. Faults: sasl_message_malformed at the octet that is not what the grammar says; sasl_octet,
  // utf8_malformed, sasl_field_empty, sasl_field_too_long in a field; sasl_field_missing at the end; sasl_trailing.
  static constexpr result<xoauth2_message> parse(std::string_view text) noexcept;
  constexpr result<void> check() const noexcept;
  constexpr void put(writer::draft& out) const noexcept {
    out.put("user=").put(user).put("\x01").put("auth=Bearer ").put(token.reveal()).put("\x01\x01");
  }
};

namespace sasl {

// Faults: those of check_field; sasl_octet at a %x01, which would end the field.
constexpr result<void> check_xoauth2_user(std::string_view user) noexcept {
  if (const std::size_t end = user.find('\x01'); end != std::string_view::npos) return fault_at(errc::sasl_octet, end);
  return check_field(user, limits::sasl_identity);
}

}  // namespace sasl

constexpr result<xoauth2_message> xoauth2_message::parse(std::string_view text) noexcept {
  const result<std::size_t> user_at = sasl::behind("user=", text, 0);
  if (!user_at) return user_at.error();
  const std::size_t user_end = text.find('\x01', *user_at);
  if (user_end == std::string_view::npos) return sasl::fault_at(errc::sasl_field_missing, text.size());
  const std::string_view user = text.substr(*user_at, user_end - *user_at);
  if (const result<void> good = sasl::check_xoauth2_user(user); !good) return good.error() + *user_at;
  const result<std::size_t> auth_at = sasl::behind("auth=", text, user_end + 1);
  if (!auth_at) return auth_at.error();
  const std::size_t auth_end = text.find('\x01', *auth_at);
  if (auth_end == std::string_view::npos) return sasl::fault_at(errc::sasl_field_missing, text.size());
  const result<secret> token = sasl::read_bearer(text.substr(*auth_at, auth_end - *auth_at));
  if (!token) return token.error() + *auth_at;
  const result<std::size_t> end = sasl::behind("\x01", text, auth_end + 1);
  if (!end) return end.error();
  if (*end != text.size()) return sasl::fault_at(errc::sasl_trailing, *end);
  return xoauth2_message{user, *token};
}

constexpr result<void> xoauth2_message::check() const noexcept {
  constexpr std::size_t user_at = std::string_view("user=").size();
  if (const result<void> good = sasl::check_xoauth2_user(user); !good) return good.error() + user_at;
  if (const result<void> good = sasl::check_bearer_token(token.reveal()); !good)
    return good.error() + (user_at + user.size() + 1 + std::string_view("auth=Bearer ").size());
  return {};
}

class xoauth2_client : public sasl::oauth_client<xoauth2_message> {
 public:
  // Borrows both.
  constexpr xoauth2_client(std::string_view user, secret token) noexcept : oauth_client(xoauth2_message{user, token}) {}
};

using xoauth2_server = sasl::oauth_server<xoauth2_message>;

}  // namespace sansmtp

#endif
