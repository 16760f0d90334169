// fixed_string: text as a template argument, so that the compiler parses it.
//
// "a@b.example"_mailbox hands its characters to a template; the template runs the same parser
// that reads the wire, and text that it refuses does not compile. The characters live as long as
// the program, so the views of a literal never dangle.

#ifndef SANSMTP_BASE_LITERAL_HPP
#define SANSMTP_BASE_LITERAL_HPP

#include <cstddef>
#include <string_view>

namespace sansmtp {

template <std::size_t N>
struct fixed_string {
  char characters[N]{};

  constexpr fixed_string(const char (&text)[N]) noexcept {
    for (std::size_t i = 0; i < N; ++i) characters[i] = text[i];
  }
  constexpr std::string_view view() const noexcept { return {characters, N - 1}; }
};

}  // namespace sansmtp

#endif
