// What ETRN and ATRN ask for: a node, a subtree or a queue, and a list of domains.

#include "sansmtp/wire/etrn_node.hpp"

#include <doctest/doctest.h>

#include <string>
#include <type_traits>
#include <vector>

#include "grammar/judged.hpp"
#include "sansmtp/grammar/kept.hpp"
#include "sansmtp/wire/domain_list.hpp"

using namespace sansmtp;
using namespace sansmtp::literals;
using support::judged;

static_assert(std::is_trivially_copyable_v<etrn_node> && std::is_trivially_copyable_v<domain_list>);
static_assert(etrn_node::parse("@a.example")->what() == etrn_node::scope::subdomains);
static_assert(*(*domain_list::parse("a.example,b.example")).begin() == "A.example"_domain);

TEST_CASE("a node is named, with @ all below it, and # names a queue (RFC 1985 5, 5.3)") {
  const auto node = etrn_node::parse("foo.com");
  REQUIRE(node);
  CHECK(node->what() == etrn_node::scope::node);
  CHECK(node->name() == "foo.com");
  CHECK(node->domain() == "foo.com"_domain);
  const auto below = etrn_node::parse("@foo.com");
  REQUIRE(below);
  CHECK(below->name() == "foo.com");
  CHECK(below->domain() == "foo.com"_domain);
  CHECK(kept<etrn_node>(*below).get().text() == "@foo.com");
  const auto queue = etrn_node::parse("#uucp!~");
  REQUIRE(queue);
  CHECK(queue->what() == etrn_node::scope::queue);
  CHECK(queue->name() == "uucp!~");
  CHECK(!queue->domain());
}

TEST_CASE("what is no node is refused at the octet at fault (RFC 1985 5)") {
  const std::string long_queue = "#" + std::string(256, 'q');
  const support::refused_row rows[] = {
      {"", errc::argument_missing, 0},
      {"@", errc::argument_missing, 1},
      {"#", errc::argument_missing, 1},
      {"a..b", errc::node_malformed, 2},
      {"@a_b.example", errc::node_malformed, 2},
      {"@@a.example", errc::node_malformed, 1},
      {"a.example.", errc::node_malformed, 9},
      {"[192.0.2.1]", errc::node_malformed, 0},
      {"#a b", errc::node_malformed, 2},
      {"#\xC3\xA9", errc::non_ascii_octet, 1},
      {"\xC3\xA9.example", errc::non_ascii_octet, 0},
      {long_queue, errc::node_malformed, 256},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(etrn_node::parse(r.text)) == judged(r.why, r.at));
  }
  CHECK(etrn_node::parse("@a_b.example", quirk::underscore));
  CHECK(etrn_node::parse("#" + std::string(255, 'q')));
}

TEST_CASE("domains are parted by commas and have two labels at least (RFC 2645 5.2.1)") {
  const auto walked = [](std::string_view text, quirks q = quirks::strict) {
    std::string out;
    const auto list = domain_list::parse(text, q);
    if (!list) return judged(list);
    CHECK(list->text() == text);
    for (const domain& one : *list) out += "<" + std::string(one.text()) + ">";
    return out;
  };
  CHECK(walked("") == "");
  CHECK(domain_list{}.empty());
  CHECK(walked("example.org") == "<example.org>");
  CHECK(walked("example.org,example.com,a.b.c") == "<example.org><example.com><a.b.c>");
  CHECK(walked("a_b.example,c.example", quirk::underscore) == "<a_b.example><c.example>");
  CHECK(walked("a.example.,c.example.", quirk::trailing_dot) == "<a.example.><c.example.>");
  const support::refused_row rows[] = {
      {"example", errc::domain_list_malformed, 7},
      {"a.example,b", errc::domain_list_malformed, 11},
      {",", errc::domain_list_malformed, 0},
      {"a.example,", errc::domain_list_malformed, 10},
      {"a.example,,b.example", errc::domain_list_malformed, 10},
      {"a.example, b.example", errc::domain_list_malformed, 10},
      {"a.example b.example", errc::domain_list_malformed, 9},
      {"a.-b", errc::domain_list_malformed, 2},
      {"a-.b", errc::domain_list_malformed, 1},
      {"a_b.c", errc::domain_list_malformed, 1},
      {"a.example.", errc::domain_list_malformed, 9},
      {"a.example,b.\xC3\xA9", errc::non_ascii_octet, 12},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(walked(r.text) == judged(r.why, r.at));
  }
  CHECK(walked("a.", quirk::trailing_dot) == judged(errc::domain_list_malformed, 2));
}

TEST_CASE("the domains of a list can be walked as a range, twice") {
  const auto list = domain_list::parse("a.example,b.example");
  REQUIRE(list);
  const std::vector<domain> once(list->begin(), list->end());
  REQUIRE(once.size() == 2);
  auto it = list->begin();
  CHECK(*it++ == once[0]);
  CHECK(*it == once[1]);
  CHECK(++it == list->end());
}
