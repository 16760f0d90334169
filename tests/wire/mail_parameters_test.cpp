// MAIL's parameters: typed values, what is refused and at which octet, and writing them.

#include "sansmtp/wire/mail_parameters.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>

using namespace sansmtp;
using namespace std::literals;

namespace {

constexpr std::uint64_t most = ~std::uint64_t{0};

static_assert(mail_parameters::parse("SIZE=10 body=8bitmime")->size() == 10);
static_assert(mail_parameters::parse("SIZE=10 body=8bitmime")->body() == body_type::eight_bit_mime);
static_assert(!mail_parameters::parse("").value().has(parameter_name::size));
static_assert(mail_parameters::parse("SMTPUTF8")->smtputf8());
static_assert(mail_parameters::parse("RET=hdrs")->ret() == ret_type::hdrs);
static_assert(mail_parameters::parse("AUTH=<>")->auth()->is_null());

struct refusal {
  std::string_view text;
  errc code;
  std::uint32_t at;
};

void check_refusals(const refusal* rows, std::size_t count, quirks q = quirks::strict) {
  for (std::size_t i = 0; i < count; ++i) {
    CAPTURE(rows[i].text);
    const auto parsed = mail_parameters::parse(rows[i].text, q);
    REQUIRE(!parsed);
    CHECK(facts(parsed.error()).sentence == facts(rows[i].code).sentence);
    CHECK(parsed.error().at == rows[i].at);
  }
}

template <std::size_t N>
void check_refusals(const refusal (&rows)[N], quirks q = quirks::strict) {
  check_refusals(rows, N, q);
}

void check_good(std::initializer_list<std::string_view> texts, quirks q = quirks::strict) {
  for (std::string_view text : texts) {
    CAPTURE(text);
    const auto parsed = mail_parameters::parse(text, q);
    CHECK(parsed);
    if (parsed) CHECK(parsed->raw().text() == text);
  }
}

}  // namespace

TEST_CASE("SIZE is one to twenty digits, and what exceeds 64 bits is the largest number (RFC 1870 3)") {
  const struct {
    std::string_view text;
    std::uint64_t size;
  } rows[] = {{"SIZE=0", 0},
              {"SIZE=007", 7},
              {"size=18446744073709551615", most},
              {"SIZE=18446744073709551616", most},
              {"SIZE=99999999999999999999", most}};
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto parsed = mail_parameters::parse(row.text);
    REQUIRE(parsed);
    CHECK(parsed->size() == row.size);
  }
  check_refusals({{"SIZE", errc::parameter_value_missing, 4},
                  {"SIZE=", errc::parameter_value_missing, 5},
                  {"SIZE=-1", errc::size_malformed, 5},
                  {"SIZE=12k", errc::size_malformed, 7},
                  {"SIZE=123456789012345678901", errc::size_malformed, 25},
                  {"SIZE=1 SIZE=1", errc::parameter_repeated, 7},
                  {"SIZE=1 size=2", errc::parameter_repeated, 7}});
}

TEST_CASE("BODY names one of three types in any case (RFC 6152 2, RFC 3030 3)") {
  CHECK(mail_parameters::parse("BODY=7BIT")->body() == body_type::seven_bit);
  CHECK(mail_parameters::parse("BODY=BinaryMime")->body() == body_type::binary_mime);
  CHECK(!mail_parameters::parse("SIZE=1")->body());
  check_refusals({{"BODY=8BIT", errc::body_malformed, 5}, {"BODY", errc::parameter_value_missing, 4}});
}

TEST_CASE("SMTPUTF8, REQUIRETLS, CONPERM and PRDR take no value (RFC 6531 3.4, RFC 8689 2, RFC 4141 4.2)") {
  check_good({"SMTPUTF8", "requiretls", "CONPERM", "PRDR", "SMTPUTF8 BODY=8BITMIME REQUIRETLS"});
  check_refusals({{"SMTPUTF8=yes", errc::parameter_value_unexpected, 8},
                  {"REQUIRETLS=1", errc::parameter_value_unexpected, 10},
                  {"CONPERM=x", errc::parameter_value_unexpected, 7},
                  {"PRDR=x", errc::parameter_value_unexpected, 4}});
}

TEST_CASE("RET is FULL or HDRS (RFC 3461 4.3)") {
  CHECK(mail_parameters::parse("RET=Full")->ret() == ret_type::full);
  check_refusals({{"RET=NONE", errc::ret_malformed, 4}, {"RET", errc::parameter_value_missing, 3}});
}

TEST_CASE("ENVID is xtext of printable octets, at most 100 of them encoded (RFC 3461 4.4)") {
  const auto parsed = mail_parameters::parse("ENVID=QQ+2B314159+20x");
  REQUIRE(parsed);
  REQUIRE(parsed->envid());
  CHECK(parsed->envid()->equals("QQ+314159 x"));
  check_good({"ENVID=a+09b"});
  CHECK(mail_parameters::parse("ENVID=" + std::string(100, 'x')));
  const std::string too_long = "ENVID=" + std::string(101, 'x');
  check_refusals({{too_long, errc::envid_malformed, 106},
                  {"ENVID=a+2", errc::envid_malformed, 9},
                  {"ENVID=a+zz", errc::envid_malformed, 8},
                  {"ENVID=ab+0D", errc::envid_malformed, 8},
                  {"ENVID=ab+00", errc::envid_malformed, 8},
                  {"ENVID=ab+7F", errc::envid_malformed, 8},
                  {"ENVID=ab+C3+A9", errc::envid_malformed, 8},
                  {"ENVID=a+2b", errc::envid_malformed, 9}});
  check_good({"ENVID=a+2b"}, quirks::deployed);
}

TEST_CASE("AUTH is a mailbox in xtext, or <> for nobody (RFC 4954 5)") {
  const auto parsed = mail_parameters::parse("AUTH=e+3Dmc2@example.com");
  REQUIRE(parsed);
  REQUIRE(parsed->auth());
  CHECK(!parsed->auth()->is_null());
  output_buffer<300> room;
  const auto who = parsed->auth()->mailbox(room);
  REQUIRE(who);
  CHECK(who->text() == "e=mc2@example.com");
  check_good({"AUTH=<>", "AUTH=a@b.example", "AUTH=+22a+20b+22@b.example"});
  check_refusals({{"AUTH=<a@b.example>", errc::auth_parameter_malformed, 5},
                  {"AUTH=+3C+3E", errc::auth_parameter_malformed, 5},
                  {"AUTH=a", errc::auth_parameter_malformed, 6},
                  {"AUTH=a+2Bb@c..d", errc::auth_parameter_malformed, 13},
                  {"AUTH=a@b+0D+0Ac", errc::auth_parameter_malformed, 8},
                  {"AUTH=a+4", errc::auth_parameter_malformed, 8},
                  {"AUTH", errc::parameter_value_missing, 4},
                  {"AUTH=a=b", errc::parameter_malformed, 6}});
}

TEST_CASE("BY is a time, a mode and perhaps a trace; R needs a time above zero (RFC 2852 4)") {
  check_good({"BY=120;R", "BY=-5;N", "BY=+0;NT", "BY=999999999;RT", "BY=00000000;n", "by=120;r"});
  check_refusals({{"BY=0;R", errc::by_malformed, 3},
                  {"BY=-5;R", errc::by_malformed, 3},
                  {"BY=;R", errc::by_malformed, 3},
                  {"BY=1000000000;N", errc::by_malformed, 12},
                  {"BY=5;X", errc::by_malformed, 5},
                  {"BY=5;TR", errc::by_malformed, 5},
                  {"BY=5;NX", errc::by_malformed, 6},
                  {"BY=5", errc::by_malformed, 4}});
}

TEST_CASE("HOLDFOR and HOLDUNTIL exclude each other (RFC 4865 3, 4.1)") {
  check_good({"HOLDFOR=1", "HOLDFOR=999999999", "HOLDUNTIL=2026-01-02T03:04:05Z", "HOLDUNTIL=1990-12-31T23:59:60z",
              "HOLDUNTIL=2028-02-29T00:00:00+00:00"});
  check_refusals({{"HOLDFOR=0", errc::hold_malformed, 8},
                  {"HOLDFOR=01", errc::hold_malformed, 8},
                  {"HOLDFOR=1000000000", errc::hold_malformed, 17},
                  {"HOLDUNTIL=2026-1-2T3:4:5Z", errc::hold_malformed, 16},
                  {"HOLDUNTIL=2026-02-30T00:00:00Z", errc::hold_malformed, 18},
                  {"HOLDUNTIL=2026-13-01T00:00:00Z", errc::hold_malformed, 15},
                  {"HOLDUNTIL=2026-01-01T24:00:00Z", errc::hold_malformed, 21},
                  {"HOLDUNTIL=2026-01-01T00:60:00Z", errc::hold_malformed, 24},
                  {"HOLDUNTIL=2026-01-01T00:00:61Z", errc::hold_malformed, 27},
                  {"HOLDUNTIL=2026-01-01T00:00:00+10:00", errc::hold_malformed, 30},
                  {"HOLDUNTIL=2026-01-01T00:00:00+01:00", errc::hold_malformed, 31},
                  {"HOLDUNTIL=2026-01-01T00:00:00-00:10", errc::hold_malformed, 33},
                  {"HOLDUNTIL=2026-01-01T00:00:00.5+00:01", errc::hold_malformed, 36},
                  {"HOLDUNTIL=2026-01-01T00:00:00", errc::hold_malformed, 29},
                  {"HOLDFOR=1 HOLDUNTIL=2026-01-02T03:04:05Z", errc::parameter_conflict, 10},
                  {"HOLDUNTIL=2026-01-02T03:04:05Z HOLDFOR=1", errc::parameter_conflict, 31}});
  // RFC 3339 5.6: time-secfrac = "." 1*DIGIT, which has no end but that of all parameters.
  const std::string until = "HOLDUNTIL=2026-01-02T03:04:05.", digits(limits::parameter_octets - until.size() - 1, '1');
  const std::string longest = until + digits + "Z", longer = until + digits + "1Z";
  constexpr std::string_view ten_digits = "HOLDUNTIL=2026-01-02T03:04:05.1234567890+00:00";
  check_good({ten_digits, longest});
  check_refusals({{longer, errc::line_too_long, limits::parameter_octets}});
  CHECK(mail_parameters::parse(ten_digits)->holduntil()->fraction() == 123456789ns);
}

TEST_CASE("MT-PRIORITY is -9 to 9 in its one spelling (RFC 6710 7)") {
  check_good({"MT-PRIORITY=-9", "MT-PRIORITY=0", "mt-priority=9"});
  check_refusals({{"MT-PRIORITY=10", errc::priority_malformed, 13},
                  {"MT-PRIORITY=-0", errc::priority_malformed, 13},
                  {"MT-PRIORITY=+1", errc::priority_malformed, 12},
                  {"MT-PRIORITY=0x", errc::priority_malformed, 13},  // "0" is a value, and nothing follows it
                  {"MT-PRIORITY=00", errc::priority_malformed, 13},
                  {"MT-PRIORITY=01", errc::priority_malformed, 13},
                  {"MT-PRIORITY=-01", errc::priority_malformed, 13}});
}

TEST_CASE("MTRK is a SHA-1 in base64 and perhaps a time, and needs an ENVID (RFC 3885 3.1, 3.2)") {
  check_good({"MTRK=Kbq2j5UUKmvVVUnvn4P8c7dQCRg ENVID=1@a.example",
              "ENVID=1@a.example MTRK=Kbq2j5UUKmvVVUnvn4P8c7dQCRg:86400", "ENVID=@ MTRK=AAAAAAAAAAAAAAAAAAAAAAAAAAA:0",
              "ENVID=@ MTRK=//////////////////////////8:999999999"});
  const auto parsed = mail_parameters::parse("MTRK=AAECAwQFBgcICQoLDA0ODxAREhM:60 ENVID=1@a.example");
  REQUIRE(parsed);
  REQUIRE(parsed->mtrk());
  for (std::uint8_t i = 0; i < 20; ++i) CHECK(parsed->mtrk()->certifier[i] == i);
  CHECK(parsed->mtrk()->timeout == std::chrono::seconds(60));
  CHECK(!mail_parameters::parse("MTRK=AAECAwQFBgcICQoLDA0ODxAREhM ENVID=@")->mtrk()->timeout);
  check_refusals({{"MTRK=:5", errc::mtrk_malformed, 5},
                  {"MTRK=abc:", errc::mtrk_malformed, 8},
                  {"MTRK=AAECAwQFBgcICQoLDA0ODxAREhM:", errc::mtrk_malformed, 33},
                  {"MTRK=AAECAwQFBgcICQoLDA0ODxAREhM:1234567890", errc::mtrk_malformed, 42},
                  {"MTRK=AAECAwQFBgcICQoLDA0ODxAREhM;5", errc::mtrk_malformed, 32},
                  {"MTRK=AAECAwQFBgcICQoLDA0ODxAREhMA", errc::mtrk_malformed, 32},
                  {"MTRK=AAECAwQFBgcICQoLDA0ODxAREh-", errc::mtrk_malformed, 31},
                  {"MTRK=AAECAwQFBgcICQoLDA0ODxAREhN", errc::mtrk_malformed, 31},  // a spare bit is set
                  // 3.2: "if the MTRK parameter is given, an ENVID parameter MUST be included", with an at sign.
                  {"MTRK=AAECAwQFBgcICQoLDA0ODxAREhM", errc::mtrk_needs_envid, 0},
                  {"SIZE=1 MTRK=AAECAwQFBgcICQoLDA0ODxAREhM", errc::mtrk_needs_envid, 7},
                  {"MTRK=AAECAwQFBgcICQoLDA0ODxAREhM ENVID=1", errc::mtrk_needs_envid, 40}});
}

TEST_CASE("TRANSID and SOLICIT follow their grammars (RFC 1845 2, RFC 3865 2.2)") {
  check_good({"TRANSID=<12345@claremont.edu>", "TRANSID=<a.b@c>", "SOLICIT=net.example:ADV", "SOLICIT=a,b.c,d-e"});
  check_refusals({{"TRANSID=a@b", errc::transid_malformed, 8},
                  {"TRANSID=<a@b", errc::transid_malformed, 12},
                  {"TRANSID=<@b>", errc::transid_malformed, 9},
                  {"TRANSID=<a.@b>", errc::transid_malformed, 11},
                  {"TRANSID=<.a@b>", errc::transid_malformed, 9},
                  {"TRANSID=<a@>", errc::transid_malformed, 11},
                  {"TRANSID=<a@b.>", errc::transid_malformed, 13},
                  {"TRANSID=<a>", errc::transid_malformed, 10},
                  {"TRANSID=<a@b>x", errc::transid_malformed, 13},
                  {"SOLICIT=1a", errc::solicit_malformed, 8},
                  {"SOLICIT=a,", errc::solicit_malformed, 10},
                  {"SOLICIT=,a", errc::solicit_malformed, 8},
                  {"SOLICIT=a;b", errc::solicit_malformed, 9}});
  CHECK(mail_parameters::parse("TRANSID=<" + std::string(76, 'x') + "@y>"));
  const std::string long_transid = "TRANSID=<" + std::string(77, 'x') + "@y>";
  CHECK(mail_parameters::parse("SOLICIT=" + std::string(1000, 'x')));
  const std::string long_solicit = "SOLICIT=" + std::string(1001, 'x');
  check_refusals({{long_transid, errc::transid_malformed, 88}, {long_solicit, errc::solicit_malformed, 1008}});
}

TEST_CASE("SUBMITTER and ALT-ADDRESS are mailboxes in xtext (RFC 4405 4, RFC 5336 3.4)") {
  check_good({"SUBMITTER=bob@a.example", "SUBMITTER=bob+2Btag@a.example", "ALT-ADDRESS=bob@a.example"});
  check_refusals({{"SUBMITTER=<>", errc::submitter_malformed, 10},
                  {"SUBMITTER=bob", errc::submitter_malformed, 13},
                  {"SUBMITTER=bob+", errc::submitter_malformed, 14},
                  // "ALT-ADDRESS-esmtp-value MUST be an all-ASCII email address before xtext encoding"
                  {"ALT-ADDRESS=a+C3+A9@b.example", errc::alt_address_malformed, 13},
                  {"ALT-ADDRESS=bob", errc::alt_address_malformed, 15}});
}

TEST_CASE("a mailbox beyond ASCII in AUTH and SUBMITTER takes SMTPUTF8, wherever that stands (RFC 6531 3.3)") {
  // RFC 4954 8 and RFC 4405 4 have the Mailbox of RFC 5321.
  check_refusals({{"AUTH=a+C3+A9@b.example", errc::auth_parameter_malformed, 6},
                  {"AUTH=a+2B+C3+A9@b.example SIZE=1", errc::auth_parameter_malformed, 9},
                  {"SIZE=1 AUTH=a@b+C3+A9.example", errc::auth_parameter_malformed, 15},
                  {"SUBMITTER=+C3+A9@b.example", errc::submitter_malformed, 10},
                  {"SUBMITTER=a+7E+F0+90+80+80@b AUTH=<>", errc::submitter_malformed, 14},
                  {"SUBMITTER=a+C3+A9@b AUTH=a+C3+A9@b", errc::auth_parameter_malformed, 26}});
  check_refusals({{"AUTH=a+c3+a9@b.example", errc::auth_parameter_malformed, 6}}, quirks::deployed);
  check_good({"AUTH=a+C3+A9@b.example SMTPUTF8", "SMTPUTF8 AUTH=a+C3+A9@b.example",
              "SUBMITTER=+C3+A9@b.example SMTPUTF8", "smtputf8 SUBMITTER=a@+C3+A9 AUTH=+C3+A9@b",
              "AUTH=a+2B+7E@b SUBMITTER=a+2B@b"});
  for (std::string_view text : {"AUTH=a+C3+A9@b.example", "SUBMITTER=+C3+A9@b.example"})
    CHECK(mail_parameters::parse(text, quirk::unnegotiated_utf8));
  output_buffer<100> room;
  const auto wide = mailbox::parse("\xC3\xA9@b.example").value();
  CHECK_FALSE(compose(mail_fields{.submitter = wide}, room));
  CHECK_FALSE(compose(mail_fields{.auth = wide.text()}, room));
  CHECK(room.empty());
  CHECK(compose(mail_fields{.smtputf8 = true, .auth = wide.text(), .submitter = wide}, room));
}

TEST_CASE("only XVERP may hold = in its value (RFC 5321 4.1.2 excludes it from esmtp-value)") {
  check_good({"XVERP", "XVERP=+=", "XVERP=-/"});
  check_refusals({{"XVERP=+", errc::parameter_value, 7},
                  {"XVERP=+=-", errc::parameter_value, 8},
                  {"XFOO=a=b", errc::parameter_malformed, 6}});
}

TEST_CASE("XOORG is a domain") {
  check_good({"XOORG=example.com"});
  check_refusals({{"XOORG=example..com", errc::parameter_value, 14}, {"XOORG", errc::parameter_value_missing, 5}});
}

TEST_CASE("a parameter of RCPT is misplaced on MAIL, an unknown one is kept (RFC 5321 4.1.1.11)") {
  check_refusals({{"NOTIFY=NEVER", errc::parameter_misplaced, 0},
                  {"SIZE=1 ORCPT=rfc822;a@b.c", errc::parameter_misplaced, 7},
                  {"RRVS=2026-01-02T03:04:05Z", errc::parameter_misplaced, 0},
                  {"CONNEG", errc::parameter_misplaced, 0},
                  {"IGNOREQUOTA", errc::parameter_misplaced, 0}});
  const auto parsed = mail_parameters::parse("XFOO=bar SIZE=3 X-BAZ");
  REQUIRE(parsed);
  CHECK(parsed->raw().size() == 3);
  CHECK(parsed->raw().find("xfoo")->value == "bar");
  CHECK(!parsed->raw().find("X-BAZ")->value);
  CHECK(parsed->size() == 3);
}

TEST_CASE("every rule is found by its keyword and by no other") {
  for (const parameter_rule& rule : parameter_table) {
    std::string keyword(rule.keyword);
    CAPTURE(keyword);
    CHECK(parameter_rule_for(keyword) == &rule);
    CHECK(parameter_rule_for(keyword + "X") == nullptr);
    CHECK(parameter_rule_for(keyword.substr(1)) == nullptr);
    for (char& c : keyword) c = lower(c);
    CHECK(parameter_rule_for(keyword) == &rule);
    CHECK(rule.offered_by(rule.brought_by));
    CHECK(!rule.offered_by({}));
  }
  CHECK(parameter_rule_for("") == nullptr);
  // RFC 3030 3: BINARYMIME brings BODY as 8BITMIME does; RFC 3885 2: MTRK brings ENVID as DSN does.
  CHECK(facts(parameter_name::body).offered_by(extension::binarymime));
  CHECK(facts(parameter_name::envid).offered_by(extension::mtrk));
}

TEST_CASE("composed parameters are read back as they were meant") {
  output_buffer<512> room;
  const auto written = compose(mail_fields{.size = 1000,
                                           .body = body_type::eight_bit_mime,
                                           .smtputf8 = true,
                                           .ret = ret_type::hdrs,
                                           .envid = "a+b=c d",
                                           .auth = "e=mc2@example.com",
                                           .more = "BY=120;R"},
                               room);
  REQUIRE(written);
  CHECK(room.written() ==
        "SIZE=1000 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=a+2Bb+3Dc+20d AUTH=e+3Dmc2@example.com BY=120;R");
  CHECK(written->raw().text() == room.written());
  CHECK(written->size() == 1000);
  CHECK(written->envid()->equals("a+b=c d"));
  room.clear();
  CHECK(compose(mail_fields{.auth = "<>"}, room)->auth()->is_null());
  CHECK(compose(mail_fields{}, room)->empty());
}

TEST_CASE("nothing but its value can be put into a composed parameter, and a refusal writes nothing") {
  output_buffer<128> room;
  for (std::string_view bad : {"a\r\nDATA@b.example"sv, "a@b.example SIZE=1"sv, ""sv, "a@b\n"sv, "a\0@b.c"sv}) {
    CHECK(!compose(mail_fields{.auth = bad}, room));
    CHECK(room.empty());
  }
  for (std::string_view bad : {"a\r\n"sv, "\x80"sv, "\0"sv}) {
    CHECK(!compose(mail_fields{.envid = bad}, room));
    CHECK(room.empty());
  }
  for (std::string_view bad : {"A\r\nB"sv, "A=b c d=\n"sv, "SIZE=x"sv, "A=\0"sv}) {
    CHECK(!compose(mail_fields{.more = bad}, room));
    CHECK(room.empty());
  }
  output_buffer<5> little;
  const auto full = compose(mail_fields{.size = 1}, little);
  REQUIRE(!full);
  CHECK(full.error().code == errc::output_full);
  CHECK(little.empty());
}
