// A glance against the grammar: what it says of a line is what ehlo_line says by the letter.

#include "sansmtp/wire/ehlo_glance.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include "sansmtp/wire/ehlo_line.hpp"
#include "support/guard_page.hpp"

using sansmtp::ehlo_glance;
using sansmtp::ehlo_line;

namespace {

// The text as a line with all that a glance may look at behind it, and nothing behind that.
void check(std::string_view text) {
  CAPTURE(text);
  std::string octets = std::string(text) + "\r\n250 AUTH PLAIN\r\n";
  octets.resize(text.size() < ehlo_glance::reach ? ehlo_glance::reach : text.size() + 2, '\0');
  octets.resize(ehlo_glance::reach);
  const support::guard_page page(octets, support::guarded_side::right);
  const char* const line = page.view().data();

  std::size_t blank = 0;
  while (blank < 31 && static_cast<unsigned char>(line[blank]) > 32) ++blank;
  CHECK(ehlo_glance::keyword_end(line) == blank);

  const ehlo_glance look(line);
  CHECK(look.size() == (text.size() < ehlo_glance::reach ? text.size() : ehlo_glance::reach));
  if (text.size() >= ehlo_glance::reach) return;
  const auto parsed = ehlo_line::parse(text);
  const bool keyword = look.is_keyword(blank);
  const bool told = keyword && (look.size() == blank || look.has_parameters(blank));
  CHECK(told == (parsed && parsed->keyword.size() == blank));
  if (!told || look.size() == blank) return;

  // Its words, one by one.
  std::string_view rest = parsed->parameters;
  for (std::size_t end = blank; end != look.size();) {
    const std::size_t begin = end + 1;
    end = look.parameter_end(begin);
    const std::string_view word = ehlo_line::next(rest);
    CHECK(text.substr(begin, end - begin) == word);
    CHECK(look.is_name(begin, end) == sansmtp::all(sansmtp::octet_class::verb, word));
  }
  CHECK(rest.empty());
}

constexpr bool is_plain(std::string_view line) {
  char octets[ehlo_glance::reach]{};
  for (std::size_t i = 0; i < line.size(); ++i) octets[i] = line[i];
  const ehlo_glance look(octets);
  return look.is_keyword(4) && look.has_parameters(4);
}

}  // namespace

static_assert(is_plain("AUTH PLAIN LOGIN\r\n") && !is_plain("AUTH  PLAIN\r\n") && !is_plain("AUTH=PLAIN\r\n"));

TEST_CASE("a glance says of a line what the grammar says, for lines of the pieces that matter") {
  // RFC 5321 4.1.1.1: ehlo-line = ehlo-keyword *( SP ehlo-param )
  const std::string_view pieces[] = {"SIZE",
                                     "a",
                                     "7",
                                     "-",
                                     "_",
                                     " ",
                                     " ",
                                     " ",
                                     "=",
                                     "\t",
                                     "\x01",
                                     "\x7F",
                                     "\xFF",
                                     "!~",
                                     "SCRAM-SHA-256",
                                     "a-word-of-thirty-octets-and-two-"};
  std::uint32_t dice = 3;
  const auto next = [&](std::size_t sides) {
    dice = dice * 1664525 + 1013904223;
    return static_cast<std::size_t>(dice >> 16) % sides;
  };
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (std::size_t count = next(7); count > 0; --count) text += pieces[next(std::size(pieces))];
    check(text);
  }
}

TEST_CASE("a glance sorts each octet as the grammar does, wherever it stands in the line") {
  for (int octet = 0; octet < 256; ++octet)
    for (const std::size_t place : {0U, 1U, 4U, 9U, 15U, 16U, 31U, 32U, 40U, 61U}) {
      if (octet == '\r' || octet == '\n') continue;  // none is in a reply's line
      std::string text = "AUTH PLAIN SCRAM-SHA-256 XOAUTH2 A_NAME OTP EXTERNAL ANONYMOUS";
      text[place] = static_cast<char>(octet);
      check(text);
    }
}

TEST_CASE("a glance knows how far it sees") {
  for (std::size_t size = 0; size < 80; ++size) {
    check(std::string(size, 'A'));
    if (size > 1) check("A " + std::string(size - 2, 'p'));
  }
}
