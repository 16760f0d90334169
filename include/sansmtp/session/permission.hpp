// permission: what a command needs that its server does not offer, or passes of what it has offered.
//
// The client's twin of admission: RFC 5321 2.2.1 lets nobody use what was not offered. Asked before
// anything is written, of the command as it would be written: its verb, its parameters, the UTF-8 in
// its addresses or its text (RFC 6531 3.1, 3.7.4.2), and the limits that the server has declared.

#ifndef SANSMTP_SESSION_PERMISSION_HPP
#define SANSMTP_SESSION_PERMISSION_HPP

#include <cstdint>
#include <optional>
#include <variant>

#include "sansmtp/base/result.hpp"
#include "sansmtp/session/admission.hpp"
#include "sansmtp/wire/capabilities.hpp"
#include "sansmtp/wire/command.hpp"
#include "sansmtp/wire/extension.hpp"
#include "sansmtp/wire/parameter_rules.hpp"

namespace sansmtp {

struct missing_extension {
  extension which;
  std::uint32_t at = 0;  // in the parameters, when one of them needs it
};

namespace permission {

// A parameter that the library knows needs its extension; one that it does not know is the caller's affair.
constexpr std::optional<missing_extension> missing_in(const parameters& given, extension_set offered) noexcept {
  for (const parameter& p : given) {
    const parameter_rule* rule = parameter_rule_for(p.keyword);
    if (rule != nullptr && !rule->offered_by(offered))
      return missing_extension{rule->brought_by.first(), static_cast<std::uint32_t>(p.at)};
  }
  return std::nullopt;
}

constexpr std::optional<missing_extension> missing(const command& given, act what, extension_set offered) noexcept {
  if (const auto brings = admission::brought_by[static_cast<std::size_t>(what)]; brings && !offered.has(*brings))
    return missing_extension{*brings};
  const auto* v = std::get_if<vrfy>(&given);
  const auto* e = std::get_if<expn>(&given);
  const bool utf8_reply = (v != nullptr && v->smtputf8) || (e != nullptr && e->smtputf8);
  if ((utf8_reply || !admission::beyond_ascii(given).empty()) && !offered.has(extension::smtputf8))
    return missing_extension{extension::smtputf8};
  if (const auto* m = std::get_if<mail>(&given)) {
    if (!m->from.is_ascii() && !offered.has(extension::smtputf8)) return missing_extension{extension::smtputf8};
    if (m->parameters.body() == body_type::binary_mime && !offered.has(extension::binarymime))
      return missing_extension{extension::binarymime};
    return missing_in(m->parameters.raw(), offered);
  }
  if (const auto* r = std::get_if<rcpt>(&given)) {
    if (!r->to.is_ascii() && !offered.has(extension::smtputf8)) return missing_extension{extension::smtputf8};
    return missing_in(r->parameters.raw(), offered);
  }
  return std::nullopt;
}

// What the server has said it will not take is not sent to it (RFC 1870 6.1, RFC 9422 4). `mails` and `rcpts`
// are those sent before, whether they succeeded or not, so that a group can be counted before its replies.
constexpr result<void> within_limits(const command& given, const capabilities& offered, std::uint32_t mails,
                                     std::uint32_t rcpts) noexcept {
  const server_limits said = offered.limits();
  if (std::holds_alternative<rcpt>(given) && rcpts >= said.rcpt_max.value_or(UINT32_MAX)) return errc::too_many_recipients;
  const auto* m = std::get_if<mail>(&given);
  if (m == nullptr) return {};
  if (mails >= said.mail_max.value_or(UINT32_MAX)) return errc::too_many_transactions;
  if (m->parameters.size().value_or(0) > offered.size_limit().value_or(UINT64_MAX)) return errc::message_too_large;
  return {};
}

}  // namespace permission

}  // namespace sansmtp

#endif
