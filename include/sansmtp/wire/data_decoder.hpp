// data_decoder: the octets behind DATA's 354, up to the one true end, without the stuffed dots.
//
// RFC 5321 4.5.2 and 4.1.1.4. Only CRLF "." CRLF ends a message ("." CRLF at its very start), in
// every mode: that rule alone is what keeps commands from being smuggled inside messages. What
// is delivered are views into the caller's chunk, nothing is copied. Whatever way the octets are
// cut into chunks, the content, its size, the refusal and the end are the same: the machine below
// is the definition, one octet a step, and decode() is proven equal to it by test.

#ifndef SANSMTP_WIRE_DATA_DECODER_HPP
#define SANSMTP_WIRE_DATA_DECODER_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "sansmtp/base/fault.hpp"
#include "sansmtp/base/scan.hpp"
#include "sansmtp/wire/newline.hpp"

namespace sansmtp {

class data_decoder {
 public:
  // Where the octets taken so far have led.
  //
  //   place         "."             CR              LF              other
  //   line_start    after_dot       after_cr        in_line  LF!    in_line  x
  //   in_line       in_line  .      after_cr        in_line  LF!    in_line  x
  //   after_cr      in_line  CR! .  after_cr  CR!   line_start CRLF in_line  CR! x
  //   after_dot     in_line  .      after_dot_cr    in_line  LF!    in_line  x
  //   after_dot_cr  in_line  CR! .  after_cr  CR!   ended           in_line  CR! x
  //
  // Behind each next place stands what becomes content; "!" marks a CR or LF that stands alone.
  enum class place : std::uint8_t { line_start, in_line, after_cr, after_dot, after_dot_cr, ended };

  // What one call took and gave. Drop `used` octets from the front of the chunk; `bytes` is
  // content, good as long as the chunk is (or for ever, when it is a CR that was held back).
  // With `end`, the message is over: the octets behind `used` are commands.
  struct piece {
    std::size_t used = 0;
    std::string_view bytes{};
    bool end = false;
  };

  constexpr explicit data_decoder(bare_newline newlines = bare_newline::refuse) noexcept : newlines_(newlines) {}

  // The next piece of the chunk. Takes at least one octet of a chunk that is not empty, until the
  // end was reached; from then on nothing, until reset(). Between chunks at most a dot and a CR
  // are held back, and they are counted as taken.
  constexpr piece decode(std::string_view chunk) noexcept {
    if (place_ == place::ended) return {0, {}, true};
    if (chunk.empty()) return {};
    std::size_t at = 0;
    switch (place_) {
      case place::after_cr:
      case place::after_dot_cr:
        if (chunk[0] == '\n' && place_ == place::after_dot_cr) return end(1);
        if (chunk[0] != '\n') note(errc::message_bare_cr, taken_ - 1);
        place_ = chunk[0] == '\n' ? place::line_start : chunk[0] == '\r' ? place::after_cr : place::in_line;
        return give(1, chunk[0] == '\r' ? cr_and('\r').substr(0, 1) : cr_and(chunk[0]));
      case place::after_dot:
        if (dot_decides(chunk, 0)) return ended_or_held(chunk, 0);
        break;
      case place::line_start:
        if (chunk[0] != '.') break;
        if (dot_decides(chunk, 1)) return ended_or_held(chunk, 1);
        at = 1;
        break;
      default:
        break;
    }
    return content(chunk, at);
  }

  // The first CR or LF that stood alone, under bare_newline::refuse: nothing from it on was or
  // will be delivered, the end is still found, and the message deserves a refusal. Its `at`
  // counts octets from the message's first on the wire, and stays at 2^32-1 when beyond.
  constexpr std::optional<fault> refusal() const noexcept {
    if (!refused_) return std::nullopt;
    return refusal_;
  }

  // Octets of content delivered so far, without the stuffed dots (RFC 1870 5).
  constexpr std::uint64_t size() const noexcept { return size_; }

  constexpr place where() const noexcept { return place_; }

  // Ready for the next message.
  constexpr void reset() noexcept { *this = data_decoder(newlines_); }

 private:
  // Every octet behind a CR, for a CR held back whose successor came with another chunk: so each
  // call takes an octet, and no caller can be made to wait for more where there is enough.
  static constexpr std::array<char, 512> cr_pairs = [] {
    std::array<char, 512> pairs{};
    for (std::size_t i = 0; i < 256; ++i) {
      pairs[2 * i] = '\r';
      pairs[2 * i + 1] = static_cast<char>(static_cast<unsigned char>(i));
    }
    return pairs;
  }();

  static constexpr std::string_view cr_and(char c) noexcept {
    return {cr_pairs.data() + 2 * static_cast<std::size_t>(static_cast<unsigned char>(c)), 2};
  }

  // Behind a dot at a line's start, chunk[at] onwards: whether it is the end or can't be told yet.
  static constexpr bool dot_decides(std::string_view chunk, std::size_t at) noexcept {
    if (at == chunk.size()) return true;
    return chunk[at] == '\r' && (at + 1 == chunk.size() || chunk[at + 1] == '\n');
  }

  constexpr piece ended_or_held(std::string_view chunk, std::size_t at) noexcept {
    if (chunk.size() - at >= 2) return end(at + 2);
    place_ = at == chunk.size() ? place::after_dot : place::after_dot_cr;
    return give(chunk.size(), {});
  }

  // Content from chunk[from] up to the next dot at a line's start, or the chunk's end. No CR
  // stands before chunk[from], and it is no stuffed dot.
  constexpr piece content(std::string_view chunk, const std::size_t from) noexcept {
    const std::size_t last = chunk.size() - 1;
    std::size_t at = from;
    place_ = place::in_line;
    while (at <= last) {
      if (chunk[at] == '\n') {
        if (note(errc::message_bare_lf, taken_ + at)) return refuse(at + 1, chunk.substr(from, at - from));
        ++at;
        continue;
      }
      at = find_line_edge(chunk, at);
      if (at == last) {
        place_ = chunk[at] == '\r' ? place::after_cr : chunk[at] == '\n' ? place::line_start : place::in_line;
        return give(chunk.size(), chunk.substr(from, chunk.size() - from - (chunk[at] == '\r')));
      }
      if (chunk[at] == '\n' && chunk[at + 1] == '.') {
        place_ = place::line_start;
        return give(at + 1, chunk.substr(from, at + 1 - from));
      }
      if (chunk[at] == '\r' && note(errc::message_bare_cr, taken_ + at))
        return refuse(at + 1, chunk.substr(from, at - from));
      ++at;
    }
    return give(chunk.size(), chunk.substr(from));
  }

  // Remembers the first lone CR or LF; true if it is the one to refuse.
  constexpr bool note(errc code, std::uint64_t at) noexcept {
    if (newlines_ == bare_newline::keep || refused_) return false;
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    refusal_ = {code, static_cast<std::uint32_t>(at < most ? at : most)};
    return refused_ = true;
  }

  constexpr piece give(std::size_t used, std::string_view bytes) noexcept {
    taken_ += used;
    if (refused_) return {used, {}, false};
    size_ += bytes.size();
    return {used, bytes, false};
  }

  // The last piece that is delivered, up to the octet that was just noted.
  constexpr piece refuse(std::size_t used, std::string_view bytes) noexcept {
    taken_ += used;
    size_ += bytes.size();
    return {used, bytes, false};
  }

  constexpr piece end(std::size_t used) noexcept {
    taken_ += used;
    place_ = place::ended;
    return {used, {}, true};
  }

  std::uint64_t taken_ = 0;  // wire octets
  std::uint64_t size_ = 0;
  fault refusal_{};
  bare_newline newlines_;
  place place_ = place::line_start;
  bool refused_ = false;
};

}  // namespace sansmtp

#endif
