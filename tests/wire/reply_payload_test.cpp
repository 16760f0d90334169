#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>

#include "sansmtp/wire/conneg_reply.hpp"
#include "sansmtp/wire/response.hpp"
#include "sansmtp/wire/wellknown_reply.hpp"

using sansmtp::conneg_filter;
using sansmtp::errc;
using sansmtp::fault;
using sansmtp::quirks;
using sansmtp::reply;
using sansmtp::wellknown_reply;

namespace {

std::string joined(std::string_view wire, quirks leniency = quirks::strict) {
  const auto answer = reply::parse(wire, leniency);
  REQUIRE(answer);
  const auto filter = conneg_filter::parse(*answer);
  REQUIRE(filter);
  sansmtp::output_buffer<4096> out;
  REQUIRE(filter->join(out));
  return std::string(out.written());
}

std::string decoded(std::string_view wire, quirks leniency = quirks::strict) {
  const auto answer = reply::parse(wire, leniency);
  REQUIRE(answer);
  const auto found = wellknown_reply::parse(*answer, leniency);
  REQUIRE(found);
  sansmtp::output_buffer<8192> out;
  REQUIRE(found->decode(out));
  CHECK(out.written().size() == found->size());
  return std::string(out.written());
}

}  // namespace

TEST_CASE("A-45: the parts behind CONNEG, on every line but the first, are one expression") {
  // RFC 4141 5.2, and the example of 9.2, whose last line is "250 CONNEG".
  const std::string_view wire =
      "250-<June@some.example.com> recipient ok\r\n250-CONNEG (&(image-file-structure=TIFF-minimal)\r\n"
      "250-CONNEG   (MRC-mode=0)\r\n250 CONNEG   (ua-media=stationery) )\r\n";
  for (const quirks leniency : {quirks::strict, quirks::deployed})
    CHECK(joined(wire, leniency) == "(&(image-file-structure=TIFF-minimal)  (MRC-mode=0)  (ua-media=stationery) )");
  CHECK(joined("250-ok\r\n250 CONNEG\r\n") == "");
  CHECK(joined("250-2.1.5 ok\r\n250-2.1.5 conneg (a\r\n250 2.1.5 CONNEG =b)\r\n") == "(a=b)");
  CHECK(joined("250-ok\r\n250-by the way\r\n250 CONNEG (a=b)\r\n") == "(a=b)");
  const auto refused = [](std::string_view text) { return conneg_filter::parse(*reply::parse(text)).error(); };
  CHECK(refused("250 ok\r\n") == fault{errc::reply_text_malformed, 2});
  CHECK(refused("250 CONNEG (a=b)\r\n").code == errc::reply_text_malformed);  // the first line is the recipient's
  CHECK(refused("250-ok\r\n250 CONNEGS (a=b)\r\n").code == errc::reply_text_malformed);
  CHECK(refused("550-no\r\n550 CONNEG (a=b)\r\n") == fault{errc::reply_out_of_place, 0});
}

TEST_CASE("an expression of any length is written as lines of CONNEG and reads back") {
  for (const std::size_t size : {0U, 1U, 480U, 489U, 490U, 2000U}) {
    std::string filter;
    while (filter.size() < size) filter += "(a=b) ";
    filter.resize(size);
    sansmtp::output_buffer<4096> room, out;
    std::array<std::string_view, 8> lines;
    const auto count = sansmtp::compose_conneg(filter, room, lines);
    REQUIRE(count);
    REQUIRE(encode(sansmtp::response{250, {2, 1, 5}, "ok", {lines.data(), *count}}, out));
    CHECK(joined(out.written()) == filter);
  }
  sansmtp::output_buffer<4096> room;
  std::array<std::string_view, 1> one;
  CHECK(sansmtp::compose_conneg(std::string(600, 'x'), room, one).error().code == errc::reply_too_many_lines);
  CHECK(sansmtp::compose_conneg("a\r\n250 b", room, one).error() == fault{errc::reply_text_octet, 1});
  CHECK(room.empty());
}

TEST_CASE("the reply to WELLKNOWN is a summary and xtext") {
  const std::string_view wire = "250-SIZE=7\r\n250-a+0D+0Ab\r\n250 +00c+2B\r\n";
  for (const quirks leniency : {quirks::strict, quirks::deployed})
    CHECK(decoded(wire, leniency) == std::string_view("a\r\nb\0c+", 7));
  const auto answer = reply::parse(wire);
  CHECK(wellknown_reply::parse(*answer)->stated_size() == 7U);
  CHECK(wellknown_reply::parse(*answer)->summary() == "SIZE=7");
  CHECK_FALSE(wellknown_reply::parse(*reply::parse("250 here it is\r\n"))->stated_size());
  CHECK_FALSE(wellknown_reply::parse(*reply::parse("250 SIZE=x\r\n"))->stated_size());
  CHECK(decoded("250 nothing\r\n") == "");
  CHECK(wellknown_reply::parse(*reply::parse("250-ok\r\n250 a=b\r\n")).error() == fault{errc::xtext_malformed, 1});
  CHECK(wellknown_reply::parse(*reply::parse("250-ok\r\n250 a+2b\r\n")).error() == fault{errc::xtext_malformed, 3});
  CHECK(wellknown_reply::parse(*reply::parse("250-ok\r\n250 a+2b\r\n"), quirks::deployed));
  CHECK(wellknown_reply::parse(*reply::parse("550 no\r\n")).error() == fault{errc::reply_out_of_place, 0});
}

TEST_CASE("octets of any kind are written as lines of xtext and read back") {
  std::string every;
  for (int octet = 0; octet < 256; ++octet) every += static_cast<char>(octet);
  for (const std::string& raw : {std::string(), std::string("2.0.0"), every, every + every + every + every}) {
    sansmtp::output_buffer<8192> room, out;
    std::array<std::string_view, 16> lines;
    const auto count = sansmtp::compose_wellknown(raw, room, lines);
    REQUIRE(count);
    sansmtp::output_buffer<32> summary_room;
    sansmtp::writer::draft summary(summary_room);
    sansmtp::encode_wellknown_summary(raw.size(), summary);
    REQUIRE(summary.commit());
    for (const sansmtp::enhanced_status status : {sansmtp::enhanced_status{}, sansmtp::enhanced_status{2, 0, 0}}) {
      out.clear();
      REQUIRE(encode(sansmtp::response{250, status, summary_room.written(), {lines.data(), *count}}, out));
      CHECK(decoded(out.written()) == raw);
      CHECK(wellknown_reply::parse(*reply::parse(out.written()))->stated_size() == raw.size());
    }
  }
  sansmtp::output_buffer<64> small;
  std::array<std::string_view, 16> lines;
  CHECK(sansmtp::compose_wellknown(every, small, lines).error().code == errc::output_full);
  sansmtp::output_buffer<4096> room;
  std::array<std::string_view, 1> one;
  CHECK(sansmtp::compose_wellknown(every, room, one).error().code == errc::reply_too_many_lines);
  CHECK(room.empty());
}
