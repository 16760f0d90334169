// UTF-8 judged by its bits, not by ranges of octets: the table of RFC 3629 3, and what its text forbids.

#ifndef SANSMTP_TESTS_ORACLE_UTF8_DECODER_HPP
#define SANSMTP_TESTS_ORACLE_UTF8_DECODER_HPP

#include <cstddef>

namespace oracle {

// The octets of the character at the front, 2 to 4; 0 where there is none, or one of ASCII.
inline std::size_t utf8_length_by_bits(const char* text, std::size_t size) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(text[i])); };
  if (size == 0) return 0;
  // 110xxxxx 10xxxxxx, 1110xxxx 10xxxxxx 10xxxxxx, 11110xxx 10xxxxxx 10xxxxxx 10xxxxxx
  const std::size_t length = octet(0) >> 5 == 6 ? 2 : octet(0) >> 4 == 14 ? 3 : octet(0) >> 3 == 30 ? 4 : 0;
  if (length == 0 || size < length) return 0;
  unsigned long character = octet(0) & (127U >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (octet(i) >> 6 != 2) return 0;
    character = character * 64 + (octet(i) & 63);
  }
  const unsigned long least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;  // below it: an overlong form
  const bool surrogate = 0xD800 <= character && character <= 0xDFFF;
  return character < least || surrogate || character > 0x10FFFF ? 0 : length;
}

inline bool is_utf8_by_bits(const char* text, std::size_t size) {
  for (std::size_t at = 0; at < size;) {
    const bool ascii = static_cast<unsigned char>(text[at]) < 128;
    const std::size_t length = ascii ? 1 : utf8_length_by_bits(text + at, size - at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

}  // namespace oracle

#endif
