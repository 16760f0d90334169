// input: octets on their way in, in room that the caller owns, for who has no ring of their own.
//
// Read into space(), commit() what came, present unread() to the parser, drop() what it used.
// Octets stay where they are until they are dropped, so views of them hold; space() may move
// what is left to the front, and says when. input_buffer<N> is an input that carries its own room.

#ifndef SANSMTP_WIRE_INPUT_BUFFER_HPP
#define SANSMTP_WIRE_INPUT_BUFFER_HPP

#include <cstddef>
#include <span>
#include <string_view>

namespace sansmtp {

class input {
 public:
  constexpr explicit input(std::span<char> room) noexcept : begin_(room.data()), capacity_(room.size()) {}

  // What arrived and was neither dropped nor used; views of it are good until space() after that.
  constexpr std::string_view unread() const noexcept { return {begin_ + head_, tail_ - head_}; }
  constexpr std::size_t capacity() const noexcept { return capacity_; }

  // The same octets, for a session to take the dots out of a message where it stands.
  constexpr std::span<char> in_place() noexcept { return {begin_ + head_, tail_ - head_}; }

  // All the room is taken by what is unread: more can come only when some of it is dropped.
  constexpr bool full() const noexcept { return tail_ - head_ == capacity_; }

  // The free room behind what is unread. When at least as much was dropped before it, or no room is
  // left behind it, what is unread first moves to the front, which ends views of it. A caller that
  // asks for space only when its parser needs more thus moves each octet a bounded number of
  // times. Nothing moves between use() and settle(). Empty when full().
  constexpr std::span<char> space() noexcept {
    const std::size_t kept = tail_ - head_;
    if (!in_use_ && head_ != 0 && (head_ >= kept || tail_ == capacity_)) {
      std::string_view::traits_type::move(begin_, begin_ + head_, kept);
      head_ = 0;
      tail_ = kept;
    }
    return {begin_ + tail_, capacity_ - tail_};
  }

  // `octets` were written into space(). None means that the peer has ended, as read() says it;
  // but a read into no room tells nothing.
  constexpr void commit(std::size_t octets) noexcept {
    const std::size_t room = capacity_ - tail_;
    if (octets == 0 && room != 0) ended_ = true;
    tail_ += octets < room ? octets : room;
  }

  // No octets come behind those that are unread.
  constexpr bool ended() const noexcept { return ended_; }

  // The first `octets` are done with.
  constexpr void drop(std::size_t octets) noexcept {
    const std::size_t most = tail_ - head_;
    head_ += octets < most ? octets : most;
  }

  // The first `octets` are taken, but someone still looks at them: they stay in place until
  // settle(). A session that is given an input does both: it settles when it is called again.
  constexpr void use(std::size_t octets) noexcept {
    drop(octets);
    in_use_ = true;
  }
  constexpr void settle() noexcept { in_use_ = false; }

 private:
  char* begin_;
  std::size_t capacity_;
  std::size_t head_ = 0;
  std::size_t tail_ = 0;
  bool ended_ = false;
  bool in_use_ = false;
};

template <std::size_t N>
struct input_storage {
  char octets[N]{};
};

// An input with N octets of room of its own, inline. Not copied: its views point into itself.
template <std::size_t N>
class input_buffer : private input_storage<N>, public input {
 public:
  constexpr input_buffer() noexcept : input(std::span<char>(this->octets)) {}
  input_buffer(const input_buffer&) = delete;
  input_buffer& operator=(const input_buffer&) = delete;
};

}  // namespace sansmtp

#endif
