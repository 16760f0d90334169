// What counts as the same, and what does not: literals, hosts, mailboxes, paths.

#include <doctest/doctest.h>

#include <string_view>

#include "sansmtp/grammar/path.hpp"

using namespace sansmtp;

namespace {

struct row {
  std::string_view a, b;
  bool same;
};

// Both ways round, and each with itself.
template <class T>
void check(const row& r) {
  CAPTURE(r.a);
  CAPTURE(r.b);
  const auto a = T::parse(r.a), b = T::parse(r.b);
  REQUIRE(a);
  REQUIRE(b);
  CHECK(*a == *a);
  CHECK(*b == *b);
  CHECK((*a == *b) == r.same);
  CHECK((*b == *a) == r.same);
}

}  // namespace

TEST_CASE(
    "hosts are the same but for the case of letters, literals by the address they spell (RFC 5321 2.3.5, 4.1.3)") {
  const row rows[] = {
      {"mx.example", "MX.Example", true},
      {"mx.example", "my.example", false},
      {"1.2.3.4", "[1.2.3.4]", false},  // the first is a domain (RFC 5321 4.1.2)
      {"[1.2.3.4]", "[001.2.3.4]", true},
      {"[1.2.3.4]", "[1.2.3.5]", false},
      {"[1.2.3.4]", "[IPv6:::1.2.3.4]", false},  // another protocol's address
      {"[IPv6:::1]", "[ipv6:0:0:0:0:0:0:0:1]", true},
      {"[x-a:b]", "[X-A:b]", true},
      {"[x-a:b]", "[x-b:b]", false},
      {"[x-a:b]", "[x-a:B]", false},  // what the content means is the tag's to say
      {"[x-a:b]", "[1.2.3.4]", false},
  };
  for (const row& r : rows) check<host>(r);
}

TEST_CASE("mailboxes are the same when content and host are, and the case of the local part counts (RFC 5321 2.4)") {
  const row rows[] = {
      {"a@b.example", "a@B.EXAMPLE", true},       {"\"a\"@b.example", "a@b.example", true},
      {"\"\\a\"@b.example", "a@b.example", true}, {"A@b.example", "a@b.example", false},
      {"ab@b.example", "a@b.example", false},     {"a@b.example", "a@c.example", false},
      {"a@1.2.3.4", "a@[1.2.3.4]", false},
  };
  for (const row& r : rows) check<mailbox>(r);
}

TEST_CASE("paths are the same when their mailboxes are, whatever route is in front (RFC 5321 3.6.1)") {
  const row rows[] = {
      {"<a@b.example>", "<@one.example,@two.example:a@B.example>", true},
      {"<a@b.example>", "<c@b.example>", false},
      {"<a@b.example>", "<a@c.example>", false},
  };
  for (const row& r : rows) {
    check<reverse_path>(r);
    check<forward_path>(r);
  }
  check<reverse_path>({"<>", "<>", true});
  check<reverse_path>({"<>", "<a@b.example>", false});
  check<forward_path>({"<Postmaster>", "<pOSTMASTER>", true});
  check<forward_path>({"<Postmaster>", "<postmaster@b.example>", false});
}

TEST_CASE("a path without a mailbox gives an empty one, of which no part holds anything") {
  for (const mailbox& nobody : {reverse_path::null().mailbox(), forward_path::postmaster().mailbox()}) {
    CHECK(nobody.text().empty());
    CHECK(nobody.is_ascii());
    CHECK(nobody.local().text().empty());
    CHECK_FALSE(nobody.local().is_quoted());
    CHECK_FALSE(nobody.local().is_long());
    CHECK(nobody.host().text().empty());
    CHECK_FALSE(nobody.host().is_literal());
    CHECK_FALSE(nobody == *mailbox::parse("a@b.example"));
    // A path made of it is not the null path, and has no route.
    const reverse_path made(nobody);
    CHECK_FALSE(made.is_null());
    CHECK(made.source_route().empty());
    CHECK(made.text().empty());
  }
}
