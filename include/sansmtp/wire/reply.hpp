// reply: one whole reply of a server, as a view (RFC 5321 4.2).
//
// Code, enhanced status and lines were judged when its end was found, by reply_reader; the reply
// holds what was found and the octets themselves, CRLFs and all. It borrows them: it is good until
// the caller drops or moves them.

#ifndef SANSMTP_WIRE_REPLY_HPP
#define SANSMTP_WIRE_REPLY_HPP

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "sansmtp/base/fault.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/wire/enhanced_status.hpp"
#include "sansmtp/wire/reply_code.hpp"
#include "sansmtp/wire/reply_reader.hpp"

namespace sansmtp {

// The texts of a reply's lines in order: a forward range of std::string_view, each without code,
// separator and CRLF; without the enhanced status code too, where the reply's lines() were asked
// for. A text may be empty, and may hold any octet but CR, LF and NUL.
class reply_lines {
 public:
  class iterator;

  constexpr iterator begin() const noexcept;
  constexpr iterator end() const noexcept;

 private:
  friend class reply;
  constexpr reply_lines(std::string_view octets, enhanced_status stripped) noexcept
      : octets_(octets), stripped_(stripped) {}

  std::string_view octets_;
  enhanced_status stripped_;
};

class reply {
 public:
  // `whole` is one reply, with nothing behind it. Faults: those of reply_reader, reply_incomplete
  // at the end, reply_unexpected at the first octet behind the reply.
  static constexpr result<reply> parse(std::string_view whole, quirks leniency = quirks::strict) noexcept;

  // The reply at the front of `unread`, whose size that reader's scan of `unread` has just told.
  static constexpr reply found(const reply_reader& by, std::string_view unread) noexcept {
    return reply(unread.substr(0, by.size()), by);
  }

  constexpr reply_code code() const noexcept { return code_; }
  constexpr reply_class kind() const noexcept { return code_.kind(); }

  // {} when there is none, and when the lines contradict each other (RFC 2034 4).
  constexpr enhanced_status status() const noexcept { return status_; }

  // Whether the codes on the lines break RFC 2034 4, by more than being absent from all.
  constexpr bool status_is_irregular() const noexcept { return agreement_ != status_agreement::regular; }
  constexpr status_agreement agreement() const noexcept { return agreement_; }

  // The first line's text, without the enhanced status code.
  constexpr std::string_view text() const noexcept;

  constexpr std::size_t line_count() const noexcept { return line_count_; }
  constexpr reply_lines lines() const noexcept { return {octets_, status_}; }
  constexpr reply_lines raw_lines() const noexcept { return {octets_, {}}; }

  // The reply as it came.
  constexpr std::string_view octets() const noexcept { return octets_; }

 private:
  constexpr reply(std::string_view octets, const reply_reader& by) noexcept
      : octets_(octets),
        code_(by.code()),
        status_(by.status()),
        line_count_(static_cast<std::uint16_t>(by.line_count())),
        agreement_(by.agreement()) {}

  std::string_view octets_;
  reply_code code_;
  enhanced_status status_;
  std::uint16_t line_count_;
  status_agreement agreement_;
};
static_assert(sizeof(reply) <= 32);

class reply_lines::iterator {
 public:
  using iterator_concept = std::forward_iterator_tag;
  using iterator_category = std::input_iterator_tag;  // what it gives is a value, not a reference
  using value_type = std::string_view;
  using difference_type = std::ptrdiff_t;
  using pointer = const std::string_view*;
  using reference = std::string_view;

  constexpr iterator() noexcept = default;

  constexpr std::string_view operator*() const noexcept { return text_; }
  constexpr const std::string_view* operator->() const noexcept { return &text_; }

  constexpr iterator& operator++() noexcept {
    rest_.remove_prefix(line_);
    settle();
    return *this;
  }
  constexpr iterator operator++(int) noexcept {
    iterator before = *this;
    ++*this;
    return before;
  }
  friend constexpr bool operator==(const iterator& a, const iterator& b) noexcept {
    return a.rest_.size() == b.rest_.size();
  }

 private:
  friend class reply_lines;
  constexpr iterator(std::string_view rest, enhanced_status stripped) noexcept : rest_(rest), stripped_(stripped) {
    settle();
  }

  // Every line is known to be three digits, then CRLF or a separator, text and CRLF; the last one is
  // that without a hyphen.
  constexpr void settle() noexcept {
    if (rest_.empty()) return;
    line_ = rest_[3] == '-' ? rest_.find('\n') + 1 : rest_.size();
    text_ = line_ > 6 ? std::string_view(rest_.data() + 4, line_ - 6) : std::string_view{};
    if (!stripped_) return;
    if (const auto prefix = enhanced_status::parse_prefix(text_))  // the same on every line
      text_.remove_prefix(prefix->used);
  }

  std::string_view rest_;  // from this line on
  std::string_view text_;
  std::size_t line_ = 0;  // octets of this line
  enhanced_status stripped_;
};

constexpr reply_lines::iterator reply_lines::begin() const noexcept { return {octets_, stripped_}; }
constexpr reply_lines::iterator reply_lines::end() const noexcept { return {octets_.substr(octets_.size()), {}}; }

constexpr std::string_view reply::text() const noexcept { return *lines().begin(); }

constexpr result<reply> reply::parse(std::string_view whole, quirks leniency) noexcept {
  reply_reader reader;
  const auto size = reader.scan(whole, leniency);
  if (!size) return size.error();
  if (*size == 0) return fault{errc::reply_incomplete, static_cast<std::uint32_t>(whole.size())};
  if (*size != whole.size()) return fault{errc::reply_unexpected, static_cast<std::uint32_t>(*size)};
  return found(reader, whole);
}

}  // namespace sansmtp

#endif
