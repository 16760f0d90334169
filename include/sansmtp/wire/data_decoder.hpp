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
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include "sansmtp/base/fast_paths.hpp"
#include "sansmtp/base/fault.hpp"
#include "sansmtp/base/scan.hpp"
#include "sansmtp/wire/body_runs.hpp"
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
  constexpr piece decode(std::string_view chunk) noexcept;

  // As decode(), of octets that may be written over: where lines with stuffed dots lie close together,
  // their content is moved together in the chunk, and is one piece. Behind the `used` octets the chunk
  // is as it was; of these only the piece is of use.
  constexpr piece decode_in_place(std::span<char> chunk) noexcept;

  // What one call took and gave of many pieces: `count` of them, none empty, are the content of the
  // `used` octets, and are good as long as a single one is.
  struct pieces {
    std::size_t used = 0;
    std::size_t count = 0;
    bool end = false;
  };

  // As many pieces of the chunk as `out` has room for, which must be one or more: ready for writev,
  // and much faster than piece by piece where lines that begin with dots lie close together.
  constexpr pieces decode_into(std::string_view chunk, std::span<std::string_view> out) noexcept;

  // The content itself, copied to the front of `out`, where `bytes` then is. All of the chunk is taken
  // when `out` has room for one octet more than the chunk, else as much as has room for sure; two
  // octets of room at least. `out` and the chunk must not overlap.
  constexpr piece decode_copy(std::string_view chunk, std::span<char> out) noexcept;

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

  // One octet that is content wherever it stands in a line: what most calls bring where octets drip in.
  constexpr bool plain_octet(std::string_view chunk) noexcept {
    if (chunk.size() != 1 || place_ > place::in_line || refused_) return false;
    if (chunk[0] == '\r' || chunk[0] == '\n' || chunk[0] == '.') return false;
    place_ = place::in_line;
    ++taken_;
    ++size_;
    return true;
  }

  // A line that another stuffed dot follows within a block, taken in one look; empty for all else. Where
  // such lines lie close together the way through walk() costs twice as much.
  constexpr std::string_view short_line(std::string_view chunk) noexcept {
    using scan::fast_block, scan::line_edge;
    if (place_ > place::in_line || refused_ || chunk.size() <= fast_block::width + line_edge::behind) return {};
    std::size_t from = 0;
    if (place_ == place::line_start && chunk[0] == '.') {
      if (chunk[1] == '\r') return {};
      from = 1;
    }
    const std::uint64_t edges = line_edge::match<fast_block>(chunk.data() + from).bits();
    if (edges == 0 || chunk[from] == '\n') return {};
    const std::size_t cr = from + static_cast<std::size_t>(std::countr_zero(edges));
    if (chunk[cr] != '\r' || chunk[cr + 1] != '\n') return {};
    place_ = place::line_start;
    taken_ += cr + 2;
    size_ += cr + 2 - from;
    return {chunk.data() + from, cr + 2 - from};
  }

  // Walks through the chunk while there is to be more: how far that was.
  template <class Take>
  constexpr std::size_t walk(std::string_view chunk, Take& take) noexcept {
    std::size_t used = 0;
    for (bool more = take.fits(1); more && used != chunk.size() && place_ != place::ended;) {
      const std::size_t step = next(chunk.substr(used), take, more);
      taken_ += step;
      used += step;
    }
    return used;
  }

  // One step from where the octets taken so far have led: what was held back, the end, or content.
  template <class Take>
  constexpr std::size_t next(std::string_view chunk, Take& take, bool& more) noexcept {
    const char first = chunk[0];
    switch (place_) {
      case place::after_cr:
      case place::after_dot_cr:
        if (first == '\n' && place_ == place::after_dot_cr) {
          place_ = place::ended;
          return 1;
        }
        if (first != '\n' && refuses()) refuse(errc::message_bare_cr, taken_ - 1);
        place_ = first == '\n' ? place::line_start : first == '\r' ? place::after_cr : place::in_line;
        deliver(first == '\r' ? cr_and(first).substr(0, 1) : cr_and(first), take, more);
        return 1;
      case place::after_dot: return behind_dot(chunk, 0, take, more);
      case place::line_start:
        if (first == '.') return behind_dot(chunk, 1, take, more);
        [[fallthrough]];
      default: return content(chunk, 0, take, more);
    }
  }

  // Behind a dot at a line's start, chunk[at] onwards: the end, or perhaps, or content.
  template <class Take>
  constexpr std::size_t behind_dot(std::string_view chunk, std::size_t at, Take& take, bool& more) noexcept {
    if (at == chunk.size()) {
      place_ = place::after_dot;
      return at;
    }
    if (chunk[at] != '\r') return content(chunk, at, take, more);
    if (at + 1 != chunk.size() && chunk[at + 1] != '\n') return content(chunk, at, take, more);
    place_ = at + 1 == chunk.size() ? place::after_dot_cr : place::ended;
    return at + 1 == chunk.size() ? at + 1 : at + 2;
  }

  // Content from chunk[from] up to the next dot at a line's start that is more than stuffing or is not
  // wanted any more, or up to the chunk's end. No CR stands before chunk[from], and it is no stuffed dot.
  template <class Take>
  constexpr std::size_t content(std::string_view chunk, std::size_t from, Take& take, bool& more) noexcept {
    const std::size_t last = chunk.size() - 1;
    std::size_t at = from;  // chunk[from] up to chunk[at] is content, not yet delivered
    place_ = place::in_line;
    while (at <= last) {
      if (fast_paths && !std::is_constant_evaluated() && (Take::many || !refuses()) && !lone_lf(chunk, from, at))
        if (dotted_lines(chunk, from, at, take, more)) return from;
      if (lone_lf(chunk, from, at)) {
        if (refuses()) return refused_at(errc::message_bare_lf, chunk, from, at, take, more);
        ++at;
        continue;
      }
      at = find_line_edge(chunk, at);
      if (at == last) {
        place_ = chunk[at] == '\r' ? place::after_cr : chunk[at] == '\n' ? place::line_start : place::in_line;
        deliver(chunk.substr(from, chunk.size() - from - (chunk[at] == '\r')), take, more);
        return chunk.size();
      }
      if (chunk[at] == '\n' && chunk[at + 1] == '.') {
        place_ = place::line_start;
        deliver(chunk.substr(from, at + 1 - from), take, more);
        return at + 1;
      }
      if (chunk[at] == '\r' && refuses()) return refused_at(errc::message_bare_cr, chunk, from, at, take, more);
      ++at;
    }
    deliver(chunk.substr(from), take, more);
    return chunk.size();
  }

  // The same in groups of octets: stops at the chunk's last ones, where a dot is more than stuffing, and
  // where a CR or LF is to be refused. True when the octets up to `from`, and only those, are done with.
  template <class Take>
  constexpr bool dotted_lines(std::string_view chunk, std::size_t& from, std::size_t& at, Take& take,
                              bool& more) noexcept {
    const bool refused = refused_;
    Take taker = take;  // kept out of memory while the octets are walked through
    const auto newlines = refuses() ? body_runs::lone::stops : body_runs::lone::passes;
    const char* const end = chunk.data() + chunk.size();
    const char* begin = chunk.data() + from;
    std::uint64_t given = 0;
    bool on = true, at_dot = false;
    const auto deliver_to = [&](const char* stop) noexcept {
      const std::string_view run(begin, static_cast<std::size_t>(stop - begin));
      const auto readable = static_cast<std::size_t>(end - begin);
      begin = stop;
      given += run.size();
      return taker.take(run, readable);
    };
    const auto on_dot = [&](const char* dot) noexcept {
      if (!refused) on = deliver_to(dot);
      begin = dot;
      at_dot = !on || dot[1] == '\r';
      if (at_dot) return false;
      ++begin;
      return true;
    };
    const auto on_plain = [&]([[maybe_unused]] const char* behind) noexcept {
      if constexpr (Take::part != 0)
        if (!refused && behind[-1] != '\r') deliver_to(behind);
    };
    const char* const known = body_runs::find<Take::part>(chunk.data() + at, end, newlines, on_dot, on_plain);
    take = taker;
    more = on;
    size_ += given;
    from = static_cast<std::size_t>(begin - chunk.data());
    at = static_cast<std::size_t>((known > begin ? known : begin) - chunk.data());
    if (at_dot) place_ = place::line_start;
    return at_dot;
  }

  static constexpr bool lone_lf(std::string_view chunk, std::size_t from, std::size_t at) noexcept {
    return chunk[at] == '\n' && (at == from || chunk[at - 1] != '\r');
  }

  // Whether a lone CR or LF is one to refuse the message for.
  constexpr bool refuses() const noexcept { return newlines_ == bare_newline::refuse && !refused_; }

  constexpr void refuse(errc code, std::uint64_t at) noexcept {
    refusal_ = distant_fault(code, at);
    refused_ = true;
  }

  // The last content that is delivered, up to chunk[at].
  template <class Take>
  constexpr std::size_t refused_at(errc code, std::string_view chunk, std::size_t from, std::size_t at, Take& take,
                                   bool& more) noexcept {
    deliver(chunk.substr(from, at - from), take, more);
    refuse(code, taken_ + at);
    return at + 1;
  }

  template <class Take>
  constexpr void deliver(std::string_view bytes, Take& take, bool& more) noexcept {
    if (refused_ || bytes.empty()) return;
    size_ += bytes.size();
    more = take.take(bytes, bytes.size());
  }

  std::uint64_t taken_ = 0;  // wire octets
  std::uint64_t size_ = 0;
  fault refusal_{};
  bare_newline newlines_;
  place place_ = place::line_start;
  bool refused_ = false;
};

constexpr data_decoder::piece data_decoder::decode(std::string_view chunk) noexcept {
  if (plain_octet(chunk)) return {1, chunk, false};
  if (fast_paths && !std::is_constant_evaluated())
    if (const std::string_view line = short_line(chunk); !line.empty())
      return {static_cast<std::size_t>(line.data() + line.size() - chunk.data()), line, false};
  body_runs::first_run first{};
  const std::size_t used = walk(chunk, first);
  return {used, first.bytes, first.bytes.empty() && place_ == place::ended};
}

constexpr data_decoder::piece data_decoder::decode_in_place(std::span<char> chunk) noexcept {
  // Where a CR was held back, the next piece does not stand in the chunk.
  if (place_ == place::after_cr || place_ == place::after_dot_cr) return decode({chunk.data(), chunk.size()});
  body_runs::joined_runs joined(chunk);
  const std::size_t used = walk({chunk.data(), chunk.size()}, joined);
  return {used, joined.bytes(), joined.bytes().empty() && place_ == place::ended};
}

constexpr data_decoder::pieces data_decoder::decode_into(std::string_view chunk,
                                                         std::span<std::string_view> out) noexcept {
  body_runs::noted_runs noted(out);
  const std::size_t used = walk(chunk, noted);
  return {used, out.size() - noted.left(), place_ == place::ended};
}

constexpr data_decoder::piece data_decoder::decode_copy(std::string_view chunk, std::span<char> out) noexcept {
  body_runs::copied_runs copied(out);
  const std::size_t used = walk(chunk.substr(0, out.empty() ? 0 : out.size() - 1), copied);
  return {used, std::string_view(out.data(), out.size() - copied.left()), place_ == place::ended};
}

}  // namespace sansmtp

#endif
