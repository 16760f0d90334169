// The parameters of RCPT (RFC 5321 4.1.1.3, 4.1.1.11): checked when the line is parsed, typed when asked.
//
// As with MAIL's: the value borrows the line's text, and parameters without a rule stay reachable
// as raw pairs.

#ifndef SANSMTP_WIRE_RCPT_PARAMETERS_HPP
#define SANSMTP_WIRE_RCPT_PARAMETERS_HPP

#include <optional>
#include <string_view>

#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/mailbox.hpp"
#include "sansmtp/wire/checked_parameters.hpp"
#include "sansmtp/wire/parameter_rules.hpp"

namespace sansmtp {

class rcpt_parameters : public checked_parameters {
 public:
  // No parameters.
  constexpr rcpt_parameters() noexcept = default;

  constexpr std::optional<sansmtp::notify> notify() const noexcept {
    return has(parameter_name::notify) ? std::optional(notify_) : std::nullopt;
  }
  constexpr std::optional<sansmtp::orcpt> orcpt() const noexcept {
    return decoded<&orcpt::parse>(parameter_name::orcpt);
  }
  constexpr std::optional<sansmtp::rrvs> rrvs() const noexcept { return decoded<&parse_rrvs>(parameter_name::rrvs); }
  constexpr std::optional<xtext_mailbox> alt_address() const noexcept {
    return decoded<&parse_alt_address>(parameter_name::alt_address);
  }
  constexpr bool conneg() const noexcept { return has(parameter_name::conneg); }
  constexpr bool ignorequota() const noexcept { return has(parameter_name::ignorequota); }  // LMTP, without an RFC

  // Rcpt-parameters = esmtp-param *(SP esmtp-param), as text that must outlive the value; empty
  // text is no parameters. Faults: those of parameters::parse, of check_form and of each value.
  static constexpr result<rcpt_parameters> parse(std::string_view text, quirks q = quirks::strict) noexcept {
    rcpt_parameters parsed;
    if (const auto good = parsed.read(text, q); !good) return good.error();
    return parsed;
  }

  // The same, into this, which was empty; of a text with a fault it may hold some.
  constexpr result<void> read(std::string_view text, quirks q = quirks::strict) noexcept {
    const auto take = [&](const parameter& p, const parameter_rule& rule) -> result<void> {
      if (!speaks(extension::dsn) || rule.name != parameter_name::notify) return check_value(p, rule, q);
      const auto wanted = parse_notify(*p.value);
      if (!wanted) return wanted.error() + p.value_at();
      notify_ = *wanted;
      return {};
    };
    return checked_parameters::read(text, parameter_place::rcpt, q, take);
  }

 private:
  sansmtp::notify notify_{};
};

// What a client means to say with RCPT, not yet as text. compose() encodes what needs encoding.
struct rcpt_fields {
  std::optional<sansmtp::notify> notify{};
  std::string_view orcpt_type = "rfc822";   // an addr-type (RFC 3461 4.2)
  std::optional<std::string_view> orcpt{};  // raw: the recipient as first named, printable ASCII, SP, HTAB or UTF-8
  bool smtputf8 = false;                    // the server offers SMTPUTF8: an ORCPT of type utf-8 may hold UTF-8
  std::optional<sansmtp::rrvs> rrvs{};
  std::optional<mailbox> alt_address{};  // ASCII
  bool conneg = false;
  bool ignorequota = false;
  std::string_view more{};  // further parameters, as text
};

// Writes the parameters as text behind what `out` holds, and returns them, borrowed from there. An
// ORCPT of type utf-8 is written as utf-8-addr-xtext, or under SMTPUTF8 as utf-8-addr-unitext (RFC 6533 3).
// Faults: output_full; utf8_malformed in such an address; those of rcpt_parameters::parse when a
// field is none of its kind, the place counted in the text that would have been written: so an address of
// another type that is not printable ASCII, SP and HTAB alone is orcpt_malformed (RFC 3461 4.2).
constexpr result<rcpt_parameters> compose(const rcpt_fields& fields, writer& out) noexcept {
  writer room(out.space());
  parameter_writer list(room);
  if (fields.notify) encode(*fields.notify, list.begin(parameter_name::notify));
  if (fields.orcpt) {
    writer::draft& value = list.begin(parameter_name::orcpt).put(fields.orcpt_type).put(';');
    if (equal_ignoring_case(fields.orcpt_type, "utf-8")) {
      if (const auto good = encode_unitext(*fields.orcpt, value, fields.smtputf8); !good) return good.error();
    } else {
      encode_xtext(*fields.orcpt, value);
    }
  }
  if (fields.rrvs) encode(*fields.rrvs, list.begin(parameter_name::rrvs));
  if (fields.alt_address) encode_xtext(fields.alt_address->text(), list.begin(parameter_name::alt_address));
  list.flag(fields.conneg, parameter_name::conneg);
  list.flag(fields.ignorequota, parameter_name::ignorequota);
  list.more(fields.more);
  if (const auto kept = list.commit(); !kept) return kept.error();
  const result<rcpt_parameters> checked = rcpt_parameters::parse(room.written());
  if (checked) out.commit(room.written().size());
  return checked;
}

}  // namespace sansmtp

#endif
