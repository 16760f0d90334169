// What the RFCs leave open about replies and EHLO lines, each with the reading that was decided on,
// by the letter and in use.

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "sansmtp/wire/capabilities.hpp"
#include "sansmtp/wire/ehlo_reply.hpp"
#include "sansmtp/wire/reply.hpp"
#include "sansmtp/wire/response.hpp"

using sansmtp::capabilities;
using sansmtp::enhanced_status;
using sansmtp::errc;
using sansmtp::extension;
using sansmtp::fault;
using sansmtp::quirks;
using sansmtp::reply;
using sansmtp::response;
using sansmtp::status_agreement;

namespace {

capabilities learned(std::string_view lines, quirks leniency) {
  const std::string wire = "250-mx.example\r\n" + std::string(lines) + "250 HELP\r\n";
  const auto parsed = reply::parse(wire, leniency);
  REQUIRE(parsed);
  return capabilities::learn(*parsed, leniency);
}

}  // namespace

TEST_CASE("A-10: the first line of an EHLO reply is a name and free text; a domain or literal is written") {
  // RFC 5321 4.1.1.1: ehlo-greet = 1*(%d0-9 / %d11-12 / %d14-127), of which NUL is refused nevertheless.
  for (const quirks leniency : {quirks::strict, quirks::deployed}) {
    CHECK(hello_host(*reply::parse("250-[192.0.2.1] \x01 hi\x7F\xFF\r\n250 DSN\r\n", leniency)) == "[192.0.2.1]");
    CHECK(hello_host(*reply::parse("250-Hello there\r\n250 DSN\r\n", leniency)) == "Hello");
    const auto with_nul = reply::parse(std::string_view("250-mx \0\r\n250 DSN\r\n", 20), leniency);
    CHECK(with_nul.error() == fault{errc::nul_octet, 7});
  }
  sansmtp::output_buffer<256> out;
  CHECK_FALSE(sansmtp::encode_ehlo_reply("*** hello", {}, 0, {}, out));
  CHECK(sansmtp::encode_ehlo_reply("mx.example hello", {}, 0, {}, out));
  CHECK(out.written() == "250 mx.example hello\r\n");
}

TEST_CASE("A-11: the text of a reply is read with any octet but CR, LF and NUL, and written as textstring") {
  // RFC 5321 4.2: textstring = 1*(%d09 / %d32-126); UTF-8 by RFC 6531 3.7.4.
  sansmtp::output_buffer<64> out;
  for (int octet = 1; octet < 256; ++octet) {
    if (octet == '\r' || octet == '\n') continue;
    CAPTURE(octet);
    const std::string text = std::string("a") + static_cast<char>(octet) + "b";
    for (const quirks leniency : {quirks::strict, quirks::deployed})
      CHECK(reply::parse("250 " + text + "\r\n", leniency)->text() == text);
    out.clear();
    CHECK(encode(response{250, {}, text}, out).has_value() == (octet == '\t' || (32 <= octet && octet <= 126)));
  }
  CHECK(encode(response{250, {}, "\xC3\xA9"}, out));
}

TEST_CASE("A-12: a code alone, with SP, or with a hyphen is a line; it is written without a trailing SP") {
  // RFC 5321 4.2: Reply-code [ SP textstring ] CRLF
  for (const quirks leniency : {quirks::strict, quirks::deployed}) {
    for (std::string_view wire : {"250\r\n", "250 \r\n", "250-\r\n250\r\n", "250-\r\n250 \r\n"})
      CHECK(reply::parse(wire, leniency)->text() == "");
    CHECK(reply::parse("250_x\r\n", leniency).error() == fault{errc::reply_separator, 3});
    CHECK(reply::parse("250\tx\r\n", leniency).error() == fault{errc::reply_separator, 3});
  }
  sansmtp::output_buffer<64> out;
  REQUIRE(encode(response{250}, out));
  CHECK(out.written() == "250\r\n");
}

TEST_CASE("A-13: a second digit of 6 to 9 is refused by the letter, judged by the first in use, and not written") {
  // RFC 5321 4.2: Reply-code = %x32-35 %x30-35 %x30-39; 4.2.1 leaves the second digit open.
  for (std::string_view code : {"260", "370", "480", "599"}) {
    const std::string wire = std::string(code) + " x\r\n";
    CHECK(reply::parse(wire).error() == fault{errc::reply_code_malformed, 1});
    CHECK(static_cast<char>('0' + static_cast<int>(reply::parse(wire, quirks::deployed)->kind())) == code[0]);
  }
  sansmtp::output_buffer<64> out;
  CHECK(encode(response{599, {}, "x"}, out).error().code == errc::reply_code_malformed);
}

TEST_CASE("A-14: an enhanced status code that is malformed or disagrees is a fault by the letter, text in use") {
  // RFC 2034 4, RFC 3463 2.
  struct row {
    std::string_view wire, text;
    errc why;
  };
  const row rows[] = {{"250 2.01.5 ok\r\n", "2.01.5 ok", errc::enhanced_status_malformed},
                      {"250 5.1.1 ok\r\n", "5.1.1 ok", errc::enhanced_status_class},
                      {"354 2.0.0 go\r\n", "2.0.0 go", errc::enhanced_status_class},
                      {"250 3.0.0 ok\r\n", "3.0.0 ok", errc::enhanced_status_malformed}};
  for (const auto& r : rows) {
    CAPTURE(r.wire);
    CHECK(reply::parse(r.wire).error() == fault{r.why, reply::parse(r.wire).error().at});
    const auto loose = reply::parse(r.wire, quirks::deployed);
    REQUIRE(loose);
    CHECK(loose->status() == enhanced_status{});
    CHECK(loose->text() == r.text);
    CHECK(loose->status_is_irregular());
  }
  for (const quirks leniency : {quirks::strict, quirks::deployed}) {
    CHECK(reply::parse("250 2.0.0\r\n", leniency)->status() == enhanced_status{2, 0, 0});
    CHECK(reply::parse("250 2.0.0   ok\r\n", leniency)->text() == "ok");
  }
  sansmtp::output_buffer<64> out;
  CHECK(encode(response{250, {5, 1, 1}, "x"}, out).error().code == errc::enhanced_status_class);
  CHECK(encode(response{354, {2, 0, 0}, "x"}, out).error().code == errc::enhanced_status_class);
  CHECK(encode(response{250, {2, 1000, 0}, "x"}, out).error().code == errc::enhanced_status_malformed);
}

TEST_CASE("A-23: mechanisms are known in any case and over 20 octets, and written in upper case") {
  // RFC 4422 3.1: 1*20mech-char, upper case; two registered names are longer.
  for (const quirks leniency : {quirks::strict, quirks::deployed}) {
    const auto c = learned("250-AUTH plain ECDSA-NIST256P-CHALLENGE\r\n", leniency);
    CHECK(c.offers("PLAIN"));
    CHECK(c.offers("Plain"));
    CHECK(c.offers("ecdsa-nist256p-challenge"));
    CHECK(c.mechanisms() == "PLAIN ECDSA-NIST256P-CHALLENGE");
  }
  sansmtp::output_buffer<256> out;
  CHECK(sansmtp::encode_ehlo_reply("a", {extension::auth}, 0, "plain", out).error().code == errc::mechanism_malformed);
  CHECK(sansmtp::encode_ehlo_reply("a", {extension::auth}, 0, "ECDSA-NIST256P-CHALLENGE", out));
}

TEST_CASE("A-53: a line AUTH= is no line by the letter, and a list of mechanisms in use; it is never written") {
  const std::string_view lines = "250-AUTH=LOGIN PLAIN\r\n";
  CHECK_FALSE(learned(lines, quirks::strict).has(extension::auth));
  CHECK(learned(lines, quirks::strict).malformed_lines() == 1);
  const auto alone = learned(lines, quirks::deployed);
  CHECK(alone.mechanisms() == "LOGIN PLAIN");
  const auto beside = learned("250-AUTH CRAM-MD5\r\n250-AUTH=LOGIN PLAIN\r\n", quirks::deployed);
  CHECK(beside.mechanisms() == "CRAM-MD5 LOGIN PLAIN");
  sansmtp::output_buffer<256> out;
  const std::string_view more[] = {"AUTH=PLAIN"};
  CHECK(sansmtp::encode_ehlo_reply("a", {}, 0, {}, out, more).error().code == errc::ehlo_keyword_malformed);
}

TEST_CASE("A-55: HTAB and several SP in an EHLO line separate in use, and spoil it by the letter") {
  // RFC 5321 4.1.1.1: ehlo-line = ehlo-keyword *( SP ehlo-param )
  for (std::string_view line :
       {"250-SIZE\t1000\r\n", "250-SIZE  1000\r\n", "250- SIZE 1000\r\n", "250-SIZE 1000 \r\n"}) {
    CAPTURE(line);
    CHECK_FALSE(learned(line, quirks::strict).has(extension::size));
    CHECK(learned(line, quirks::strict).malformed_lines() == 1);
    CHECK(learned(line, quirks::deployed).size_limit() == 1000U);
  }
  sansmtp::output_buffer<256> out;
  const std::string_view more[] = {"X  Y"};
  CHECK(sansmtp::encode_ehlo_reply("a", {}, 0, {}, out, more).error().code == errc::parameter_malformed);
}
