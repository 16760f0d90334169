#include "sansmtp/wire/reply_registry.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sansmtp/base/fault.hpp"
#include "sansmtp/wire/reply.hpp"
#include "sansmtp/wire/response.hpp"

using sansmtp::describe;
using sansmtp::quirks;
using sansmtp::reply;
using sansmtp::reply_code;

static_assert(describe(reply_code(250)).meaning == "done");
static_assert(describe(reply_code(299)).code == 0 && describe(reply_code(299)).meaning == "done");

TEST_CASE("every reply code in use has a meaning and its RFC, is written and read, and no neighbour is taken for it") {
  // RFC 5321 4.2.3 and the extensions' own lists; those without an RFC are in the registry of enhanced
  // status codes alone, or in use.
  struct row {
    int code;
    std::string_view rfc;
  };
  const std::vector<row> rows = {
      {211, "RFC 5321"}, {214, "RFC 5321"}, {220, "RFC 5321"}, {221, "RFC 5321"}, {235, "RFC 4954"}, {250, "RFC 5321"},
      {251, "RFC 5321"}, {252, "RFC 5321"}, {253, "RFC 1985"}, {334, "RFC 4954"}, {353, ""},         {354, "RFC 5321"},
      {355, "RFC 1845"}, {421, "RFC 5321"}, {422, ""},         {430, ""},         {432, "RFC 4954"}, {450, "RFC 5321"},
      {451, "RFC 5321"}, {452, "RFC 5321"}, {453, "RFC 2645"}, {454, "RFC 3207"}, {455, "RFC 5321"}, {458, "RFC 1985"},
      {459, "RFC 1985"}, {500, "RFC 5321"}, {501, "RFC 5321"}, {502, "RFC 5321"}, {503, "RFC 5321"}, {504, "RFC 5321"},
      {521, "RFC 7504"}, {523, "RFC 5248"}, {524, "RFC 5248"}, {525, "RFC 5248"}, {530, "RFC 4954"}, {533, ""},
      {534, "RFC 4954"}, {535, "RFC 4954"}, {538, "RFC 4954"}, {550, "RFC 5321"}, {551, "RFC 5321"}, {552, "RFC 5321"},
      {553, "RFC 5321"}, {554, "RFC 5321"}, {555, "RFC 5321"}, {556, "RFC 7504"},
  };
  CHECK(rows.size() == std::size(sansmtp::reply_code_table));
  std::set<std::string_view> meanings;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(rows[i].code);
    const auto& facts = sansmtp::reply_code_table[i];
    CHECK(facts.code == rows[i].code);
    CHECK(&describe(reply_code(rows[i].code)) == &facts);
    CHECK(facts.rfc == rows[i].rfc);
    CHECK(meanings.insert(facts.meaning).second);
    CHECK(facts.code.valid());

    const std::string text = std::to_string(rows[i].code);
    sansmtp::output_buffer<64> out;
    const bool challenge = rows[i].code == 334;
    REQUIRE(encode(sansmtp::response{rows[i].code, {}, challenge ? "QQ==" : "text"}, out));
    for (const quirks leniency : {quirks::strict, quirks::deployed}) {
      const auto read = reply::parse(out.written(), leniency);
      REQUIRE(read);
      CHECK(read->code() == rows[i].code);
      CHECK(static_cast<int>(read->kind()) == rows[i].code / 100);
      // Another first digit, a fourth digit, another separator: no reply (RFC 5321 4.2).
      CHECK_FALSE(reply::parse("1" + text.substr(1) + " text\r\n", leniency));
      CHECK_FALSE(reply::parse(text + "0 text\r\n", leniency));
      CHECK_FALSE(reply::parse(text + "_text\r\n", leniency));
    }
  }
}

TEST_CASE("a reply code that nobody registered means what its first digit means") {
  // RFC 5321 4.2.1
  for (int code = 0; code < 1000; ++code) {
    CAPTURE(code);
    const auto& facts = describe(reply_code(code));
    CHECK_FALSE(facts.meaning.empty());
    if (facts.code != reply_code()) continue;
    const std::string_view wanted = code < 200 || code > 599 ? "no reply code"
                                    : code < 300             ? "done"
                                    : code < 400             ? "go on"
                                    : code < 500             ? "not now"
                                                             : "not ever in this form";
    CHECK(facts.meaning == wanted);
  }
}

TEST_CASE("A-33: an unknown parameter is answered with 555, and read in any refusal") {
  // RFC 5321 4.1.1.11 has 555, RFC 4141 504, and older servers 501.
  CHECK(facts(sansmtp::errc::parameter_unknown).reply == 555);
  CHECK(facts(sansmtp::errc::parameter_not_offered).reply == 555);
  for (const quirks leniency : {quirks::strict, quirks::deployed})
    for (const std::string_view wire : {"555 no\r\n", "504 no\r\n", "501 no\r\n"})
      CHECK(reply::parse(wire, leniency)->code().refuses());
}
