#include "sansmtp/wire/ehlo_values.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sansmtp/wire/capabilities.hpp"
#include "sansmtp/wire/ehlo_reply.hpp"

using namespace std::chrono_literals;
using sansmtp::attribute_names;
using sansmtp::burl_offer;
using sansmtp::capabilities;
using sansmtp::date_time;
using sansmtp::deliver_by_offer;
using sansmtp::errc;
using sansmtp::extension;
using sansmtp::fault;
using sansmtp::future_release_offer;
using sansmtp::priority_offer;
using sansmtp::quirks;
using sansmtp::reply;
using sansmtp::size_offer;

namespace {

struct told {
  std::string wire;
  capabilities learned;
};

told tell(std::string_view line, quirks leniency) {
  told out;
  out.wire = "250-mx.example\r\n250 " + std::string(line) + "\r\n";
  const auto parsed = reply::parse(out.wire, leniency);
  REQUIRE(parsed);
  out.learned = capabilities::learn(*parsed, leniency);
  return out;
}

// The line that an offer writes.
template <class Offer>
std::string line_of(const Offer& offer) {
  sansmtp::output_buffer<1100> out;
  sansmtp::writer::draft line(out);
  if constexpr (std::is_void_v<decltype(encode(offer, line))>)
    encode(offer, line);
  else
    REQUIRE(encode(offer, line));
  REQUIRE(line.commit());
  return std::string(out.written());
}

template <class Offer>
errc refusal_of(const Offer& offer) {
  sansmtp::output_buffer<1100> out;
  sansmtp::writer::draft line(out);
  const auto written = encode(offer, line);
  REQUIRE_FALSE(written);
  return written.error().code;
}

std::string_view parameters_of(std::string_view line) {
  const auto parsed = sansmtp::ehlo_line::parse(line);
  REQUIRE(parsed);
  return parsed->parameters;
}

}  // namespace

TEST_CASE("the line of an extension is found in a reply by its name") {
  const auto answer =
      reply::parse("250-mx\r\n250-SIZE 5\r\n250-no-soliciting a.b:C\r\n250-MT-PRIORITY MIXER\r\n250 SIZE 7\r\n");
  REQUIRE(answer);
  CHECK(find(*answer, extension::size)->parameters == "5");
  const auto line = find(*answer, extension::no_soliciting);
  REQUIRE(line);
  CHECK(line->keyword == "no-soliciting");
  CHECK(line->parameters == "a.b:C");
  CHECK_FALSE(find(*answer, extension::burl));
}

TEST_CASE("A-27: SIZE has three forms, and a number of any length saturates and never wraps") {
  // RFC 1870 4
  using form = size_offer::form;
  struct row {
    std::string_view line;
    size_offer offer;
  };
  const row rows[] = {
      {"SIZE", {form::unstated, 0}},
      {"SIZE 0", {form::unlimited, 0}},
      {"SIZE 1000", {form::limited, 1000}},
      {"SIZE 9223372036854775808", {form::limited, 9223372036854775808U}},
      {"SIZE 18446744073709551616", {form::limited, UINT64_MAX}},
      {"SIZE 99999999999999999999", {form::limited, UINT64_MAX}},
      {"SIZE 100000000000000000000000", {form::limited, UINT64_MAX}},
  };
  for (const quirks leniency : {quirks::strict, quirks::deployed})
    for (const auto& r : rows) {
      CAPTURE(r.line);
      CHECK(*size_offer::parse(parameters_of(r.line)) == r.offer);
      const auto t = tell(r.line, leniency);
      CHECK(t.learned.size() == r.offer);
      CHECK(t.learned.size_limit().has_value() == (r.offer.stated == form::limited));
    }
  for (std::size_t i = 0; i < 3; ++i) CHECK(line_of(rows[i].offer) == rows[i].line);
  CHECK(size_offer::parse("10M").error() == fault{errc::number_malformed, 2});
  CHECK(size_offer::parse("-1").error() == fault{errc::number_malformed, 0});
  CHECK(tell("DSN", quirks::strict).learned.size() == size_offer{});
}

TEST_CASE("A-29: DELIVERBY states a least time, or none, and what follows a comma is for the future") {
  // RFC 2852 2: min-by-time *( "," extension-token ), min-by-time = [1*9DIGIT]
  struct row {
    std::string_view line;
    deliver_by_offer offer;
  };
  const row rows[] = {{"DELIVERBY", {{}, ""}},     {"DELIVERBY 240", {240s, ""}},
                      {"DELIVERBY 0", {0s, ""}},   {"DELIVERBY 999999999", {999999999s, ""}},
                      {"DELIVERBY ,x", {{}, "x"}}, {"DELIVERBY 240,x,y=1", {240s, "x,y=1"}}};
  for (const quirks leniency : {quirks::strict, quirks::deployed})
    for (const auto& r : rows) {
      CAPTURE(r.line);
      CHECK(*deliver_by_offer::parse(parameters_of(r.line)) == r.offer);
      CHECK(line_of(r.offer) == r.line);
      const auto t = tell(r.line, leniency);
      CHECK(t.learned.has(extension::deliver_by));
      CHECK(t.learned.least_by_time() == r.offer.minimum);
    }
  struct bad {
    std::string_view parameters;
    std::uint32_t at;
  };
  for (const bad& b : {bad{"1000000000", 9}, bad{"-1", 0}, bad{"240,", 4}, bad{",", 1}, bad{"240,,x", 4}, bad{"x", 0},
                       bad{"240 300", 3}}) {
    CAPTURE(b.parameters);
    CHECK(deliver_by_offer::parse(b.parameters).error() == fault{errc::parameter_malformed, b.at});
    const auto t = tell("DELIVERBY " + std::string(b.parameters), quirks::deployed);
    CHECK(t.learned.has(extension::deliver_by));  // offered, without a time that could be relied on
    CHECK_FALSE(t.learned.least_by_time());
  }
  CHECK(refusal_of(deliver_by_offer{1000000000s, ""}) == errc::number_too_large);
  CHECK(refusal_of(deliver_by_offer{-1s, ""}) == errc::number_too_large);
  CHECK(refusal_of(deliver_by_offer{{}, "a\r\n250 X"}) == errc::parameter_malformed);
}

TEST_CASE("FUTURERELEASE states for how long and until when a message may be held") {
  // RFC 4865 3: both are required; the interval is 1 to 999999999.
  const auto offer = future_release_offer::parse("2678400 2026-01-02T03:04:05Z");
  REQUIRE(offer);
  CHECK(offer->interval == 2678400s);
  CHECK(*offer->until == *date_time::parse("2026-01-02T03:04:05Z"));
  CHECK(line_of(*offer) == "FUTURERELEASE 2678400 2026-01-02T03:04:05Z");
  CHECK(tell("FUTURERELEASE 2678400 2026-01-02T03:04:05Z", quirks::strict).learned.longest_hold() == 2678400s);
  struct row {
    std::string_view parameters;
    fault why;
  };
  const row rows[] = {{"", {errc::parameter_malformed, 0}},
                      {"0 2026-01-02T03:04:05Z", {errc::parameter_malformed, 0}},
                      {"5", {errc::parameter_malformed, 1}},
                      {"1000000000 2026-01-02T03:04:05Z", {errc::parameter_malformed, 9}},
                      {"5 2026-02-30T03:04:05Z", {errc::date_time_malformed, 10}},
                      {"5 2026-01-02T03:04:05+01:00", {errc::date_time_malformed, 21}},  // the sign
                      {"5 2026-01-02T03:04:05.25-00:01", {errc::date_time_malformed, 24}},
                      {"12 2026-01-02T03:04:05-23:59", {errc::date_time_malformed, 22}},
                      {"5 2026-01-02T03:04:05Z x", {errc::parameter_malformed, 23}}};
  for (const auto& r : rows) {
    CAPTURE(r.parameters);
    for (const quirks leniency : {quirks::strict, quirks::deployed})
      CHECK(future_release_offer::parse(r.parameters, leniency).error() == r.why);
  }
  CHECK(refusal_of(future_release_offer{5s, {}}) == errc::parameter_value_missing);
  CHECK(refusal_of(future_release_offer{0s, offer->until}) == errc::parameter_value);
  CHECK(refusal_of(future_release_offer{1000000000s, offer->until}) == errc::number_too_large);
}

TEST_CASE(
    "A-20: UTC in FUTURERELEASE is Z, z or a zero offset, and is written Z; a number for the date is for use alone") {
  for (const quirks leniency : {quirks::strict, quirks::deployed})
    for (std::string_view utc : {"Z", "z", "+00:00", "-00:00"}) {
      const auto offer = future_release_offer::parse("5 2026-01-02T03:04:05" + std::string(utc), leniency);
      REQUIRE(offer);
      CHECK(line_of(*offer) == "FUTURERELEASE 5 2026-01-02T03:04:05Z");
    }
  CHECK_FALSE(future_release_offer::parse("604800 2147483647"));
  const auto loose = future_release_offer::parse("604800 2147483647", quirks::deployed);
  REQUIRE(loose);
  CHECK(loose->interval == 604800s);
  CHECK_FALSE(loose->until);
  CHECK_FALSE(tell("FUTURERELEASE 604800 2147483647", quirks::strict).learned.longest_hold());
  CHECK(tell("FUTURERELEASE 604800 2147483647", quirks::deployed).learned.longest_hold() == 604800s);
}

TEST_CASE("MT-PRIORITY names its profile, or not") {
  // RFC 6710 7: 1*20(ALPHA / DIGIT / "-" / "_" / ".")
  for (std::string_view line : {"MT-PRIORITY", "MT-PRIORITY MIXER", "MT-PRIORITY STANAG4406", "MT-PRIORITY a-b_c.d",
                                "MT-PRIORITY 12345678901234567890"}) {
    const auto offer = priority_offer::parse(parameters_of(line));
    REQUIRE(offer);
    CHECK(line_of(*offer) == line);
  }
  CHECK(priority_offer::parse("123456789012345678901").error() == fault{errc::parameter_malformed, 20});
  CHECK(priority_offer::parse("MIXER NSEP").error() == fault{errc::parameter_malformed, 5});
  CHECK(refusal_of(priority_offer{"a\r\n"}) == errc::parameter_malformed);
}

TEST_CASE("NO-SOLICITING lists the kinds that nobody there wants, or none") {
  // RFC 3865 2.2
  const auto none = sansmtp::parse_no_soliciting("");
  REQUIRE(none);
  CHECK_FALSE(*none);
  const auto some = sansmtp::parse_no_soliciting("net.example:ADV,org.example:ADV:ADLT");
  REQUIRE(some);
  REQUIRE(*some);
  std::string seen;
  for (const std::string_view word : **some) seen.append(word).append(";");
  CHECK(seen == "net.example:ADV;org.example:ADV:ADLT;");
  sansmtp::output_buffer<100> out;
  sansmtp::writer::draft line(out);
  sansmtp::encode_no_soliciting(*some, line);
  REQUIRE(line.commit());
  CHECK(out.written() == "NO-SOLICITING net.example:ADV,org.example:ADV:ADLT");
  for (std::string_view bad : {",a", "a,", "a,,b", "1a", "a b", "a=b"}) CHECK_FALSE(sansmtp::parse_no_soliciting(bad));
  CHECK_FALSE(sansmtp::parse_no_soliciting(std::string(1001, 'a')));
}

TEST_CASE("BURL says which URLs are fetched; unknown arguments are ignored") {
  // RFC 4468 3.1, 3.3
  CHECK_FALSE(burl_offer{""}.imap());
  CHECK(burl_offer{"imap"}.imap());
  CHECK_FALSE(burl_offer{"imap"}.imap_at("imap.example.com"));
  const burl_offer both{"x-new=1 IMAP imap://Imap.Example.com"};
  CHECK(both.imap());
  CHECK(both.imap_at("imap.example.com"));
  CHECK_FALSE(both.imap_at("imap.example.org"));
  CHECK_FALSE(burl_offer{"imap://imap.example.com"}.imap());
  CHECK_FALSE(burl_offer{"imapx"}.imap());
}

TEST_CASE("XCLIENT and XFORWARD list the attributes that they take") {
  const auto names = attribute_names::parse("NAME ADDR REVERSE_NAME CLIENT-TRANSPORT");
  REQUIRE(names);
  for (std::string_view name : {"NAME", "addr", "Reverse_Name", "CLIENT-TRANSPORT"}) CHECK(names->has(name));
  for (std::string_view name : {"", "NAM", "NAMES", "PORT", "NAME ADDR"}) CHECK_FALSE(names->has(name));
  CHECK(attribute_names::parse("").error() == fault{errc::parameter_malformed, 0});
  CHECK(attribute_names::parse("NAME=x").error() == fault{errc::parameter_malformed, 4});
}

TEST_CASE("what a server writes behind a keyword a client finds in the reply") {
  const auto until = date_time::parse("2026-12-31T00:00:00Z");
  const std::string lines[] = {line_of(deliver_by_offer{240s, ""}), line_of(future_release_offer{86400s, *until}),
                               line_of(priority_offer{"MIXER"}), line_of(sansmtp::server_limits{5, 20, {}})};
  const std::string_view more[] = {lines[0], lines[1], lines[2], lines[3]};
  sansmtp::output_buffer<2048> out;
  REQUIRE(sansmtp::encode_ehlo_reply("mx.example", {extension::size}, 1000, {}, out, more));
  const auto answer = reply::parse(out.written());
  REQUIRE(answer);
  const auto c = capabilities::learn(*answer);
  CHECK(c.extensions() == sansmtp::extension_set{extension::size, extension::deliver_by, extension::future_release,
                                                 extension::mt_priority, extension::limits});
  CHECK(c.size_limit() == 1000U);
  CHECK(c.least_by_time() == 240s);
  CHECK(c.longest_hold() == 86400s);
  CHECK(c.limits() == sansmtp::server_limits{5, 20, {}});
  CHECK(find(*answer, extension::mt_priority)->parameters == "MIXER");
  CHECK(future_release_offer::parse(find(*answer, extension::future_release)->parameters)->until == *until);
}
