// xtext and base64, from the ABNF of RFC 3461 4 and RFC 4954 8, and decoders that follow their words.

#ifndef SANSMTP_TESTS_ORACLE_ENCODING_RULES_HPP
#define SANSMTP_TESTS_ORACLE_ENCODING_RULES_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "oracle/abnf.hpp"
#include "oracle/core_rules.hpp"

namespace oracle {

inline constexpr std::string_view encoding_rules = R"abnf(
; RFC 3461 4. Upper case alone, where RFC 4954 8 has HEXDIG.
; Exception: RFC 4954 8 would have lower-case digits in AUTH too; one spelling is read for all of xtext.
xtext   = *( xchar / hexchar )
xchar   = %x21-2A / %x2C-3C / %x3E-7E
hexchar = "+" 2( DIGIT / %x41-46 )

; RFC 4954 8
base64          = base64-terminal /
                  ( 1*( 4base64-char ) [ base64-terminal ] )
base64-char     = ALPHA / DIGIT / "+" / "/"
base64-terminal = ( 2base64-char "==" ) / ( 3base64-char "=" )
)abnf";

inline const grammar& encoding_grammar() {
  static const grammar rules{core_rules, encoding_rules};
  return rules;
}

// "+" and two digits are one octet, every other character is itself.
inline std::string decoded_xtext(const tree& xtext) {
  std::string raw;
  std::size_t done = xtext.begin;
  for (const tree* one : xtext.all("hexchar")) {
    raw += xtext.text.substr(done - xtext.begin, one->begin - done);
    raw += static_cast<char>(static_cast<unsigned char>(std::stoi(one->text.substr(1), nullptr, 16)));
    done = one->end;
  }
  return raw + xtext.text.substr(done - xtext.begin);
}

inline std::optional<std::string> read_xtext(std::string_view text, std::size_t most = std::string_view::npos) {
  const auto found = encoding_grammar().match("xtext", text);
  if (!found || text.size() > most) return std::nullopt;
  return decoded_xtext(*found);
}

// A string of bits, as RFC 4648 4 draws it: six for each character, cut into groups of eight. What is left
// must be zero (3.5 lets a decoder demand that).
inline std::optional<std::string> decoded_base64(std::string_view characters) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bits;
  for (char c : characters) {
    if (c == '=') continue;
    const std::size_t value = alphabet.find(c);
    for (std::size_t bit = 32; bit != 0; bit /= 2) bits += (value & bit) != 0 ? '1' : '0';
  }
  std::string raw;
  std::size_t at = 0;
  for (; at + 8 <= bits.size(); at += 8)
    raw += static_cast<char>(static_cast<unsigned char>(std::stoi(bits.substr(at, 8), nullptr, 2)));
  if (bits.find('1', at) != std::string::npos) return std::nullopt;
  return raw;
}

// Exception: RFC 4954 4 writes "[base64]" for an empty text, here the empty text is base64 of nothing.
inline std::optional<std::string> read_base64(std::string_view text) {
  if (text.empty()) return std::string();
  if (text.size() > 12286) return std::nullopt;  // RFC 4954 4: a line of 12288 octets with CRLF
  if (!encoding_grammar().match("base64", text)) return std::nullopt;
  return decoded_base64(text);
}

}  // namespace oracle

#endif
