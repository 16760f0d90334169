// Every text of four octets, all 2^32 of them, as UTF-8 and as base64, against decoders of the plainest kind.
//
// Takes minutes. No text is left out: what begins alike is asked again.

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "oracle/utf8_decoder.hpp"
#include "sansmtp/grammar/base64.hpp"
#include "sansmtp/grammar/utf8.hpp"

namespace {

char octet(unsigned value) { return static_cast<char>(static_cast<unsigned char>(value)); }

struct tally {
  std::uint64_t asked = 0, taken = 0, wrong = 0;

  void check() const {
    CHECK(wrong == 0);
    MESSAGE(asked, " texts, ", taken, " of them taken");
  }
};

// Calls `ask(text)` with every text of four octets.
template <class Ask>
void every_four_octets(Ask ask) {
  char text[4];
  for (unsigned a = 0; a < 256; ++a)
    for (unsigned b = 0; b < 256; ++b)
      for (unsigned c = 0; c < 256; ++c) {
        text[0] = octet(a), text[1] = octet(b), text[2] = octet(c);
        for (unsigned d = 0; d < 256; ++d) {
          text[3] = octet(d);
          ask(text);
        }
      }
}

}  // namespace

TEST_CASE("every text of four octets is UTF-8 when its bits are those of characters (RFC 3629 3)") {
  tally count;
  every_four_octets([&](const char* text) {
    const bool due = oracle::is_utf8_by_bits(text, 4);
    const bool alike = sansmtp::is_utf8({text, 4}) == due &&
                       sansmtp::utf8_length_at({text, 4}, 0) == oracle::utf8_length_by_bits(text, 4);
    ++count.asked;
    count.taken += due ? 1U : 0U;
    count.wrong += alike ? 0U : 1U;
  });
  count.check();
  // As many as characters of 1, 2, 3 and 4 octets can be put together to four.
  constexpr std::uint64_t one = 0x80, two = 0x800 - 0x80, three = 0x10000 - 0x800 - 0x800, four = 0x100000;
  CHECK(count.taken == one * one * one * one + 3 * one * one * two + two * two + 2 * one * three + four);
}

// RFC 4648 4 by its table: which octets four characters stand for, when they are the one spelling of them.
TEST_CASE("every text of four octets is base64 when RFC 4648 4 spells its octets so") {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  unsigned values[256];
  for (unsigned i = 0; i < 256; ++i) {
    const std::size_t place = alphabet.find(octet(i));
    values[i] = place == alphabet.npos ? 64 : static_cast<unsigned>(place);
  }
  const auto value = [&](char c) { return values[static_cast<unsigned char>(c)]; };
  tally count;
  every_four_octets([&](const char* text) {
    const unsigned a = value(text[0]), b = value(text[1]), c = value(text[2]), d = value(text[3]);
    char due[3];
    std::size_t size = 0;
    if (a < 64 && b < 64) {
      if (c < 64 && d < 64) size = 3;
      if (c < 64 && text[3] == '=' && c % 4 == 0) size = 2;
      if (text[2] == '=' && text[3] == '=' && b % 16 == 0) size = 1;
    }
    ++count.asked;
    const auto parsed = sansmtp::base64_text::parse({text, 4});
    if (parsed.has_value() != (size != 0)) ++count.wrong;
    if (!parsed || size == 0) return;
    ++count.taken;
    due[0] = octet(a * 4 + b / 16);
    due[1] = octet(b % 16 * 16 + c / 4);
    due[2] = octet(c % 4 * 64 + d % 64);
    char room[3];
    const auto raw = parsed->decode(room);
    if (!raw || *raw != std::string_view(due, size)) ++count.wrong;
  });
  count.check();
  CHECK(count.taken == 0x1000000 + 0x10000 + 0x100);  // as many as there are strings of three, two and one octet
}

TEST_CASE("no text of one to three octets is base64") {
  tally count;
  char text[3];
  for (std::size_t size = 1; size <= 3; ++size)
    for (unsigned n = 0; n >> (8 * size) == 0; ++n) {
      for (std::size_t i = 0; i < size; ++i) text[i] = octet(n >> (8 * i) & 255);
      ++count.asked;
      if (sansmtp::base64_text::parse({text, size})) ++count.wrong;
    }
  count.check();
  CHECK(sansmtp::base64_text::parse("").has_value());
}
