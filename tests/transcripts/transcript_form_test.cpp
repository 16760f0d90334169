#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "support/transcript.hpp"
#include "support/transcript_format.hpp"

using support::format_transcript;
using support::from;
using support::happening;
using support::read_transcript;
using support::transcript;
using support::transcript_entry;

namespace {

using namespace std::string_view_literals;

constexpr auto server = from::server;
constexpr auto client = from::client;

transcript read(std::string_view text) {
  const auto reading = read_transcript(text);
  if (reading.mistake)
    FAIL_CHECK(reading.mistake->line << ':' << reading.mistake->column << ": " << reading.mistake->what);
  return reading.script;
}

// "S<octets>", "C<octets>" or "-- event argument" for each entry, so that a row compares at a glance.
std::vector<std::string> told(std::string_view text) {
  std::vector<std::string> all;
  for (const auto& entry : read(text).entries) {
    if (entry.what == happening::none)
      all.push_back((entry.who == server ? 'S' : 'C') + entry.octets);
    else
      all.push_back(format_transcript({"", {entry}}));
  }
  return all;
}

using lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a line of a transcript is a line of the wire, with CRLF behind it") {
  const struct {
    std::string_view text;
    std::string meaning;
  } rows[] = {
      {"S: 250 2.1.0 Ok", "S250 2.1.0 Ok\r\n"},
      {"C: MAIL FROM:<a@b.example>", "CMAIL FROM:<a@b.example>\r\n"},
      {"S:250 Ok", "S250 Ok\r\n"},
      {"S: 334 ", "S334 \r\n"},  // RFC 4954 4: an empty challenge, and its blank
      {"S: ", "S\r\n"},
      {"C:", "C\r\n"},
      {"C:  NOOP", "C NOOP\r\n"},  // only the first blank is the mark's
      {"C: backslash \\r stays", "Cbackslash \\r stays\r\n"},
      {"C: 이 줄", "C이 줄\r\n"},
      {"C: ..", "C..\r\n"},
      {"C: # no remark", "C# no remark\r\n"},
      {"C: -- ", "C-- \r\n"},
      {"  C: indented, as the RFCs print it", "Cindented, as the RFCs print it\r\n"},
      {"S: 221 Bye\r", "S221 Bye\r\n"},  // a file with CRLF
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(told(row.text) == lines{row.meaning});
  }
}

TEST_CASE("the escaped form says exactly its octets, whatever they are") {
  const struct {
    std::string_view text;
    std::string_view meaning;
  } rows[] = {
      {R"(C| NOOP\n)", "CNOOP\n"sv},        {R"(C| NOOP\r\r\n)", "CNOOP\r\r\n"sv},
      {R"(C|NO\0OP\t\\)", "CNO\0OP\t\\"sv}, {R"(S| \x00\x7f\xFF\xfe)", "S\0\x7f\xff\xfe"sv},
      {R"(S| \x20x\x20)", "S x "sv},        {R"(C| )", "C"sv},
      {R"(C| \{3*ab}c)", "Cabababc"sv},     {R"(C| \{2*\{3*x}\r\n})", "Cxxx\r\nxxx\r\n"sv},
      {R"(C| \{2*\}})", "C}}"sv},           {R"(C| {3*ab})", "C{3*ab}"sv},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(told(row.text) == lines{std::string(row.meaning)});
  }
  CHECK(read(R"(C| \{16000*\{70*x}\r\n})").entries.at(0).octets.size() == 16000 * 72);
}

TEST_CASE("events, remarks and empty lines are told apart from octets, and every entry knows its line") {
  const auto script = read(
      "# what this\n"
      "# shows\n"
      "\n"
      "-- at ready\n"
      "-- offers AUTH PLAIN LOGIN\n"
      "C: STARTTLS\n"
      "# not at the top\n"
      "S: 220 go\n"
      "-- tls\n"
      "-- timeout 1.5\n"
      "-- tls failed: internal error\n"
      "-- close by client\n"
      "--\n"
      "-- at rcpt\n"
      "C: DATA\n"
      "-- new connection\n"
      "-- offers SIZE\n"
      "-- send failed broken pipe\n"
      "-- reset");
  CHECK(script.about == "what this\nshows");
  const std::vector<transcript_entry> entries = {
      {from::event, happening::at, "", "ready", 4},
      {from::event, happening::offers, "", "AUTH PLAIN LOGIN", 5},
      {client, happening::none, "STARTTLS\r\n", "", 6},
      {server, happening::none, "220 go\r\n", "", 8},
      {from::event, happening::tls, "", "", 9},
      {from::event, happening::timeout, "", "1.5", 10},
      {from::event, happening::tls_failed, "", "internal error", 11},
      {from::event, happening::close, "", "by client", 12},
      {from::event, happening::fresh, "", "", 13},
      {from::event, happening::at, "", "rcpt", 14},
      {client, happening::none, "DATA\r\n", "", 15},
      {from::event, happening::new_connection, "", "", 16},
      {from::event, happening::offers, "", "SIZE", 17},
      {from::event, happening::send_failed, "", "broken pipe", 18},
      {from::event, happening::reset, "", "", 19},
  };
  CHECK(script.entries == entries);
  for (std::size_t i = 0; i != entries.size() && i != script.entries.size(); ++i)
    CHECK(script.entries[i].line == entries[i].line);
  CHECK(octets_from(script, client) == "STARTTLS\r\nDATA\r\n");
}

TEST_CASE("what is no transcript is refused where it goes wrong") {
  const struct {
    std::string_view text;
    std::size_t line, column;
  } rows[] = {
      {"S: 220 x\nQUIT\n", 2, 1},
      {"   EHLO x", 1, 4},
      {"s: 220 x", 1, 1},
      {"challenge: realm=\"x\"", 1, 1},
      {"C: A\n\nC| a\\q", 3, 5},
      {"C| \\", 1, 4},
      {"C| \\x4", 1, 4},
      {"C| \\xg0", 1, 4},
      {"C| \\}", 1, 4},
      {"C| \\{*x}", 1, 6},
      {"C| \\{0*x}", 1, 7},
      {"C| \\{3x}", 1, 7},
      {"C| \\{3*x", 1, 9},
      {"C| \\{3*}", 1, 8},
      {"C| \\{99999999*x}", 1, 5},
      {"C| \\{9999*\\{9999*x}}", 1, 5},
      {"C| \\{1*\\{1*\\{1*\\{1*\\{1*\\{1*\\{1*\\{1*\\{1*x}}}}}}}}}", 1, 37},
      {"-- clsoe", 1, 4},
      {"-- closed", 1, 4},
      {"-- reset now", 1, 10},
      {"-- timeout", 1, 11},
      {"-- at", 1, 6},
      {"C: NOOP\n-- at ready", 2, 4},
      {"C: NOOP\n-- offers SIZE", 2, 4},
      {"---", 1, 1},
      {"->EHLO x", 1, 1},
      {"send: ehlo", 1, 7},
      {"send: 'ehlo", 1, 12},
      {"reply: b'250' 3", 1, 14},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto reading = read_transcript(row.text);
    CHECK(reading.mistake);
    if (!reading.mistake) continue;
    CHECK(reading.mistake->line == row.line);
    CHECK(reading.mistake->column == row.column);
    CHECK(!reading.mistake->what.empty());
  }
  CHECK(support::load_transcript("no such file").mistake);
}

TEST_CASE("logs are read as the programs print them") {
  const struct {
    std::string_view program, log;
    lines meaning;
  } rows[] = {
      {"swaks",
       "=== Trying 127.0.0.1:2790...\n"
       "=== Connected to 127.0.0.1.\n"
       "<-  220 mx.test.example ESMTP\n"
       " -> EHLO client.example\n"
       "<-  250-mx.test.example\n"
       "<-  250 STARTTLS\n"
       " -> STARTTLS\n"
       "<-  220 2.0.0 Ready to start TLS\n"
       "=== TLS started with cipher TLSv1.3:TLS_AES_256_GCM_SHA384:256\n"
       "=== TLS no local certificate set\n"
       " ~> MAIL FROM:<a@client.example>\n"
       "<~* 550 5.7.1 no\n"
       " ~>  body, indented\n"
       " ~> \n"
       "<~  221 Bye\n"
       "<** 421 late\n"
       "=== Connection closed with remote host.\n",
       {"S220 mx.test.example ESMTP\r\n", "CEHLO client.example\r\n", "S250-mx.test.example\r\n", "S250 STARTTLS\r\n",
        "CSTARTTLS\r\n", "S220 2.0.0 Ready to start TLS\r\n", "-- tls\n", "CMAIL FROM:<a@client.example>\r\n",
        "S550 5.7.1 no\r\n", "C body, indented\r\n", "C\r\n", "S221 Bye\r\n", "S421 late\r\n", "-- close\n"}},
      {"curl -v",
       "*   Trying 127.0.0.1:2790...\n"
       "* Connected to 127.0.0.1 (127.0.0.1) port 2790 (#0)\n"
       "< 220 mx.test.example\n"
       "> EHLO client.example\n"
       "< 334 \n"
       ">\n"
       "} [230 bytes data]\n"
       "* SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384\n"
       "* Closing connection 0\n",
       {"S220 mx.test.example\r\n", "CEHLO client.example\r\n", "S334 \r\n", "C\r\n", "-- tls\n", "-- close\n"}},
      {"sendmail -v", ">>> EHLO client.example\n<<< 250 mx\n", {"CEHLO client.example\r\n", "S250 mx\r\n"}},
      {"exim -v", "  SMTP<< 220 mx\n  SMTP>> EHLO client.example\n", {"S220 mx\r\n", "CEHLO client.example\r\n"}},
      {"msmtp --debug", "<-- 220 mx\n--> QUIT\n", {"S220 mx\r\n", "CQUIT\r\n"}},
      {"smtplib",
       "connect: ('127.0.0.1', 2790)\n"
       "reply: b'220 mx\\r\\n'\n"
       "reply: retcode (220); Msg: b'mx'\n"
       "connect: b'mx'\n"
       "send: 'ehlo client.example\\r\\n'\n"
       "send: b'a \\\\ \\xff {1*2}\\r\\nit\\'s\\r\\n.\\r\\n'\n"
       "reply: b\"250 it's there\\r\\n\"\n"
       "data: (250, b'there')\n",
       {"S220 mx\r\n", "Cehlo client.example\r\n", "Ca \\ \xff {1*2}\r\nit's\r\n.\r\n", "S250 it's there\r\n"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.program);
    CHECK(told(row.log) == row.meaning);
  }
}

TEST_CASE("octets are written plainly where an eye and an editor leave them as they are") {
  const struct {
    std::string_view octets;
    std::string_view text;
  } rows[] = {
      {"250 Ok\r\n", "S: 250 Ok\n"},
      {"\r\n", "S:\n"},
      {"a\r\nb\r\n", "S: a\nS: b\n"},
      {"back\\slash }\r\n", "S: back\\slash }\n"},
      {"334 \r\n", "S| 334\\x20\\r\\n\n"},
      {" x\r\n", "S| \\x20x\\r\\n\n"},
      {" \r\n", "S| \\x20\\r\\n\n"},
      {" ", "S| \\x20\n"},
      {"a\tb\r\n", "S| a\\tb\\r\\n\n"},
      {"a\nb\rc", "S| a\\n\nS| b\\rc\n"},
      {"a\r\r\n", "S| a\\r\\r\\n\n"},
      {"\0\\\x7f\r\n"sv, "S| \\0\\\\\\x7f\\r\\n\n"},
      {"grün 中 \U0001F600\r\n", "S: grün 中 \U0001F600\n"},
      {"\xc3\r\n", "S| \\xc3\\r\\n\n"},                    // RFC 3629 4: cut short,
      {"\xc0\xaf\r\n", "S| \\xc0\\xaf\\r\\n\n"},           // longer than need be,
      {"\xed\xa0\x80\r\n", "S| \\xed\\xa0\\x80\\r\\n\n"},  // a surrogate,
      {"\xf4\x90\x80\x80", "S| \\xf4\\x90\\x80\\x80\n"},   // beyond U+10FFFF:
      {"\xc2\x85\r\n", "S| \\xc2\\x85\\r\\n\n"},           // and a control that is well formed but not seen
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    std::string text;
    support::format_octets(text, server, row.octets);
    CHECK(text == row.text);
    CHECK(octets_from(read(text), server) == row.octets);
  }
}

TEST_CASE("what repeats is written once") {
  std::string text;
  support::format_octets(text, client, "NOOP " + std::string(507, 'a') + "\r\n");
  CHECK(text == "C| NOOP \\{507*a}\\r\\n\n");
  text.clear();
  std::string rcpts;
  for (int i = 0; i != 16; ++i) rcpts += "a}" + std::string(40, '\\') + "\r\n";
  support::format_octets(text, client, rcpts + "b\r\n");
  CHECK(text == "C| \\{16*a\\}\\{40*\\\\}\\r\\n}\nC: b\n");
  CHECK(octets_from(read(text), client) == rcpts + "b\r\n");
}

TEST_CASE("any octets come back, also in a text that is all escapes") {
  std::string every;
  for (int octet = 0; octet != 256; ++octet) every += static_cast<char>(octet);
  std::string text;
  unsigned seed = 1;
  for (int round = 0; round != 300; ++round) {
    std::string octets = round == 0 ? every : "";
    for (int i = 0; i != round % 70; ++i) {
      seed = seed * 1103515245U + 12345U;
      const unsigned pick = seed >> 16U;
      octets += (pick & 3U) == 0 ? "\r\n\\{}* 3nx\xc3\xbc"[pick / 4U % 12U] : static_cast<char>(pick >> 4U);
    }
    text.clear();
    support::format_octets(text, client, octets);
    CHECK(octets_from(read(text), client) == octets);
    CHECK(octets_from(read("S| " + support::escaped(octets)), server) == octets);
  }
}

TEST_CASE("every transcript of this folder can be read, says what it is, and is written as it would be written") {
  const auto files = support::transcript_files();
  CHECK(files.size() > 100);
  std::set<std::string> folders;
  for (const auto& file : files) {
    const auto folder = file.parent_path().filename().string();
    INFO(folder << '/' << file.filename().string());
    folders.insert(folder);
    const auto reading = support::load_transcript(file);
    if (reading.mistake)
      FAIL_CHECK(reading.mistake->line << ':' << reading.mistake->column << ": " << reading.mistake->what);
    CHECK(!reading.script.about.empty());
    CHECK(!reading.script.entries.empty());
    std::ifstream in(file, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(in), {});
    if (folder == "documents") {  // these are kept to the letter, their trailing blanks too
      const auto again = read_transcript(format_transcript(reading.script));
      CHECK(!again.mistake);
      CHECK(again.script.entries == reading.script.entries);
    } else {
      CHECK(format_transcript(reading.script) == text);
    }
  }
  CHECK(folders == std::set<std::string>{"aiosmtpd", "curl", "documents", "dovecot-lmtp", "opensmtpd", "postfix",
                                         "postfix-smtp", "smtplib", "swaks"});
}

TEST_CASE("no editor has taken the blank of an empty challenge from the documents") {
  // RFC 4954 4: "334" SP [base64] CRLF.
  for (const auto* name : {"02-sendmail-auth-plain.txt", "12-auth-three-ways.txt"}) {
    const auto said =
        octets_from(support::load_transcript(support::transcript_folder() / "documents" / name).script, server);
    CHECK(said.find("334 \r\n") != said.npos);
    CHECK(said.find("334\r\n") == said.npos);
  }
}
