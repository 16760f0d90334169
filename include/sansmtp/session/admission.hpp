// admission: what a server asks of a command besides whether it may stand here.
//
// Whether the protocol knows the verb, whether policy lets it pass without TLS or authentication
// (RFC 3207 4, RFC 4954 6), whether the extension that it or one of its parameters belongs to is in
// force, and whether its arguments keep within what was agreed. Verbs and parameters are judged by
// the extension table; nothing here knows the order of commands.

#ifndef SANSMTP_SESSION_ADMISSION_HPP
#define SANSMTP_SESSION_ADMISSION_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "sansmtp/base/column.hpp"
#include "sansmtp/base/fault.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/sasl/mechanism.hpp"
#include "sansmtp/session/act.hpp"
#include "sansmtp/session/server_options.hpp"
#include "sansmtp/wire/command.hpp"
#include "sansmtp/wire/extension.hpp"
#include "sansmtp/wire/parameter_rules.hpp"
#include "sansmtp/wire/spoken.hpp"

namespace sansmtp {

// What has been reached on this connection; STARTTLS begins it anew.
struct reached {
  bool tls = false;
  bool authenticated = false;
  bool extended = false;  // introduced by EHLO or LHLO: extensions are in force (RFC 5321 4.1.1.1)
  extension_set listed{};  // what an EHLO reply lists now
  std::string_view mechanisms{};  // and behind AUTH

  constexpr extension_set in_force() const noexcept { return extended ? listed : extension_set{}; }
};

// The longest line that each command may come in, in octets with its CRLF: 512 and what the offered
// extensions add (RFC 5321 4.5.3.1.4); for AUTH and its exchange an option (RFC 4954 4).
struct line_limits {
  std::uint32_t mail;
  std::uint32_t rcpt;
  std::uint32_t auth;
  bool auth_offered;

  constexpr explicit line_limits(const server_options& options) noexcept
      : mail(static_cast<std::uint32_t>(mail_line_limit(options.extensions))),
        rcpt(static_cast<std::uint32_t>(rcpt_line_limit(options.extensions))),
        auth(static_cast<std::uint32_t>(options.auth_line)),
        auth_offered(options.extensions.has(extension::auth)) {
    for (const private_extension& mine : options.own) {
      mail += mine.mail_octets;
      rcpt += mine.rcpt_octets;
    }
  }

  constexpr std::uint32_t of(act what) const noexcept {
    switch (what) {
      case act::mail: return mail;
      case act::rcpt: return rcpt;
      case act::auth: return auth_offered ? auth : limits::command_line;
      default: return limits::command_line;
    }
  }
  constexpr std::uint32_t longest() const noexcept { return std::max({mail, rcpt, of(act::auth)}); }
};

namespace admission {

// What exists inside a transaction and nowhere else, besides the message.
struct envelope {
  std::uint32_t accepted = 0;  // recipients
  bool smtputf8 = false;
  bool binary = false;
  bool transid = false;  // CHECKPOINT: 355 may answer (RFC 1845 4.2)
  bool prdr = false;     // 353 may answer the message, and a reply for each recipient follow it
};

// What MAIL asks for, and has when it is accepted.
constexpr envelope asked_by(const sansmtp::mail& m) noexcept {
  return {.smtputf8 = m.parameters.smtputf8(),
          .binary = m.parameters.body() == body_type::binary_mime,
          .transid = m.parameters.has(parameter_name::transid),
          .prdr = m.parameters.has(parameter_name::prdr)};
}

inline constexpr act_set without_tls{act::noop, act::ehlo, act::helo, act::lhlo, act::starttls, act::quit, act::rset};
inline constexpr act_set without_authentication{act::auth, act::ehlo, act::helo, act::lhlo, act::noop,
                                                act::rset, act::quit, act::starttls, act::help};

// Sends the password itself, or a token as good as one.
constexpr bool is_cleartext(std::string_view mechanism) noexcept {
  for (std::string_view name : {"PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"})
    if (equal_ignoring_case(mechanism, name)) return true;
  return false;
}

// Takes the next word off a list parted by SP.
constexpr std::string_view next_word(std::string_view& list) noexcept {
  while (!list.empty() && list.front() == ' ') list.remove_prefix(1);
  std::size_t n = 0;
  while (n < list.size() && list[n] != ' ') ++n;
  const std::string_view word = list.substr(0, n);
  list.remove_prefix(n);
  return word;
}

constexpr std::optional<errc> mechanism(std::string_view name, const server_options& options, const reached& now) noexcept {
  std::string_view list = now.mechanisms;
  for (std::string_view word = next_word(list); !word.empty(); word = next_word(list)) {
    if (!equal_ignoring_case(word, name)) continue;
    if (is_cleartext(name) && !now.tls && !options.cleartext_passwords) return errc::mechanism_needs_tls;
    return std::nullopt;
  }
  return errc::mechanism_unknown;
}

// Whether a mechanism in which the server speaks first must refuse an initial response (RFC 4954 4). LOGIN, whose
// clients send the name in it, and DIGEST-MD5, which may begin a second time so (RFC 2831 2.2), need not.
constexpr bool server_must_begin(std::string_view mechanism) noexcept {
  const auto known = mechanism_named(mechanism);
  return known && column<mechanism_table, &mechanism_facts::first>(*known) == first_message::server &&
         *known != sasl_mechanism::login && *known != sasl_mechanism::digest_md5;
}

// What needs that SMTPUTF8 is offered, and no more: what VRFY or EXPN asks (RFC 6531 3.7.4.2), or the parameters of
// RCPT, whose ORCPT may be in UTF-8 (RFC 6533 3), from the first octet that is not ASCII on. Nothing, as a rule.
constexpr std::string_view beyond_ascii(const sansmtp::command& given) noexcept {
  std::string_view text;
  if (const auto* v = std::get_if<vrfy>(&given)) text = v->text;
  if (const auto* e = std::get_if<expn>(&given)) text = e->text;
  if (const auto* r = std::get_if<rcpt>(&given); r != nullptr && !r->parameters.raw().is_ascii()) text = r->parameters.raw().text();
  while (!text.empty() && static_cast<unsigned char>(text.front()) < 128) text.remove_prefix(1);
  return text;
}

// A parameter without a row in the library: one of an extension of the caller's own, or unknown.
constexpr std::optional<fault> check_private(const parameter& p, parameter_place place, const server_options& options,
                                             const reached& now) noexcept {
  if (now.extended)
    for (const private_extension& mine : options.own)
      for (const private_parameter& rule : mine.parameters) {
        if (!equal_ignoring_case(rule.keyword, p.keyword)) continue;
        const auto good = rule.judge(p, place, options.leniency);
        return good ? std::nullopt : std::optional(good.error());
      }
  return fault{errc::parameter_unknown, static_cast<std::uint32_t>(p.at)};
}

// Each parameter's extension must be in force; BODY's also by its value (RFC 5321 4.1.1.11).
constexpr std::optional<fault> check_parameters(const parameters& given, parameter_place place, const server_options& options,
                                                const reached& now) noexcept {
  for (const parameter& p : given) {
    const parameter_rule* rule = parameter_rule_for(p.keyword);
    if (rule == nullptr) {
      if (const auto why = check_private(p, place, options, now)) return why;
    } else if (!rule->offered_by(now.in_force())) return fault{errc::parameter_not_offered, static_cast<std::uint32_t>(p.at)};
  }
  return std::nullopt;
}

// The extension that brings each act's verb, by the table's column. SEND, its kin and TURN need none
// to be told of: what they are answered by default is 502 (RFC 5321 F.1, F.6).
inline constexpr auto brought_by = [] {
  std::array<std::optional<extension>, act_count> out{};
  for (const verb_facts& row : verb_table)
    if (const act a = act_of(row.what); a != act::other && a != act::send && a != act::turn) out[static_cast<std::size_t>(a)] = extension_unlocking(row.what);
  for (const auto& [a, as] : {std::pair{act::last_chunk, act::chunk}, std::pair{act::lmtp_last_chunk, act::chunk},
                              std::pair{act::last_burl, act::burl}})
    out[static_cast<std::size_t>(a)] = out[static_cast<std::size_t>(as)];
  return out;
}();

constexpr std::optional<errc> verb_in_force(act a, const server_options& options, const reached& now) noexcept {
  const bool lmtp = options.kind == service::lmtp;
  if (lmtp ? a == act::ehlo || a == act::helo : a == act::lhlo) return errc::verb_of_other_protocol;
  if (a == act::starttls && now.tls) return errc::tls_active;
  if (const auto brings = brought_by[static_cast<std::size_t>(a)]; brings && !now.listed.has(*brings)) return errc::verb_not_offered;
  if (a == act::auth && now.authenticated) return errc::already_authenticated;
  if (a == act::atrn && !now.authenticated) return errc::authentication_required;  // RFC 2645 5.2.1
  return std::nullopt;
}

// The whole question for a verb; nothing when it passes.
constexpr std::optional<errc> command(act a, const server_options& options, const reached& now) noexcept {
  if (const auto why = verb_in_force(a, options, now)) return *why;
  if (options.require_tls && !now.tls && !without_tls.has(a)) return errc::tls_required;
  if (options.require_authentication && !now.authenticated && !without_authentication.has(a))
    return errc::authentication_required;
  return std::nullopt;
}

// What MAIL adds to that: its parameters, and a declared size that could never be taken (RFC 1870 6.1).
constexpr std::optional<fault> mail(const sansmtp::mail& m, const server_options& options, const reached& now) noexcept {
  const extension_set in_force = now.in_force();
  if (const auto why = check_parameters(m.parameters.raw(), parameter_place::mail, options, now)) return why;
  if (m.parameters.body() == body_type::eight_bit_mime && !in_force.has(extension::eight_bit_mime))
    return fault{errc::body_not_offered, 0};
  if (m.parameters.body() == body_type::binary_mime && !in_force.has(extension::binarymime))
    return fault{errc::body_not_offered, 0};
  if (options.size_limit != 0 && m.parameters.size().value_or(0) > options.size_limit)
    return fault{errc::message_too_large, 0};
  return std::nullopt;
}

// Where in the line a part of it begins.
constexpr std::uint32_t place_of(std::string_view part, std::string_view line) noexcept {
  return static_cast<std::uint32_t>(part.data() - line.data());
}

// A fault found in a list of parameters, seen from the start of the line.
constexpr std::optional<fault> located(std::optional<fault> why, const parameters& in, std::string_view line) noexcept {
  if (why) why = *why + place_of(in.text(), line);
  return why;
}

constexpr bool takes_utf8(bool agreed, const server_options& options) noexcept {
  return agreed || options.leniency.allow(quirk::unnegotiated_utf8);
}

constexpr std::optional<fault> rcpt(const sansmtp::rcpt& r, std::string_view line, const server_options& options,
                                    const reached& now, const envelope& open) noexcept {
  if (const auto why = check_parameters(r.parameters.raw(), parameter_place::rcpt, options, now))
    return located(why, r.parameters.raw(), line);
  if (!r.to.is_ascii() && !takes_utf8(open.smtputf8, options)) return fault{errc::non_ascii_recipient, place_of(r.to.text(), line)};
  if (open.accepted >= options.recipient_limit) return fault{errc::too_many_recipients, 0};
  return std::nullopt;
}

constexpr std::optional<fault> auth(const sansmtp::auth& a, std::string_view line, const server_options& options,
                                    const reached& now) noexcept {
  if (const auto why = mechanism(a.mechanism, options, now)) return fault{*why, place_of(a.mechanism, line)};
  if (a.initial_response && server_must_begin(a.mechanism))
    return fault{errc::initial_response_unexpected, place_of(a.mechanism.substr(a.mechanism.size()), line) + 1};
  return std::nullopt;
}

// The whole question for a command's arguments, each fault at its octet of the line.
constexpr std::optional<fault> arguments(const sansmtp::command& given, std::string_view line, const server_options& options,
                                         const reached& now, const envelope& open) noexcept {
  if (const auto* m = std::get_if<sansmtp::mail>(&given)) return located(mail(*m, options, now), m->parameters.raw(), line);
  if (const auto* r = std::get_if<sansmtp::rcpt>(&given))
    if (const auto why = rcpt(*r, line, options, now, open)) return why;
  if (const auto* a = std::get_if<sansmtp::auth>(&given); speaks(extension::auth) && a != nullptr) return auth(*a, line, options, now);
  if (const auto utf8 = beyond_ascii(given); !utf8.empty() && !takes_utf8(now.in_force().has(extension::smtputf8), options))
    return fault{errc::non_ascii_octet, place_of(utf8, line)};
  return std::nullopt;
}

}  // namespace admission

}  // namespace sansmtp

#endif
