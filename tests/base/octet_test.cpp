#include "sansmtp/base/octet.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using sansmtp::is;
using sansmtp::octet_class;

namespace {

// Every octet of the class, in order.
std::string members(octet_class k) {
  std::string out;
  for (int c = 0; c < 256; ++c)
    if (is(k, static_cast<char>(c))) out += static_cast<char>(c);
  return out;
}

const std::string upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const std::string letters = upper + "abcdefghijklmnopqrstuvwxyz";
const std::string digits = "0123456789";

std::string from_to(int low, int high) {
  std::string out;
  for (int c = low; c <= high; ++c) out += static_cast<char>(c);
  return out;
}

}  // namespace

TEST_CASE("each class holds the octets that its RFC lists, and no other") {
  CHECK(members(octet_class::alpha) == letters);                                    // RFC 5234 B.1
  CHECK(members(octet_class::digit) == digits);                                     // RFC 5234 B.1
  CHECK(members(octet_class::hexdig) == digits + "ABCDEFabcdef");                   // RFC 5234 B.1 and 2.3
  CHECK(members(octet_class::let_dig) == digits + letters);                         // RFC 5321 4.1.2
  CHECK(members(octet_class::qtext) == " !" + from_to(35, 91) + from_to(93, 126));  // %d32-33 / %d35-91 / %d93-126
  CHECK(members(octet_class::dcontent) == from_to(33, 90) + from_to(94, 126));      // %d33-90 / %d94-126
  CHECK(members(octet_class::xchar) == from_to(33, 42) + from_to(44, 60) + from_to(62, 126));  // RFC 3461 4
  CHECK(members(octet_class::esmtp_value) == from_to(33, 60) + from_to(62, 126));              // %d33-60 / %d62-126
  CHECK(members(octet_class::textstring) == "\t" + from_to(32, 126));                          // %d09 / %d32-126
  CHECK(members(octet_class::vchar) == from_to(33, 126));                                      // %x21-7E
  CHECK(members(octet_class::base64) == "+/" + digits + letters);                              // RFC 4648 4
  CHECK(members(octet_class::white) == "\t ");                                                 // RFC 5234 B.1
  CHECK(members(octet_class::non_ascii) == from_to(128, 255));
  // atext, RFC 5322 3.2.3, sorted by value.
  CHECK(members(octet_class::atext) == "!#$%&'*+-/" + digits + "=?" + upper + "^_`" + letters.substr(26) + "{|}~");
}

TEST_CASE("classes can be joined, and spans of them measured") {
  CHECK(is(octet_class::digit | octet_class::white, ' '));
  CHECK_FALSE(is(octet_class::digit | octet_class::white, 'a'));
  CHECK(sansmtp::span_of(octet_class::digit, "123a4") == 3);
  CHECK(sansmtp::span_of(octet_class::digit, "123a4", 4) == 5);
  CHECK(sansmtp::all(octet_class::digit, ""));
  CHECK_FALSE(sansmtp::all(octet_class::digit, "1\xB2"));
}

TEST_CASE("comparison ignores the case of ASCII letters and of nothing else") {
  CHECK(sansmtp::equal_ignoring_case("Mail", "mAIL"));
  CHECK_FALSE(sansmtp::equal_ignoring_case("mail", "mai"));
  CHECK_FALSE(sansmtp::equal_ignoring_case("[", "{"));  // these differ by the same bit as letters do
  CHECK_FALSE(sansmtp::equal_ignoring_case("@", "`"));
  CHECK_FALSE(sansmtp::equal_ignoring_case("\xC4", "\xE4"));
  CHECK(sansmtp::starts_ignoring_case("FROM:<>", "from:"));
  CHECK_FALSE(sansmtp::starts_ignoring_case("FRO", "from:"));
}

TEST_CASE("hexadecimal digits have their values in both cases") {
  const std::string_view lower = "0123456789abcdef", upper_case = "0123456789ABCDEF";
  for (unsigned i = 0; i < 16; ++i) {
    CHECK(sansmtp::hex_value(lower[i]) == i);
    CHECK(sansmtp::hex_value(upper_case[i]) == i);
  }
}
