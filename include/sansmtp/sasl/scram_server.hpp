// scram_server: SCRAM from the server's side, over any hash, bound to the channel or not (RFC 5802).
//
// take() gives who wants in; the caller looks up what it keeps of that user and gives it to
// challenge(); the second take() verifies the proof, challenge() proves the server in turn, and the
// third take() ends it. The server keeps copies of what is hashed at the end, so that the caller may
// take its time in between; the stored keys among them are overwritten when it goes.
//
// For a name that does not exist, challenge() with a salt that is always the same for it (a keyed hash
// of the name) and any keys: the exchange then fails at the proof, and tells nobody which names exist.

#ifndef SANSMTP_SASL_SCRAM_SERVER_HPP
#define SANSMTP_SASL_SCRAM_SERVER_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/base64.hpp"
#include "sansmtp/sasl/gs2_header.hpp"
#include "sansmtp/sasl/hash.hpp"
#include "sansmtp/sasl/inline_text.hpp"
#include "sansmtp/sasl/mechanism.hpp"
#include "sansmtp/sasl/message.hpp"
#include "sansmtp/sasl/scram_keys.hpp"
#include "sansmtp/sasl/scram_message.hpp"
#include "sansmtp/sasl/scram_name.hpp"
#include "sansmtp/sasl/secret.hpp"
#include "sansmtp/sasl/sha1.hpp"
#include "sansmtp/sasl/sha256.hpp"
#include "sansmtp/sasl/sha512.hpp"

namespace sansmtp {

struct scram_server_options {
  bool plus_offered = false;                       // the -PLUS form is offered too: a client that says "y" was deceived
  std::span<const channel_binding> bindings = {};  // those that the channel has, for -PLUS; borrowed
  iteration_bounds iterations = {};                // that credentials must be within
};

// Who wants in: views into the server object, as they were received. The name is to be prepared (prep.hpp)
// before it is compared. Whether one may act as the other is the caller's to judge.
struct scram_identity {
  std::string_view authcid;
  std::string_view authzid;  // empty for the user itself
};

template <hash Hash, bool Plus = false>
class scram_server {
 public:
  static constexpr std::string_view name = scram_name<Hash, Plus>::value;
  static constexpr sasl_mechanism mechanism = *mechanism_named(name);
  static constexpr bool client_first = true;

  constexpr explicit scram_server(const scram_server_options& options = {}) noexcept : options_(options) {}
  constexpr scram_server(const scram_server&) noexcept = default;
  constexpr scram_server& operator=(const scram_server&) noexcept = default;
  constexpr ~scram_server() { forget(); }

  // The client's next message: whom it names, then its proof, then the empty one. Every fault is located in the
  // message and ends the exchange. Faults: those of scram_message; channel_binding_missing, _unknown and
  // _downgraded at the header; sasl_nonce; channel_binding_wrong; sasl_proof; sasl_message_malformed when the last
  // is not empty; sasl_out_of_order.
  constexpr result<scram_identity> take(std::string_view response) noexcept {
    result<void> taken = errc::sasl_out_of_order;
    if (step_ == step::first)
      taken = take_first(response);
    else if (step_ == step::challenged)
      taken = take_final(response);
    else if (step_ == step::proven_to)
      taken = response.empty() ? advance(step::done) : fail(errc::sasl_message_malformed);
    if (!taken) return taken.error();
    return identity();
  }

  // The challenge that needs nothing from the caller: the empty one for a client without an initial response, and
  // the server's own proof behind the client's. Faults: sasl_out_of_order, output_full.
  constexpr result<std::string_view> challenge(writer& out) noexcept {
    if (step_ == step::first) return std::string_view();
    if (step_ != step::proven) return errc::sasl_out_of_order;
    writer::draft message(out);
    message.put("v=");
    encode_base64(octets_of(signature_), message);
    const result<std::string_view> written = sasl::finish(message);
    if (written) step_ = step::proven_to;
    return written;
  }

  // The challenge behind the client's name: what is kept of that user, and the server's part of the nonce. A fault
  // changes nothing. Faults: iterations_too_few, iterations_too_many; sasl_field_empty or sasl_field_too_long for
  // the salt; sasl_message_malformed for keys of another length than the digest's; those of check_scram_nonce;
  // sasl_out_of_order; output_full.
  constexpr result<std::string_view> challenge(const scram_credentials& user, std::string_view nonce,
                                               writer& out) noexcept;

  // The last message of an exchange that failed, with its reason; a server may leave it out (RFC 5802 5.1).
  constexpr result<std::string_view> refuse(scram_error why, writer& out) noexcept {
    writer::draft message(out);
    message.put("e=").put(name_of(why == scram_error::none ? scram_error::other_error : why));
    const result<std::string_view> written = sasl::finish(message);
    if (written) fail(errc::sasl_proof);
    return written;
  }
  // What to give refuse() for a fault of take(), or for one of saslprep() in the name that take() gave. For a client
  // that does not bind where it must ("n" in -PLUS), and for what is only too long, RFC 5802 7 has no reason.
  static constexpr scram_error error_for(errc why) noexcept;

  // Valid behind the first take().
  constexpr scram_identity identity() const noexcept { return {authcid_.view(), authzid_.view()}; }

  // Whether the proof was right, and the exchange is whole.
  constexpr bool done() const noexcept { return step_ == step::done; }

 private:
  enum class step : std::uint8_t { first, named, challenged, proven, proven_to, done, failed };
  using digest = typename Hash::digest;

  constexpr result<void> advance(step to) noexcept {
    step_ = to;
    return {};
  }
  constexpr fault fail(fault why) noexcept {
    step_ = step::failed;
    forget();
    return why;
  }
  constexpr fault fail(errc why, std::size_t at = 0) noexcept { return fail(sasl::fault_at(why, at)); }
  constexpr void forget() noexcept {
    wipe(stored_key_);
    wipe(server_key_);
    wipe(signature_);
  }

  constexpr result<void> take_first(std::string_view message) noexcept;
  constexpr result<void> take_final(std::string_view message) noexcept;
  // One that can not be used is as good as none: cbind-data MUST be present for "p" (RFC 5802 7).
  constexpr const channel_binding* binding_named(std::string_view type) const noexcept {
    for (const channel_binding& b : options_.bindings)
      if (b.type == type && b.check()) return &b;
    return nullptr;
  }
  [[gnu::noinline]] constexpr bool is_proof(std::string_view without_proof, digest& key) noexcept {
    const digest signature =
        scram_signature<Hash>(octets_of(stored_key_), client_bare(), server_first_.view(), without_proof);
    exclusive_or(key, octets_of(signature));
    const digest stored = hash_of<Hash>(octets_of(key));
    wipe(key);  // what is left would let its holder in
    return equal_in_constant_time(octets_of(stored), octets_of(stored_key_));
  }
  constexpr std::string_view header() const noexcept { return client_first_.view().substr(0, header_size_); }
  constexpr std::string_view client_bare() const noexcept { return client_first_.view().substr(header_size_); }

  scram_server_options options_;
  inline_text<limits::scram_first> client_first_;
  inline_text<3 * limits::sasl_nonce> server_first_;
  inline_text<limits::sasl_identity> authcid_, authzid_;
  inline_text<limits::sasl_nonce> nonce_;
  inline_text<limits::channel_binding_type> binding_type_;
  digest stored_key_{}, server_key_{}, signature_{};
  std::uint16_t header_size_ = 0;
  step step_ = step::first;
};

template <hash Hash, bool Plus>
constexpr result<void> scram_server<Hash, Plus>::take_first(std::string_view message) noexcept {
  const result<scram_client_first> first = scram_client_first::parse(message);
  if (!first) return fail(first.error());
  const gs2_header& gs2 = first->header;
  // Who speaks a -PLUS mechanism offers it: "y" says there that it was not seen, too (RFC 5802 6).
  if (gs2.flag() == channel_binding_flag::not_offered && (Plus || options_.plus_offered))
    return fail(errc::channel_binding_downgraded);
  if (Plus && gs2.flag() != channel_binding_flag::used) return fail(errc::channel_binding_missing);
  if (!Plus && gs2.flag() == channel_binding_flag::used) return fail(errc::channel_binding_unknown);
  if (Plus && binding_named(gs2.type()) == nullptr) return fail(errc::channel_binding_unknown, 2);

  // None of these can be too long: the parse has seen to that.
  const auto keep_name = [](const saslname& from, inline_text<limits::sasl_identity>& to) {
    output_buffer<limits::sasl_identity> raw;
    (void)from.decode(raw);
    to.assign(raw.written());
  };
  client_first_.assign(message);
  nonce_.assign(first->nonce);
  binding_type_.assign(gs2.type());
  keep_name(first->authcid, authcid_);
  if (gs2.authzid()) keep_name(*gs2.authzid(), authzid_);
  header_size_ = static_cast<std::uint16_t>(gs2.text().size());
  return advance(step::named);
}

template <hash Hash, bool Plus>
constexpr result<std::string_view> scram_server<Hash, Plus>::challenge(const scram_credentials& user,
                                                                       std::string_view nonce, writer& out) noexcept {
  if (step_ != step::named) return errc::sasl_out_of_order;
  if (const result<void> within = options_.iterations.check(user.iterations); !within) return within.error();
  if (const result<void> good = check_scram_nonce(nonce); !good) return good.error();
  inline_text<limits::sasl_nonce> joined = nonce_;
  if (!joined.append(nonce)) return sasl::fault_at(errc::sasl_field_too_long, limits::sasl_nonce - nonce_.size());
  if (user.salt.empty()) return errc::sasl_field_empty;
  if (user.salt.size() > limits::scram_salt) return sasl::fault_at(errc::sasl_field_too_long, limits::scram_salt);
  const std::string_view stored = user.stored_key.reveal(), server = user.server_key.reveal();
  if (stored.size() != stored_key_.size() || server.size() != server_key_.size()) return errc::sasl_message_malformed;

  writer::draft message(out);
  message.put("r=").put(joined.view()).put(",s=");
  encode_base64(user.salt, message);
  message.put(",i=").put_number(user.iterations);
  const result<std::string_view> written = sasl::finish(message);
  if (!written) return written;
  static_assert(limits::sasl_nonce + base64_size(limits::scram_salt) + 20 <= 3 * limits::sasl_nonce);
  server_first_.assign(*written);
  nonce_ = joined;
  for (std::size_t i = 0; i < stored_key_.size(); ++i) {
    stored_key_[i] = stored[i];
    server_key_[i] = server[i];
  }
  step_ = step::challenged;
  return written;
}

template <hash Hash, bool Plus>
constexpr result<void> scram_server<Hash, Plus>::take_final(std::string_view message) noexcept {
  const result<scram_client_final> final = scram_client_final::parse(message);
  if (!final) return fail(final.error());
  const std::string_view due = nonce_.view();
  std::size_t same = 0;
  while (same < due.size() && same < final->nonce.size() && due[same] == final->nonce[same]) ++same;
  if (same != due.size() || same != final->nonce.size()) return fail(errc::sasl_nonce, final->nonce_at + same);

  // The header as it was sent, and the data of the channel behind it: whoever sits between the two channels has
  // other data, and whoever changed the header can not prove the password.
  inline_text<limits::scram_first + limits::channel_binding> input;
  input.assign(header());  // neither can be too long
  bool whole = true;
  if (Plus) {
    const channel_binding* const bound = binding_named(binding_type_.view());
    whole = bound != nullptr;
    if (whole) input.append(bound->data);
  }
  std::array<char, limits::scram_first + limits::channel_binding> room{};
  const std::string_view claimed = *final->binding.decode(room);  // no longer than the parse takes
  if (!whole || !equal_in_constant_time(claimed, input.view()))
    return fail(errc::channel_binding_wrong, final->binding_at);

  wiped<digest> proof;
  const result<std::string_view> octets = final->proof.decode(proof.value);
  const bool right = octets && octets->size() == proof.value.size() && is_proof(final->without_proof, proof.value);
  if (right)
    signature_ =
        scram_signature<Hash>(octets_of(server_key_), client_bare(), server_first_.view(), final->without_proof);
  burn_stack();
  if (!right) return fail(errc::sasl_proof, final->proof_at);
  wipe(stored_key_);
  wipe(server_key_);
  return advance(step::proven);
}

template <hash Hash, bool Plus>
constexpr scram_error scram_server<Hash, Plus>::error_for(errc why) noexcept {
  switch (why) {
    case errc::scram_extension: return scram_error::extensions_not_supported;
    case errc::sasl_proof: return scram_error::invalid_proof;
    case errc::channel_binding_wrong: return scram_error::channel_bindings_dont_match;
    case errc::channel_binding_downgraded: return scram_error::server_does_support_channel_binding;
    case errc::channel_binding_unknown:
      return Plus ? scram_error::unsupported_channel_binding_type : scram_error::channel_binding_not_supported;
    case errc::saslname_malformed:
    case errc::utf8_malformed:  // of take(), in a name alone
    case errc::sasl_prep_prohibited:
    case errc::sasl_prep_needed: return scram_error::invalid_username_encoding;
    case errc::base64_octet:
    case errc::base64_length:
    case errc::base64_padding:
    case errc::base64_spare_bits:
    case errc::gs2_header_malformed:
    case errc::sasl_message_malformed:
    case errc::sasl_field_missing:
    case errc::sasl_field_empty:
    case errc::sasl_field_repeated:
    case errc::sasl_octet: return scram_error::invalid_encoding;
    default: return scram_error::other_error;
  }
}

using scram_sha_1_server = scram_server<sha1>;
using scram_sha_256_server = scram_server<sha256>;
using scram_sha_512_server = scram_server<sha512>;
using scram_sha_1_plus_server = scram_server<sha1, true>;
using scram_sha_256_plus_server = scram_server<sha256, true>;
using scram_sha_512_plus_server = scram_server<sha512, true>;

}  // namespace sansmtp

#endif
