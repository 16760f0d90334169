#include "sansmtp/sasl/cram_md5.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "sasl/decoded.hpp"
#include "sasl/is_fault.hpp"

using namespace std::string_view_literals;
using sansmtp::check_cram_challenge;
using sansmtp::cram_md5_client;
using sansmtp::cram_md5_server;
using sansmtp::cram_response;
using sansmtp::errc;
using sansmtp::hmac;
using sansmtp::md5;
using sansmtp::output_buffer;

namespace {

// One whole exchange from the two lines of base64, by password and by the context that may be kept in its place.
constexpr bool exchange(std::string_view challenge, std::string_view response, std::string_view user,
                        std::string_view passwd) {
  output_buffer<512> out;
  const decoded asked_text(challenge), sent_text(response);
  cram_md5_client client(user, passwd);
  cram_md5_server server(asked_text.view());
  const auto asked = server.challenge(out);
  if (!asked || *asked != asked_text.view() || client.done()) return false;
  const auto sent = client.respond(*asked, out);
  if (!sent || *sent != sent_text.view() || !client.done()) return false;
  const auto taken = server.take(*sent);
  if (!taken || taken->user != user || server.done()) return false;
  cram_md5_server other = server;
  if (!server.verify(*taken, passwd) || !server.done()) return false;
  return other.verify(*taken, hmac<md5>(passwd)) && other.done();
}

// RFC 2195 2, and with it the third of the documents' three ways.
static_assert(exchange("PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+",
                       "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw", "tim", "tanstaaftanstaaf"));
static_assert(decoded("PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+").view() ==
              "<1896.697170952@postoffice.reston.mci.net>");
static_assert(decoded("dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw").view() ==
              "tim b913a602c7eda7a495b4e6e7334d3890");
// As Postfix was recorded to ask, and took it.
static_assert(exchange("PDM0NDQyMTU3MjcuMTI5NzA2QG14LnRlc3QuZXhhbXBsZT4=",
                       "dGVzdGVyIDlhMGYwOWYxOTM3OTNjZTNlNWQ2ZDljNzg5Zjg4MWE3", "tester", "s3cret"));

// RFC 4954 4.1's dialogue, which two of the documents repeat, does not say the password: the grammar of both lines
// is all that can be checked.
constexpr bool follows_the_grammar() {
  const decoded challenge("PDQxOTI5NDIzNDEuMTI4Mjg0NzJAc291cmNlZm91ci5hbmRyZXcuY211LmVkdT4=");
  const decoded response("cmpzMyBlYzNhNTlmZWQzOTVhYmExZWM2MzY3YzRmNGI0MWFjMA==");
  const auto taken = cram_response::parse(response.view());
  return check_cram_challenge(challenge.view()) &&
         challenge.view() == "<4192942341.12828472@sourcefour.andrew.cmu.edu>" && taken && taken->user == "rjs3" &&
         taken->digest == "ec3a59fed395aba1ec6367c4f4b41ac0";
}
static_assert(follows_the_grammar());

constexpr std::string_view challenge = "<1896.697170952@postoffice.reston.mci.net>";
constexpr std::string_view digest = "b913a602c7eda7a495b4e6e7334d3890";

}  // namespace

TEST_CASE("a client answers no challenge without the brackets of a msg-id, or with what can not stand within") {
  struct row {
    std::string text;
    errc code;
    std::size_t at;
  };
  using namespace std::string_literals;
  const row rows[] = {
      {"", errc::sasl_field_missing, 0},
      {"1@h>", errc::sasl_message_malformed, 0},
      {"<", errc::sasl_field_missing, 1},
      {"<1@h", errc::sasl_field_missing, 4},
      {"<>", errc::sasl_field_empty, 1},
      {"<1@h>x", errc::sasl_trailing, 5},
      {"<1@h><2@h>", errc::sasl_trailing, 5},
      {"<1<2@h>", errc::sasl_octet, 2},
      {"<1\0@h>"s, errc::sasl_octet, 2},
      {"<1@h>\0"s, errc::sasl_trailing, 5},
      {"<1\r\n@h>", errc::sasl_octet, 2},
      {"<1\xFF@h>", errc::sasl_octet, 2},
      {"<" + std::string(254, '1') + ">", errc::sasl_field_too_long, 255},
  };
  CHECK(check_cram_challenge("<" + std::string(253, '1') + ">"));
  for (const row& r : rows) {
    CAPTURE(r.text);
    output_buffer<64> out;
    cram_md5_client client("tim", "tanstaaftanstaaf");
    CHECK(is_fault(client.respond(r.text, out), r.code, r.at));
    CHECK(out.empty());
    CHECK_FALSE(client.done());
    CHECK(is_fault(client.respond(challenge, out), errc::sasl_out_of_order, 0));
    // And no server's program is let ask it.
    cram_md5_server server(r.text);
    CHECK(is_fault(server.challenge(out), r.code, r.at));
  }
}

TEST_CASE("a challenge needs the brackets and the octets of a msg-id, and no addr-spec (RFC 2195 2, more loosely)") {
  for (const std::string_view text : {"<1>", "<@>", "<a b@c>", "<a@b@c>", "<\"a b\"@[10.0.0.1]>", "<1@h.>"}) {
    CAPTURE(text);
    CHECK(check_cram_challenge(text));
  }
  // What RFC 822 lets a quoted string hold, and this library not.
  CHECK(is_fault(check_cram_challenge("<\"a>b\"@c>"), errc::sasl_trailing, 4));
  CHECK(is_fault(check_cram_challenge("<\"a\\<b\"@c>"), errc::sasl_octet, 4));
}

TEST_CASE("what is no response is refused at the octet") {
  struct row {
    std::string text;
    errc code;
    std::size_t at;
  };
  using namespace std::string_literals;
  const std::string hex(digest);
  const row rows[] = {
      {"", errc::sasl_field_missing, 0},
      {"tim", errc::sasl_field_missing, 3},
      {hex, errc::sasl_field_missing, 32},  // no user
      {" " + hex, errc::sasl_field_empty, 0},
      {"tim ", errc::sasl_field_missing, 4},
      {"tim " + hex.substr(1), errc::sasl_field_missing, 35},
      {"tim " + hex + "0", errc::sasl_trailing, 36},
      {"tim " + hex + hex, errc::sasl_trailing, 36},
      {"tim " + hex + " ", errc::sasl_field_missing, 37},  // the last SP counts
      {"tim B" + hex.substr(1), errc::sasl_octet, 4},      // RFC 2195 2: lower case
      {"tim g" + hex.substr(1), errc::sasl_octet, 4},
      {"tim " + hex.substr(0, 31) + "\0"s, errc::sasl_octet, 35},
      {"t\0m "s + hex, errc::sasl_octet, 1},
      {"t\xFFm " + hex, errc::utf8_malformed, 1},
      {std::string(256, 't') + " " + hex, errc::sasl_field_too_long, 255},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    output_buffer<64> out;
    cram_md5_server server(challenge);
    REQUIRE(server.challenge(out));
    CHECK(is_fault(server.take(r.text), r.code, r.at));
    CHECK_FALSE(server.done());
    CHECK(is_fault(server.take("tim " + hex), errc::sasl_out_of_order, 0));
    CHECK(is_fault(server.verify({"tim", digest}, "tanstaaftanstaaf"), errc::sasl_out_of_order, 0));
    CHECK_FALSE(server.done());
  }
}

TEST_CASE("a user's name may hold spaces") {
  const auto taken = cram_response::parse("tim of mci b913a602c7eda7a495b4e6e7334d3890");
  REQUIRE(taken);
  CHECK(taken->user == "tim of mci");
  CHECK(taken->digest == digest);
}

TEST_CASE("a wrong password, a changed digest and another challenge are all refused, once and for all") {
  struct row {
    std::string_view asked, sent, passwd;
  };
  const row rows[] = {
      {challenge, "tim b913a602c7eda7a495b4e6e7334d3890", "tanstaaftanstaaF"},
      {challenge, "tim b913a602c7eda7a495b4e6e7334d3891", "tanstaaftanstaaf"},
      {challenge, "tim a913a602c7eda7a495b4e6e7334d3890", "tanstaaftanstaaf"},
      {"<1896.697170953@postoffice.reston.mci.net>", "tim b913a602c7eda7a495b4e6e7334d3890", "tanstaaftanstaaf"},
  };
  for (const row& r : rows) {
    output_buffer<64> out;
    cram_md5_server server(r.asked);
    REQUIRE(server.challenge(out));
    const auto taken = server.take(r.sent);
    REQUIRE(taken);
    CHECK(is_fault(server.verify(*taken, r.passwd), errc::sasl_proof, 0));
    CHECK_FALSE(server.done());
    CHECK(is_fault(server.verify({"tim", digest}, "tanstaaftanstaaf"), errc::sasl_out_of_order, 0));
    CHECK_FALSE(server.done());
  }
  // No password is no password: nobody who knows of none gets in by hashing nothing.
  output_buffer<128> out;
  cram_md5_server server(challenge);
  REQUIRE(server.challenge(out));
  const auto taken = server.take("tim b913a602c7eda7a495b4e6e7334d3890");
  CHECK(is_fault(server.verify(*taken, ""), errc::sasl_field_empty, 0));
  CHECK_FALSE(server.done());
}

TEST_CASE("CRAM-MD5 keeps its order") {
  output_buffer<256> out;
  cram_md5_server server(challenge);
  CHECK(is_fault(server.take("tim b913a602c7eda7a495b4e6e7334d3890"), errc::sasl_out_of_order, 0));
  CHECK(is_fault(server.verify({"tim", digest}, "tanstaaftanstaaf"), errc::sasl_out_of_order, 0));
  CHECK(server.challenge(out));
  CHECK(is_fault(server.challenge(out), errc::sasl_out_of_order, 0));
  CHECK(is_fault(server.verify({"tim", digest}, "tanstaaftanstaaf"), errc::sasl_out_of_order, 0));

  cram_md5_client client("tim", "tanstaaftanstaaf");
  CHECK(client.respond(challenge, out));
  CHECK(is_fault(client.respond(challenge, out), errc::sasl_out_of_order, 0));
  CHECK(client.done());
}

TEST_CASE("a client of CRAM-MD5 writes only what its server can read") {
  output_buffer<64> out;
  CHECK(is_fault(cram_md5_client("", "p").respond(challenge, out), errc::sasl_field_empty, 0));
  CHECK(is_fault(cram_md5_client("t\0"sv, "p").respond(challenge, out), errc::sasl_octet, 1));
  CHECK(is_fault(cram_md5_client("t\xFF", "p").respond(challenge, out), errc::utf8_malformed, 1));
  CHECK(is_fault(cram_md5_client("tim", "").respond(challenge, out), errc::sasl_field_empty, 0));
  output_buffer<35> small;
  cram_md5_client client("tim", "tanstaaftanstaaf");
  CHECK(is_fault(client.respond(challenge, small), errc::output_full, 0));
  CHECK(small.empty());
  CHECK(client.respond(challenge, out));
}
