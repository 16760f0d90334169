// RCPT's parameters: NOTIFY, ORCPT and the others, what is refused and where, and writing them.

#include "sansmtp/wire/rcpt_parameters.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace sansmtp;
using namespace std::literals;

namespace {

static_assert(rcpt_parameters::parse("NOTIFY=never")->notify()->never());
static_assert(rcpt_parameters::parse("NOTIFY=SUCCESS,Delay")->notify() == notify{.success = true, .delay = true});
static_assert(rcpt_parameters::parse("ORCPT=rfc822;Bob@b.example")->orcpt()->address() == "Bob@b.example");
static_assert(!rcpt_parameters::parse("")->notify());

struct refusal {
  std::string_view text;
  errc code;
  std::uint32_t at;
};

template <std::size_t N>
void check_refusals(const refusal (&rows)[N]) {
  for (const refusal& row : rows) {
    CAPTURE(row.text);
    const auto parsed = rcpt_parameters::parse(row.text);
    REQUIRE(!parsed);
    CHECK(facts(parsed.error()).sentence == facts(row.code).sentence);
    CHECK(parsed.error().at == row.at);
  }
}

std::string decoded(std::string_view text) {
  const auto parsed = rcpt_parameters::parse(text);
  if (!parsed || !parsed->orcpt()) return "(refused)";
  output_buffer<600> room;
  if (!parsed->orcpt()->decode(room)) return "(undecodable)";
  return std::string(room.written());
}

}  // namespace

TEST_CASE("NOTIFY is NEVER alone or a list without repeats and gaps (RFC 3461 4.1)") {
  const struct {
    std::string_view text;
    notify meaning;
  } rows[] = {{"NOTIFY=NEVER", {}},
              {"NOTIFY=SUCCESS", {.success = true}},
              {"notify=failure,DELAY", {.failure = true, .delay = true}},
              {"NOTIFY=DELAY,SUCCESS,FAILURE", {.success = true, .failure = true, .delay = true}}};
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto parsed = rcpt_parameters::parse(row.text);
    REQUIRE(parsed);
    CHECK(parsed->notify() == row.meaning);
  }
  check_refusals({{"NOTIFY=NEVER,FAILURE", errc::notify_malformed, 7},
                  {"NOTIFY=FAILURE,NEVER", errc::notify_malformed, 15},
                  {"NOTIFY=SUCCESS,", errc::notify_malformed, 15},
                  {"NOTIFY=,SUCCESS", errc::notify_malformed, 7},
                  {"NOTIFY=SUCCESS,SUCCESS", errc::notify_malformed, 15},
                  {"NOTIFY=ALL", errc::notify_malformed, 7},
                  {"NOTIFY", errc::parameter_value_missing, 6}});
}

TEST_CASE("ORCPT is a type, a semicolon and xtext (RFC 3461 4.2)") {
  CHECK(decoded("ORCPT=rfc822;Bob+2Btag@b.example") == "Bob+tag@b.example");
  CHECK(decoded("ORCPT=x400;/a+3Db;c") == "/a=b;c");  // the first semicolon ends the type
  CHECK(decoded("ORCPT=rfc822;") == "");              // xtext may be empty
  CHECK(rcpt_parameters::parse("ORCPT=rfc822;a@b.c")->orcpt()->type() == "rfc822");
  const std::string longest = "ORCPT=rfc822;" + std::string(493, 'x');
  CHECK(rcpt_parameters::parse(longest));
  const std::string too_long = longest + "x";
  check_refusals({{too_long, errc::parameter_value_too_long, 506},
                  {"ORCPT=rfc822", errc::orcpt_malformed, 12},
                  {"ORCPT=;a@b.c", errc::orcpt_malformed, 6},
                  {"ORCPT=rfc.822;a@b.c", errc::orcpt_malformed, 9},
                  {"ORCPT=rfc822;a+2", errc::orcpt_malformed, 16},
                  {"ORCPT=rfc822;a+zz", errc::orcpt_malformed, 15},
                  {"ORCPT=rfc822;\xC3\xA9@b.c", errc::orcpt_malformed, 13},
                  {"ORCPT=rfc822;a=b", errc::parameter_malformed, 14}});
}

TEST_CASE("ORCPT of type utf-8 has the forms of RFC 6533 3") {
  CHECK(decoded("ORCPT=utf-8;a@b.example") == "a@b.example");
  CHECK(decoded("ORCPT=UTF-8;\\x{E9}t\\x{20AC}\\x{1F600}\\x{2B}@b.example") ==
        "\xC3\xA9t\xE2\x82\xAC\xF0\x9F\x98\x80+@b.example");
  CHECK(decoded("ORCPT=utf-8;\xC3\xA9@b.example") == "\xC3\xA9@b.example");
  CHECK(decoded("ORCPT=utf-8;user+tag@b.example") == "user+tag@b.example");  // utf-8-address = Mailbox
  CHECK(rcpt_parameters::parse("ORCPT=utf-8;\xC3\xA9@b.c")->orcpt()->is_utf8());
  CHECK(!rcpt_parameters::parse("ORCPT=utf-8;\xC3\xA9@b.c")->orcpt()->is_ascii());
  CHECK(rcpt_parameters::parse("ORCPT=utf-8;\\x{E9}@b.c")->orcpt()->is_ascii());
  check_refusals({{"ORCPT=utf-8;\\x{D800}@b.c", errc::orcpt_malformed, 12},     // a surrogate
                  {"ORCPT=utf-8;a\\x{110000}@b.c", errc::orcpt_malformed, 13},  // no character
                  {"ORCPT=utf-8;a\\x{9}@b.c", errc::orcpt_malformed, 13},       // two digits at least
                  {"ORCPT=utf-8;a\\x{E9@b.c", errc::orcpt_malformed, 13},
                  {"ORCPT=utf-8;\xC3(", errc::utf8_malformed, 12},
                  {"ORCPT=utf-8;", errc::orcpt_malformed, 12}});
}

TEST_CASE("RRVS is a date-time without fraction and perhaps an action (RFC 7293 3.1)") {
  for (std::string_view text :
       {"RRVS=2014-04-03T23:01:00Z", "RRVS=2014-04-03T23:01:00Z;C", "RRVS=2014-04-03T23:01:00-07:00;r"}) {
    CAPTURE(text);
    CHECK(rcpt_parameters::parse(text));
  }
  check_refusals({{"RRVS=2014-04-03T23:01:00.5Z", errc::rrvs_malformed, 24},
                  {"RRVS=2014-04-03T23:01:00Z;X", errc::rrvs_malformed, 26},
                  {"RRVS=2014-04-03T23:01:00Z;", errc::rrvs_malformed, 26},
                  {"RRVS=2014-04-31T23:01:00Z", errc::rrvs_malformed, 13},
                  {"RRVS", errc::parameter_value_missing, 4}});
}

TEST_CASE("CONNEG and IGNOREQUOTA take no value, and MAIL's parameters are misplaced (RFC 5321 4.1.1.11)") {
  CHECK(rcpt_parameters::parse("CONNEG IGNOREQUOTA"));
  CHECK(rcpt_parameters::parse("ALT-ADDRESS=a@b.example"));  // RFC 5336 3.4: on MAIL and RCPT
  check_refusals({{"CONNEG=x", errc::parameter_value_unexpected, 6},
                  {"IGNOREQUOTA=x", errc::parameter_value_unexpected, 11},
                  {"SIZE=1", errc::parameter_misplaced, 0},
                  {"NOTIFY=NEVER BODY=7BIT", errc::parameter_misplaced, 13},
                  {"SMTPUTF8", errc::parameter_misplaced, 0},
                  {"ENVID=x", errc::parameter_misplaced, 0},
                  {"RET=FULL", errc::parameter_misplaced, 0},
                  {"AUTH=<>", errc::parameter_misplaced, 0},
                  {"BY=1;N", errc::parameter_misplaced, 0},
                  {"MT-PRIORITY=1", errc::parameter_misplaced, 0}});
}

TEST_CASE("composed parameters are read back as they were meant") {
  output_buffer<512> room;
  const auto written = compose(
      rcpt_fields{.notify = notify{.success = true, .failure = true}, .orcpt = "a+b=c@d.example", .more = "X-Y=z"},
      room);
  REQUIRE(written);
  CHECK(room.written() == "NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;a+2Bb+3Dc@d.example X-Y=z");
  CHECK(decoded(room.written()) == "a+b=c@d.example");
  room.clear();
  REQUIRE(compose(rcpt_fields{.notify = notify{}}, room));
  CHECK(room.written() == "NOTIFY=NEVER");
  room.clear();
  const std::string_view name = "\xC3\xA9\\+ \xF0\x9F\x98\x80@b.example";
  REQUIRE(compose(rcpt_fields{.orcpt_type = "utf-8", .orcpt = name}, room));
  CHECK(room.written() == "ORCPT=utf-8;\\x{E9}\\x{5C}\\x{2B}\\x{20}\\x{1F600}@b.example");
  CHECK(decoded(room.written()) == name);
}

TEST_CASE("a composed ORCPT stands for printable octets, SP and HTAB, and no other is written (RFC 3461 4.2)") {
  output_buffer<512> room;
  REQUIRE(compose(rcpt_fields{.orcpt = "a b\t+@c"}, room));
  CHECK(room.written() == "ORCPT=rfc822;a+20b+09+2B@c");
  room.clear();
  for (const std::string_view raw : {"a\rb"sv, "a\nb"sv, "a\0b"sv, "a\x7F"sv, "a\xC3\xA9@b"sv}) {
    const auto refused = compose(rcpt_fields{.orcpt = raw}, room);
    REQUIRE(!refused);
    CHECK(refused.error() == fault{errc::orcpt_malformed, 14});
  }
  CHECK(!compose(rcpt_fields{.orcpt_type = "a\r\nb", .orcpt = "x"}, room));
  CHECK(!compose(rcpt_fields{.orcpt_type = "utf-8", .orcpt = "\xFF"}, room));
  CHECK(!compose(rcpt_fields{.more = "X=\r\n"}, room));
  CHECK(room.empty());
}
