// date_time: RFC 3339's grammar, the calendar, leap seconds, offsets, order, and writing it.

#include "sansmtp/grammar/date_time.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <type_traits>

#include "grammar/judged.hpp"

using sansmtp::date_time;
using sansmtp::errc;
using sansmtp::quirks;
using support::judged;
using namespace std::chrono_literals;

static_assert(sizeof(date_time) == 16 && std::is_trivially_copyable_v<date_time>);
static_assert(date_time::parse("1970-01-01T00:00:00Z")->since_epoch() == 0s);
static_assert(date_time::parse("2038-01-19T03:14:08Z")->since_epoch() == std::chrono::seconds(1LL << 31));
static_assert(*date_time::parse("1996-12-19T16:39:57-08:00") == *date_time::parse("1996-12-20T00:39:57Z"),
              "RFC 3339 5.8: \"equivalent to 1996-12-20T00:39:57Z in UTC\"");

namespace {

std::string written(const date_time& when) {
  sansmtp::output_buffer<date_time::max_octets> out;
  sansmtp::writer::draft draft(out);
  encode(when, draft);
  return draft.commit() ? std::string(out.written()) : "does not fit";
}

}  // namespace

TEST_CASE("a date-time is written as it was read, in its one spelling (RFC 3339 5.6, 5.8)") {
  const struct {
    std::string_view text, written;
  } rows[] = {
      {"1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.52Z"},  // 5.8's examples
      {"1996-12-19T16:39:57-08:00", "1996-12-19T16:39:57-08:00"},
      {"1990-12-31T23:59:60Z", "1990-12-31T23:59:60Z"},
      {"1990-12-31T15:59:60-08:00", "1990-12-31T15:59:60-08:00"},
      {"1937-01-01T12:00:27.87+00:20", "1937-01-01T12:00:27.87+00:20"},
      {"2026-01-02t03:04:05z", "2026-01-02T03:04:05Z"},  // "SHOULD use upper case letters"
      {"2026-01-02T03:04:05+00:00", "2026-01-02T03:04:05Z"},
      {"2026-01-02T03:04:05-00:00", "2026-01-02T03:04:05-00:00"},  // 4.3: the local offset is unknown
      {"2026-01-02T03:04:05.500Z", "2026-01-02T03:04:05.5Z"},
      {"2026-01-02T03:04:05.000Z", "2026-01-02T03:04:05Z"},
      {"2026-01-02T03:04:05.000000001Z", "2026-01-02T03:04:05.000000001Z"},
      {"2026-01-02T03:04:05.1234567899Z", "2026-01-02T03:04:05.123456789Z"},
      {"0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"},
      {"9999-12-31T23:59:59.999999999+23:59", "9999-12-31T23:59:59.999999999+23:59"},
      {"0000-01-01T00:00:00+23:59", "0000-01-01T00:00:00+23:59"},
      {"9999-12-31T23:59:59-23:59", "9999-12-31T23:59:59-23:59"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto when = date_time::parse(row.text);
    REQUIRE(judged(when) == "taken");
    CHECK(written(*when) == row.written);
    const auto again = date_time::parse(written(*when));
    REQUIRE(judged(again) == "taken");
    CHECK(*again == *when);
    CHECK(again->offset() == when->offset());
    CHECK(again->offset_is_known() == when->offset_is_known());
    CHECK(judged(date_time::parse(row.text, quirks::deployed)) == "taken");
  }
}

TEST_CASE("what is no date-time is refused at the field or octet at fault (RFC 3339 5.6, 5.7)") {
  const support::refused_row rows[] = {
      {"", errc::date_time_malformed, 0},
      {"2026-1-2T3:4:5Z", errc::date_time_malformed, 6},
      {"2026-01-02 03:04:05Z", errc::date_time_malformed, 10},
      {"2026-01-02T03:04:05", errc::date_time_malformed, 19},  // 4.4: without an offset it is no moment
      {"2026-01-02T03:04Z", errc::date_time_malformed, 16},
      {"2026-00-01T00:00:00Z", errc::date_time_malformed, 5},
      {"2026-13-01T00:00:00Z", errc::date_time_malformed, 5},
      {"2026-01-00T00:00:00Z", errc::date_time_malformed, 8},
      {"2026-01-32T00:00:00Z", errc::date_time_malformed, 8},
      {"2026-04-31T00:00:00Z", errc::date_time_malformed, 8},
      {"2026-02-29T00:00:00Z", errc::date_time_malformed, 8},
      {"2028-02-30T00:00:00Z", errc::date_time_malformed, 8},
      {"1900-02-29T00:00:00Z", errc::date_time_malformed, 8},  // Appendix C: centuries are no leap years
      {"2026-01-01T24:00:00Z", errc::date_time_malformed, 11},
      {"2026-01-01T00:60:00Z", errc::date_time_malformed, 14},
      {"2026-01-01T00:00:61Z", errc::date_time_malformed, 17},
      {"2026-01-01T00:00:00.Z", errc::date_time_malformed, 20},
      {"2026-01-01T00:00:00,5Z", errc::date_time_malformed, 19},
      {"2026-01-01T00:00:00.5", errc::date_time_malformed, 21},
      {"2026-01-01T00:00:00+24:00", errc::date_time_malformed, 20},
      {"2026-01-01T00:00:00+00:60", errc::date_time_malformed, 23},
      {"2026-01-01T00:00:00+0000", errc::date_time_malformed, 22},
      {"2026-01-01T00:00:00+00:0", errc::date_time_malformed, 24},
      {"2026-01-01T00:00:00ZZ", errc::date_time_malformed, 20},
      {"2026-01-01T00:00:00Z ", errc::date_time_malformed, 20},
      {"+026-01-01T00:00:00Z", errc::date_time_malformed, 0},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(judged(date_time::parse(row.text)) == judged(row.why, row.at));
    CHECK(judged(date_time::parse(row.text, quirks::all)) == judged(row.why, row.at));
  }
  for (std::string_view leap : {"2000-02-29T00:00:00Z", "2028-02-29T00:00:00Z", "0000-02-29T00:00:00Z"})
    CHECK(judged(date_time::parse(leap)) == "taken");
}

TEST_CASE("a leap second stands at the end of a month in UTC, and before the second behind it (RFC 3339 5.7)") {
  for (std::string_view good : {"1972-06-30T23:59:60Z", "1990-12-31T23:59:60Z", "1991-01-01T00:59:60+01:00",
                                "1990-12-31T15:59:60-08:00", "1969-12-31T23:59:60Z", "2026-03-31T23:59:60Z"}) {
    CAPTURE(good);
    REQUIRE(judged(date_time::parse(good)) == "taken");
    CHECK(date_time::parse(good)->is_leap_second());
  }
  for (std::string_view bad : {"1990-12-30T23:59:60Z", "1990-12-31T22:59:60Z", "1990-12-31T23:58:60Z",
                               "1990-12-31T23:59:60+01:00", "1991-01-01T00:59:60Z"}) {
    CAPTURE(bad);
    CHECK(judged(date_time::parse(bad)) == judged(errc::date_time_malformed, 17));
  }
  const auto before = *date_time::parse("1990-12-31T23:59:59.9Z");
  const auto leap = *date_time::parse("1990-12-31T23:59:60Z");
  const auto late = *date_time::parse("1990-12-31T23:59:60.1Z");
  const auto behind = *date_time::parse("1991-01-01T00:00:00Z");
  CHECK(before < leap);
  CHECK(leap < late);
  CHECK(late < behind);
  CHECK(leap.since_epoch() == behind.since_epoch());  // which can't tell them apart
}

TEST_CASE("seconds and moments are inverse over the whole range, and agree with another calendar") {
  std::uint64_t state = 1;
  const std::int64_t first = -62167219200, last = 253402300799;  // 0000-01-01T00:00:00Z, 9999-12-31T23:59:59Z
  for (int i = 0; i < 4000; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    const std::int64_t count =
        first + static_cast<std::int64_t>((state >> 20) % static_cast<std::uint64_t>(last - first + 1));
    CAPTURE(count);
    const auto when = date_time::at(std::chrono::seconds(count));
    REQUIRE(when);
    CHECK(when->since_epoch().count() == count);
    const std::string text = written(*when);
    const auto read = date_time::parse(text);
    REQUIRE(judged(read) == "taken");
    CHECK(*read == *when);
    CHECK(written(*read) == text);
    const auto days = std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(count)));
    const std::chrono::year_month_day date(days);
    CHECK(std::stoi(text.substr(0, 4)) == static_cast<int>(date.year()));
    CHECK(std::stoul(text.substr(5, 2)) == static_cast<unsigned>(date.month()));
    CHECK(std::stoul(text.substr(8, 2)) == static_cast<unsigned>(date.day()));
  }
  CHECK(date_time::at(std::chrono::seconds(first)));
  CHECK(date_time::at(std::chrono::seconds(last)));
  CHECK_FALSE(date_time::at(std::chrono::seconds(first - 1)));
  CHECK_FALSE(date_time::at(std::chrono::seconds(last + 1)));
  CHECK_FALSE(date_time::at(std::chrono::seconds::min()));
  CHECK_FALSE(date_time::at(std::chrono::seconds::max()));
}

TEST_CASE("in_utc is the same moment, spelled with Z") {
  CHECK(written(date_time::parse("1990-12-31T15:59:60-08:00")->in_utc()) == "1990-12-31T23:59:60Z");
  CHECK(written(date_time::parse("2026-01-01T00:30:00.25+01:00")->in_utc()) == "2025-12-31T23:30:00.25Z");
  CHECK(written(date_time::parse("2026-01-01T00:00:00-00:00")->in_utc()) == "2026-01-01T00:00:00Z");
  // Before the year 0000 in UTC, which no text can say.
  CHECK(written(date_time::parse("0000-01-01T00:00:00+01:00")->in_utc()) == "0000-01-01T00:00:00+01:00");
}

TEST_CASE("a fraction of a second is told to the nanosecond, and digits behind that are dropped (RFC 3339 5.6)") {
  struct row {
    std::string_view text;
    long nanoseconds;
  };
  const row rows[] = {
      {"2026-11-22T02:45:49Z", 0},
      {"2026-11-22T02:45:49.0Z", 0},
      {"2026-11-22T02:45:49.5Z", 500'000'000},
      {"2026-11-22T02:45:49.000000001Z", 1},
      {"2026-11-22T02:45:49.9999999999+01:00", 999'999'999},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    const auto when = date_time::parse(r.text);
    REQUIRE(when);
    CHECK(when->fraction().count() == r.nanoseconds);
  }
}

TEST_CASE("a moment whose year UTC can not write stays in its local time") {
  for (const std::string_view text : {"9999-12-31T23:30:00-01:00", "0000-01-01T00:30:00+01:00"}) {
    CAPTURE(text);
    const auto when = date_time::parse(text);
    REQUIRE(when);
    sansmtp::output_buffer<date_time::max_octets> out;
    sansmtp::writer::draft draft(out);
    encode(when->in_utc(), draft);
    CHECK(draft.text() == text);
    CHECK(when->in_utc().since_epoch() == when->since_epoch());
    CHECK_FALSE(date_time::at(when->since_epoch()));
  }
}
