#include "sansmtp/wire/response.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "sansmtp/wire/reply.hpp"
#include "support/every_cut.hpp"

using sansmtp::encode;
using sansmtp::enhanced_status;
using sansmtp::errc;
using sansmtp::fault;
using sansmtp::quirks;
using sansmtp::reply;
using sansmtp::response;
namespace limits = sansmtp::limits;

namespace {

// What is written, or the fault in words that a failing test can show.
std::string written(const response& r) {
  sansmtp::output_buffer<16384> out;
  const auto encoded = encode(r, out);
  if (!encoded) {
    CHECK(out.empty());
    return "fault " + std::to_string(static_cast<int>(encoded.error().code)) + " at " +
           std::to_string(encoded.error().at);
  }
  return std::string(out.written());
}

std::string refusal(errc code, std::size_t at) {
  return "fault " + std::to_string(static_cast<int>(code)) + " at " + std::to_string(at);
}

// Whatever is written, the strict reader takes, as one reply.
reply read_back(std::string_view wire) {
  CAPTURE(support::shown(wire));
  const auto parsed = reply::parse(wire, quirks::strict);
  REQUIRE(parsed);
  std::size_t begin = 0;
  for (std::size_t end = wire.find('\n'); end != wire.npos; begin = end + 1, end = wire.find('\n', begin))
    if (parsed->code() != 334) CHECK(end + 1 - begin <= limits::reply_line);
  return *parsed;
}

std::string joined(const reply& r) {
  std::string out;
  for (const std::string_view text : r.lines()) out.append(out.empty() ? "" : " ").append(text);
  return out;
}

constexpr bool writes(const response& r, std::string_view expected) {
  char room[64]{};
  sansmtp::writer out(room);
  return encode(r, out).has_value() && out.written() == expected;
}

}  // namespace

static_assert(writes({250, {2, 1, 5}, "ok"}, "250 2.1.5 ok\r\n"));
static_assert(writes({354, {}, "go on"}, "354 go on\r\n"));

TEST_CASE("a response is written with its code, its status and its text on each line") {
  // RFC 5321 4.2, RFC 2034 4.
  const std::string_view more[] = {"second", "", "fourth"};
  CHECK(written({250, {}, "ok"}) == "250 ok\r\n");
  CHECK(written({550, {5, 1, 1}, "no such user"}) == "550 5.1.1 no such user\r\n");
  CHECK(written({214, {2, 0, 0}, "first", more}) ==
        "214-2.0.0 first\r\n214-2.0.0 second\r\n214-2.0.0\r\n214 2.0.0 fourth\r\n");
  CHECK(written({214, {}, "first", more}) == "214-first\r\n214-second\r\n214-\r\n214 fourth\r\n");
  // Without text the code stands alone: Reply-code [ SP textstring ] has no SP without text.
  CHECK(written({250, {}, ""}) == "250\r\n");
  CHECK(written({250, {2, 0, 0}, ""}) == "250 2.0.0\r\n");
  CHECK(written({451, {4, 999, 10}, "\xC3\xA9\tx"}) == "451 4.999.10 \xC3\xA9\tx\r\n");
}

TEST_CASE("a challenge keeps its SP when empty and is never folded") {
  // RFC 4954 8: continue-req = "334" SP [base64] CRLF
  CHECK(written({334, {}, ""}) == "334 \r\n");
  const std::string most(limits::auth_line - 8, 'A');  // "334 ", CRLF, and a multiple of four between
  CHECK(written({334, {}, most}) == "334 " + most + "\r\n");
  CHECK(read_back("334 " + most + "\r\n").text() == most);
  CHECK(written({334, {}, most + "AAAA"}) == refusal(errc::authentication_line_too_long, limits::auth_line - 6));
  CHECK(written({334, {}, "A A="}) == refusal(errc::base64_octet, 1));
  const std::string_view more[] = {"AAAA"};
  CHECK(written({334, {}, "AAAA", more}) == refusal(errc::reply_too_many_lines, 4));
}

TEST_CASE("no octet of a text can end its line or begin another reply") {
  for (int octet = 0; octet < 256; ++octet) {
    CAPTURE(octet);
    const std::string text = "ab" + std::string(1, static_cast<char>(octet)) + "cd";
    // RFC 5321 4.2: textstring = 1*(%d09 / %d32-126); a lone octet over 127 is no UTF-8 (RFC 6531 3.7.4).
    const bool fits = octet == 9 || (32 <= octet && octet <= 126);
    const auto code = octet > 127 ? errc::utf8_malformed : errc::reply_text_octet;
    CHECK(written({250, {}, text}) == (fits ? "250 " + text + "\r\n" : refusal(code, 2)));
    // In a further line the place counts on from the first text.
    const std::string_view more[] = {"xyz", text};
    CHECK(written({250, {}, "first", more}) ==
          (fits ? "250-first\r\n250-xyz\r\n250 " + text + "\r\n" : refusal(code, 5 + 3 + 2)));
  }
}

TEST_CASE("a code or a status that may not be written is refused") {
  CHECK(written({199, {}, "x"}) == refusal(errc::reply_code_malformed, 0));
  CHECK(written({260, {}, "x"}) == refusal(errc::reply_code_malformed, 0));
  CHECK(written({600, {}, "x"}) == refusal(errc::reply_code_malformed, 0));
  CHECK(written({0, {}, "x"}) == refusal(errc::reply_code_malformed, 0));
  CHECK(written({550, {2, 0, 0}, "x"}) == refusal(errc::enhanced_status_class, 0));
  CHECK(written({250, {5, 0, 0}, "x"}) == refusal(errc::enhanced_status_class, 0));
  CHECK(written({354, {2, 0, 0}, "x"}) == refusal(errc::enhanced_status_class, 0));  // RFC 2034 4: none in a 3yz
  CHECK(written({354, {3, 0, 0}, "x"}) == refusal(errc::enhanced_status_malformed, 0));
  CHECK(written({550, {5, 1000, 0}, "x"}) == refusal(errc::enhanced_status_malformed, 0));
}

TEST_CASE("a status code that stands in the text is the reply's, and must follow the same rules") {
  const std::string_view same[] = {"5.1.1 user"};
  const std::string_view none[] = {"user"};
  const std::string_view other[] = {"5.1.2 user"};
  CHECK(written({550, {}, "5.1.1 no such", same}) == "550-5.1.1 no such\r\n550 5.1.1 user\r\n");
  CHECK(written({550, {}, "5.1.1 no such", none}) == refusal(errc::enhanced_status_changed, 13));
  CHECK(written({550, {}, "5.1.1 no such", other}) == refusal(errc::enhanced_status_changed, 13));
  CHECK(written({550, {}, "no such", same}) == refusal(errc::enhanced_status_changed, 7));
  CHECK(written({550, {}, "2.1.1 no"}) == refusal(errc::enhanced_status_class, 0));
  CHECK(written({550, {}, "5.01.1 no"}) == refusal(errc::enhanced_status_malformed, 3));
  CHECK(written({354, {}, "3.0.0 go"}) == refusal(errc::enhanced_status_malformed, 0));
  CHECK(written({220, {}, "192.0.2.1 ready"}) == "220 192.0.2.1 ready\r\n");
  // Behind a status that was given apart, text is text.
  CHECK(written({550, {5, 1, 1}, "2.0.0 no"}) == "550 5.1.1 2.0.0 no\r\n");
}

TEST_CASE("a text longer than a line is folded at a SP") {
  // RFC 5321 4.5.3.1.5: 512 octets with code and CRLF; longer text makes a multiline reply.
  const std::string most(limits::reply_line - 6, 'x');
  CHECK(written({250, {}, most}) == "250 " + most + "\r\n");
  CHECK(written({250, {}, most + " y"}) == "250-" + most + "\r\n250 y\r\n");
  CHECK(written({250, {}, "a " + most}) == "250-a\r\n250 " + most + "\r\n");
  CHECK(written({250, {}, most + "y"}) == "250-" + most + "\r\n250 y\r\n");  // a word longer than a line

  // A text has its own bound too.
  const std::string text(sansmtp::reply_text::max_octets, 'x');
  CHECK(read_back(written({250, {}, text})).line_count() == 5);
  CHECK(written({250, {}, text + "x"}) == refusal(errc::reply_line_too_long, sansmtp::reply_text::max_octets));

  std::string words;
  for (int i = 0; i < 330; ++i) words += (i == 0 ? "" : " ") + std::to_string(i * i);
  for (const enhanced_status status : {enhanced_status{}, enhanced_status{5, 7, 1}, enhanced_status{5, 999, 999}}) {
    const std::string wire = written({550, status, words});
    const reply back = read_back(wire);
    CHECK(back.line_count() > 3);
    CHECK(back.status() == status);
    CHECK(joined(back) == words);
  }
}

TEST_CASE("folding cuts no UTF-8 sequence and begins no line like an enhanced status code") {
  for (std::size_t before = 0; before < 4; ++before) {
    std::string text(before, 'x');
    while (text.size() < 1500) text += "\xF0\x9F\x93\xA7";
    const std::string wire = written({250, {}, text});
    const reply back = read_back(wire);
    std::string whole;
    for (const std::string_view line : back.lines()) {
      CHECK((static_cast<unsigned char>(line.front()) & 0xC0) != 0x80);
      whole += line;
    }
    CHECK(whole == text);
  }
  for (std::size_t size = 495; size < 515; ++size) {
    const std::string text = "see " + std::string(size, 'x') + " 5.1.1 for more";
    const std::string wire = written({550, {}, text});
    CHECK_FALSE(read_back(wire).status());
    const std::string word = "see " + std::string(size, '.') + "5.1.1 for more";
    const std::string hard = written({550, {}, word});
    CHECK_FALSE(read_back(hard).status());
  }
}

TEST_CASE("a word longer than a line is not cut so that a part of it begins a line like a code (RFC 2034 4)") {
  const auto without_folds = [](const response& r) {
    const std::string wire = written(r);
    std::string out;
    const reply back = read_back(wire);
    CHECK(back.status() == r.status);
    for (const std::string_view text : back.lines()) out += text;
    return out;
  };
  for (const std::size_t digits : {400U, 502U, 503U, 700U}) {
    CAPTURE(digits);
    const std::string ones(digits, '1');
    for (const std::string& word : {"2.0." + ones + "x", "2." + ones + ".1x", ones + ".0.1x", "5.0." + ones + ".",
                                    "x" + ones + ".0x", "192.0.2." + ones}) {
      CAPTURE(word);
      CHECK(without_folds({250, {}, word}) == word);
      const std::string greeting = "hello " + word;
      const bool fits = greeting.size() <= limits::reply_line - 6;
      CHECK(without_folds({250, {}, greeting}) == (fits ? greeting : "hello" + word));
      const std::string_view more[] = {word};
      CHECK(without_folds({250, {}, "hello", more}) == "hello" + word);
    }
  }
  // A run of digits that fills a line, with what makes a code of its end behind it, can be cut nowhere.
  const std::size_t room = limits::reply_line - 6;
  const std::string most = "x" + std::string(room - 1, '1') + ".0.1";
  CHECK(read_back(written({250, {}, most})).line_count() == 2);
  const std::string over = "x" + std::string(room, '1') + ".0.1";
  CHECK(written({250, {}, over}) == refusal(errc::enhanced_status_malformed, room));
  CHECK(written({250, {}, "ab " + over}) == refusal(errc::enhanced_status_malformed, 3 + room));
  const std::string_view more[] = {over};
  CHECK(written({250, {}, "first", more}) == refusal(errc::enhanced_status_malformed, 5 + room));
  // Behind a status that was given apart, text is text, wherever it is cut.
  CHECK(without_folds({250, {2, 0, 0}, over}) == over);
}

TEST_CASE("a response that does not fit leaves nothing behind") {
  const response r{550, {5, 1, 1}, "no such user"};
  const std::string whole = written(r);
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    std::vector<char> room(size);
    sansmtp::writer out(room);
    const auto encoded = encode(r, out);
    CHECK(encoded.has_value() == (size == whole.size()));
    if (!encoded) {
      CHECK(encoded.error().code == errc::output_full);
      CHECK(out.empty());
    }
  }
}

TEST_CASE("what is written reads back as it was given, and a reply read can be written again") {
  const std::string_view more[] = {"second line", "third"};
  for (int code : {211, 220, 250, 354, 421, 452, 550, 554}) {
    const auto group = static_cast<std::uint16_t>(code / 100);
    for (const bool with_status : {false, true}) {
      if (with_status && group == 3) continue;
      const enhanced_status status = with_status ? enhanced_status{group, 7, 12} : enhanced_status{};
      const std::string wire = written({code, status, "first", more});
      const reply back = read_back(wire);
      CHECK(back.code() == code);
      CHECK(back.status() == status);
      const std::vector<std::string_view> texts(back.lines().begin(), back.lines().end());
      CHECK(texts == std::vector<std::string_view>{"first", more[0], more[1]});
      CHECK(written({back.code(), back.status(), back.text(), std::span(texts).subspan(1)}) == wire);
    }
  }
}

TEST_CASE("a reply that no reader here would take is not written: 1,024 lines and 65,536 octets are the most") {
  const std::vector<std::string_view> lines(1024);
  const std::string long_text(600, 'x');
  const std::vector<std::string_view> long_texts(120, long_text);
  std::vector<char> room(200'000);
  sansmtp::writer out{room};
  CHECK(encode(response{250, {}, {}, std::span(lines).first(1023)}, out));
  CHECK(reply::parse(out.written()));
  out.clear();
  CHECK(encode(response{250, {}, {}, lines}, out).error() == fault{errc::reply_too_many_lines, 0});
  CHECK(encode(response{250, {}, {}, long_texts}, out).error() == fault{errc::reply_too_long, 72'000});
  CHECK(out.empty());
}
