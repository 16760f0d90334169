#include "sansmtp/wire/ehlo_reply.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sansmtp/wire/capabilities.hpp"

using sansmtp::capabilities;
using sansmtp::errc;
using sansmtp::extension;
using sansmtp::extension_set;
using sansmtp::fault;
using sansmtp::reply;
namespace limits = sansmtp::limits;

namespace {

sansmtp::output_buffer<8192> room;

sansmtp::result<void> encode(std::string_view host, extension_set set, std::uint64_t size = 0,
                             std::string_view mechanisms = {}, std::span<const std::string_view> more = {}) {
  room.clear();
  const auto encoded = sansmtp::encode_ehlo_reply(host, set, size, mechanisms, room, more);
  if (!encoded) CHECK(room.empty());
  return encoded;
}

std::string written(std::string_view host, extension_set set, std::uint64_t size = 0, std::string_view mechanisms = {},
                    std::span<const std::string_view> more = {}) {
  REQUIRE(encode(host, set, size, mechanisms, more));
  return std::string(room.written());
}

}  // namespace

TEST_CASE("an EHLO reply lists what is offered, in one order") {
  // RFC 5321 4.1.1.1: ehlo-ok-rsp
  CHECK(written("mx.example", {}) == "250 mx.example\r\n");
  CHECK(written("[192.0.2.1] at your service", {}) == "250 [192.0.2.1] at your service\r\n");
  CHECK(written("mx.example", {extension::help}) == "250-mx.example\r\n250 HELP\r\n");
  CHECK(written("mx.example hello", {extension::starttls, extension::pipelining, extension::eight_bit_mime}) ==
        "250-mx.example hello\r\n250-8BITMIME\r\n250-PIPELINING\r\n250 STARTTLS\r\n");
}

TEST_CASE("SIZE is written with its number, 0 when there is no fixed maximum") {
  // RFC 1870 4 and 7: SIZE alone binds the server to check its storage.
  CHECK(written("a", {extension::size}) == "250-a\r\n250 SIZE 0\r\n");
  CHECK(written("a", {extension::size}, 1000) == "250-a\r\n250 SIZE 1000\r\n");
  CHECK(written("a", {extension::size}, UINT64_MAX) == "250-a\r\n250 SIZE 18446744073709551615\r\n");
  CHECK(written("a", {}, 1000) == "250 a\r\n");
}

TEST_CASE("AUTH is written with its mechanisms, and not at all without") {
  CHECK(written("a", {extension::auth}, 0, "PLAIN SCRAM-SHA-256") == "250-a\r\n250 AUTH PLAIN SCRAM-SHA-256\r\n");
  CHECK(written("a", {extension::auth}) == "250 a\r\n");
  CHECK(written("a", {extension::auth, extension::dsn}) == "250-a\r\n250 DSN\r\n");
  CHECK(written("a", {extension::dsn}, 0, "PLAIN") == "250-a\r\n250 DSN\r\n");
  struct row {
    std::string_view mechanisms;
    std::uint32_t at;
  };
  for (const row& r : {row{" PLAIN", 0}, row{"PLAIN ", 6}, row{"PLAIN  LOGIN", 6}, row{"PLAIn", 4}, row{"PL\r\nX", 2},
                       row{"P=", 1}, row{"P \xC3", 2}})
    CHECK(encode("a", {extension::auth}, 0, r.mechanisms).error() == fault{errc::mechanism_malformed, r.at});
  const std::string longest(limits::mechanism_read, 'M');
  CHECK(encode("a", {extension::auth}, 0, longest));
  CHECK(encode("a", {extension::auth}, 0, longest + "M").error() ==
        fault{errc::mechanism_malformed, limits::mechanism_read});
}

TEST_CASE("a line of the caller's stands in place of its keyword's own") {
  const std::string_view more[] = {"LIMITS RCPTMAX=100", "X-OWN a b"};
  CHECK(written("a", {extension::limits, extension::dsn}, 0, {}, more) ==
        "250-a\r\n250-DSN\r\n250-LIMITS RCPTMAX=100\r\n250 X-OWN a b\r\n");
  CHECK(written("a", {}, 0, {}, more) == "250-a\r\n250-LIMITS RCPTMAX=100\r\n250 X-OWN a b\r\n");
  const std::string_view broken[] = {"X-OWN", "A=B"};
  CHECK(encode("a", {}, 0, {}, broken).error() == fault{errc::ehlo_keyword_malformed, 1});
  const std::string_view injected[] = {"X a\r\n250 STARTTLS"};
  CHECK(encode("a", {}, 0, {}, injected).error() == fault{errc::parameter_malformed, 3});
}

TEST_CASE("the first line is a domain or an address literal, with or without a greeting") {
  CHECK(encode("", {}).error().code == errc::domain_empty);
  CHECK(encode(" hello", {}).error().code == errc::domain_empty);
  CHECK_FALSE(encode("a..b", {}));
  CHECK_FALSE(encode("[1.2.3]", {}));
  CHECK(encode("a b\r\n250 STARTTLS", {}).error() == fault{errc::reply_text_octet, 3});
  CHECK(encode("a\xC3\xA9 x", {}).error() == fault{errc::non_ascii_octet, 1});
}

TEST_CASE("a host that would read as an enhanced status code is refused: EHLO's reply has none (RFC 2034 4)") {
  // RFC 5321 4.1.2: labels of digits alone are a Domain's.
  for (const std::string_view name : {"5.1.1 hello", "2.0.0", "1.2.3", "2.01.0 hi", "2000.1.1"}) {
    CAPTURE(name);
    CHECK(sansmtp::host::parse(name.substr(0, name.find(' '))));
    CHECK(encode(name, {}).error() == fault{errc::reply_text_malformed, 0});
    CHECK_FALSE(encode(name, {extension::dsn}));
  }
  for (const std::string_view name : {"1.2", "1.2.3.4", "2.0.0x", "2.0.0-1 hi", "a 2.0.0"}) {
    CAPTURE(name);
    const std::string wire = written(name, {extension::dsn});
    const auto back = reply::parse(wire);
    REQUIRE(back);
    CHECK_FALSE(back->status());
    CHECK(sansmtp::hello_host(*back) == name.substr(0, name.find(' ')));
  }
}

TEST_CASE("no line of an EHLO reply is folded: a second line would be a keyword") {
  const std::string most(limits::reply_line - 6 - 2, 'x');
  CHECK(written("a " + most, {extension::dsn}) == "250-a " + most + "\r\n250 DSN\r\n");
  CHECK(encode("a " + most + "x", {}).error() == fault{errc::reply_line_too_long, limits::reply_line - 6});
  std::string mechanisms = "PLAIN";
  while (mechanisms.size() < limits::reply_line) mechanisms += " LOGIN";
  CHECK(encode("a", {extension::auth}, 0, mechanisms).error() ==
        fault{errc::reply_line_too_long, limits::reply_line - 6 - 5});
  const std::string line = "X " + most + "x";
  const std::string_view more[] = {line};
  CHECK(encode("a", {}, 0, {}, more).error() == fault{errc::reply_line_too_long, limits::reply_line - 6});
}

TEST_CASE("a client learns from the reply what the server put into it") {
  extension_set all;
  for (const auto& row : sansmtp::extension_table) {
    all = all.with(row.what);
    const extension_set one(row.what);
    const std::string wire = written("mx.example", one, 77, "PLAIN LOGIN");
    const auto parsed = reply::parse(wire);
    REQUIRE(parsed);
    const auto learned = capabilities::learn(*parsed);
    CHECK(learned.extensions() == one);
    CHECK(learned.size_limit().has_value() == (row.what == extension::size));
    CHECK(learned.offers("LOGIN") == (row.what == extension::auth));
    CHECK(learned.malformed_lines() == 0);
  }
  const std::string wire = written("mx.example", all, 77, "PLAIN LOGIN");
  const auto parsed = reply::parse(wire);
  REQUIRE(parsed);
  CHECK(sansmtp::hello_host(*parsed) == "mx.example");
  const auto learned = capabilities::learn(*parsed);
  CHECK(learned.extensions() == all);
  CHECK(learned.size_limit() == 77U);
  CHECK(learned.mechanisms() == "PLAIN LOGIN");
}

TEST_CASE("an EHLO reply that does not fit leaves nothing behind") {
  const std::string whole = written("mx.example", {extension::size, extension::auth}, 10, "PLAIN");
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    std::vector<char> space(size);
    sansmtp::writer out(space);
    const auto encoded = sansmtp::encode_ehlo_reply("mx.example", {extension::size, extension::auth}, 10, "PLAIN", out);
    CHECK(encoded.has_value() == (size == whole.size()));
    if (!encoded) CHECK((out.empty() && encoded.error().code == errc::output_full));
  }
}
