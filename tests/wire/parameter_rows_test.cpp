// Every parameter of MAIL and RCPT: what its RFC's grammar takes and what it refuses, with which reply;
// and that writing typed values and reading them are inverse.

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "grammar/judged.hpp"
#include "sansmtp/wire/mail_parameters.hpp"
#include "sansmtp/wire/rcpt_parameters.hpp"

using namespace sansmtp;
using support::judged;
using namespace std::chrono_literals;

namespace {

struct row {
  std::string_view name, section;
  parameter_place where;
  std::string_view taken, refused;
  errc why;
  std::uint32_t at;
  std::uint16_t reply, detail;  // of the refusal: reply 5.5.detail
};

constexpr auto on_mail = parameter_place::mail;
constexpr auto on_rcpt = parameter_place::rcpt;

constexpr row rows[] = {
    {"SIZE", "RFC 1870 3", on_mail, "SIZE=500000", "SIZE=5e5", errc::size_malformed, 6, 501, 4},
    {"BODY", "RFC 6152 2", on_mail, "BODY=8BITMIME", "BODY=8BIT", errc::body_malformed, 5, 501, 4},
    {"BODY", "RFC 3030 3", on_mail, "BODY=BINARYMIME", "BODY=BINARY", errc::body_malformed, 5, 501, 4},
    {"AUTH", "RFC 4954 5", on_mail, "AUTH=e+3Dmc2@example.com", "AUTH=<a@b>", errc::auth_parameter_malformed, 5, 501,
     4},
    {"RET", "RFC 3461 4.3", on_mail, "RET=HDRS", "RET=BODY", errc::ret_malformed, 4, 501, 4},
    {"ENVID", "RFC 3461 4.4", on_mail, "ENVID=QQ314159", "ENVID=a+0A", errc::envid_malformed, 7, 501, 4},
    {"BY", "RFC 2852 4", on_mail, "BY=120;R", "BY=0;R", errc::by_malformed, 3, 501, 4},
    {"HOLDFOR", "RFC 4865 3", on_mail, "HOLDFOR=86400", "HOLDFOR=-1", errc::hold_malformed, 8, 501, 4},
    {"HOLDUNTIL", "RFC 4865 3", on_mail, "HOLDUNTIL=2006-12-12T12:12:12Z", "HOLDUNTIL=1165925532", errc::hold_malformed,
     14, 501, 4},
    {"HOLDFOR, HOLDUNTIL", "RFC 4865 4.2", on_mail, "HOLDUNTIL=2006-12-12T12:12:12.25Z",
     "HOLDFOR=1 HOLDUNTIL=2006-12-12T12:12:12Z", errc::parameter_conflict, 10, 501, 4},
    {"HOLDFOR, BY", "RFC 4865 5.2.2", on_mail, "BY=61;N HOLDFOR=60", "BY=59;N HOLDFOR=60", errc::hold_past_deadline, 8,
     501, 4},
    {"MTRK", "RFC 3885 3.1", on_mail, "MTRK=Kbq2j5UUKmvVVUnvn4P8c7dQCRg:60 ENVID=1@a", "MTRK=abc ENVID=1@a",
     errc::mtrk_malformed, 8, 501, 4},
    {"MTRK, ENVID", "RFC 3885 3.2", on_mail, "ENVID=1@a MTRK=Kbq2j5UUKmvVVUnvn4P8c7dQCRg",
     "MTRK=Kbq2j5UUKmvVVUnvn4P8c7dQCRg", errc::mtrk_needs_envid, 0, 501, 4},
    {"TRANSID", "RFC 1845 2", on_mail, "TRANSID=<12345@claremont.edu>", "TRANSID=12345", errc::transid_malformed, 8,
     501, 4},
    {"SOLICIT", "RFC 3865 2.2", on_mail, "SOLICIT=org.example:ADV:ADLT", "SOLICIT=a,,b", errc::solicit_malformed, 10,
     501, 4},
    {"SUBMITTER", "RFC 4405 4", on_mail, "SUBMITTER=alice@almamater.edu.example", "SUBMITTER=alice",
     errc::submitter_malformed, 15, 501, 4},
    {"SMTPUTF8", "RFC 6531 3.4", on_mail, "SMTPUTF8", "SMTPUTF8=1", errc::parameter_value_unexpected, 8, 501, 4},
    {"ALT-ADDRESS", "RFC 5336 3.4", on_mail, "ALT-ADDRESS=a@b.example", "ALT-ADDRESS=+C3+A9@b.example",
     errc::alt_address_malformed, 12, 501, 4},
    {"MT-PRIORITY", "RFC 6710 4.1, 7", on_mail, "MT-PRIORITY=-9", "MT-PRIORITY=10", errc::priority_malformed, 13, 501,
     2},
    {"MT-PRIORITY", "RFC 6710 4.1", on_mail, "MT-PRIORITY=3", "MT-PRIORITY=3 MT-PRIORITY=3", errc::priority_malformed,
     14, 501, 2},
    {"REQUIRETLS", "RFC 8689 2", on_mail, "REQUIRETLS", "REQUIRETLS=yes", errc::parameter_value_unexpected, 10, 501, 4},
    {"CONPERM", "RFC 4141 4.3", on_mail, "CONPERM", "CONPERM=x", errc::parameter_value_unexpected, 7, 501, 4},
    {"XVERP", "RFC 5321 4.1.1.11", on_mail, "XVERP", "XVERP=+", errc::parameter_value, 7, 501, 4},
    {"XVERP", "RFC 5321 4.1.1.11", on_mail, "XVERP=-=", "XVERP=abc", errc::parameter_value, 8, 501, 4},
    {"PRDR", "RFC 5321 4.1.1.11", on_mail, "PRDR", "PRDR=1", errc::parameter_value_unexpected, 4, 501, 4},
    {"XOORG", "RFC 5321 4.1.2", on_mail, "XOORG=b.example", "XOORG=-b", errc::parameter_value, 6, 501, 4},
    {"another", "RFC 5321 4.1.2", on_mail, "X-FOO=bar", "X_FOO=bar", errc::parameter_malformed, 1, 501, 4},
    {"NOTIFY", "RFC 3461 4.1", on_rcpt, "NOTIFY=SUCCESS,DELAY", "NOTIFY=NEVER,DELAY", errc::notify_malformed, 7, 501,
     4},
    {"ORCPT", "RFC 3461 4.2", on_rcpt, "ORCPT=rfc822;a+2Bb@c", "ORCPT=a@b", errc::orcpt_malformed, 7, 501, 4},
    {"ORCPT", "RFC 6533 3", on_rcpt, "ORCPT=utf-8;\\x{E9}@b", "ORCPT=utf-8;\\x{D800}@b", errc::orcpt_malformed, 12, 501,
     4},
    {"RRVS", "RFC 7293 3.1", on_rcpt, "RRVS=2014-04-03T23:01:00Z;C", "RRVS=2014-04-03T23:01:00.5Z",
     errc::rrvs_malformed, 24, 501, 4},
    {"CONNEG", "RFC 4141 5.2", on_rcpt, "CONNEG", "CONNEG=x", errc::parameter_value_unexpected, 6, 501, 4},
    {"ALT-ADDRESS", "RFC 5336 3.4", on_rcpt, "ALT-ADDRESS=a+2Bc@b.example", "ALT-ADDRESS=a",
     errc::alt_address_malformed, 13, 501, 4},
    {"IGNOREQUOTA", "RFC 5321 4.1.1.11", on_rcpt, "IGNOREQUOTA", "IGNOREQUOTA=x", errc::parameter_value_unexpected, 11,
     501, 4},
    {"another", "RFC 5321 4.1.2", on_rcpt, "X-FOO", "X-FOO=", errc::parameter_value_missing, 6, 501, 4},
};

std::string parsed(parameter_place where, std::string_view text, quirks q) {
  return where == on_mail ? judged(mail_parameters::parse(text, q)) : judged(rcpt_parameters::parse(text, q));
}

// Numbers that look like chance, the same each time.
class dice {
 public:
  std::uint64_t below(std::uint64_t most) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return (state_ >> 33) % most;
  }
  bool coin() { return below(2) == 0; }
  std::string text(std::string_view letters, std::size_t least, std::size_t most) {
    std::string out;
    for (std::size_t n = least + static_cast<std::size_t>(below(most - least + 1)); n != 0; --n) out += letters[static_cast<std::size_t>(below(letters.size()))];
    return out;
  }

 private:
  std::uint64_t state_ = 42;
};

constexpr std::string_view atoms = "abcXYZ019-+=!#$%&'*/?^_`{|}~";
constexpr std::string_view words = "abcXYZ";

template <class T>
bool same_text(const std::optional<T>& a, const std::optional<T>& b) {
  return a.has_value() == b.has_value() && (!a || a->text() == b->text());
}

// What an xtext mailbox stands for.
std::string decoded(const std::optional<xtext_mailbox>& who) {
  output_buffer<600> room;
  if (!who) return {};
  const auto mailbox = who->mailbox(room);
  return mailbox ? std::string(mailbox->text()) : "(undecodable)";
}

std::chrono::seconds seconds_of(dice& d, std::uint64_t least) {
  const std::uint64_t most = d.coin() ? 100 : 999999999;
  return std::chrono::seconds(static_cast<std::int64_t>(least + d.below(most - least + 1)));
}

}  // namespace

TEST_CASE("each parameter is taken by its grammar, and what is not of it is refused with its reply") {
  for (const row& r : rows) {
    CAPTURE(r.name);
    CAPTURE(r.section);
    for (quirks q : {quirks::strict, quirks::deployed}) {
      CHECK(parsed(r.where, r.taken, q) == "taken");
      CHECK(parsed(r.where, r.refused, q) == judged(r.why, r.at));
    }
    CHECK(facts(r.why).reply == r.reply);
    CHECK(facts(r.why).status.group == 5);
    CHECK(facts(r.why).status.subject == 5);
    CHECK(facts(r.why).status.detail == r.detail);
  }
}

TEST_CASE("every row of the table is tried above") {
  for (const parameter_rule& rule : parameter_table) {
    bool tried = false;
    for (const row& r : rows) tried = tried || r.name == rule.keyword;
    CAPTURE(rule.keyword);
    CHECK(tried);
  }
}

TEST_CASE("whatever is wrong about MT-PRIORITY is 501 5.5.2, and about others is not (RFC 6710 4.1)") {
  const support::refused_row ill[] = {
      {"MT-PRIORITY", errc::priority_malformed, 11},
      {"MT-PRIORITY=", errc::priority_malformed, 12},
      {"MT-PRIORITY=1=2", errc::priority_malformed, 13},
      {"SIZE=1 mt-priority=+1", errc::priority_malformed, 19},
      {"MT-PRIORITY=1 SIZE=1 MT-PRIORITY=2", errc::priority_malformed, 21},
      {"MT-PRIORITY=1 SIZE", errc::parameter_value_missing, 18},
      {"MT-PRIORITY=1 BODY=x", errc::body_malformed, 19},
      {"MT-PRIORITY=1 MT-PRIORITYX=", errc::parameter_value_missing, 27},
      {"MT-PRIORITY=1 ", errc::parameter_malformed, 14},
  };
  for (const auto& r : ill) {
    CAPTURE(r.text);
    CHECK(judged(mail_parameters::parse(r.text)) == judged(r.why, r.at));
  }
}

TEST_CASE("values are decoded to what they mean") {
  const auto mail = mail_parameters::parse(
      "BY=-5;nt HOLDUNTIL=2028-02-29T12:00:00+00:00 MT-PRIORITY=-9 SOLICIT=a,b.c:D TRANSID=<1.2@C> XVERP=-/ "
      "SUBMITTER=a+2Bb@c.example XOORG=o.example REQUIRETLS CONPERM PRDR SMTPUTF8");
  REQUIRE(judged(mail) == "taken");
  CHECK(mail->by() == deliver_by{-5s, by_mode::notify, true});
  CHECK(mail->holduntil() == date_time::parse("2028-02-29T12:00:00Z").value());
  CHECK(!mail->holdfor());
  CHECK(mail->mt_priority() == -9);
  std::string keywords;
  for (std::string_view word : mail->solicit()) keywords.append(word).append("|");
  CHECK(keywords == "a|b.c:D|");
  CHECK(mail->transid()->local() == "1.2");
  CHECK(mail->transid()->domain() == "C");
  CHECK(mail->xverp() == xverp{'-', '/'});
  CHECK(decoded(mail->submitter()) == "a+b@c.example");
  CHECK(mail->xoorg()->text() == "o.example");
  CHECK((mail->requiretls() && mail->conperm() && mail->prdr() && mail->smtputf8()));
  CHECK(!mail->mtrk());
  CHECK(!mail->alt_address());

  const auto none = mail_parameters::parse("SIZE=1").value();
  CHECK((!none.by() && !none.holdfor() && !none.holduntil() && !none.mt_priority() && none.solicit().empty() &&
         !none.transid() && !none.xverp() && !none.submitter() && !none.xoorg() && !none.requiretls() &&
         !none.conperm() && !none.prdr()));
  CHECK(mail_parameters::parse("HOLDFOR=60")->holdfor() == 60s);
  CHECK(mail_parameters::parse("XVERP")->xverp() == xverp{'+', '='});
  // RFC 1845 3: "the server should treat the value as an opaque, case-sensitive string".
  CHECK(*mail->transid() != *mail_parameters::parse("TRANSID=<1.2@c>")->transid());

  const auto rcpt = rcpt_parameters::parse("RRVS=2014-04-03T23:01:00-07:00;c CONNEG ALT-ADDRESS=a@b.example");
  REQUIRE(judged(rcpt) == "taken");
  CHECK(rcpt->rrvs() == rrvs{date_time::parse("2014-04-04T06:01:00Z").value(), rrvs_action::go_on});
  CHECK((rcpt->conneg() && !rcpt->ignorequota() && !rcpt->notify() && !rcpt->orcpt()));
  CHECK(decoded(rcpt->alt_address()) == "a@b.example");
  // RFC 7293 3.1: "R" (reject; the default).
  CHECK(rcpt_parameters::parse("RRVS=2014-04-03T23:01:00Z")->rrvs()->action == rrvs_action::reject);
}

TEST_CASE("what typed fields write is read as the same values, and written again as the same octets") {
  dice d;
  for (int i = 0; i < 1500; ++i) {
    const std::string envid = d.text("ab+= \t~@", 0, 30) + "@" + d.text(words, 1, 5);
    const std::string submitter = d.text(atoms, 1, 40) + "@" + d.text(words, 1, 20) + ".example";
    const std::string ascii = d.text(atoms, 1, 40) + "@[IPv6:::1]";
    const std::string transid_text =
        "<" + d.text(words, 1, 20) + "." + d.text(words, 1, 9) + "@" + d.text(words, 1, 9) + ">";
    const std::string keywords = d.text(words, 1, 9) + ":x_-.1," + d.text(words, 1, 9);
    const std::string organization = d.text(words, 1, 9) + ".example";
    mail_fields f;
    if (d.coin()) f.size = d.below(1000000);
    if (d.coin()) f.body = static_cast<body_type>(d.below(3));
    f.smtputf8 = d.coin();
    if (d.coin()) f.ret = static_cast<ret_type>(d.below(2));
    if (d.coin()) f.by = deliver_by{seconds_of(d, 1), static_cast<by_mode>(d.below(2)), d.coin()};
    if (f.by && f.by->mode == by_mode::notify && d.coin()) f.by->within = -f.by->within;
    if (d.below(3) == 0) f.holdfor = seconds_of(d, 1);
    if (f.by && f.holdfor && *f.holdfor >= f.by->within) f.holdfor.reset();
    if (!f.holdfor && d.coin())
      f.holduntil = date_time::at(std::chrono::seconds(static_cast<std::int64_t>(d.below(1LL << 31)))).value();
    if (d.coin()) f.mt_priority = static_cast<std::int8_t>(static_cast<int>(d.below(19)) - 9);
    if (d.coin()) {
      f.mtrk.emplace();
      for (auto& octet : f.mtrk->certifier) octet = static_cast<std::uint8_t>(d.below(256));
      if (d.coin()) f.mtrk->timeout = seconds_of(d, 0);
    }
    if (f.mtrk || d.coin()) f.envid = envid;
    if (d.coin()) f.auth = "<>";
    if (d.coin()) f.auth = submitter;
    if (d.coin()) f.transid = transid::parse(transid_text).value();
    if (d.coin()) f.solicit = solicitation_keywords::parse(keywords).value();
    if (d.coin()) f.submitter = mailbox::parse(submitter).value();
    if (d.coin()) f.alt_address = mailbox::parse(ascii).value();
    f.requiretls = d.coin();
    f.conperm = d.coin();
    if (d.coin())
      f.xverp = d.coin() ? xverp{} : xverp{static_cast<char>('!' + d.below(94)), static_cast<char>('!' + d.below(94))};
    f.prdr = d.coin();
    if (d.coin()) f.xoorg = domain::parse(organization).value();

    output_buffer<2400> out;
    const auto p = compose(f, out);
    CAPTURE(out.written());
    REQUIRE(judged(p) == "taken");
    CHECK(p->size() == f.size);
    CHECK(p->body() == f.body);
    CHECK(p->smtputf8() == f.smtputf8);
    CHECK(p->ret() == f.ret);
    CHECK(p->envid().has_value() == f.envid.has_value());
    if (f.envid) CHECK(p->envid()->equals(*f.envid));
    CHECK(p->auth().has_value() == f.auth.has_value());
    CHECK(p->by() == f.by);
    CHECK(p->holdfor() == f.holdfor);
    CHECK(p->holduntil() == f.holduntil);
    CHECK(p->mt_priority() == f.mt_priority);
    CHECK(p->mtrk() == f.mtrk);
    CHECK(p->transid() == f.transid);
    CHECK(p->solicit().text() == f.solicit.text());
    CHECK(decoded(p->submitter()) == (f.submitter ? submitter : ""));
    CHECK(decoded(p->alt_address()) == (f.alt_address ? ascii : ""));
    CHECK(p->requiretls() == f.requiretls);
    CHECK(p->conperm() == f.conperm);
    CHECK(p->xverp() == f.xverp);
    CHECK(p->prdr() == f.prdr);
    CHECK(same_text(p->xoorg(), f.xoorg));

    mail_fields again = f;  // all that is typed as it was read
    again.by = p->by();
    again.holdfor = p->holdfor();
    again.holduntil = p->holduntil();
    again.mt_priority = p->mt_priority();
    again.mtrk = p->mtrk();
    again.transid = p->transid();
    again.solicit = p->solicit();
    again.xverp = p->xverp();
    again.xoorg = p->xoorg();
    output_buffer<2400> second;
    REQUIRE(compose(again, second));
    CHECK(second.written() == out.written());
  }
}

TEST_CASE("RCPT's fields likewise") {
  dice d;
  for (int i = 0; i < 1500; ++i) {
    const std::string name = d.text("ab+=; \\\t", 0, 20);
    const std::string wide = d.text("ab+= \\", 0, 9) + "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80" + d.text(words, 0, 9);
    const std::string ascii = d.text(atoms, 1, 40) + "@b.example";
    rcpt_fields f;
    if (d.coin()) f.notify = notify{d.coin(), d.coin(), d.coin()};
    f.smtputf8 = d.coin();
    if (d.coin()) f.orcpt_type = "utf-8";
    if (d.coin()) f.orcpt = f.orcpt_type == "utf-8" ? wide : name;
    if (d.coin())
      f.rrvs = rrvs{date_time::at(std::chrono::seconds(static_cast<std::int64_t>(d.below(1LL << 31)))).value(),
                    static_cast<rrvs_action>(d.below(2))};
    if (d.coin()) f.alt_address = mailbox::parse(ascii).value();
    f.conneg = d.coin();
    f.ignorequota = d.coin();
    output_buffer<1100> out;
    const auto p = compose(f, out);
    CAPTURE(out.written());
    REQUIRE(judged(p) == "taken");
    CHECK(p->notify() == f.notify);
    CHECK(p->orcpt().has_value() == f.orcpt.has_value());
    if (f.orcpt) {
      output_buffer<600> raw;
      REQUIRE(p->orcpt()->decode(raw));
      CHECK(raw.written() == *f.orcpt);
      // RFC 6533 3: UTF-8 itself only towards a server that offers SMTPUTF8.
      CHECK(p->orcpt()->is_ascii() == !(f.smtputf8 && f.orcpt_type == "utf-8"));
    }
    CHECK(p->rrvs() == f.rrvs);
    CHECK(decoded(p->alt_address()) == (f.alt_address ? ascii : ""));
    CHECK(p->conneg() == f.conneg);
    CHECK(p->ignorequota() == f.ignorequota);
    rcpt_fields again = f;
    again.notify = p->notify();
    again.rrvs = p->rrvs();
    output_buffer<1100> second;
    REQUIRE(compose(again, second));
    CHECK(second.written() == out.written());
  }
}

TEST_CASE("what is read is written in its strict form, which reads the same") {
  const struct {
    std::string_view read, written;
  } forms[] = {{"by=+0120;nt", "BY=120;NT"},
               {"BY=-0;N", "BY=0;N"},
               {"holduntil=2026-01-02t03:04:05-00:00", "HOLDUNTIL=2026-01-02T03:04:05Z"},
               {"MTRK=AAECAwQFBgcICQoLDA0ODxAREhM=:007 ENVID=@", "MTRK=AAECAwQFBgcICQoLDA0ODxAREhM:7"},
               {"XVERP=+=", "XVERP"}};
  for (const auto& form : forms) {
    CAPTURE(form.read);
    const auto p = mail_parameters::parse(form.read, quirks::deployed);
    REQUIRE(judged(p) == "taken");
    mail_fields f{.by = p->by(), .holduntil = p->holduntil(), .mtrk = p->mtrk(), .xverp = p->xverp()};
    if (p->envid()) f.more = "ENVID=@";
    output_buffer<200> out;
    REQUIRE(compose(f, out));
    CHECK(out.written().substr(0, out.written().find(" ENVID")) == form.written);
  }
  const auto asked = rcpt_parameters::parse("rrvs=2014-04-03t23:01:00z;r");
  REQUIRE(judged(asked) == "taken");
  output_buffer<200> out;
  REQUIRE(compose(rcpt_fields{.rrvs = asked->rrvs()}, out));
  CHECK(out.written() == "RRVS=2014-04-03T23:01:00Z");
}

TEST_CASE("fields that no RFC would read are not written, and nothing else is then") {
  const auto early = date_time::parse("2026-01-01T00:00:00Z").value();
  const auto wide = mailbox::parse("\xC3\xA9@b.example").value();
  const mail_fields ill[] = {
      {.by = deliver_by{0s, by_mode::give_back}},
      {.by = deliver_by{1000000000s, by_mode::notify}},
      {.by = deliver_by{-1000000000s, by_mode::notify}},
      {.by = deliver_by{std::chrono::seconds::min(), by_mode::notify}},
      {.holdfor = 0s},
      {.holdfor = 1000000000s},
      {.holdfor = 1s, .holduntil = early},
      {.by = deliver_by{60s}, .holdfor = 61s},
      {.by = deliver_by{60s}, .holdfor = 60s},  // RFC 4865 5.2.1: "farther in the future than"
      {.mt_priority = std::int8_t{10}},
      {.mt_priority = std::int8_t{-128}},
      {.mtrk = mtrk{}},
      {.envid = "no at sign", .mtrk = mtrk{}},
      {.envid = "@", .mtrk = mtrk{.timeout = 1000000000s}},
      {.envid = "@", .mtrk = mtrk{.timeout = -1s}},
      {.alt_address = wide},
      {.xverp = xverp{' ', '='}},
      {.xverp = xverp{'\r', '\n'}},
  };
  for (const mail_fields& f : ill) {
    output_buffer<300> out;
    CHECK_FALSE(compose(f, out));
    CHECK(out.empty());
  }
  const rcpt_fields ill_rcpt[] = {
      {.rrvs = rrvs{date_time::parse("2026-01-01T00:00:00.5Z").value()}},
      {.alt_address = wide},
  };
  for (const rcpt_fields& f : ill_rcpt) {
    output_buffer<300> out;
    CHECK_FALSE(compose(f, out));
    CHECK(out.empty());
  }
}

TEST_CASE("who knows the time sees whether a message would be held beyond its deadline (RFC 4865 5.2.2)") {
  const auto now = date_time::parse("2026-01-01T00:00:00Z").value();
  const auto past = [&](std::string_view text) { return mail_parameters::parse(text)->held_past_deadline(now); };
  CHECK(!past("BY=60;R HOLDUNTIL=2026-01-01T00:01:00Z"));
  CHECK(past("BY=60;R HOLDUNTIL=2026-01-01T00:01:01Z"));
  CHECK(past("BY=-1;N HOLDUNTIL=2026-01-01T00:00:00Z"));
  CHECK(!past("BY=60;R HOLDFOR=60"));
  CHECK(!past("BY=60;R"));
  CHECK(!past("HOLDUNTIL=2099-01-01T00:00:00Z"));
  CHECK(!past("SIZE=1"));
}
