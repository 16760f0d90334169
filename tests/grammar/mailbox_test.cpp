#include "sansmtp/grammar/mailbox.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <type_traits>

#include "grammar/judged.hpp"

using namespace sansmtp::literals;
using sansmtp::errc;
using sansmtp::mailbox;
using sansmtp::quirk;
using sansmtp::quirks;
using support::judged;

static_assert(sizeof(mailbox) <= 32 && std::is_trivially_copyable_v<mailbox>);
static_assert("John@Example.ORG"_mailbox == "John@example.org"_mailbox);
static_assert(!("john@example.org"_mailbox == "John@example.org"_mailbox), "only its host may ignore the case");
static_assert("\"j\\ohn\"@[127.0.0.1]"_mailbox == "john@[127.0.0.001]"_mailbox);

TEST_CASE("a mailbox is a local part and a host, split at the at sign outside quotes") {
  struct row {
    std::string_view text, local, host;
  };
  const row rows[] = {
      {"a@b", "a", "b"},
      {"john.smith@mx.example.org", "john.smith", "mx.example.org"},
      {"\"a@b\"@c.d", "\"a@b\"", "c.d"},
      {"\"\\\"@\"@c", "\"\\\"@\"", "c"},
      {"u@[127.0.0.1]", "u", "[127.0.0.1]"},
      {"u@[IPv6:::1]", "u", "[IPv6:::1]"},
      {"u@[x:y@z]", "u", "[x:y@z]"},  // RFC 5321 4.1.3: dcontent holds "@"
      {"a%b@c", "a%b", "c"},
      {"a!b@c", "a!b", "c"},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    const auto m = mailbox::parse(r.text);
    REQUIRE(judged(m) == "taken");
    CHECK(m->text() == r.text);
    CHECK(m->local().text() == r.local);
    CHECK(m->host().text() == r.host);
    CHECK(m->host() == *sansmtp::host::parse(r.host));
    CHECK(m->host().is_literal() == (r.host[0] == '['));
    CHECK(m->is_ascii());
  }
}

TEST_CASE("a mailbox that is none is refused at the octet at fault") {
  const support::refused_row rows[] = {
      {"", errc::local_part_empty, 0},
      {"a", errc::at_sign_missing, 1},
      {"\"a\"", errc::at_sign_missing, 3},
      {"@b", errc::local_part_empty, 0},
      {"a@", errc::domain_empty, 2},
      {"a@b@c", errc::domain_octet, 3},
      {"a@@b", errc::domain_octet, 2},
      {"a b@c", errc::local_part_octet, 1},
      {"a@b c", errc::domain_octet, 3},
      {"a..b@c", errc::local_part_dot, 2},
      {".a@c", errc::local_part_dot, 0},
      {"a.@c", errc::local_part_dot, 1},
      {"a@-b", errc::domain_hyphen, 2},
      {"a@b_c", errc::domain_octet, 3},
      {"a@b.", errc::domain_trailing_dot, 3},
      {"a@b..c", errc::domain_label_empty, 4},
      {"\"a@b", errc::quoted_string_open, 4},
      {"\"\"@b", errc::local_part_empty, 1},
      {"a@[1.2.3.4", errc::literal_malformed, 10},
      {"a@[1.2.3.4]b", errc::literal_malformed, 11},
      {"a@[300.2.3.4]", errc::literal_ipv4, 5},
      {"a@[IPv6:1]", errc::literal_ipv6, 9},
      {"a\r\n@b", errc::local_part_octet, 1},
      {"a@b\r\n", errc::domain_octet, 3},
      {"a@\xFF", errc::utf8_malformed, 2},
      {"<a@b>", errc::local_part_octet, 0},
      {"a@b>", errc::domain_octet, 3},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(mailbox::parse(r.text)) == judged(r.why, r.at));
  }
  CHECK(judged(mailbox::parse(std::string_view("a\0b@c", 5))) == judged(errc::local_part_octet, 1));
}

TEST_CASE("UTF-8 on either side of the at sign shows") {
  for (std::string_view text : {"\xC3\xA4@b", "a@\xC3\xA4", "\"\xC3\xA4\"@\xC3\xA4.b"}) {
    const auto m = mailbox::parse(text);
    REQUIRE(judged(m) == "taken");
    CHECK_FALSE(m->is_ascii());
  }
  CHECK_FALSE(mailbox::parse("\xC3\xA4@b")->local().is_ascii());
  CHECK(mailbox::parse("\xC3\xA4@b")->host().is_ascii());
  CHECK(mailbox::parse("a@\xC3\xA4")->local().is_ascii());
  CHECK_FALSE(mailbox::parse("a@\xC3\xA4")->host().is_ascii());
}

TEST_CASE("a mailbox has at most 254 octets, so that it fits a path") {
  // RFC 5321 4.5.3.1.3: 256 with the brackets (RFC 3696 erratum 1690).
  const std::string label(63, 'b');
  const std::string domain = label + "." + label + "." + label;  // 191
  CHECK(judged(mailbox::parse(std::string(62, 'a') + "@" + domain)) == "taken");
  CHECK(judged(mailbox::parse(std::string(63, 'a') + "@" + domain)) == judged(errc::path_too_long, 254));
  CHECK(judged(mailbox::parse(std::string(65, 'a') + "@b")) == judged(errc::local_part_too_long, 64));
  CHECK(judged(mailbox::parse(std::string(252, 'a') + "@b", quirk::long_local_part)) == "taken");
  CHECK(judged(mailbox::parse(std::string(251, 'a') + "@bcd", quirk::long_local_part)) ==
        judged(errc::path_too_long, 254));
}

TEST_CASE("a mailbox that is written has at most 254 octets as well") {
  const std::string label(63, 'b');
  const std::string name = label + "." + label + "." + label;  // 191
  const auto domain = sansmtp::host::parse(name);
  REQUIRE(domain);
  sansmtp::output_buffer<300> out;
  CHECK(judged(mailbox::compose(std::string(62, 'a'), *domain, out)) == "taken");
  out.clear();
  CHECK(judged(mailbox::compose(std::string(63, 'a'), *domain, out)) == judged(errc::path_too_long, 254));
  CHECK(out.empty());
}

TEST_CASE("the quirks of a mailbox are those of its parts") {
  CHECK(mailbox::parse("a@b_c", quirk::underscore));
  CHECK(mailbox::parse("a@b.", quirk::trailing_dot));
  CHECK(mailbox::parse("a@[IPv6:1:2:3:4:5:6:7::]", quirk::ipv6_short_gap));
  CHECK_FALSE(mailbox::parse("a@b_c", quirks::all.without(quirk::underscore)));
  CHECK_FALSE(mailbox::parse("a@b.", quirks::deployed));
}

TEST_CASE("composing writes a mailbox that reads back to its parts") {
  struct row {
    std::string_view raw;
    std::string_view host;
    std::string_view written;
  };
  const row rows[] = {
      {"john", "example.org", "john@example.org"},
      {"john smith", "example.org", "\"john smith\"@example.org"},
      {"a@b", "[192.0.2.1]", "\"a@b\"@[192.0.2.1]"},
      {"\xC3\xA4", "\xC3\xA4.example", "\xC3\xA4@\xC3\xA4.example"},
  };
  for (const row& r : rows) {
    CAPTURE(r.raw);
    sansmtp::output_buffer<300> out;
    CHECK(sansmtp::writer::draft(out).put("before ").commit());
    const auto m = mailbox::compose(r.raw, *sansmtp::host::parse(r.host), out);
    REQUIRE(judged(m) == "taken");
    CHECK(m->text() == r.written);
    CHECK(out.written() == "before " + std::string(r.written));
    const auto again = mailbox::parse(m->text());
    REQUIRE(again);
    CHECK(*again == *m);
    CHECK(again->is_ascii() == m->is_ascii());
    CHECK(m->host() == *sansmtp::host::parse(r.host));
  }
}

TEST_CASE("composing what can not be written writes nothing") {
  sansmtp::output_buffer<300> out;
  CHECK(judged(mailbox::compose("a\nb", "c"_host, out)) == judged(errc::local_part_octet, 1));
  CHECK(judged(mailbox::compose("", "c"_host, out)) == judged(errc::local_part_empty, 0));
  const std::string label(63, 'b');
  const std::string name = label + "." + label + "." + label;
  CHECK(judged(mailbox::compose(std::string(63, 'a'), *sansmtp::host::parse(name), out)) ==
        judged(errc::path_too_long, 254));
  CHECK(out.written().empty());
  sansmtp::output_buffer<4> small;
  CHECK(judged(mailbox::compose("abc", "d"_host, small)) == judged(errc::output_full, 0));
  CHECK(small.written().empty());
  CHECK(judged(mailbox::compose("ab", "d"_host, small)) == "taken");
}
