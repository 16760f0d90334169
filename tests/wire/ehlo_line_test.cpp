#include "sansmtp/wire/ehlo_line.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using sansmtp::ehlo_line;
using sansmtp::ehlo_lines;
using sansmtp::errc;
using sansmtp::fault;
using sansmtp::hello_host;
using sansmtp::quirk;
using sansmtp::quirks;
using sansmtp::reply;

static_assert(ehlo_line::parse("SIZE 1000")->parameters == "1000");
static_assert(std::forward_iterator<ehlo_lines::iterator>);

TEST_CASE("an EHLO line is a keyword and its parameters") {
  // RFC 5321 4.1.1.1: ehlo-line = ehlo-keyword *( SP ehlo-param )
  struct row {
    std::string_view text, keyword, parameters;
  };
  const row rows[] = {
      {"8BITMIME", "8BITMIME", ""},
      {"A", "A", ""},
      {"X-EXPS", "X-EXPS", ""},
      {"A-", "A-", ""},
      {"size 0", "size", "0"},
      {"AUTH PLAIN LOGIN", "AUTH", "PLAIN LOGIN"},
      {"LIMITS RCPTMAX=20 MAILMAX=5", "LIMITS", "RCPTMAX=20 MAILMAX=5"},
      {"X !~", "X", "!~"},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    for (const quirks leniency : {quirks::strict, quirks::all}) {
      const auto line = ehlo_line::parse(r.text, leniency);
      REQUIRE(line);
      CHECK(line->keyword == r.keyword);
      CHECK(line->parameters == r.parameters);
    }
  }
}

TEST_CASE("what is no EHLO line is refused at the octet") {
  struct row {
    std::string_view text;
    fault why;
  };
  using namespace std::string_view_literals;
  const row rows[] = {
      {"", {errc::ehlo_keyword_malformed, 0}},         {"-A", {errc::ehlo_keyword_malformed, 0}},
      {"_A", {errc::ehlo_keyword_malformed, 0}},       {"A_B", {errc::ehlo_keyword_malformed, 1}},
      {"A=B", {errc::ehlo_keyword_malformed, 1}},      {"AUTH=PLAIN", {errc::ehlo_keyword_malformed, 4}},
      {" SIZE", {errc::ehlo_keyword_malformed, 0}},    {"SIZE\t1", {errc::ehlo_keyword_malformed, 4}},
      {"\xC3\xA9", {errc::ehlo_keyword_malformed, 0}}, {"SIZE ", {errc::parameter_malformed, 5}},
      {"SIZE  1", {errc::parameter_malformed, 5}},     {"SIZE 1 ", {errc::parameter_malformed, 7}},
      {"SIZE 1\t2", {errc::parameter_malformed, 6}},   {"SIZE 1\x7F", {errc::parameter_malformed, 6}},
      {"SIZE \x01", {errc::parameter_malformed, 5}},   {"X a\xC3\xA9", {errc::parameter_malformed, 3}},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(ehlo_line::parse(r.text).error() == r.why);
  }
}

TEST_CASE("under its quirk an EHLO line may have stray white space and an underscore") {
  struct row {
    std::string_view text, keyword, parameters;
  };
  const row rows[] = {
      {" SIZE", "SIZE", ""},
      {"SIZE ", "SIZE", ""},
      {"SIZE\t1", "SIZE", "1"},
      {"SIZE  1 \t", "SIZE", "1"},
      {"AUTH  PLAIN\tLOGIN ", "AUTH", "PLAIN\tLOGIN"},
      {"X_PIPE_CONNECT", "X_PIPE_CONNECT", ""},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    const auto line = ehlo_line::parse(r.text, quirk::loose_ehlo_line);
    REQUIRE(line);
    CHECK(line->keyword == r.keyword);
    CHECK(line->parameters == r.parameters);
    CHECK_FALSE(ehlo_line::parse(r.text, quirks::all.without(quirk::loose_ehlo_line)));
  }
  CHECK(ehlo_line::parse("-A", quirks::all).error() == fault{errc::ehlo_keyword_malformed, 0});
  CHECK(ehlo_line::parse("A=B", quirks::all).error() == fault{errc::ehlo_keyword_malformed, 1});
  CHECK(ehlo_line::parse("A b\x01", quirks::all).error() == fault{errc::parameter_malformed, 3});
  CHECK(ehlo_line::parse("  ", quirks::all).error() == fault{errc::ehlo_keyword_malformed, 2});
}

TEST_CASE("AUTH= is read as AUTH under its quirk alone") {
  const auto line = ehlo_line::parse("auth=PLAIN LOGIN", quirk::auth_equals);
  REQUIRE(line);
  CHECK(line->keyword == "auth");
  CHECK(line->parameters == "PLAIN LOGIN");
  CHECK(ehlo_line::parse("X-EXPS=LOGIN", quirk::auth_equals)->parameters == "LOGIN");
  CHECK_FALSE(ehlo_line::parse("AUTH=PLAIN", quirk::loose_ehlo_line));
  CHECK_FALSE(ehlo_line::parse("SIZE=1", quirk::auth_equals));
  CHECK(ehlo_line::parse("AUTH=", quirk::auth_equals).error() == fault{errc::parameter_malformed, 5});
}

TEST_CASE("the octets of a keyword are letters, digits and hyphens, of a parameter all that print") {
  for (int octet = 0; octet < 256; ++octet) {
    CAPTURE(octet);
    const char c = static_cast<char>(octet);
    const bool let_dig = ('0' <= c && c <= '9') || ('A' <= c && c <= 'Z') || ('a' <= c && c <= 'z');
    CHECK(ehlo_line::parse(std::string(1, c) + "B").has_value() == let_dig);
    // A SP there ends the keyword, and "B" is a parameter.
    CHECK(ehlo_line::parse("A" + std::string(1, c) + "B").has_value() == (let_dig || c == '-' || c == ' '));
    CHECK(ehlo_line::parse("A b" + std::string(1, c) + "c").has_value() == (32 <= octet && octet <= 126));
  }
}

TEST_CASE("parameters are taken one by one") {
  const auto line = ehlo_line::parse("AUTH A\t B  C", quirks::deployed);
  REQUIRE(line);
  std::string_view rest = line->parameters;
  CHECK(ehlo_line::next(rest) == "A");
  CHECK(ehlo_line::next(rest) == "B");
  CHECK(ehlo_line::next(rest) == "C");
  CHECK(ehlo_line::next(rest) == "");
  CHECK(ehlo_line::next(rest) == "");
}

TEST_CASE("the EHLO lines of a reply are all but its first, and one that is none spoils no other") {
  const auto parsed = reply::parse("250-mx.example hello\r\n250-SIZE 10\r\n250-A=B\r\n250-\r\n250 HELP\r\n");
  REQUIRE(parsed);
  std::vector<std::string> seen;
  for (const auto line : ehlo_lines(*parsed)) seen.emplace_back(line ? line->keyword : "refused");
  CHECK(seen == std::vector<std::string>{"SIZE", "refused", "refused", "HELP"});
  const auto single = reply::parse("250 mx.example\r\n");
  CHECK(ehlo_lines(*single).begin() == ehlo_lines(*single).end());
}

TEST_CASE("a server's name is the first word of its first line, whatever it is") {
  // RFC 5321 4.1.1.1 has a Domain there; address literals and free text are met.
  CHECK(hello_host(*reply::parse("250-mx.example greets you\r\n250 HELP\r\n")) == "mx.example");
  CHECK(hello_host(*reply::parse("220 mx.example\r\n")) == "mx.example");
  CHECK(hello_host(*reply::parse("220 [192.0.2.1] ready\r\n")) == "[192.0.2.1]");
  CHECK(hello_host(*reply::parse("250 192.0.2.1 hello\r\n")) == "192.0.2.1");
  CHECK(hello_host(*reply::parse("250  Hello\tyou\r\n")) == "Hello");
  CHECK(hello_host(*reply::parse("421 4.3.2 mx.example closing\r\n")) == "mx.example");
  CHECK(hello_host(*reply::parse("250 \xFF\x01 x\r\n")) == "\xFF\x01");
  CHECK(hello_host(*reply::parse("250\r\n")) == "");
}
