// reply_text: one line's worth of text behind a reply code (RFC 5321 4.2).
//
// Borrows the octets that it was parsed from. Since no control but HTAB can stand in one, no text of
// a caller can end the line that it is written to and begin another reply.

#ifndef SANSMTP_GRAMMAR_REPLY_TEXT_HPP
#define SANSMTP_GRAMMAR_REPLY_TEXT_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/literal.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/grammar/utf8.hpp"

namespace sansmtp {

class reply_text {
 public:
  static constexpr std::size_t max_octets = limits::received_reply_line - 6;  // what code, SP and CRLF leave

  constexpr reply_text() noexcept = default;  // none

  // The whole text, which may be empty. Faults: reply_text_octet, utf8_malformed at the octet;
  // reply_line_too_long. No quirk applies.
  static constexpr result<reply_text> parse(std::string_view text, quirks = quirks::strict) noexcept;

  constexpr std::string_view text() const noexcept { return text_; }
  constexpr bool empty() const noexcept { return text_.empty(); }
  constexpr bool is_ascii() const noexcept { return ascii_; }

 private:
  constexpr reply_text(std::string_view text, bool ascii) noexcept : text_(text), ascii_(ascii) {}

  std::string_view text_;
  bool ascii_ = true;
};

// textstring = 1*(%d09 / %d32-126)                  ; with UTF8-non-ascii: RFC 6531 3.7.4
constexpr result<reply_text> reply_text::parse(std::string_view text, quirks) noexcept {
  const auto fail = [](errc code, std::size_t at) { return fault{code, static_cast<std::uint32_t>(at)}; };
  bool ascii = true;
  for (std::size_t i = 0; i < text.size();) {
    if (is(octet_class::textstring, text[i])) {
      ++i;
      continue;
    }
    if (!is(octet_class::non_ascii, text[i])) return fail(errc::reply_text_octet, i);
    const std::size_t length = utf8_length_at(text, i);
    if (length == 0) return fail(errc::utf8_malformed, i);
    ascii = false;
    i += length;
  }
  if (text.size() > max_octets) return fail(errc::reply_line_too_long, max_octets);
  return reply_text(text, ascii);
}

inline namespace literals {

template <fixed_string Text>
constexpr reply_text operator""_text() noexcept {
  constexpr result<reply_text> parsed = reply_text::parse(Text.view());
  static_assert(parsed.has_value(), "the literal is no textstring (RFC 5321 4.2)");
  return *parsed;
}

}  // namespace literals

}  // namespace sansmtp

#endif
