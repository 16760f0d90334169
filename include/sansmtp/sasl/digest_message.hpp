// digest_message: the challenge, the response and the verdict of DIGEST-MD5, as they are read (RFC 2831 2.1).
//
// Each is one parse of the whole message; every fault is located in it. They borrow it. What a
// message must agree with is judged by digest_md5_client and digest_md5_server.

#ifndef SANSMTP_SASL_DIGEST_MESSAGE_HPP
#define SANSMTP_SASL_DIGEST_MESSAGE_HPP

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/number.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/grammar/utf8.hpp"
#include "sansmtp/sasl/digest_directive.hpp"
#include "sansmtp/sasl/message.hpp"

namespace sansmtp {

// Sets of these are joined by |.
enum class digest_qop : std::uint8_t { none = 0, auth = 1, auth_int = 2, auth_conf = 4 };
enum class digest_cipher : std::uint8_t { none = 0, des = 1, triple_des = 2, rc4 = 4, rc4_40 = 8, rc4_56 = 16 };

constexpr digest_qop operator|(digest_qop a, digest_qop b) noexcept {
  return static_cast<digest_qop>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr digest_cipher operator|(digest_cipher a, digest_cipher b) noexcept {
  return static_cast<digest_cipher>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr bool has(digest_qop set, digest_qop one) noexcept {
  return (static_cast<unsigned>(set) & static_cast<unsigned>(one)) != 0;
}
constexpr bool has(digest_cipher set, digest_cipher one) noexcept {
  return (static_cast<unsigned>(set) & static_cast<unsigned>(one)) != 0;
}

constexpr digest_qop digest_qop_named(std::string_view token) noexcept {
  if (equal_ignoring_case(token, "auth")) return digest_qop::auth;
  if (equal_ignoring_case(token, "auth-int")) return digest_qop::auth_int;
  if (equal_ignoring_case(token, "auth-conf")) return digest_qop::auth_conf;
  return digest_qop::none;
}
constexpr digest_cipher digest_cipher_named(std::string_view token) noexcept {
  if (equal_ignoring_case(token, "des")) return digest_cipher::des;
  if (equal_ignoring_case(token, "3des")) return digest_cipher::triple_des;
  if (equal_ignoring_case(token, "rc4")) return digest_cipher::rc4;
  if (equal_ignoring_case(token, "rc4-40")) return digest_cipher::rc4_40;
  if (equal_ignoring_case(token, "rc4-56")) return digest_cipher::rc4_56;
  return digest_cipher::none;
}

inline constexpr std::uint32_t digest_maxbuf = 65536;  // octets, without the directive

class digest_challenge {
 public:
  digest_text nonce;
  digest_qop qop = digest_qop::auth;
  digest_cipher ciphers = digest_cipher::none;
  std::uint32_t maxbuf = digest_maxbuf;
  std::uint16_t realms = 0;
  std::uint16_t nonce_at = 0, qop_at = 0;  // of the values
  bool stale = false;                      // the last nonce was too old, not the password wrong (RFC 2831 2.2.2)
  bool utf8 = false;                       // the server reads names in UTF-8

  // Faults: those of digest_directives; sasl_field_too_long at 2048 octets; sasl_field_missing at the end without
  // nonce, algorithm, or a cipher for auth-conf; sasl_field_empty; digest_value and number_malformed in a value;
  // digest_unusable at a list of which none is known.
  static constexpr result<digest_challenge> parse(std::string_view message) noexcept;

  // The realm of this index, below `realms`.
  constexpr digest_text realm(std::size_t index) const noexcept {
    digest_directives directives(message_);
    digest_directive d;
    while (directives.next(d).value_or(false))
      if (d.name == digest_name::realm && index-- == 0) return d.value;
    return {};
  }

 private:
  std::string_view message_;
};

struct digest_response {
  digest_directive username, realm, nonce, cnonce, uri, response, authzid;  // realm and authzid may be missing
  std::string_view cipher;
  std::string_view qop_text = "auth";  // as it was written
  std::size_t count_at = 0, qop_at = 0, charset_at = 0;
  std::uint32_t count = 0;
  std::uint32_t maxbuf = digest_maxbuf;
  digest_qop qop = digest_qop::auth;
  bool has_realm = false, has_authzid = false;
  bool utf8 = false;  // username and realm are in UTF-8, else in ISO 8859-1

  // Faults: as for a challenge, at 4096 octets; required are username, nonce, cnonce, nc, digest-uri and response,
  // and a cipher for auth-conf; utf8_malformed in a name.
  static constexpr result<digest_response> parse(std::string_view message) noexcept;
};

// digest-uri-value = serv-type "/" host [ "/" serv-name ]
struct digest_uri {
  std::string_view service, host, name;

  // Fault: digest_value at the octet that may not stand there, or at the end.
  static constexpr result<digest_uri> parse(std::string_view text) noexcept;
};

// response-auth = "rspauth" "=" response-value
//
// The place of the 32 digits. Faults: those of digest_directives; sasl_field_missing at the end; digest_value.
constexpr result<digest_directive> parse_response_auth(std::string_view message) noexcept;

namespace sasl {

// LHEX: digits in lower case alone, for they are hashed again.
constexpr result<void> check_lower_hex(const digest_directive& d, std::size_t digits) noexcept {
  const std::string_view text = d.value.text();
  for (std::size_t i = 0; i < text.size(); ++i)
    if (i == digits || !is(octet_class::hexdig, text[i]) || is(octet_class::alpha, text[i]) != ('a' <= text[i]))
      return fault_at(errc::digest_value, d.value_at + i);
  if (text.size() != digits) return fault_at(errc::digest_value, d.value_at + text.size());
  return {};
}

// maxbuf-value = 1*DIGIT
//
// It has no bound: a buffer over 32 bits is read as the largest of them.
constexpr result<std::uint32_t> read_maxbuf(const digest_directive& d) noexcept {
  constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
  const result<std::uint64_t> n = parse_number(d.value.text(), most);
  if (n) return static_cast<std::uint32_t>(*n);
  if (n.error().code == errc::number_too_large) return most;
  return n.error() + d.value_at;
}

constexpr result<void> check_word(const digest_directive& d, std::string_view word) noexcept {
  if (!equal_ignoring_case(d.value.text(), word)) return fault_at(errc::digest_value, d.value_at);
  return {};
}

constexpr result<void> check_filled(const digest_directive& d) noexcept {
  if (d.value.text().empty()) return fault_at(errc::sasl_field_empty, d.value_at);
  return {};
}

}  // namespace sasl

// digest-challenge = 1#( realm | nonce | qop-options | stale | maxbuf | charset | algorithm | cipher-opts | auth-param
// )
constexpr result<digest_challenge> digest_challenge::parse(std::string_view message) noexcept {
  if (message.size() > limits::digest_challenge)
    return sasl::fault_at(errc::sasl_field_too_long, limits::digest_challenge);
  constexpr std::uint32_t once =
      digest_set(digest_name::nonce, digest_name::qop, digest_name::stale, digest_name::maxbuf, digest_name::charset,
                 digest_name::algorithm, digest_name::cipher);
  digest_challenge challenge;
  challenge.message_ = message;
  digest_directives directives(message);
  digest_directive d;
  while (true) {
    const result<bool> more = directives.next_once(d, once);
    if (!more) return more.error();
    if (!*more) break;
    result<void> good;
    switch (d.name) {
      case digest_name::realm: ++challenge.realms; break;
      case digest_name::nonce:
        good = sasl::check_filled(d);
        challenge.nonce = d.value;
        challenge.nonce_at = static_cast<std::uint16_t>(d.value_at);
        break;
      case digest_name::qop:
        challenge.qop = digest_qop::none;
        challenge.qop_at = static_cast<std::uint16_t>(d.value_at);
        good = for_each_token(d, [&](std::string_view t) { challenge.qop = challenge.qop | digest_qop_named(t); });
        if (good && challenge.qop == digest_qop::none) good = sasl::fault_at(errc::digest_unusable, d.value_at);
        break;
      case digest_name::stale:
        good = sasl::check_word(d, "true");
        challenge.stale = true;
        break;
      case digest_name::maxbuf: {
        const result<std::uint32_t> n = sasl::read_maxbuf(d);
        if (!n) return n.error();
        challenge.maxbuf = *n;
        break;
      }
      case digest_name::charset:
        good = sasl::check_word(d, "utf-8");
        challenge.utf8 = true;
        break;
      case digest_name::algorithm: good = sasl::check_word(d, "md5-sess"); break;
      case digest_name::cipher:
        good = for_each_token(
            d, [&](std::string_view t) { challenge.ciphers = challenge.ciphers | digest_cipher_named(t); });
        if (good && challenge.ciphers == digest_cipher::none) good = sasl::fault_at(errc::digest_unusable, d.value_at);
        break;
      default: break;  // not a challenge's: ignored
    }
    if (!good) return good.error();
  }
  const bool whole = directives.has_read(digest_name::nonce) && directives.has_read(digest_name::algorithm) &&
                     (directives.has_read(digest_name::cipher) || !has(challenge.qop, digest_qop::auth_conf));
  if (!whole) return sasl::fault_at(errc::sasl_field_missing, message.size());
  return challenge;
}

// digest-response = 1#( username | realm | nonce | cnonce | nonce-count | qop | digest-uri | response | maxbuf |
//                       charset | cipher | authzid | auth-param )
// nc-value        = 8LHEX
// response-value  = 32LHEX
constexpr result<digest_response> digest_response::parse(std::string_view message) noexcept {
  if (message.size() > limits::digest_response)
    return sasl::fault_at(errc::sasl_field_too_long, limits::digest_response);
  constexpr std::uint32_t once =
      digest_set(digest_name::username, digest_name::realm, digest_name::nonce, digest_name::cnonce, digest_name::nc,
                 digest_name::qop, digest_name::digest_uri, digest_name::response, digest_name::maxbuf,
                 digest_name::charset, digest_name::cipher, digest_name::authzid);
  digest_response response;
  digest_directives directives(message);
  digest_directive d;
  while (true) {
    const result<bool> more = directives.next_once(d, once);
    if (!more) return more.error();
    if (!*more) break;
    result<void> good;
    switch (d.name) {
      case digest_name::username:
        good = sasl::check_filled(d);
        response.username = d;
        break;
      case digest_name::realm:
        response.realm = d;
        response.has_realm = true;
        break;
      case digest_name::nonce:
        good = sasl::check_filled(d);
        response.nonce = d;
        break;
      case digest_name::cnonce:
        good = sasl::check_filled(d);
        response.cnonce = d;
        break;
      case digest_name::nc:
        good = sasl::check_lower_hex(d, 8);
        response.count_at = d.value_at;
        for (char c : d.value.text().substr(0, 8))
          response.count = response.count << 4 | (is(octet_class::hexdig, c) ? hex_value(c) : 0);
        break;
      case digest_name::qop:
        response.qop = digest_qop_named(d.value.text());
        response.qop_text = d.value.text();
        response.qop_at = d.value_at;
        if (response.qop == digest_qop::none) good = sasl::fault_at(errc::digest_unusable, d.value_at);
        break;
      case digest_name::digest_uri: {
        const result<digest_uri> uri = digest_uri::parse(d.value.text());
        if (!uri) return uri.error() + d.value_at;
        response.uri = d;
        break;
      }
      case digest_name::response:
        good = sasl::check_lower_hex(d, 32);
        response.response = d;
        break;
      case digest_name::maxbuf: {
        const result<std::uint32_t> n = sasl::read_maxbuf(d);
        if (!n) return n.error();
        response.maxbuf = *n;
        break;
      }
      case digest_name::charset:
        good = sasl::check_word(d, "utf-8");
        response.charset_at = d.value_at;
        response.utf8 = true;
        break;
      case digest_name::cipher: response.cipher = d.value.text(); break;
      case digest_name::authzid:
        good = sasl::check_filled(d);
        response.authzid = d;
        response.has_authzid = true;
        break;
      default: break;  // not a response's: ignored
    }
    if (!good) return good.error();
  }
  for (const digest_name required : {digest_name::username, digest_name::nonce, digest_name::cnonce, digest_name::nc,
                                     digest_name::digest_uri, digest_name::response})
    if (!directives.has_read(required)) return sasl::fault_at(errc::sasl_field_missing, message.size());
  if (response.qop == digest_qop::auth_conf && response.cipher.empty())
    return sasl::fault_at(errc::sasl_field_missing, message.size());
  // A backslash stands before ASCII alone, so that the text is UTF-8 just when the name is.
  const auto utf8 = [](const digest_directive& name) -> result<void> {
    const result<void> good = check_utf8(name.value.text());
    return good ? good : result<void>(good.error() + name.value_at);
  };
  if (const result<void> good = utf8(response.authzid); !good) return good.error();
  if (response.utf8) {
    if (const result<void> good = utf8(response.username); !good) return good.error();
    if (const result<void> good = utf8(response.realm); !good) return good.error();
  }
  return response;
}

// serv-type = 1*ALPHA
// host      = 1*( ALPHA | DIGIT | "-" | "." )
// serv-name = host
constexpr result<digest_uri> digest_uri::parse(std::string_view text) noexcept {
  const auto bad = [](std::size_t at) { return sasl::fault_at(errc::digest_value, at); };
  const auto host_end = [&](std::size_t at) {
    while (at < text.size() && (is(octet_class::keyword, text[at]) || text[at] == '.')) ++at;
    return at;
  };
  const std::size_t service = span_of(octet_class::alpha, text);
  if (service == 0 || service == text.size() || text[service] != '/') return bad(service);
  const std::size_t host = host_end(service + 1);
  digest_uri uri{text.substr(0, service), text.substr(service + 1, host - service - 1), {}};
  if (uri.host.empty()) return bad(host);
  if (host == text.size()) return uri;
  if (text[host] != '/') return bad(host);
  const std::size_t end = host_end(host + 1);
  uri.name = text.substr(host + 1, end - host - 1);
  if (uri.name.empty() || end != text.size()) return bad(end);
  return uri;
}

constexpr result<digest_directive> parse_response_auth(std::string_view message) noexcept {
  if (message.size() > limits::digest_challenge)
    return sasl::fault_at(errc::sasl_field_too_long, limits::digest_challenge);
  digest_directives directives(message);
  digest_directive d, found;
  while (true) {
    const result<bool> more = directives.next_once(d, digest_set(digest_name::rspauth));
    if (!more) return more.error();
    if (!*more) break;
    if (d.name == digest_name::rspauth) found = d;
  }
  if (found.name != digest_name::rspauth) return sasl::fault_at(errc::sasl_field_missing, message.size());
  if (const result<void> good = sasl::check_lower_hex(found, 32); !good) return good.error();
  return found;
}

}  // namespace sansmtp

#endif
