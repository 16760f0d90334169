// CRAM-MD5: a challenge, and its HMAC under the password (RFC 2195).
//
// The password does not travel, but who listens can guess at it offline, and nothing proves the server: of use where
// nothing better is offered. The server keeps the password, or in its place the HMAC that has hashed it and
// no more, which RFC 2195 2 calls a context. A challenge must never come twice: the caller makes it, of
// something random and a time stamp, because this library has neither.

#ifndef SANSMTP_SASL_CRAM_MD5_HPP
#define SANSMTP_SASL_CRAM_MD5_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/sasl/hash.hpp"
#include "sansmtp/sasl/hmac.hpp"
#include "sansmtp/sasl/md5.hpp"
#include "sansmtp/sasl/mechanism.hpp"
#include "sansmtp/sasl/message.hpp"
#include "sansmtp/sasl/secret.hpp"

namespace sansmtp {

// challenge = "<" 1*<printable ASCII and SP except "<" and ">"> ">"
//
// By RFC 2195 2 it "must correspond to" a msg-id of RFC 822, "<" addr-spec ">". Of that the brackets are asked for, and
// printable octets between them. On purpose not asked for are the "@", and a local part and a domain around it: the
// digest takes all octets alike. Refused, though RFC 822 quotes them, are brackets and controls within.
//
// Faults: sasl_field_missing at the end; sasl_message_malformed at what is not a bracket in its place; sasl_octet;
// sasl_field_empty between the brackets; sasl_trailing; sasl_field_too_long.
constexpr result<void> check_cram_challenge(std::string_view text) noexcept {
  if (text.size() > limits::cram_challenge) return sasl::fault_at(errc::sasl_field_too_long, limits::cram_challenge);
  const result<std::size_t> start = sasl::behind("<", text, 0);
  if (!start) return start.error();
  std::size_t i = *start;
  while (i < text.size() && (is(octet_class::vchar, text[i]) || text[i] == ' ') && text[i] != '<' && text[i] != '>')
    ++i;
  if (i == text.size()) return sasl::fault_at(errc::sasl_field_missing, i);
  if (text[i] != '>') return sasl::fault_at(errc::sasl_octet, i);
  if (i == *start) return sasl::fault_at(errc::sasl_field_empty, i);
  if (i + 1 != text.size()) return sasl::fault_at(errc::sasl_trailing, i + 1);
  return {};
}

// response = user SP digest
// user     = 1*<character in UTF-8 except NUL>     ; it may hold SP: the last one counts
// digest   = 32(DIGIT / %x61-66)
struct cram_response {
  std::string_view user;
  std::string_view digest;

  // The whole response. Faults: sasl_field_missing at the end, without a SP or with a digest that is short;
  // sasl_octet at what is no digit or lower-case letter; sasl_trailing behind 32; in the user sasl_field_empty,
  // sasl_octet, utf8_malformed, sasl_field_too_long.
  static constexpr result<cram_response> parse(std::string_view text) noexcept;
};

constexpr result<cram_response> cram_response::parse(std::string_view text) noexcept {
  constexpr std::size_t digits = 32;
  const std::size_t space = text.rfind(' ');
  if (space == std::string_view::npos) return sasl::fault_at(errc::sasl_field_missing, text.size());
  const std::string_view user = text.substr(0, space), digest = text.substr(space + 1);
  if (const result<void> good = sasl::check_field(user, limits::sasl_identity); !good) return good.error();
  for (std::size_t i = 0; i < digest.size() && i < digits; ++i)
    if (!is(octet_class::hexdig, digest[i]) || lower(digest[i]) != digest[i])
      return sasl::fault_at(errc::sasl_octet, space + 1 + i);
  if (digest.size() < digits) return sasl::fault_at(errc::sasl_field_missing, text.size());
  if (digest.size() > digits) return sasl::fault_at(errc::sasl_trailing, space + 1 + digits);
  return cram_response{user, digest};
}

template <hash Md5 = md5>
class cram_md5_client {
 public:
  static_assert(Md5::digest_size == 16, "the grammar knows no other hash");
  static constexpr sasl_mechanism mechanism = sasl_mechanism::cram_md5;
  static constexpr std::string_view name = name_of(mechanism);
  static constexpr bool client_first = false;

  // Borrows both.
  constexpr cram_md5_client(std::string_view user, secret passwd) noexcept : user_(user), passwd_(passwd) {}

  // The user and the digest of the challenge. Faults: those of check_cram_challenge; sasl_out_of_order for a second
  // challenge; in the user sasl_field_empty, sasl_octet, utf8_malformed, sasl_field_too_long; sasl_field_empty
  // without a password; output_full.
  constexpr result<std::string_view> respond(std::string_view challenge, writer& out) noexcept;

  constexpr bool done() const noexcept { return progress_ == sasl::progress::done; }

 private:
  std::string_view user_;
  secret passwd_;
  sasl::progress progress_ = sasl::progress::due;
};

template <hash Md5>
constexpr result<std::string_view> cram_md5_client<Md5>::respond(std::string_view challenge, writer& out) noexcept {
  if (progress_ != sasl::progress::due) return errc::sasl_out_of_order;
  if (const result<void> good = check_cram_challenge(challenge); !good) {
    progress_ = sasl::progress::failed;
    return good.error();
  }
  if (const result<void> good = sasl::check_field(user_, limits::sasl_identity); !good) return good.error();
  if (passwd_.empty()) return errc::sasl_field_empty;
  writer::draft message(out);
  message.put(user_).put(' ').put(octets_of(lower_hex(hmac_of<Md5>(passwd_.reveal(), challenge))));
  burn_stack();
  const result<std::string_view> written = sasl::finish(message);
  if (written) progress_ = sasl::progress::done;
  return written;
}

template <hash Md5 = md5>
class cram_md5_server {
 public:
  static_assert(Md5::digest_size == 16, "the grammar knows no other hash");
  static constexpr sasl_mechanism mechanism = sasl_mechanism::cram_md5;
  static constexpr std::string_view name = name_of(mechanism);
  static constexpr bool client_first = false;

  // Borrows the challenge, which must be one of its kind, as "<random.time@host>".
  constexpr explicit cram_md5_server(std::string_view challenge) noexcept : challenge_(challenge) {}

  // Faults: those of check_cram_challenge; sasl_out_of_order behind the response; output_full.
  constexpr result<std::string_view> challenge(writer& out) noexcept;

  // Who wants in, and the digest, which verify() is to be asked about. Faults: those of cram_response;
  // sasl_out_of_order before the challenge and for a second response.
  constexpr result<cram_response> take(std::string_view response) noexcept;

  // Whether the digest is right, in constant time; done() then. `stored` is the user's password, or the HMAC that
  // was made of it and kept. An unknown user should be given some password all the same, so that the time tells
  // nothing. Faults: sasl_proof; sasl_field_empty for an empty password, which is nobody's; sasl_out_of_order
  // before take(), and for a second try.
  constexpr result<void> verify(const cram_response& response, secret stored) noexcept {
    if (stored.empty()) return errc::sasl_field_empty;
    return verify(response, hmac<Md5>(stored.reveal()));
  }
  constexpr result<void> verify(const cram_response& response, const hmac<Md5>& stored) noexcept;

  constexpr bool done() const noexcept { return step_ == step::verified; }

 private:
  enum class step : std::uint8_t { due, asked, taken, verified, failed };

  std::string_view challenge_;
  step step_ = step::due;
};

template <hash Md5>
constexpr result<std::string_view> cram_md5_server<Md5>::challenge(writer& out) noexcept {
  if (step_ != step::due) return errc::sasl_out_of_order;
  if (const result<void> good = check_cram_challenge(challenge_); !good) return good.error();
  writer::draft message(out);
  message.put(challenge_);
  const result<std::string_view> written = sasl::finish(message);
  if (written) step_ = step::asked;
  return written;
}

template <hash Md5>
constexpr result<cram_response> cram_md5_server<Md5>::take(std::string_view response) noexcept {
  if (step_ != step::asked) return errc::sasl_out_of_order;
  const result<cram_response> taken = cram_response::parse(response);
  step_ = taken ? step::taken : step::failed;
  return taken;
}

template <hash Md5>
constexpr result<void> cram_md5_server<Md5>::verify(const cram_response& response, const hmac<Md5>& stored) noexcept {
  if (step_ != step::taken) return errc::sasl_out_of_order;
  hmac<Md5> mac = stored;
  mac.update(challenge_);
  const wiped<std::array<char, 32>> expected{lower_hex(mac.finish())};
  const bool right = equal_in_constant_time(expected, response.digest);
  burn_stack();
  step_ = right ? step::verified : step::failed;
  if (!right) return errc::sasl_proof;
  return {};
}

}  // namespace sansmtp

#endif
