// digest_md5_server: DIGEST-MD5 from the server's side (RFC 2831), which RFC 6331 has made historic.
//
// challenge(), then take() gives who wants in; the caller looks up the password, or the hash of name,
// realm and password, and verify() judges; challenge() proves the server in turn, and take() of the
// empty message ends it. A client may also begin with a response, to take up an earlier exchange
// (RFC 2831 2.2): then resume() comes before verify(), or challenge() to begin anew. Options are
// borrowed; of the response the server keeps copies, so that the caller may take its time. Offers
// qop=auth alone. The nonce is the caller's, fresh for every exchange and hard to guess.

#ifndef SANSMTP_SASL_DIGEST_MD5_SERVER_HPP
#define SANSMTP_SASL_DIGEST_MD5_SERVER_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/sasl/digest_directive.hpp"
#include "sansmtp/sasl/digest_md5.hpp"
#include "sansmtp/sasl/digest_message.hpp"
#include "sansmtp/sasl/inline_text.hpp"
#include "sansmtp/sasl/mechanism.hpp"
#include "sansmtp/sasl/message.hpp"
#include "sansmtp/sasl/secret.hpp"

namespace sansmtp {

struct digest_md5_server_options {
  std::string_view nonce;
  std::string_view realm = {};        // offered, and then demanded; empty: the client's choice
  std::string_view service = "smtp";  // that a client must mean
  std::string_view host = {};         // that a client must mean; empty: any, for the caller to judge
  bool utf8 = true;                   // names in UTF-8 are understood
  bool stale = false;                 // the challenge answers a nonce that was too old (RFC 2831 2.2.2)
};

// Who wants in: views into the server object. Whether one may act as the other is the caller's to judge.
struct digest_identity {
  std::string_view authcid, realm;  // as they were sent: in UTF-8, or without `utf8` in ISO 8859-1
  std::string_view authzid;         // in UTF-8; empty for the user itself
  std::string_view uri;             // the service that the client meant
  bool utf8 = false;
};

template <hash Md5 = md5>
class digest_md5_server {
 public:
  static constexpr std::string_view name = "DIGEST-MD5";
  static constexpr sasl_mechanism mechanism = sasl_mechanism::digest_md5;
  static constexpr bool client_first = false;

  constexpr explicit digest_md5_server(const digest_md5_server_options& options) noexcept : options_(options) {}
  constexpr digest_md5_server(const digest_md5_server&) noexcept = default;
  constexpr digest_md5_server& operator=(const digest_md5_server&) noexcept = default;
  constexpr ~digest_md5_server() { wipe(proof_); }

  // The challenge; behind verify() the proof of the server. Faults: sasl_field_empty, sasl_field_too_long,
  // sasl_octet for the nonce or the realm; sasl_out_of_order; output_full.
  constexpr result<std::string_view> challenge(writer& out) noexcept;

  // The client's next message: its response, then the empty one. A fault ends the exchange, but for one of a
  // response that came first: challenge() then begins anew. Faults: those of digest_response; sasl_field_too_long
  // for a value; sasl_nonce, digest_count, digest_realm, digest_unusable, digest_service, digest_value for a
  // charset that was not offered, each at its value; sasl_message_malformed when the last is not empty;
  // sasl_out_of_order.
  constexpr result<digest_identity> take(std::string_view response) noexcept;

  // Takes up an earlier exchange: what was remembered of it under this nonce. Faults: sasl_nonce, digest_count at 0,
  // and challenge() then begins anew; sasl_out_of_order when the client did not ask for it.
  constexpr result<void> resume(const digest_reuse& earlier) noexcept;

  // Whether the client knows the password (in UTF-8), or what digest_user_hash() made of it. Faults: sasl_proof at
  // the response's value; sasl_message_malformed for a hash that is not 16 octets; sasl_out_of_order.
  constexpr result<void> verify(secret password) noexcept;
  constexpr result<void> verify_hash(secret user_hash) noexcept;

  // Valid behind the first take().
  constexpr digest_identity identity() const noexcept {
    return {username_.view(), realm_.view(), authzid_.view(), uri_.view(), utf8_};
  }
  // What to remember for resume(), once it is done; views into this object.
  constexpr digest_reuse reuse() const noexcept {
    return {username_.view(), realm_.view(), nonce_.view(), cnonce_.view(), count_, utf8_, has_realm_};
  }

  // Whether the proof was right, and the exchange is whole.
  constexpr bool done() const noexcept { return step_ == step::done; }

 private:
  enum class step : std::uint8_t { first, reused, challenged, claimed, proven, proven_to, done, failed };
  using name_text = inline_text<limits::sasl_identity>;

  constexpr fault fail(fault why, step to = step::failed) noexcept {
    step_ = to;
    wipe(proof_);
    return why;
  }
  constexpr result<void> keep(const digest_response& r) noexcept;
  constexpr result<void> judge(const digest_response& r, std::size_t size) const noexcept;
  // In a frame of its own, which burn_stack() then overwrites.
  [[gnu::noinline]] constexpr bool is_proof(secret user_hash) noexcept {
    const digest_values values{nonce_.view(), cnonce_.view(), uri_.view(), authzid_.view(),
                               count_,        qop_.view(),    has_authzid_};
    const wiped<typename Md5::digest> session{digest_session_hash<Md5>(user_hash, values)};
    const std::array<char, 32> due = digest_response_value<Md5>(std::string_view(session), values, false);
    if (!equal_in_constant_time(octets_of(due), octets_of(claimed_))) return false;
    proof_ = digest_response_value<Md5>(std::string_view(session), values, true);
    return true;
  }
  // A response that came first leaves the way open to a challenge.
  constexpr step start() const noexcept { return resuming_ ? step::first : step::failed; }

  digest_md5_server_options options_;
  name_text username_, realm_, authzid_;
  inline_text<limits::sasl_nonce> nonce_, cnonce_;
  inline_text<3 * limits::domain> uri_;
  inline_text<4> qop_;
  std::array<char, 32> claimed_{}, proof_{};  // the client's response; ours
  std::uint32_t count_ = 0;
  std::uint32_t response_at_ = 0;
  step step_ = step::first;
  bool utf8_ = false;
  bool has_realm_ = false;
  bool has_authzid_ = false;
  bool resuming_ = false;
};

template <hash Md5>
constexpr result<std::string_view> digest_md5_server<Md5>::challenge(writer& out) noexcept {
  writer::draft message(out);
  if (step_ == step::proven) {
    message.put("rspauth=").put(octets_of(proof_));
  } else if (step_ == step::first || step_ == step::reused) {
    if (const result<void> good = sasl::check_field(options_.nonce, limits::sasl_nonce); !good) return good.error();
    if (options_.realm.size() > limits::sasl_identity)
      return sasl::fault_at(errc::sasl_field_too_long, limits::sasl_identity);
    for (const std::string_view text : {options_.nonce, options_.realm})
      if (const std::size_t control = sasl::find_control_octet(text); control != text.size())
        return sasl::fault_at(errc::sasl_octet, control);
    if (!options_.realm.empty()) {
      put_quoted(options_.realm, message.put("realm="));
      message.put(',');
    }
    put_quoted(options_.nonce, message.put("nonce="));
    message.put(",qop=\"auth\"");
    if (options_.stale) message.put(",stale=true");
    message.put(",algorithm=md5-sess");
    if (options_.utf8) message.put(",charset=utf-8");
  } else {
    return errc::sasl_out_of_order;
  }
  const result<std::string_view> written = sasl::finish(message);
  if (!written) return written;
  if (step_ != step::proven) resuming_ = false;
  step_ = step_ == step::proven ? step::proven_to : step::challenged;
  return written;
}

template <hash Md5>
constexpr result<digest_identity> digest_md5_server<Md5>::take(std::string_view text) noexcept {
  if (step_ == step::proven_to) {
    if (!text.empty()) return fail(fault{errc::sasl_message_malformed, 0});
    step_ = step::done;
    return identity();
  }
  if (step_ != step::first && step_ != step::challenged) return errc::sasl_out_of_order;
  resuming_ = step_ == step::first;
  const result<digest_response> response = digest_response::parse(text);
  if (!response) return fail(response.error(), start());
  if (const result<void> good = judge(*response, text.size()); !good) return fail(good.error(), start());
  if (const result<void> kept = keep(*response); !kept) return fail(kept.error(), start());
  step_ = resuming_ ? step::reused : step::claimed;
  return identity();
}

// RFC 2831 2.1.2, 2.1.3.
template <hash Md5>
constexpr result<void> digest_md5_server<Md5>::judge(const digest_response& r, std::size_t size) const noexcept {
  if (!resuming_) {
    if (!r.nonce.value.equals(options_.nonce)) return sasl::fault_at(errc::sasl_nonce, r.nonce.value_at);
    if (r.count != 1) return sasl::fault_at(errc::digest_count, r.count_at);
  }
  if (r.qop != digest_qop::auth) return sasl::fault_at(errc::digest_unusable, r.qop_at);
  if (r.utf8 && !options_.utf8) return sasl::fault_at(errc::digest_value, r.charset_at);
  if (!options_.realm.empty() && !r.has_realm) return sasl::fault_at(errc::sasl_field_missing, size);
  if (!options_.realm.empty() && !r.realm.value.equals(options_.realm))
    return sasl::fault_at(errc::digest_realm, r.realm.value_at);
  const digest_uri uri = *digest_uri::parse(r.uri.value.text());  // as digest_response has read it
  const bool right = equal_ignoring_case(uri.service, options_.service) &&
                     (options_.host.empty() || equal_ignoring_case(uri.host, options_.host));
  if (!right) return sasl::fault_at(errc::digest_service, r.uri.value_at);
  return {};
}

template <hash Md5>
constexpr result<void> digest_md5_server<Md5>::keep(const digest_response& r) noexcept {
  result<void> kept;
  const auto copy = [&kept](const digest_directive& from, auto& to) {
    output_buffer<sizeof to> room;
    writer::draft raw(room);
    from.value.put(raw);
    if (!raw.commit() || !to.assign(room.written())) kept = sasl::fault_at(errc::sasl_field_too_long, from.value_at);
  };
  copy(r.username, username_);
  copy(r.realm, realm_);
  copy(r.authzid, authzid_);
  copy(r.nonce, nonce_);
  copy(r.cnonce, cnonce_);
  copy(r.uri, uri_);
  qop_.assign(r.qop_text);  // "auth" in any case: judge() takes no other
  for (std::size_t i = 0; i < claimed_.size(); ++i) claimed_[i] = r.response.value.text()[i];
  response_at_ = static_cast<std::uint32_t>(r.response.value_at);
  count_ = r.count;
  utf8_ = r.utf8;
  has_realm_ = r.has_realm;
  has_authzid_ = r.has_authzid;
  return kept;
}

template <hash Md5>
constexpr result<void> digest_md5_server<Md5>::resume(const digest_reuse& earlier) noexcept {
  if (step_ != step::reused) return errc::sasl_out_of_order;
  const bool same = equal_in_constant_time(earlier.nonce, nonce_.view()) && earlier.cnonce == cnonce_.view() &&
                    earlier.username == username_.view() && earlier.realm == realm_.view() && earlier.utf8 == utf8_;
  if (!same) return fail(fault{errc::sasl_nonce, 0}, step::first);
  // Just the next: a count that was used is a replay, and one that leaps ahead would shut out whoever uses the
  // nonce rightly (RFC 2831 2.2.2).
  if (earlier.count == 0xFFFFFFFF || count_ != earlier.count + 1)
    return fail(fault{errc::digest_count, 0}, step::first);
  step_ = step::claimed;
  return {};
}

template <hash Md5>
constexpr result<void> digest_md5_server<Md5>::verify(secret password) noexcept {
  if (step_ != step::claimed) return errc::sasl_out_of_order;
  const wiped<typename Md5::digest> user{digest_user_hash<Md5>(username_.view(), realm_.view(), password, utf8_)};
  return verify_hash(std::string_view(user));
}

template <hash Md5>
constexpr result<void> digest_md5_server<Md5>::verify_hash(secret user_hash) noexcept {
  if (step_ != step::claimed) return errc::sasl_out_of_order;
  if (user_hash.reveal().size() != Md5::digest_size) return errc::sasl_message_malformed;
  const bool right = is_proof(user_hash);
  burn_stack();
  if (!right) return fail(fault{errc::sasl_proof, response_at_}, start());
  step_ = step::proven;
  return {};
}

}  // namespace sansmtp

#endif
