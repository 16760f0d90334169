// What a client of OAUTHBEARER asks for, and whom (RFC 7628 3.1).

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "sansmtp/sasl/oauthbearer.hpp"
#include "sasl/is_fault.hpp"

using namespace sansmtp;
using namespace std::string_view_literals;

TEST_CASE("a request names host and port where it is told to, and is read as it was meant") {
  struct row {
    oauthbearer_request request;
    std::string_view text;
  };
  const row rows[] = {
      {{.token = "t"},
       "n,,\x01"
       "auth=Bearer t\x01\x01"},
      {{.token = "t", .host = "mx.example"},
       "n,,\x01host=mx.example\x01"
       "auth=Bearer t\x01\x01"},
      {{.token = "t", .port = 587},
       "n,,\x01port=587\x01"
       "auth=Bearer t\x01\x01"},
      {{.token = "t", .authzid = "u@b.example", .host = "mx.example", .port = 65535},
       "n,a=u@b.example,\x01host=mx.example\x01port=65535\x01"
       "auth=Bearer t\x01\x01"},
      {{.token = "t", .inquiry = true},
       "n,,\x01"
       "auth=Bearer t\x01\x01"},  // a token is sent when there is one
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    output_buffer<128> out;
    oauthbearer_client client(r.request);
    const auto sent = client.respond("", out);
    REQUIRE(sent);
    CHECK(*sent == r.text);
    CHECK(client.done());
    const auto taken = oauthbearer_message::parse(*sent);
    REQUIRE(taken);
    CHECK(taken->token == secret("t"));
    CHECK(taken->host == r.request.host);
    CHECK(taken->port == r.request.port);
    CHECK(taken->authzid.has_value() == !r.request.authzid.empty());
  }
}

TEST_CASE("who asks without a token is told reasons, and lets nobody in (RFC 7628 4.3)") {
  output_buffer<64> out;
  oauthbearer_client client({.inquiry = true});
  const auto sent = client.respond("", out);
  REQUIRE(sent);
  CHECK(*sent ==
        "n,,\x01"
        "auth=\x01\x01");
  CHECK_FALSE(client.done());
  const auto last = client.respond("{\"status\":\"invalid_request\"}", out);
  REQUIRE(last);
  CHECK(*last == "\x01");
  CHECK(client.refused());
  CHECK_FALSE(client.done());
}

TEST_CASE("a host is at most a domain's length, when it is sent and when it is read") {
  const std::string most(255, 'h'), more(256, 'h');
  output_buffer<512> out;
  CHECK(is_fault(oauthbearer_client({.token = "t", .host = more}).respond("", out), errc::sasl_field_too_long, 255));
  CHECK(out.empty());
  CHECK(oauthbearer_client({.token = "t", .host = most}).respond("", out));
  CHECK(oauthbearer_message::parse(out.written())->host == most);
}

TEST_CASE("a message is for the server that it names, or for any when it names none (RFC 7628 3.2)") {
  struct row {
    std::string_view host;
    std::uint16_t port;
    bool meant;
  };
  const row rows[] = {
      {"", 0, true},   {"mx.example", 0, true},     {"MX.EXAMPLE", 587, true},
      {"", 587, true}, {"mx.example", 25, false},   {"my.example", 587, false},
      {"", 25, false}, {"mx.example.", 587, false},
  };
  for (const row& r : rows) {
    CAPTURE(r.host);
    CAPTURE(r.port);
    oauthbearer_message message;
    message.host = r.host;
    message.port = r.port;
    CHECK(message.meant_for("mx.example", 587) == r.meant);
  }
}
