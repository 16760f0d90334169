// parameters: what may follow the path of MAIL and RCPT, "KEYWORD" or "KEYWORD=value" (RFC 5321 4.1.2).
//
// A checked list that borrows the octets that it was parsed from, and can be walked. It knows the
// grammar alone: what a keyword means, and whether it was offered, is for others to say. A keyword
// that stands twice is refused, so that nobody can read one envelope in two ways.

#ifndef SANSMTP_GRAMMAR_PARAMETER_HPP
#define SANSMTP_GRAMMAR_PARAMETER_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>
#include <type_traits>

#include "sansmtp/base/block.hpp"
#include "sansmtp/base/fast_paths.hpp"
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
  // octet; parameter_repeated at the second keyword; too_many_parameters; line_too_long. Quirks: loose_space,
  // padded_certifier.
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
  friend class checked_parameters;

  // What parse() does, into this, and hands each parameter to `each` as soon as it is read: one pass does for those
  // who know what keywords mean. A fault that `each` gives back, its place counted in the text, ends it.
  template <class Each>
  [[gnu::always_inline]] constexpr result<void> read(std::string_view text, quirks leniency, Each each) noexcept;

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
// may hold "=". So may, by quirk, the end of MTRK's, whose base64 other writers pad. No other may.
namespace parameter_list {

// Whether a value that has come this far may go on with "=".
constexpr bool may_hold_equals(std::string_view keyword, std::string_view value, quirks leniency) noexcept {
  if (equal_ignoring_case(keyword, "XVERP")) return true;
  return value.size() == limits::certifier && equal_ignoring_case(keyword, "MTRK") &&
         leniency.allow(quirk::padded_certifier);
}

// Where keywords and ASCII values end, for as many octets as one look tells: a bit for each from the first on.
// In constant evaluation, behind its reach and in a text that fills no block, octet by octet.
class ends {
 public:
  SANSMTP_INLINED constexpr explicit ends(std::string_view text) noexcept : text_(text) {
    if (!fast_paths || std::is_constant_evaluated() || block::width == 1 || text.size() < block::width) return;
    const std::size_t last = text.size() - block::width;
    // The last block may show octets again, with the same answers.
    for (std::size_t place = 0; place < 64; place += block::width) {
      if (place > last) place = last;
      const block here = block::load(text.data() + place);
      const block let_dig = here.between('0', '9') | here.with_bits(0x20).between('a', 'z');
      keyword_ |= (let_dig | here.equal('-')).bits() << place;
      value_ |= here.between(33, 126).without(here.equal('=')).bits() << place;
      if (place == last) break;
    }
  }
  SANSMTP_INLINED constexpr std::size_t of_keyword(std::size_t from) const noexcept {
    return end(keyword_, octet_class::keyword, from);
  }
  SANSMTP_INLINED constexpr std::size_t of_value(std::size_t from) const noexcept {
    return end(value_, octet_class::esmtp_value, from);
  }

 private:
  using block = scan::short_block;
  SANSMTP_INLINED constexpr std::size_t end(std::uint64_t bits, octet_class k, std::size_t from) const noexcept {
    if (from < 64) from += static_cast<std::size_t>(std::countr_one(bits >> from));
    return from < text_.size() && is(k, text_[from]) ? span_of(k, text_, from) : from;
  }

  std::string_view text_;
  std::uint64_t keyword_ = 0;
  std::uint64_t value_ = 0;
};

// Which keywords were seen, at a glance: a bit for several of them, so that without it none of them was.
class seen {
 public:
  // Whether one with the keyword's bit was seen before it.
  SANSMTP_INLINED constexpr bool before(std::string_view keyword) noexcept {
    const auto letter = [](char c) { return static_cast<unsigned>(c) & 0x1FU; };
    const std::uint64_t bit = std::uint64_t{1}
                              << ((letter(keyword.front()) * 3 + letter(keyword.back()) * 5 + keyword.size()) % 64);
    const bool known = (bits_ & bit) != 0;
    bits_ |= bit;
    return known;
  }

 private:
  std::uint64_t bits_ = 0;
};

// Where the value ends that was read up to an octet which is none of ASCII's for it.
constexpr result<std::size_t> end_of_value(std::string_view text, std::size_t i, std::size_t value,
                                           std::string_view keyword, quirks leniency, bool& ascii) noexcept {
  for (; i != text.size(); i = span_of(octet_class::esmtp_value, text, i)) {
    if (is(octet_class::non_ascii, text[i])) {
      const std::size_t length = utf8_length_at(text, i);
      if (length == 0) return fault{errc::utf8_malformed, static_cast<std::uint32_t>(i)};
      ascii = false;
      i += length;
    } else if (text[i] == '=' && may_hold_equals(keyword, text.substr(value, i - value), leniency)) {
      ++i;
    } else {
      break;
    }
  }
  return i;
}

}  // namespace parameter_list

template <class Each>
constexpr result<void> parameters::read(std::string_view text, quirks leniency, Each each) noexcept {
  const auto fail = [](errc code, std::size_t at) { return fault{code, static_cast<std::uint32_t>(at)}; };
  const bool loose = leniency.allow(quirk::loose_space);
  if (text.size() > max_octets) return fail(errc::line_too_long, max_octets);
  parameter_list::seen seen;
  std::size_t count = 0;
  bool ascii = true;
  const parameter_list::ends ends(text);
  for (std::size_t i = 0; i < text.size();) {
    if (loose && text[i] == ' ') {
      while (i < text.size() && text[i] == ' ') ++i;
      if (i == text.size()) break;
    }
    const std::size_t start = i;
    if (!is(octet_class::let_dig, text[i])) return fail(errc::parameter_malformed, i);
    i = ends.of_keyword(i + 1);
    parameter found{{text.data() + start, i - start}, std::nullopt, start};
    if (seen.before(found.keyword) && parameters(text.substr(0, start), count, ascii).find(found.keyword))
      return fail(errc::parameter_repeated, start);
    if (count++ == limits::esmtp_parameters) return fail(errc::too_many_parameters, start);
    if (i != text.size() && text[i] == '=') {
      const std::size_t value = i + 1;
      i = ends.of_value(value);
      if (i != text.size() && text[i] != ' ') {
        const auto end = parameter_list::end_of_value(text, i, value, found.keyword, leniency, ascii);
        if (!end) return end.error();
        i = *end;
      }
      if (i == value) return fail(errc::parameter_value_missing, i);
      found.value = std::string_view(text.data() + value, i - value);
    }
    if (i != text.size() && text[i] != ' ') return fail(errc::parameter_malformed, i);
    if (const result<void> taken = each(found); !taken) return taken;
    if (i == text.size()) break;
    if (++i == text.size() && !loose) return fail(errc::parameter_malformed, i);
  }
  text_ = text;
  count_ = static_cast<std::uint8_t>(count);
  ascii_ = ascii;
  return {};
}

constexpr result<parameters> parameters::parse(std::string_view text, quirks leniency) noexcept {
  parameters list;
  if (const auto good = list.read(text, leniency, [](const parameter&) { return result<void>{}; }); !good)
    return good.error();
  return list;
}

}  // namespace sansmtp

#endif
