#include "sansmtp/grammar/parameter.hpp"

#include <doctest/doctest.h>

#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>

#include "grammar/judged.hpp"

using sansmtp::errc;
using sansmtp::parameter;
using sansmtp::parameters;
using sansmtp::quirk;
using sansmtp::quirks;
using support::judged;

static_assert(sizeof(parameters) <= 32 && std::is_trivially_copyable_v<parameters>);
static_assert(std::forward_iterator<parameters::iterator>);
static_assert(parameters{}.empty() && parameters{}.begin() == parameters{}.end());
static_assert(parameters::parse("SIZE=10 BODY=8BITMIME")->find("body")->value == "8BITMIME");

namespace {

// "KEYWORD=value@at" for each, joined by spaces.
std::string walked(const parameters& list) {
  std::string out;
  for (const parameter p : list) {
    if (!out.empty()) out += ' ';
    out += p.keyword;
    if (p.value) out.append("=").append(*p.value);
    out += "@" + std::to_string(p.at);
  }
  return out;
}

}  // namespace

TEST_CASE("parameters are keywords with or without a value") {
  struct row {
    std::string_view text;
    std::size_t size;
    std::string_view walked;
  };
  const row rows[] = {
      {"", 0, ""},
      {"SMTPUTF8", 1, "SMTPUTF8@0"},
      {"SIZE=10", 1, "SIZE=10@0"},
      {"SIZE=10 BODY=8BITMIME SMTPUTF8", 3, "SIZE=10@0 BODY=8BITMIME@8 SMTPUTF8@22"},
      {"AUTH=<> RET=HDRS", 2, "AUTH=<>@0 RET=HDRS@8"},
      {"8BIT-x-=!~", 1, "8BIT-x-=!~@0"},  // RFC 5321 4.1.2: esmtp-keyword may end with a hyphen
      {"ORCPT=rfc822;a+2Bb@c", 1, "ORCPT=rfc822;a+2Bb@c@0"},
      {"a A-", 2, "a@0 A-@2"},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    const auto list = parameters::parse(r.text);
    REQUIRE(judged(list) == "taken");
    CHECK(list->text() == r.text);
    CHECK(list->size() == r.size);
    CHECK(list->empty() == (r.size == 0));
    CHECK(walked(*list) == r.walked);
    CHECK(list->is_ascii());
  }
}

TEST_CASE("a parameter is found by its keyword in any case, with its place") {
  const auto list = parameters::parse("Size=10 ret=FULL SMTPUTF8");
  REQUIRE(list);
  REQUIRE(list->find("SIZE"));
  CHECK(*list->find("SIZE")->value == "10");
  CHECK(list->find("SIZE")->value_at() == 5);
  CHECK(list->find("RET")->at == 8);
  CHECK(list->find("RET")->value_at() == 12);
  REQUIRE(list->find("smtputf8"));
  CHECK_FALSE(list->find("smtputf8")->value);
  CHECK(list->find("smtputf8")->value_at() == 25);
  CHECK_FALSE(list->find("BODY"));
  CHECK_FALSE(list->find("SIZ"));
  CHECK_FALSE(list->find("SIZE1"));
}

TEST_CASE("what is no list of parameters is refused at the octet at fault") {
  const support::refused_row rows[] = {
      {"=10", errc::parameter_malformed, 0},
      {"-A", errc::parameter_malformed, 0},  // RFC 5321 4.1.2: a letter or digit begins an esmtp-keyword
      {"A_B=1", errc::parameter_malformed, 1},
      {"SIZE=", errc::parameter_value_missing, 5},
      {"SIZE= BODY=7BIT", errc::parameter_value_missing, 5},
      {"SIZE==10", errc::parameter_value_missing, 5},
      {"A=b=c", errc::parameter_malformed, 3},
      {"MTRK=abc=", errc::parameter_malformed, 8},
      {"A=b\tC", errc::parameter_malformed, 3},
      {"A\tB", errc::parameter_malformed, 1},
      {"A=b\r\n", errc::parameter_malformed, 3},
      {"A;B", errc::parameter_malformed, 1},
      {"\xC3\xA4=1", errc::parameter_malformed, 0},
      {"A=\xC3", errc::utf8_malformed, 2},
      {"A=b\xFF", errc::utf8_malformed, 3},
      {"SIZE=1 SIZE=2", errc::parameter_repeated, 7},
      {"SIZE=1 A size=1", errc::parameter_repeated, 9},
      {"A A", errc::parameter_repeated, 2},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(parameters::parse(r.text)) == judged(r.why, r.at));
    CHECK(judged(parameters::parse(r.text, quirks::all)) == judged(r.why, r.at));
  }
}

TEST_CASE("the loose_space quirk takes several SP where the grammar has one, and none of HTAB") {
  struct row {
    std::string_view text;
    std::size_t at;
    std::string_view walked;
  };
  const row rows[] = {
      {"A  B=1", 2, "A@0 B=1@3"}, {" A", 0, "A@1"}, {"A ", 2, "A@0"}, {"  ", 0, ""}, {" A   B  ", 0, "A@1 B@5"}};
  for (const row& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(parameters::parse(r.text)) == judged(errc::parameter_malformed, r.at));
    CHECK_FALSE(parameters::parse(r.text, quirks::all.without(quirk::loose_space)));
    const auto list = parameters::parse(r.text, quirk::loose_space);
    REQUIRE(judged(list) == "taken");
    CHECK(walked(*list) == r.walked);
  }
  CHECK(judged(parameters::parse("A \tB", quirk::loose_space)) == judged(errc::parameter_malformed, 2));
}

TEST_CASE("XVERP alone may hold an equals sign in its value") {
  CHECK(*parameters::parse("XVERP=+=")->find("XVERP")->value == "+=");
  CHECK(*parameters::parse("xverp==+ SIZE=1")->find("XVERP")->value == "=+");
  CHECK(parameters::parse("XVERP==+ SIZE=1")->find("SIZE")->at == 9);
  CHECK_FALSE(parameters::parse("XVERP")->find("XVERP")->value);
  CHECK(judged(parameters::parse("XVERP=")) == judged(errc::parameter_value_missing, 6));
  CHECK(judged(parameters::parse("XVERPS=+=")) == judged(errc::parameter_malformed, 8));
}

TEST_CASE("a value may hold UTF-8, and that shows") {
  // RFC 6531 3.3: esmtp-value =/ UTF8-non-ascii.
  const auto list = parameters::parse("ORCPT=utf-8;\xC3\xA4@b SMTPUTF8");
  REQUIRE(judged(list) == "taken");
  CHECK_FALSE(list->is_ascii());
  CHECK(list->size() == 2);
}

TEST_CASE("every octet is judged in a keyword and in a value") {
  for (unsigned c = 0; c < 256; ++c) {
    CAPTURE(c);
    const bool alnum = support::letter(c) || support::digit(c);
    CHECK(parameters::parse(support::around("", c)).has_value() == alnum);
    CHECK(parameters::parse(support::around("A", c, "B")).has_value() == (alnum || c == '-' || c == ' ' || c == '='));
    const bool value = (c >= 33 && c <= 60) || (c >= 62 && c <= 126);
    CHECK(parameters::parse(support::around("A=b", c, "d")).has_value() == (value || c == ' '));
    CHECK(parameters::parse(support::around("A=", c)).has_value() == value);
  }
}

TEST_CASE("there are at most 32 parameters, and at most 4096 octets of them") {
  std::string text;
  for (int i = 0; i < 32; ++i) text += (i ? " K" : "K") + std::to_string(i) + "=v";
  REQUIRE(judged(parameters::parse(text)) == "taken");
  CHECK(parameters::parse(text)->size() == 32);
  CHECK(judged(parameters::parse(text + " K32")) == judged(errc::too_many_parameters, text.size() + 1));
  CHECK(judged(parameters::parse("A=" + std::string(4094, 'v'))) == "taken");
  CHECK(judged(parameters::parse("A=" + std::string(4095, 'v'))) == judged(errc::line_too_long, 4096));
}

TEST_CASE("an equals sign behind 27 octets is MTRK's alone, and by quirk") {
  const std::string certifier(27, 'A');
  const auto with = [&](std::string_view keyword, std::string_view behind) {
    return std::string(keyword) + "=" + certifier + std::string(behind);
  };
  CHECK(judged(parameters::parse(with("mtrk", "="), quirk::padded_certifier)) == "taken");
  CHECK(judged(parameters::parse(with("MTRK", "="))) == judged(errc::parameter_malformed, 32));
  CHECK(judged(parameters::parse(with("MTRX", "="), quirks::all)) == judged(errc::parameter_malformed, 32));
  CHECK(judged(parameters::parse(with("MTRK", "=="), quirks::all)) == judged(errc::parameter_malformed, 33));
  CHECK(judged(parameters::parse(with("MTRK", "A="), quirks::all)) == judged(errc::parameter_malformed, 33));
}

TEST_CASE("an iterator that is moved on behind its use yields what stood there before") {
  const auto list = parameters::parse("SIZE=1 SMTPUTF8");
  REQUIRE(list);
  auto at = list->begin();
  CHECK((*at++).keyword == "SIZE");
  CHECK((*at).keyword == "SMTPUTF8");
  const auto last = at++;
  CHECK(last != list->end());
  CHECK(at == list->end());
}
