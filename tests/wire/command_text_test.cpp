// Which octets a command line may hold, however many are looked at at once: each octet, at each place, in text of
// each length, beside the definition.

#include "sansmtp/wire/command_text.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "support/guard_page.hpp"

using namespace sansmtp;

namespace {

constexpr bool printable(char c) { return c >= 32 && c <= 126; }
constexpr bool control(char c) { return static_cast<unsigned char>(c) < 32 || c == 127; }

// At both bounds of what is printable, and wherever a carry might come from.
constexpr std::string_view judged{"\x00\x01\x1F\x20\x21\x7E\x7F\x80\x81\x9F\xA0\xFE\xFF", 13};

}  // namespace

TEST_CASE("one octet that is not printable is seen at every place of a text of up to 200 octets") {
  for (std::size_t size = 0; size <= 200; ++size) {
    std::string text(size, 'a');
    REQUIRE(command_text::is_printable(text));
    REQUIRE_FALSE(command_text::holds_control(text));
    for (std::size_t at = 0; at < size; ++at) {
      for (const char c : judged) {
        text[at] = c;
        if (command_text::is_printable(text) != printable(c) || command_text::holds_control(text) != control(c)) {
          CAPTURE(size);
          CAPTURE(at);
          FAIL(static_cast<int>(c));
        }
      }
      text[at] = 'a';
    }
  }
}

TEST_CASE("any two octets beside each other are judged as each is alone") {
  for (std::size_t size : {2U, 3U, 7U, 8U, 15U, 16U, 40U, 80U})
    for (std::size_t at = 0; at + 1 < size; at += size / 2)
      for (const char first : judged)
        for (const char second : judged) {
          std::string text(size, '~');
          text[at] = first;
          text[at + 1] = second;
          REQUIRE(command_text::is_printable(text) == (printable(first) && printable(second)));
          REQUIRE(command_text::holds_control(text) == (control(first) || control(second)));
        }
}

TEST_CASE("what stands beside the text is not looked at") {
  for (std::size_t size = 0; size <= 130; ++size)
    for (const auto side : {support::guarded_side::left, support::guarded_side::right}) {
      const support::guard_page page(std::string(size, ' '), side);
      REQUIRE(command_text::is_printable(page.view()));
      REQUIRE_FALSE(command_text::holds_control(page.view()));
    }
}
