// domain_list: the domains whose mail ATRN asks for (RFC 2645 5.2.1).
//
// None at all stands for every domain that the client may have mail of. Borrows the octets that it
// was parsed from, and is walked as it stands there.

#ifndef SANSMTP_WIRE_DOMAIN_LIST_HPP
#define SANSMTP_WIRE_DOMAIN_LIST_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/grammar/domain.hpp"

namespace sansmtp {

class domain_list {
 public:
  static constexpr std::size_t max_octets = limits::command_line;

  constexpr domain_list() noexcept = default;  // none

  // The whole text is a list, or empty. Faults: non_ascii_octet and domain_list_malformed at the octet.
  // Quirks: underscore, trailing_dot.
  static constexpr result<domain_list> parse(std::string_view text, quirks leniency = quirks::strict) noexcept;

  constexpr std::string_view text() const noexcept { return text_; }
  constexpr bool empty() const noexcept { return text_.empty(); }

  class iterator;
  constexpr iterator begin() const noexcept;
  constexpr iterator end() const noexcept;

 private:
  constexpr explicit domain_list(std::string_view text) noexcept : text_(text) {}

  std::string_view text_;
};

// Yields each domain by value, in the order of the line.
class domain_list::iterator {
 public:
  using value_type = domain;
  using difference_type = std::ptrdiff_t;
  using reference = domain;
  using pointer = void;
  using iterator_category = std::input_iterator_tag;
  using iterator_concept = std::forward_iterator_tag;

  constexpr iterator() noexcept = default;

  constexpr domain operator*() const noexcept {
    return *domain::parse(text_.substr(at_, size()), quirks::all);  // it was checked when the list was
  }
  constexpr iterator& operator++() noexcept {
    at_ = std::min(at_ + size() + 1, text_.size());
    return *this;
  }
  constexpr iterator operator++(int) noexcept {
    const iterator before = *this;
    ++*this;
    return before;
  }
  friend constexpr bool operator==(const iterator& a, const iterator& b) noexcept { return a.at_ == b.at_; }

 private:
  friend class domain_list;
  constexpr iterator(std::string_view text, std::size_t at) noexcept : text_(text), at_(at) {}
  constexpr std::size_t size() const noexcept { return std::min(text_.find(',', at_), text_.size()) - at_; }

  std::string_view text_;
  std::size_t at_ = 0;
};

constexpr domain_list::iterator domain_list::begin() const noexcept { return {text_, 0}; }
constexpr domain_list::iterator domain_list::end() const noexcept { return {text_, text_.size()}; }

// atrn        = "ATRN" [SP atrn-domain *("," atrn-domain)] CRLF
// atrn-domain = atrn-sub 1*("." atrn-sub)           ; a Domain of two labels at least
// atrn-sub    = Let-dig [Ldh-str]                   ; as printed, *(ldh-str), is the same language
constexpr result<domain_list> domain_list::parse(std::string_view text, quirks leniency) noexcept {
  const auto fail = [](errc code, std::size_t at) { return fault{code, static_cast<std::uint32_t>(at)}; };
  if (text.size() > max_octets) return fail(errc::domain_list_malformed, max_octets);
  for (std::size_t from = 0; !text.empty();) {
    const auto one = domain::scan(text, from, ",", leniency);
    if (!one) return fail(errc::domain_list_malformed, one.error().at);
    const std::string_view name = text.substr(from, one->end - from);
    if (!one->ascii) {
      std::size_t at = from;
      while (!is(octet_class::non_ascii, text[at])) ++at;
      return fail(errc::non_ascii_octet, at);
    }
    const std::size_t dot = name.find('.');
    if (dot == name.npos || dot + 1 == name.size()) return fail(errc::domain_list_malformed, one->end);
    if (one->end == text.size()) break;
    from = one->end + 1;
  }
  return domain_list(text);
}

}  // namespace sansmtp

#endif
