#include "sansmtp/wire/status_registry.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sansmtp/wire/reply.hpp"
#include "sansmtp/wire/response.hpp"

using sansmtp::basic_codes;
using sansmtp::describe;
using sansmtp::enhanced_status;
using sansmtp::quirks;
using sansmtp::reply;
using sansmtp::reply_code;
using sansmtp::status_condition;
namespace status = sansmtp::status;

static_assert(status::bad_destination_mailbox.permanent() == enhanced_status{5, 1, 1});
static_assert(status::mailbox_full.transient() == enhanced_status{4, 2, 2});
static_assert(status::destination_valid.success() == enhanced_status{2, 1, 5});
static_assert(status::non_ascii_address.with(553) == enhanced_status{5, 6, 7});
static_assert(!status::security.with(334), "a 3yz has no enhanced status (RFC 2034 4)");
static_assert(describe(enhanced_status{5, 7, 30}).what == status::requiretls_not_supported);

TEST_CASE("every row of the registry of enhanced status codes has its reply codes and its RFC") {
  // The IANA registry of 2024-12-06 (RFC 5248): 81 enumerated status codes.
  struct row {
    std::uint16_t subject, detail;
    std::string_view rfc;
    basic_codes others;
    std::vector<int> codes;
  };
  const std::vector<row> rows = {
      {0, 0, "RFC 3463", basic_codes::every, {}},
      {1, 0, "RFC 3463", basic_codes::none, {}},
      {1, 1, "RFC 3463", basic_codes::none, {451, 550}},
      {1, 2, "RFC 3463", basic_codes::none, {}},
      {1, 3, "RFC 3463", basic_codes::none, {501}},
      {1, 4, "RFC 3463", basic_codes::none, {}},
      {1, 5, "RFC 3463", basic_codes::none, {250}},
      {1, 6, "RFC 3463", basic_codes::none, {}},
      {1, 7, "RFC 3463", basic_codes::none, {}},
      {1, 8, "RFC 3463", basic_codes::none, {451, 501}},
      {1, 9, "RFC 3886", basic_codes::none, {}},
      {1, 10, "RFC 7505", basic_codes::none, {556}},
      {2, 0, "RFC 3463", basic_codes::none, {}},
      {2, 1, "RFC 3463", basic_codes::none, {}},
      {2, 2, "RFC 3463", basic_codes::none, {552}},
      {2, 3, "RFC 3463", basic_codes::none, {552}},
      {2, 4, "RFC 3463", basic_codes::none, {450, 452}},
      {3, 0, "RFC 3463", basic_codes::none, {221, 250, 421, 451, 550, 554}},
      {3, 1, "RFC 3463", basic_codes::none, {452}},
      {3, 2, "RFC 3463", basic_codes::none, {453, 521}},
      {3, 3, "RFC 3463", basic_codes::none, {}},
      {3, 4, "RFC 3463", basic_codes::none, {552, 554}},
      {3, 5, "RFC 3463", basic_codes::none, {}},
      {3, 6, "RFC 6710", basic_codes::none, {250, 251}},
      {4, 0, "RFC 3463", basic_codes::none, {}},
      {4, 1, "RFC 3463", basic_codes::none, {451}},
      {4, 2, "RFC 3463", basic_codes::none, {421}},
      {4, 3, "RFC 3463", basic_codes::none, {451, 550}},
      {4, 4, "RFC 3463", basic_codes::none, {}},
      {4, 5, "RFC 3463", basic_codes::none, {451}},
      {4, 6, "RFC 3463", basic_codes::none, {}},
      {4, 7, "RFC 3463", basic_codes::none, {}},
      {5, 0, "RFC 3463", basic_codes::none, {220, 250, 251, 252, 253, 451, 452, 454, 458, 459, 501, 502, 503, 554}},
      {5, 1, "RFC 3463", basic_codes::none, {430, 500, 501, 503, 530, 550, 554, 555}},
      {5, 2, "RFC 3463", basic_codes::none, {500, 501, 502, 550, 555}},
      {5, 3, "RFC 3463", basic_codes::none, {451}},
      {5, 4, "RFC 3463", basic_codes::none, {451, 501, 502, 503, 504, 550, 555}},
      {5, 5, "RFC 3463", basic_codes::none, {}},
      {5, 6, "RFC 4954", basic_codes::none, {500}},
      {6, 0, "RFC 3463", basic_codes::none, {}},
      {6, 1, "RFC 3463", basic_codes::none, {}},
      {6, 2, "RFC 3463", basic_codes::none, {}},
      {6, 3, "RFC 3463", basic_codes::none, {554}},
      {6, 4, "RFC 3463", basic_codes::none, {250}},
      {6, 5, "RFC 3463", basic_codes::none, {}},
      {6, 6, "RFC 4468", basic_codes::none, {554}},
      {6, 7, "RFC 6531", basic_codes::none, {553, 550}},
      {6, 8, "RFC 6531", basic_codes::none, {252, 553, 550}},
      {6, 9, "RFC 6531", basic_codes::none, {550}},
      {6, 10, "RFC 6531", basic_codes::none, {}},
      {7, 0, "RFC 3463", basic_codes::none, {220, 235, 450, 454, 500, 501, 503, 504, 530, 535, 550}},
      {7, 1, "RFC 3463", basic_codes::none, {451, 454, 502, 503, 533, 550, 551}},
      {7, 2, "RFC 3463", basic_codes::none, {550}},
      {7, 3, "RFC 3463", basic_codes::none, {}},
      {7, 4, "RFC 3463", basic_codes::none, {504}},
      {7, 5, "RFC 3463", basic_codes::none, {}},
      {7, 6, "RFC 3463", basic_codes::none, {}},
      {7, 7, "RFC 3463", basic_codes::none, {}},
      {7, 8, "RFC 4954", basic_codes::none, {535, 554}},
      {7, 9, "RFC 4954", basic_codes::none, {534}},
      {7, 10, "RFC 5248", basic_codes::none, {523}},
      {7, 11, "RFC 4954", basic_codes::none, {524, 538}},
      {7, 12, "RFC 4954", basic_codes::none, {422, 432}},
      {7, 13, "RFC 5248", basic_codes::none, {525}},
      {7, 14, "RFC 5248", basic_codes::none, {535, 554}},
      {7, 15, "RFC 6710", basic_codes::any_refusal, {450, 550}},
      {7, 16, "RFC 6710", basic_codes::any_refusal, {552}},
      {7, 17, "RFC 7293", basic_codes::any_permanent, {}},
      {7, 18, "RFC 7293", basic_codes::any_permanent, {}},
      {7, 19, "RFC 7293", basic_codes::any_permanent, {}},
      {7, 20, "RFC 7372", basic_codes::none, {550}},
      {7, 21, "RFC 7372", basic_codes::none, {550}},
      {7, 22, "RFC 7372", basic_codes::none, {550}},
      {7, 23, "RFC 7372", basic_codes::none, {550}},
      {7, 24, "RFC 7372", basic_codes::none, {451, 550}},
      {7, 25, "RFC 7372", basic_codes::none, {550}},
      {7, 26, "RFC 7372", basic_codes::none, {550}},
      {7, 27, "RFC 7505", basic_codes::none, {550}},
      {7, 28, "", basic_codes::none, {}},
      {7, 29, "RFC 8617", basic_codes::none, {550}},
      {7, 30, "RFC 8689", basic_codes::none, {550}},
  };
  REQUIRE(rows.size() == std::size(sansmtp::status_table));
  std::set<std::string_view> meanings;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const row& r = rows[i];
    CAPTURE(r.subject);
    CAPTURE(r.detail);
    const auto& facts = describe(enhanced_status{5, r.subject, r.detail});
    CHECK(&facts == &sansmtp::status_table[i]);
    CHECK(facts.what == status_condition{r.subject, r.detail});
    CHECK(facts.rfc == r.rfc);
    CHECK(facts.others == r.others);
    CHECK(meanings.insert(facts.meaning).second);  // no two alike
    std::set<int> listed(facts.listed.begin(), facts.listed.end());
    listed.erase(0);
    std::set<int> wanted(r.codes.begin(), r.codes.end());
    if (facts.what == status::utf8_header_not_transferable) wanted.insert(554);          // RFC 6531 3.5
    if (facts.what == status::utf8_reply_required_deprecated) wanted = {252, 550, 553};  // those of X.6.8
    CHECK(listed == wanted);
    for (const int code : wanted) CHECK(facts.goes_with(code));
    CHECK(facts.goes_with(599) == (r.others != basic_codes::none));
    CHECK(facts.goes_with(499) == (r.others == basic_codes::every || r.others == basic_codes::any_refusal));
    CHECK(facts.goes_with(299) == (r.others == basic_codes::every));
    CHECK(facts.goes_with(0) == (r.others == basic_codes::every));
  }
}

TEST_CASE("every code of the registry is written and read back in every class, and refused when malformed") {
  // RFC 3463 2: class "." subject "." detail, no leading zeros.
  for (const auto& row : sansmtp::status_table)
    for (const enhanced_status code : {row.what.success(), row.what.transient(), row.what.permanent()}) {
      CHECK(code.valid());
      sansmtp::output_buffer<256> out;
      REQUIRE(encode(sansmtp::response{code.group * 100 + 50, code, "text"}, out));
      const auto read = reply::parse(out.written());
      REQUIRE(read);
      if (row.what == status::utf8_reply_required_deprecated)
        CHECK(sansmtp::condition_of(read->status()) == status::utf8_reply_required);
      else
        CHECK(read->status() == code);

      std::string text =
          std::to_string(code.group) + "." + std::to_string(code.subject) + "." + std::to_string(code.detail);
      CHECK(*enhanced_status::parse(text) == code);
      CHECK_FALSE(enhanced_status::parse(text + "."));
      CHECK_FALSE(enhanced_status::parse("0" + text));
      text.insert(text.rfind('.') + 1, "0");
      CHECK_FALSE(enhanced_status::parse(text));
    }
}

TEST_CASE("an unknown detail reads as its subject, an unknown subject as its class alone") {
  // RFC 3463 2: a client that knows not the detail goes by the subject, and so on.
  CHECK(describe(enhanced_status{5, 1, 11}).what == status::address);
  CHECK(describe(enhanced_status{4, 7, 31}).what == status::security);
  CHECK(describe(enhanced_status{4, 7, 999}).what == status::security);
  CHECK(describe(enhanced_status{2, 0, 1}).what == status::undefined);
  CHECK(describe(enhanced_status{5, 8, 0}).what == status::undefined);
  CHECK(describe(enhanced_status{5, 999, 999}).what == status::undefined);
  CHECK(describe(enhanced_status{}).what == status::undefined);
  for (std::uint16_t subject = 0; subject < 12; ++subject)
    for (std::uint16_t detail = 0; detail < 40; ++detail) {
      const status_condition known = sansmtp::known_part({subject, detail});
      CHECK((known == status_condition{subject, detail} || known == status_condition{subject, 0} ||
             known == status_condition{0, 0}));
      CHECK(describe(known).what == known);
    }
}

TEST_CASE("classes and subjects have names") {
  CHECK(sansmtp::describe_class({2, 0, 0}).name == "success");
  CHECK(sansmtp::describe_class({4, 0, 0}).name == "persistent transient failure");
  CHECK(sansmtp::describe_class({5, 0, 0}).name == "permanent failure");
  for (const std::uint16_t group :
       {std::uint16_t{0}, std::uint16_t{1}, std::uint16_t{3}, std::uint16_t{6}, std::uint16_t{999}})
    CHECK(sansmtp::describe_class({group, 0, 0}).name.empty());
  const std::string_view subjects[] = {"other or undefined",
                                       "addressing",
                                       "mailbox",
                                       "mail system",
                                       "network and routing",
                                       "mail delivery protocol",
                                       "message content or media",
                                       "security or policy"};
  for (std::uint16_t i = 0; i < 8; ++i) CHECK(sansmtp::describe_subject({5, i, 0}).name == subjects[i]);
  CHECK(sansmtp::describe_subject({5, 8, 0}).name == "other or undefined");
}

TEST_CASE("A-50: the code of BURL's missing trust is X.7.14; X.7.8 means wrong credentials alone") {
  // RFC 5248 4 replaces the X.7.8 of RFC 4468.
  CHECK(status::trust_relationship_required == status_condition{7, 14});
  CHECK(describe(status::trust_relationship_required).rfc == "RFC 5248");
  CHECK(describe(status::trust_relationship_required).goes_with(554));
  CHECK(status::credentials_invalid == status_condition{7, 8});
  for (const quirks leniency : {quirks::strict, quirks::deployed}) {
    CHECK(reply::parse("554 5.7.14 no trust\r\n", leniency)->status() ==
          status::trust_relationship_required.permanent());
    CHECK(reply::parse("554 5.7.8 no trust\r\n", leniency)->status() == status::credentials_invalid.permanent());
  }
}

TEST_CASE("A-51: X.6.10 is read and never written; X.6.8 stands for it") {
  for (const quirks leniency : {quirks::strict, quirks::deployed})
    CHECK(reply::parse("550 5.6.10 no\r\n", leniency)->status() == enhanced_status{5, 6, 10});
  sansmtp::output_buffer<64> out;
  REQUIRE(encode(sansmtp::response{550, {5, 6, 10}, "no"}, out));
  CHECK(out.written() == "550 5.6.8 no\r\n");
  out.clear();
  REQUIRE(encode(sansmtp::response{550, {}, "5.6.10 no"}, out));
  CHECK(out.written() == "550 5.6.8 no\r\n");
}

TEST_CASE("A-52: X.6.9 goes with 554, and with the registry's 550") {
  // RFC 6531 3.5 answers with 554.
  const auto& facts = describe(status::utf8_header_not_transferable);
  CHECK(facts.listed[0] == 554);
  CHECK(facts.goes_with(550));
  for (const quirks leniency : {quirks::strict, quirks::deployed}) {
    CHECK(reply::parse("554 5.6.9 no\r\n", leniency)->status() == status::utf8_header_not_transferable.permanent());
    CHECK(reply::parse("550 5.6.9 no\r\n", leniency)->status() == status::utf8_header_not_transferable.permanent());
  }
}
