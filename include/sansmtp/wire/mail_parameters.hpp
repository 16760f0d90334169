// The parameters of MAIL (RFC 5321 4.1.1.2, 4.1.1.11): checked when the line is parsed, typed when asked.
//
// What every server looks at is kept as fields; the rest is found again in the text, which the
// value borrows from the line. Parameters without a rule are kept as raw pairs, so nothing that an
// extension unknown here sends is lost: walk raw().

#ifndef SANSMTP_WIRE_MAIL_PARAMETERS_HPP
#define SANSMTP_WIRE_MAIL_PARAMETERS_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/date_time.hpp"
#include "sansmtp/grammar/domain.hpp"
#include "sansmtp/grammar/mailbox.hpp"
#include "sansmtp/wire/checked_parameters.hpp"
#include "sansmtp/wire/parameter_rules.hpp"

namespace sansmtp {

class mail_parameters : public checked_parameters {
 public:
  // No parameters.
  constexpr mail_parameters() noexcept = default;

  // Octets of the message as the client counts or guesses them; not where it ends (RFC 1870 6).
  constexpr std::optional<std::uint64_t> size() const noexcept {
    return has(parameter_name::size) ? std::optional(size_) : std::nullopt;
  }
  constexpr std::optional<body_type> body() const noexcept {
    return has(parameter_name::body) ? std::optional(body_) : std::nullopt;
  }
  constexpr bool smtputf8() const noexcept { return has(parameter_name::smtputf8); }
  constexpr std::optional<ret_type> ret() const noexcept {
    return has(parameter_name::ret) ? std::optional(ret_) : std::nullopt;
  }
  constexpr std::optional<xtext> envid() const noexcept { return decoded<&parse_envid>(parameter_name::envid); }
  constexpr std::optional<auth_parameter> auth() const noexcept {
    return decoded<&auth_parameter::parse>(parameter_name::auth);
  }

  // How soon to deliver (RFC 2852 4), and how long, or until when, to hold the message before (RFC 4865 3).
  constexpr std::optional<deliver_by> by() const noexcept { return decoded<&parse_by>(parameter_name::by); }
  constexpr std::optional<std::chrono::seconds> holdfor() const noexcept {
    return decoded<&parse_holdfor>(parameter_name::holdfor);
  }
  constexpr std::optional<date_time> holduntil() const noexcept {
    return decoded<&parse_holduntil>(parameter_name::holduntil);
  }

  // -9 to 9, higher is more urgent (RFC 6710 3).
  constexpr std::optional<std::int8_t> mt_priority() const noexcept {
    return decoded<&parse_mt_priority>(parameter_name::mt_priority);
  }
  constexpr std::optional<sansmtp::mtrk> mtrk() const noexcept { return decoded<&parse_mtrk>(parameter_name::mtrk); }
  constexpr std::optional<sansmtp::transid> transid() const noexcept {
    return decoded<&transid::parse>(parameter_name::transid);
  }
  // Which kinds of solicitation it is; none of them when it is none. To be walked:
  // for (std::string_view keyword : parameters.solicit()) ...
  constexpr solicitation_keywords solicit() const noexcept {
    return decoded<&solicitation_keywords::parse>(parameter_name::solicit).value_or(solicitation_keywords{});
  }
  constexpr std::optional<xtext_mailbox> submitter() const noexcept {
    return decoded<&parse_submitter>(parameter_name::submitter);
  }
  constexpr std::optional<xtext_mailbox> alt_address() const noexcept {
    return decoded<&parse_alt_address>(parameter_name::alt_address);
  }
  constexpr bool requiretls() const noexcept { return has(parameter_name::requiretls); }
  constexpr bool conperm() const noexcept { return has(parameter_name::conperm); }

  // In use without an RFC.
  constexpr std::optional<sansmtp::xverp> xverp() const noexcept {
    if (!has(parameter_name::xverp)) return std::nullopt;
    const auto given = decoded<&parse_xverp>(parameter_name::xverp);
    return given ? given : sansmtp::xverp{};
  }
  constexpr bool prdr() const noexcept { return has(parameter_name::prdr); }
  constexpr std::optional<domain> xoorg() const noexcept { return decoded<&parse_xoorg>(parameter_name::xoorg); }

  // Whether the message would be held beyond the time to deliver it by, which a server must refuse with
  // 501 5.5.4 (RFC 4865 5.2.2). parse() sees it of HOLDFOR; of HOLDUNTIL only who knows the time can.
  constexpr bool held_past_deadline(const date_time& now) const noexcept {
    const auto deadline = by();
    if (!deadline) return false;
    const auto until = holduntil();
    const auto held = until ? until->since_epoch() - now.since_epoch() : holdfor().value_or(deadline->within);
    return held > deadline->within;
  }

  // Mail-parameters = esmtp-param *(SP esmtp-param), as text that must outlive the value; empty
  // text is no parameters. Faults: those of parameters::parse, of check_form and of each value;
  // priority_malformed in place of these, whatever is wrong about MT-PRIORITY (RFC 6710 4.1);
  // parameter_conflict at the second of HOLDFOR and HOLDUNTIL (RFC 4865 4.2), hold_past_deadline at
  // HOLDFOR (RFC 4865 5.2.2), auth_parameter_malformed and submitter_malformed where a mailbox leaves ASCII without
  // SMTPUTF8 (RFC 6531 3.3), mtrk_needs_envid at MTRK or behind the ENVID (RFC 3885 3.2). Quirk: unnegotiated_utf8.
  static constexpr result<mail_parameters> parse(std::string_view text, quirks q = quirks::strict) noexcept;

  // The same, into this, which was empty; of a text with a fault it may hold some.
  constexpr result<void> read(std::string_view text, quirks q = quirks::strict) noexcept;

 private:
  constexpr result<void> take(const parameter& p, const parameter_rule& rule, quirks q) noexcept;
  constexpr result<void> check_combinations(quirks q) const noexcept;

  body_type body_ = body_type::seven_bit;
  ret_type ret_ = ret_type::full;
  std::uint64_t size_ = 0;
};
static_assert(sizeof(mail_parameters) <= 40, "it is part of an event");

// What a client means to say with MAIL, not yet as text. compose() encodes what needs encoding.
struct mail_fields {
  std::optional<std::uint64_t> size{};
  std::optional<body_type> body{};
  bool smtputf8 = false;
  std::optional<ret_type> ret{};
  std::optional<std::string_view> envid{};  // raw: printable ASCII, SP, HTAB
  std::optional<std::string_view> auth{};   // raw: a mailbox, ASCII without smtputf8, or "<>" for the null value
  std::optional<deliver_by> by{};
  std::optional<std::chrono::seconds> holdfor{};  // 1 to 999999999
  std::optional<date_time> holduntil{};           // written in UTC
  std::optional<std::int8_t> mt_priority{};       // -9 to 9
  std::optional<sansmtp::mtrk> mtrk{};            // with an envid that has an at sign
  std::optional<sansmtp::transid> transid{};
  solicitation_keywords solicit{};
  std::optional<mailbox> submitter{};    // ASCII without smtputf8
  std::optional<mailbox> alt_address{};  // ASCII
  bool requiretls = false;
  bool conperm = false;
  std::optional<sansmtp::xverp> xverp{};
  bool prdr = false;
  std::optional<domain> xoorg{};
  std::string_view more{};  // further parameters, as text
};

namespace mail_parameter {

// RFC 6710 4.1: whatever is wrong about MT-PRIORITY, be it twice there or without its value, is 501
// 5.5.2. So the faults that any parameter can have become its own when they are about it.
constexpr fault of_priority(fault why, std::string_view text) noexcept {
  const std::size_t space = why.at == 0 ? text.npos : text.rfind(' ', why.at - 1);
  const std::string_view about = space == text.npos ? text : text.substr(space + 1);
  const std::string_view keyword = facts(parameter_name::mt_priority).keyword;
  const bool its_own = starts_ignoring_case(about, keyword) &&
                       (about.size() == keyword.size() || !is(octet_class::keyword, about[keyword.size()]));
  return its_own ? fault{errc::priority_malformed, why.at} : why;
}

}  // namespace mail_parameter

constexpr result<mail_parameters> mail_parameters::parse(std::string_view text, quirks q) noexcept {
  mail_parameters parsed;
  if (const auto good = parsed.read(text, q); !good) return good.error();
  return parsed;
}

constexpr result<void> mail_parameters::read(std::string_view text, quirks q) noexcept {
  const auto kept = [&](const parameter& p, const parameter_rule& rule) { return take(p, rule, q); };
  const auto good = checked_parameters::read(text, parameter_place::mail, q, kept);
  if (!good) return mail_parameter::of_priority(good.error(), text);
  if (has(parameter_name::mtrk) || has(parameter_name::auth) || has(parameter_name::submitter) ||
      (has(parameter_name::by) && has(parameter_name::holdfor)))
    return check_combinations(q);
  return {};
}

constexpr result<void> mail_parameters::take(const parameter& p, const parameter_rule& rule, quirks q) noexcept {
  const auto keep = [&](auto& field, const auto& value) -> result<void> {
    if (!value) return value.error() + p.value_at();
    field = *value;
    return {};
  };
  switch (rule.name) {
    case parameter_name::size: return keep(size_, parse_size(*p.value));
    case parameter_name::body: return keep(body_, parse_body(*p.value));
    case parameter_name::ret: return keep(ret_, parse_ret(*p.value));
    case parameter_name::holdfor:
    case parameter_name::holduntil:
      if (has(parameter_name::holdfor) || has(parameter_name::holduntil))
        return fault{errc::parameter_conflict, static_cast<std::uint32_t>(p.at)};
      break;
    default: break;
  }
  return check_value(p, rule, q);
}

constexpr result<void> mail_parameters::check_combinations(quirks q) const noexcept {
  const auto fail = [](errc code, std::size_t at) { return fault{code, static_cast<std::uint32_t>(at)}; };
  if (has(parameter_name::by) && has(parameter_name::holdfor) && *holdfor() > by()->within)
    return fail(errc::hold_past_deadline, place_of(parameter_name::holdfor));
  // Both hold a Mailbox of RFC 5321 (RFC 4954 8, RFC 4405 4), which SMTPUTF8 alone widens (RFC 6531 3.3).
  if (!smtputf8() && !q.allow(quirk::unnegotiated_utf8))
    for (const parameter_name name : {parameter_name::auth, parameter_name::submitter}) {
      if (!has(name)) continue;
      const auto given = raw().find(facts(name).keyword);
      if (const std::size_t high = find_high_octet(*given->value); high != given->value->size())
        return fail(name == parameter_name::auth ? errc::auth_parameter_malformed : errc::submitter_malformed,
                    given->value_at() + high);
    }
  if (!has(parameter_name::mtrk)) return {};
  // envid-parameter = "ENVID=" local-envid "@" fqhn                                   RFC 3885 3.2
  const auto envid = raw().find(facts(parameter_name::envid).keyword);
  if (!envid) return fail(errc::mtrk_needs_envid, place_of(parameter_name::mtrk));
  if (envid->value->find('@') == std::string_view::npos)
    return fail(errc::mtrk_needs_envid, envid->value_at() + envid->value->size());
  return {};
}

// Writes the parameters as text behind what `out` holds, and returns them, borrowed from there.
// Faults: output_full; those of mail_parameters::parse when a field is none of its kind, the
// place counted in the text that would have been written; hold_past_deadline also when HOLDFOR and BY
// end together (RFC 4865 5.2.1).
constexpr result<mail_parameters> compose(const mail_fields& fields, writer& out) noexcept {
  writer room(out.space());
  parameter_writer list(room);
  if (fields.size) list.begin(parameter_name::size).put_number(*fields.size);
  if (fields.body) list.begin(parameter_name::body).put(name_of(*fields.body));
  list.flag(fields.smtputf8, parameter_name::smtputf8);
  if (fields.ret) list.begin(parameter_name::ret).put(name_of(*fields.ret));
  if (fields.envid) encode_xtext(*fields.envid, list.begin(parameter_name::envid));
  if (fields.auth == "<>")
    list.begin(parameter_name::auth).put("<>");
  else if (fields.auth)
    encode_xtext(*fields.auth, list.begin(parameter_name::auth));
  if (fields.by) encode(*fields.by, list.begin(parameter_name::by));
  if (fields.holdfor) time_value::put_seconds(*fields.holdfor, list.begin(parameter_name::holdfor));
  if (fields.holduntil) encode(fields.holduntil->in_utc(), list.begin(parameter_name::holduntil));
  if (fields.mt_priority) encode_mt_priority(*fields.mt_priority, list.begin(parameter_name::mt_priority));
  if (fields.mtrk) encode(*fields.mtrk, list.begin(parameter_name::mtrk));
  if (fields.transid) list.begin(parameter_name::transid).put(fields.transid->text());
  if (!fields.solicit.empty()) list.begin(parameter_name::solicit).put(fields.solicit.text());
  if (fields.submitter) encode_xtext(fields.submitter->text(), list.begin(parameter_name::submitter));
  if (fields.alt_address) encode_xtext(fields.alt_address->text(), list.begin(parameter_name::alt_address));
  list.flag(fields.requiretls, parameter_name::requiretls);
  list.flag(fields.conperm, parameter_name::conperm);
  if (fields.xverp) {
    writer::draft& value = list.begin(parameter_name::xverp);
    if (fields.xverp != xverp{}) encode(*fields.xverp, value.put('='));
  }
  list.flag(fields.prdr, parameter_name::prdr);
  if (fields.xoorg) list.begin(parameter_name::xoorg).put(fields.xoorg->text());
  list.more(fields.more);
  if (const auto kept = list.commit(); !kept) return kept.error();
  const result<mail_parameters> checked = mail_parameters::parse(room.written());
  if (!checked) return checked;
  if (fields.by && fields.holdfor == fields.by->within) return errc::hold_past_deadline;
  out.commit(room.written().size());
  return checked;
}

}  // namespace sansmtp

#endif
