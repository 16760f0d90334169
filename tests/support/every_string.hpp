// every_string: all strings of a length over the octets that matter to lines and dots.
//
// CR, LF and the dot, and three that stand for all others: a letter, NUL, and one that is not ASCII.

#ifndef SANSMTP_TESTS_SUPPORT_EVERY_STRING_HPP
#define SANSMTP_TESTS_SUPPORT_EVERY_STRING_HPP

#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>

namespace support {

inline constexpr std::string_view telling_octets{"\r\n.a\0\x80", 6};

// Calls use(string, number) for each; numbers count from 0.
template <class Use>
void every_string(std::size_t length, Use use) {
  std::size_t count = 1;
  for (std::size_t i = 0; i < length; ++i) count *= telling_octets.size();
  std::string text(length, ' ');
  for (std::size_t n = 0; n < count; ++n) {
    std::size_t digits = n;
    for (char& c : text) {
      c = telling_octets[digits % telling_octets.size()];
      digits /= telling_octets.size();
    }
    use(static_cast<const std::string&>(text), n);
  }
}

// Up to which length strings are tried in the costliest way: `usual`, or what the environment's
// SANSMTP_TEST_OCTETS says, for one who has the time. Each octet more takes six times as long.
inline std::size_t longest_string(std::size_t usual) {
  const char* const wish = std::getenv("SANSMTP_TEST_OCTETS");
  return wish == nullptr ? usual : static_cast<std::size_t>(std::strtoul(wish, nullptr, 10));
}

}  // namespace support

#endif
