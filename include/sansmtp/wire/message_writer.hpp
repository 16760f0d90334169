// message_writer: the content of one message as it is sent, by DATA or by chunks.
//
// The counterpart of message_reader. By DATA lines that begin with a dot get another, and the end is
// a line with nothing but a dot (RFC 5321 4.5.2); a chunk takes the octets as they are, and no more
// of them than its BDAT has announced (RFC 3030 2). However the content is cut, the same is written.

#ifndef SANSMTP_WIRE_MESSAGE_WRITER_HPP
#define SANSMTP_WIRE_MESSAGE_WRITER_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/wire/chunk.hpp"
#include "sansmtp/wire/data_encoder.hpp"
#include "sansmtp/wire/newline.hpp"

namespace sansmtp {

class message_writer {
 public:
  constexpr explicit message_writer(newline_repair newlines) noexcept : newlines_(newlines), encoder_(newlines) {}

  // A message by DATA begins, behind 354, and is open until end_data().
  constexpr void begin_data() noexcept {
    encoder_ = data_encoder(newlines_);
    in_data_ = true;
  }
  constexpr void end_data() noexcept { in_data_ = false; }
  constexpr bool in_data() const noexcept { return in_data_; }

  // A chunk of `size` octets begins, and is open until they were written.
  constexpr void begin_chunk(std::uint64_t size, bool last) noexcept { chunk_.begin(size, last); }
  constexpr bool in_chunk() const noexcept { return chunk_.remaining() != 0; }

  // Writes content of a message by DATA; gives the octets that were taken: fewer than given when `out`
  // is full. A fault, message_bare_cr or message_bare_lf, writes nothing.
  constexpr result<std::size_t> data(std::string_view content, writer& out) noexcept {
    constexpr std::size_t least = 3;  // octets of room without which the encoder may give nothing
    data_encoder ahead = encoder_;
    std::span<char> space = out.space();
    std::size_t taken = 0;
    while (taken < content.size() && space.size() >= least) {
      const auto piece = ahead.encode_copy(content.substr(taken), space);
      if (!piece) return piece.error();
      taken += piece->used;
      space = space.subspan(piece->bytes.size());
    }
    encoder_ = ahead;
    out.commit(out.room() - space.size());
    return taken;
  }

  // Writes content of the chunk, likewise. Fault: chunk_overrun.
  constexpr result<std::size_t> chunk(std::string_view content, writer& out) noexcept {
    if (content.size() > chunk_.remaining()) return errc::chunk_overrun;
    const std::string_view part = chunk_.take(content.substr(0, out.room()));
    (void)writer::draft(out).put(part).commit();  // it fits
    return part.size();
  }

  // Writes the final dot, behind the CRLF that the last line must have (RFC 5321 4.1.1.4). The message
  // is open still, until end_data(). Faults: message_unterminated, output_full.
  constexpr result<void> finish(writer& out) const noexcept {
    data_encoder ending = encoder_;
    const auto dot = ending.finish();
    if (!dot) return dot.error();
    writer::draft end(out);
    return end.put(*dot).commit();
  }

 private:
  newline_repair newlines_;
  bool in_data_ = false;
  data_encoder encoder_;
  chunk_reader chunk_{};
};

}  // namespace sansmtp

#endif
