#include "sansmtp/base/scan.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "support/every_cut.hpp"
#include "support/guard_page.hpp"

namespace scan = sansmtp::scan;

// In constant evaluation the plain form runs.
static_assert(sansmtp::find_cr_or_lf("ab\rc\n") == 2);
static_assert(sansmtp::find_cr_or_lf("ab\rc\n", 3) == 4);
static_assert(sansmtp::find_cr_or_lf("abc") == 3);
static_assert(sansmtp::find_cr_or_lf("") == 0);
static_assert(sansmtp::find_control("a\tb\x1F") == 3);
static_assert(sansmtp::find_control("a \x7F\x80\xFF") == 5);
static_assert(sansmtp::find_line_edge("a\r\nb\r\n.") == 5);
static_assert(sansmtp::find_line_edge("a\rb") == 1);
static_assert(sansmtp::find_line_edge("a\nb") == 0);
static_assert(sansmtp::find_line_edge("a\r\nb") == 3);
static_assert(sansmtp::find_line_edge("a\r\nb\r") == 4);
static_assert(sansmtp::find_line_edge("") == 0);
static_assert(sansmtp::find_line_edge("\n") == 0);

namespace {

// The three questions, answered in words that share nothing with the header.
std::size_t expected_cr_or_lf(std::string_view text, std::size_t from) {
  const std::size_t at = text.find_first_of("\r\n", from);
  return at == text.npos ? text.size() : at;
}

std::size_t expected_control(std::string_view text, std::size_t from) {
  while (from < text.size() && (static_cast<unsigned char>(text[from]) > 31 || text[from] == '\t')) ++from;
  return from;
}

std::size_t expected_line_edge(std::string_view text, std::size_t from) {
  for (; from + 1 < text.size(); ++from) {
    const bool cr = text[from] == '\r', lf_next = text[from + 1] == '\n';
    if (cr != lf_next || (text[from] == '\n' && text[from + 1] == '.')) break;
  }
  return from;
}

// The same for what a body is searched for: the octet before the trouble, with two more behind it to judge by.
std::size_t expected_body_edge(std::string_view text, std::size_t from) {
  for (; from + 2 < text.size(); ++from) {
    const bool cr = text[from] == '\r', lf_next = text[from + 1] == '\n';
    if (cr != lf_next || (lf_next && text[from + 2] == '.')) break;
  }
  return from;
}

// A block's answer, with the plain form's behind where less than a block is left.
template <class Block, class Pattern>
std::size_t answer(std::string_view text, std::size_t from) {
  return scan::advance<scan::plain_block, Pattern>(text, scan::advance<Block, Pattern>(text, from));
}

template <class Block>
bool block_agrees(std::string_view text, std::size_t from) {
  return answer<Block, scan::cr_or_lf>(text, from) == expected_cr_or_lf(text, from) &&
         answer<Block, scan::control>(text, from) == expected_control(text, from) &&
         answer<Block, scan::line_edge>(text, from) == expected_body_edge(text, from);
}

// Whether the library's answers, and those of every block that was compiled, are the expected ones.
bool agrees(std::string_view text, std::size_t from) {
  return sansmtp::find_cr_or_lf(text, from) == expected_cr_or_lf(text, from) &&
         sansmtp::find_control(text, from) == expected_control(text, from) &&
         sansmtp::find_line_edge(text, from) == expected_line_edge(text, from) &&
         block_agrees<scan::plain_block>(text, from) &&
#if defined(__SSE2__)
         block_agrees<scan::sse2_block>(text, from) &&
#endif
         block_agrees<scan::fast_block>(text, from);
}

void check_text(std::string_view text) {
  // From everywhere in short texts, and in long ones from so many places that each block is begun at.
  for (std::size_t from = 0; from <= text.size(); from += text.size() > 100 ? 7U : 1U)
    if (!agrees(text, from)) FAIL_CHECK(support::shown(text), " from ", from);
}

}  // namespace

TEST_CASE("the fast form finds what the plain form finds, at every place of texts around a block's size") {
  const std::string_view marks[] = {"\r",   "\n",  "\r\n", "\n\r", "\r\n.", "\n.", "\t", std::string_view("\0", 1),
                                    "\x1F", "\x80"};
  for (const std::size_t size : {0U, 1U, 2U, 15U, 16U, 17U, 31U, 32U, 33U, 63U, 64U, 65U, 80U, 129U, 160U, 161U}) {
    check_text(std::string(size, 'x'));
    for (const std::string_view mark : marks) {
      for (std::size_t at = 0; at + mark.size() <= size; ++at) {
        std::string text(size, 'x');
        text.replace(at, mark.size(), mark);
        check_text(text);
      }
    }
  }
}

TEST_CASE("the fast form finds what the plain form finds in texts where every octet counts") {
  std::uint64_t seed = 1;
  const char alphabet[] = {'\r', '\n', '.', 'a', '\t', '\0', '\x7F', '\xFF'};
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (int i = 0; i < 150; ++i) {
      seed = seed * 6364136223846793005U + 1442695040888963407U;
      const auto pick = static_cast<std::size_t>(seed >> 33);
      // Dense in some rounds, sparse in others.
      text += round % 3 == 0 || pick % 16 == 0 ? alphabet[pick / 16 % sizeof alphabet] : 'x';
    }
    check_text(text);
  }
}

TEST_CASE("every one of the 256 octets is classed alike by both forms") {
  for (int c = 0; c < 256; ++c) {
    std::string text(70, 'x');
    for (const std::size_t at : {0U, 17U, 40U, 69U}) {
      text[at] = static_cast<char>(c);
      check_text(text);
      text[at] = 'x';
    }
  }
}

TEST_CASE("every string of up to five octets is found alike at every distance from a register's alignment") {
  const char alphabet[] = {'\r', '\n', '.', 'a', '\0', '\x80'};
  alignas(64) char room[64 + 160];
  for (std::size_t length = 1; length <= 5; ++length) {
    std::size_t count = 1;
    for (std::size_t i = 0; i < length; ++i) count *= sizeof alphabet;
    for (std::size_t n = 0; n < count; ++n) {
      // The string moves through the blocks of a text, and the text through the alignments.
      for (std::size_t at = n % 8; at < 64; at += 8) {
        std::memset(room, 'x', sizeof room);
        std::size_t digits = n;
        for (std::size_t i = 0; i < length; ++i) {
          room[at + 64 + i] = alphabet[digits % sizeof alphabet];
          digits /= sizeof alphabet;
        }
        const std::string_view text(room + at, 64 + length + at);
        if (!agrees(text, 0) || !agrees(text, at)) FAIL_CHECK(support::shown(text), " at ", at);
      }
    }
  }
}

TEST_CASE("no octet outside of the text is read") {
  for (std::size_t size = 0; size <= 200; ++size) {
    const support::guard_page right(std::string(size, 'x'), support::guarded_side::right);
    const support::guard_page left(std::string(size, 'x'), support::guarded_side::left);
    for (const std::string_view text : {right.view(), left.view()}) {
      for (const std::size_t from : {std::size_t{0}, size / 2, size}) {
        CHECK(agrees(text, from));
      }
    }
  }
}
