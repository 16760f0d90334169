// The word that may end VRFY and EXPN, and says that the reply may hold UTF-8.
//
// SMTPUTF8 is RFC 6531 3.7.4.2's, UTF8REPLY its forerunner's (RFC 5336 3.7.4.2). What stands before it is
// free text in practice, so the two words are told apart from it in this one place, for reading as for
// writing: text that ends in one of them by itself can't be written, because it would be read as having it.

#ifndef SANSMTP_WIRE_QUERY_TEXT_HPP
#define SANSMTP_WIRE_QUERY_TEXT_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/octet.hpp"

namespace sansmtp {

enum class reply_word : std::uint8_t { none, smtputf8, utf8_reply };

constexpr std::string_view name_of(reply_word word) noexcept {
  constexpr std::string_view names[] = {"", "SMTPUTF8", "UTF8REPLY"};
  return names[static_cast<std::size_t>(word)];
}

// The word behind the last SP of the text, something else standing before that SP.
constexpr reply_word reply_word_behind(std::string_view text) noexcept {
  const std::size_t space = text.rfind(' ');
  if (space == text.npos || space == 0) return reply_word::none;
  const std::string_view last = text.substr(space + 1);
  for (reply_word word : {reply_word::smtputf8, reply_word::utf8_reply})
    if (equal_ignoring_case(last, name_of(word))) return word;
  return reply_word::none;
}

}  // namespace sansmtp

#endif
