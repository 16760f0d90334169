// The service extensions: what the keywords of an EHLO reply announce (RFC 5321 2.2, 4.1.1.1).
//
// One table holds all facts of each: its keyword, where it is defined, how many octets it adds to
// the MAIL and RCPT lines, and the verb that it unlocks. First all 35 rows of the registry of mail
// parameters, then those without an RFC that are met in use. A keyword that is not here is never
// an error; an extension_set just can't hold it.

#ifndef SANSMTP_WIRE_EXTENSION_HPP
#define SANSMTP_WIRE_EXTENSION_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "sansmtp/base/column.hpp"
#include "sansmtp/base/keyword_map.hpp"
#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/wire/service.hpp"
#include "sansmtp/wire/verb.hpp"

namespace sansmtp {

enum class extension : std::uint8_t {
  // registered
  send,
  soml,
  saml,
  vrfy,
  expn,
  help,
  turn,
  eight_bit_mime,
  size,
  verb,
  onex,
  chunking,
  binarymime,
  checkpoint,
  deliver_by,
  pipelining,
  dsn,
  etrn,
  enhanced_status_codes,
  starttls,
  no_soliciting,
  mtrk,
  submitter,
  atrn,
  auth,
  burl,
  future_release,
  utf8smtp,
  conperm,
  conneg,
  smtputf8,
  mt_priority,
  rrvs,
  requiretls,
  limits,
  // in use without an RFC
  xclient,
  xforward,
  xverp,
  prdr,
  pipeconnect,
  wellknown,
  x_exps,
  x_anonymoustls,
  xoorg,
  xorigfrom,
  xexch50,
  x_link2state,
  xshadow,
  xshadowrequest,
  xproxy,
  xproxyfrom,
  xproxyto,
  xsessionparams,
  xadr,
  xsta,
  xcir,
  xgen,
  xloop,
  xusr,
  ignorequota,
  trace,
  tls,
};

// How firm the ground is that an extension stands on.
enum class maturity : char { standard = 'S', informational = 'I', experimental = 'X', historic = 'H', de_facto = 'D' };

// Whether an EHLO reply may list it in the clear, under TLS, or both.
enum class offered_when : std::uint8_t { always, under_tls, in_the_clear };

// Whether parameters stand behind its keyword in an EHLO reply.
enum class keyword_form : std::uint8_t { bare, may_have_parameters, has_parameters };

struct extension_facts {
  extension what;
  std::string_view keyword;
  std::string_view rfc;  // empty: no RFC
  std::string_view section;
  sansmtp::maturity maturity;
  std::uint16_t
      mail_octets;  // added to the 512 of a MAIL line; the larger of what the RFC says and what its grammar needs
  std::uint16_t rcpt_octets;  // likewise of a RCPT line
  sansmtp::verb unlocks;      // verb::unknown: none
  services where = services::all;
  offered_when when = offered_when::always;
  keyword_form form = keyword_form::bare;
  std::optional<extension> needs{};  // must be offered beside it
};

inline constexpr extension_facts extension_table[] = {
    {extension::send, "SEND", "RFC 821", "3.4", maturity::historic, 0, 0, verb::send, services::relay},
    {extension::soml, "SOML", "RFC 821", "3.4", maturity::historic, 0, 0, verb::soml, services::relay},
    {extension::saml, "SAML", "RFC 821", "3.4", maturity::historic, 0, 0, verb::saml, services::relay},
    {extension::vrfy, "VRFY", "RFC 5321", "3.5", maturity::standard, 0, 0, verb::vrfy},
    {extension::expn, "EXPN", "RFC 5321", "3.5", maturity::standard, 0, 0, verb::expn},
    {extension::help, "HELP", "RFC 5321", "4.1.1.8", maturity::standard, 0, 0, verb::help},
    {extension::turn, "TURN", "RFC 821", "3.8", maturity::historic, 0, 0, verb::turn, services::relay},
    {extension::eight_bit_mime, "8BITMIME", "RFC 6152", "2", maturity::standard, 16, 0, verb::unknown},
    {extension::size, "SIZE", "RFC 1870", "3", maturity::standard, 26, 0, verb::unknown, services::all, offered_when::always, keyword_form::may_have_parameters},
    {extension::verb, "VERB", "", "", maturity::de_facto, 0, 0, verb::verb},
    {extension::onex, "ONEX", "", "", maturity::de_facto, 0, 0, verb::onex},
    {extension::chunking, "CHUNKING", "RFC 3030", "2", maturity::standard, 0, 0, verb::bdat},
    {extension::binarymime, "BINARYMIME", "RFC 3030", "3", maturity::standard, 16, 0, verb::unknown, services::all, offered_when::always, keyword_form::bare, extension::chunking},
    {extension::checkpoint, "CHECKPOINT", "RFC 1845", "2", maturity::experimental, 89, 0, verb::unknown},
    {extension::deliver_by, "DELIVERBY", "RFC 2852", "2", maturity::standard, 17, 0, verb::unknown, services::all, offered_when::always, keyword_form::may_have_parameters},
    {extension::pipelining, "PIPELINING", "RFC 2920", "2", maturity::standard, 0, 0, verb::unknown},
    {extension::dsn, "DSN", "RFC 3461", "3", maturity::standard, 9 + 107, 29 + 507, verb::unknown},
    {extension::etrn, "ETRN", "RFC 1985", "2", maturity::standard, 0, 0, verb::etrn, services::relay},
    {extension::enhanced_status_codes, "ENHANCEDSTATUSCODES", "RFC 2034", "3", maturity::standard, 0, 0, verb::unknown},
    {extension::starttls, "STARTTLS", "RFC 3207", "2", maturity::standard, 0, 0, verb::starttls, services::all, offered_when::in_the_clear},
    {extension::no_soliciting, "NO-SOLICITING", "RFC 3865", "2", maturity::standard, 1009, 0, verb::unknown, services::all, offered_when::always, keyword_form::may_have_parameters},
    {extension::mtrk, "MTRK", "RFC 3885", "2", maturity::standard, 44 + 107, 507, verb::unknown},
    {extension::submitter, "SUBMITTER", "RFC 4405", "2", maturity::historic, 773, 0, verb::unknown},
    {extension::atrn, "ATRN", "RFC 2645", "5.2.1", maturity::standard, 0, 0, verb::atrn, services::relay},
    {extension::auth, "AUTH", "RFC 4954", "3", maturity::standard, 500, 0, verb::auth, services::all, offered_when::always, keyword_form::has_parameters},
    {extension::burl, "BURL", "RFC 4468", "3.1", maturity::standard, 0, 0, verb::burl, services::submission, offered_when::always, keyword_form::may_have_parameters, extension::eight_bit_mime},
    {extension::future_release, "FUTURERELEASE", "RFC 4865", "3", maturity::standard, 34, 0, verb::unknown, services::submission, offered_when::always, keyword_form::has_parameters},
    {extension::utf8smtp, "UTF8SMTP", "RFC 5336", "3.1", maturity::historic, 460, 460, verb::unknown},
    {extension::conperm, "CONPERM", "RFC 4141", "4.1", maturity::standard, 8, 0, verb::unknown},
    {extension::conneg, "CONNEG", "RFC 4141", "5.1", maturity::standard, 0, 7, verb::unknown},
    {extension::smtputf8, "SMTPUTF8", "RFC 6531", "3.1", maturity::standard, 10, 0, verb::unknown, services::all, offered_when::always, keyword_form::bare, extension::eight_bit_mime},
    {extension::mt_priority, "MT-PRIORITY", "RFC 6710", "3", maturity::standard, 15, 0, verb::unknown, services::all, offered_when::always, keyword_form::may_have_parameters},
    {extension::rrvs, "RRVS", "RFC 7293", "3.1", maturity::standard, 0, 33, verb::unknown},
    {extension::requiretls, "REQUIRETLS", "RFC 8689", "2", maturity::standard, 11, 0, verb::unknown, services::all, offered_when::under_tls},
    {extension::limits, "LIMITS", "RFC 9422", "3", maturity::standard, 0, 0, verb::unknown, services::all, offered_when::always, keyword_form::has_parameters},
    {extension::xclient, "XCLIENT", "", "", maturity::de_facto, 0, 0, verb::xclient, services::all, offered_when::always, keyword_form::has_parameters},
    {extension::xforward, "XFORWARD", "", "", maturity::de_facto, 0, 0, verb::xforward, services::all, offered_when::always, keyword_form::has_parameters},
    {extension::xverp, "XVERP", "", "", maturity::de_facto, 9, 0, verb::unknown},
    {extension::prdr, "PRDR", "", "", maturity::de_facto, 5, 0, verb::unknown, services::not_lmtp},
    {extension::pipeconnect, "PIPECONNECT", "", "", maturity::de_facto, 0, 0, verb::unknown},
    {extension::wellknown, "WELLKNOWN", "", "", maturity::de_facto, 0, 0, verb::wellknown},
    {extension::x_exps, "X-EXPS", "", "", maturity::de_facto, 0, 0, verb::x_exps, services::not_lmtp, offered_when::always, keyword_form::has_parameters},
    {extension::x_anonymoustls, "X-ANONYMOUSTLS", "", "", maturity::de_facto, 0, 0, verb::x_anonymoustls},
    {extension::xoorg, "XOORG", "", "", maturity::de_facto, 262, 0, verb::unknown},
    {extension::xorigfrom, "XORIGFROM", "", "", maturity::de_facto, 267, 0, verb::unknown},
    {extension::xexch50, "XEXCH50", "", "", maturity::de_facto, 0, 0, verb::xexch50},
    {extension::x_link2state, "X-LINK2STATE", "", "", maturity::de_facto, 0, 0, verb::x_link2state},
    {extension::xshadow, "XSHADOW", "", "", maturity::de_facto, 0, 0, verb::xshadow},
    {extension::xshadowrequest, "XSHADOWREQUEST", "", "", maturity::de_facto, 0, 0, verb::xshadowrequest},
    {extension::xproxy, "XPROXY", "", "", maturity::de_facto, 0, 0, verb::xproxy},
    {extension::xproxyfrom, "XPROXYFROM", "", "", maturity::de_facto, 0, 0, verb::xproxyfrom},
    {extension::xproxyto, "XPROXYTO", "", "", maturity::de_facto, 0, 0, verb::xproxyto},
    {extension::xsessionparams, "XSESSIONPARAMS", "", "", maturity::de_facto, 0, 0, verb::xsessionparams},
    {extension::xadr, "XADR", "", "", maturity::de_facto, 0, 0, verb::xadr},
    {extension::xsta, "XSTA", "", "", maturity::de_facto, 0, 0, verb::xsta},
    {extension::xcir, "XCIR", "", "", maturity::de_facto, 0, 0, verb::xcir},
    {extension::xgen, "XGEN", "", "", maturity::de_facto, 0, 0, verb::xgen},
    {extension::xloop, "XLOOP", "", "", maturity::de_facto, 0, 0, verb::unknown},
    {extension::xusr, "XUSR", "", "", maturity::de_facto, 0, 0, verb::unknown},
    {extension::ignorequota, "IGNOREQUOTA", "", "", maturity::de_facto, 0, 12, verb::unknown, services::lmtp},
    {extension::trace, "TRACE", "", "", maturity::de_facto, 0, 0, verb::unknown},
    {extension::tls, "TLS", "", "", maturity::de_facto, 0, 0, verb::unknown},
};

inline constexpr std::size_t extension_count = static_cast<std::size_t>(extension::tls) + 1;
inline constexpr std::size_t registered_extension_count = static_cast<std::size_t>(extension::limits) + 1;
static_assert(registered_extension_count == 35, "all rows of the registry, and no other");

consteval bool extension_table_is_complete() noexcept {
  if (sizeof extension_table / sizeof *extension_table != extension_count) return false;
  for (std::size_t i = 0; i < extension_count; ++i)
    if (static_cast<std::size_t>(extension_table[i].what) != i || extension_table[i].keyword.empty()) return false;
  return true;
}
static_assert(extension_table_is_complete(), "every extension has one row, in the order of the enumeration");

constexpr const extension_facts& facts(extension e) noexcept { return extension_table[static_cast<std::size_t>(e)]; }
constexpr std::string_view name_of(extension e) noexcept { return column<extension_table, &extension_facts::keyword>(e); }

// A set of extensions: what a server offers, or was seen to offer. One word.
class extension_set {
 public:
  constexpr extension_set() noexcept = default;
  constexpr extension_set(extension e) noexcept : bits_(bit(e)) {}
  constexpr extension_set(std::initializer_list<extension> members) noexcept {
    for (extension e : members) bits_ |= bit(e);
  }

  constexpr bool has(extension e) const noexcept { return (bits_ & bit(e)) != 0; }
  constexpr bool empty() const noexcept { return bits_ == 0; }

  // The first member in the table's order; the set must not be empty.
  constexpr extension first() const noexcept { return static_cast<extension>(std::countr_zero(bits_)); }

  // All members in the table's order: for (extension e : set) ...
  class iterator;
  constexpr iterator begin() const noexcept;
  constexpr iterator end() const noexcept;

  constexpr extension_set with(extension_set more) const noexcept {
    return extension_set(bits_ | more.bits_, of_bits{});
  }
  constexpr extension_set without(extension_set less) const noexcept {
    return extension_set(bits_ & ~less.bits_, of_bits{});
  }
  constexpr extension_set among(extension_set those) const noexcept {
    return extension_set(bits_ & those.bits_, of_bits{});
  }
  friend constexpr extension_set operator|(extension_set a, extension_set b) noexcept { return a.with(b); }
  friend constexpr bool operator==(extension_set, extension_set) noexcept = default;

 private:
  struct of_bits {};
  static_assert(extension_count <= 64, "a set is one word");
  constexpr extension_set(std::uint64_t bits, of_bits) noexcept : bits_(bits) {}
  static constexpr std::uint64_t bit(extension e) noexcept { return std::uint64_t{1} << static_cast<unsigned>(e); }
  std::uint64_t bits_ = 0;
};

class extension_set::iterator {
 public:
  constexpr explicit iterator(extension_set left) noexcept : left_(left) {}
  constexpr extension operator*() const noexcept { return left_.first(); }
  constexpr iterator& operator++() noexcept {
    left_ = left_.without(left_.first());
    return *this;
  }
  friend constexpr bool operator==(iterator, iterator) noexcept = default;

 private:
  extension_set left_;
};
constexpr extension_set::iterator extension_set::begin() const noexcept { return iterator(*this); }
constexpr extension_set::iterator extension_set::end() const noexcept { return iterator({}); }

constexpr extension_set operator|(extension a, extension b) noexcept { return extension_set{a, b}; }

inline constexpr extension_set every_extension = [] {
  extension_set all;
  for (const extension_facts& row : extension_table) all = all.with(row.what);
  return all;
}();

// The octets, CRLF counted, that a MAIL and a RCPT line may have where these extensions are offered
// (RFC 5321 4.5.3.1.4). A parameter that two extensions share counts once: BODY comes with 8BITMIME
// as with BINARYMIME (RFC 3030 3), ENVID and ORCPT with DSN as with MTRK (RFC 3885 2).
constexpr std::size_t mail_line_limit(extension_set offered) noexcept {
  std::size_t octets = limits::command_line;
  for (const extension e : offered) octets += column<extension_table, &extension_facts::mail_octets>(e);
  if (offered.has(extension::eight_bit_mime) && offered.has(extension::binarymime)) octets -= 16;
  if (offered.has(extension::dsn) && offered.has(extension::mtrk)) octets -= 107;
  return octets;
}

constexpr std::size_t rcpt_line_limit(extension_set offered) noexcept {
  std::size_t octets = limits::command_line;
  for (const extension e : offered) octets += column<extension_table, &extension_facts::rcpt_octets>(e);
  if (offered.has(extension::dsn) && offered.has(extension::mtrk)) octets -= 507;
  return octets;
}

struct offer_conditions {
  services where;
  offered_when when;
  std::optional<extension> needs;

  static constexpr offer_conditions of(const extension_facts& row) noexcept {  // not reached: asked by the compiler alone
    return {row.where, row.when, row.needs};
  }
};

// What of a wish may be listed: by the service, by whether TLS is active, and each with what it needs
// beside it (RFC 3207 4.2, RFC 6409 7, RFC 8689 2).
constexpr extension_set offerable(extension_set wished, service kind, bool tls) noexcept {
  extension_set out = wished;
  for (const extension e : wished) {
    const auto [where, when, needs] = column<extension_table, offer_conditions::of>(e);
    const bool now = when == offered_when::always || (when == offered_when::under_tls) == tls;
    if (!now || !includes(where, kind) || (needs && !wished.has(*needs))) out = out.without(e);
  }
  return out;
}

// The extension that brings the verb; nothing for a verb that every server knows. VRFY and HELP may
// be announced and need not be (RFC 5321 3.5.2, 4.1.1.8).
constexpr std::optional<extension> extension_unlocking(verb v) noexcept {
  if (v == verb::unknown || v == verb::vrfy || v == verb::help) return std::nullopt;
  for (const extension_facts& row : extension_table)
    if (row.unlocks == v) return row.what;
  return std::nullopt;
}

// The extension that the keyword announces, in any case; nothing when it is none of the table.
// Two go by a second name: VERP is XVERP, X_PIPE_CONNECT is PIPECONNECT.
constexpr std::optional<extension> extension_named(std::string_view keyword) noexcept {
  const std::size_t row = keyword_map<extension_table, &extension_facts::keyword>::find(keyword);
  if (row != extension_count) return static_cast<extension>(row);
  if (equal_ignoring_case(keyword, "VERP")) return extension::xverp;
  if (equal_ignoring_case(keyword, "X_PIPE_CONNECT")) return extension::pipeconnect;
  return std::nullopt;
}

}  // namespace sansmtp

#endif
