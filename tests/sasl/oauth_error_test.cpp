#include "sansmtp/sasl/oauth_error.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "sasl/is_fault.hpp"

using namespace std::string_view_literals;
using sansmtp::errc;
using sansmtp::oauth_error;
using sansmtp::output_buffer;

TEST_CASE("reasons may be laid out and spelled in any way that JSON has") {
  output_buffer<256> out;
  const auto read = oauth_error::parse(
      " {\r\n\t\"n\" : -0.5e+10, \"z\":0,\"t\":true ,\"f\":false,\"u\":null,\"s\":\"\",\n"
      "\"st\\u0061tus\" : \"in\\u0076alid\\/token\\n\" , \"scope\":\"\\u00fc \\ud83d\\udd11 \xC3\xBC\\\"\\\\\",\"n\":1 "
      "} \n",
      out);
  REQUIRE(read);
  CHECK(read->status == "invalid/token\n");
  CHECK(read->scope == "\xC3\xBC \xF0\x9F\x94\x91 \xC3\xBC\"\\");
  CHECK(read->schemes.empty());
  CHECK(read->openid_configuration.empty());
}

TEST_CASE("reasons without an escape are views of the challenge") {
  output_buffer<1> out;
  const std::string_view challenge = "{\"status\":\"invalid_token\",\"scope\":\"mail\"}";
  const auto read = oauth_error::parse(challenge, out);
  REQUIRE(read);
  CHECK(read->status.data() == challenge.data() + 11);
  CHECK(out.empty());
  CHECK(is_fault(oauth_error::parse("{\"status\":\"a\\tb\"}", out), errc::output_full, 0));
}

TEST_CASE("what is no flat JSON object with a status is refused at the octet") {
  struct row {
    std::string_view text;
    errc code;
    std::size_t at;
  };
  const row rows[] = {
      {"", errc::sasl_error_malformed, 0},
      {"x", errc::sasl_error_malformed, 0},
      {"[\"status\"]", errc::sasl_error_malformed, 0},
      {"{", errc::sasl_error_malformed, 1},
      {"{}", errc::sasl_field_missing, 2},
      {"{\"scope\":\"mail\"}", errc::sasl_field_missing, 16},
      {"{\"Status\":\"401\"}", errc::sasl_field_missing, 16},
      {"{\"status\":\"\"}", errc::sasl_field_empty, 10},
      {"{\"status\":401}", errc::sasl_error_malformed, 10},
      {"{\"status\":null}", errc::sasl_error_malformed, 10},
      {"{\"status\":\"401\"", errc::sasl_error_malformed, 15},
      {"{\"status\":\"401\"}}", errc::sasl_error_malformed, 16},
      {"{\"status\":\"401\"}{\"status\":\"402\"}", errc::sasl_error_malformed, 16},
      {"{\"status\":\"401\",}", errc::sasl_error_malformed, 16},
      {"{,\"status\":\"401\"}", errc::sasl_error_malformed, 1},
      {"{\"status\" \"401\"}", errc::sasl_error_malformed, 10},
      {"{\"status\":}", errc::sasl_error_malformed, 10},
      {"{status:\"401\"}", errc::sasl_error_malformed, 1},
      {"{\"status\":\"401\",\"status\":\"402\"}", errc::sasl_field_repeated, 16},
      {"{\"status\":\"401\",\"st\\u0061tus\":\"402\"}", errc::sasl_field_repeated, 16},
      {"{\"status\":\"401\",\"scope\":{}}", errc::sasl_error_malformed, 24},
      {"{\"status\":\"401\",\"x\":[]}", errc::sasl_error_malformed, 20},
      {"{\"status\":\"401\",\"x\":truefalse}", errc::sasl_error_malformed, 24},
      {"{\"status\":\"401\",\"x\":01}", errc::sasl_error_malformed, 21},
      {"{\"status\":\"401\",\"x\":1.}", errc::sasl_error_malformed, 22},
      {"{\"status\":\"401\",\"x\":-}", errc::sasl_error_malformed, 21},
      {"{\"status\":\"401\",\"x\":1e}", errc::sasl_error_malformed, 22},
      {"{\"status\":\"4\n1\"}", errc::sasl_error_malformed, 12},
      {"{\"status\":\"4\0"
       "1\"}"sv,
       errc::sasl_error_malformed, 12},
      {"{\"status\":\"401\"}\0"sv, errc::sasl_error_malformed, 16},
      {"{\"status\":\"4\xFF\"}", errc::sasl_error_malformed, 12},
      {"{\"status\":\"4\\x\"}", errc::sasl_error_malformed, 12},
      {"{\"status\":\"4\\u00g0\"}", errc::sasl_error_malformed, 12},
      {"{\"status\":\"4\\ud83d\"}", errc::sasl_error_malformed, 12},  // half of a pair
      {"{\"status\":\"4\\ud83d\\u0041\"}", errc::sasl_error_malformed, 12},
      {"{\"status\":\"4\\udd11\"}", errc::sasl_error_malformed, 12},
      {"{\"status\":\"4\\", errc::sasl_error_malformed, 12},
      {"{\"status\":\"4\\u00", errc::sasl_error_malformed, 12},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    const auto checked = oauth_error::check(r.text);
    CHECK_FALSE(checked);
    CHECK(static_cast<int>(checked.error().code) == static_cast<int>(r.code));
    CHECK(checked.error().at == r.at);
    output_buffer<64> out;
    CHECK_FALSE(oauth_error::parse(r.text, out));
  }
}

TEST_CASE("reasons that are written are read as they were given") {
  output_buffer<256> out, room;
  const oauth_error why{.status = "a\"b\\c\n\x01",
                        .schemes = "bearer",
                        .scope = "\xC3\xBC",
                        .openid_configuration = "https://e.example/"};
  const auto written = why.write(out);
  REQUIRE(written);
  CHECK(*written ==
        "{\"status\":\"a\\\"b\\\\c\\u000a\\u0001\",\"schemes\":\"bearer\",\"scope\":\"\xC3\xBC\","
        "\"openid-configuration\":\"https://e.example/\"}");
  const auto read = oauth_error::parse(*written, room);
  REQUIRE(read);
  CHECK(read->status == why.status);
  CHECK(read->schemes == why.schemes);
  CHECK(read->scope == why.scope);
  CHECK(read->openid_configuration == why.openid_configuration);
}

TEST_CASE("reasons that JSON can not carry are not written") {
  output_buffer<64> out;
  CHECK(is_fault(oauth_error{}.write(out), errc::sasl_field_empty, 0));
  CHECK(is_fault(oauth_error{.status = "a\xFF"}.write(out), errc::utf8_malformed, 1));
  output_buffer<12> small;
  CHECK(is_fault(oauth_error{.status = "invalid_token"}.write(small), errc::output_full, 0));
  CHECK(out.empty());
  CHECK(small.empty());
}
