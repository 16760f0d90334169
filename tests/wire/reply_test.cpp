#include "sansmtp/wire/reply.hpp"

#include <doctest/doctest.h>

#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

using sansmtp::enhanced_status;
using sansmtp::errc;
using sansmtp::fault;
using sansmtp::quirks;
using sansmtp::reply;
using sansmtp::reply_class;
using sansmtp::reply_lines;

static_assert(std::is_trivially_copyable_v<reply>);
static_assert(std::forward_iterator<reply_lines::iterator>);
static_assert(reply::parse("250-2.1.0 a\r\n250 2.1.0 b\r\n")->status() == enhanced_status{2, 1, 0});
static_assert(reply::parse("250 2.1.0 a\r\n")->text() == "a");

namespace {
std::vector<std::string> list(reply_lines lines) {
  std::vector<std::string> out;
  for (const std::string_view text : lines) out.emplace_back(text);
  return out;
}
using texts = std::vector<std::string>;
}  // namespace

TEST_CASE("a reply gives its code, its class and the text of each line") {
  const std::string_view wire = "250-first\r\n250-\r\n250 \r\n";
  const auto parsed = reply::parse(wire);
  REQUIRE(parsed);
  CHECK(parsed->code() == 250);
  CHECK(parsed->kind() == reply_class::positive);
  CHECK(parsed->line_count() == 3);
  CHECK(parsed->octets() == wire);
  CHECK(parsed->text() == "first");
  CHECK(list(parsed->lines()) == texts{"first", "", ""});
  CHECK(list(reply::parse("250\r\n")->lines()) == texts{""});
  CHECK(list(reply::parse("250 \r\n")->lines()) == texts{""});
  CHECK(list(reply::parse("250  x \r\n")->lines()) == texts{" x "});
}

TEST_CASE("an enhanced status code is taken off each line that bears it, and only off the lines asked for") {
  const auto parsed = reply::parse("550-5.1.1 no\r\n550-5.1.1\r\n550 5.1.1  such user\r\n");
  REQUIRE(parsed);
  CHECK(parsed->status() == enhanced_status{5, 1, 1});
  CHECK_FALSE(parsed->status_is_irregular());
  CHECK(list(parsed->lines()) == texts{"no", "", "such user"});
  CHECK(list(parsed->raw_lines()) == texts{"5.1.1 no", "5.1.1", "5.1.1  such user"});
}

TEST_CASE("where the lines contradict each other, no status is believed and the text stays whole") {
  const auto parsed = reply::parse("550-5.1.1 no\r\n550 5.1.2 no\r\n", quirks::deployed);
  REQUIRE(parsed);
  CHECK_FALSE(parsed->status());
  CHECK(parsed->status_is_irregular());
  CHECK(list(parsed->lines()) == texts{"5.1.1 no", "5.1.2 no"});

  const auto partial = reply::parse("550-5.1.1 no\r\n550 see there\r\n", quirks::deployed);
  REQUIRE(partial);
  CHECK(partial->status() == enhanced_status{5, 1, 1});
  CHECK(partial->status_is_irregular());
  CHECK(list(partial->lines()) == texts{"no", "see there"});

  // A success that claims failure below: the code decides (RFC 5321 4.2).
  const auto other = reply::parse("250 5.1.1 ok\r\n", quirks::deployed);
  REQUIRE(other);
  CHECK(other->kind() == reply_class::positive);
  CHECK_FALSE(other->status());
  CHECK(other->text() == "5.1.1 ok");
}

TEST_CASE("a reply parses from exactly its octets") {
  CHECK(reply::parse("").error() == fault{errc::reply_incomplete, 0});
  CHECK(reply::parse("250 ok").error() == fault{errc::reply_incomplete, 6});
  CHECK(reply::parse("250 ok\r").error() == fault{errc::reply_incomplete, 7});
  CHECK(reply::parse("250-ok\r\n").error() == fault{errc::reply_incomplete, 8});
  CHECK(reply::parse("250 ok\r\n250 ok\r\n").error() == fault{errc::reply_unexpected, 8});
  CHECK(reply::parse("250 ok\r\n\n").error() == fault{errc::reply_unexpected, 8});
  CHECK(reply::parse("250-a\r\n251 b\r\n").error() == fault{errc::reply_code_changed, 7});
  CHECK(reply::parse("260 a\r\n").error() == fault{errc::reply_code_malformed, 1});
  CHECK(reply::parse("260 a\r\n", quirks::deployed)->kind() == reply_class::positive);
}

TEST_CASE("the reply that a reader has found is the one that parse gives") {
  const std::string_view reply_octets = "451-4.7.1 a\r\n451 4.7.1 b\r\n";
  const std::string unread = std::string(reply_octets) + "250 next\r\n";
  sansmtp::reply_reader reader;
  REQUIRE(reader.scan(unread).value() == reply_octets.size());
  const auto found = reply::found(reader, unread);
  const auto parsed = reply::parse(reply_octets);
  CHECK(found.octets() == parsed->octets());
  CHECK(found.code() == parsed->code());
  CHECK(found.status() == parsed->status());
  CHECK(found.line_count() == parsed->line_count());
  CHECK(list(found.lines()) == list(parsed->lines()));
}

TEST_CASE("the lines of a reply can be walked more than once") {
  const auto parsed = reply::parse("250-a\r\n250-b\r\n250 c\r\n");
  const auto lines = parsed->lines();
  auto it = lines.begin();
  const auto first = it++;
  CHECK(*first == "a");
  CHECK(it->size() == 1);
  CHECK(*it == "b");
  CHECK(std::distance(lines.begin(), lines.end()) == 3);
  CHECK(std::next(it, 2) == lines.end());
}
