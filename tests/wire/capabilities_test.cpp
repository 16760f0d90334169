#include "sansmtp/wire/capabilities.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "support/guard_page.hpp"

using sansmtp::capabilities;
using sansmtp::extension;
using sansmtp::extension_set;
using sansmtp::quirk;
using sansmtp::quirks;
using sansmtp::reply;
namespace limits = sansmtp::limits;

namespace {

// A reply to EHLO with these lines, each ended by "\n" here, behind the server's name.
capabilities learned(std::string_view lines, quirks leniency = quirks::strict) {
  std::string wire = "250-mx.example\r\n";
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    wire.append(end + 1 == lines.size() ? "250 " : "250-").append(lines.substr(0, end)).append("\r\n");
    lines.remove_prefix(end + 1);
  }
  const auto parsed = reply::parse(wire, leniency);
  REQUIRE(parsed);
  return capabilities::learn(*parsed, leniency);
}

constexpr capabilities example() {
  return capabilities::learn(*reply::parse("250-mx.example hello\r\n250-SIZE 1000\r\n250-AUTH PLAIN\r\n250 dsn\r\n"));
}

}  // namespace

static_assert(example().has(extension::dsn) && !example().has(extension::help));
static_assert(example().size_limit() == 1000U && example().offers("plain") && !example().offers("PLAI"));

TEST_CASE("a server's keywords are learned in any case, and unknown ones are no error") {
  const auto c = learned("8BITMIME\npipelining\nChunking\nX-UNHEARD-OF a b c\nSMTPUTF8 ignored\n8bitmime\n");
  CHECK(c.extensions() ==
        extension_set{extension::eight_bit_mime, extension::pipelining, extension::chunking, extension::smtputf8});
  CHECK(c.malformed_lines() == 0);
  CHECK_FALSE(c.has(extension::size));
  CHECK_FALSE(c.size_limit());
  CHECK(c.mechanisms() == "");
}

TEST_CASE("every extension of the table is learned by its keyword") {
  for (const auto& row : sansmtp::extension_table)
    CHECK(learned(std::string(row.keyword) + "\n").extensions() == extension_set(row.what));
}

TEST_CASE("nothing is offered by a refusal, by the answer to HELO, or before EHLO") {
  CHECK(capabilities() == capabilities::learn(*reply::parse("502-no\r\n502 SIZE 1000\r\n")));
  CHECK(capabilities() == capabilities::learn(*reply::parse("250 mx.example\r\n")));
  CHECK(capabilities() == capabilities::learn(*reply::parse("250 SIZE 1000\r\n")));  // the first line is the name
  CHECK(capabilities().extensions().empty());
}

TEST_CASE("SIZE states a limit, no limit or nothing, and never wraps round") {
  // RFC 1870 4: 0 is no fixed maximum, no number says nothing.
  struct row {
    std::string_view lines;
    std::optional<std::uint64_t> limit;
  };
  constexpr std::uint64_t most = UINT64_MAX;
  const row rows[] = {
      {"SIZE\n", {}},
      {"SIZE 0\n", {}},
      {"SIZE 00\n", {}},
      {"SIZE 1\n", 1},
      {"SIZE 007\n", 7},
      {"size 157286400\n", 157286400},
      {"SIZE 18446744073709551615\n", most},
      {"SIZE 18446744073709551616\n", most},
      {"SIZE 99999999999999999999\n", most},
      {"SIZE 999999999999999999999999999999\n", most},
      {"SIZE 10M\n", {}},
      {"SIZE -1\n", {}},
      {"SIZE 1000 2000\n", 1000},
      {"SIZE 1000\nSIZE 2000\n", 1000},  // of two the smaller: no message is over either
      {"SIZE 2000\nSIZE 1000\n", 1000},
      {"SIZE 1000\nSIZE 0\n", 1000},
      {"SIZE\nSIZE 1000\n", 1000},
  };
  for (const auto& r : rows) {
    CAPTURE(r.lines);
    const auto c = learned(r.lines);
    CHECK(c.has(extension::size));
    CHECK(c.size_limit() == r.limit);
  }
}

TEST_CASE("AUTH's mechanisms are told by name, in any case, and two lines of AUTH are one list") {
  const auto c = learned("AUTH PLAIN LOGIN scram-sha-256\nAUTH\nAUTH CRAM-MD5 plain GS2-KRB5 A_B\n");
  CHECK(c.has(extension::auth));
  CHECK(c.mechanisms() == "PLAIN LOGIN SCRAM-SHA-256 CRAM-MD5 GS2-KRB5 A_B");
  for (std::string_view name : {"PLAIN", "plain", "Login", "SCRAM-SHA-256", "CRAM-MD5", "GS2-KRB5", "A_B"})
    CHECK(c.offers(name));
  for (std::string_view name : {"", " ", "PLAIN LOGIN", "SCRAM-SHA-1", "SCRAM-SHA-256-PLUS", "LAIN", "PLAI", "AIN L"})
    CHECK_FALSE(c.offers(name));
  CHECK_FALSE(c.mechanisms_are_cut());
}

TEST_CASE("AUTH alone offers no mechanism") {
  const auto c = learned("AUTH\n");
  CHECK(c.has(extension::auth));
  CHECK(c.mechanisms() == "");
  CHECK_FALSE(c.offers("PLAIN"));
  CHECK_FALSE(c.offers(""));
}

TEST_CASE("a line AUTH= is passed over by the letter and read as AUTH in use") {
  const auto strict = learned("AUTH CRAM-MD5\nAUTH=PLAIN LOGIN\n");
  CHECK(strict.mechanisms() == "CRAM-MD5");
  CHECK(strict.malformed_lines() == 1);
  const auto deployed = learned("AUTH CRAM-MD5\nAUTH=PLAIN CRAM-MD5\n", quirks::deployed);
  CHECK(deployed.mechanisms() == "CRAM-MD5 PLAIN");
  CHECK(deployed.malformed_lines() == 0);
  const auto alone = learned("AUTH=LOGIN\n", quirk::auth_equals);
  CHECK(alone.has(extension::auth));
  CHECK(alone.offers("LOGIN"));
}

TEST_CASE("HTAB and several SP separate in use, and spoil only their own line by the letter") {
  const std::string_view lines = "SIZE\t1000\nAUTH  PLAIN \tLOGIN \n DSN\nX_PIPE_CONNECT\nHELP\n";
  const auto deployed = learned(lines, quirks::deployed);
  CHECK(deployed.size_limit() == 1000U);
  CHECK(deployed.mechanisms() == "PLAIN LOGIN");
  CHECK(deployed.has(extension::dsn));
  CHECK(deployed.has(extension::pipeconnect));
  CHECK(deployed.malformed_lines() == 0);
  const auto strict = learned(lines);
  CHECK(strict.extensions() == extension_set(extension::help));
  CHECK(strict.malformed_lines() == 4);
}

TEST_CASE("words that can be no mechanism are passed over") {
  const std::string longest(limits::mechanism_read, 'M');
  const auto c = learned("AUTH P!LAIN " + longest + "M " + longest + " LOGIN\n");
  CHECK(c.mechanisms() == longest + " LOGIN");
  CHECK_FALSE(c.mechanisms_are_cut());
}

TEST_CASE("mechanisms that do not fit are left out from the first such on, and it is told") {
  // 13 names of 10 octets with SP between, and a bit: 148 octets.
  std::string line = "AUTH";
  for (int i = 10; i < 23; ++i) line += " MECHANIS" + std::to_string(i);
  std::string kept = line.substr(5);
  REQUIRE(kept.size() == 13 * 11 - 1);
  const std::string rest(limits::mechanisms_kept - kept.size() - 1, 'R');
  const auto full = learned(line + " " + rest + "\n");
  CHECK(full.mechanisms() == kept + " " + rest);
  CHECK_FALSE(full.mechanisms_are_cut());
  CHECK(full.offers(rest));

  const auto cut = learned(line + " " + rest + "R X\nAUTH Y\nDSN\n");
  CHECK(cut.mechanisms() == kept);
  CHECK(cut.mechanisms_are_cut());
  CHECK_FALSE(cut.offers("X"));
  CHECK_FALSE(cut.offers("Y"));
  CHECK(cut.has(extension::dsn));
}

TEST_CASE("no octet outside of the reply is looked at") {
  std::string wire = "250-mx.example\r\n";
  for (std::string_view line : {"SIZE 1000", "AUTH PLAIN LOGIN", "ENHANCEDSTATUSCODES", "X-ODD 1 2", "DSN", "A=B"}) {
    const std::string whole = wire + "250 " + std::string(line) + "\r\n";
    for (const auto side : {support::guarded_side::left, support::guarded_side::right}) {
      const support::guard_page page(whole, side);
      const auto answer = reply::parse(page.view());
      REQUIRE(answer);
      CHECK(capabilities::learn(*answer).has(extension::size));
    }
    wire += "250-" + std::string(line) + "\r\n";
  }
}

TEST_CASE("what is learned is what the reply's lines say one by one") {
  // Lines made of pieces that keywords, separators and parameters are made of.
  const std::string_view pieces[] = {"SIZE",
                                     "size",
                                     "AUTH",
                                     "DSN",
                                     "PIPECONNECT",
                                     "X_PIPE_CONNECT",
                                     "ENHANCEDSTATUSCODES",
                                     "X",
                                     " ",
                                     "  ",
                                     "\t",
                                     "=",
                                     "12",
                                     "PLAIN",
                                     "-",
                                     "_",
                                     "\x01",
                                     "\x7F",
                                     "\xFF",
                                     "AUTH=PLAIN",
                                     "AUTH PLAIN LOGIN",
                                     "AUTH login XOAUTH2 SCRAM-SHA-1 SCRAM-SHA-256",
                                     "a word of more octets than a glance at a line can see: there are 64 of them"};
  std::uint32_t dice = 1;
  const auto next = [&](std::size_t sides) {
    dice = dice * 1664525 + 1013904223;
    return static_cast<std::size_t>(dice >> 16) % sides;
  };
  for (int round = 0; round < 3000; ++round) {
    std::string wire = "250-mx.example\r\n";
    const std::size_t count = 1 + next(7);
    for (std::size_t i = 0; i < count; ++i) {
      wire += i + 1 == count ? "250" : "250-";
      const std::size_t length = next(5);
      if (i + 1 == count && length != 0) wire += ' ';
      for (std::size_t k = 0; k < length; ++k) wire += pieces[next(std::size(pieces))];
      wire += "\r\n";
    }
    for (const quirks leniency : {quirks::strict, quirks::deployed}) {
      const auto answer = reply::parse(wire, leniency);
      REQUIRE(answer);
      extension_set set;
      std::size_t malformed = 0;
      std::string mechanisms;
      for (const auto line : sansmtp::ehlo_lines(*answer, leniency)) {
        malformed += !line;
        if (!line) continue;
        const auto named = sansmtp::extension_named(line->keyword);
        if (named) set = set.with(*named);
        std::string_view words = named == extension::auth ? line->parameters : "";
        for (auto word = sansmtp::ehlo_line::next(words); !word.empty(); word = sansmtp::ehlo_line::next(words)) {
          std::string name(word);
          for (char& c : name) c = 'a' <= c && c <= 'z' ? static_cast<char>(c - 32) : c;
          if (!sansmtp::all(sansmtp::octet_class::verb, word) || word.size() > limits::mechanism_read) continue;
          if ((" " + mechanisms + " ").find(" " + name + " ") == std::string::npos)
            mechanisms += (mechanisms.empty() ? "" : " ") + name;
        }
      }
      const auto c = capabilities::learn(*answer, leniency);
      if (c.extensions() != set || c.malformed_lines() != malformed) CHECK_MESSAGE(false, wire);
      if (!c.mechanisms_are_cut() && c.mechanisms() != mechanisms) CHECK_MESSAGE(false, wire);
    }
  }
}
