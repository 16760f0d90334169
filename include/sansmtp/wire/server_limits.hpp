// server_limits: what the LIMITS extension states, behind its keyword in an EHLO reply (RFC 9422).
//
// A plain value. Each limit counts commands sent, not those that succeeded, so that a client which
// pipelines can count them too (3.3); any may lie below what RFC 5321 would have a server take (3.5).
// The newest reply's hold, and no others (3.6).

#ifndef SANSMTP_WIRE_SERVER_LIMITS_HPP
#define SANSMTP_WIRE_SERVER_LIMITS_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/wire/ehlo_line.hpp"

namespace sansmtp {

struct server_limits {
  static constexpr std::uint32_t most = 999999;  // six digits

  std::optional<std::uint32_t> mail_max{};         // MAIL commands of a session (RFC 9422 4.1)
  std::optional<std::uint32_t> rcpt_max{};         // RCPT commands of a transaction (4.2)
  std::optional<std::uint32_t> rcpt_domain_max{};  // different domains of recipients in a session (4.3)

  // What stands behind "LIMITS ". A limit that is unknown, or whose value is no value of it, is as
  // though absent (RFC 9422 3.7). Of one that stands twice the RFC says nothing; here the smaller
  // holds, which keeps within both. Fault: parameter_malformed, at the octet that breaks the grammar
  // of the whole: nothing of it holds then (3.7).
  static constexpr result<server_limits> parse(std::string_view parameters, quirks leniency = quirks::strict) noexcept;

  friend constexpr bool operator==(const server_limits&, const server_limits&) noexcept = default;
};

// One limit as it is written; the value is empty where there is none.
struct limit_text {
  std::string_view name;
  std::string_view value;

  // The next one of `rest`, from whose front it is cut; an empty name behind the last.
  static constexpr limit_text next(std::string_view& rest) noexcept {
    const std::string_view word = ehlo_line::next(rest);
    const std::size_t equals = word.find('=');
    if (equals == word.npos) return {word, {}};
    return {word.substr(0, equals), word.substr(equals + 1)};
  }
};

// limits-param     = limit-name-value 0*[SP limit-name-value]                    RFC 9422 3
// limit-name-value = limit-name ["=" limit-value]
// limit-name       = 1*(ALPHA / DIGIT / "-" / "_")
// limit-value      = 1*(%x21-3A / %x3C-7E)                ; "=" among them: the first one separates
//
// Under quirk::loose_ehlo_line SP and HTAB may stand around each in any number.
constexpr result<void> check_limits(std::string_view parameters, quirks leniency = quirks::strict) noexcept {
  const bool loose = leniency.allow(quirk::loose_ehlo_line);
  const auto malformed = [](std::size_t at) noexcept {
    return fault{errc::parameter_malformed, static_cast<std::uint32_t>(at)};
  };
  for (std::size_t at = loose ? span_of(octet_class::white, parameters) : 0;;) {
    const std::size_t name = at;
    at = span_of(octet_class::verb, parameters, at);
    if (at == name) return malformed(at);
    if (at < parameters.size() && parameters[at] == '=') {
      const std::size_t value = ++at;
      while (at < parameters.size() && is(octet_class::vchar, parameters[at]) && parameters[at] != ';') ++at;
      if (at == value) return malformed(at);
    }
    if (at == parameters.size()) return {};
    if (parameters[at] != ' ' && !(loose && parameters[at] == '\t')) return malformed(at);
    at = loose ? span_of(octet_class::white, parameters, at) : at + 1;
    if (loose && at == parameters.size()) return {};
  }
}

// mailmax-value = %x31-39 0*5DIGIT        ; RCPTMAX and RCPTDOMAINMAX alike      RFC 9422 4.1
constexpr std::optional<std::uint32_t> parse_limit_value(std::string_view value) noexcept {
  if (value.empty() || value.size() > 6 || value[0] == '0' || !all(octet_class::digit, value)) return std::nullopt;
  std::uint32_t n = 0;
  for (char c : value) n = n * 10 + static_cast<std::uint32_t>(c - '0');
  return n;
}

constexpr result<server_limits> server_limits::parse(std::string_view parameters, quirks leniency) noexcept {
  if (const auto checked = check_limits(parameters, leniency); !checked) return checked.error();
  server_limits stated;
  for (limit_text one = limit_text::next(parameters); !one.name.empty(); one = limit_text::next(parameters)) {
    const auto value = parse_limit_value(one.value);
    if (!value) continue;
    const auto keep = [&](std::string_view name, std::optional<std::uint32_t>& limit) noexcept {
      if (equal_ignoring_case(one.name, name) && (!limit || *value < *limit)) limit = value;
    };
    keep("MAILMAX", stated.mail_max);
    keep("RCPTMAX", stated.rcpt_max);
    keep("RCPTDOMAINMAX", stated.rcpt_domain_max);
  }
  return stated;
}

// Writes the EHLO line "LIMITS RCPTMAX=20 MAILMAX=5". Faults: parameter_value_missing when no limit
// is stated, for the keyword alone is not allowed; number_too_large; parameter_value for 0.
constexpr result<void> encode(const server_limits& limits, writer::draft& out) noexcept {
  const std::optional<std::uint32_t>* const all[] = {&limits.rcpt_max, &limits.mail_max, &limits.rcpt_domain_max};
  constexpr std::string_view names[] = {" RCPTMAX=", " MAILMAX=", " RCPTDOMAINMAX="};
  bool any = false;
  for (const auto* limit : all) {
    any = any || *limit;
    if (limit->value_or(1) == 0) return errc::parameter_value;
    if (limit->value_or(1) > server_limits::most) return errc::number_too_large;
  }
  if (!any) return errc::parameter_value_missing;
  out.put("LIMITS");
  for (std::size_t i = 0; i < 3; ++i)
    if (*all[i]) out.put(names[i]).put_number(**all[i]);
  return {};
}

}  // namespace sansmtp

#endif
