// writer: appends octets to room that the caller owns, whole or not at all.
//
// What the library writes goes through a draft: pieces are put behind one another, and commit()
// keeps them all, or, if the room did not suffice, none. So a failed write leaves no half of a
// line behind. A writer borrows its room; output_buffer<N> is a writer that carries its own.

#ifndef SANSMTP_BASE_WRITER_HPP
#define SANSMTP_BASE_WRITER_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sansmtp/base/result.hpp"

namespace sansmtp {

class writer {
 public:
  constexpr explicit writer(std::span<char> space) noexcept : begin_(space.data()), capacity_(space.size()) {}

  // What was written and not yet dropped; a view into the caller's room, good until the next drop.
  constexpr std::string_view written() const noexcept { return {begin_, size_}; }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr std::size_t capacity() const noexcept { return capacity_; }
  constexpr std::size_t room() const noexcept { return capacity_ - size_; }

  // The free space itself, for one who encodes straight into it and then commits what was used.
  constexpr std::span<char> space() const noexcept { return {begin_ + size_, room()}; }
  constexpr void commit(std::size_t octets) noexcept { size_ += octets < room() ? octets : room(); }

  constexpr void clear() noexcept { size_ = 0; }

  // Forget the first `octets`, which have left for the peer; the rest moves to the front.
  constexpr void drop(std::size_t octets) noexcept {
    if (octets > size_) octets = size_;
    size_ -= octets;
    std::string_view::traits_type::move(begin_, begin_ + octets, size_);
  }

  class draft;

 private:
  char* begin_;
  std::size_t capacity_;
  std::size_t size_ = 0;
};

// One indivisible piece of output. Without commit(), or when it did not fit, the writer is as before.
class writer::draft {
 public:
  constexpr explicit draft(writer& out) noexcept : out_(out), size_(out.size_) {}
  draft(const draft&) = delete;
  draft& operator=(const draft&) = delete;

  constexpr draft& put(char c) noexcept {
    if (size_ < out_.capacity_)
      out_.begin_[size_++] = c;
    else
      overflowed_ = true;
    return *this;
  }

  constexpr draft& put(std::string_view text) noexcept {
    if (out_.capacity_ - size_ < text.size()) {
      overflowed_ = true;
      return *this;
    }
    std::string_view::traits_type::copy(out_.begin_ + size_, text.data(), text.size());
    size_ += text.size();
    return *this;
  }

  constexpr draft& put_number(std::uint64_t n) noexcept {
    char digits[20]{};
    std::size_t count = 0;
    do {
      digits[count++] = static_cast<char>('0' + n % 10);
      n /= 10;
    } while (n != 0);
    while (count != 0) put(digits[--count]);
    return *this;
  }

  // Octets put so far, and what they are.
  constexpr std::size_t size() const noexcept { return size_ - out_.size_; }
  constexpr std::string_view text() const noexcept { return {out_.begin_ + out_.size_, size()}; }

  constexpr result<void> commit() noexcept {
    if (overflowed_) return fault{errc::output_full, 0};
    out_.size_ = size_;
    return {};
  }

 private:
  writer& out_;
  std::size_t size_;
  bool overflowed_ = false;
};

template <std::size_t N>
struct output_storage {
  char octets[N]{};
};

// A writer with N octets of room of its own, inline. Not copied: its writer points into itself.
template <std::size_t N>
class output_buffer : private output_storage<N>, public writer {
 public:
  constexpr output_buffer() noexcept : writer(std::span<char>(this->octets)) {}
  output_buffer(const output_buffer&) = delete;
  output_buffer& operator=(const output_buffer&) = delete;
};

}  // namespace sansmtp

#endif
