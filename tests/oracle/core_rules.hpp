// The rules that all documents share: RFC 5234 appendix B.1, and the UTF-8 of RFC 3629 4.

#ifndef SANSMTP_TESTS_ORACLE_CORE_RULES_HPP
#define SANSMTP_TESTS_ORACLE_CORE_RULES_HPP

#include <string>
#include <string_view>

namespace oracle {

inline constexpr std::string_view core_rules = R"abnf(
ALPHA   = %x41-5A / %x61-7A
DIGIT   = %x30-39
HEXDIG  = DIGIT / "A" / "B" / "C" / "D" / "E" / "F"
CHAR    = %x01-7F
CTL     = %x00-1F / %x7F
DQUOTE  = %x22
SP      = %x20
HTAB    = %x09
CRLF    = %x0D %x0A
VCHAR   = %x21-7E
OCTET   = %x00-FF

; RFC 3629 4
UTF8-octets = *( UTF8-char )
UTF8-char   = UTF8-1 / UTF8-2 / UTF8-3 / UTF8-4
UTF8-1      = %x00-7F
UTF8-2      = %xC2-DF UTF8-tail
UTF8-3      = %xE0 %xA0-BF UTF8-tail / %xE1-EC 2( UTF8-tail ) /
              %xED %x80-9F UTF8-tail / %xEE-EF 2( UTF8-tail )
UTF8-4      = %xF0 %x90-BF 2( UTF8-tail ) / %xF1-F3 3( UTF8-tail ) /
              %xF4 %x80-8F 2( UTF8-tail )
UTF8-tail   = %x80-BF

; RFC 6532 3.1
UTF8-non-ascii = UTF8-2 / UTF8-3 / UTF8-4
)abnf";

inline bool is_ascii(std::string_view text) {
  for (char c : text)
    if (static_cast<unsigned char>(c) > 127) return false;
  return true;
}

inline std::string in_upper_case(std::string_view text) {
  std::string high(text);
  for (char& c : high)
    if ('a' <= c && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
  return high;
}

}  // namespace oracle

#endif
