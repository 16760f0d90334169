// The values that hold a time: BY (RFC 2852 4), HOLDFOR and HOLDUNTIL (RFC 4865 3), RRVS (RFC 7293 3.1).
//
// Each has one parser and one encode, which are inverse; the offset of a fault counts from the first
// octet of the value. The values are numbers and borrow nothing. What encode is given is not checked
// there: what it wrote is, when the parameters are composed.

#ifndef SANSMTP_WIRE_TIME_VALUES_HPP
#define SANSMTP_WIRE_TIME_VALUES_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/date_time.hpp"

namespace sansmtp {

// What to do with a message that could not be delivered in time: tell the sender and go on, or bring it back.
enum class by_mode : std::uint8_t { notify, give_back };

// BY's value: within how many seconds the message should be delivered, counted from the command. With
// by_mode::notify the time may have passed already, and is then zero or negative.
struct deliver_by {
  std::chrono::seconds within{};  // -999999999 to 999999999
  by_mode mode = by_mode::notify;
  bool trace = false;  // tell the sender of each relay

  friend constexpr bool operator==(const deliver_by&, const deliver_by&) noexcept = default;
};

// What a server does that cannot check a recipient's ownership as RRVS asks: refuse him, or deliver all the same.
enum class rrvs_action : std::uint8_t { reject, go_on };

// RRVS's value: since when the recipient must have owned the mailbox without a break.
struct rrvs {
  date_time since;
  rrvs_action action = rrvs_action::reject;

  friend constexpr bool operator==(const rrvs&, const rrvs&) noexcept = default;
};

namespace time_value {

// The digits at `from`, nine at most, and where they end; without any it ends where it began.
struct seconds_read {
  std::int64_t count;
  std::size_t end;
};

constexpr seconds_read read_seconds(std::string_view value, std::size_t from) noexcept {
  seconds_read read{0, from};
  while (read.end < value.size() && read.end - from < 9 && is(octet_class::digit, value[read.end]))
    read.count = read.count * 10 + (value[read.end++] - '0');
  return read;
}

constexpr bool one_of(std::string_view value, std::size_t at, std::string_view set) noexcept {
  return at < value.size() && octets::among(static_cast<unsigned char>(value[at]), set);
}

constexpr void put_seconds(std::chrono::seconds s, writer::draft& out) noexcept {
  const auto count = static_cast<std::uint64_t>(s.count());
  if (s.count() < 0) out.put('-');
  out.put_number(s.count() < 0 ? 0 - count : count);
}

}  // namespace time_value

// by-value = by-time ";" by-mode [by-trace]           RFC 2852 4
// by-time  = ["-" / "+"] 1*9DIGIT                     above zero when by-mode is "R"
// by-mode  = "N" / "R"
// by-trace = "T"
//
// Fault: by_malformed; at the time when it is R's and not above zero.
constexpr result<deliver_by> parse_by(std::string_view value) noexcept {
  using namespace time_value;
  const auto bad = [](std::size_t at) { return fault{errc::by_malformed, static_cast<std::uint32_t>(at)}; };
  const std::size_t from = one_of(value, 0, "+-") ? 1 : 0;
  const auto [count, semicolon] = read_seconds(value, from);
  if (semicolon == from || !one_of(value, semicolon, ";")) return bad(semicolon);
  const std::size_t mode = semicolon + 1;
  if (!one_of(value, mode, "NRnr")) return bad(mode);
  deliver_by by{std::chrono::seconds(value[0] == '-' ? -count : count),
                lower(value[mode]) == 'r' ? by_mode::give_back : by_mode::notify};
  if (by.mode == by_mode::give_back && by.within.count() <= 0) return bad(0);
  by.trace = one_of(value, mode + 1, "Tt");
  const std::size_t end = by.trace ? mode + 2 : mode + 1;
  if (end != value.size()) return bad(end);
  return by;
}

constexpr void encode(const deliver_by& by, writer::draft& out) noexcept {
  time_value::put_seconds(by.within, out);
  out.put(by.mode == by_mode::notify ? ";N" : ";R");
  if (by.trace) out.put('T');
}

// future-release-integer = %x31-39 *8DIGIT            RFC 4865 3
//
// Fault: hold_malformed.
constexpr result<std::chrono::seconds> parse_holdfor(std::string_view value) noexcept {
  const auto [count, end] = time_value::read_seconds(value, 0);
  if (end == 0 || value[0] == '0') return fault{errc::hold_malformed, 0};
  if (end != value.size()) return fault{errc::hold_malformed, static_cast<std::uint32_t>(end)};
  return std::chrono::seconds(count);
}

// Internet-style-date-time-UTC: a date-time of RFC 3339, normalised to UTC             RFC 4865 3
//
// "normalised" can be read as "Z" alone or as any offset of zero: it is written "Z", and read as either.
// Fault: hold_malformed; of an offset that is not zero at its first digit that is none.
constexpr result<date_time> parse_holduntil(std::string_view value) noexcept {
  const auto until = date_time::parse(value);
  if (!until) return fault{errc::hold_malformed, until.error().at};
  if (until->offset().count() != 0)
    return fault{errc::hold_malformed, static_cast<std::uint32_t>(value.find_first_not_of("0:", value.size() - 5))};
  return until;
}

// rrvs-param = "RRVS=" date-time [ ";" ( "C" / "R" ) ]                                 RFC 7293 3.1
//
// Without a time-secfrac; without an action it is "R". Fault: rrvs_malformed.
constexpr result<rrvs> parse_rrvs(std::string_view value) noexcept {
  const auto bad = [](std::size_t at) { return fault{errc::rrvs_malformed, static_cast<std::uint32_t>(at)}; };
  constexpr std::size_t fraction = std::string_view("0000-00-00T00:00:00").size();
  const std::size_t semicolon = value.find(';');
  const std::string_view when = value.substr(0, semicolon);
  const auto since = date_time::parse(when);
  if (!since && since.error().at < fraction) return bad(since.error().at);
  if (when.size() > fraction && when[fraction] == '.') return bad(fraction);
  if (!since) return bad(since.error().at);
  rrvs parsed{*since};
  if (semicolon == value.npos) return parsed;
  if (!time_value::one_of(value, semicolon + 1, "CRcr")) return bad(semicolon + 1);
  if (lower(value[semicolon + 1]) == 'c') parsed.action = rrvs_action::go_on;
  if (semicolon + 2 != value.size()) return bad(semicolon + 2);
  return parsed;
}

constexpr void encode(const rrvs& asked, writer::draft& out) noexcept {
  encode(asked.since, out);
  if (asked.action == rrvs_action::go_on) out.put(";C");
}

}  // namespace sansmtp

#endif
