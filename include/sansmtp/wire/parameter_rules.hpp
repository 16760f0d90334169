// The parameters of MAIL and RCPT (RFC 5321 4.1.1.11): one row for each that is registered or met.
//
// A row says where the parameter may stand, which extension brings it, whether it has a value, how
// long that may be, which function checks it, and in what form it is written. A keyword without a
// row is no fault here: it is kept as it stands, and whoever offers no such parameter answers 555.

#ifndef SANSMTP_WIRE_PARAMETER_RULES_HPP
#define SANSMTP_WIRE_PARAMETER_RULES_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/keyword_map.hpp"
#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/grammar/parameter.hpp"
#include "sansmtp/wire/address_values.hpp"
#include "sansmtp/wire/extension.hpp"
#include "sansmtp/wire/handling_values.hpp"
#include "sansmtp/wire/mail_values.hpp"
#include "sansmtp/wire/rcpt_values.hpp"
#include "sansmtp/wire/spoken.hpp"
#include "sansmtp/wire/time_values.hpp"
#include "sansmtp/wire/tracking_values.hpp"

namespace sansmtp {

enum class parameter_name : std::uint8_t {
  size,
  body,
  smtputf8,
  auth,
  ret,
  envid,
  by,
  holdfor,
  holduntil,
  mt_priority,
  mtrk,
  solicit,
  submitter,
  transid,
  requiretls,
  conperm,
  xverp,
  prdr,
  xoorg,
  alt_address,
  notify,
  orcpt,
  rrvs,
  conneg,
  ignorequota,
};

enum class parameter_place : std::uint8_t { mail = 1, rcpt = 2, both = 3 };

enum class value_rule : std::uint8_t { none, optional, required };

// What a value is written as that was read in another spelling: xtext with upper-case digits (RFC 3461 4), also
// behind an addr-type (4.2), a certifier without padding (RFC 3885 3.1), and a moment with upper-case letters
// (RFC 3339 5.6) and Z for an offset of zero.
enum class value_form : std::uint8_t { as_it_stands, xtext, typed_xtext, certifier, moment };

struct parameter_rule {
  parameter_name name;
  std::string_view keyword;
  parameter_place place;
  value_rule value;
  std::uint16_t max_octets;                                        // of the value
  extension_set brought_by;                                        // any one of these
  result<void> (*check)(std::string_view value, quirks) noexcept;  // the value's grammar; null where there is none
  const char* rfc;                                                 // and its section; empty: no RFC
  value_form form = value_form::as_it_stands;

  constexpr bool may_stand_in(parameter_place where) const noexcept {
    return (static_cast<unsigned>(place) & static_cast<unsigned>(where)) != 0;
  }
  constexpr bool offered_by(extension_set offered) const noexcept { return offered.without(brought_by) != offered; }
};

namespace parameter_check {

// The parser of a typed value as a check: what it yields is dropped.
template <auto Parse>
constexpr result<void> typed(std::string_view value, quirks q) noexcept {
  const auto parsed = [&] {
    if constexpr (requires { Parse(value, q); })
      return Parse(value, q);
    else
      return Parse(value);
  }();
  return parsed ? result<void>{} : result<void>{parsed.error()};
}

// No value is checked that is refused whatever it is, so none is taken for what it should be.
template <std::size_t Rows>
consteval std::array<parameter_rule, Rows> where_spoken(std::array<parameter_rule, Rows> table) {
  for (parameter_rule& row : table)
    if (!row.offered_by(spoken_extensions)) row.check = nullptr, row.form = value_form::as_it_stands;
  return table;
}

}  // namespace parameter_check

inline constexpr auto parameter_table = parameter_check::where_spoken(std::to_array<parameter_rule>({
    {parameter_name::size, "SIZE", parameter_place::mail, value_rule::required, 20, extension::size,
     parameter_check::typed<&parse_size>, "RFC 1870 3"},
    {parameter_name::body, "BODY", parameter_place::mail, value_rule::required, 10,
     extension::eight_bit_mime | extension::binarymime, parameter_check::typed<&parse_body>, "RFC 6152 2"},
    {parameter_name::smtputf8, "SMTPUTF8", parameter_place::mail, value_rule::none, 0, extension::smtputf8, nullptr,
     "RFC 6531 3.4"},
    {parameter_name::auth, "AUTH", parameter_place::mail, value_rule::required, 494, extension::auth,
     parameter_check::typed<&auth_parameter::parse>, "RFC 4954 5", value_form::xtext},
    {parameter_name::ret, "RET", parameter_place::mail, value_rule::required, 4, extension::dsn,
     parameter_check::typed<&parse_ret>, "RFC 3461 4.3"},
    {parameter_name::envid, "ENVID", parameter_place::mail, value_rule::required, 100, extension::dsn | extension::mtrk,
     parameter_check::typed<&parse_envid>, "RFC 3461 4.4", value_form::xtext},
    {parameter_name::by, "BY", parameter_place::mail, value_rule::required, 13, extension::deliver_by,
     parameter_check::typed<&parse_by>, "RFC 2852 4"},
    {parameter_name::holdfor, "HOLDFOR", parameter_place::mail, value_rule::required, 9, extension::future_release,
     parameter_check::typed<&parse_holdfor>, "RFC 4865 3"},
    {parameter_name::holduntil, "HOLDUNTIL", parameter_place::mail, value_rule::required, limits::parameter_octets,
     extension::future_release, parameter_check::typed<&parse_holduntil>, "RFC 4865 3", value_form::moment},
    {parameter_name::mt_priority, "MT-PRIORITY", parameter_place::mail, value_rule::required, 2, extension::mt_priority,
     parameter_check::typed<&parse_mt_priority>, "RFC 6710 7"},
    {parameter_name::mtrk, "MTRK", parameter_place::mail, value_rule::required, 38, extension::mtrk,
     parameter_check::typed<&parse_mtrk>, "RFC 3885 3.1", value_form::certifier},
    {parameter_name::solicit, "SOLICIT", parameter_place::mail, value_rule::required, 1000, extension::no_soliciting,
     parameter_check::typed<&solicitation_keywords::parse>, "RFC 3865 2.3"},
    {parameter_name::submitter, "SUBMITTER", parameter_place::mail, value_rule::required, xtext_mailbox::max_octets,
     extension::submitter, parameter_check::typed<&parse_submitter>, "RFC 4405 4", value_form::xtext},
    {parameter_name::transid, "TRANSID", parameter_place::mail, value_rule::required, 80, extension::checkpoint,
     parameter_check::typed<&transid::parse>, "RFC 1845 2"},
    {parameter_name::requiretls, "REQUIRETLS", parameter_place::mail, value_rule::none, 0, extension::requiretls,
     nullptr, "RFC 8689 2"},
    {parameter_name::conperm, "CONPERM", parameter_place::mail, value_rule::none, 0, extension::conperm, nullptr,
     "RFC 4141 4.2"},
    {parameter_name::xverp, "XVERP", parameter_place::mail, value_rule::optional, 2, extension::xverp,
     parameter_check::typed<&parse_xverp>, ""},
    {parameter_name::prdr, "PRDR", parameter_place::mail, value_rule::none, 0, extension::prdr, nullptr, ""},
    {parameter_name::xoorg, "XOORG", parameter_place::mail, value_rule::required, 255, extension::xoorg,
     parameter_check::typed<&parse_xoorg>, ""},
    {parameter_name::alt_address, "ALT-ADDRESS", parameter_place::both, value_rule::required, 447, extension::utf8smtp,
     parameter_check::typed<&parse_alt_address>, "RFC 5336 3.4", value_form::xtext},
    {parameter_name::notify, "NOTIFY", parameter_place::rcpt, value_rule::required, 21, extension::dsn,
     parameter_check::typed<&parse_notify>, "RFC 3461 4.1"},
    {parameter_name::orcpt, "ORCPT", parameter_place::rcpt, value_rule::required, 500, extension::dsn | extension::mtrk,
     parameter_check::typed<&orcpt::parse>, "RFC 3461 4.2", value_form::typed_xtext},
    {parameter_name::rrvs, "RRVS", parameter_place::rcpt, value_rule::required, 27, extension::rrvs,
     parameter_check::typed<&parse_rrvs>, "RFC 7293 3.1", value_form::moment},
    {parameter_name::conneg, "CONNEG", parameter_place::rcpt, value_rule::none, 0, extension::conneg, nullptr,
     "RFC 4141 5.2"},
    {parameter_name::ignorequota, "IGNOREQUOTA", parameter_place::rcpt, value_rule::none, 0, extension::ignorequota,
     nullptr, ""},
}));

inline constexpr std::size_t parameter_count = static_cast<std::size_t>(parameter_name::ignorequota) + 1;
static_assert(parameter_count <= 32, "a set of them is one word of 32 bits");

consteval bool parameter_table_is_complete() noexcept {
  if (parameter_table.size() != parameter_count) return false;
  for (std::size_t i = 0; i < parameter_count; ++i) {
    const parameter_rule& row = parameter_table[i];
    if (static_cast<std::size_t>(row.name) != i || row.brought_by.empty()) return false;
    if (row.check == nullptr && row.form != value_form::as_it_stands) return false;
    if ((row.check == nullptr) != (row.value == value_rule::none || !row.offered_by(spoken_extensions))) return false;
  }
  return true;
}
static_assert(parameter_table_is_complete(), "every parameter has one row, in the order of the enumeration");

constexpr const parameter_rule& facts(parameter_name p) noexcept {
  return parameter_table[static_cast<std::size_t>(p)];
}

// Those of a spoken extension, a bit for each: no other is ever in force.
inline constexpr std::uint32_t spoken_parameters = [] {
  std::uint32_t bits = 0;
  for (const parameter_rule& row : parameter_table)
    if (row.offered_by(spoken_extensions)) bits |= 1U << static_cast<unsigned>(row.name);
  return bits;
}();

// The row of that keyword, in any case; null when there is none.
constexpr const parameter_rule* parameter_rule_for(std::string_view keyword) noexcept {
  const std::size_t row = keyword_map<parameter_table, &parameter_rule::keyword>::find(keyword);
  return row < parameter_count ? &parameter_table[row] : nullptr;
}

// All that a row demands of one parameter but its value's grammar. Faults: parameter_misplaced at
// the keyword; parameter_value_missing and parameter_value_unexpected behind it, where "=" stands
// or should.
constexpr result<void> check_form(const parameter& p, const parameter_rule& rule, parameter_place where) noexcept {
  const auto fail = [](errc code, std::size_t at) { return fault{code, static_cast<std::uint32_t>(at)}; };
  if (!rule.may_stand_in(where)) return fail(errc::parameter_misplaced, p.at);
  if (!p.value) {
    if (rule.value == value_rule::required) return fail(errc::parameter_value_missing, p.at + p.keyword.size());
    return {};
  }
  if (rule.value == value_rule::none) return fail(errc::parameter_value_unexpected, p.at + p.keyword.size());
  return {};
}

// The grammar of its value, when it has one, and the length. The fault counts from the first octet
// of the list.
constexpr result<void> check_value(const parameter& p, const parameter_rule& rule, quirks q) noexcept {
  if (!p.value || rule.check == nullptr) return {};
  if (const auto good = rule.check(*p.value, q); !good) return good.error() + p.value_at();
  if (p.value->size() > rule.max_octets)
    return fault{errc::parameter_value_too_long, static_cast<std::uint32_t>(p.value_at() + rule.max_octets)};
  return {};
}

}  // namespace sansmtp

#endif
