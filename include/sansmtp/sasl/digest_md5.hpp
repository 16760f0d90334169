// digest_md5: the values that DIGEST-MD5 computes (RFC 2831 2.1.2.1).
//
// Written over the hash concept, so that a caller's own MD5 fits. All values are raw octets or
// lower-case digits; the hash of name, realm and password is what a server may keep in place of the
// password, and is as much a secret (RFC 2831 3.9).

#ifndef SANSMTP_SASL_DIGEST_MD5_HPP
#define SANSMTP_SASL_DIGEST_MD5_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/utf8.hpp"
#include "sansmtp/sasl/digest_message.hpp"
#include "sansmtp/sasl/hash.hpp"
#include "sansmtp/sasl/md5.hpp"
#include "sansmtp/sasl/secret.hpp"

namespace sansmtp {

// What both sides hash besides the password. Borrowed.
struct digest_values {
  std::string_view nonce, cnonce;
  std::string_view uri;
  std::string_view authzid;  // when has_authzid
  std::uint32_t count = 1;
  std::string_view qop = "auth";  // in the client's case, which is hashed
  bool has_authzid = false;
};

// What is remembered of an exchange that went well, for subsequent authentication (RFC 2831 2.2). Borrowed.
struct digest_reuse {
  std::string_view username, realm;  // as they went over the wire
  std::string_view nonce, cnonce;
  std::uint32_t count = 0;  // the last one used
  bool utf8 = false;
  bool has_realm = false;  // the response named a realm, if only an empty one
};

// Whether all characters of the text, which is UTF-8, are ISO 8859-1's too.
constexpr bool is_latin1(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is(octet_class::non_ascii, text[i])) continue;
    if (static_cast<unsigned char>(text[i]) > 0xC3 || utf8_length_at(text, i) != 2) return false;
    ++i;
  }
  return true;
}

// Gives the octets of the text in ISO 8859-1 one by one to `each`; all its characters must be that set's.
template <class Each>
constexpr void for_each_latin1(std::string_view text, Each each) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80)
      each(text[i]);
    else
      each(static_cast<char>(
          static_cast<unsigned char>((lead & 3) << 6 | (static_cast<unsigned char>(text[++i]) & 63U))));
  }
}

// In ISO 8859-1 when all characters are of that set, else as it stands (RFC 2831 8).
template <hash Md5>
constexpr void hash_latin1(std::string_view text, Md5& h) noexcept {
  if (!is_latin1(text)) {
    h.update(text);
    return;
  }
  for_each_latin1(text, [&](char c) { h.update(std::string_view(&c, 1)); });
}

// H( { username-value, ":", realm-value, ":", passwd } )
//
// Name and realm as they go over the wire, in UTF-8 or not; the password in UTF-8. The realm is converted as
// the name is: RFC 2831 2.1.2.1 does so to share the hashes that HTTP's servers keep.
template <hash Md5 = md5>
[[gnu::noinline]] constexpr typename Md5::digest digest_user_hash(std::string_view username, std::string_view realm,
                                                                  secret password, bool utf8) noexcept {
  Md5 h;
  const auto put = [&](std::string_view text) { utf8 ? hash_latin1(text, h) : static_cast<void>(h.update(text)); };
  put(username);
  h.update(":");
  put(realm);
  h.update(":");
  hash_latin1(password.reveal(), h);
  return h.finish();
}

// A1 = { user hash, ":", nonce-value, ":", cnonce-value [ ":", authzid-value ] }; this is H(A1).
template <hash Md5 = md5>
constexpr typename Md5::digest digest_session_hash(secret user_hash, const digest_values& v) noexcept {
  Md5 h;
  h.update(user_hash.reveal());
  h.update(":");
  h.update(v.nonce);
  h.update(":");
  h.update(v.cnonce);
  if (v.has_authzid) {
    h.update(":");
    h.update(v.authzid);
  }
  return h.finish();
}

// A2 = { "AUTHENTICATE:", digest-uri-value [ ":00000000000000000000000000000000" ] }; the server's proof has no
// word before the colon. This is H(A2).
template <hash Md5 = md5>
constexpr typename Md5::digest digest_method_hash(const digest_values& v, bool of_server) noexcept {
  Md5 h;
  h.update(of_server ? ":" : "AUTHENTICATE:");
  h.update(v.uri);
  if (digest_qop_named(v.qop) != digest_qop::auth) h.update(":00000000000000000000000000000000");
  return h.finish();
}

constexpr std::array<char, 8> digest_count_text(std::uint32_t count) noexcept {
  std::array<char, 4> octets{};
  for (std::size_t i = 0; i < 4; ++i)
    octets[i] = static_cast<char>(static_cast<unsigned char>(count >> (24 - 8 * i) & 0xFF));
  return lower_hex(octets);
}

// response-value = HEX( KD ( HEX(H(A1)), { nonce-value, ":" nc-value, ":", cnonce-value, ":", qop-value, ":",
//                                          HEX(H(A2)) }))
template <hash Md5 = md5>
[[gnu::noinline]] constexpr std::array<char, 32> digest_response_value(secret session_hash, const digest_values& v,
                                                                       bool of_server) noexcept {
  wiped<typename Md5::digest> session;
  for (std::size_t i = 0; i < session.value.size(); ++i) session.value[i] = session_hash.reveal()[i];
  const wiped<std::array<char, 32>> a1{lower_hex(session.value)};
  const auto a2 = lower_hex(digest_method_hash<Md5>(v, of_server));
  const auto count = digest_count_text(v.count);
  Md5 h;
  h.update(a1);
  for (const std::string_view part : {v.nonce, octets_of(count), v.cnonce, v.qop, octets_of(a2)}) {
    h.update(":");
    h.update(part);
  }
  return lower_hex(h.finish());
}

}  // namespace sansmtp

#endif
