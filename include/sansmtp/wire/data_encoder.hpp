// data_encoder: a message's octets made fit for DATA, every line's first dot doubled.
//
// RFC 5321 4.5.2. The pieces are views into the caller's chunk, ready for writev: where a dot
// must be doubled one piece ends with it and the next begins with that same dot, so nothing is
// copied. The encoder begins at a line's start and remembers across every cut. It writes no CR
// or LF that stands alone (RFC 5321 2.3.8): it refuses the message or, asked to, repairs it.

#ifndef SANSMTP_WIRE_DATA_ENCODER_HPP
#define SANSMTP_WIRE_DATA_ENCODER_HPP

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "sansmtp/base/result.hpp"
#include "sansmtp/base/scan.hpp"
#include "sansmtp/wire/newline.hpp"

namespace sansmtp {

class data_encoder {
 public:
  // Write `bytes`, then drop `used` octets from the front of the chunk. `bytes` may reach one
  // octet further than `used`: the dot that the next piece begins with again.
  struct piece {
    std::size_t used = 0;
    std::string_view bytes{};
  };

  constexpr explicit data_encoder(newline_repair newlines = newline_repair::refuse) noexcept : newlines_(newlines) {}

  // The next piece of the chunk; takes at least one octet of a chunk that is not empty. `bytes`
  // is good as long as the chunk is. A CR at the chunk's end may be held back until its successor
  // is known. Faults: message_bare_cr and message_bare_lf, `at` counted from the message's first
  // octet (2^32-1 when beyond); what stands before it was given by earlier calls, a call that
  // fails changes nothing, and the message can no longer be completed.
  constexpr result<piece> encode(std::string_view chunk) noexcept {
    if (chunk.empty()) return piece{};
    if (place_ == place::after_cr) {
      if (chunk[0] != '\n') return alone(errc::message_bare_cr, taken_ - 1);
      return give(1, "\r\n", place::line_start);
    }
    if (place_ == place::after_repaired_cr) {
      if (chunk[0] == '\n') return give(1, {}, place::line_start);
      place_ = place::line_start;
    }
    if (place_ == place::line_start && chunk[0] == '.') return give(1, "..", place::in_line);
    if (chunk[0] == '\n') {
      if (newlines_ == newline_repair::refuse) return alone(errc::message_bare_lf, taken_);
      return give(1, "\r\n", place::line_start);
    }
    const std::size_t at = find_line_edge(chunk);
    const bool last = at + 1 == chunk.size();
    if (chunk[at] == '\n' && !last && chunk[at + 1] == '.')
      return give(at + 1, chunk.substr(0, at + 2), place::in_line);
    if (chunk[at] == '\r') {
      const std::string_view before = chunk.substr(0, at);
      if (last && newlines_ == newline_repair::refuse) return give(chunk.size(), before, place::after_cr);
      if (at != 0) return give(at, before, place_behind(before));
      if (newlines_ == newline_repair::refuse) return alone(errc::message_bare_cr, taken_);
      return give(1, "\r\n", place::after_repaired_cr);
    }
    // All of the chunk, or what stands before a lone LF.
    const std::string_view before = chunk.substr(0, at + 1);
    return give(before.size(), before, place_behind(before));
  }

  // What ends the message: "." CRLF, with a CRLF before it where the last line lacks its own and
  // that is to be repaired (RFC 5321 4.1.1.4). The encoder is then ready for the next message.
  // Fault: message_unterminated, at the message's end.
  constexpr result<std::string_view> finish() noexcept {
    const bool whole = place_ == place::line_start || place_ == place::after_repaired_cr;
    if (!whole && newlines_ == newline_repair::refuse) return alone(errc::message_unterminated, taken_);
    *this = data_encoder(newlines_);
    return whole ? std::string_view(".\r\n") : std::string_view("\r\n.\r\n");
  }

 private:
  enum class place : std::uint8_t { line_start, in_line, after_cr, after_repaired_cr };

  // Views end with a LF only where it follows its CR.
  static constexpr place place_behind(std::string_view bytes) noexcept {
    return bytes.back() == '\n' ? place::line_start : place::in_line;
  }

  static constexpr fault alone(errc code, std::uint64_t at) noexcept {
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    return {code, static_cast<std::uint32_t>(at < most ? at : most)};
  }

  constexpr result<piece> give(std::size_t used, std::string_view bytes, place next) noexcept {
    taken_ += used;
    place_ = next;
    return piece{used, bytes};
  }

  std::uint64_t taken_ = 0;  // octets of content
  newline_repair newlines_;
  place place_ = place::line_start;
};

}  // namespace sansmtp

#endif
