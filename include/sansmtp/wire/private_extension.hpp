// private_extension: an extension that this library has no row for, in a row of the caller's own.
//
// It says what a row of extension_table and its rows of parameter_table say: the line of the EHLO
// reply, the octets that it adds, its parameters and how each is checked. A server session that is
// given it offers it, and takes its parameters as it takes its own (RFC 5321 2.2.2, 4.1.1.11).

#ifndef SANSMTP_WIRE_PRIVATE_EXTENSION_HPP
#define SANSMTP_WIRE_PRIVATE_EXTENSION_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/grammar/parameter.hpp"
#include "sansmtp/wire/parameter_rules.hpp"

namespace sansmtp {

struct private_parameter {
  std::string_view keyword;
  parameter_place place = parameter_place::mail;
  value_rule value = value_rule::none;
  std::uint16_t max_octets = 0;  // of the value
  result<void> (*check)(std::string_view value, quirks) noexcept = nullptr;  // null: any esmtp-value

  // Faults, counted from the first octet of the list that the parameter stands in:
  // parameter_misplaced, parameter_value_missing, parameter_value_unexpected,
  // parameter_value_too_long, and what `check` gives.
  constexpr result<void> judge(const parameter& given, parameter_place where, quirks leniency) const noexcept {
    const auto fail = [](errc code, std::size_t at) { return fault{code, static_cast<std::uint32_t>(at)}; };
    const std::size_t behind = given.at + given.keyword.size();
    if ((static_cast<unsigned>(place) & static_cast<unsigned>(where)) == 0) return fail(errc::parameter_misplaced, given.at);
    if (!given.value) return value == value_rule::required ? result<void>(fail(errc::parameter_value_missing, behind)) : result<void>{};
    if (value == value_rule::none) return fail(errc::parameter_value_unexpected, behind);
    if (given.value->size() > max_octets) return fail(errc::parameter_value_too_long, behind + 1 + max_octets);
    if (check == nullptr) return {};
    if (const auto good = check(*given.value, leniency); !good) return good.error() + (behind + 1);
    return {};
  }
};

// Borrowed, with its texts and its parameters, for as long as a session has it.
struct private_extension {
  std::string_view line;          // of the EHLO reply: a keyword, and what stands behind it
  std::uint16_t mail_octets = 0;  // added to the 512 of a MAIL line
  std::uint16_t rcpt_octets = 0;  // and of a RCPT line
  std::span<const private_parameter> parameters{};
};

}  // namespace sansmtp

#endif
