// scram_client: SCRAM from the client's side, over any hash, bound to the channel or not (RFC 5802).
//
// It sends a name and a nonce, gets a salt and an iteration count, proves the password without
// showing it, and is done only when the server has proven in turn that it knows the user's key. The
// options are borrowed and must outlive the exchange; nothing is kept of the password. The nonce is
// the caller's: printable octets without a comma, fresh for every exchange and hard to guess, say
// eighteen random octets in base64.

#ifndef SANSMTP_SASL_SCRAM_CLIENT_HPP
#define SANSMTP_SASL_SCRAM_CLIENT_HPP

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
#include "sansmtp/sasl/mechanism.hpp"
#include "sansmtp/sasl/message.hpp"
#include "sansmtp/sasl/prep.hpp"
#include "sansmtp/sasl/scram_keys.hpp"
#include "sansmtp/sasl/scram_message.hpp"
#include "sansmtp/sasl/scram_name.hpp"
#include "sansmtp/sasl/secret.hpp"
#include "sansmtp/sasl/sha1.hpp"
#include "sansmtp/sasl/sha256.hpp"
#include "sansmtp/sasl/sha512.hpp"

namespace sansmtp {

struct scram_client_options {
  std::string_view authcid;       // whose password it is
  secret password;                // both raw: they are prepared here (prep.hpp)
  std::string_view nonce;         // of the client
  std::string_view authzid = {};  // whom to act as; empty for the user itself
  channel_binding binding = {};   // of the channel; without -PLUS, that there is one says that one was possible
  iteration_bounds iterations = {};
};

template <hash Hash, bool Plus = false, string_preparation Preparation = ascii_only>
class scram_client {
 public:
  static constexpr std::string_view name = scram_name<Hash, Plus>::value;
  static constexpr sasl_mechanism mechanism = *mechanism_named(name);
  static constexpr bool client_first = true;

  constexpr explicit scram_client(const scram_client_options& options, const Preparation& preparation = {}) noexcept
      : options_(options), preparation_(preparation) {}
  constexpr scram_client(const scram_client&) noexcept = default;
  constexpr scram_client& operator=(const scram_client&) noexcept = default;
  constexpr ~scram_client() { wipe(expected_); }

  // The next message, and a view of it in `out`: the client-first to the empty challenge, the client-final to the
  // server-first, the empty one to the server-final. A fault of what the server sent ends the exchange; one of the
  // options, located in the option, and output_full leave it as it was. Faults: those of saslprep, of
  // channel_binding, of check_scram_nonce; of scram_message; sasl_nonce where the server's differs from the
  // client's; sasl_verifier; scram_server_error, which server_error() tells more of; sasl_out_of_order.
  constexpr result<std::string_view> respond(std::string_view challenge, writer& out) noexcept {
    switch (step_) {
      case step::first: return challenge.empty() ? begin(out) : fail(errc::sasl_message_malformed);
      case step::final: return prove(challenge, out);
      case step::verdict: return verify(challenge);
      default: return errc::sasl_out_of_order;
    }
  }

  // Whether the server has proven that it knows the user's key.
  constexpr bool done() const noexcept { return step_ == step::done; }

  // What the server gave as its reason, behind scram_server_error.
  constexpr scram_error server_error() const noexcept { return error_; }

 private:
  enum class step : std::uint8_t { first, final, verdict, done, failed };
  using digest = typename Hash::digest;
  using name_room = std::array<char, limits::sasl_password>;

  constexpr channel_binding_flag flag() const noexcept {
    if (Plus) return channel_binding_flag::used;
    return options_.binding.empty() ? channel_binding_flag::unsupported : channel_binding_flag::not_offered;
  }
  constexpr fault fail(fault why) noexcept {
    step_ = step::failed;
    wipe(expected_);
    return why;
  }
  constexpr fault fail(errc why, std::size_t at = 0) noexcept { return fail(sasl::fault_at(why, at)); }

  // client-first-message-bare = username "," nonce
  constexpr result<void> put_bare(writer::draft& out) const noexcept {
    name_room room{};
    writer scratch{std::span<char>(room)};
    const result<std::string_view> authcid = saslprep(options_.authcid, scratch, prep_use::query, preparation_);
    if (!authcid) return authcid.error();
    if (const result<void> good = sasl::check_field(*authcid, limits::sasl_identity); !good) return good;
    if (const result<void> good = check_scram_nonce(options_.nonce); !good) return good;
    out.put("n=");
    encode_saslname(*authcid, out);
    out.put(",r=").put(options_.nonce);
    return {};
  }

  constexpr result<std::string_view> begin(writer& out) noexcept {
    if (Plus)
      if (const result<void> good = options_.binding.check(); !good) return good.error();
    if (!options_.authzid.empty())
      if (const result<void> good = sasl::check_field(options_.authzid, limits::sasl_identity); !good)
        return good.error();
    writer::draft message(out);
    encode_gs2_header(flag(), options_.binding.type, options_.authzid, message);
    if (const result<void> good = put_bare(message); !good) return good.error();
    const result<std::string_view> written = sasl::finish(message);
    if (written) step_ = step::final;
    return written;
  }

  constexpr result<std::string_view> prove(std::string_view challenge, writer& out) noexcept {
    // Not in the grammar here, but seen: a server that knows at once that it will refuse.
    if (challenge.substr(0, 2) == "e=") return verify(challenge);
    const result<scram_server_first> first = scram_server_first::parse(challenge, options_.iterations);
    if (!first) return fail(first.error());
    // The nonce begins with ours: else this is the answer to somebody else, replayed. And the server has added to
    // it: else the whole is of our making.
    std::size_t same = 0;
    while (same < options_.nonce.size() && same < first->nonce.size() && options_.nonce[same] == first->nonce[same])
      ++same;
    if (same < options_.nonce.size() || same == first->nonce.size())
      return fail(errc::sasl_nonce, first->nonce_at + same);

    // c= of the GS2 header, and the data of the binding behind it when one is used.
    output_buffer<2 * saslname::max_octets + limits::channel_binding> input;
    writer::draft binding(input);
    encode_gs2_header(flag(), options_.binding.type, options_.authzid, binding);
    if (Plus) binding.put(options_.binding.data);
    (void)binding.commit();  // it fits: begin() has seen to that

    writer::draft message(out);
    message.put("c=");
    encode_base64(input.written(), message);
    message.put(",r=").put(first->nonce);
    const std::string_view without_proof = message.text();
    message.put(",p=");
    constexpr std::size_t proof_size = base64_size(digest{}.size());
    if (out.room() < message.size() + proof_size) return errc::output_full;  // before the work

    wiped<digest> proof;
    const result<void> computed = compute(*first, challenge, without_proof, proof.value);
    burn_stack();
    if (!computed) return computed.error();
    encode_base64(proof, message);
    const result<std::string_view> written = sasl::finish(message);
    if (written) step_ = step::verdict;
    return written;
  }

  // The proof, and what the server's must be. In a frame of its own, which burn_stack() then overwrites.
  [[gnu::noinline]] constexpr result<void> compute(const scram_server_first& first, std::string_view server_first,
                                                   std::string_view without_proof, digest& proof) noexcept {
    output_buffer<2 * limits::sasl_password> bare;
    writer::draft text(bare);
    if (const result<void> put = put_bare(text); !put) return put;
    (void)text.commit();  // it fits, as the salt does: both have been measured
    std::array<char, limits::scram_salt> salt_room{};
    const std::string_view salt = *first.salt.decode(salt_room);
    wiped<name_room> room;
    writer scratch{std::span<char>(room.value)};
    const result<std::string_view> password =
        saslprep(options_.password.reveal(), scratch, prep_use::stored, preparation_);
    if (!password) return password.error();

    scram_keys<Hash> keys;
    const result<void> made = keys.derive(*password, salt, first.iterations, options_.iterations);
    proof = scram_signature<Hash>(keys.stored_key(), bare.written(), server_first, without_proof);
    exclusive_or(proof, keys.client_key().reveal());
    expected_ = scram_signature<Hash>(keys.server_key(), bare.written(), server_first, without_proof);
    return made;
  }

  constexpr result<std::string_view> verify(std::string_view challenge) noexcept {
    const result<scram_server_final> final = scram_server_final::parse(challenge);
    if (!final) return fail(final.error());
    if (final->error != scram_error::none) {
      error_ = final->error;
      return fail(errc::scram_server_error, final->at);
    }
    digest room{};
    const result<std::string_view> verifier = final->verifier.decode(room);
    if (!verifier || !equal_in_constant_time(*verifier, octets_of(expected_)))
      return fail(errc::sasl_verifier, final->at);
    wipe(expected_);
    step_ = step::done;
    return std::string_view();
  }

  scram_client_options options_;
  [[no_unique_address]] Preparation preparation_;
  digest expected_{};  // the server's signature
  step step_ = step::first;
  scram_error error_ = scram_error::none;
};

using scram_sha_1_client = scram_client<sha1>;
using scram_sha_256_client = scram_client<sha256>;
using scram_sha_512_client = scram_client<sha512>;
using scram_sha_1_plus_client = scram_client<sha1, true>;
using scram_sha_256_plus_client = scram_client<sha256, true>;
using scram_sha_512_plus_client = scram_client<sha512, true>;

}  // namespace sansmtp

#endif
