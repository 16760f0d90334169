#include "sansmtp/wire/reply_reader.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "support/every_cut.hpp"
#include "support/guard_page.hpp"

using sansmtp::enhanced_status;
using sansmtp::errc;
using sansmtp::fault;
using sansmtp::quirk;
using sansmtp::quirks;
using sansmtp::reply_reader;
using sansmtp::status_agreement;
namespace limits = sansmtp::limits;

namespace {

// All that a reader says about octets that arrived in parts.
struct outcome {
  std::size_t size = 0;
  fault why{};
  bool refused = false;
  std::size_t lines = 0;
  sansmtp::reply_code code;
  enhanced_status status;
  status_agreement agreement{};
  friend bool operator==(const outcome&, const outcome&) = default;
};

// Feeds the parts as a caller does: what is unread from its first octet, with the new part behind.
auto reading(quirks leniency) {
  return [leniency](support::parts parts) {
    reply_reader reader;
    outcome out;
    std::vector<char> unread;
    for (const auto part : parts) {
      unread.insert(unread.end(), part.begin(), part.end());
      const std::vector<char> exact(unread);  // of exactly this size
      const auto scanned = reader.scan({exact.data(), exact.size()}, leniency);
      if (!scanned) {
        out.refused = true;
        out.why = scanned.error();
        // A fault is final: asked again, it is the same.
        CHECK(reader.scan({exact.data(), exact.size()}, leniency).error() == out.why);
        return out;
      }
      if (*scanned != 0) {
        out.size = *scanned;
        out.lines = reader.line_count();
        out.code = reader.code();
        out.status = reader.status();
        out.agreement = reader.agreement();
        CHECK(reader.size() == out.size);
        return out;
      }
    }
    return out;
  };
}

outcome read(std::string_view text, quirks leniency = quirks::strict) {
  return reading(leniency)(support::parts(&text, 1));
}

// The reply is these octets and no more, whatever follows, and however it was cut.
void check_whole(std::string_view text, quirks leniency, std::size_t lines) {
  CAPTURE(support::shown(text));
  const auto whole = read(text, leniency);
  CHECK_FALSE(whole.refused);
  CHECK(whole.size == text.size());
  CHECK(whole.lines == lines);
  CHECK(support::cut_that_differs(text, reading(leniency)) == "");
  for (std::string_view behind : {"2", "250 next\r\n", "\r\n", "\n", "x"}) {
    const std::string more = std::string(text) + std::string(behind);
    CHECK(read(more, leniency) == whole);
    CHECK(support::cut_that_differs(more, reading(leniency)) == "");
  }
  // Less is no reply yet, and no fault.
  for (std::size_t size = 0; size < text.size(); ++size) CHECK(read(text.substr(0, size), leniency) == outcome{});
}

void check_refused(std::string_view text, quirks leniency, fault why) {
  CAPTURE(support::shown(text));
  const auto whole = read(text, leniency);
  CHECK(whole.refused);
  CHECK(static_cast<int>(whole.why.code) == static_cast<int>(why.code));
  CHECK(whole.why.at == why.at);
  CHECK(support::cut_that_differs(text, reading(leniency)) == "");
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace

static_assert(reply_reader().scan("250-a\r\n250 b\r\n250 c\r\n").value() == 14);
static_assert(reply_reader().scan("250-a\r\n250 b\r").value() == 0);

TEST_CASE("a reply is whole with the CRLF of the line that has no hyphen behind its code") {
  // RFC 5321 4.2, 4.2.1. A code alone, with SP alone, with a hyphen alone: all accepted.
  struct row {
    std::string_view wire;
    std::size_t lines;
  };
  const row rows[] = {
      {"250\r\n", 1},
      {"250 \r\n", 1},
      {"250 ok\r\n", 1},
      {"250-a\r\n250 b\r\n", 2},
      {"250-\r\n250-\r\n250\r\n", 3},
      {"250-\r\n250 \r\n", 2},
      {"535-5.7.8 no\r\n535 5.7.8 really\r\n", 2},
      {"354 a text that is longer than any block of octets that is looked at in one go, twice over, and a bit\r\n", 1},
      {"220 tab\tand 8-bit \xC3\xA9 \xFF and \x01\x7F controls\r\n", 1},
  };
  for (const auto& r : rows) {
    check_whole(r.wire, quirks::strict, r.lines);
    check_whole(r.wire, quirks::deployed, r.lines);
  }
}

TEST_CASE("what is no reply is refused at the first octet that shows it") {
  struct row {
    std::string_view wire;
    fault why;
  };
  using namespace std::string_view_literals;
  const row rows[] = {
      {"\r\n", {errc::reply_code_malformed, 0}},
      {"25 ok\r\n", {errc::reply_code_malformed, 2}},
      {"25\r\n", {errc::reply_code_malformed, 2}},
      {"2500 x\r\n", {errc::reply_separator, 3}},
      {"250_x\r\n", {errc::reply_separator, 3}},
      {"250\tx\r\n", {errc::reply_separator, 3}},
      {"150 x\r\n", {errc::reply_code_malformed, 0}},
      {"650 x\r\n", {errc::reply_code_malformed, 0}},
      {"HTTP/1.1 400\r\n", {errc::reply_code_malformed, 0}},
      {" 250 ok\r\n", {errc::reply_code_malformed, 0}},
      {"250-a\r\n\r\n", {errc::reply_code_malformed, 7}},
      {"250-a\r\n250_b\r\n", {errc::reply_separator, 10}},
      {"250-a\r\n25x b\r\n", {errc::reply_code_malformed, 9}},
      {"250 ok\n", {errc::bare_lf, 6}},
      {"250 a\nb\r\n", {errc::bare_lf, 5}},
      {"250\n", {errc::bare_lf, 3}},
      {"25\n", {errc::bare_lf, 2}},
      {"250 a\rb\r\n", {errc::bare_cr, 5}},
      {"250 a\r\r\n", {errc::bare_cr, 5}},
      {"250\rb\r\n", {errc::bare_cr, 3}},
      {"250 a\0b\r\n"sv, {errc::nul_octet, 5}},
      {"250\0\r\n"sv, {errc::nul_octet, 3}},
      {"\0"sv, {errc::nul_octet, 0}},
  };
  for (const auto& r : rows) {
    check_refused(r.wire, quirks::strict, r.why);
    check_refused(r.wire, quirks::all, r.why);
  }
}

TEST_CASE("a code that changes between lines is a fault at that code, so that no failure reads as success") {
  // RFC 5321 4.2.1: the reply code is the same on each line.
  for (const quirks leniency : {quirks::strict, quirks::all}) {
    check_refused("250-a\r\n251 b\r\n", leniency, {errc::reply_code_changed, 7});
    check_refused("535-a\r\n235 b\r\n", leniency, {errc::reply_code_changed, 7});
    check_refused("250-a\r\n250-bcd\r\n550 b\r\n", leniency, {errc::reply_code_changed, 16});
  }
}

TEST_CASE("a second digit of 6 to 9 is refused by the letter and accepted in use") {
  check_refused("260 x\r\n", quirks::strict, {errc::reply_code_malformed, 1});
  check_refused("250-x\r\n299 x\r\n", quirks::strict, {errc::reply_code_malformed, 8});
  check_whole("260 x\r\n", quirks::deployed, 1);
  check_whole("599-x\r\n599 x\r\n", quirks::deployed, 2);
  check_refused("250-x\r\n299 x\r\n", quirks::deployed, {errc::reply_code_changed, 7});
}

TEST_CASE("the text of a reply may hold any octet but CR, LF and NUL") {
  for (int octet = 0; octet < 256; ++octet)
    for (const std::size_t place : {4U, 6U, 21U, 37U}) {  // first, at the end, within and behind a block
      std::string wire = place == 6 ? "250 ab\r\n" : "250 " + std::string(40, 'x') + "\r\n";
      if (place == 6) wire.insert(6, "?");
      wire[place] = static_cast<char>(octet);
      CAPTURE(octet);
      const auto at = static_cast<std::uint32_t>(place);
      const outcome out = read(wire);
      if (octet == '\r')
        CHECK((out.refused && out.why == fault{errc::bare_cr, at}));
      else if (octet == '\n')
        CHECK((out.refused && out.why == fault{errc::bare_lf, at}));
      else if (octet == 0)
        CHECK((out.refused && out.why == fault{errc::nul_octet, at}));
      else
        CHECK(out.size == wire.size());
    }
}

TEST_CASE("the enhanced status of a reply is the one that all its lines bear") {
  // RFC 2034 4: the same code at the beginning of each line, agreeing with the reply code.
  struct row {
    std::string_view wire;
    enhanced_status status;
  };
  const row rows[] = {
      {"250 2.1.5 ok\r\n", {2, 1, 5}},
      {"250 2.1.5\r\n", {2, 1, 5}},
      {"250 2.1.5  ok\r\n", {2, 1, 5}},
      {"550-5.1.1 no\r\n550-5.1.1\r\n550 5.1.1 such user\r\n", {5, 1, 1}},
      {"250-no code\r\n250 here\r\n", {}},
      {"220 192.0.2.1 ready\r\n", {}},
      {"250 5.7 MB\r\n", {}},
      {"250 2.1.5: ok\r\n", {}},
      {"334 \r\n", {}},
  };
  for (const auto& r : rows) {
    check_whole(r.wire, quirks::strict, read(r.wire).lines);
    CHECK(read(r.wire).status == r.status);
    CHECK(read(r.wire).agreement == status_agreement::regular);
    CHECK(read(r.wire, quirks::deployed) == read(r.wire));
  }
}

TEST_CASE("an enhanced status code that breaks the rules is a fault by the letter, and text in use") {
  struct row {
    std::string_view wire;
    fault why;
    status_agreement agreement;
    enhanced_status status;
  };
  constexpr auto contradictory = status_agreement::contradictory;
  constexpr auto partial = status_agreement::partial;
  const row rows[] = {
      {"250 2.01.5 ok\r\n", {errc::enhanced_status_malformed, 7}, contradictory, {}},
      {"250 2.0.1000 ok\r\n", {errc::enhanced_status_malformed, 11}, contradictory, {}},
      {"250 3.0.0 ok\r\n", {errc::enhanced_status_malformed, 4}, contradictory, {}},
      {"250 5.1.1 ok\r\n", {errc::enhanced_status_class, 4}, contradictory, {}},
      {"550 2.0.0 no\r\n", {errc::enhanced_status_class, 4}, contradictory, {}},
      {"354 2.0.0 go\r\n", {errc::enhanced_status_class, 4}, contradictory, {}},
      {"550-5.1.1 a\r\n550 5.1.2 b\r\n", {errc::enhanced_status_changed, 17}, contradictory, {}},
      {"550-5.1.1 a\r\n550 4.1.1 b\r\n", {errc::enhanced_status_class, 17}, contradictory, {}},
      {"550-5.1.1 a\r\n550 see there\r\n", {errc::enhanced_status_changed, 17}, partial, {5, 1, 1}},
      {"550-5.1.1 a\r\n550\r\n", {errc::enhanced_status_changed, 16}, partial, {5, 1, 1}},
      {"550-see there\r\n550-5.1.1 a\r\n550 5.1.1 b\r\n", {errc::enhanced_status_changed, 19}, partial, {5, 1, 1}},
      {"550-a\r\n550-5.1.1 a\r\n550 5.1.2 b\r\n", {errc::enhanced_status_changed, 11}, contradictory, {}},
      {"550-2.0.0 a\r\n550 5.1.1 b\r\n", {errc::enhanced_status_class, 4}, contradictory, {}},
  };
  for (const auto& r : rows) {
    CAPTURE(support::shown(r.wire));
    check_refused(r.wire, quirks::strict, r.why);
    check_refused(r.wire, quirks::all.without(quirk::loose_enhanced_status), r.why);
    const auto loose = read(r.wire, quirks::deployed);
    CHECK(loose.size == r.wire.size());
    CHECK(loose.agreement == r.agreement);
    CHECK(loose.status == r.status);
    CHECK(support::cut_that_differs(r.wire, reading(quirks::deployed)) == "");
  }
}

TEST_CASE("a line of a reply is as long as its limit and no longer") {
  const auto line = [](std::size_t octets) { return "250 " + std::string(octets - 6, 'x') + "\r\n"; };
  CHECK(read(line(limits::received_reply_line)).size == limits::received_reply_line);
  const fault why{errc::reply_line_too_long, limits::received_reply_line};
  CHECK(read(line(limits::received_reply_line + 1)).why == why);
  CHECK(read(std::string("250 ") + std::string(5000, 'x')).why == why);
  // One octet of CRLF over the edge counts.
  check_refused(line(limits::received_reply_line + 1), quirks::strict, why);
  // The limit is each line's own.
  const std::string first = "250-a\r\n";
  const fault later = fault{errc::reply_line_too_long, limits::received_reply_line} + first.size();
  CHECK(read(first + line(limits::received_reply_line)).size == first.size() + limits::received_reply_line);
  CHECK(read(first + line(limits::received_reply_line + 1)).why == later);
  // Also where more lines stand behind it, and it is not the last.
  std::string amid = line(limits::received_reply_line);
  amid[3] = '-';
  const std::string rest = repeated("250-\r\n", 30) + "250 z\r\n";
  CHECK(read(first + amid + rest).size == first.size() + amid.size() + rest.size());
  amid.insert(4, "x");
  CHECK(read(first + amid + rest).why == later);
  // A bad octet is told only as far as the limit.
  CHECK(read("250 " + std::string(limits::received_reply_line - 5, 'x') + "\n").why ==
        fault{errc::bare_lf, limits::received_reply_line - 1});
  CHECK(read("250 " + std::string(limits::received_reply_line - 4, 'x') + "\n").why == why);
}

TEST_CASE("a challenge is as long as an AUTH exchange needs") {
  // RFC 4954 4: 12288 octets of line are to be handled, whatever other lines may have.
  const auto line = [](std::size_t octets) { return "334 " + std::string(octets - 6, 'A') + "\r\n"; };
  CHECK(read(line(limits::auth_line)).size == limits::auth_line);
  CHECK(read(line(limits::auth_line + 1)).why == fault{errc::reply_line_too_long, limits::auth_line});
}

TEST_CASE("a reply has as many lines and octets as its limits and no more") {
  const std::string lines = repeated("250-\r\n", limits::received_reply_lines - 1);
  CHECK(read(lines + "250\r\n").lines == limits::received_reply_lines);
  CHECK(read(lines + "250-\r\n").size == 0);  // more must come
  CHECK(read(lines + "250-\r\n2").why == fault{errc::reply_too_many_lines, 6 * limits::received_reply_lines});
  CHECK(read(lines + "250-\r\n250 x\r\n").why == fault{errc::reply_too_many_lines, 6 * limits::received_reply_lines});
  CHECK(read(lines + repeated("250-\r\n", 30)).why == fault{errc::reply_too_many_lines, 6 * limits::received_reply_lines});

  const std::string kilo = "250-" + std::string(1018, 'x') + "\r\n";  // 64 of them are the limit
  static_assert(limits::received_reply == std::size_t{64} * 1024);
  const std::string most = repeated(kilo, 63) + "250 " + std::string(1018, 'x') + "\r\n";
  CHECK(read(most).size == limits::received_reply);
  CHECK(read(repeated(kilo, 64)).size == 0);
  CHECK(read(repeated(kilo, 64) + "2").why == fault{errc::reply_too_long, limits::received_reply});
  CHECK(read(repeated(kilo, 63) + "250 " + std::string(1019, 'x') + "\r\n").why ==
        fault{errc::reply_too_long, limits::received_reply});
}

TEST_CASE("a reply in one piece is read as octet by octet, whatever it is made of") {
  // Pieces that codes, separators, statuses, texts and line ends are made of, right and wrong.
  const std::string_view pieces[] = {
      "250-",     "250 ",     "550-",
      "550 ",     "250",      "334 ",
      "260-",     "25",       "5.1.1",
      "5.1.1 ",   "2.0.0 ",   "5.1.2",
      "5.01.1",   "5.7.26 x", "2.0",
      "8BITMIME", "ok",       "\t",
      " ",        "\r\n",     "\r\n",
      "\r\n",     "\r",       "\n",
      "\x01",     "\xC3\xA9", "a text of more octets than are looked at in one go, and more"};
  std::uint32_t dice = 7;
  const auto next = [&](std::size_t sides) {
    dice = dice * 1664525 + 1013904223;
    return static_cast<std::size_t>(dice >> 16) % sides;
  };
  const auto one_by_one = [](std::string_view text, quirks leniency) {
    std::vector<std::string_view> parts;
    for (std::size_t i = 0; i < text.size(); ++i) parts.push_back(text.substr(i, 1));
    return reading(leniency)(parts);
  };
  for (int round = 0; round < 6000; ++round) {
    std::string wire;
    const std::string_view code = pieces[next(4)].substr(0, 3);
    for (std::size_t lines = 1 + next(4); lines > 0; --lines) {
      if (next(8) != 0) wire.append(code).append(next(16) == 0 ? "" : lines == 1 ? " " : "-");
      for (std::size_t count = next(4); count > 0; --count) wire += pieces[next(std::size(pieces))];
      if (next(8) != 0) wire += "\r\n";
    }
    for (const quirks leniency : {quirks::strict, quirks::deployed}) {
      const outcome whole = read(wire, leniency);
      if (!(whole == one_by_one(wire, leniency))) CHECK_MESSAGE(false, support::shown(wire));
      if (round % 16 == 0 && support::cut_that_differs(wire, reading(leniency)) != "")
        CHECK_MESSAGE(false, support::shown(wire));
    }
  }
}

TEST_CASE("after reset a reader knows nothing of the reply before") {
  reply_reader reader;
  REQUIRE(reader.scan("550-5.1.1 a\r\n550 5.1.1 b\r\n"));
  reader.reset();
  const std::string_view next = "250 ok\r\n";
  CHECK(reader.scan(next).value() == next.size());
  CHECK(reader.code() == 250);
  CHECK(reader.line_count() == 1);
  CHECK_FALSE(reader.status());
}

TEST_CASE("asked again without reset, a reader tells the same reply") {
  reply_reader reader;
  CHECK(reader.scan("250 ok\r\n250 next\r\n").value() == 8);
  CHECK(reader.scan("250 ok\r\n250 next\r\n").value() == 8);
}

TEST_CASE("no octet outside of what has arrived is looked at") {
  const std::string wire = "250-" + std::string(70, 'x') + "\r\n250 " + std::string(33, 'y') + "\r\n";
  for (std::size_t size = 0; size <= wire.size(); ++size) {
    const support::guard_page page(std::string_view(wire).substr(0, size), support::guarded_side::right);
    reply_reader reader;
    CHECK(reader.scan(page.view()).value() == (size == wire.size() ? size : 0));
  }
}
