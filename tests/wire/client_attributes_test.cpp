// XCLIENT's and XFORWARD's attributes: names and values in xtext, what each may hold, and writing them.

#include "sansmtp/wire/client_attributes.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>
#include <type_traits>

#include "grammar/judged.hpp"
#include "sansmtp/grammar/kept.hpp"

using namespace sansmtp;
using support::judged;
using state = client_attribute::state;

static_assert(std::is_trivially_copyable_v<xclient_attributes> && sizeof(xclient_attributes) <= 24);
static_assert(xclient_attributes::parse("ADDR=192.0.2.1 LOGIN=a+2Bb")->find(attribute::login)->equals("a+b"));
static_assert(xclient_attributes::parse("NAME=[tempunavail]")->find(attribute::name)->status() ==
              state::temporarily_unavailable);

namespace {

std::string value_of(const client_attribute& one) {
  output_buffer<255> out;
  REQUIRE(one.decode(out));
  CHECK(one.equals(out.written()));
  return std::string(out.written());
}

std::string written(const client_attributes& list) {
  output_buffer<1024> out;
  writer::draft line(out);
  for (const client_attribute& one : list) {
    if (line.size() != 0) line.put(' ');
    encode(one, line);
  }
  REQUIRE(line.commit());
  return std::string(out.written());
}

}  // namespace

TEST_CASE("attributes are names in any case with a value in xtext (RFC 3461 4 for xtext)") {
  const auto list =
      xclient_attributes::parse("name=mail.example Addr=IPV6:2001:db8::1 LOGIN=a+2Bb+3Dc X_Y-1= HELO=+5BX]");
  REQUIRE(list);
  const struct {
    attribute what;
    std::string_view name, value;
  } rows[] = {{attribute::name, "name", "mail.example"},
              {attribute::addr, "Addr", "IPV6:2001:db8::1"},
              {attribute::login, "LOGIN", "a+b=c"},
              {attribute::other, "X_Y-1", ""},
              {attribute::helo, "HELO", "[X]"}};
  std::size_t i = 0;
  for (const client_attribute& one : *list) {
    REQUIRE(i < std::size(rows));
    CHECK(one.what() == rows[i].what);
    CHECK(one.name() == rows[i].name);
    CHECK(value_of(one) == rows[i].value);
    CHECK(one.status() == state::known);
    ++i;
  }
  CHECK(i == std::size(rows));
  CHECK(value_of(*list->find(attribute::helo)) == "[X]");
  CHECK(!list->find(attribute::port));
  CHECK(!list->find(attribute::other));
  CHECK(kept<xclient_attributes>(*list).get().text() == list->text());
}

TEST_CASE("every attribute of the table is found by its name, in either case, where it belongs") {
  for (const attribute_facts& row : attribute_table) {
    if (row.what == attribute::other) continue;
    std::string name(row.name);
    CAPTURE(name);
    CHECK(attribute_named(name) == row.what);
    for (char& c : name) c = lower(c);
    CHECK(attribute_named(name) == row.what);
    CHECK(attribute_named(name + "x") == attribute::other);
    // "[UNAVAILABLE]" is a value of each.
    const std::string text = name + "=[unavailable]";
    const auto forward = xforward_attributes::parse(text);
    CHECK(forward.has_value() == row.xforward);
    const auto client = xclient_attributes::parse(text);
    REQUIRE(client);  // one that is XFORWARD's alone is unknown to XCLIENT, and passes
    CHECK((*client->begin()).status() == state::unavailable);
  }
}

TEST_CASE("each verb writes the attributes that are its own, and refuses the other's") {
  // XCLIENT's and XFORWARD's documents, and what proxies add to XCLIENT.
  constexpr std::string_view of_xclient =
      " NAME REVERSE_NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT SESSION TTL TIMEOUT CLIENT-TRANSPORT DESTNAME ";
  constexpr std::string_view of_xforward = " NAME ADDR PORT PROTO HELO IDENT SOURCE ";
  for (const attribute_facts& row : attribute_table) {
    if (row.what == attribute::other) continue;
    const std::string name(row.name);
    CAPTURE(name);
    const attribute_value value[] = {{row.what, "[UNAVAILABLE]"}};
    for (const bool forward : {false, true}) {
      CAPTURE(forward);
      output_buffer<256> out;
      const bool own = (forward ? of_xforward : of_xclient).find(" " + name + " ") != std::string_view::npos;
      const std::string written = forward ? judged(xforward_attributes::compose(value, out))
                                          : judged(xclient_attributes::compose(value, out));
      CHECK(written == (own ? "taken" : judged(errc::attribute_malformed, 0)));
    }
  }
}

TEST_CASE("what is no value is told apart from one that says so (XCLIENT; XFORWARD has one such word)") {
  const auto client = xclient_attributes::parse("NAME=[TempUnavail] ADDR=[UNAVAILABLE] HELO=+5Bunavailable+5D");
  REQUIRE(client);
  CHECK(client->find(attribute::name)->status() == state::temporarily_unavailable);
  CHECK(client->find(attribute::addr)->status() == state::unavailable);
  CHECK(client->find(attribute::helo)->status() == state::unavailable);  // the words are meant decoded
  const auto forward = xforward_attributes::parse("NAME=[TEMPUNAVAIL]");
  REQUIRE(forward);
  CHECK(forward->find(attribute::name)->status() == state::known);
}

TEST_CASE("a list of XCLIENT that is none is refused at the octet at fault") {
  const std::string long_value = "NAME=" + std::string(256, 'x');
  std::string many, too_many;
  for (int i = 0; i < 33; ++i) {
    if (i == 32) many = too_many.substr(0, too_many.size() - 1);
    too_many += "X" + std::to_string(i) + "= ";
  }
  too_many.pop_back();
  const std::size_t last = too_many.rfind(' ') + 1;
  const support::refused_row rows[] = {
      {"", errc::argument_missing, 0},
      {"NAME", errc::attribute_malformed, 4},
      {"=x", errc::attribute_malformed, 0},
      {"NA.ME=x", errc::attribute_malformed, 2},
      {" NAME=x", errc::attribute_malformed, 0},
      {"NAME=x ", errc::attribute_malformed, 7},
      {"NAME=x  HELO=y", errc::attribute_malformed, 7},
      {"NAME=x name=y", errc::parameter_repeated, 7},
      {"X-A=x HELO=y x-a=z", errc::parameter_repeated, 13},
      {"NAME=a=b", errc::xtext_malformed, 6},
      {"NAME=a+b", errc::xtext_malformed, 7},
      {"NAME=a+4", errc::xtext_malformed, 8},
      {"NAME=a+4b", errc::xtext_malformed, 8},
      {"NAME=a\tb", errc::xtext_malformed, 6},
      {"NAME=a\r\nQUIT", errc::xtext_malformed, 6},
      {"NAME=\xC3\xA9", errc::xtext_malformed, 5},
      {"ADDR=192.0.2.256", errc::attribute_value, 15},
      {"ADDR=192+2E0.2.x", errc::attribute_value, 15},
      {"ADDR=[192.0.2.1]", errc::attribute_value, 5},
      {"ADDR=2001:db8::1", errc::attribute_value, 5},
      {"ADDR=1.2.3.4]", errc::attribute_value, 12},  // a "]" is in no address, RFC 5321 4.1.3
      {"ADDR=1.2.3.4]x", errc::attribute_value, 12},
      {"ADDR=+31.2.3.4]x", errc::attribute_value, 14},
      {"ADDR=IPV6:::]]", errc::attribute_value, 12},
      {"ADDR=1.2.x]", errc::attribute_value, 9},
      {"ADDR=]", errc::attribute_value, 5},
      {"ADDR=IPV6:1::2::3", errc::attribute_value, 15},
      {"ADDR=", errc::attribute_value, 5},
      {"DESTADDR=x", errc::attribute_value, 10},
      {"PORT=65536", errc::attribute_value, 9},
      {"PORT=-1", errc::attribute_value, 5},
      {"DESTPORT=", errc::attribute_value, 9},
      {"PROTO=HTTP", errc::attribute_value, 6},
      {long_value, errc::parameter_value_too_long, 260},
      {too_many, errc::too_many_parameters, last},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(xclient_attributes::parse(r.text)) == judged(r.why, r.at));
  }
  CHECK(judged(xclient_attributes::parse(many)) == "taken");
  CHECK(judged(xclient_attributes::parse("NAME=" + std::string(255, 'x'))) == "taken");
  for (std::string_view text : {"PROTO=smtp", "PROTO=ESMTP", "PROTO=LMTP", "PORT=0", "PORT=65535", "ADDR=IPV6:::"}) {
    CAPTURE(text);
    CHECK(judged(xclient_attributes::parse(text)) == "taken");
  }
}

TEST_CASE("XFORWARD has seven names and no other, and any protocol of 64 octets") {
  for (std::string_view text :
       {"NAME=a ADDR=192.0.2.1 PORT=25 PROTO=X-400 HELO=b IDENT=c SOURCE=remote", "SOURCE=LOCAL"}) {
    CAPTURE(text);
    CHECK(judged(xforward_attributes::parse(text)) == "taken");
  }
  const std::string long_protocol = "PROTO=" + std::string(65, 'x');
  const support::refused_row rows[] = {
      {"LOGIN=a", errc::attribute_malformed, 0},           {"NAME=a X-FOO=b", errc::attribute_malformed, 7},
      {"SOURCE=ELSEWHERE", errc::attribute_value, 7},      {"ADDR=[TEMPUNAVAIL]", errc::attribute_value, 5},
      {long_protocol, errc::parameter_value_too_long, 70},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(xforward_attributes::parse(r.text)) == judged(r.why, r.at));
  }
}

TEST_CASE("what is no name of XFORWARD is refused there, and XCLIENT takes a name of XFORWARD as one more") {
  for (std::string_view both : {"NAME=a", "ADDR=192.0.2.1", "PORT=25", "PROTO=SMTP", "HELO=a", "IDENT=a"}) {
    CAPTURE(both);
    CHECK(judged(xclient_attributes::parse(both)) == "taken");
    CHECK(judged(xforward_attributes::parse(both)) == "taken");
  }
  for (std::string_view one : {"LOGIN=a", "REVERSE_NAME=a", "DESTADDR=192.0.2.1", "DESTPORT=25", "SESSION=a", "TTL=1",
                               "TIMEOUT=1", "CLIENT-TRANSPORT=a", "DESTNAME=a"}) {
    CAPTURE(one);
    CHECK(judged(xclient_attributes::parse(one)) == "taken");
    CHECK(judged(xforward_attributes::parse(one)) == judged(errc::attribute_malformed, 0));
  }
  CHECK(judged(xclient_attributes::parse("SOURCE=ELSEWHERE")) == "taken");  // its value is XFORWARD's to judge
}

TEST_CASE("senders from before xtext are read by a quirk of their own, and written in xtext") {
  const std::string_view text = "LOGIN=a+tag=b HELO=a+2Bb";
  CHECK(judged(xclient_attributes::parse(text, quirks::deployed)) == judged(errc::xtext_malformed, 8));
  const auto list = xclient_attributes::parse(text, quirk::raw_attribute);
  REQUIRE(list);
  CHECK(value_of(*list->find(attribute::login)) == "a+tag=b");
  CHECK(value_of(*list->find(attribute::helo)) == "a+b");  // what is xtext is read as such
  CHECK(written(*list) == "LOGIN=a+2Btag+3Db HELO=a+2Bb");
  CHECK(judged(xclient_attributes::parse("PORT=2+5", quirk::raw_attribute)) == judged(errc::attribute_value, 6));
  CHECK(judged(xclient_attributes::parse("NAME=\x01", quirks::all)) == judged(errc::xtext_malformed, 5));
}

TEST_CASE("what is written is strict: known names in upper case, upper-case digits, one SP") {
  const auto list = xclient_attributes::parse("  addr=192.0.2.1   x-y=a+2bb  ", quirks::deployed);
  REQUIRE(list);
  CHECK(written(*list) == "ADDR=192.0.2.1 x-y=a+2Bb");
}

TEST_CASE("a list is composed of raw values, and reads back as them") {
  output_buffer<512> out;
  const std::string every_octet_of_login = "a b=c+d\r\n\x01\xFF";
  const std::array values{attribute_value{attribute::addr, "IPV6:2001:db8::1"},
                          attribute_value{attribute::name, unavailable_value},
                          attribute_value{attribute::login, every_octet_of_login}};
  const auto list = xclient_attributes::compose(values, out);
  REQUIRE(list);
  CHECK(list->text() == "ADDR=IPV6:2001:db8::1 NAME=[UNAVAILABLE] LOGIN=a+20b+3Dc+2Bd+0D+0A+01+FF");
  const auto again = xclient_attributes::parse(list->text());
  REQUIRE(again);
  CHECK(value_of(*again->find(attribute::login)) == every_octet_of_login);
  CHECK(again->find(attribute::name)->status() == state::unavailable);

  out.clear();
  const auto refusal = [&](std::initializer_list<attribute_value> bad) {
    const auto composed = xforward_attributes::compose({bad.begin(), bad.size()}, out);
    CHECK(out.empty());
    return judged(composed);
  };
  CHECK(refusal({}) == judged(errc::argument_missing, 0));
  CHECK(refusal({{attribute::login, "a"}}) == judged(errc::attribute_malformed, 0));
  CHECK(refusal({{attribute::other, "a"}}) == judged(errc::attribute_malformed, 0));
  CHECK(refusal({{attribute::name, "a"}, {attribute::name, "b"}}) == judged(errc::parameter_repeated, 0));
  CHECK(refusal({{attribute::port, "2 5"}}) == judged(errc::attribute_value, 1));
  CHECK(refusal({{attribute::name, std::string(256, 'x')}}) == judged(errc::parameter_value_too_long, 255));
  CHECK(refusal({{attribute::name, std::string(200, '+')}}) ==
        judged(errc::parameter_value_too_long, 166));  // 500 octets of xtext
  output_buffer<5> small;
  const std::array one{attribute_value{attribute::name, "x"}};
  CHECK(judged(xclient_attributes::compose(one, small)) == judged(errc::output_full, 0));
  CHECK(small.empty());
}
