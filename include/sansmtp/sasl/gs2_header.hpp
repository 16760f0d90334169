// gs2_header: what SCRAM and OAUTHBEARER begin with: channel binding and whom to act as (RFC 5801 4).
//
// Borrows its octets. The flag says whether the exchange is bound to the TLS channel, and, when it is
// not, whether the client could have: that is how a server finds out that somebody took the -PLUS
// names off its list (RFC 5802 6).

#ifndef SANSMTP_SASL_GS2_HEADER_HPP
#define SANSMTP_SASL_GS2_HEADER_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/sasl/message.hpp"
#include "sansmtp/sasl/saslname.hpp"

namespace sansmtp {

enum class channel_binding_flag : std::uint8_t {
  unsupported,  // "n": the client can't
  not_offered,  // "y": the client could, and saw no -PLUS mechanism offered
  used,         // "p=": the exchange is bound to the channel
};

// What ties an exchange to its TLS channel, got from the TLS library by the caller: the type's
// registered name and its octets. Borrowed.
struct channel_binding {
  std::string_view type;
  std::string_view data;

  static constexpr std::string_view tls_unique = "tls-unique";                      // RFC 5929 3; not with TLS 1.3
  static constexpr std::string_view tls_server_end_point = "tls-server-end-point";  // RFC 5929 4
  static constexpr std::string_view tls_exporter = "tls-exporter";                  // RFC 9266 2; TLS 1.3's default

  constexpr bool empty() const noexcept { return data.empty(); }

  // Whether it can be used. Faults: gs2_header_malformed at an octet of the type that may not stand there,
  // sasl_field_empty without type or data, sasl_field_too_long for either.
  constexpr result<void> check() const noexcept;
};

struct gs2_prefix;

class gs2_header {
 public:
  // The header that the text begins with, and how many octets it takes. Faults: gs2_header_malformed at the octet
  // that is none of a header's; sasl_field_empty, sasl_field_too_long for the type; those of saslname in the name.
  static constexpr result<gs2_prefix> parse_prefix(std::string_view text, quirks = quirks::strict) noexcept;

  constexpr std::string_view text() const noexcept { return text_; }  // with its last comma
  constexpr bool nonstandard() const noexcept { return text_.substr(0, 2) == "F,"; }
  constexpr channel_binding_flag flag() const noexcept { return flag_; }
  constexpr std::string_view type() const noexcept { return type_; }  // of the binding, when it is used
  constexpr const std::optional<saslname>& authzid() const noexcept { return authzid_; }
  constexpr std::size_t authzid_at() const noexcept {
    return text_.size() - 1 - (authzid_ ? authzid_->text().size() : 0);
  }

 private:
  constexpr gs2_header(std::string_view text, channel_binding_flag flag, std::string_view type,
                       std::optional<saslname> authzid) noexcept
      : text_(text), type_(type), authzid_(authzid), flag_(flag) {}

  std::string_view text_, type_;
  std::optional<saslname> authzid_;
  channel_binding_flag flag_;
};

struct gs2_prefix {
  gs2_header header;
  std::size_t used;
};

namespace sasl {

// cb-name = 1*(ALPHA / DIGIT / "." / "-")
constexpr std::size_t find_end_of_cb_name(std::string_view text, std::size_t from) noexcept {
  while (from < text.size() && (is(octet_class::let_dig, text[from]) || text[from] == '.' || text[from] == '-')) ++from;
  return from;
}

}  // namespace sasl

constexpr result<void> channel_binding::check() const noexcept {
  if (type.empty() || data.empty()) return errc::sasl_field_empty;
  if (type.size() > limits::channel_binding_type)
    return sasl::fault_at(errc::sasl_field_too_long, limits::channel_binding_type);
  if (data.size() > limits::channel_binding) return sasl::fault_at(errc::sasl_field_too_long, limits::channel_binding);
  const std::size_t end = sasl::find_end_of_cb_name(type, 0);
  if (end != type.size()) return sasl::fault_at(errc::gs2_header_malformed, end);
  return {};
}

// gs2-header  = ["F,"] gs2-cb-flag "," [gs2-authzid] ","
// gs2-cb-flag = ("p=" cb-name) / "n" / "y"
// gs2-authzid = "a=" saslname
constexpr result<gs2_prefix> gs2_header::parse_prefix(std::string_view text, quirks) noexcept {
  const auto malformed = [](std::size_t at) { return sasl::fault_at(errc::gs2_header_malformed, at); };
  const auto octet = [&](std::size_t at) { return at < text.size() ? text[at] : ','; };
  std::size_t at = text.substr(0, 2) == "F," ? 2 : 0;
  channel_binding_flag flag = channel_binding_flag::unsupported;
  std::string_view type;
  switch (octet(at)) {
    case 'n': ++at; break;
    case 'y':
      flag = channel_binding_flag::not_offered;
      ++at;
      break;
    case 'p': {
      flag = channel_binding_flag::used;
      if (octet(at + 1) != '=') return malformed(at + 1);
      const std::size_t end = sasl::find_end_of_cb_name(text, at + 2);
      type = text.substr(at + 2, end - at - 2);
      if (type.empty()) return sasl::fault_at(errc::sasl_field_empty, at + 2);
      if (type.size() > limits::channel_binding_type)
        return sasl::fault_at(errc::sasl_field_too_long, at + 2 + limits::channel_binding_type);
      at = end;
      break;
    }
    default: return malformed(at);
  }
  if (at >= text.size() || text[at] != ',') return malformed(at);
  ++at;
  std::optional<saslname> authzid;
  if (at < text.size() && text[at] == 'a') {
    if (octet(at + 1) != '=') return malformed(at + 1);
    const std::string_view name = text.substr(at + 2, text.substr(at + 2).find(','));
    const result<saslname> parsed = saslname::parse(name);
    if (!parsed) return parsed.error() + (at + 2);
    authzid = *parsed;
    at += 2 + name.size();
  }
  if (at >= text.size() || text[at] != ',') return malformed(at);
  ++at;
  return gs2_prefix{gs2_header(text.substr(0, at), flag, type, authzid), at};
}

// Writes a header. `type` is that of the binding when one is used; `authzid` is raw, empty for none, and has
// passed sasl::check_field.
constexpr void encode_gs2_header(channel_binding_flag flag, std::string_view type, std::string_view authzid,
                                 writer::draft& out) noexcept {
  if (flag == channel_binding_flag::used)
    out.put("p=").put(type);
  else
    out.put(flag == channel_binding_flag::not_offered ? 'y' : 'n');
  out.put(',');
  if (!authzid.empty()) {
    out.put("a=");
    encode_saslname(authzid, out);
  }
  out.put(',');
}

}  // namespace sansmtp

#endif
