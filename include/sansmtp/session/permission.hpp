// permission: what a command needs that its server does not offer, or passes of what it has offered.
//
// The client's twin of admission: RFC 5321 2.2.1 lets nobody use what was not offered. Asked before
// anything is written, of the command as it would be written: its verb, its parameters, the UTF-8 in
// its addresses or its text (RFC 6531 3.1, 3.7.4.2), and the limits that the server has declared.

#ifndef SANSMTP_SESSION_PERMISSION_HPP
#define SANSMTP_SESSION_PERMISSION_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/session/admission.hpp"
#include "sansmtp/wire/capabilities.hpp"
#include "sansmtp/wire/command.hpp"
#include "sansmtp/wire/extension.hpp"
#include "sansmtp/wire/parameter_rules.hpp"
#include "sansmtp/wire/spoken.hpp"

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

// BODY's value has an extension, too, and what is binary can only come in chunks (RFC 3030 3).
constexpr std::optional<missing_extension> missing_for(std::optional<body_type> body, extension_set offered) noexcept {
  if (body == body_type::eight_bit_mime && !offered.has(extension::eight_bit_mime))
    return missing_extension{extension::eight_bit_mime};
  if (body != body_type::binary_mime) return std::nullopt;
  for (const extension e : {extension::binarymime, extension::chunking})
    if (!offered.has(e)) return missing_extension{e};
  return std::nullopt;
}

// A sender's address beyond ASCII needs that its MAIL asks for SMTPUTF8; SEND and its kin cannot ask (RFC 6531 3.4).
constexpr bool sender_is_plain(const command& given) noexcept {
  if (const auto* m = std::get_if<mail>(&given)) return m->from.is_ascii() || m->parameters.smtputf8();
  if constexpr (!speaks(verb::send)) return true;
  if (const auto* s = std::get_if<send_to_terminal>(&given)) return s->from.is_ascii();
  if (const auto* s = std::get_if<send_or_mail>(&given)) return s->from.is_ascii();
  if (const auto* s = std::get_if<send_and_mail>(&given)) return s->from.is_ascii();
  return true;
}

// What is not to be sent in the clear: REQUIRETLS (RFC 8689 2), and where TLS is demanded all that carries a
// message or a password, or lets one come (RFC 3207 6).
constexpr bool needs_tls(const command& given, act what, bool demanded) noexcept {
  constexpr act_set carrying{act::mail, act::send, act::auth, act::atrn, act::turn};
  if (demanded && carrying.has(what)) return true;
  const auto* m = std::get_if<mail>(&given);
  return speaks(extension::requiretls) && m != nullptr && m->parameters.requiretls();
}

// Whether AUTH with its initial response is longer than a line may be (RFC 4954 4).
constexpr bool too_long(const command& given) noexcept {
  const auto* a = std::get_if<auth>(&given);
  if (!speaks(extension::auth) || a == nullptr || !a->initial_response) return false;
  const std::size_t text = std::max<std::size_t>(a->initial_response->text().size(), 1);  // "=" when empty
  return std::string_view("AUTH  \r\n").size() + a->mechanism.size() + text > limits::command_line;
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
    if (const auto lacks = missing_for(m->parameters.body(), offered)) return lacks;
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
