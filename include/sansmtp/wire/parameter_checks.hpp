// Checks of the rarer parameters' values: one function for each grammar, no type of its own.
//
// A check says whether the value follows its RFC, and if not, where it departs: the offset counts
// from the first octet of the value, the fault is parameter_value. They keep nothing and decode
// nothing; a value that passed is a piece of text that its user can take apart without fear.

#ifndef SANSMTP_WIRE_PARAMETER_CHECKS_HPP
#define SANSMTP_WIRE_PARAMETER_CHECKS_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/grammar/domain.hpp"
#include "sansmtp/wire/mail_values.hpp"

namespace sansmtp::parameter_check {

constexpr result<void> bad(std::size_t at) noexcept {
  return fault{errc::parameter_value, static_cast<std::uint32_t>(at)};
}

// Good when the grammar reached the end of the value.
constexpr result<void> ends(std::string_view value, std::size_t at) noexcept {
  return at == value.size() ? result<void>{} : bad(at);
}

constexpr std::size_t digits(std::string_view value, std::size_t from, std::size_t most) noexcept {
  const std::size_t end = span_of(octet_class::digit, value, from);
  return end - from > most ? from + most : end;
}

constexpr bool at_any_of(std::string_view value, std::size_t at, std::string_view set) noexcept {
  return at < value.size() && octets::among(static_cast<unsigned char>(value[at]), set);
}

// by-value = by-time ";" by-mode [by-trace]           RFC 2852 4
// by-time  = ["-" / "+"] 1*9DIGIT                     above zero when by-mode is "R"
// by-mode  = "N" / "R"
// by-trace = "T"
constexpr result<void> by(std::string_view value, quirks) noexcept {
  const std::size_t from = at_any_of(value, 0, "+-") ? 1 : 0;
  const std::size_t semicolon = digits(value, from, 9);
  if (semicolon == from || !at_any_of(value, semicolon, ";")) return bad(semicolon);
  const std::size_t mode = semicolon + 1;
  if (!at_any_of(value, mode, "NRnr")) return bad(mode);
  const bool zero = value.substr(from, semicolon - from).find_first_not_of('0') == value.npos;
  if (lower(value[mode]) == 'r' && (zero || value[0] == '-')) return bad(0);
  return ends(value, at_any_of(value, mode + 1, "Tt") ? mode + 2 : mode + 1);
}

// future-release-integer = %x31-39 *8DIGIT            RFC 4865 3
constexpr result<void> holdfor(std::string_view value, quirks) noexcept {
  if (!at_any_of(value, 0, "123456789")) return bad(0);
  return ends(value, digits(value, 0, 9));
}

constexpr unsigned number_at(std::string_view value, std::size_t from, std::size_t count) noexcept {
  unsigned n = 0;
  for (std::size_t i = from; i < from + count; ++i) n = n * 10 + static_cast<unsigned>(value[i] - '0');
  return n;
}

constexpr unsigned days_of(unsigned year, unsigned month) noexcept {
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (month == 2) return leap ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// What is behind the front of a date-time, and where the front departs from the rule if it does.
struct date_time_front {
  std::size_t end;
  bool good;
};

// full-date "T" time-hour ":" time-minute ":" time-second time-offset             RFC 3339 5.6
//
// A fraction of a second has no place in these parameters (RFC 7293 3.1 says so; the octets that
// RFC 4865 3 adds to the line leave no room for one). With `utc` the offset is Z or zero hours.
constexpr date_time_front date_time(std::string_view value, bool utc) noexcept {
  constexpr std::string_view shape = "0000-00-00T00:00:00";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool fits = i < value.size() && (shape[i] == '0'   ? is(octet_class::digit, value[i])
                                           : shape[i] == 'T' ? lower(value[i]) == 't'
                                                             : value[i] == shape[i]);
    if (!fits) return {i, false};
  }
  const unsigned month = number_at(value, 5, 2);
  if (month < 1 || month > 12) return {5, false};
  const unsigned day = number_at(value, 8, 2);
  if (day < 1 || day > days_of(number_at(value, 0, 4), month)) return {8, false};
  if (number_at(value, 11, 2) > 23) return {11, false};
  if (number_at(value, 14, 2) > 59) return {14, false};
  if (number_at(value, 17, 2) > 60) return {17, false};
  std::size_t at = shape.size();
  if (at_any_of(value, at, "Zz")) return {at + 1, true};
  if (!at_any_of(value, at, "+-")) return {at, false};
  constexpr std::string_view offset = "+00:00";
  for (std::size_t i = 1; i < offset.size(); ++i) {
    const bool fits = at + i < value.size() &&
                      (offset[i] == '0' ? is(octet_class::digit, value[at + i]) : value[at + i] == offset[i]);
    if (!fits) return {at + i, false};
  }
  const unsigned hours = number_at(value, at + 1, 2);
  const unsigned minutes = number_at(value, at + 4, 2);
  if (hours > 23 || (utc && hours != 0)) return {at + 1, false};
  if (minutes > 59 || (utc && minutes != 0)) return {at + 4, false};
  return {at + offset.size(), true};
}

// HOLDUNTIL: a date-time, normalised to UTC           RFC 4865 3
constexpr result<void> holduntil(std::string_view value, quirks) noexcept {
  const date_time_front front = date_time(value, true);
  return front.good ? ends(value, front.end) : bad(front.end);
}

// rrvs-param = "RRVS=" date-time [ ";" ( "C" / "R" ) ] RFC 7293 3.1
constexpr result<void> rrvs(std::string_view value, quirks) noexcept {
  const date_time_front front = date_time(value, false);
  if (!front.good || front.end == value.size()) return front.good ? result<void>{} : bad(front.end);
  if (value[front.end] != ';') return bad(front.end);
  if (!at_any_of(value, front.end + 1, "CRcr")) return bad(front.end + 1);
  return ends(value, front.end + 2);
}

// mtrk-certifier [ ":" mtrk-timeout ]                  RFC 3885 3.1
// mtrk-certifier = base64, of a hash, its padding left out; mtrk-timeout = 1*9DIGIT
constexpr result<void> mtrk(std::string_view value, quirks) noexcept {
  const std::size_t colon = span_of(octet_class::base64, value);
  if (colon == 0 || colon > 28) return bad(colon == 0 ? 0 : 28);
  if (colon == value.size()) return {};
  if (value[colon] != ':') return bad(colon);
  const std::size_t end = digits(value, colon + 1, 9);
  return end == colon + 1 ? bad(end) : ends(value, end);
}

// transid-value = "<" transid-token "@" transid-token ">"      RFC 1845 2
// transid-token = transid-atom *("." transid-atom)
// transid-atom  = 1*<CHAR except SP, CTL, tspecials and ".">   tspecials: RFC 1521
constexpr result<void> transid(std::string_view value, quirks) noexcept {
  const auto token = [&](std::size_t at) {
    for (std::size_t atom = at;; atom = ++at) {
      while (at < value.size() && is(octet_class::vchar, value[at]) && !at_any_of(value, at, "()<>@,;:\\\"/[]?=."))
        ++at;
      if (at == atom || !at_any_of(value, at, ".")) return at;
    }
  };
  // A token that is missing, or that a dot ends, stops at the octet that should have been an atom.
  const auto whole = [&](std::size_t from, std::size_t end) { return end != from && value[end - 1] != '.'; };
  if (!at_any_of(value, 0, "<")) return bad(0);
  const std::size_t at_sign = token(1);
  if (!whole(1, at_sign) || !at_any_of(value, at_sign, "@")) return bad(at_sign);
  const std::size_t close = token(at_sign + 1);
  if (!whole(at_sign + 1, close) || !at_any_of(value, close, ">")) return bad(close);
  return ends(value, close + 1);
}

// Solicitation-keywords = word *("," word)             RFC 3865 2.2
// word                  = ALPHA *("." / "-" / "_" / ":" / ALPHA / DIGIT)
constexpr result<void> solicit(std::string_view value, quirks) noexcept {
  for (std::size_t at = 0;; ++at) {
    if (at == value.size() || !is(octet_class::alpha, value[at])) return bad(at);
    while (at < value.size() && (is(octet_class::let_dig, value[at]) || at_any_of(value, at, ".-_:"))) ++at;
    if (at == value.size()) return {};
    if (value[at] != ',') return bad(at);
  }
}

// A Mailbox in xtext: SUBMITTER (RFC 4405 4), ALT-ADDRESS (RFC 5336 3.4).
constexpr result<void> xtext_mailbox(std::string_view value, quirks q) noexcept {
  const auto who = check_xtext_mailbox(value, q);
  return who ? result<void>{} : bad(who.error().at);
}

// priority-value = (["-"] %x31-39) / "0"               RFC 6710 7
constexpr result<void> mt_priority(std::string_view value, quirks) noexcept {
  if (value == "0") return {};
  const std::size_t from = at_any_of(value, 0, "-") ? 1 : 0;
  return at_any_of(value, from, "123456789") ? ends(value, from + 1) : bad(from);
}

// XVERP: two delimiters, "+=" when left out. In use without an RFC.
constexpr result<void> xverp(std::string_view value, quirks) noexcept {
  const std::size_t end = span_of(octet_class::vchar, value);
  return value.size() == 2 && end == 2 ? result<void>{} : bad(end < 2 ? end : 2);
}

// XOORG: a domain. In use without an RFC.
constexpr result<void> xoorg(std::string_view value, quirks q) noexcept {
  const auto name = domain::parse(value, q);
  return name ? result<void>{} : bad(name.error().at);
}

}  // namespace sansmtp::parameter_check

#endif
