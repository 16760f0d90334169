// xtext, base64 and UTF-8, judged by the library and by the RFCs' own rules; and what the library writes, read by them.

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/agreement.hpp"
#include "oracle/encoding_rules.hpp"
#include "oracle/utf8_decoder.hpp"
#include "sansmtp/grammar/base64.hpp"
#include "sansmtp/grammar/utf8.hpp"
#include "sansmtp/grammar/xtext.hpp"

using oracle::agreement;

namespace {

std::string in_words(std::string_view raw) { return "is " + std::string(raw); }

std::string found_xtext(std::string_view text) {
  const auto parsed = sansmtp::xtext::parse(text);
  if (!parsed) return oracle::refusal(parsed, text);
  sansmtp::output_buffer<600> room;
  const bool good = parsed->decode(room) && parsed->decoded_size() == room.written().size() &&
                    parsed->equals(room.written()) &&
                    sansmtp::check_xtext(text).value_or(9999) == room.written().size();
  return good ? in_words(room.written()) : "is decoded wrong";
}
std::string due_xtext(std::string_view text) {
  const auto raw = oracle::read_xtext(text, 500);  // ours: the longest value that is xtext
  return raw ? in_words(*raw) : oracle::refused;
}

std::string found_base64(std::string_view text) {
  const auto parsed = sansmtp::base64_text::parse(text);
  if (!parsed) return oracle::refusal(parsed, text);
  std::vector<char> room(parsed->decoded_size());
  const auto raw = parsed->decode(room);
  return raw ? in_words(*raw) : "is decoded wrong";
}
std::string due_base64(std::string_view text) {
  const auto raw = oracle::read_base64(text);
  return raw ? in_words(*raw) : oracle::refused;
}

std::string found_utf8(std::string_view text) {
  const bool well = sansmtp::is_utf8(text);
  if (well != sansmtp::check_utf8(text).has_value()) return "is judged in two ways";
  return well ? "utf8" : oracle::refused;
}
std::string due_utf8(std::string_view text) {
  return oracle::encoding_grammar().match("UTF8-octets", text) ? "utf8" : oracle::refused;
}

std::string random_octets(oracle::chance& luck, std::size_t most) {
  std::string raw;
  for (std::size_t n = luck.below(most); n != 0; --n)
    raw += static_cast<char>(static_cast<unsigned char>(luck.below(256)));
  return raw;
}

}  // namespace

TEST_CASE("every octet at every place of xtext means what RFC 3461 4 says") {
  CHECK(oracle::encoding_grammar().mistakes().empty());
  agreement asked{found_xtext, due_xtext};
  for (std::string_view text : {"", "a", "+41", "a+2B+3Db", "+00+FF", "<>~!"}) asked.ask_around(text);
  for (unsigned pair = 0; pair < 65536; ++pair) {
    const auto octet = [](unsigned value) { return static_cast<char>(static_cast<unsigned char>(value)); };
    asked.ask(std::string{'+', octet(pair / 256), octet(pair % 256)});
  }
  asked.ask_sentences(oracle::encoding_grammar(), "xtext", 3000);
  for (std::size_t n = 495; n < 505; ++n)
    for (std::string_view end : {"", "+41", "=", "+4", "+"})
      asked.ask(std::string(n - end.size(), 'a') + std::string(end));
  asked.check();
}

TEST_CASE("every octet at every place of base64 means what RFC 4954 8 says") {
  agreement asked{found_base64, due_base64};
  for (std::string_view text : {"", "QQ==", "QUI=", "QUJD", "QUJDQQ==", "QUJDQUI=", "QUJDQUJD", "+/+/", "////",
                                "AAAAAAAAAAAA", "QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUI="})
    asked.ask_around(text);
  asked.ask_sentences(oracle::encoding_grammar(), "base64", 3000);
  for (std::size_t n = 12276; n < 12300; ++n)
    for (std::string_view end : {"", "A=", "A==", "B=", "===="})
      asked.ask(std::string(n - end.size(), 'A') + std::string(end));
  asked.check();
}

TEST_CASE("base64 of up to four characters, of each kind that there is, is judged alike") {
  agreement asked{found_base64, due_base64};
  const std::string_view kinds("ABCPQZaghpwz019+/=-_. \n\0\x80\xff", 26);
  std::string text;
  const auto grow = [&](auto again) -> void {
    asked.ask(text);
    if (text.size() == 4) return;
    for (char c : kinds) {
      text += c;
      again(again);
      text.pop_back();
    }
  };
  grow(grow);
  asked.check();
}

TEST_CASE("every octet at every place of UTF-8 means what RFC 3629 4 says") {
  agreement asked{found_utf8, due_utf8};
  for (std::string_view text :
       {"a", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xec\xbf\xbf", "\xed\x9f\xbf", "\xee\x80\x80", "\xf0\x90\x80\x80",
        "\xf1\x80\xbf\x80", "\xf4\x8f\xbf\xbf", "a\xc3\xa9z\xe2\x82\xac"})
    asked.ask_around(text);
  asked.ask_sentences(oracle::encoding_grammar(), "UTF8-octets", 6000);
  asked.check();
}

TEST_CASE("every sequence of up to three octets is UTF-8 when its bits are those of a character") {
  std::size_t asked = 0, taken = 0, wrong = 0;
  char text[3];
  for (std::size_t size = 1; size <= 3; ++size)
    for (unsigned n = 0; n >> (8 * size) == 0; ++n) {
      for (std::size_t i = 0; i < size; ++i)
        text[i] = static_cast<char>(static_cast<unsigned char>(n >> (8 * i) & 255));
      const bool due = oracle::is_utf8_by_bits(text, size);
      const bool length = sansmtp::utf8_length_at({text, size}, 0) == oracle::utf8_length_by_bits(text, size);
      ++asked;
      taken += due ? 1U : 0U;
      wrong += due != sansmtp::is_utf8({text, size}) || !length ? 1U : 0U;
    }
  CHECK(wrong == 0);
  MESSAGE(asked, " sequences, ", taken, " of them UTF-8");
}

TEST_CASE("what the library encodes, the rules of the RFCs decode") {
  oracle::chance luck(6);
  for (int i = 0; i < 4000; ++i) {
    const std::string raw = random_octets(luck, luck.one_in(10) ? 160 : 12);
    sansmtp::output_buffer<1024> xtext, base64;
    sansmtp::writer::draft one(xtext), other(base64);
    sansmtp::encode_xtext(raw, one);
    sansmtp::encode_base64(raw, other);
    REQUIRE((one.commit() && other.commit()));
    CHECK(oracle::read_xtext(xtext.written()) == raw);
    CHECK(oracle::read_base64(base64.written()) == raw);
    CHECK(base64.written().size() == sansmtp::base64_size(raw.size()));
  }
}
