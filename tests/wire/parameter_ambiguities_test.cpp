// Where the RFCs leave open how a parameter is read or written: each decision by name, under the strict
// quirks and under the deployed ones.

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <variant>

#include "grammar/judged.hpp"
#include "sansmtp/session/server.hpp"
#include "sansmtp/wire/extension.hpp"
#include "sansmtp/wire/mail_parameters.hpp"
#include "sansmtp/wire/rcpt_parameters.hpp"

using namespace sansmtp;
using support::judged;
using namespace std::chrono_literals;

namespace {

std::string on_mail(std::string_view text, quirks q) { return judged(mail_parameters::parse(text, q)); }
std::string on_rcpt(std::string_view text, quirks q) { return judged(rcpt_parameters::parse(text, q)); }

// The decision is the same under both.
void both_on_mail(std::string_view text, const std::string& judgement) {
  CAPTURE(text);
  CHECK(on_mail(text, quirks::strict) == judgement);
  CHECK(on_mail(text, quirks::deployed) == judgement);
}
void both_on_rcpt(std::string_view text, const std::string& judgement) {
  CAPTURE(text);
  CHECK(on_rcpt(text, quirks::strict) == judgement);
  CHECK(on_rcpt(text, quirks::deployed) == judgement);
}

std::string written(const mail_fields& fields) {
  output_buffer<1200> out;
  const auto composed = compose(fields, out);
  return composed ? std::string(out.written()) : judged(composed.error());
}
std::string written(const rcpt_fields& fields) {
  output_buffer<1200> out;
  const auto composed = compose(fields, out);
  return composed ? std::string(out.written()) : judged(composed.error());
}

std::string original_recipient(std::string_view text, quirks q) {
  const auto parsed = rcpt_parameters::parse(text, q);
  if (!parsed) return judged(parsed.error());
  output_buffer<600> out;
  return parsed->orcpt()->decode(out) ? std::string(out.written()) : "does not fit";
}

}  // namespace

TEST_CASE("A-15: digits of xtext are written in upper case; lower case is read by quirk (RFC 3461 4, RFC 4954 8)") {
  CHECK(on_mail("ENVID=a+2b", quirks::strict) == judged(errc::envid_malformed, 9));
  CHECK(on_mail("ENVID=a+2b", quirks::deployed) == "taken");
  CHECK(on_mail("AUTH=a+2bb@c", quirks::strict) == judged(errc::auth_parameter_malformed, 8));
  CHECK(on_mail("AUTH=a+2bb@c", quirks::deployed) == "taken");
  CHECK(on_mail("SUBMITTER=a+2bb@c", quirks::strict) == judged(errc::submitter_malformed, 13));
  CHECK(on_mail("SUBMITTER=a+2bb@c", quirks::deployed) == "taken");
  CHECK(on_rcpt("ORCPT=rfc822;a+3db@c", quirks::strict) == judged(errc::orcpt_malformed, 16));
  CHECK(on_rcpt("ORCPT=rfc822;a+3db@c", quirks::deployed) == "taken");
  both_on_mail("ENVID=a+2B+3D", "taken");
  both_on_mail("ENVID=a+2", judged(errc::envid_malformed, 9));
  both_on_mail("ENVID=a+", judged(errc::envid_malformed, 8));
  both_on_mail("ENVID=a=2B", judged(errc::parameter_malformed, 7));
  CHECK(written(mail_fields{.envid = "+="}) == "ENVID=+2B+3D");
}

TEST_CASE(
    "A-16: a HEXPOINT is read of two to six digits, no surrogate, at most 10FFFF; written shortest (RFC 6533 3)") {
  for (quirks q : {quirks::strict, quirks::deployed}) {
    CHECK(original_recipient("ORCPT=utf-8;\\x{0A}\\x{1F}\\x{7F}", q) == "\n\x1F\x7F");
    CHECK(original_recipient("ORCPT=utf-8;\\x{e9}\\x{0000E9}\\x{E9}", q) == "\xC3\xA9\xC3\xA9\xC3\xA9");
    // RFC 3629 3: where one octet more begins.
    CHECK(original_recipient("ORCPT=utf-8;\\x{80}\\x{7FF}\\x{800}\\x{FFFF}\\x{10000}", q) ==
          "\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80");
    CHECK(original_recipient("ORCPT=utf-8;\\x{D7FF}\\x{E000}\\x{10FFFF}", q) ==
          "\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF");
  }
  both_on_rcpt("ORCPT=utf-8;\\x{A}", judged(errc::orcpt_malformed, 12));
  both_on_rcpt("ORCPT=utf-8;\\x{00000E9}", judged(errc::orcpt_malformed, 12));
  both_on_rcpt("ORCPT=utf-8;\\x{D800}", judged(errc::orcpt_malformed, 12));
  both_on_rcpt("ORCPT=utf-8;\\x{DFFF}", judged(errc::orcpt_malformed, 12));
  both_on_rcpt("ORCPT=utf-8;\\x{110000}", judged(errc::orcpt_malformed, 12));
  both_on_rcpt("ORCPT=utf-8;\\X{E9}", judged(errc::orcpt_malformed, 12));  // %x5C.78: a small x
  CHECK(written(rcpt_fields{.orcpt_type = "utf-8", .orcpt = "\n=\xC3\xA9\xE2\x82\xAC\xF4\x8F\xBF\xBF"}) ==
        "ORCPT=utf-8;\\x{0A}\\x{3D}\\x{E9}\\x{20AC}\\x{10FFFF}");
}

TEST_CASE("A-17: the first = parts keyword and value; only XVERP's value may hold another (RFC 5321 4.1.2)") {
  both_on_mail("XVERP=+=", "taken");
  both_on_mail("XVERP==+", "taken");
  both_on_mail("ENVID=a=b", judged(errc::parameter_malformed, 7));
  both_on_mail("SIZE==1", judged(errc::parameter_value_missing, 5));
  both_on_mail("X-OTHER=a=", judged(errc::parameter_malformed, 9));
  both_on_mail("MTRK=abc=", judged(errc::parameter_malformed, 8));
  both_on_rcpt("ORCPT=rfc822;a=b", judged(errc::parameter_malformed, 14));
}

TEST_CASE("A-18: AUTH is <> as it stands, or a mailbox without brackets in xtext (RFC 4954 5)") {
  both_on_mail("AUTH=<>", "taken");
  both_on_mail("AUTH=e+3Dmc2@example.com", "taken");
  both_on_mail("AUTH=+3C+3E", judged(errc::auth_parameter_malformed, 5));
  both_on_mail("AUTH=<a@b>", judged(errc::auth_parameter_malformed, 5));
  both_on_mail("AUTH=a", judged(errc::auth_parameter_malformed, 6));
  CHECK(written(mail_fields{.auth = "<>"}) == "AUTH=<>");
  CHECK(written(mail_fields{.auth = "e=mc2@example.com"}) == "AUTH=e+3Dmc2@example.com");
}

TEST_CASE("A-19: NOTIFY has no empty elements and no repeats, and NEVER stands alone (RFC 3461 4.1)") {
  both_on_rcpt("NOTIFY=success,Delay", "taken");
  both_on_rcpt("NOTIFY=NEVER", "taken");
  both_on_rcpt("NOTIFY=SUCCESS,", judged(errc::notify_malformed, 15));
  both_on_rcpt("NOTIFY=SUCCESS,,DELAY", judged(errc::notify_malformed, 15));
  both_on_rcpt("NOTIFY=DELAY,DELAY", judged(errc::notify_malformed, 13));
  both_on_rcpt("NOTIFY=NEVER,NEVER", judged(errc::notify_malformed, 7));
  both_on_rcpt("NOTIFY=NEVER,SUCCESS", judged(errc::notify_malformed, 7));
  both_on_rcpt("NOTIFY=SUCCESS,NEVER", judged(errc::notify_malformed, 15));
}

TEST_CASE("A-20: HOLDUNTIL is in UTC, written Z, read as Z or an offset of zero, and never a number (RFC 4865 3)") {
  both_on_mail("HOLDUNTIL=2026-01-02T03:04:05Z", "taken");
  both_on_mail("HOLDUNTIL=2026-01-02T03:04:05z", "taken");
  both_on_mail("HOLDUNTIL=2026-01-02T03:04:05+00:00", "taken");
  both_on_mail("HOLDUNTIL=2026-01-02T03:04:05+01:00", judged(errc::hold_malformed, 31));
  both_on_mail("HOLDUNTIL=1767323045", judged(errc::hold_malformed, 14));
  both_on_mail("HOLDFOR=2026-01-02T03:04:05Z", judged(errc::hold_malformed, 12));
  CHECK(written(mail_fields{.holduntil = date_time::parse("2026-01-02T05:04:05+02:00").value()}) ==
        "HOLDUNTIL=2026-01-02T03:04:05Z");
}

TEST_CASE(
    "A-21: MTRK's certifier is written as 27 octets of base64; one with its pad is read by quirk (RFC 3885 3.1)") {
  constexpr std::string_view bare = "MTRK=AAECAwQFBgcICQoLDA0ODxAREhM ENVID=@";
  constexpr std::string_view padded = "MTRK=AAECAwQFBgcICQoLDA0ODxAREhM= ENVID=@";
  constexpr std::string_view timed = "MTRK=AAECAwQFBgcICQoLDA0ODxAREhM=:60 ENVID=@";
  both_on_mail(bare, "taken");
  CHECK(on_mail(padded, quirks::strict) == judged(errc::parameter_malformed, 32));
  CHECK(on_mail(padded, quirks::deployed) == "taken");
  CHECK(on_mail(timed, quirks::strict) == judged(errc::parameter_malformed, 32));
  CHECK(on_mail(timed, quirks::deployed) == "taken");
  CHECK(mail_parameters::parse(padded, quirks::deployed)->mtrk() == mail_parameters::parse(bare)->mtrk());
  CHECK(mail_parameters::parse(timed, quirks::deployed)->mtrk()->timeout == 60s);
  CHECK(on_mail("MTRK=AAECAwQFBgcICQoLDA0ODxAREhM==", quirks::deployed) == judged(errc::parameter_malformed, 33));
  both_on_mail("MTRK=AAECAwQFBgcICQoLDA0ODxARE ENVID=@", judged(errc::mtrk_malformed, 30));     // 25
  both_on_mail("MTRK=AAECAwQFBgcICQoLDA0ODxAREhMA ENVID=@", judged(errc::mtrk_malformed, 32));  // 28, none a pad
  CHECK(written(mail_fields{.envid = "@", .mtrk = mail_parameters::parse(timed, quirks::deployed)->mtrk()}) ==
        "ENVID=@ MTRK=AAECAwQFBgcICQoLDA0ODxAREhM:60");
}

TEST_CASE("A-28: SIZE is a guess, and not where the message ends (RFC 1870 6)") {
  for (quirks q : {quirks::strict, quirks::deployed}) {
    server_options options{.host = host(domain::parse("mx.example").value())};
    options.extensions = extension::size;
    options.leniency = q;
    server session(options);
    output_buffer<1024> out;
    REQUIRE(session.greet(out));
    std::string_view unread =
        "EHLO c.example\r\nMAIL FROM:<a@b.example> SIZE=3\r\nRCPT TO:<c@d.example>\r\nDATA\r\n"
        "more than three octets\r\n.\r\nQUIT\r\n";
    std::string content;
    bool quit_seen = false;
    for (int steps = 0; session.open() && !quit_seen && steps < 100; ++steps) {
      const auto [used, event] = session.receive(unread);
      if (const auto* bytes = std::get_if<message_bytes>(&event)) content += bytes->bytes;
      quit_seen = std::holds_alternative<quit>(event);
      unread.remove_prefix(used);
      if (!std::holds_alternative<message_bytes>(event)) CHECK(session.answer(out));
    }
    CHECK(quit_seen);
    CHECK(content == "more than three octets\r\n");
  }
}

TEST_CASE("A-29: BY belongs to MAIL alone, whatever the DELIVERBY keyword said (RFC 2852 4)") {
  both_on_mail("BY=1;N", "taken");
  both_on_rcpt("BY=1;N", judged(errc::parameter_misplaced, 0));
}

TEST_CASE("A-30: by-time may be signed; every zero is zero, and R with zero is 501 5.5.4 (RFC 2852 4)") {
  for (std::string_view zero : {"0", "-0", "+0", "00000000", "-000000000"}) {
    both_on_mail("BY=" + std::string(zero) + ";N", "taken");
    both_on_mail("BY=" + std::string(zero) + ";R", judged(errc::by_malformed, 3));
    CHECK(mail_parameters::parse("BY=" + std::string(zero) + ";N")->by()->within == 0s);
  }
  both_on_mail("BY=+5;R", "taken");
  both_on_mail("BY=-5;R", judged(errc::by_malformed, 3));
  both_on_mail("BY=-999999999;NT", "taken");
  both_on_mail("BY=1000000000;N", judged(errc::by_malformed, 12));
  CHECK(facts(errc::by_malformed).reply == 501);
  CHECK(facts(errc::by_malformed).status.detail == 4);
  CHECK(written(mail_fields{.by = deliver_by{5s, by_mode::give_back, true}}) == "BY=5;RT");
}

TEST_CASE("A-31: MT-PRIORITY has one spelling for each value; another is 501 5.5.2 (RFC 6710 4.1, 7)") {
  for (int n = -9; n <= 9; ++n) {
    const std::string text = "MT-PRIORITY=" + std::to_string(n);
    both_on_mail(text, "taken");
    CHECK(mail_parameters::parse(text)->mt_priority() == n);
    CHECK(written(mail_fields{.mt_priority = static_cast<std::int8_t>(n)}) == text);
  }
  both_on_mail("MT-PRIORITY=-0", judged(errc::priority_malformed, 13));
  both_on_mail("MT-PRIORITY=+3", judged(errc::priority_malformed, 12));
  both_on_mail("MT-PRIORITY=09", judged(errc::priority_malformed, 13));
  both_on_mail("MT-PRIORITY=-10", judged(errc::priority_malformed, 14));
  both_on_mail("MT-PRIORITY=-", judged(errc::priority_malformed, 13));
  CHECK(facts(errc::priority_malformed).reply == 501);
  CHECK(facts(errc::priority_malformed).status.detail == 2);
}

TEST_CASE("A-32: RRVS has no fraction, Z or an offset, and C or R in either case; without is R (RFC 7293 3.1)") {
  for (std::string_view good : {"RRVS=2014-04-03T23:01:00Z", "RRVS=2014-04-03T23:01:00z;r",
                                "RRVS=2014-04-03T23:01:00-07:00;C", "RRVS=2014-04-03T23:01:00+05:30;c"})
    both_on_rcpt(good, "taken");
  both_on_rcpt("RRVS=2014-04-03T23:01:00.0Z", judged(errc::rrvs_malformed, 24));
  both_on_rcpt("RRVS=2014-04-03T23:01:00Z;", judged(errc::rrvs_malformed, 26));
  both_on_rcpt("RRVS=2014-04-03T23:01:00Z;D", judged(errc::rrvs_malformed, 26));
  both_on_rcpt("RRVS=2014-04-03T23:01:00Z;RC", judged(errc::rrvs_malformed, 27));
  both_on_rcpt("RRVS=2014-04-03T23:01:00", judged(errc::rrvs_malformed, 24));
  CHECK(written(rcpt_fields{.rrvs = rcpt_parameters::parse("RRVS=2014-04-03t23:01:00z;c")->rrvs()}) ==
        "RRVS=2014-04-03T23:01:00Z;C");
}

TEST_CASE("A-58: a line grows by what its grammar needs where the RFC says less (RFC 5321 4.5.3.1.4)") {
  const struct {
    sansmtp::extension brings;
    std::string longest;  // with the SP before it
    std::size_t octets;   // the larger of that and of what the RFC says
  } rows[] = {
      {extension::no_soliciting, " SOLICIT=" + std::string(1000, 'x'), 1009},    // RFC 3865 2.1: 1007
      {extension::checkpoint, " TRANSID=<" + std::string(76, 'x') + "@y>", 89},  // RFC 1845 2: 88
      {extension::smtputf8, " SMTPUTF8", 10},                                    // RFC 6531 3.1: 10
      {extension::future_release, " HOLDUNTIL=2026-01-02T03:04:05.12Z", 34},     // RFC 4865 3: 34
      {extension::deliver_by, " BY=-999999999;NT", 17},                          // RFC 2852 2: 17
      {extension::mt_priority, " MT-PRIORITY=-9", 15},                           // RFC 6710 3: 15
  };
  for (const auto& row : rows) {
    CAPTURE(row.longest);
    CHECK(mail_line_limit(row.brings) == 512 + row.octets);
    CHECK(row.longest.size() <= row.octets);
    both_on_mail(row.longest.substr(1), "taken");
  }
  // RFC 3885 2 says 40 for MTRK, and 107 for the ENVID beside it.
  const std::string track = " MTRK=AAECAwQFBgcICQoLDA0ODxAREhM:999999999";
  CHECK(mail_line_limit(extension::mtrk) == 512 + 44 + 107);
  CHECK(track.size() + 1 == 44);  // and one for the pad that some write
  both_on_mail(track.substr(1) + " ENVID=@", "taken");
}

TEST_CASE("A-59: the first semicolon of ORCPT ends the type; others are of the address (RFC 3461 4.2)") {
  for (quirks q : {quirks::strict, quirks::deployed}) {
    const auto parsed = rcpt_parameters::parse("ORCPT=x400;/c=;b", q);
    CHECK_FALSE(parsed);  // for the second "="
    const auto many = rcpt_parameters::parse("ORCPT=x400;a;b;", q);
    REQUIRE(many);
    CHECK(many->orcpt()->type() == "x400");
    CHECK(many->orcpt()->address() == "a;b;");
  }
  both_on_rcpt("ORCPT=;a", judged(errc::orcpt_malformed, 6));
}

TEST_CASE("A-60: ENVID, and ORCPT but of type utf-8, stands for printable octets, SP and HTAB (RFC 3461 4.4, 4.2)") {
  for (unsigned c = 0; c < 256; ++c) {
    CAPTURE(c);
    constexpr std::string_view digits = "0123456789ABCDEF";
    const std::string octet = std::string("+") + digits[c >> 4] + digits[c & 15];
    const bool good = (c >= 32 && c < 127) || c == 9;
    both_on_mail("ENVID=a" + octet, good ? "taken" : judged(errc::envid_malformed, 7));
    both_on_rcpt("ORCPT=rfc822;a" + octet, good ? "taken" : judged(errc::orcpt_malformed, 14));
    both_on_rcpt("ORCPT=x400;/a+3Db" + octet + "c", good ? "taken" : judged(errc::orcpt_malformed, 17));
  }
  both_on_rcpt("ORCPT=rfc822;x+0D+0Aa", judged(errc::orcpt_malformed, 14));
  both_on_rcpt("ORCPT=rfc822;a+C3+A9@b", judged(errc::orcpt_malformed, 14));
  CHECK(written(rcpt_fields{.orcpt = "a b\tc"}) == "ORCPT=rfc822;a+20b+09c");
  CHECK(written(rcpt_fields{.orcpt = "a\nb"}) == judged(errc::orcpt_malformed, 14));
  CHECK(written(mail_fields{.envid = "a b\tc"}) == "ENVID=a+20b+09c");
  CHECK(written(mail_fields{.envid = "a\nb"}) == judged(errc::envid_malformed, 7));
}
