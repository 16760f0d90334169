#include "sansmtp/grammar/path.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <type_traits>

#include "grammar/judged.hpp"

using namespace sansmtp::literals;
using sansmtp::errc;
using sansmtp::forward_path;
using sansmtp::quirk;
using sansmtp::quirks;
using sansmtp::reverse_path;
using support::judged;

static_assert(sizeof(reverse_path) <= 64 && std::is_trivially_copyable_v<reverse_path>);
static_assert(sizeof(forward_path) <= 64 && std::is_trivially_copyable_v<forward_path>);
static_assert("<>"_reverse_path.is_null() && "<>"_reverse_path == reverse_path::null());
static_assert("<PostMaster>"_forward_path == forward_path::postmaster());
static_assert(reverse_path("a@b"_mailbox) == "<@x,@y:a@B>"_reverse_path, "a source route is no part of an address");
static_assert("<@x,@y:a@b>"_forward_path.source_route() == "@x,@y");

namespace {

template <class Path>
std::string written(const Path& p) {
  sansmtp::output_buffer<300> out;
  sansmtp::writer::draft draft(out);
  encode(p, draft);
  return draft.commit() ? std::string(out.written()) : "does not fit";
}

}  // namespace

TEST_CASE("a path is a mailbox in brackets, and a source route may stand before it") {
  struct row {
    std::string_view text, route, mailbox;
  };
  const row rows[] = {
      {"<a@b>", "", "a@b"},
      {"<\"a b\"@c.d>", "", "\"a b\"@c.d"},
      {"<\"a>b\"@c>", "", "\"a>b\"@c"},
      {"<\"\\\">\"@c>", "", "\"\\\">\"@c"},
      {"<u@[127.0.0.1]>", "", "u@[127.0.0.1]"},
      {"<u@[IPv6:::1]>", "", "u@[IPv6:::1]"},
      {"<u@[x:a>b]>", "", "u@[x:a>b]"},  // RFC 5321 4.1.3: dcontent holds ">"
      {"<@x:u@z.w>", "@x", "u@z.w"},
      {"<@x,@y:u@z.w>", "@x,@y", "u@z.w"},
      {"<@x.example,@y.example,@z:\"u:v\"@w>", "@x.example,@y.example,@z", "\"u:v\"@w"},
      {"<postmaster@b>", "", "postmaster@b"},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    const auto from = reverse_path::parse(r.text);
    const auto to = forward_path::parse(r.text);
    REQUIRE(judged(from) == "taken");
    REQUIRE(judged(to) == "taken");
    CHECK_FALSE(from->is_null());
    CHECK_FALSE(to->is_postmaster());
    CHECK(from->text() == r.text);
    CHECK(to->text() == r.text);
    CHECK(from->source_route() == r.route);
    CHECK(to->source_route() == r.route);
    CHECK(from->mailbox().text() == r.mailbox);
    CHECK(to->mailbox() == *sansmtp::mailbox::parse(r.mailbox));
    CHECK(from->is_ascii());
    const std::string strict = "<" + std::string(r.mailbox) + ">";
    CHECK(written(*from) == strict);
    CHECK(written(*to) == strict);
    CHECK(*reverse_path::parse(strict) == *from);
  }
}

TEST_CASE("the null path sends and never receives, the bare Postmaster receives and never sends") {
  // RFC 5321 4.1.2: Reverse-path = Path / "<>"; 4.1.1.3: "<Postmaster>", case-insensitive, only behind RCPT TO:.
  REQUIRE(reverse_path::parse("<>"));
  CHECK(reverse_path::parse("<>")->is_null());
  CHECK(reverse_path::parse("<>")->text() == "<>");
  CHECK(written(reverse_path::null()) == "<>");
  CHECK(judged(forward_path::parse("<>", quirks::all)) == judged(errc::path_null, 1));
  for (std::string_view text : {"<Postmaster>", "<postMASTER>", "<POSTMASTER>", "<postmaster>"}) {
    CAPTURE(text);
    REQUIRE(judged(forward_path::parse(text)) == "taken");
    CHECK(forward_path::parse(text)->is_postmaster());
    CHECK(forward_path::parse(text)->text() == text);
    CHECK(forward_path::parse(text)->is_ascii());
    CHECK(written(*forward_path::parse(text)) == "<Postmaster>");
    CHECK(judged(reverse_path::parse(text)) == judged(errc::at_sign_missing, 11));
  }
  CHECK(judged(forward_path::parse("<root>")) == judged(errc::at_sign_missing, 5));
  CHECK(judged(forward_path::parse("<\"postmaster\">")) == judged(errc::at_sign_missing, 13));
  CHECK(judged(forward_path::parse("<@x:postmaster>")) == judged(errc::at_sign_missing, 14));
  CHECK(judged(forward_path::parse("<postmaster")) == judged(errc::path_open, 11));
  CHECK_FALSE("<POSTMASTER@x>"_forward_path.is_postmaster());
  CHECK_FALSE("<POSTMASTER@x>"_forward_path == forward_path::postmaster());
}

TEST_CASE("a path that is none is refused at the octet at fault") {
  const support::refused_row rows[] = {
      {"", errc::path_bare, 0},
      {"a@b", errc::path_bare, 0},
      {" <a@b>", errc::path_bare, 0},
      {">", errc::path_bare, 0},
      {"<", errc::path_open, 1},
      {"< >", errc::local_part_octet, 1},
      {"< a@b>", errc::local_part_octet, 1},
      {"<a@>", errc::domain_empty, 3},
      {"<@b>", errc::source_route, 3},
      {"<a@b", errc::path_open, 4},
      {"<a", errc::path_open, 2},
      {"<a@", errc::path_open, 3},
      {"<a@[1.2.3.4", errc::path_open, 11},
      {"<a@[1.2.3.4]", errc::path_open, 12},
      {"<a b@c>", errc::local_part_octet, 2},
      {"<a@b c>", errc::domain_octet, 4},
      {"<a@b_c>", errc::domain_octet, 4},
      {"<a@-b>", errc::domain_hyphen, 3},
      {"<a@b.>", errc::domain_trailing_dot, 4},
      {"<a..b@c>", errc::local_part_dot, 3},
      {"<.a@c>", errc::local_part_dot, 1},
      {"<a.@c>", errc::local_part_dot, 2},
      {"<\"\"@c>", errc::local_part_empty, 2},
      {"<\"a@b>", errc::quoted_string_open, 6},
      {"<a\\b@c>", errc::local_part_octet, 2},
      {"<<a@b>>", errc::local_part_octet, 1},
      {"<a@b>>", errc::argument_malformed, 5},
      {"<a@b> ", errc::argument_malformed, 5},
      {"<a@b>,<c@d>", errc::argument_malformed, 5},
      {"<>x", errc::argument_malformed, 2},
      {"<a@b,c@d>", errc::domain_octet, 4},
      {"<a@b\r\n>", errc::domain_octet, 4},
      {"<a\n@b>", errc::local_part_octet, 2},
      {"<a@\xFF>", errc::utf8_malformed, 3},
      {"<@a:>", errc::local_part_empty, 4},
      {"<@:u@z>", errc::domain_empty, 2},
      {"<@a,:u@z>", errc::source_route, 4},
      {"<@a,b:u@z>", errc::source_route, 4},
      {"<@a@b:u@z>", errc::domain_octet, 3},
      {"<@a,@:u@z>", errc::domain_empty, 5},
      {"<@a,@b u@z>", errc::domain_octet, 6},
      {"<@a,@b", errc::path_open, 6},
      {"<@[1.2.3.4]:u@z>", errc::domain_octet, 2},  // At-domain = "@" Domain: no literal
      {"<@a:@b:u@z>", errc::local_part_empty, 4},
      {"<u@[IPv6:zzz]>", errc::literal_ipv6, 9},
      {"<u@[1.2.3.4].>", errc::literal_malformed, 12},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(reverse_path::parse(r.text)) == judged(r.why, r.at));
    CHECK(judged(reverse_path::parse_prefix(r.text)) ==
          (r.why == errc::argument_malformed ? "taken" : judged(r.why, r.at)));
    if (r.text.substr(0, 2) != "<>") CHECK(judged(forward_path::parse(r.text)) == judged(r.why, r.at));
  }
  CHECK(judged(reverse_path::parse(std::string_view("<a\0@b>", 6))) == judged(errc::local_part_octet, 2));
}

TEST_CASE("the end of a path in a longer text is found past quoted brackets and spaces") {
  struct row {
    std::string_view text;
    std::size_t used;
  };
  const row rows[] = {
      {"<a@b> SIZE=10", 5},         {"<a@b>SIZE", 5},        {"<a@b>", 5},
      {"<\"a> b\"@c> X=<d>", 10},   {"<\"\\\"> \"@c>>", 10}, {"<u@[x:>]>>", 9},
      {"<@x,@y:u@z> SMTPUTF8", 11},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    const auto from = reverse_path::parse_prefix(r.text);
    REQUIRE(judged(from) == "taken");
    CHECK(from->used == r.used);
    CHECK(from->path.text() == r.text.substr(0, r.used));
    const auto to = forward_path::parse_prefix(r.text);
    REQUIRE(judged(to) == "taken");
    CHECK(to->used == r.used);
  }
  CHECK(reverse_path::parse_prefix("<> RET=HDRS")->used == 2);
  CHECK(forward_path::parse_prefix("<Postmaster> NOTIFY=NEVER")->used == 12);
}

TEST_CASE("the bare_path quirk takes a path without brackets up to SP or the end") {
  struct row {
    std::string_view text;
    std::size_t used;
  };
  const row rows[] = {
      {"a@b", 3}, {"a@b SIZE=10", 3}, {"\"a b\"@c SIZE=10", 7}, {"@x,@y:u@z", 9}, {"u@[1.2.3.4] X", 11}};
  for (const row& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(reverse_path::parse_prefix(r.text, quirks::all.without(quirk::bare_path))) ==
          judged(errc::path_bare, 0));
    const auto from = reverse_path::parse_prefix(r.text, quirk::bare_path);
    REQUIRE(judged(from) == "taken");
    CHECK(from->used == r.used);
    CHECK(from->path.text() == r.text.substr(0, r.used));
    CHECK(written(from->path) == "<" + std::string(from->path.mailbox().text()) + ">");
  }
  CHECK(reverse_path::parse_prefix("@x,@y:u@z", quirk::bare_path)->path.source_route() == "@x,@y");
  CHECK(forward_path::parse_prefix("postmaster X", quirk::bare_path)->path.is_postmaster());
  CHECK(forward_path::parse_prefix("postmaster X", quirk::bare_path)->used == 10);
  CHECK(forward_path::parse_prefix("<a@b> X", quirk::bare_path)->used == 5);
  const support::refused_row refused[] = {
      {"", errc::path_bare, 0},         {" a@b", errc::local_part_empty, 0}, {"a@b>", errc::domain_octet, 3},
      {"a", errc::at_sign_missing, 1},  {"a@", errc::domain_empty, 2},       {"a b@c", errc::at_sign_missing, 1},
      {"a@b\t", errc::domain_octet, 3}, {"<a@b", errc::path_open, 4},        {"@a", errc::source_route, 2},
  };
  for (const auto& r : refused) {
    CAPTURE(r.text);
    CHECK(judged(reverse_path::parse_prefix(r.text, quirk::bare_path)) == judged(r.why, r.at));
  }
}

TEST_CASE("a path has at most 256 octets with its brackets, its source route included") {
  const std::string label(63, 'b');
  const std::string domain = label + "." + label + "." + label;  // 191
  const std::string most = "<" + std::string(62, 'a') + "@" + domain + ">";
  CHECK(most.size() == 256);
  CHECK(judged(reverse_path::parse(most)) == "taken");
  CHECK(judged(reverse_path::parse("<a" + most.substr(1))) == judged(errc::path_too_long, 256));
  CHECK(judged(reverse_path::parse("<@" + domain + ":" + std::string(59, 'a') + "@b>")) == "taken");
  CHECK(judged(reverse_path::parse("<@" + domain + ":" + std::string(60, 'a') + "@b>")) ==
        judged(errc::path_too_long, 256));
  CHECK(judged(reverse_path::parse(most.substr(1, 254), quirk::bare_path)) == "taken");
  CHECK(judged(reverse_path::parse("a" + most.substr(1, 254), quirk::bare_path)) == judged(errc::path_too_long, 254));
  // What breaks a rule behind the limit is beyond the limit first, and nothing wraps round.
  CHECK(judged(reverse_path::parse("<\"" + std::string(300, 'a'))) == judged(errc::path_too_long, 256));
  CHECK(judged(reverse_path::parse("<" + std::string(70000, 'a') + "@b>", quirks::all)) ==
        judged(errc::local_part_too_long, 253));
  std::string hops;
  for (int i = 0; i < 40000; ++i) hops += "@a,";
  CHECK(judged(reverse_path::parse("<" + hops + "@a:u@z>")) == judged(errc::path_too_long, 256));
}

TEST_CASE("UTF-8 anywhere in a path shows, in its source route too") {
  for (std::string_view text : {"<\xC3\xA4@b>", "<a@\xC3\xA4>", "<@\xC3\xA4:a@b>", "<@\xC3\xA4,@x:a@b>"}) {
    CAPTURE(text);
    REQUIRE(judged(forward_path::parse(text)) == "taken");
    CHECK_FALSE(forward_path::parse(text)->is_ascii());
  }
  CHECK("<@\xC3\xA4:a@b>"_reverse_path.mailbox().is_ascii());
}

TEST_CASE("every octet in a path is refused at its place or is part of it") {
  for (unsigned c = 0; c < 256; ++c) {
    CAPTURE(c);
    const bool atext = support::letter(c) || support::digit(c) ||
                       (c != 0 && c < 128 &&
                        std::string_view("!#$%&'*+-/=?^_`{|}~").find(static_cast<char>(c)) != std::string_view::npos);
    const auto local = reverse_path::parse(support::around("<a", c, "b@c>"));
    CHECK(local.has_value() == (atext || c == '.'));
    if (!local && c != '@' && c != '>') CHECK(local.error().at == 2);
    const auto domain = forward_path::parse(support::around("<a@b", c, "c>"));
    CHECK(domain.has_value() == (support::letter(c) || support::digit(c) || c == '-' || c == '.'));
    if (!domain && c != '>') CHECK(domain.error().at == 4);
  }
}

TEST_CASE("a path made of a mailbox is written in brackets") {
  const reverse_path from = "a@b.example"_mailbox;
  const forward_path to = "\"c d\"@[192.0.2.1]"_mailbox;
  CHECK(from.text() == "a@b.example");
  CHECK(from.source_route() == "");
  CHECK(from.mailbox() == "a@b.example"_mailbox);
  CHECK(written(from) == "<a@b.example>");
  CHECK(written(to) == "<\"c d\"@[192.0.2.1]>");
  CHECK(*forward_path::parse(written(to)) == to);
}

TEST_CASE("a source route that stops at a comma lacks its next domain") {
  CHECK(judged(reverse_path::parse("<@a.example,")) == judged(errc::path_open, 12));
  CHECK(judged(reverse_path::parse("<@a.example,>")) == judged(errc::source_route, 12));
  CHECK(judged(reverse_path::parse("<@a.example,b.example:c@d.example>")) == judged(errc::source_route, 12));
  CHECK(judged(reverse_path::parse("@a.example,", quirk::bare_path)) == judged(errc::source_route, 11));
  CHECK(judged(reverse_path::parse("@a.example", quirk::bare_path)) == judged(errc::source_route, 10));
}

TEST_CASE("a glance at nothing tells nothing") {
  CHECK(sansmtp::path::at_a_glance("", 0).used == 0);
  CHECK(sansmtp::path::at_a_glance("TO:", 3).used == 0);
}
