// Names between commas, and where a GS2 header has one (RFC 5801 4, RFC 5802 5.1).

#include "sansmtp/sasl/saslname.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "grammar/judged.hpp"
#include "sansmtp/sasl/gs2_header.hpp"

using namespace sansmtp;
using support::judged;
using namespace std::string_view_literals;

namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  while (times-- != 0) out += text;
  return out;
}

}  // namespace

TEST_CASE("a comma and an equals sign are spelled in three octets, and all else as it is") {
  struct row {
    std::string_view text, name;
  };
  const row rows[] = {
      {"u", "u"},
      {"a=2Cb=3Dc", "a,b=c"},
      {"=3D2C", "=2C"},
      {"\xC3\xBC=2C\xF0\x9F\x98\x80", "\xC3\xBC,\xF0\x9F\x98\x80"},
      {"\x01\x7F", "\x01\x7F"},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    const auto parsed = saslname::parse(r.text);
    REQUIRE(parsed);
    CHECK(parsed->text() == r.text);
    CHECK(parsed->decoded_size() == r.name.size());
    output_buffer<32> out;
    REQUIRE(parsed->decode(out));
    CHECK(out.written() == r.name);
    output_buffer<32> back;
    writer::draft draft(back);
    encode_saslname(r.name, draft);
    CHECK(draft.text() == r.text);
  }
}

TEST_CASE("what is no saslname is refused at the octet, and what is too long at the character") {
  struct row {
    std::string text;
    errc why;
    std::size_t at;
  };
  const row rows[] = {
      {"", errc::sasl_field_empty, 0},
      {"a,b", errc::saslname_malformed, 1},
      {",", errc::saslname_malformed, 0},
      {"a=2c", errc::saslname_malformed, 1},
      {"a=3d", errc::saslname_malformed, 1},
      {"a=", errc::saslname_malformed, 1},
      {"a=2", errc::saslname_malformed, 1},
      {"a=41", errc::saslname_malformed, 1},
      {std::string("a\0", 2), errc::sasl_octet, 1},
      {"a\xC3", errc::utf8_malformed, 1},
      {"\xC3\xBC\x80", errc::utf8_malformed, 2},
      {repeated("u", 256), errc::sasl_field_too_long, 255},
      {repeated("=2C", 256), errc::sasl_field_too_long, 765},
      {repeated("u", 254) + "\xC3\xBC", errc::sasl_field_too_long, 254},
      {repeated("\xC3\xBC", 128), errc::sasl_field_too_long, 254},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(saslname::parse(r.text)) == judged(r.why, r.at));
  }
  for (const std::string& text : {repeated("u", 255), repeated("=2C", 255), repeated("\xC3\xBC", 127) + "u"}) {
    const auto parsed = saslname::parse(text);
    REQUIRE(parsed);
    CHECK(parsed->decoded_size() == 255);
  }
}

TEST_CASE("a name that does not fit is not decoded at all") {
  output_buffer<2> out;
  CHECK(judged(saslname::parse("a=2Cb")->decode(out)) == judged(errc::output_full, 0));
  CHECK(out.empty());
}

TEST_CASE("a header knows where its name stands, or would stand, and the type of its binding") {
  struct row {
    std::string_view text, type, name;
    std::size_t at, used;
  };
  const row rows[] = {
      {"n,,n=user", "", "", 2, 3},
      {"n,a=u=2Cv,n=user", "", "u=2Cv", 4, 10},
      {"p=tls-exporter,,n=user", "tls-exporter", "", 15, 16},
      {"p=x.y-1,a=u,", "x.y-1", "u", 10, 12},
      {"F,y,a=u,", "", "u", 6, 8},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    const auto prefix = gs2_header::parse_prefix(r.text);
    REQUIRE(prefix);
    CHECK(prefix->used == r.used);
    CHECK(prefix->header.type() == r.type);
    CHECK(prefix->header.authzid_at() == r.at);
    CHECK((prefix->header.authzid() ? prefix->header.authzid()->text() : ""sv) == r.name);
  }
}
