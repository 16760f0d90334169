// parameters: what may follow the path of MAIL and RCPT, "KEYWORD" or "KEYWORD=value" (RFC 5321 4.1.2).
//
// A checked list that borrows the octets that it was parsed from, and can be walked. It knows the
// grammar alone: what a keyword means, and whether it was offered, is for others to say. A keyword
// that stands twice is refused, so that nobody can read one envelope in two ways.

#ifndef SANSMTP_GRAMMAR_PARAMETER_HPP
#define SANSMTP_GRAMMAR_PARAMETER_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/grammar/utf8.hpp"

namespace sansmtp {

struct parameter {
  std::string_view keyword;  // as written: its case has no meaning
  std::optional<std::string_view> value;
  std::size_t at = 0;  // where the keyword stands in parameters::text()

  // Where the value stands in parameters::text(); the end of the keyword when there is none.
  constexpr std::size_t value_at() const noexcept { return at + keyword.size() + (value ? 1U : 0U); }
};

class parameters {
 public:
  static constexpr std::size_t max_octets = limits::parameter_octets;

  constexpr parameters() noexcept = default;  // none

  // The whole text is a list, or empty. Faults: parameter_malformed, parameter_value_missing, utf8_malformed at the
  // octet; parameter_repeated at the second keyword; too_many_parameters; line_too_long. Quirk: loose_space.
  static constexpr result<parameters> parse(std::string_view text, quirks leniency = quirks::strict) noexcept;

  constexpr std::string_view text() const noexcept { return text_; }
  constexpr bool empty() const noexcept { return count_ == 0; }
  constexpr std::size_t size() const noexcept { return count_; }
  constexpr bool is_ascii() const noexcept { return ascii_; }

  class iterator;
  constexpr iterator begin() const noexcept;
  constexpr iterator end() const noexcept;

  // The one whose keyword is this, in any case.
  constexpr std::optional<parameter> find(std::string_view keyword) const noexcept;

 private:
  constexpr parameters(std::string_view text, std::size_t count, bool ascii) noexcept
      : text_(text), count_(static_cast<std::uint8_t>(count)), ascii_(ascii) {}

  std::string_view text_;
  std::uint8_t count_ = 0;
  bool ascii_ = true;
};

// Yields each parameter by value, in the order of the line.
class parameters::iterator {
 public:
  using value_type = parameter;
  using difference_type = std::ptrdiff_t;
  using reference = parameter;
  using pointer = void;
  using iterator_category = std::input_iterator_tag;
  using iterator_concept = std::forward_iterator_tag;

  constexpr iterator() noexcept = default;

  constexpr parameter operator*() const noexcept {
    const std::string_view whole = text_.substr(at_, end_ - at_);
    const std::size_t equals = whole.find('=');
    if (equals == std::string_view::npos) return {whole, std::nullopt, at_};
    return {whole.substr(0, equals), whole.substr(equals + 1), at_};
  }
  constexpr iterator& operator++() noexcept {
    move_to(end_);
    return *this;
  }
  constexpr iterator operator++(int) noexcept {
    const iterator before = *this;
    ++*this;
    return before;
  }
  friend constexpr bool operator==(const iterator& a, const iterator& b) noexcept { return a.at_ == b.at_; }

 private:
  friend class parameters;
  constexpr iterator(std::string_view text, std::size_t from) noexcept : text_(text) { move_to(from); }

  constexpr void move_to(std::size_t from) noexcept {
    at_ = from;
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    end_ = at_;
    while (end_ < text_.size() && text_[end_] != ' ') ++end_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
};

constexpr parameters::iterator parameters::begin() const noexcept { return {text_, 0}; }
constexpr parameters::iterator parameters::end() const noexcept { return {text_, text_.size()}; }

constexpr std::optional<parameter> parameters::find(std::string_view keyword) const noexcept {
  for (const parameter p : *this)
    if (equal_ignoring_case(p.keyword, keyword)) return p;
  return std::nullopt;
}

// Mail-parameters = esmtp-param *(SP esmtp-param)
// Rcpt-parameters = esmtp-param *(SP esmtp-param)
// esmtp-param     = esmtp-keyword ["=" esmtp-value]
// esmtp-keyword   = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
// esmtp-value     = 1*(%d33-60 / %d62-126)          ; no "="; with UTF8-non-ascii: RFC 6531 3.3
//
// XVERP, of no RFC but in wide use, has two octets as its value, and the usual ones are "+=": its value
// alone may hold "=".
constexpr result<parameters> parameters::parse(std::string_view text, quirks leniency) noexcept {
  const auto fail = [](errc code, std::size_t at) { return fault{code, static_cast<std::uint32_t>(at)}; };
  const bool loose = leniency.allow(quirk::loose_space);
  if (text.size() > max_octets) return fail(errc::line_too_long, max_octets);
  struct place {
    std::uint16_t at, size;
  };
  std::array<place, limits::esmtp_parameters> seen{};
  std::size_t count = 0;
  bool ascii = true;
  for (std::size_t i = 0; i < text.size();) {
    if (loose) {
      while (i < text.size() && text[i] == ' ') ++i;
      if (i == text.size()) break;
    }
    const std::size_t start = i;
    if (i == text.size() || !is(octet_class::let_dig, text[i])) return fail(errc::parameter_malformed, i);
    while (i < text.size() && (is(octet_class::let_dig, text[i]) || text[i] == '-')) ++i;
    const std::string_view keyword = text.substr(start, i - start);
    for (std::size_t k = 0; k < count; ++k)
      if (equal_ignoring_case(text.substr(seen[k].at, seen[k].size), keyword))
        return fail(errc::parameter_repeated, start);
    if (count == seen.size()) return fail(errc::too_many_parameters, start);
    seen[count++] = {static_cast<std::uint16_t>(start), static_cast<std::uint16_t>(keyword.size())};
    if (i < text.size() && text[i] == '=') {
      const bool equals_allowed = equal_ignoring_case(keyword, "XVERP");
      const std::size_t value = ++i;
      while (i < text.size()) {
        if (is(octet_class::esmtp_value, text[i]) || (text[i] == '=' && equals_allowed)) {
          ++i;
        } else if (is(octet_class::non_ascii, text[i])) {
          const std::size_t length = utf8_length_at(text, i);
          if (length == 0) return fail(errc::utf8_malformed, i);
          ascii = false;
          i += length;
        } else {
          break;
        }
      }
      if (i == value) return fail(errc::parameter_value_missing, i);
    }
    if (i == text.size()) break;
    if (text[i] != ' ') return fail(errc::parameter_malformed, i);
    ++i;
    if (i == text.size() && !loose) return fail(errc::parameter_malformed, i);
  }
  return parameters(text, count, ascii);
}

}  // namespace sansmtp

#endif
