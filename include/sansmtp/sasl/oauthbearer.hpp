// OAUTHBEARER: a bearer token of OAuth 2.0 (RFC 7628).
//
// One message from the client: a GS2 header, which may name whom to act as, then keys and values of which `auth`
// holds the token; when the server refuses it, its reasons and a lone %x01 in answer. There is no channel binding.
// TLS must be active (RFC 7628 3): who reads the token can use it.

#ifndef SANSMTP_SASL_OAUTHBEARER_HPP
#define SANSMTP_SASL_OAUTHBEARER_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/number.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/sasl/gs2_header.hpp"
#include "sansmtp/sasl/mechanism.hpp"
#include "sansmtp/sasl/message.hpp"
#include "sansmtp/sasl/oauth_exchange.hpp"
#include "sansmtp/sasl/saslname.hpp"
#include "sansmtp/sasl/secret.hpp"

namespace sansmtp {

// client-resp = (gs2-header kvsep *kvpair kvsep) / kvsep    ; the latter: oauth_server::take_dismissal
// kvpair      = key "=" value kvsep
// key         = 1*(ALPHA)
// value       = *(VCHAR / SP / HTAB / CR / LF )
// kvsep       = %x01
struct oauthbearer_message {
  static constexpr sasl_mechanism mechanism = sasl_mechanism::oauthbearer;
  static constexpr std::string_view dismissal = "\x01";

  std::optional<saslname> authzid;  // whom to act as; the token itself says whose it is
  secret token;
  std::string_view host;   // where the client thinks it is; empty when it does not say
  std::uint16_t port = 0;  // 0 when it does not say

  // Whether the client meant this server: what it does not say can't be wrong. RFC 7628 3.2 wants it checked.
  constexpr bool meant_for(std::string_view own_host, std::uint16_t own_port) const noexcept {
    return (host.empty() || equal_ignoring_case(host, own_host)) && (port == 0 || port == own_port);
  }

  // The whole message. Keys other than auth, host and port are passed over. Faults: those of gs2_header, and
  // channel_binding_unknown where it says that a binding is used; sasl_message_malformed at the octet that is not
  // what the grammar says; sasl_octet in a value; sasl_field_repeated at the second auth, host or port;
  // sasl_field_empty at the value of auth or port; sasl_field_missing at the end; number_malformed,
  // number_too_large in the port; sasl_field_too_long; sasl_trailing; of the token, those of sasl::read_bearer.
  static constexpr result<oauthbearer_message> parse(std::string_view text) noexcept;

 private:
  constexpr result<void> take(std::string_view key, std::string_view value) noexcept;
};

// What a client sends: as above, but the name raw.
struct oauthbearer_request {
  static constexpr sasl_mechanism mechanism = sasl_mechanism::oauthbearer;
  static constexpr std::string_view dismissal = oauthbearer_message::dismissal;

  secret token = {};
  std::string_view authzid = {};  // empty for none
  std::string_view host = {};     // empty for none
  std::uint16_t port = 0;         // 0 for none
  bool inquiry = false;           // no token is sent, to learn from the reasons what one is wanted (RFC 7628 4.3)

  // Faults, each with its place in the field: sasl_octet, utf8_malformed, sasl_field_too_long, sasl_field_empty for
  // the token.
  constexpr result<void> check() const noexcept;
  constexpr void put(writer::draft& out) const noexcept;
};

class oauthbearer_client : public sasl::oauth_client<oauthbearer_request> {
 public:
  constexpr explicit oauthbearer_client(const oauthbearer_request& request) noexcept : oauth_client(request) {}
};

using oauthbearer_server = sasl::oauth_server<oauthbearer_message>;

namespace sasl {

constexpr std::size_t find_end_of_oauth_value(std::string_view text, std::size_t from) noexcept {
  while (from < text.size() && (is(octet_class::textstring, text[from]) || text[from] == '\r' || text[from] == '\n'))
    ++from;
  return from;
}

}  // namespace sasl

constexpr result<oauthbearer_message> oauthbearer_message::parse(std::string_view text) noexcept {
  const result<gs2_prefix> prefix = gs2_header::parse_prefix(text);
  if (!prefix) return prefix.error();
  const gs2_header& header = prefix->header;
  if (header.nonstandard()) return errc::gs2_header_malformed;
  if (header.flag() == channel_binding_flag::used) return errc::channel_binding_unknown;
  oauthbearer_message message;
  message.authzid = header.authzid();
  const result<std::size_t> pairs_at = sasl::behind("\x01", text, prefix->used);
  if (!pairs_at) return pairs_at.error();
  bool auth = false, host = false, port = false;
  std::size_t at = *pairs_at;
  while (at < text.size() && text[at] != '\x01') {
    const std::size_t key_end = span_of(octet_class::alpha, text, at);
    if (key_end == at) return sasl::fault_at(errc::sasl_message_malformed, at);
    const result<std::size_t> value_at = sasl::behind("=", text, key_end);
    if (!value_at) return value_at.error();
    const std::size_t value_end = sasl::find_end_of_oauth_value(text, *value_at);
    if (value_end == text.size()) return sasl::fault_at(errc::sasl_field_missing, value_end);
    if (text[value_end] != '\x01') return sasl::fault_at(errc::sasl_octet, value_end);
    const std::string_view key = text.substr(at, key_end - at);
    if (bool* const seen = key == "auth" ? &auth : key == "host" ? &host : key == "port" ? &port : nullptr) {
      if (*seen) return sasl::fault_at(errc::sasl_field_repeated, at);
      *seen = true;
      const result<void> taken = message.take(key, text.substr(*value_at, value_end - *value_at));
      if (!taken) return taken.error() + *value_at;
    }
    at = value_end + 1;
  }
  if (at == text.size()) return sasl::fault_at(errc::sasl_field_missing, at);
  if (at + 1 != text.size()) return sasl::fault_at(errc::sasl_trailing, at + 1);
  if (!auth) return sasl::fault_at(errc::sasl_field_missing, text.size());
  return message;
}

// A host of no octets is a value, and says nothing. port: "a decimal positive integer string without leading zeros"
// (RFC 7628 3.1)
constexpr result<void> oauthbearer_message::take(std::string_view key, std::string_view value) noexcept {
  if (value.empty() && key != "host") return errc::sasl_field_empty;
  if (key == "auth") {
    const result<secret> bearer = sasl::read_bearer(value);
    if (!bearer) return bearer.error();
    token = *bearer;
  } else if (key == "host") {
    if (value.size() > limits::domain) return sasl::fault_at(errc::sasl_field_too_long, limits::domain);
    host = value;
  } else {
    if (value.front() == '0') return errc::number_malformed;
    const result<std::uint64_t> number = parse_number(value, 65535);
    if (!number) return number.error();
    port = static_cast<std::uint16_t>(*number);
  }
  return {};
}

constexpr result<void> oauthbearer_request::check() const noexcept {
  if (!authzid.empty())
    if (const result<void> good = sasl::check_field(authzid, limits::sasl_identity); !good) return good.error();
  if (host.size() > limits::domain) return sasl::fault_at(errc::sasl_field_too_long, limits::domain);
  if (const std::size_t end = span_of(octet_class::vchar, host); end != host.size())
    return sasl::fault_at(errc::sasl_octet, end);
  if (inquiry && token.empty()) return {};
  return sasl::check_bearer_token(token.reveal());
}

constexpr void oauthbearer_request::put(writer::draft& out) const noexcept {
  encode_gs2_header(channel_binding_flag::unsupported, {}, authzid, out);
  out.put('\x01');
  if (!host.empty()) out.put("host=").put(host).put('\x01');
  if (port != 0) out.put("port=").put_number(port).put('\x01');
  out.put("auth=");
  if (!token.empty()) out.put("Bearer ").put(token.reveal());
  out.put("\x01\x01");
}

}  // namespace sansmtp

#endif
