// The parameters of MAIL (RFC 5321 4.1.1.2, 4.1.1.11): checked when the line is parsed, typed when asked.
//
// What every server looks at is kept as fields; the rest is found again in the text, which the
// value borrows from the line. Parameters without a rule are kept as raw pairs, so nothing that an
// extension unknown here sends is lost: walk raw().

#ifndef SANSMTP_WIRE_MAIL_PARAMETERS_HPP
#define SANSMTP_WIRE_MAIL_PARAMETERS_HPP

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

class mail_parameters {
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
  constexpr std::optional<xtext> envid() const noexcept {
    const auto text = value_of(parameter_name::envid);
    if (!text) return std::nullopt;
    const auto parsed = parse_envid(*text, quirks::all);
    return parsed ? std::optional(*parsed) : std::nullopt;
  }
  constexpr std::optional<auth_parameter> auth() const noexcept {
    const auto text = value_of(parameter_name::auth);
    if (!text) return std::nullopt;
    const auto parsed = auth_parameter::parse(*text, quirks::all);
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

  // Mail-parameters = esmtp-param *(SP esmtp-param), as text that must outlive the value; empty
  // text is no parameters. Faults: those of parameters::parse, of check_form and of each value;
  // parameter_conflict at the second of HOLDFOR and HOLDUNTIL (RFC 4865 4.1).
  static constexpr result<mail_parameters> parse(std::string_view text, quirks q = quirks::strict) noexcept;

 private:
  constexpr result<void> take(const parameter& p, const parameter_rule& rule, quirks q) noexcept;

  parameters list_{};
  std::uint64_t size_ = 0;
  std::uint32_t given_ = 0;  // a bit for each parameter_name
  body_type body_ = body_type::seven_bit;
  ret_type ret_ = ret_type::full;
};

// What a client means to say with MAIL, not yet as text. compose() encodes what needs encoding.
struct mail_fields {
  std::optional<std::uint64_t> size{};
  std::optional<body_type> body{};
  bool smtputf8 = false;
  std::optional<ret_type> ret{};
  std::optional<std::string_view> envid{};  // raw: printable ASCII, SP, HTAB
  std::optional<std::string_view> auth{};   // raw: a mailbox, or "<>" for the null value
  std::string_view more{};                  // further parameters, as text
};

constexpr result<mail_parameters> mail_parameters::parse(std::string_view text, quirks q) noexcept {
  mail_parameters parsed;
  if (text.empty()) return parsed;
  const result<parameters> list = parameters::parse(text, q);
  if (!list) return list.error();
  parsed.list_ = *list;
  for (const parameter& p : parsed.list_) {
    const parameter_rule* rule = parameter_rule_for(p.keyword);
    if (rule == nullptr) continue;
    if (const auto good = check_form(p, *rule, parameter_place::mail); !good) return good.error();
    if (const auto good = parsed.take(p, *rule, q); !good) return good.error();
    parsed.given_ |= 1U << static_cast<unsigned>(rule->name);
  }
  return parsed;
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

// Writes the parameters as text behind what `out` holds, and returns them, borrowed from there.
// Faults: output_full; those of mail_parameters::parse when a field is none of its kind, the
// place counted in the text that would have been written.
constexpr result<mail_parameters> compose(const mail_fields& fields, writer& out) noexcept {
  writer room(out.space());
  writer::draft piece(room);
  const auto begin = [&](parameter_name p) {
    if (piece.size() != 0) piece.put(' ');
    piece.put(facts(p).keyword);
    if (facts(p).value == value_rule::required) piece.put('=');
  };
  if (fields.size) {
    begin(parameter_name::size);
    piece.put_number(*fields.size);
  }
  if (fields.body) {
    begin(parameter_name::body);
    piece.put(name_of(*fields.body));
  }
  if (fields.smtputf8) begin(parameter_name::smtputf8);
  if (fields.ret) {
    begin(parameter_name::ret);
    piece.put(name_of(*fields.ret));
  }
  if (fields.envid) {
    begin(parameter_name::envid);
    encode_xtext(*fields.envid, piece);
  }
  if (fields.auth) {
    begin(parameter_name::auth);
    if (*fields.auth == "<>")
      piece.put(*fields.auth);
    else
      encode_xtext(*fields.auth, piece);
  }
  if (!fields.more.empty()) {
    if (piece.size() != 0) piece.put(' ');
    piece.put(fields.more);
  }
  if (const auto kept = piece.commit(); !kept) return kept.error();
  const result<mail_parameters> checked = mail_parameters::parse(room.written());
  if (checked) out.commit(room.written().size());
  return checked;
}

}  // namespace sansmtp

#endif
