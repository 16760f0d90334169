// IP literals in the authority of a URI (RFC 3986 3.2.2).

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "grammar/judged.hpp"
#include "sansmtp/grammar/absolute_uri.hpp"

using sansmtp::absolute_uri;
using sansmtp::errc;
using support::judged;

TEST_CASE("an address of a version to come is v, digits, a dot, and something behind it") {
  for (const std::string_view text : {"imap://[v1.x]/", "imap://[VFf0.:!$a-z]:143/", "imap://[v1..]"}) {
    CAPTURE(text);
    CHECK(judged(absolute_uri::parse(text)) == "taken");
  }
  const support::refused_row rows[] = {
      {"x://[v]", errc::uri_malformed, 6},     {"x://[v.x]", errc::uri_malformed, 6},
      {"x://[v1F]", errc::uri_malformed, 8},   {"x://[v1:x]", errc::uri_malformed, 7},
      {"x://[v1x.x]", errc::uri_malformed, 7}, {"x://[v1.]", errc::uri_malformed, 8},
      {"x://[v1.a/]", errc::uri_malformed, 9}, {"x://[v1.%41]", errc::uri_malformed, 8},
      {"x://[v1.x", errc::uri_malformed, 9},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(absolute_uri::parse(r.text)) == judged(r.why, r.at));
  }
}

TEST_CASE("the IPv4 part of an IPv6 address has no leading zeros, and may have others (dec-octet)") {
  for (const std::string_view text :
       {"x://[::192.100.20.0]", "x://[::ffff:100.0.0.200]", "x://[1:2:3:4:5:6:7:8]", "x://[1:2:3:4:5:6:7::]"}) {
    CAPTURE(text);
    CHECK(judged(absolute_uri::parse(text)) == "taken");
  }
  const support::refused_row rows[] = {
      {"x://[::01.2.3.4]", errc::uri_malformed, 8},
      {"x://[::1.02.3.4]", errc::uri_malformed, 10},
      {"x://[::1.2.3.00]", errc::uri_malformed, 14},
      {"x://[::1.2.3.256]", errc::uri_malformed, 15},
      {"x://[1.2.3.4]", errc::uri_malformed, 12},  // two groups of eight: an IPv4address has no brackets
      {"x://[]", errc::uri_malformed, 5},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(absolute_uri::parse(r.text)) == judged(r.why, r.at));
  }
}

TEST_CASE("brackets that hold more than any address does are refused where it begins") {
  std::string text = "x://[";
  while (text.size() < 5 + 80) text += "1:";
  CHECK(judged(absolute_uri::parse(text + "]")) == judged(errc::uri_malformed, 5));
}
