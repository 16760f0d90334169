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
#include <span>
#include <string_view>
#include <type_traits>

#include "sansmtp/base/fast_paths.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/scan.hpp"
#include "sansmtp/wire/body_runs.hpp"
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
    return next(chunk, 0);
  }

  // What one call took and gave of many pieces: `count` of them, none empty, to be written one behind
  // the other for the `used` octets, and good as long as a single one is.
  struct pieces {
    std::size_t used = 0;
    std::size_t count = 0;
  };

  // As many pieces of the chunk as `out` has room for, which must be one or more: ready for writev,
  // and faster than piece by piece where lines that begin with dots lie close together. The fault is
  // that of encode(), given when there is nothing left before it.
  constexpr result<pieces> encode_into(std::string_view chunk, std::span<std::string_view> out) noexcept;

  // What is to be written, copied to the front of `out`, where `bytes` then is: all of the chunk, or as
  // much as there is room for; three octets of room at least. `out` and the chunk must not overlap.
  constexpr result<piece> encode_copy(std::string_view chunk, std::span<char> out) noexcept;

  // What ends the message: "." CRLF, with a CRLF before it where the last line lacks its own and
  // that is to be repaired (RFC 5321 4.1.1.4). The encoder is then ready for the next message.
  // Fault: message_unterminated, at the message's end.
  constexpr result<std::string_view> finish() noexcept {
    const bool whole = place_ == place::line_start || place_ == place::after_repaired_cr;
    if (!whole && newlines_ == newline_repair::refuse) return distant_fault(errc::message_unterminated, taken_);
    *this = data_encoder(newlines_);
    return whole ? std::string_view(".\r\n") : std::string_view("\r\n.\r\n");
  }

 private:
  enum class place : std::uint8_t { line_start, in_line, after_cr, after_repaired_cr };

  // Takes runs of the chunk while there is to be more and room for it: how far that was.
  template <class Take>
  constexpr result<std::size_t> walk(std::string_view chunk, Take& take) noexcept {
    // What is shorter than the room by two fits, whatever is doubled or put right.
    const auto fitting = [&](std::size_t from) noexcept {
      if constexpr (Take::part == 0) return chunk.substr(from);
      return chunk.substr(from, take.left() > 2 ? take.left() - 2 : 0);
    };
    std::size_t used = 0;
    for (bool more = take.fits(1); more && used != chunk.size();) {
      std::size_t known = 0;
      std::string_view part = fitting(used);
      if (fast_paths && !std::is_constant_evaluated() && !part.empty()) {
        used += dotted_lines(part, known, take, more);
        part = fitting(used);
      }
      if (!more || part.empty()) break;
      const result<piece> given = next(part, known < part.size() ? known : part.size() - 1);
      if (!given && used == 0) return given.error();
      if (!given) break;
      used += given->used;
      if (!given->bytes.empty()) more = take.take(given->bytes, given->bytes.size());
    }
    return used;
  }

  // The runs of the chunk that end with a dot to be doubled, in groups of octets: how far that was.
  // `known` octets of the rest, then, hold nothing of interest, but a dot behind all that there is room for.
  template <class Take>
  constexpr std::size_t dotted_lines(std::string_view chunk, std::size_t& known, Take& take, bool& more) noexcept {
    const bool inside = place_ == place::in_line || (place_ == place::line_start && chunk[0] != '.');
    if (!inside || chunk[0] == '\n') return 0;
    Take taker = take;  // kept out of memory while the octets are walked through
    const char* const end = chunk.data() + chunk.size();
    const char* begin = chunk.data();
    place behind_begin = place_;
    bool on = true;
    const auto run_to = [&](const char* stop) noexcept {
      return std::string_view(begin, static_cast<std::size_t>(stop - begin));
    };
    const auto on_dot = [&](const char* dot) noexcept {
      const std::string_view run = run_to(dot + 1);
      if (!taker.fits(run.size())) return false;
      on = taker.take(run, static_cast<std::size_t>(end - begin));
      begin = dot;
      behind_begin = place::in_line;
      return on;
    };
    const auto on_plain = [&]([[maybe_unused]] const char* behind) noexcept {
      if constexpr (Take::part != 0) {
        if (behind[-1] == '\r') return;
        const std::string_view run = run_to(behind);
        if (!taker.fits(run.size())) return;
        taker.take(run, run.size());
        begin = behind;
        behind_begin = place_behind(run);
      }
    };
    const char* const looked_at = body_runs::find<Take::part>(begin, end, body_runs::lone::stops, on_dot, on_plain);
    take = taker;
    more = on;
    place_ = behind_begin;
    known = looked_at > begin ? static_cast<std::size_t>(looked_at - begin) : 0;
    const auto used = static_cast<std::size_t>(begin - chunk.data());
    taken_ += used;
    return used;
  }

  // One piece of the chunk, of which `known` octets hold nothing of interest.
  constexpr result<piece> next(std::string_view chunk, std::size_t known) noexcept {
    if (place_ == place::after_cr) {
      if (chunk[0] != '\n') return distant_fault(errc::message_bare_cr, taken_ - 1);
      return give(1, "\r\n", place::line_start);
    }
    if (place_ == place::after_repaired_cr) {
      if (chunk[0] == '\n') return give(1, {}, place::line_start);
      place_ = place::line_start;
    }
    if (place_ == place::line_start && chunk[0] == '.') return give(1, "..", place::in_line);
    if (chunk[0] == '\n') {
      if (newlines_ == newline_repair::refuse) return distant_fault(errc::message_bare_lf, taken_);
      return give(1, "\r\n", place::line_start);
    }
    const std::size_t at = find_line_edge(chunk, known);
    const bool last = at + 1 == chunk.size();
    if (chunk[at] == '\n' && !last && chunk[at + 1] == '.')
      return give(at + 1, chunk.substr(0, at + 2), place::in_line);
    if (chunk[at] == '\r') {
      const std::string_view before = chunk.substr(0, at);
      if (last && newlines_ == newline_repair::refuse) return give(chunk.size(), before, place::after_cr);
      if (at != 0) return give(at, before, place_behind(before));
      if (newlines_ == newline_repair::refuse) return distant_fault(errc::message_bare_cr, taken_);
      return give(1, "\r\n", place::after_repaired_cr);
    }
    // All of the chunk, or what stands before a lone LF.
    const std::string_view before = chunk.substr(0, at + 1);
    return give(before.size(), before, place_behind(before));
  }

  // Runs end with a LF only where it follows its CR.
  static constexpr place place_behind(std::string_view bytes) noexcept {
    return bytes.back() == '\n' ? place::line_start : place::in_line;
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

constexpr result<data_encoder::pieces> data_encoder::encode_into(std::string_view chunk,
                                                                 std::span<std::string_view> out) noexcept {
  body_runs::noted_runs noted(out);
  const result<std::size_t> used = walk(chunk, noted);
  if (!used) return used.error();
  return pieces{*used, out.size() - noted.left()};
}

constexpr result<data_encoder::piece> data_encoder::encode_copy(std::string_view chunk, std::span<char> out) noexcept {
  body_runs::copied_runs copied(out);
  const result<std::size_t> used = walk(chunk, copied);
  if (!used) return used.error();
  return piece{*used, std::string_view(out.data(), out.size() - copied.left())};
}

}  // namespace sansmtp

#endif
