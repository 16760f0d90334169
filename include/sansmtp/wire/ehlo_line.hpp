// ehlo_line: a line of an EHLO reply behind the first, which announces an extension.
//
// The first line is the server's name and a greeting; hello_host gives the name. Each line behind
// it is a keyword and what belongs to it (RFC 5321 4.1.1.1). Everything borrows from the reply.

#ifndef SANSMTP_WIRE_EHLO_LINE_HPP
#define SANSMTP_WIRE_EHLO_LINE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/wire/reply.hpp"

namespace sansmtp {

struct ehlo_line {
  std::string_view keyword;     // as written; compare ignoring case
  std::string_view parameters;  // all behind it, from the first to the last, with what separates them

  // The first parameter and the next ones in turn: cuts one from the front of `rest`, which starts
  // as `parameters`; empty when there is no more.
  static constexpr std::string_view next(std::string_view& rest) noexcept;

  // Faults: ehlo_keyword_malformed, parameter_malformed, at the octet. Under quirk::loose_ehlo_line
  // SP and HTAB may stand around the words in any number, and "_" in a keyword; under
  // quirk::auth_equals "AUTH=PLAIN" and "X-EXPS=LOGIN" are the keyword and its parameter.
  static constexpr result<ehlo_line> parse(std::string_view text, quirks leniency = quirks::strict) noexcept;
};

//   ehlo-line    = ehlo-keyword *( SP ehlo-param )                               RFC 5321 4.1.1.1
//   ehlo-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
//   ehlo-param   = 1*(%d33-126)
constexpr result<ehlo_line> ehlo_line::parse(std::string_view text, quirks leniency) noexcept {
  const bool loose = leniency.allow(quirk::loose_ehlo_line);
  const auto refuse = [](errc code, std::size_t at) noexcept { return fault{code, static_cast<std::uint32_t>(at)}; };

  const std::size_t first = loose ? span_of(octet_class::white, text) : 0;
  if (first == text.size() || !is(octet_class::let_dig, text[first]))
    return refuse(errc::ehlo_keyword_malformed, first);
  // The class of verbs is a keyword's with "_" besides.
  std::size_t at = span_of(octet_class::verb, text, first);
  if (!loose) at = std::min(at, text.substr(0, at).find('_', first));
  ehlo_line line{text.substr(first, at - first), {}};
  if (at == text.size()) return line;

  // A separator stands at `at`, then a parameter, then the next separator or the end.
  const bool equals = text[at] == '=' && leniency.allow(quirk::auth_equals) &&
                      (equal_ignoring_case(line.keyword, "AUTH") || equal_ignoring_case(line.keyword, "X-EXPS"));
  const auto separates = [&](char c) noexcept { return c == ' ' || (loose && c == '\t'); };
  if (!separates(text[at]) && !equals) return refuse(errc::ehlo_keyword_malformed, at);
  const std::size_t begin = loose ? span_of(octet_class::white, text, at + 1) : at + 1;
  for (std::size_t word = begin;;) {
    const std::size_t end = span_of(octet_class::vchar, text, word);
    if (end == word && (!loose || word != text.size())) return refuse(errc::parameter_malformed, word);
    if (end != word) line.parameters = text.substr(begin, end - begin);
    if (end == text.size()) return line;
    if (!separates(text[end])) return refuse(errc::parameter_malformed, end);
    word = loose ? span_of(octet_class::white, text, end) : end + 1;
  }
}

constexpr std::string_view ehlo_line::next(std::string_view& rest) noexcept {
  const std::size_t begin = span_of(octet_class::white, rest);
  const std::size_t end = span_of(octet_class::vchar, rest, begin);
  const std::string_view word = rest.substr(begin, end - begin);
  rest.remove_prefix(end);
  return word;
}

// The lines of an EHLO or LHLO reply behind the first: a forward range of result<ehlo_line>, a
// fault for a line that is none, located in that line's text. No line spoils another.
class ehlo_lines {
 public:
  class iterator {
   public:
    using iterator_concept = std::forward_iterator_tag;
    using iterator_category = std::input_iterator_tag;
    using value_type = result<ehlo_line>;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = result<ehlo_line>;

    constexpr iterator() noexcept = default;
    constexpr iterator(reply_lines::iterator line, quirks leniency) noexcept : line_(line), leniency_(leniency) {}

    constexpr result<ehlo_line> operator*() const noexcept { return ehlo_line::parse(*line_, leniency_); }
    constexpr iterator& operator++() noexcept {
      ++line_;
      return *this;
    }
    constexpr iterator operator++(int) noexcept {
      iterator before = *this;
      ++line_;
      return before;
    }
    friend constexpr bool operator==(const iterator& a, const iterator& b) noexcept { return a.line_ == b.line_; }

   private:
    reply_lines::iterator line_;
    quirks leniency_;
  };

  constexpr explicit ehlo_lines(const reply& of, quirks leniency = quirks::strict) noexcept
      : lines_(of.raw_lines()), leniency_(leniency) {}

  constexpr iterator begin() const noexcept { return {++lines_.begin(), leniency_}; }
  constexpr iterator end() const noexcept { return {lines_.end(), leniency_}; }

 private:
  reply_lines lines_;
  quirks leniency_;
};

// The name by which a server calls itself, first in its greeting, in its reply to EHLO, HELO or LHLO,
// in 221 and in 421 (RFC 5321 4.2). It may be anything, or empty: what it proves is nothing.
constexpr std::string_view hello_host(const reply& of) noexcept {
  std::string_view rest = of.text();
  const std::size_t begin = span_of(octet_class::white, rest);
  std::size_t end = begin;
  while (end < rest.size() && !is(octet_class::white, rest[end])) ++end;
  return rest.substr(begin, end - begin);
}

}  // namespace sansmtp

#endif
