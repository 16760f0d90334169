// digest_md5_client: DIGEST-MD5 from the client's side (RFC 2831), which RFC 6331 has made historic.
//
// The server speaks first, unless an earlier exchange is taken up again ("subsequent authentication",
// RFC 2831 2.2). A server that will not take it up sends a challenge (2.2.2), which is answered as
// any first one, with the password of the options. Without stale=true in it the user is to be asked
// for the password anew; digest_challenge tells, and to ask is the caller's. It is done only when the
// server has proven that it knows the password too. Always qop=auth: the security layers of this
// mechanism protect nothing that TLS does not protect better. The options are borrowed and must
// outlive the exchange; nothing is kept of the password. The cnonce is the caller's, fresh for every
// exchange and hard to guess, say twelve random octets in base64.

#ifndef SANSMTP_SASL_DIGEST_MD5_CLIENT_HPP
#define SANSMTP_SASL_DIGEST_MD5_CLIENT_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sansmtp/base/limits.hpp"
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

struct digest_md5_client_options {
  std::string_view authcid;  // in UTF-8, like all of these
  secret password;
  std::string_view cnonce;
  std::string_view host;               // of the server, the name that the certificate is checked against
  std::string_view service = "smtp";   // of submission and LMTP as well
  std::string_view service_name = {};  // the domain, when an MX record led to the host (RFC 2831 2.1.2)
  std::string_view realm = {};         // empty: the first one offered
  std::string_view authzid = {};       // whom to act as; empty for the user itself
};

template <hash Md5 = md5>
class digest_md5_client {
 public:
  static constexpr std::string_view name = "DIGEST-MD5";
  static constexpr sasl_mechanism mechanism = sasl_mechanism::digest_md5;
  bool client_first = false;  // true where an earlier exchange is taken up (RFC 2831 2.2.1)

  constexpr explicit digest_md5_client(const digest_md5_client_options& options) noexcept : options_(options) {}
  // Takes up an earlier exchange: its first response goes with the AUTH command. What is reused is copied.
  constexpr digest_md5_client(const digest_md5_client_options& options, const digest_reuse& earlier) noexcept
      : options_(options),
        cnonce_(earlier.cnonce),
        count_(earlier.count),
        utf8_(earlier.utf8),
        has_realm_(earlier.has_realm) {
    reusing_ = count_ != 0 && count_ != 0xFFFFFFFF && !earlier.nonce.empty() && nonce_.assign(earlier.nonce) &&
               realm_.assign(earlier.realm);
    client_first = reusing_;
  }
  constexpr digest_md5_client(const digest_md5_client&) noexcept = default;
  constexpr digest_md5_client& operator=(const digest_md5_client&) noexcept = default;
  constexpr ~digest_md5_client() { wipe(expected_); }

  // The next message, and a view of it in `out`: the digest-response to the challenge (or, where an earlier exchange
  // is taken up, to the empty one), the empty message to the server's proof. A fault of what the server sent ends
  // the exchange; one of the options, located in the option, and output_full leave it as it was. Faults: those of
  // digest_challenge and parse_response_auth; digest_unusable when the server does not offer plain authentication;
  // digest_realm; digest_charset; those of sasl::check_field for the options; sasl_verifier; sasl_out_of_order.
  constexpr result<std::string_view> respond(std::string_view challenge, writer& out) noexcept {
    if (step_ == step::first) return reusing_ && challenge.empty() ? answer(out) : take(challenge, out);
    if (step_ != step::verdict) return errc::sasl_out_of_order;
    const result<digest_directive> proof = parse_response_auth(challenge);
    // A server that does not take up the earlier exchange sends a challenge instead (RFC 2831 2.2.2).
    if (!proof && reusing_ && proof.error().code == errc::sasl_field_missing) return take(challenge, out);
    if (!proof) return fail(proof.error());
    if (!equal_in_constant_time(proof->value.text(), octets_of(expected_)))
      return fail(sasl::fault_at(errc::sasl_verifier, proof->value_at));
    step_ = step::done;
    return std::string_view();
  }

  // Whether the server has proven that it knows the password.
  constexpr bool done() const noexcept { return step_ == step::done; }

  // What to remember for taking this exchange up again, once it is done; views into this object and its options.
  constexpr digest_reuse reuse() const noexcept {
    return {options_.authcid, realm_.view(), nonce_.view(), cnonce_, count_, utf8_, has_realm_};
  }

 private:
  enum class step : std::uint8_t { first, verdict, done, failed };
  using name_text = inline_text<limits::sasl_identity>;

  constexpr fault fail(fault why) noexcept {
    step_ = step::failed;
    wipe(expected_);
    return why;
  }

  constexpr result<std::string_view> take(std::string_view text, writer& out) noexcept {
    const result<digest_challenge> challenge = digest_challenge::parse(text);
    if (!challenge) return fail(challenge.error());
    if (!has(challenge->qop, digest_qop::auth)) return fail(fault{errc::digest_unusable, challenge->qop_at});
    inline_text<limits::sasl_nonce> nonce;
    if (!copy(challenge->nonce, nonce)) return fail(fault{errc::sasl_field_too_long, challenge->nonce_at});
    name_text realm;
    if (const result<void> chosen = choose_realm(*challenge, realm); !chosen) return chosen.error();
    const digest_md5_client before = *this;
    nonce_ = nonce;
    realm_ = realm;
    cnonce_ = options_.cnonce;
    count_ = 0;
    utf8_ = challenge->utf8;
    has_realm_ = challenge->realms != 0;
    const result<std::string_view> written = answer(out);
    if (!written)
      *this = before;
    else
      reusing_ = false;
    return written;
  }

  // The one that was asked for, which must be among those offered; else the first. Without an offer it is up to
  // the client (RFC 2831 2.1.1).
  constexpr result<void> choose_realm(const digest_challenge& challenge, name_text& realm) const noexcept {
    if (challenge.realms == 0 || options_.realm.empty()) {
      const bool fits =
          challenge.realms == 0 ? to_wire(options_.realm, challenge.utf8, realm) : copy(challenge.realm(0), realm);
      return fits ? result<void>() : result<void>(errc::sasl_field_too_long);
    }
    if (!to_wire(options_.realm, challenge.utf8, realm)) return errc::digest_charset;
    for (std::size_t i = 0; i < challenge.realms; ++i)
      if (challenge.realm(i).equals(realm.view())) return {};
    return errc::digest_realm;
  }

  // Whether it fits, and can be written in the server's character set.
  template <std::size_t N>
  static constexpr bool to_wire(std::string_view text, bool utf8, inline_text<N>& to) noexcept {
    if (utf8) return to.assign(text);
    if (!is_latin1(text)) return false;
    bool fits = to.assign("");
    for_each_latin1(text, [&](char c) { fits = fits && to.append(std::string_view(&c, 1)); });
    return fits;
  }
  template <std::size_t N>
  static constexpr bool copy(const digest_text& from, inline_text<N>& to) noexcept {
    output_buffer<N> room;
    writer::draft raw(room);
    from.put(raw);
    if (!raw.commit()) return false;
    return to.assign(room.written());
  }

  constexpr result<void> check_options() const noexcept {
    const auto check = [](std::string_view text, std::size_t most) { return sasl::check_field(text, most); };
    if (const result<void> good = check(options_.authcid, limits::sasl_identity); !good) return good;
    if (const result<void> good = check(cnonce_, limits::sasl_nonce); !good) return good;
    for (const std::string_view text : {options_.authcid, cnonce_, options_.authzid})
      if (const std::size_t control = sasl::find_control_octet(text); control != text.size())
        return sasl::fault_at(errc::sasl_octet, control);
    if (options_.authzid.empty()) return {};
    return check(options_.authzid, limits::sasl_identity);
  }

  // The response with the next count of uses of the nonce.
  constexpr result<std::string_view> answer(writer& out) noexcept {
    if (const result<void> good = check_options(); !good) return good.error();
    name_text username;
    if (!to_wire(options_.authcid, utf8_, username)) return errc::digest_charset;
    if (!utf8_ && !is_latin1(options_.password.reveal())) return errc::digest_charset;

    output_buffer<3 * limits::domain> uri_room;
    writer::draft uri(uri_room);
    uri.put(options_.service).put('/').put(options_.host);
    if (!options_.service_name.empty() && options_.service_name != options_.host)
      uri.put('/').put(options_.service_name);
    if (!uri.commit()) return errc::sasl_field_too_long;
    if (const auto good = digest_uri::parse(uri_room.written()); !good) return good.error();

    digest_values values{nonce_.view(), cnonce_, uri_room.written(), options_.authzid};
    values.has_authzid = !options_.authzid.empty();
    values.count = count_ + 1;
    std::array<char, 32> proof{};
    std::array<char, 32> expected{};
    compute(username.view(), values, proof, expected);
    burn_stack();

    writer::draft message(out);
    if (utf8_) message.put("charset=utf-8,");
    put_quoted(username.view(), message.put("username="));
    // Required if the server named any, even an empty one (RFC 2831 2.1.2); to the hash none is the empty one.
    if (has_realm_ || !realm_.empty()) put_quoted(realm_.view(), message.put(",realm="));
    put_quoted(values.nonce, message.put(",nonce="));
    const std::array<char, 8> count = digest_count_text(values.count);
    message.put(",nc=").put(octets_of(count));
    put_quoted(values.cnonce, message.put(",cnonce="));
    put_quoted(values.uri, message.put(",digest-uri="));
    message.put(",response=").put(octets_of(proof)).put(",qop=auth");
    if (values.has_authzid) put_quoted(values.authzid, message.put(",authzid="));
    // Five values, of which each octet may be quoted, a URI and what is fixed.
    static_assert(10 * limits::sasl_identity + 3 * limits::domain + 200 <= limits::digest_response);
    const result<std::string_view> written = sasl::finish(message);
    if (!written) return written;
    ++count_;
    expected_ = expected;
    step_ = step::verdict;
    return written;
  }

  // In a frame of its own, which burn_stack() then overwrites.
  [[gnu::noinline]] constexpr void compute(std::string_view username, const digest_values& values,
                                           std::array<char, 32>& proof, std::array<char, 32>& expected) const noexcept {
    const wiped<typename Md5::digest> user{digest_user_hash<Md5>(username, realm_.view(), options_.password, utf8_)};
    const wiped<typename Md5::digest> session{digest_session_hash<Md5>(std::string_view(user), values)};
    proof = digest_response_value<Md5>(std::string_view(session), values, false);
    expected = digest_response_value<Md5>(std::string_view(session), values, true);
  }

  digest_md5_client_options options_;
  inline_text<limits::sasl_nonce> nonce_;
  name_text realm_;
  std::string_view cnonce_;
  std::array<char, 32> expected_{};  // the server's proof
  std::uint32_t count_ = 0;
  step step_ = step::first;
  bool utf8_ = false;
  bool has_realm_ = false;
  bool reusing_ = false;
};

}  // namespace sansmtp

#endif
