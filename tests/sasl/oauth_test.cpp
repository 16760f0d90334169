#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "sansmtp/sasl/oauthbearer.hpp"
#include "sansmtp/sasl/xoauth2.hpp"
#include "sasl/decoded.hpp"
#include "sasl/is_fault.hpp"

using namespace std::string_view_literals;
using sansmtp::errc;
using sansmtp::oauth_error;
using sansmtp::oauthbearer_client;
using sansmtp::oauthbearer_message;
using sansmtp::oauthbearer_request;
using sansmtp::oauthbearer_server;
using sansmtp::output_buffer;
using sansmtp::xoauth2_client;
using sansmtp::xoauth2_message;
using sansmtp::xoauth2_server;

namespace {

// RFC 7628 4.1: one credential for IMAP and for SMTP; `auth` is the last of the keys.
constexpr bool succeeds(std::string_view base64, std::uint16_t port) {
  constexpr std::string_view token = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==";
  const decoded message(base64);
  output_buffer<512> out;
  oauthbearer_client client(
      {.token = token, .authzid = "user@example.com", .host = "server.example.com", .port = port});
  oauthbearer_server server;
  const auto asked = server.challenge(out);
  if (!asked || !asked->empty() || client.done()) return false;
  const auto sent = client.respond(*asked, out);
  if (!sent || *sent != message.view() || !client.done()) return false;
  const auto taken = server.take(*sent);
  return taken && taken->authzid && taken->authzid->text() == "user@example.com" && taken->token == token &&
         taken->host == "server.example.com" && taken->port == port && taken->meant_for("SERVER.example.com", port) &&
         !taken->meant_for("server.example.com", 25) && !taken->meant_for("other.example", port) && server.done();
}
static_assert(
    succeeds("bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyI"
             "HZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB",
             143));
static_assert(
    succeeds("bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9NTg3AWF1dGg9QmVhcmVyIHZGOWRmd"
             "DRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB",
             587));

constexpr std::string_view reasons_4_3 =
    "eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIiwic2NvcGUiOiJleGFtcGxlX3Njb3BlIiwib3BlbmlkLWNvbmZpZ3VyYXRpb24iOiJodHRwczovL2V4"
    "YW1wbGUuY29tLy53ZWxsLWtub3duL29wZW5pZC1jb25maWd1cmF0aW9uIn0=";
constexpr std::string_view reasons_4_4 =
    "eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIiwic2NoZW1lcyI6ImJlYXJlciBtYWMiLCJzY29wZSI6Imh0dHBzOi8vbWFpbC5leGFtcGxlLmNvbS8if"
    "Q==";

// RFC 7628 4.3: no token at all, so that the server says what it wants.
constexpr bool inquires() {
  const decoded message("bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9AQE=");
  const decoded reasons(reasons_4_3);
  output_buffer<512> out;
  oauthbearer_client client(
      {.authzid = "user@example.com", .host = "server.example.com", .port = 143, .inquiry = true});
  oauthbearer_server server;
  const auto sent = client.respond("", out);
  if (!sent || *sent != message.view() || client.done()) return false;
  if (!is_fault(server.take(*sent), errc::sasl_field_empty, 60)) return false;
  const auto refused = server.refuse({.status = "invalid_token",
                                      .scope = "example_scope",
                                      .openid_configuration = "https://example.com/.well-known/openid-configuration"},
                                     out);
  if (!refused || *refused != reasons.view()) return false;
  const auto read = oauth_error::parse(*refused, out);
  if (!read || read->status != "invalid_token" || read->scope != "example_scope" || !read->schemes.empty() ||
      read->openid_configuration != "https://example.com/.well-known/openid-configuration")
    return false;
  const auto last = client.respond(*refused, out);
  return last && *last == decoded("AQ==").view() && client.refused() && !client.done() &&
         server.take_dismissal(*last) && !server.done();
}
static_assert(inquires());

// RFC 7628 4.4, whose first message does not follow RFC 5801 4: "user=" stands where "a=" belongs.
constexpr bool fails_over_smtp() {
  const decoded message(
      "bix1c2VyPXNvbWV1c2VyQGV4YW1wbGUuY29tLAFhdXRoPUJlYXJlciB2RjlkZnQ0cW1UYzJOdmIzUmxja0JoZEhSaGRtbHpkR0V1WTI5dENnPT0B"
      "AQ==");
  output_buffer<512> out;
  oauthbearer_server server;
  if (!is_fault(server.take(message.view()), errc::gs2_header_malformed, 2) || server.done()) return false;
  const auto refused =
      server.refuse({.status = "invalid_token", .schemes = "bearer mac", .scope = "https://mail.example.com/"}, out);
  if (!refused || *refused != decoded(reasons_4_4).view()) return false;
  oauthbearer_client client({.token = "vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg==", .authzid = "someuser@example.com"});
  if (!client.respond("", out) || !client.done()) return false;
  const auto last = client.respond(*refused, out);
  return last && *last == "\x01" && client.refused() && !client.done() && server.take_dismissal(*last);
}
static_assert(fails_over_smtp());

// XOAUTH2 as curl was recorded to write it, accepted and refused.
constexpr bool xoauth2(bool accepted) {
  const decoded message("dXNlcj10ZXN0ZXIBYXV0aD1CZWFyZXIgczNjcmV0LXRva2VuAQE=");
  const decoded reasons(
      "eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIiwic2NvcGUiOiJodHRwczovL21haWwudGVzdC5leGFtcGxlLyJ9");
  output_buffer<512> out;
  xoauth2_client client("tester", "s3cret-token");
  xoauth2_server server;
  const auto asked = server.challenge(out);
  const auto sent = client.respond(*asked, out);
  if (!sent || *sent != message.view() || !client.done()) return false;
  const auto taken = server.take(*sent);
  if (!taken || taken->user != "tester" || !(taken->token == "s3cret-token") || !server.done()) return false;
  if (accepted) return true;
  const auto refused =
      server.refuse({.status = "401", .schemes = "bearer", .scope = "https://mail.test.example/"}, out);
  if (!refused || *refused != reasons.view() || server.done()) return false;
  const auto last = client.respond(*refused, out);
  return last && last->empty() && client.refused() && !client.done() && server.take_dismissal(*last);
}
static_assert(xoauth2(true));
static_assert(xoauth2(false));

}  // namespace

TEST_CASE("a message of OAUTH10A is none of OAUTHBEARER") {
  const decoded message(
      "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9ZXhhbXBsZS5jb20BcG9ydD0xNDMBYXV0aD1PQXV0aCByZWFsbT0iRXhhbXBsZSIsb2F1dGhfY29u"
      "c3VtZXJfa2V5PSI5ZGpkajgyaDQ4ZGpzOWQyIixvYXV0aF90b2tlbj0ia2trOWQ3ZGgzazM5c2p2NyIsb2F1dGhfc2lnbmF0dXJlX21ldGhvZD0i"
      "SE1BQy1TSEExIixvYXV0aF90aW1lc3RhbXA9IjEzNzEzMTIwMSIsb2F1dGhfbm9uY2U9IjdkOGYzZTRhIixvYXV0aF9zaWduYXR1cmU9IlRtOTBJ"
      "R0VnY21WaGJDQnphV2R1WVhSMWNtVSUzRCIBAQ==");
  REQUIRE(message.view().substr(53, 5) == "OAuth");
  CHECK(is_fault(oauthbearer_message::parse(message.view()), errc::sasl_message_malformed, 53));
}

TEST_CASE("what is no message of OAUTHBEARER is refused at the octet") {
  struct row {
    std::string_view text;
    errc code;
    std::size_t at;
  };
  const row rows[] = {
      {"", errc::gs2_header_malformed, 0},
      {"\x01", errc::gs2_header_malformed, 0},  // the dismissal, out of order (RFC 7628 3.1)
      {"n", errc::gs2_header_malformed, 1},
      {"n,", errc::gs2_header_malformed, 2},
      {"F,n,,\x01"
       "auth=Bearer t\x01\x01",
       errc::gs2_header_malformed, 0},
      {"p=tls-exporter,,\x01"
       "auth=Bearer t\x01\x01",
       errc::channel_binding_unknown, 0},
      {"n,a=,\x01"
       "auth=Bearer t\x01\x01",
       errc::sasl_field_empty, 4},
      {"n,a=u=2c,\x01"
       "auth=Bearer t\x01\x01",
       errc::saslname_malformed, 5},
      {"n,a=u\0,\x01"
       "auth=Bearer t\x01\x01"sv,
       errc::sasl_octet, 5},
      {"n,,", errc::sasl_field_missing, 3},
      {"n,,auth=Bearer t\x01\x01", errc::sasl_message_malformed, 3},
      {"n,,\x01", errc::sasl_field_missing, 4},
      {"n,,\x01\x01", errc::sasl_field_missing, 5},                        // no auth
      {"n,,\x01host=h\x01port=25\x01\x01", errc::sasl_field_missing, 20},  // no auth
      {"n,,\x01"
       "auth=\x01\x01",
       errc::sasl_field_empty, 9},  // an inquiry
      {"n,,\x01"
       "auth=Bearer t",
       errc::sasl_field_missing, 17},
      {"n,,\x01"
       "auth=Bearer t\x01",
       errc::sasl_field_missing, 18},
      {"n,,\x01"
       "auth=Bearer t\x01\x01x",
       errc::sasl_trailing, 19},
      {"n,,\x01"
       "auth=Bearer t\x01\x01\x01",
       errc::sasl_trailing, 19},
      {"n,,\x01"
       "auth=Bearer t\x01"
       "auth=Bearer t\x01\x01",
       errc::sasl_field_repeated, 18},
      {"n,,\x01host=h\x01host=h\x01"
       "auth=Bearer t\x01\x01",
       errc::sasl_field_repeated, 11},
      {"n,,\x01port=1\x01port=1\x01"
       "auth=Bearer t\x01\x01",
       errc::sasl_field_repeated, 11},
      {"n,,\x01host=\x01host=h\x01"
       "auth=Bearer t\x01\x01",
       errc::sasl_field_repeated, 10},
      {"n,,\x01"
       "auth=\x01\x01",
       errc::sasl_field_empty, 9},
      {"n,,\x01port=\x01"
       "auth=Bearer t\x01\x01",
       errc::sasl_field_empty, 9},
      {"n,,\x01port=0\x01"
       "auth=Bearer t\x01\x01",
       errc::number_malformed, 9},
      {"n,,\x01port=025\x01"
       "auth=Bearer t\x01\x01",
       errc::number_malformed, 9},
      {"n,,\x01port=65536\x01"
       "auth=Bearer t\x01\x01",
       errc::number_too_large, 13},
      {"n,,\x01port=2x\x01"
       "auth=Bearer t\x01\x01",
       errc::number_malformed, 10},
      {"n,,\x01"
       "auth\x01\x01",
       errc::sasl_message_malformed, 8},
      {"n,,\x01=x\x01\x01", errc::sasl_message_malformed, 4},
      {"n,,\x01"
       "1=x\x01\x01",
       errc::sasl_message_malformed, 4},
      {"n,,\x01host=a\0b\x01\x01"sv, errc::sasl_octet, 10},
      {"n,,\x01host=\xC3\xBC\x01\x01", errc::sasl_octet, 9},
      {"n,,\x01"
       "auth=Basic t\x01\x01",
       errc::sasl_message_malformed, 9},
      {"n,,\x01"
       "auth=Bearert\x01\x01",
       errc::sasl_message_malformed, 9},
      {"n,,\x01"
       "auth=Bearer\x01\x01",
       errc::sasl_field_missing, 15},
      {"n,,\x01"
       "auth=Bearer \x01\x01",
       errc::sasl_field_missing, 16},
      {"n,,\x01"
       "auth=Bearer t t\x01\x01",
       errc::sasl_octet, 17},
      {"n,,\x01"
       "auth=Bearer =\x01\x01",
       errc::sasl_octet, 16},
      {"n,,\x01"
       "auth=Bearer t=t\x01\x01",
       errc::sasl_octet, 18},
      {"n,,\x01"
       "auth=Bearer t\"\x01\x01",
       errc::sasl_octet, 17},
  };
  for (const row& r : rows) {
    CAPTURE(&r - rows);
    oauthbearer_server server;
    const auto taken = server.take(r.text);
    CHECK_FALSE(taken);
    CHECK(static_cast<int>(taken.error().code) == static_cast<int>(r.code));
    CHECK(taken.error().at == r.at);
    CHECK_FALSE(server.done());
    CHECK(is_fault(server.take("n,,\x01"
                               "auth=Bearer t\x01\x01"),
                   errc::sasl_out_of_order, 0));
    CHECK_FALSE(server.done());
  }
  const std::string long_token =
      "n,,\x01"
      "auth=Bearer " +
      std::string(8193, 't') + "\x01\x01";
  CHECK(is_fault(oauthbearer_message::parse(long_token), errc::sasl_field_too_long, 16 + 8192));
  CHECK(
      oauthbearer_message::parse("n,,\x01"
                                 "auth=Bearer " +
                                 std::string(8192, 't') + "\x01\x01"));
  const std::string long_host = "n,,\x01host=" + std::string(256, 'h') +
                                "\x01"
                                "auth=Bearer t\x01\x01";
  CHECK(is_fault(oauthbearer_message::parse(long_host), errc::sasl_field_too_long, 9 + 255));
  CHECK(oauthbearer_message::parse("n,,\x01host=" + std::string(255, 'h') +
                                   "\x01"
                                   "auth=Bearer t\x01\x01"));
}

TEST_CASE("OAUTHBEARER passes over keys that it does not know, and takes them in any order") {
  const auto taken = oauthbearer_message::parse(
      "y,,\x01"
      "auth=bEaReR  a-b._~+/==\x01mthd=GET\x01qs=\x01qs=\x01x=a=b \t\r\n\x01port=587\x01host=mx.example\x01\x01");
  REQUIRE(taken);
  CHECK(taken->token == sansmtp::secret("a-b._~+/=="));
  CHECK_FALSE(taken->authzid);
  CHECK(taken->host == "mx.example");
  CHECK(taken->port == 587);
}

TEST_CASE("an empty host says nothing of where the client thinks it is (RFC 7628 3.1)") {
  // value = *(VCHAR / SP / HTAB / CR / LF ), while a port is "a decimal positive integer string"
  const auto taken = oauthbearer_message::parse(
      "n,,\x01host=\x01port=25\x01"
      "auth=Bearer t\x01\x01");
  REQUIRE(taken);
  CHECK(taken->host.empty());
  CHECK(taken->port == 25);
  CHECK(taken->meant_for("mx.example", 25));
  CHECK_FALSE(taken->meant_for("mx.example", 587));
}

TEST_CASE("a name with a comma goes through OAUTHBEARER unharmed") {
  output_buffer<64> out, name;
  oauthbearer_client client({.token = "t", .authzid = "a,b=c"});
  const auto sent = client.respond("", out);
  REQUIRE(sent);
  CHECK(*sent ==
        "n,a=a=2Cb=3Dc,\x01"
        "auth=Bearer t\x01\x01");
  const auto taken = oauthbearer_message::parse(*sent);
  REQUIRE(taken);
  REQUIRE(taken->authzid);
  CHECK(taken->authzid->decode(name));
  CHECK(name.written() == "a,b=c");
}

TEST_CASE("a client writes no request that OAUTHBEARER has no place for") {
  output_buffer<64> out;
  const auto respond = [&](const oauthbearer_request& request) { return oauthbearer_client(request).respond("", out); };
  CHECK(is_fault(respond({.token = ""}), errc::sasl_field_empty, 0));
  CHECK(is_fault(respond({.token = "t\x01"}), errc::sasl_octet, 1));
  CHECK(is_fault(respond({.token = "t t"}), errc::sasl_octet, 1));
  CHECK(is_fault(respond({.token = "t", .authzid = "a\0"sv}), errc::sasl_octet, 1));
  CHECK(is_fault(respond({.token = "t", .authzid = "a\xFF"}), errc::utf8_malformed, 1));
  CHECK(is_fault(respond({.token = "t", .host = "h\x01"}), errc::sasl_octet, 1));
  CHECK(is_fault(respond({.token = "t", .host = "h h"}), errc::sasl_octet, 1));
  CHECK(out.empty());
}

TEST_CASE("what is no message of XOAUTH2 is refused at the octet") {
  struct row {
    std::string_view text;
    errc code;
    std::size_t at;
  };
  const row rows[] = {
      {"", errc::sasl_field_missing, 0},
      {"user", errc::sasl_field_missing, 4},
      {"User=u\x01"
       "auth=Bearer t\x01\x01",
       errc::sasl_message_malformed, 0},
      {"auth=Bearer t\x01user=u\x01\x01", errc::sasl_message_malformed, 0},  // out of order
      {"user=u", errc::sasl_field_missing, 6},
      {"user=u\x01", errc::sasl_field_missing, 7},
      {"user=u\x01\x01", errc::sasl_message_malformed, 7},  // no token
      {"user=\x01"
       "auth=Bearer t\x01\x01",
       errc::sasl_field_empty, 5},
      {"user=u\x01user=u\x01"
       "auth=Bearer t\x01\x01",
       errc::sasl_message_malformed, 7},
      {"user=u\0\x01"
       "auth=Bearer t\x01\x01"sv,
       errc::sasl_octet, 6},
      {"user=u\xFF\x01"
       "auth=Bearer t\x01\x01",
       errc::utf8_malformed, 6},
      {"user=u\x01"
       "auth=\x01\x01",
       errc::sasl_field_empty, 12},
      {"user=u\x01"
       "auth=Bearer \x01\x01",
       errc::sasl_field_missing, 19},
      {"user=u\x01"
       "auth=OAuth t\x01\x01",
       errc::sasl_message_malformed, 12},
      {"user=u\x01"
       "auth=Bearer t\0\x01\x01"sv,
       errc::sasl_octet, 20},
      {"user=u\x01"
       "auth=Bearer t",
       errc::sasl_field_missing, 20},
      {"user=u\x01"
       "auth=Bearer t\x01",
       errc::sasl_field_missing, 21},
      {"user=u\x01"
       "auth=Bearer t\x01"
       "auth=Bearer t\x01\x01",
       errc::sasl_message_malformed, 21},
      {"user=u\x01"
       "auth=Bearer t\x01\x01\x01",
       errc::sasl_trailing, 22},
  };
  for (const row& r : rows) {
    CAPTURE(&r - rows);
    xoauth2_server server;
    const auto taken = server.take(r.text);
    CHECK_FALSE(taken);
    CHECK(static_cast<int>(taken.error().code) == static_cast<int>(r.code));
    CHECK(taken.error().at == r.at);
    CHECK_FALSE(server.done());
  }
  const std::string long_user = "user=" + std::string(256, 'u') +
                                "\x01"
                                "auth=Bearer t\x01\x01";
  CHECK(is_fault(xoauth2_message::parse(long_user), errc::sasl_field_too_long, 5 + 255));
  CHECK(xoauth2_message::parse("user=" + std::string(255, 'u') +
                               "\x01"
                               "auth=Bearer t\x01\x01"));
  const std::string long_token =
      "user=u\x01"
      "auth=Bearer " +
      std::string(8193, 't') + "\x01\x01";
  CHECK(is_fault(xoauth2_message::parse(long_token), errc::sasl_field_too_long, 19 + 8192));
}

TEST_CASE("a client writes no message that XOAUTH2 has no place for") {
  output_buffer<64> out;
  CHECK(is_fault(xoauth2_client("", "t").respond("", out), errc::sasl_field_empty, 5));
  CHECK(is_fault(xoauth2_client("u\x01"
                                "auth=Bearer x",
                                "t")
                     .respond("", out),
                 errc::sasl_octet, 6));
  CHECK(is_fault(xoauth2_client("u", "").respond("", out), errc::sasl_field_empty, 19));
  CHECK(is_fault(xoauth2_client("u", "t\x01").respond("", out), errc::sasl_octet, 20));
  CHECK(out.empty());
}

TEST_CASE("a client of either that is sent anything but reasons gives up") {
  for (const std::string_view challenge : {""sv, "invalid_token"sv, "{}"sv, "{\"status\":\"401\"} x"sv}) {
    output_buffer<64> out;
    oauthbearer_client bearer({.token = "t"});
    xoauth2_client xoauth2("u", "t");
    CHECK(bearer.respond("", out));
    CHECK(xoauth2.respond("", out));
    out.clear();
    CHECK_FALSE(bearer.respond(challenge, out));
    CHECK_FALSE(xoauth2.respond(challenge, out));
    CHECK(out.empty());
    CHECK_FALSE(bearer.done());
    CHECK_FALSE(bearer.refused());
    CHECK_FALSE(xoauth2.done());
    CHECK(is_fault(bearer.respond("", out), errc::sasl_out_of_order, 0));
  }
}

TEST_CASE("a client that was refused stays so, and reasons before the token are none") {
  output_buffer<64> out;
  oauthbearer_client client({.token = "t"});
  CHECK(client.respond("", out));
  CHECK(client.respond("{\"status\":\"invalid_token\"}", out));
  CHECK(is_fault(client.respond("{\"status\":\"invalid_token\"}", out), errc::sasl_out_of_order, 0));
  CHECK(client.refused());
  CHECK_FALSE(client.done());
  oauthbearer_client early({.token = "t"});
  CHECK(is_fault(early.respond("{\"status\":\"invalid_token\"}", out), errc::sasl_message_malformed, 0));
  CHECK_FALSE(early.done());
}

TEST_CASE("a server that refused takes the phrase that says nothing, and nothing else") {
  output_buffer<64> out;
  const oauth_error why{.status = "invalid_token"};
  struct row {
    std::string_view response;
    errc code;
    std::size_t at;
  };
  for (const row& r : {row{"", errc::sasl_field_missing, 0}, row{"n", errc::sasl_message_malformed, 0},
                       row{"\x01\x01", errc::sasl_trailing, 1}}) {
    out.clear();
    oauthbearer_server server;
    CHECK(is_fault(server.refuse(why, out), errc::sasl_out_of_order, 0));
    CHECK(is_fault(server.take_dismissal("\x01"), errc::sasl_out_of_order, 0));
    CHECK(
        server.take("n,,\x01"
                    "auth=Bearer t\x01\x01"));
    CHECK(server.refuse(why, out));
    CHECK(is_fault(server.refuse(why, out), errc::sasl_out_of_order, 0));
    CHECK(is_fault(server.take_dismissal(r.response), r.code, r.at));
    CHECK_FALSE(server.done());
  }
  out.clear();
  xoauth2_server server;
  CHECK(
      server.take("user=u\x01"
                  "auth=Bearer t\x01\x01"));
  CHECK(server.refuse(why, out));
  CHECK(is_fault(server.take_dismissal("\x01"), errc::sasl_trailing, 0));
  CHECK_FALSE(server.done());
}

TEST_CASE("too little room changes nothing in OAuth's exchanges") {
  output_buffer<8> small;
  output_buffer<64> out;
  oauthbearer_client client({.token = "token"});
  CHECK(is_fault(client.respond("", small), errc::output_full, 0));
  CHECK(client.respond("", out));
  oauthbearer_server server;
  CHECK(server.take(out.written()));
  CHECK(is_fault(server.refuse({.status = "invalid_token"}, small), errc::output_full, 0));
  CHECK(server.done());
  CHECK(small.empty());
}
