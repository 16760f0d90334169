// Every transcript of this folder through both sessions, against the events that stand beside it; and
// small dialogues for what no recorded one holds.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

#include "support/replay.hpp"
#include "support/transcript.hpp"

using support::replay;
using support::replay_options;
using support::replayer;

namespace {

std::string contents(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// Where two texts part, so that a failure shows a line and not a page.
std::string first_difference(std::string_view got, std::string_view wanted) {
  for (std::size_t number = 1; !got.empty() || !wanted.empty(); ++number) {
    const auto cut = [](std::string_view& text) {
      const auto end = std::min(text.find('\n'), text.size());
      const auto line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      return line;
    };
    const auto mine = cut(got), theirs = cut(wanted);
    if (mine != theirs)
      return "line " + std::to_string(number) + " is\n" + std::string(mine) + "\nand should be\n" + std::string(theirs);
  }
  return {};
}

// One exchange octet by octet, and cut in two at every offset. Of those over 6000 octets, whose length
// comes from one octet over and over, at every 97th, or where that is still too many at 64 of them.
std::string cut_that_differs(std::span<const support::transcript_entry> entries) {
  const std::string whole = replayer::run(entries);
  std::size_t size = 0;
  for (const auto& entry : entries) size += entry.octets.size();
  const auto differs = [&](const replay_options& options) {
    return first_difference(replayer::run(entries, options), whole);
  };
  if (const auto text = differs({.octet_by_octet = true}); !text.empty()) return "octet by octet: " + text;
  const std::size_t stride = size > 6000 ? std::max<std::size_t>(97, size / 64) : 1;
  for (std::size_t at = 1; at < size; at += stride)
    if (const auto text = differs({.cut = at}); !text.empty()) return "cut at " + std::to_string(at) + ": " + text;
  return {};
}

support::transcript read(std::string_view text) {
  const auto reading = support::read_transcript(text);
  REQUIRE(!reading.mistake);
  return reading.script;
}

struct row {
  const char* what;
  std::string_view dialogue;
  std::string_view events;
};

void check(const row& r) {
  CAPTURE(r.what);
  const auto script = read(r.dialogue);
  CHECK(first_difference(replay(script), r.events) == "");
  for (const auto entries : support::exchanges(script)) CHECK(cut_that_differs(entries) == "");
}

}  // namespace

TEST_CASE("each transcript replays with exactly the events beside it, whole, cut anywhere and octet by octet") {
  for (const auto& file : support::transcript_files()) {
    INFO(file.parent_path().filename().string() << "/" << file.filename().string());
    const auto reading = support::load_transcript(file);
    REQUIRE(!reading.mistake);
    auto beside = file;
    const std::string events = contents(beside.replace_extension(".events"));
    CHECK(!events.empty());
    CHECK(first_difference(replay(reading.script), events) == "");
    for (const auto entries : support::exchanges(reading.script)) CHECK(cut_that_differs(entries) == "");
  }
}

TEST_CASE("no events without their transcript, and no octet in them that a terminal would obey") {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(support::transcript_folder())) {
    if (entry.path().extension() != ".events") continue;
    INFO(entry.path().string());
    auto beside = entry.path();
    CHECK(std::filesystem::exists(beside.replace_extension(".txt")));
    for (const char c : contents(entry.path())) {
      const auto octet = static_cast<unsigned char>(c);
      if (octet < 32 && c != '\n') FAIL_CHECK("octet " << +octet);
    }
  }
}

TEST_CASE("what a client proves itself with is nowhere in the events") {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(support::transcript_folder())) {
    if (entry.path().extension() != ".events") continue;
    INFO(entry.path().string());
    const std::string events = contents(entry.path());
    for (const char* secret : {"s3cret", "czNjcmV0", "AHRlc3Rlcg", "dGVzdA==", "MTIzNA=="})
      CHECK(events.find(secret) == events.npos);
  }
  check({"a response that nobody waited for, and servers that repeat it",
         "-- at ready\n"
         "-- offers AUTH PLAIN\n"
         "C: AUTH PLAIN AHUAaHVudGVyMg==\n"
         "S: 500 what is AHUAaHVudGVyMg==, or hunter2?\n"
         "C: AHUAaHVudGVyMg==\n"
         "S: 500 5.5.1 AHUAaHVudGVyMg== is no command\n"
         "C: auth aHVudGVyMg==\n"
         "S: 501 5.5.4 no\n"
         "C|  AUTH PLAIN AHUAaHVudGVyMg==\\r\\n\n"
         "S: 500 no\n",
         "-- ready               at           ready\n"
         "-- ready               offers       AUTH PLAIN\n"
         "C  ready               AUTH         PLAIN <10 octets redacted>, in the clear\n"
         "S  ready               500          to AUTH \"what is <redacted>, or <redacted>?\"\n"
         "C  ready               line         refused\n"
         "                       ****************\n"
         "                                     ^ no verb begins the line (RFC 5321 4.1.1)\n"
         "S  ready               500 5.5.1    to line \"<redacted> is no command\"\n"
         "C  ready               AUTH         refused\n"
         "                       auth ************\n"
         "                                      ^ a mechanism's name is letters, digits, hyphens and underscores (RFC "
         "4422 3.1)\n"
         "S  ready               501 5.5.4    to AUTH \"no\"\n"
         "C  ready               line         refused\n"
         "                        AUTH PLAIN ****************\n"
         "                       ^ no verb begins the line (RFC 5321 4.1.1)\n"
         "S  ready               500          to line \"no\"\n"});
}

TEST_CASE("a reply that cannot be read is shown where it breaks, and its code is believed") {
  check(
      {"a bare LF, two codes, no code, and a code that RFC 5321 4.2 does not have",
       "-- at ready\n"
       "C: MAIL FROM:<a@b.example>\n"
       "S| 250 ok\\n\n"
       "C: RCPT TO:<c@d.example>\n"
       "S: 250-2.1.5 half\n"
       "S: 551 5.1.6 and other\n"
       "C: RCPT TO:<e@d.example>\n"
       "S: 2x0 strange\n"
       "S: 250 late\n"
       "C: NOOP\n"
       "S: 270 odd\n",
       "-- ready               at           ready\n"
       "C  ready               MAIL         <a@b.example>\n"
       "S  ready -> mail       250          to MAIL\n"
       "                       250 ok\\n\n"
       "                             ^ a LF without CR stands in the line (RFC 5321 2.3.8)\n"
       "C  mail                RCPT         <c@d.example>\n"
       "S  mail                551          to RCPT\n"
       "                       551 5.1.6 and other\n"
       "                       ^ the code changes within one reply (RFC 5321 4.2.1)\n"
       "C  mail                RCPT         <e@d.example>\n"
       "S  mail                line         no reply\n"
       "                       2x0 strange\n"
       "                        ^ a reply begins with three digits, the first 2 to 5 (RFC 5321 4.2)\n"
       "S  mail -> rcpt        250          to RCPT \"late\"\n"
       "C  rcpt                NOOP\n"
       "S  rcpt                270          to NOOP \"odd\"\n"
       "                       270 odd\n"
       "                        ^ by the letter: a reply begins with three digits, the first 2 to 5 (RFC 5321 4.2)\n"});
  check({"in the middle of several lines, and at the end of what is recorded",
         "-- at ready\n"
         "C: EHLO c.example\n"
         "S| 250-mx\\n\n"
         "S: 250-SIZE\n"
         "S: 250 HELP\n"
         "C: NOOP\n"
         "S| 250 ok\\n\n"
         "S| 250-o\\0\n",
         "-- ready               at           ready\n"
         "C  ready               EHLO         c.example\n"
         "S  ready               250          to EHLO\n"
         "                       250-mx\\n\n"
         "                             ^ a LF without CR stands in the line (RFC 5321 2.3.8)\n"
         "C  ready               NOOP\n"
         "S  ready               250          to NOOP\n"
         "                       250 ok\\n\n"
         "                             ^ a LF without CR stands in the line (RFC 5321 2.3.8)\n"
         "S  ready               250          unasked\n"
         "                       ! a reply arrived that no command had asked for (RFC 5321 4.2)\n"
         "                       250-o\\x00\n"
         "                            ^ a NUL stands in the line (RFC 5321 4.1.2)\n"});
  check({"an EHLO reply with lines that are none (RFC 5321 4.1.1.1)",
         "-- at greeted\n"
         "C: EHLO c.example\n"
         "S: 250-mx\n"
         "S: 250-X-NEW one two\n"
         "S: 250-AUTH=LOGIN PLAIN\n"
         "S| 250-bad\\x01line\\r\\n\n"
         "S: 250 size 1000\n",
         "-- greeted             at           greeted\n"
         "C  greeted             EHLO         c.example\n"
         "S  greeted -> ready    250          to EHLO \"mx\" X-NEW?=one,two AUTH=LOGIN,PLAIN SIZE=1000\n"
         "                       250-AUTH=LOGIN PLAIN\n"
         "                               ^ by the letter: a keyword is letters, digits and hyphens (RFC 5321 4.1.1.1)\n"
         "                       250-bad\\x01line\n"
         "                              ^ a keyword is letters, digits and hyphens (RFC 5321 4.1.1.1)\n"});
}

TEST_CASE("a log that lacks its beginning, its messages or its TLS is read all the same") {
  check({"no greeting",
         "C: RCPT TO:<c@d.example>\n"
         "S: 250 ok\n"
         "C: DATA\n"
         "S: 354 go\n"
         "S: 250 2.0.0 queued\n"
         "C: MAIL FROM:<a@b.example>\n",
         "#                      taken up in phase mail\n"
         "C  mail                RCPT         <c@d.example>\n"
         "S  mail -> rcpt        250          to RCPT \"ok\"\n"
         "C  rcpt                DATA\n"
         "S  rcpt -> data        354          to DATA \"go\"\n"
         "C  data                message      not in the log\n"
         "S  data -> ready       250 2.0.0    to message end \"queued\"\n"
         "C  ready               MAIL         <a@b.example>\n"
         "#                      no reply to MAIL is recorded\n"});
  check(
      {"an end of message that RFC 5321 4.1.1.4 does not know",
       "-- at rcpt\n"
       "C: DATA\n"
       "S: 354 go\n"
       "C| a\\n.\\n\n"
       "S: 250 2.0.0 queued\n"
       "C: QUIT\n"
       "S: 221 bye\n",
       "-- rcpt                at           rcpt\n"
       "C  rcpt                DATA\n"
       "S  rcpt -> data        354          to DATA \"go\"\n"
       "C  data                message      4 octets in 1 line, refused, its end is not CRLF.CRLF, or not in the log\n"
       "                       a\\n.\\n\n"
       "                        ^ a LF without CR stands in the message (RFC 5321 2.3.8)\n"
       "S  data -> ready       250 2.0.0    to message end \"queued\"\n"
       "#                      the server is more lenient than that, and is believed\n"
       "C  ready               QUIT\n"
       "S  ready -> closed     221          to QUIT \"bye\"\n"});
  check({"a message that is cut off",
         "-- at data\n"
         "C| text\n"
         "S: 451 4.4.2 too slow\n",
         "-- data                at           data\n"
         "C  data                message      4 octets in 1 line, its end is not CRLF.CRLF, or not in the log\n"
         "S  data -> ready       451 4.4.2    to message end \"too slow\"\n"});
  check({"TLS",
         "-- at ready\n"
         "-- offers STARTTLS\n"
         "C: STARTTLS\n"
         "S: 220 go\n"
         "C: EHLO c.example\n"
         "S: 250 mx\n",
         "-- ready               at           ready\n"
         "-- ready               offers       STARTTLS\n"
         "C  ready               STARTTLS\n"
         "S  ready -> tls        220          to STARTTLS \"go\"\n"
         "-- tls -> greeted      tls          not recorded\n"
         "C  greeted             EHLO         c.example\n"
         "S  greeted -> ready    250          to EHLO \"mx\"\n"});
}

TEST_CASE("LMTP answers nothing to a message for nobody (RFC 2033 4.3)") {
  check({"by DATA, which this server should have refused, and by BDAT",
         "S: 220 mx LMTP\n"
         "C: LHLO c.example\n"
         "S: 250-mx\n"
         "S: 250 CHUNKING\n"
         "C: MAIL FROM:<a@b.example>\n"
         "S: 250 ok\n"
         "C: DATA\n"
         "S: 354 go\n"
         "C: m\n"
         "C: .\n"
         "C: NOOP\n"
         "S: 250 ok\n"
         "C: MAIL FROM:<a@b.example>\n"
         "S: 250 ok\n"
         "C: BDAT 3 LAST\n"
         "C: m\n"
         "C: NOOP\n"
         "S: 250 ok\n",
         "S  connect -> greeted  220          greeting \"mx LMTP\"\n"
         "C  greeted             LHLO         c.example\n"
         "S  greeted -> ready    250          to LHLO \"mx\" CHUNKING\n"
         "C  ready               MAIL         <a@b.example>\n"
         "S  ready -> mail       250          to MAIL \"ok\"\n"
         "C  mail                DATA         refused\n"
         "                       DATA\n"
         "                       ^ no recipient was accepted (RFC 5321 3.3)\n"
         "S  mail -> data        354          to DATA \"go\"\n"
         "#                      the server is more lenient than that, and is believed\n"
         "C  data -> ready       message      3 octets in 1 line\n"
         "                       ! no recipient was accepted, so no reply is due (RFC 2033 4.3)\n"
         "C  ready               NOOP\n"
         "S  ready               250          to NOOP \"ok\"\n"
         "C  ready               MAIL         <a@b.example>\n"
         "S  ready -> mail       250          to MAIL \"ok\"\n"
         "C  mail -> ready       BDAT         3 LAST\n"
         "                       ! no recipient was accepted, so no reply is due (RFC 2033 4.3)\n"
         "C  ready               NOOP\n"
         "S  ready               250          to NOOP \"ok\"\n"});
}

TEST_CASE("one side alone: the session answers a client, and a server's replies are matched by guess") {
  check({"a client",
         "C: EHLO c.example\n"
         "C: STARTTLS\n"
         "C: EHLO c.example\n"
         "C: MAIL FROM:<a@b.example> RET=HDRS\n"
         "C: RCPT TO:<x@y.example>\n"
         "C: DATA\n"
         "C: ..\n"
         "C: .\n"
         "C: QUIT\n",
         "#                      the client's side alone: the session answers\n"
         "s  connect -> greeted  220          greeting\n"
         "C  greeted             EHLO         c.example\n"
         "s  greeted -> ready    250          to EHLO\n"
         "C  ready               STARTTLS\n"
         "s  ready -> tls        220 2.0.0    to STARTTLS\n"
         "C  greeted             EHLO         c.example\n"
         "s  greeted -> ready    250          to EHLO\n"
         "C  ready               MAIL         <a@b.example> ret=HDRS\n"
         "s  ready -> mail       250 2.1.0    to MAIL\n"
         "C  mail                RCPT         <x@y.example>\n"
         "s  mail -> rcpt        250 2.1.5    to RCPT\n"
         "C  rcpt                DATA\n"
         "s  rcpt -> data        354          to DATA\n"
         "C  data                message      3 octets in 1 line, 1 dot unstuffed\n"
         "s  data -> ready       250 2.0.0    to message end\n"
         "C  ready               QUIT\n"
         "s  ready -> closed     221 2.0.0    to QUIT\n"});
  check({"a server",
         "S: 220 mx\n"
         "S: 250-mx\n"
         "S: 250 AUTH LOGIN\n"
         "S: 334 VXNlcm5hbWU6\n"
         "S: 235 2.7.0 in\n"
         "S: 250 2.1.0 ok\n"
         "S: 550 5.1.1 no\n"
         "S: 250 2.1.5 ok\n"
         "S: 354 go\n"
         "S: 250 2.0.0 queued\n"
         "S: 221 bye\n",
         "S  connect -> greeted  220          greeting \"mx\"\n"
         "#                      the server's side alone: what its replies answer is a guess\n"
         "S  greeted -> ready    250          to EHLO? \"mx\" AUTH=LOGIN\n"
         "S  ready -> auth       334          to AUTH?, challenge <9 octets redacted>\n"
         "S  auth -> ready       235 2.7.0    to response? \"in\"\n"
         "S  ready -> mail       250 2.1.0    to MAIL? \"ok\"\n"
         "S  mail                550 5.1.1    to RCPT? \"no\"\n"
         "S  mail -> rcpt        250 2.1.5    to RCPT? \"ok\"\n"
         "S  rcpt -> data        354          to DATA? \"go\"\n"
         "S  data -> ready       250 2.0.0    to message end? \"queued\"\n"
         "S  ready -> closed     221          to QUIT? \"bye\"\n"});
}

TEST_CASE("colour adds escape sequences and changes nothing else") {
  const auto script = read("S: 220 mx\nC: HELO c\nS: 550 no\n");
  std::string text = replay(script, {.colour = true});
  CHECK(text.find("\x1b[31mS  greeted             550") != text.npos);
  for (std::size_t at = 0; (at = text.find('\x1b', at)) != text.npos;) text.erase(at, text.find('m', at) + 1 - at);
  CHECK(text == replay(script));
}
