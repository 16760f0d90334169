// The values behind the keywords of an EHLO reply: DELIVERBY, FUTURERELEASE, MT-PRIORITY and their like.
//
// find() gives the line of a reply that announces an extension; each type here reads what stands
// behind the keyword on it, and encode() writes the whole line, for a server to list. Those with
// text in them borrow it from the reply. LIMITS has a header of its own; what a client needs all the
// time, capabilities keeps.

#ifndef SANSMTP_WIRE_EHLO_VALUES_HPP
#define SANSMTP_WIRE_EHLO_VALUES_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "sansmtp/base/number.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/date_time.hpp"
#include "sansmtp/wire/ehlo_line.hpp"
#include "sansmtp/wire/extension.hpp"
#include "sansmtp/wire/handling_values.hpp"
#include "sansmtp/wire/reply.hpp"

namespace sansmtp {

// The first line of an EHLO or LHLO reply that announces the extension.
constexpr std::optional<ehlo_line> find(const reply& in, extension what, quirks leniency = quirks::strict) noexcept {
  for (const auto line : ehlo_lines(in, leniency))
    if (line && extension_named(line->keyword) == what) return *line;
  return std::nullopt;
}

// SIZE has three forms (RFC 1870 4): alone it states nothing, with 0 that there is no fixed maximum,
// with another number the maximum in octets.
//
//   size-line  = "SIZE" [SP size-param]
//   size-param = *DIGIT
struct size_offer {
  enum class form : std::uint8_t { unstated, unlimited, limited };

  form stated = form::unstated;
  std::uint64_t limit = 0;  // of form::limited alone

  // A number over 64 bits is 2^64-1, for it must not wrap round to a small limit. Fault:
  // number_malformed at the octet that is no digit.
  static constexpr result<size_offer> parse(std::string_view parameters) noexcept {
    auto number = parse_number(parameters);  // as nearly all are, of one word
    if (!number && number.error().code == errc::number_malformed) {
      const std::string_view word = ehlo_line::next(parameters);
      if (word.empty()) return size_offer{};
      number = parse_number(word);
    }
    if (!number && number.error().code != errc::number_too_large) return number.error();
    const std::uint64_t limit = number ? *number : std::numeric_limits<std::uint64_t>::max();
    return size_offer{limit == 0 ? form::unlimited : form::limited, limit};
  }

  friend constexpr bool operator==(const size_offer&, const size_offer&) noexcept = default;
};

constexpr void encode(const size_offer& offer, writer::draft& out) noexcept {
  out.put("SIZE");
  if (offer.stated == size_offer::form::unlimited) out.put(" 0");
  if (offer.stated == size_offer::form::limited) out.put(' ').put_number(offer.limit);
}

namespace ehlo_value {

constexpr fault malformed(std::size_t at) noexcept {
  return {errc::parameter_malformed, static_cast<std::uint32_t>(at)};
}

inline constexpr std::chrono::seconds longest{999999999};  // nine digits

// 1*9DIGIT at the front of the text; `end` behind it. Without a digit there, 0 and end 0.
struct nine_digits {
  std::chrono::seconds seconds{};
  std::size_t end = 0;

  static constexpr nine_digits at_front_of(std::string_view text) noexcept {
    nine_digits found;
    for (; found.end < text.size() && found.end < 9 && is(octet_class::digit, text[found.end]); ++found.end)
      found.seconds = found.seconds * 10 + std::chrono::seconds(text[found.end] - '0');
    return found;
  }
};

}  // namespace ehlo_value

// DELIVERBY (RFC 2852 2): the least time that a BY in mode R may leave.
//
//   deliverby-param = min-by-time *( "," extension-token )
//   min-by-time     = [1*9DIGIT]
//   extension-token = 1*<any CHAR excluding SP, COMMA and all control characters>
struct deliver_by_offer {
  std::optional<std::chrono::seconds> minimum{};
  std::string_view tokens{};  // those of the future, with commas between

  // Fault: parameter_malformed at the octet.
  static constexpr result<deliver_by_offer> parse(std::string_view parameters) noexcept {
    const auto time = ehlo_value::nine_digits::at_front_of(parameters);
    deliver_by_offer offer;
    if (time.end != 0) offer.minimum = time.seconds;
    if (time.end == parameters.size()) return offer;
    if (parameters[time.end] != ',') return ehlo_value::malformed(time.end);
    offer.tokens = parameters.substr(time.end + 1);
    if (const auto checked = check_tokens(offer.tokens); !checked) return checked.error() + (time.end + 1);
    return offer;
  }

  static constexpr result<void> check_tokens(std::string_view tokens) noexcept {
    for (std::size_t token = 0;;) {
      std::size_t at = token;
      while (at < tokens.size() && is(octet_class::vchar, tokens[at]) && tokens[at] != ',') ++at;
      if (at == token) return ehlo_value::malformed(at);
      if (at == tokens.size()) return {};
      if (tokens[at] != ',') return ehlo_value::malformed(at);
      token = at + 1;
    }
  }

  friend constexpr bool operator==(const deliver_by_offer&, const deliver_by_offer&) noexcept = default;
};

// Faults: number_too_large, over nine digits or below zero; parameter_malformed in the tokens.
constexpr result<void> encode(const deliver_by_offer& offer, writer::draft& out) noexcept {
  const auto minimum = offer.minimum.value_or(std::chrono::seconds(0));
  if (minimum.count() < 0 || minimum > ehlo_value::longest) return errc::number_too_large;
  if (!offer.tokens.empty())
    if (const auto checked = deliver_by_offer::check_tokens(offer.tokens); !checked) return checked.error();
  out.put("DELIVERBY");
  if (offer.minimum || !offer.tokens.empty()) out.put(' ');
  if (offer.minimum) out.put_number(static_cast<std::uint64_t>(minimum.count()));
  if (!offer.tokens.empty()) out.put(',').put(offer.tokens);
  return {};
}

// FUTURERELEASE (RFC 4865 3): for how many seconds, and until when, a message may be held.
//
//   "FUTURERELEASE" SP max-future-release-interval SP max-future-release-date-time
//   max-future-release-interval = %x31-39 *8DIGIT
//   max-future-release-date-time = date-time         ; in UTC
struct future_release_offer {
  std::chrono::seconds interval{};
  std::optional<date_time> until{};  // always there by the RFC

  // Faults: parameter_malformed, date_time_malformed, at the octet; of an offset from UTC at its sign.
  // UTC may be spelled Z or as a zero offset. Some servers put a number where the date-time belongs; under
  // quirk::loose_ehlo_line there is no `until` then.
  static constexpr result<future_release_offer> parse(std::string_view parameters,
                                                      quirks leniency = quirks::strict) noexcept {
    constexpr std::size_t offset = std::string_view("+00:00").size();
    const auto front = ehlo_value::nine_digits::at_front_of(parameters);
    if (front.end == 0 || parameters[0] == '0') return ehlo_value::malformed(0);
    std::string_view rest = parameters.substr(front.end);
    if (rest.empty() || !is(octet_class::white, rest[0])) return ehlo_value::malformed(front.end);
    const std::string_view word = ehlo_line::next(rest);
    const std::size_t at = parameters.size() - rest.size() - word.size();
    if (const std::size_t more = span_of(octet_class::white, rest); more != rest.size())
      return ehlo_value::malformed(parameters.size() - rest.size() + more);
    if (leniency.allow(quirk::loose_ehlo_line) && !word.empty() && all(octet_class::digit, word))
      return future_release_offer{front.seconds, std::nullopt};
    const auto until = date_time::parse(word);
    if (!until) return until.error() + at;
    if (until->offset().count() != 0)
      return fault{errc::date_time_malformed, static_cast<std::uint32_t>(at + word.size() - offset)};
    return future_release_offer{front.seconds, *until};
  }

  friend constexpr bool operator==(const future_release_offer&, const future_release_offer&) noexcept = default;
};

// The date-time is written in UTC. Faults: parameter_value_missing, number_too_large, parameter_value
// for 0 seconds.
constexpr result<void> encode(const future_release_offer& offer, writer::draft& out) noexcept {
  if (!offer.until) return errc::parameter_value_missing;
  if (offer.interval.count() <= 0) return errc::parameter_value;
  if (offer.interval > ehlo_value::longest) return errc::number_too_large;
  out.put("FUTURERELEASE ").put_number(static_cast<std::uint64_t>(offer.interval.count())).put(' ');
  encode(offer.until->in_utc(), out);
  return {};
}

// MT-PRIORITY (RFC 6710 7): the name of the priority assignment profile; empty where none is told.
//
//   priority-profile = 1*20(ALPHA / DIGIT / "-" / "_" / ".")
struct priority_offer {
  std::string_view profile{};

  // Fault: parameter_malformed at the octet.
  static constexpr result<priority_offer> parse(std::string_view parameters) noexcept {
    std::size_t at = 0;
    while (at < parameters.size() && at < 20 && (is(octet_class::verb, parameters[at]) || parameters[at] == '.')) ++at;
    if (at != parameters.size()) return ehlo_value::malformed(at);
    return priority_offer{parameters};
  }

  friend constexpr bool operator==(const priority_offer&, const priority_offer&) noexcept = default;
};

// Faults: those of parse.
constexpr result<void> encode(const priority_offer& offer, writer::draft& out) noexcept {
  if (const auto checked = priority_offer::parse(offer.profile); !checked) return checked.error();
  out.put("MT-PRIORITY");
  if (!offer.profile.empty()) out.put(' ').put(offer.profile);
  return {};
}

// NO-SOLICITING (RFC 3865 2): the kinds of solicitation that are not wanted by anyone there. Nothing,
// without keywords: the extension is offered for each message, and no kind is barred. Fault: those of
// solicitation_keywords.
constexpr result<std::optional<solicitation_keywords>> parse_no_soliciting(std::string_view parameters) noexcept {
  if (parameters.empty()) return std::optional<solicitation_keywords>{};
  const auto keywords = solicitation_keywords::parse(parameters);
  if (!keywords) return keywords.error();
  return std::optional(*keywords);
}

constexpr void encode_no_soliciting(std::optional<solicitation_keywords> keywords, writer::draft& out) noexcept {
  out.put("NO-SOLICITING");
  if (keywords) out.put(' ').put(keywords->text());
}

// BURL (RFC 4468 3.3): which URLs may be fetched. Without arguments, those of after AUTH will tell;
// arguments that are not known are to be ignored (3.1).
//
//   burl-param = "imap" / ("imap://" authority)
struct burl_offer {
  std::string_view parameters{};

  // Whether IMAP URLs with URLAUTH are resolved.
  constexpr bool imap() const noexcept {
    std::string_view rest = parameters;
    for (std::string_view word = ehlo_line::next(rest); !word.empty(); word = ehlo_line::next(rest))
      if (equal_ignoring_case(word, "imap")) return true;
    return false;
  }

  // Whether plain IMAP URLs of that server are, for the user who has authenticated.
  constexpr bool imap_at(std::string_view authority) const noexcept {
    constexpr std::string_view scheme = "imap://";
    std::string_view rest = parameters;
    for (std::string_view word = ehlo_line::next(rest); !word.empty(); word = ehlo_line::next(rest))
      if (starts_ignoring_case(word, scheme) && equal_ignoring_case(word.substr(scheme.size()), authority)) return true;
    return false;
  }
};

// XCLIENT and XFORWARD: the attributes that may be given, by name. In use without an RFC.
struct attribute_names {
  std::string_view names{};

  constexpr bool has(std::string_view name) const noexcept {
    std::string_view rest = names;
    for (std::string_view word = ehlo_line::next(rest); !word.empty(); word = ehlo_line::next(rest))
      if (equal_ignoring_case(word, name)) return true;
    return false;
  }

  // 1*( SP name ), each of letters, digits, "-" and "_". Fault: parameter_malformed at the octet.
  static constexpr result<attribute_names> parse(std::string_view parameters) noexcept {
    if (parameters.empty()) return ehlo_value::malformed(0);
    for (std::size_t at = 0; at < parameters.size(); ++at)
      if (!is(octet_class::verb | octet_class::white, parameters[at])) return ehlo_value::malformed(at);
    return attribute_names{parameters};
  }
};

}  // namespace sansmtp

#endif
