// date_time: a moment of the calendar with its offset from UTC, "2026-01-02T03:04:05Z" (RFC 3339 5.6).
//
// HOLDUNTIL, RRVS and the FUTURERELEASE keyword carry it. A value of its own: it borrows nothing. It
// is a day that exists and a second that may: ":60" only where a leap second is ever put, in the last
// minute of a month in UTC. The library looks at no clock; since_epoch() and at() meet the caller's.

#ifndef SANSMTP_GRAMMAR_DATE_TIME_HPP
#define SANSMTP_GRAMMAR_DATE_TIME_HPP

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"

namespace sansmtp {

class date_time {
 public:
  static constexpr std::size_t max_octets = 35;  // as encode writes it: nine digits of fraction, a numeric offset

  // The whole text is a date-time. Fault: date_time_malformed at the field that is out of its range,
  // or at the octet that the grammar has no place for. Digits of a fraction beyond the ninth are dropped.
  static constexpr result<date_time> parse(std::string_view text, quirks = quirks::strict) noexcept;

  // That many seconds after 1970-01-01T00:00:00Z, or before it if negative, leap seconds not counted.
  // Fault: date_time_malformed outside of the years 0000 to 9999.
  static constexpr result<date_time> at(std::chrono::seconds since_epoch) noexcept;

  // The inverse of at(); a leap second counts as the second behind it, and a fraction is dropped.
  constexpr std::chrono::seconds since_epoch() const noexcept { return std::chrono::seconds(minutes_ * 60 + second_); }
  constexpr bool is_leap_second() const noexcept { return second_ == 60; }
  constexpr std::chrono::nanoseconds fraction() const noexcept { return std::chrono::nanoseconds(nanoseconds_); }

  // Local time less UTC. "-00:00" says that this is not known (RFC 3339 4.3); it is zero then.
  constexpr std::chrono::minutes offset() const noexcept { return std::chrono::minutes(offset_); }
  constexpr bool offset_is_known() const noexcept { return offset_known_; }

  // The same moment with the offset Z. A local time can lie in the year before 0000 or behind 9999 as
  // seen from UTC; it stays as it is then.
  constexpr date_time in_utc() const noexcept;

  // Moments are compared, whatever their offsets: a leap second comes before the second behind it.
  friend constexpr std::strong_ordering operator<=>(const date_time& a, const date_time& b) noexcept {
    if (const auto by_minute = a.minutes_ <=> b.minutes_; by_minute != 0) return by_minute;
    if (const auto by_second = a.second_ <=> b.second_; by_second != 0) return by_second;
    return a.nanoseconds_ <=> b.nanoseconds_;
  }
  friend constexpr bool operator==(const date_time& a, const date_time& b) noexcept { return (a <=> b) == 0; }

  // Writes it: "T" and "Z" in upper case, a fraction only where there is one, without trailing zeros.
  friend constexpr void encode(const date_time& when, writer::draft& out) noexcept;

 private:
  constexpr date_time() noexcept = default;

  std::int64_t minutes_ = 0;  // since 1970-01-01T00:00Z
  std::uint32_t nanoseconds_ = 0;
  std::int16_t offset_ = 0;  // in minutes
  std::uint8_t second_ = 0;  // 0 to 60
  bool offset_known_ = true;
};

namespace calendar {

struct date {
  std::int64_t year;
  unsigned month, day;  // from 1
};

constexpr bool is_leap(std::int64_t year) noexcept { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

// RFC 3339 5.7
constexpr unsigned days_of(std::int64_t year, unsigned month) noexcept {
  if (month == 2) return is_leap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// Days since 1970-01-01. Years begin with March here, so that the day of a leap year is its last, and
// are counted in eras of 400, which all have the same days.
constexpr std::int64_t days_since_epoch(const date& d) noexcept {
  const std::int64_t year = d.year - (d.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (static_cast<std::int64_t>(d.month + 9) % 12) + 2) / 5 + d.day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

constexpr date date_of(std::int64_t days_since_epoch) noexcept {
  const std::int64_t days = days_since_epoch + 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * day_of_year + 2) / 153;  // from March
  return {year_of_era + era * 400 + (month >= 10 ? 1 : 0), static_cast<unsigned>(month < 10 ? month + 3 : month - 9),
          static_cast<unsigned>(day_of_year - (153 * month + 2) / 5 + 1)};
}

constexpr std::int64_t minutes_of_day = 24 * 60;

// Whole days of a count of minutes; rounded down, also below zero.
constexpr std::int64_t days_in(std::int64_t minutes) noexcept {
  return (minutes >= 0 ? minutes : minutes - (minutes_of_day - 1)) / minutes_of_day;
}

inline constexpr std::int64_t first_minute = days_since_epoch({0, 1, 1}) * minutes_of_day;
inline constexpr std::int64_t behind_last_minute = days_since_epoch({10000, 1, 1}) * minutes_of_day;

// Whether it is the last minute of a month, in UTC: where leap seconds are put.
constexpr bool ends_a_month(std::int64_t minutes) noexcept {
  return minutes % minutes_of_day == (minutes >= 0 ? minutes_of_day - 1 : -1) && date_of(days_in(minutes) + 1).day == 1;
}

}  // namespace calendar

constexpr result<date_time> date_time::at(std::chrono::seconds since_epoch) noexcept {
  const std::int64_t seconds = since_epoch.count();
  date_time when;
  when.minutes_ = seconds >= 0 ? seconds / 60 : (seconds + 1) / 60 - 1;
  if (when.minutes_ < calendar::first_minute || when.minutes_ >= calendar::behind_last_minute)
    return errc::date_time_malformed;
  when.second_ = static_cast<std::uint8_t>(seconds - when.minutes_ * 60);
  return when;
}

constexpr date_time date_time::in_utc() const noexcept {
  date_time when = *this;
  if (minutes_ < calendar::first_minute || minutes_ >= calendar::behind_last_minute) return when;
  when.offset_ = 0;
  when.offset_known_ = true;
  return when;
}

// date-time      = full-date "T" full-time                    "T" and "Z" in either case
// full-date      = 4DIGIT "-" 2DIGIT "-" 2DIGIT
// full-time      = partial-time time-offset
// partial-time   = 2DIGIT ":" 2DIGIT ":" 2DIGIT ["." 1*DIGIT]
// time-offset    = "Z" / time-numoffset
// time-numoffset = ("+" / "-") 2DIGIT ":" 2DIGIT
constexpr result<date_time> date_time::parse(std::string_view text, quirks) noexcept {
  const auto fail = [](std::size_t at) { return fault{errc::date_time_malformed, static_cast<std::uint32_t>(at)}; };
  // Where the text departs from a shape in which "0" is any digit; npos when it does not.
  const auto departs = [&](std::size_t from, std::string_view shape) {
    for (std::size_t i = 0; i < shape.size(); ++i) {
      const bool fits = from + i < text.size() && (shape[i] == '0' ? is(octet_class::digit, text[from + i])
                                                                   : lower(shape[i]) == lower(text[from + i]));
      if (!fits) return from + i;
    }
    return std::string_view::npos;
  };
  const auto number = [&](std::size_t from, std::size_t count) {
    unsigned n = 0;
    for (char c : text.substr(from, count)) n = n * 10 + static_cast<unsigned>(c - '0');
    return n;
  };
  constexpr std::string_view shape = "0000-00-00T00:00:00";
  if (const std::size_t at = departs(0, shape); at != text.npos) return fail(at);
  const calendar::date day{number(0, 4), number(5, 2), number(8, 2)};
  if (day.month < 1 || day.month > 12) return fail(5);
  if (day.day < 1 || day.day > calendar::days_of(day.year, day.month)) return fail(8);
  const unsigned hour = number(11, 2);
  const unsigned minute = number(14, 2);
  const unsigned second = number(17, 2);
  if (hour > 23) return fail(11);
  if (minute > 59) return fail(14);
  if (second > 60) return fail(17);

  date_time when;
  when.second_ = static_cast<std::uint8_t>(second);
  std::size_t at = shape.size();
  if (at < text.size() && text[at] == '.') {
    const std::size_t from = ++at;
    std::uint32_t scale = 100'000'000;
    for (; at < text.size() && is(octet_class::digit, text[at]); ++at, scale /= 10)
      when.nanoseconds_ += scale * static_cast<std::uint32_t>(text[at] - '0');
    if (at == from) return fail(at);
  }
  if (at == text.size()) return fail(at);
  if (lower(text[at]) == 'z') {
    ++at;
  } else {
    const bool behind = text[at] == '-';
    if (!behind && text[at] != '+') return fail(at);
    if (const std::size_t wrong = departs(at + 1, "00:00"); wrong != text.npos) return fail(wrong);
    const unsigned hours = number(at + 1, 2);
    const unsigned minutes = number(at + 4, 2);
    if (hours > 23) return fail(at + 1);
    if (minutes > 59) return fail(at + 4);
    const int offset = static_cast<int>(hours * 60 + minutes);
    when.offset_ = static_cast<std::int16_t>(behind ? -offset : offset);
    when.offset_known_ = !behind || offset != 0;
    at += 6;
  }
  if (at != text.size()) return fail(at);
  when.minutes_ = calendar::days_since_epoch(day) * calendar::minutes_of_day + hour * 60 + minute - when.offset_;
  if (second == 60 && !calendar::ends_a_month(when.minutes_)) return fail(17);
  return when;
}

constexpr void encode(const date_time& when, writer::draft& out) noexcept {
  const auto put = [&](std::int64_t n, unsigned digits) {
    std::int64_t unit = 1;
    while (--digits != 0) unit *= 10;
    for (; unit != 0; unit /= 10) out.put(static_cast<char>('0' + n / unit % 10));
  };
  const std::int64_t local = when.minutes_ + when.offset_;
  const std::int64_t days = calendar::days_in(local);
  const std::int64_t minute = local - days * calendar::minutes_of_day;
  const calendar::date day = calendar::date_of(days);
  put(day.year, 4), out.put('-'), put(day.month, 2), out.put('-'), put(day.day, 2), out.put('T');
  put(minute / 60, 2), out.put(':'), put(minute % 60, 2), out.put(':'), put(when.second_, 2);
  if (when.nanoseconds_ != 0) {
    std::uint32_t digits = when.nanoseconds_;
    unsigned count = 9;
    for (; digits % 10 == 0; --count) digits /= 10;
    out.put('.'), put(digits, count);
  }
  if (when.offset_ == 0 && when.offset_known_) {
    out.put('Z');
    return;
  }
  const int offset = when.offset_ < 0 ? -when.offset_ : when.offset_;
  out.put(when.offset_ < 0 || !when.offset_known_ ? '-' : '+');
  put(offset / 60, 2), out.put(':'), put(offset % 60, 2);
}

}  // namespace sansmtp

#endif
