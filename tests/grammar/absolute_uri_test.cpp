// absolute-URI to the last octet (RFC 3986 4.3): each part's octets, and where each wrong one stands.

#include "sansmtp/grammar/absolute_uri.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <type_traits>

#include "grammar/judged.hpp"
#include "sansmtp/grammar/kept.hpp"

using sansmtp::absolute_uri;
using sansmtp::errc;
using support::judged;

static_assert(std::is_trivially_copyable_v<absolute_uri> && sizeof(absolute_uri) <= 24);
static_assert(absolute_uri::parse("imap://u@h:143/p?q")->authority() == "u@h:143");

namespace {

// scheme|authority|path|query, "-" for what is not there.
std::string parts(std::string_view text) {
  const auto uri = absolute_uri::parse(text);
  if (!uri) return judged(uri);
  CHECK(uri->text() == text);
  return std::string(uri->scheme()) + "|" + std::string(uri->authority().value_or("-")) + "|" +
         std::string(uri->path()) + "|" + std::string(uri->query().value_or("-"));
}

}  // namespace

TEST_CASE("a URI is scheme, authority, path and query (RFC 3986 3, 4.3)") {
  const struct {
    std::string_view text, parts;
  } rows[] = {
      // RFC 4468 3.4's example
      {"imap://harry@gryffindor.example.com/outbox;uidvalidity=1078863300/;uid=25;urlauth=submit+harry:internal:91354a",
       "imap|harry@gryffindor.example.com|/outbox;uidvalidity=1078863300/"
       ";uid=25;urlauth=submit+harry:internal:91354a|-"},
      // RFC 3986 1.1.2's examples
      {"ftp://ftp.is.co.za/rfc/rfc1808.txt", "ftp|ftp.is.co.za|/rfc/rfc1808.txt|-"},
      {"ldap://[2001:db8::7]/c=GB?objectClass?one", "ldap|[2001:db8::7]|/c=GB|objectClass?one"},
      {"mailto:John.Doe@example.com", "mailto|-|John.Doe@example.com|-"},
      {"tel:+1-816-555-1212", "tel|-|+1-816-555-1212|-"},
      {"telnet://192.0.2.16:80/", "telnet|192.0.2.16:80|/|-"},
      {"urn:oasis:names:specification:docbook:dtd:xml:4.1.2",
       "urn|-|oasis:names:specification:docbook:dtd:xml:4.1.2|-"},
      {"a:", "a|-||-"},
      {"a:?", "a|-||"},
      {"a:/", "a|-|/|-"},
      {"a://", "a|||-"},
      {"file:///etc/hosts", "file||/etc/hosts|-"},
      {"x-y.z+1:p", "x-y.z+1|-|p|-"},
      {"a://u:p:q@h", "a|u:p:q@h||-"},
      {"a://h:", "a|h:||-"},
      {"a://%41%zz", "the octets are no absolute URI @8"},
      {"a://[v1.a:b]:1", "a|[v1.a:b]:1||-"},
      {"a://[::ffff:192.0.2.1]", "a|[::ffff:192.0.2.1]||-"},
      {"a://[1:2:3:4:5:6:7::]", "a|[1:2:3:4:5:6:7::]||-"},  // RFC 3986 3.2.2: "::" for one group too
      {"a:%20%ff", "a|-|%20%ff|-"},
      {"a:b?c/d?e", "a|-|b|c/d?e"},
      {"a:b//c", "a|-|b//c|-"},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(parts(r.text) == r.parts);
  }
}

TEST_CASE("what is no absolute URI is refused at the octet at fault") {
  const support::refused_row rows[] = {
      {"", errc::uri_malformed, 0},
      {":", errc::uri_malformed, 0},
      {"1a:b", errc::uri_malformed, 0},  // RFC 3986 3.1: a letter begins the scheme
      {"/a/b", errc::uri_malformed, 0},  // a relative reference
      {"imap", errc::uri_malformed, 4},
      {"a_b:c", errc::uri_malformed, 1},
      {"a:b#c", errc::uri_malformed, 3},  // no fragment in an absolute-URI
      {"a:b c", errc::uri_malformed, 3},
      {"a:b\"c", errc::uri_malformed, 3},
      {"a:<b>", errc::uri_malformed, 2},
      {"a:b%", errc::uri_malformed, 4},
      {"a:b%4", errc::uri_malformed, 5},
      {"a:b%4g", errc::uri_malformed, 5},
      {"a:b%g4", errc::uri_malformed, 4},
      {"a:b?c%", errc::uri_malformed, 6},
      {"a:b?c[", errc::uri_malformed, 5},
      {"a:\xC3\xA9", errc::uri_malformed, 2},  // RFC 3986 2.1: octets above 127 are pct-encoded
      {"a://b:8x", errc::uri_malformed, 7},
      {"a://b@c@d", errc::uri_malformed, 7},
      {"a://b|c", errc::uri_malformed, 5},
      {"a://[::1", errc::uri_malformed, 8},
      {"a://[]", errc::uri_malformed, 5},
      {"a://[::1]x", errc::uri_malformed, 9},
      {"a://[1:2]", errc::uri_malformed, 8},
      {"a://[::g]", errc::uri_malformed, 7},
      {"a://[::01.2.3.4]", errc::uri_malformed, 8},  // RFC 3986 3.2.2: dec-octet has no leading zero
      {"a://[::1.2.3.04]", errc::uri_malformed, 14},
      {"a://[v.a]", errc::uri_malformed, 6},
      {"a://[v1.]", errc::uri_malformed, 8},
      {"a://[v1.a%41]", errc::uri_malformed, 9},
      {"a://[vg.a]", errc::uri_malformed, 6},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(absolute_uri::parse(r.text)) == judged(r.why, r.at));
  }
}

TEST_CASE("every octet is judged in every part") {
  const std::string_view unreserved_and_delims = "-._~!$&'()*+,;=";
  const auto allowed = [&](unsigned c, std::string_view more) {
    return support::letter(c) || support::digit(c) ||
           (c < 128 && (unreserved_and_delims.find(static_cast<char>(c)) != std::string_view::npos ||
                        more.find(static_cast<char>(c)) != std::string_view::npos));
  };
  for (unsigned c = 0; c < 256; ++c) {
    CAPTURE(c);
    CHECK(absolute_uri::parse(support::around("a", c, ":")).has_value() ==
          (support::letter(c) || support::digit(c) || c == '+' || c == '-' || c == '.' || c == ':'));
    CHECK(absolute_uri::parse(support::around("a:b", c, "d")).has_value() == allowed(c, ":@/?"));
    CHECK(absolute_uri::parse(support::around("a:b?c", c, "d")).has_value() == allowed(c, ":@/?"));
    CHECK(absolute_uri::parse(support::around("a://b", c, "d@e")).has_value() == (allowed(c, ":/?")));
    CHECK(absolute_uri::parse(support::around("a://b", c, "")).has_value() == allowed(c, ":@/?"));
  }
}

TEST_CASE("a URI has at most 2048 octets, and can be kept") {
  const std::string longest = "a:" + std::string(2046, 'b');
  CHECK(judged(absolute_uri::parse(longest)) == "taken");
  CHECK(judged(absolute_uri::parse(longest + "b")) == judged(errc::uri_malformed, 2048));
  const sansmtp::kept<absolute_uri> kept(*absolute_uri::parse("imap://x/y?z"));
  CHECK(kept.get().query() == "z");
}
