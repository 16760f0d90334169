// The chooser: which mechanism to use, of those that a server offers, and why not each other one.
//
// The strongest that is allowed wins, in the order of mechanism_table:
//   1  EXTERNAL                                        no secret passes, and TLS has seen the certificate
//   2  GS2-KRB5-PLUS, GS2-KRB5, GSSAPI, GSS-SPNEGO     a ticket: nothing to guess offline, the server proves itself
//   3  SCRAM-SHA-512-PLUS, -256-PLUS, -1-PLUS          the password stays here, the server proves that it knows it,
//                                                      and the TLS connection is the very one both see
//   4  SCRAM-SHA-512, -256, -1                         the same without the last
//   5  OAUTHBEARER, XOAUTH2                            the server sees a token, which ends soon and opens little else
//   6  DIGEST-MD5, CRAM-MD5                            the password stays here, behind MD5; the second proves no server
//   7  NTLM                                            the same, behind MD4
//   8  PLAIN, LOGIN                                    the server sees the password itself; RFC 4616 before a draft
//   9  ANONYMOUS                                       nobody is authenticated
// What the user lacks is passed over, and so is what shows a password or a token to whoever listens when TLS is not
// active, unless that was allowed in so many words (RFC 4954 4, RFC 7628 3, RFC 8314 3). A name that the library
// knows and can't speak is never chosen, and SPNEGO never by anyone (RFC 5801 14.3).

#ifndef SANSMTP_SASL_CHOOSER_HPP
#define SANSMTP_SASL_CHOOSER_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansmtp/base/octet.hpp"
#include "sansmtp/sasl/gs2_header.hpp"
#include "sansmtp/sasl/mechanism.hpp"

namespace sansmtp {

// What the user has to show, and what the caller permits. All is off until said otherwise.
struct sasl_means {
  bool password = false;
  bool token = false;                  // a bearer token of OAuth 2.0
  bool certificate = false;            // sent when TLS was started
  bool ticket = false;                 // credentials of Kerberos, and a GSS-API library to use them (opaque.hpp)
  bool ntlm = false;                   // an NTLM implementation of the caller's own, with what it needs (opaque.hpp)
  bool channel_binding = false;        // binding data of the TLS connection, for the -PLUS mechanisms
  bool anonymous = false;              // may go in without a name
  bool tls = false;                    // TLS is active now
  bool cleartext_without_tls = false;  // let passwords and tokens pass where anyone can read them
  mechanism_set excluded;              // not these: tried before, or not wanted
};

// Why a mechanism was, or was not, chosen.
enum class choice_reason : std::uint8_t {
  chosen,
  weaker,
  not_offered,
  unknown,
  not_spoken,
  forbidden,
  excluded,
  no_password,
  no_token,
  no_certificate,
  no_ticket,
  no_ntlm,
  no_channel_binding,
  no_anonymity,
  needs_tls,
  cleartext,
};

inline constexpr std::string_view choice_sentences[] = {
    "it is the strongest that is allowed",
    "a stronger one was chosen",
    "the server does not offer it",
    "its name is in no table",
    "this library can't speak it",
    "RFC 5801 forbids its use",
    "the caller excluded it",
    "it needs a password",
    "it needs a bearer token",
    "it needs a certificate shown to TLS",
    "it needs a Kerberos ticket",
    "it needs an NTLM implementation",
    "it needs binding data of the TLS connection",
    "nobody asked to go in without a name",
    "what it relies on is a TLS connection, and none is active",
    "it shows a password or a token to whoever listens, and TLS is not active",
};
static_assert(sizeof choice_sentences / sizeof *choice_sentences ==
              static_cast<std::size_t>(choice_reason::cleartext) + 1);

constexpr std::string_view sentence(choice_reason why) noexcept {
  return choice_sentences[static_cast<std::size_t>(why)];
}

class mechanism_choice {
 public:
  // The strongest of the names offered, which SP parts, in any order and case; none when none is allowed.
  static constexpr mechanism_choice among(std::string_view offered, const sasl_means& means) noexcept;

  constexpr std::optional<sasl_mechanism> chosen() const noexcept { return chosen_; }
  constexpr explicit operator bool() const noexcept { return chosen_.has_value(); }

  constexpr choice_reason why(sasl_mechanism m) const noexcept { return reasons_[static_cast<std::size_t>(m)]; }
  // Of any name that was offered: `unknown` for one that is in no table.
  constexpr choice_reason why(std::string_view name) const noexcept {
    const std::optional<sasl_mechanism> m = mechanism_named(name);
    return m ? why(*m) : choice_reason::unknown;
  }

  // What SCRAM's first message is to say of channel binding (RFC 5802 6): with `not_offered` the client tells that it
  // saw no -PLUS name, and a server that had offered one finds out that somebody took it away.
  constexpr channel_binding_flag binding() const noexcept { return binding_; }

 private:
  constexpr mechanism_choice() noexcept { reasons_.fill(choice_reason::not_offered); }
  static constexpr choice_reason judge(const mechanism_facts& row, const sasl_means& means) noexcept;

  std::array<choice_reason, mechanism_count> reasons_{};
  std::optional<sasl_mechanism> chosen_;
  channel_binding_flag binding_ = channel_binding_flag::unsupported;
};

constexpr mechanism_choice mechanism_choice::among(std::string_view offered, const sasl_means& means) noexcept {
  mechanism_choice choice;
  mechanism_set names;
  bool plus_offered = false;
  for (std::size_t at = 0; at < offered.size();) {
    const std::size_t end = offered.find(' ', at) < offered.size() ? offered.find(' ', at) : offered.size();
    if (const std::optional<sasl_mechanism> m = mechanism_named(offered.substr(at, end - at)); m) {
      names = names.with(*m);
      plus_offered =
          plus_offered || (facts(*m).has(sasl_trait::channel_binding) && starts_ignoring_case(name_of(*m), "SCRAM-"));
    }
    at = end + 1;
  }
  for (const mechanism_facts& row : mechanism_table) {
    if (!names.has(row.mechanism)) continue;
    choice_reason& why = choice.reasons_[static_cast<std::size_t>(row.mechanism)];
    why = judge(row, means);
    if (why != choice_reason::chosen) continue;
    if (choice.chosen_)
      why = choice_reason::weaker;
    else
      choice.chosen_ = row.mechanism;
  }
  const bool binds = means.channel_binding && means.tls;
  if (choice.chosen_ && facts(*choice.chosen_).has(sasl_trait::channel_binding))
    choice.binding_ = channel_binding_flag::used;
  else if (binds && !plus_offered)
    choice.binding_ = channel_binding_flag::not_offered;
  return choice;
}

// Whether the mechanism would do, were no other there.
constexpr choice_reason mechanism_choice::judge(const mechanism_facts& row, const sasl_means& means) noexcept {
  if (row.usage == sasl_usage::forbidden) return choice_reason::forbidden;
  if (row.support == sasl_support::none) return choice_reason::not_spoken;
  if (means.excluded.has(row.mechanism)) return choice_reason::excluded;
  switch (row.needs) {
    case credential::nothing:
      if (!means.anonymous) return choice_reason::no_anonymity;
      break;
    case credential::password:
      if (!means.password) return choice_reason::no_password;
      break;
    case credential::token:
      if (!means.token) return choice_reason::no_token;
      break;
    case credential::certificate:
      if (!means.certificate) return choice_reason::no_certificate;
      if (!means.tls) return choice_reason::needs_tls;
      break;
    case credential::ticket:
      if (!means.ticket) return choice_reason::no_ticket;
      break;
    case credential::own_ntlm:
      if (!means.ntlm) return choice_reason::no_ntlm;
      break;
    default: return choice_reason::not_spoken;  // not reached: what is asked for in other mechanisms is not spoken
  }
  if (row.has(sasl_trait::channel_binding) && !means.channel_binding) return choice_reason::no_channel_binding;
  if (row.has(sasl_trait::channel_binding) && !means.tls) return choice_reason::needs_tls;
  if (row.has(sasl_trait::cleartext) && !means.tls && !means.cleartext_without_tls) return choice_reason::cleartext;
  return choice_reason::chosen;
}

}  // namespace sansmtp

#endif
