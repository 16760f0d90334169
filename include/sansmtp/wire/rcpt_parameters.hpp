// The parameters of RCPT (RFC 5321 4.1.1.3, 4.1.1.11): checked when the line is parsed, typed when asked.
//
// As with MAIL's: the value borrows the line's text, and parameters without a rule stay reachable
// as raw pairs.

#ifndef SANSMTP_WIRE_RCPT_PARAMETERS_HPP
#define SANSMTP_WIRE_RCPT_PARAMETERS_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/parameter.hpp"
#include "sansmtp/wire/parameter_rules.hpp"

namespace sansmtp {

class rcpt_parameters {
 public:
  // No parameters.
  constexpr rcpt_parameters() noexcept = default;

  constexpr std::optional<sansmtp::notify> notify() const noexcept {
    return has(parameter_name::notify) ? std::optional(notify_) : std::nullopt;
  }
  constexpr std::optional<sansmtp::orcpt> orcpt() const noexcept {
    const auto text = value_of(parameter_name::orcpt);
    if (!text) return std::nullopt;
    const auto parsed = sansmtp::orcpt::parse(*text, quirks::all);
    return parsed ? std::optional(*parsed) : std::nullopt;
  }

  // Whether the parameter was given, and the text of its value if it has one.
  constexpr bool has(parameter_name p) const noexcept { return (given_ >> static_cast<unsigned>(p) & 1U) != 0; }
  constexpr std::optional<std::string_view> value_of(parameter_name p) const noexcept {
    if (!has(p)) return std::nullopt;
    const auto found = list_.find(facts(p).keyword);
    return found ? found->value : std::nullopt;
  }

  // All of them, in their order, as keywords and texts.
  constexpr const parameters& raw() const noexcept { return list_; }
  constexpr bool empty() const noexcept { return list_.empty(); }

  // Rcpt-parameters = esmtp-param *(SP esmtp-param), as text that must outlive the value; empty
  // text is no parameters. Faults: those of parameters::parse, of check_form and of each value.
  static constexpr result<rcpt_parameters> parse(std::string_view text, quirks q = quirks::strict) noexcept {
    rcpt_parameters parsed;
    if (text.empty()) return parsed;
    const result<parameters> list = parameters::parse(text, q);
    if (!list) return list.error();
    parsed.list_ = *list;
    for (const parameter& p : parsed.list_) {
      const parameter_rule* rule = parameter_rule_for(p.keyword);
      if (rule == nullptr) continue;
      if (const auto good = check_form(p, *rule, parameter_place::rcpt); !good) return good.error();
      if (rule->name == parameter_name::notify) {
        const auto wanted = parse_notify(*p.value);
        if (!wanted) return wanted.error() + p.value_at();
        parsed.notify_ = *wanted;
      } else if (const auto good = check_value(p, *rule, q); !good) {
        return good.error();
      }
      parsed.given_ |= 1U << static_cast<unsigned>(rule->name);
    }
    return parsed;
  }

 private:
  parameters list_{};
  std::uint32_t given_ = 0;  // a bit for each parameter_name
  sansmtp::notify notify_{};
};

// What a client means to say with RCPT, not yet as text. compose() encodes what needs encoding.
struct rcpt_fields {
  std::optional<sansmtp::notify> notify{};
  std::string_view orcpt_type = "rfc822";   // an addr-type (RFC 3461 4.2)
  std::optional<std::string_view> orcpt{};  // raw: the recipient as first named
  std::string_view more{};                  // further parameters, as text
};

// Writes the parameters as text behind what `out` holds, and returns them, borrowed from there. An
// ORCPT of type utf-8 is written in the form that needs no SMTPUTF8 (RFC 6533 3, utf-8-addr-xtext).
// Faults: output_full; utf8_malformed in such an address; those of rcpt_parameters::parse when a
// field is none of its kind, the place counted in the text that would have been written.
constexpr result<rcpt_parameters> compose(const rcpt_fields& fields, writer& out) noexcept {
  writer room(out.space());
  writer::draft piece(room);
  const auto begin = [&](parameter_name p) {
    if (piece.size() != 0) piece.put(' ');
    piece.put(facts(p).keyword).put('=');
  };
  if (fields.notify) {
    begin(parameter_name::notify);
    encode(*fields.notify, piece);
  }
  if (fields.orcpt) {
    begin(parameter_name::orcpt);
    piece.put(fields.orcpt_type).put(';');
    if (equal_ignoring_case(fields.orcpt_type, "utf-8")) {
      if (const auto good = encode_unitext(*fields.orcpt, piece); !good) return good.error();
    } else {
      encode_xtext(*fields.orcpt, piece);
    }
  }
  if (!fields.more.empty()) {
    if (piece.size() != 0) piece.put(' ');
    piece.put(fields.more);
  }
  if (const auto kept = piece.commit(); !kept) return kept.error();
  const result<rcpt_parameters> checked = rcpt_parameters::parse(room.written());
  if (checked) out.commit(room.written().size());
  return checked;
}

}  // namespace sansmtp

#endif
