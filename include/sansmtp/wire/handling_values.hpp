// The values that ask for a way to handle the message: MT-PRIORITY, SOLICIT, XVERP, XOORG.
//
// RFC 6710 7, RFC 3865 2.2, and two in use without an RFC. Each has one parser; the offset of a fault
// counts from the first octet of the value. Numbers, or views into the line.

#ifndef SANSMTP_WIRE_HANDLING_VALUES_HPP
#define SANSMTP_WIRE_HANDLING_VALUES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/domain.hpp"

namespace sansmtp {

// priority-value = (["-"] %x31-39) / "0"               RFC 6710 7
//
// Higher is more urgent; a message without is of priority 0. Fault: priority_malformed.
constexpr result<std::int8_t> parse_mt_priority(std::string_view value) noexcept {
  const bool negative = !value.empty() && value[0] == '-';
  const std::size_t at = negative ? 1 : 0;
  const bool digit = at < value.size() && is(octet_class::digit, value[at]) && !(negative && value[at] == '0');
  if (!digit || value.size() != at + 1)
    return fault{errc::priority_malformed, static_cast<std::uint32_t>(digit ? at + 1 : at)};
  const int n = value[at] - '0';
  return static_cast<std::int8_t>(negative ? -n : n);
}

constexpr void encode_mt_priority(std::int8_t priority, writer::draft& out) noexcept {
  if (priority < 0) out.put('-');
  out.put_number(static_cast<std::uint64_t>(priority < 0 ? -priority : priority));
}

// Solicitation-keywords = word *("," word)             RFC 3865 2.2; at most 1000 characters
// word                  = ALPHA *("." / "-" / "_" / ":" / ALPHA / DIGIT)
//
// Which kinds of solicitation the message is, as SOLICIT says, walked word by word; also what stands
// behind the NO-SOLICITING keyword.
class solicitation_keywords {
 public:
  static constexpr std::size_t max_octets = limits::solicitation;

  constexpr solicitation_keywords() noexcept = default;  // none

  constexpr std::string_view text() const noexcept { return text_; }
  constexpr bool empty() const noexcept { return text_.empty(); }

  class iterator;
  constexpr iterator begin() const noexcept;
  constexpr iterator end() const noexcept;

  // Fault: solicit_malformed.
  static constexpr result<solicitation_keywords> parse(std::string_view value, quirks = quirks::strict) noexcept {
    const auto bad = [](std::size_t at) { return fault{errc::solicit_malformed, static_cast<std::uint32_t>(at)}; };
    const auto behind_first = [](char c) { return is(octet_class::keyword, c) || c == '.' || c == '_' || c == ':'; };
    for (std::size_t at = 0;; ++at) {
      if (at == value.size() || !is(octet_class::alpha, value[at])) return bad(at);
      while (at < value.size() && behind_first(value[at])) ++at;
      if (at == value.size()) break;
      if (value[at] != ',') return bad(at);
    }
    if (value.size() > max_octets) return bad(max_octets);
    return solicitation_keywords(value);
  }

 private:
  constexpr explicit solicitation_keywords(std::string_view text) noexcept : text_(text) {}

  std::string_view text_;
};

class solicitation_keywords::iterator {
 public:
  using value_type = std::string_view;
  using difference_type = std::ptrdiff_t;
  using reference = std::string_view;
  using pointer = void;
  using iterator_category = std::input_iterator_tag;
  using iterator_concept = std::forward_iterator_tag;

  constexpr iterator() noexcept = default;

  constexpr std::string_view operator*() const noexcept { return rest_.substr(0, rest_.find(',')); }
  constexpr iterator& operator++() noexcept {
    const std::size_t comma = rest_.find(',');
    rest_ = comma == rest_.npos ? rest_.substr(rest_.size()) : rest_.substr(comma + 1);
    return *this;
  }
  constexpr iterator operator++(int) noexcept {
    const iterator before = *this;
    ++*this;
    return before;
  }
  // Of one list: what is left tells how far an iterator has come.
  friend constexpr bool operator==(const iterator& a, const iterator& b) noexcept {
    return a.rest_.size() == b.rest_.size();
  }

 private:
  friend class solicitation_keywords;
  constexpr explicit iterator(std::string_view rest) noexcept : rest_(rest) {}

  std::string_view rest_;
};

constexpr solicitation_keywords::iterator solicitation_keywords::begin() const noexcept { return iterator(text_); }
constexpr solicitation_keywords::iterator solicitation_keywords::end() const noexcept {
  return iterator(text_.substr(text_.size()));
}

// XVERP's value: in the return path that each recipient gets, the octet behind the sender's local part, and
// the one that stands for the recipient's at sign. The parameter without a value means the usual two.
struct xverp {
  char behind_local_part = '+';
  char for_at_sign = '=';

  friend constexpr bool operator==(const xverp&, const xverp&) noexcept = default;
};

// Fault: parameter_value.
constexpr result<xverp> parse_xverp(std::string_view value) noexcept {
  const std::size_t end = span_of(octet_class::vchar, value);
  if (value.size() != 2 || end != 2)
    return fault{errc::parameter_value, static_cast<std::uint32_t>(std::min<std::size_t>(end, 2))};
  return xverp{value[0], value[1]};
}

constexpr void encode(const xverp& delimiters, writer::draft& out) noexcept {
  out.put(delimiters.behind_local_part).put(delimiters.for_at_sign);
}

// XOORG's value: the domain of the organization that the message comes from. Fault: parameter_value.
constexpr result<domain> parse_xoorg(std::string_view value, quirks q = quirks::strict) noexcept {
  const auto name = domain::parse(value, q);
  return name ? name : result<domain>(fault{errc::parameter_value, name.error().at});
}

}  // namespace sansmtp

#endif
