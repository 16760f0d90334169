#include "sansmtp/wire/server_limits.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sansmtp/wire/capabilities.hpp"

using sansmtp::capabilities;
using sansmtp::errc;
using sansmtp::extension;
using sansmtp::fault;
using sansmtp::quirk;
using sansmtp::quirks;
using sansmtp::reply;
using sansmtp::server_limits;

namespace {

capabilities learned(std::string_view lines, quirks leniency) {
  std::string wire = "250-mx.example\r\n";
  wire.append(lines).append("250 HELP\r\n");
  const auto parsed = reply::parse(wire, leniency);
  REQUIRE(parsed);
  return capabilities::learn(*parsed, leniency);
}

}  // namespace

static_assert(server_limits::parse("RCPTMAX=20 MAILMAX=5").value() == server_limits{5, 20, {}});

TEST_CASE("LIMITS states numbers of one to six digits, each by its name") {
  // RFC 9422 4.1, 4.2, 4.3: %x31-39 0*5DIGIT
  struct row {
    std::string_view parameters;
    server_limits limits;
  };
  const row rows[] = {
      {"MAILMAX=1", {1, {}, {}}},         {"RCPTMAX=999999", {{}, 999999, {}}},
      {"RCPTDOMAINMAX=10", {{}, {}, 10}}, {"MAILMAX=5 RCPTMAX=20 RCPTDOMAINMAX=1", {5, 20, 1}},
      {"mailmax=5", {5, {}, {}}},         {"RCPTMAX=20 RCPTMAX=10", {{}, 10, {}}},  // ours: of two the smaller
  };
  for (const auto& r : rows) {
    CAPTURE(r.parameters);
    REQUIRE(server_limits::parse(r.parameters));
    CHECK(*server_limits::parse(r.parameters) == r.limits);
  }
}

TEST_CASE("a limit that is unknown or has a bad value is as though absent, and spoils no other") {
  // RFC 9422 3.7
  for (std::string_view bad : {"MAILMAX", "MAILMAX=0", "MAILMAX=05", "MAILMAX=1000000", "MAILMAX=5x", "MAILMAX=-1",
                               "MAILMAX=5=6", "MAILMAXX=5", "NEWLIMIT", "NEW-LIMIT_2=a=b!", "X=%"}) {
    CAPTURE(bad);
    const auto limits = server_limits::parse(std::string(bad) + " RCPTMAX=7");
    REQUIRE(limits);
    CHECK(*limits == server_limits{{}, 7, {}});
  }
}

TEST_CASE("a LIMITS line whose grammar is broken states nothing, at the octet") {
  // RFC 9422 3: limit-name = 1*(ALPHA / DIGIT / "-" / "_"), limit-value = 1*(any VCHAR except ";")
  struct row {
    std::string_view parameters;
    std::uint32_t at;
  };
  const row rows[] = {{"", 0},
                      {"RCPTMAX=", 8},
                      {"=5", 0},
                      {"RCPTMAX=5;MAILMAX=5", 9},
                      {"RCPT.MAX=5", 4},
                      {"MAILMAX=5 =6", 10},
                      {"MAILMAX=5 a;", 11},
                      {"RCPTMAX=5\x01", 9},
                      {"RCPTMAX=;", 8}};
  for (const auto& r : rows) {
    CAPTURE(r.parameters);
    CHECK(server_limits::parse(r.parameters).error() == fault{errc::parameter_malformed, r.at});
    const auto c =
        learned("250-LIMITS " + std::string(r.parameters.empty() ? ";" : r.parameters) + "\r\n", quirks::deployed);
    CHECK(c.limits() == server_limits{});
  }
}

TEST_CASE("limits are written as they are read, and none that could not be") {
  for (const std::optional<std::uint32_t> mail :
       {std::optional<std::uint32_t>{}, std::optional<std::uint32_t>{1}, std::optional<std::uint32_t>{999999}})
    for (const std::optional<std::uint32_t> rcpt : {std::optional<std::uint32_t>{}, std::optional<std::uint32_t>{100}})
      for (const std::optional<std::uint32_t> domains :
           {std::optional<std::uint32_t>{}, std::optional<std::uint32_t>{12}}) {
        const server_limits limits{mail, rcpt, domains};
        sansmtp::output_buffer<80> out;
        sansmtp::writer::draft line(out);
        const auto written = encode(limits, line);
        if (limits == server_limits{}) {
          CHECK(written.error().code == errc::parameter_value_missing);
          continue;
        }
        REQUIRE(written);
        REQUIRE(line.commit());
        const auto parsed = sansmtp::ehlo_line::parse(out.written());
        REQUIRE(parsed);
        CHECK(parsed->keyword == "LIMITS");
        CHECK(*server_limits::parse(parsed->parameters) == limits);
      }
  sansmtp::output_buffer<80> out;
  sansmtp::writer::draft line(out);
  CHECK(encode(server_limits{0, {}, {}}, line).error().code == errc::parameter_value);
  CHECK(encode(server_limits{{}, 1000000, {}}, line).error().code == errc::number_too_large);
}

TEST_CASE("A-26: LIMITS is split at SP and each limit at its first equals sign; several SP are for use alone") {
  // RFC 9422 3: limit-name-value 0*[SP limit-name-value] is a list parted by single SP.
  CHECK(*server_limits::parse("A=b=c RCPTMAX=3") == server_limits{{}, 3, {}});
  const std::string_view line = "250-LIMITS RCPTMAX=3  MAILMAX=4\r\n";
  CHECK_FALSE(learned(line, quirks::strict).has(extension::limits));
  CHECK(learned(line, quirks::strict).limits() == server_limits{});
  CHECK(learned(line, quirks::deployed).limits() == server_limits{4, 3, {}});
}

TEST_CASE("one SP parts two limits; more, HTAB, and any in front or behind are for loose_ehlo_line (RFC 9422 3)") {
  // limits-param = limit-name-value 0*[SP limit-name-value]
  const struct {
    std::string_view parameters;
    std::uint32_t at;
  } rows[] = {
      {" RCPTMAX=3 MAILMAX=4", 0},   {"\tRCPTMAX=3 MAILMAX=4", 0},   {"RCPTMAX=3  MAILMAX=4", 10},
      {"RCPTMAX=3\tMAILMAX=4", 9},   {"RCPTMAX=3 \tMAILMAX=4", 10},  {"RCPTMAX=3 MAILMAX=4 ", 20},
      {"RCPTMAX=3 MAILMAX=4\t", 19}, {"RCPTMAX=3 MAILMAX=4 X ", 22},
  };
  for (const auto& r : rows) {
    CAPTURE(r.parameters);
    const auto strict = server_limits::parse(r.parameters);
    REQUIRE_FALSE(strict);
    CHECK(strict.error() == fault{errc::parameter_malformed, r.at});
    const auto loose = server_limits::parse(r.parameters, quirk::loose_ehlo_line);
    REQUIRE(loose);
    CHECK(*loose == server_limits{4, 3, {}});
  }
  for (const quirks leniency : {quirks::strict, quirks::deployed})
    CHECK_FALSE(server_limits::parse(" ", leniency));  // no limit at all
  CHECK(learned("250-LIMITS\tRCPTMAX=3\tMAILMAX=4 \r\n", quirks::deployed).limits() == server_limits{4, 3, {}});
  CHECK(learned("250-LIMITS RCPTMAX=3\tMAILMAX=4\r\n", quirks::deployed.without(quirk::loose_ehlo_line)).limits() ==
        server_limits{});
}

TEST_CASE("A-57: limits below what RFC 5321 has a server take are limits all the same") {
  // RFC 9422 3.5
  for (const quirks leniency : {quirks::strict, quirks::deployed})
    CHECK(learned("250-LIMITS RCPTMAX=1 MAILMAX=1\r\n", leniency).limits() == server_limits{1, 1, {}});
}

TEST_CASE("the newest reply's limits hold, and no others") {
  // RFC 9422 3.6: a reply without LIMITS is a server without limits. Two lines in one are one list.
  CHECK(learned("250-LIMITS RCPTMAX=5\r\n", quirks::strict).limits() == server_limits{{}, 5, {}});
  CHECK(learned("", quirks::strict).limits() == server_limits{});
  CHECK(learned("250-LIMITS RCPTMAX=5\r\n250-LIMITS MAILMAX=2 RCPTMAX=9\r\n", quirks::strict).limits() ==
        server_limits{2, 5, {}});
}
