#include "sansmtp/sasl/login.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "sasl/decoded.hpp"
#include "sasl/is_fault.hpp"

using namespace std::string_view_literals;
using sansmtp::errc;
using sansmtp::login_client;
using sansmtp::login_prompts;
using sansmtp::login_server;
using sansmtp::output_buffer;

namespace {

// One whole exchange, every line of it in base64 as it stands in its document.
constexpr bool exchange(const login_prompts& prompts, std::string_view first, std::string_view user,
                        std::string_view second, std::string_view passwd) {
  output_buffer<600> out;
  const decoded user_text(user), passwd_text(passwd);
  login_client client(user_text.view(), passwd_text.view());
  login_server server(prompts);

  const auto asked_user = server.challenge(out);
  if (!asked_user || *asked_user != decoded(first).view()) return false;
  const auto sent_user = client.respond(*asked_user, out);
  if (!sent_user || *sent_user != user_text.view() || client.done()) return false;
  const auto half = server.take(*sent_user);
  if (!half || half->has_value() || server.done()) return false;

  const auto asked_passwd = server.challenge(out);
  if (!asked_passwd || *asked_passwd != decoded(second).view()) return false;
  const auto sent_passwd = client.respond(*asked_passwd, out);
  if (!sent_passwd || *sent_passwd != passwd_text.view() || !client.done()) return false;
  const auto whole = server.take(*sent_passwd);
  return whole && whole->has_value() && (*whole)->user == user_text.view() && (*whole)->passwd == passwd_text.view() &&
         server.done();
}

// The documents' own: UYEONG with "test", john with "1234".
static_assert(exchange({}, "VXNlcm5hbWU6", "VVlFT05H", "UGFzc3dvcmQ6", "dGVzdA=="));
static_assert(exchange({}, "VXNlcm5hbWU6", "am9obg==", "UGFzc3dvcmQ6", "MTIzNA=="));
// draft-murchison-sasl-login-00 2.3, whose questions end with a NUL.
static_assert(exchange({"User Name\0"sv, "Password\0"sv}, "VXNlciBOYW1lAA==", "dGlt", "UGFzc3dvcmQA",
                       "dGFuc3RhYWZ0YW5zdGFhZg=="));
static_assert(decoded("dGFuc3RhYWZ0YW5zdGFhZg==").view() == "tanstaaftanstaaf");

}  // namespace

TEST_CASE("a client of LOGIN answers whatever the server asks") {
  for (const std::string_view question : {""sv, "User Name\0"sv, "Password:"sv, "\xFF\r\n"sv}) {
    output_buffer<64> out;
    login_client client("tim", "tanstaaftanstaaf");
    CHECK(*client.respond(question, out) == "tim");
    CHECK_FALSE(client.done());
    CHECK(*client.respond(question, out) == "tanstaaftanstaaf");
    CHECK(client.done());
    CHECK(is_fault(client.respond(question, out), errc::sasl_out_of_order, 0));
  }
}

TEST_CASE("a server of LOGIN takes the name as an initial response") {
  output_buffer<64> out;
  login_server server;
  CHECK(server.take("tester"));
  CHECK(*server.challenge(out) == "Password:");
  const auto taken = server.take("s3cret");
  REQUIRE(taken);
  REQUIRE(taken->has_value());
  CHECK((*taken)->user == "tester");
  CHECK((*taken)->passwd == sansmtp::secret("s3cret"));
  CHECK(is_fault(server.challenge(out), errc::sasl_out_of_order, 0));
  CHECK(is_fault(server.take("s3cret"), errc::sasl_out_of_order, 0));
}

TEST_CASE("a name or password that LOGIN has none of is refused at the octet, by either side") {
  struct row {
    bool in_name;
    std::string text;
    errc code;
    std::size_t at;
  };
  using namespace std::string_literals;
  const row rows[] = {
      {true, "", errc::sasl_field_empty, 0},    {true, "a\0b"s, errc::sasl_octet, 1},
      {true, "ab\r", errc::sasl_octet, 2},      {true, "\nab", errc::sasl_octet, 0},
      {true, "a\xFF", errc::utf8_malformed, 1}, {true, std::string(256, 'a'), errc::sasl_field_too_long, 255},
      {false, "", errc::sasl_field_empty, 0},   {false, "p\0"s, errc::sasl_octet, 1},
      {false, "p\r\n", errc::sasl_octet, 1},    {false, std::string(1025, 'p'), errc::sasl_field_too_long, 1024},
  };
  for (const row& r : rows) {
    CAPTURE(r.at);
    login_server server;
    if (!r.in_name) REQUIRE(server.take("user"));
    CHECK(is_fault(server.take(r.text), r.code, r.at));
    CHECK_FALSE(server.done());
    CHECK(is_fault(server.take("again"), errc::sasl_out_of_order, 0));
    output_buffer<16> out;
    CHECK(is_fault(server.challenge(out), errc::sasl_out_of_order, 0));

    output_buffer<600> sent;
    login_client client(r.in_name ? std::string_view(r.text) : "user", r.in_name ? "p" : std::string_view(r.text), 255);
    if (!r.in_name) REQUIRE(client.respond("", sent));
    sent.clear();
    CHECK(is_fault(client.respond("", sent), r.code, r.at));
    CHECK(sent.empty());
    CHECK_FALSE(client.done());
  }
}

TEST_CASE("a client writes names below 64 characters, or what its caller allows") {
  output_buffer<256> out;
  const std::string longest(63, 'a'), longer(64, 'a');
  CHECK(login_client(longest, "p").respond("", out));
  CHECK(is_fault(login_client(longer, "p").respond("", out), errc::sasl_field_too_long, 63));
  CHECK(login_client(longer, "p", 64).respond("", out));
  std::string umlauts;  // characters are counted, not octets
  for (int i = 0; i < 63; ++i) umlauts += "\xC3\xBC";
  out.clear();
  CHECK(login_client(umlauts, "p").respond("", out));
  umlauts += "u";
  CHECK(is_fault(login_client(umlauts, "p").respond("", out), errc::sasl_field_too_long, 126));
}

TEST_CASE("a password of LOGIN may be any octets but NUL, CR and LF") {
  login_server server;
  REQUIRE(server.take("user"));
  const auto taken = server.take("\xFF\x80 \x01");
  REQUIRE(taken);
  CHECK((*taken)->passwd == sansmtp::secret("\xFF\x80 \x01"));
}

TEST_CASE("too little room changes nothing in LOGIN") {
  output_buffer<3> small;
  login_client client("user", "p");
  CHECK(is_fault(client.respond("", small), errc::output_full, 0));
  login_server server;
  CHECK(is_fault(server.challenge(small), errc::output_full, 0));
  CHECK(small.empty());
  output_buffer<64> out;
  CHECK(*client.respond("", out) == "user");
  CHECK(*server.challenge(out) == "Username:");
}
