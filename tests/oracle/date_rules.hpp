// Dates and times, from the ABNF of RFC 3339 5.6 and the ranges of its 5.7.

#ifndef SANSMTP_TESTS_ORACLE_DATE_RULES_HPP
#define SANSMTP_TESTS_ORACLE_DATE_RULES_HPP

#include <optional>
#include <string>
#include <string_view>

#include "oracle/abnf.hpp"

namespace oracle {

inline constexpr std::string_view date_rules = R"abnf(
; RFC 3339 5.6
date-fullyear   = 4DIGIT
date-month      = 2DIGIT
date-mday       = 2DIGIT
time-hour       = 2DIGIT
time-minute     = 2DIGIT
time-second     = 2DIGIT
time-secfrac    = "." 1*DIGIT
time-numoffset  = ("+" / "-") time-hour ":" time-minute
time-offset     = "Z" / time-numoffset
partial-time    = time-hour ":" time-minute ":" time-second [time-secfrac]
full-date       = date-fullyear "-" date-month "-" date-mday
full-time       = partial-time time-offset
date-time       = full-date "T" full-time
)abnf";

struct date_fields {
  long long seconds = 0;  // since 1970, in UTC, a leap second counted as the one behind it
  bool leap_second = false;
  std::string fraction = "";  // nine digits
  int offset = 0;             // minutes
  bool offset_known = true;   // not "-00:00", RFC 3339 4.3
};

inline bool is_leap_year(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

inline int days_of_month(int year, int month) {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return days[month - 1] + (month == 2 && is_leap_year(year) ? 1 : 0);
}

inline std::optional<date_fields> date_of(const tree& found) {
  const auto number = [&](const tree& in, std::string_view rule) { return std::stoi(in.text_of(rule)); };
  int year = number(found, "date-fullyear"), month = number(found, "date-month"), day = number(found, "date-mday");
  if (month < 1 || month > 12 || day < 1 || day > days_of_month(year, month)) return std::nullopt;
  int hour = number(found, "time-hour"), minute = number(found, "time-minute");
  const int second = number(found, "time-second");
  if (hour > 23 || minute > 59 || second > 60) return std::nullopt;

  date_fields date;
  if (const tree* offset = found.find("time-numoffset")) {
    const int hours = number(*offset, "time-hour"), minutes = number(*offset, "time-minute");
    if (hours > 23 || minutes > 59) return std::nullopt;
    date.offset = (hours * 60 + minutes) * (offset->text[0] == '-' ? -1 : 1);
    date.offset_known = offset->text[0] != '-' || date.offset != 0;
  }
  // To UTC, which is a day away at most.
  int minutes = hour * 60 + minute - date.offset;
  if (minutes < 0) {
    minutes += 24 * 60;
    if (--day == 0) {
      if (--month == 0) --year, month = 12;
      day = days_of_month(year, month);
    }
  } else if (minutes >= 24 * 60) {
    minutes -= 24 * 60;
    if (++day > days_of_month(year, month)) {
      day = 1;
      if (++month == 13) ++year, month = 1;
    }
  }
  // RFC 3339 5.7: a second 60 stands at the end of a month, in UTC.
  date.leap_second = second == 60;
  if (date.leap_second && (minutes != 24 * 60 - 1 || day != days_of_month(year, month))) return std::nullopt;

  long long days = day - 1;
  for (int m = 1; m < month; ++m) days += days_of_month(year, m);
  for (int y = 1970; y < year; ++y) days += is_leap_year(y) ? 366 : 365;
  for (int y = year; y < 1970; ++y) days -= is_leap_year(y) ? 366 : 365;
  date.seconds = (days * 24 * 60 + minutes) * 60 + second;
  if (const std::string fraction = found.text_of("time-secfrac"); !fraction.empty())
    date.fraction = fraction.substr(1, 9);
  date.fraction.resize(9, '0');
  return date;
}

}  // namespace oracle

#endif
