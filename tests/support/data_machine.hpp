// The definition of DATA's decoding, one octet a step, and runners to hold decoder and encoder to it.
//
// RFC 5321 4.1.1.4 and 4.5.2, with 2.3.8 for the CR and LF that stand alone. Written for being
// read, with a content that grows in a string; the library's decoder must equal it.

#ifndef SANSMTP_TESTS_SUPPORT_DATA_MACHINE_HPP
#define SANSMTP_TESTS_SUPPORT_DATA_MACHINE_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sansmtp/wire/data_decoder.hpp"
#include "sansmtp/wire/data_encoder.hpp"
#include "support/every_cut.hpp"

namespace support {

// All that is to be known of the decoding of one message.
struct decoded {
  std::string content;
  std::uint64_t size = 0;
  std::uint64_t taken = 0;  // octets up to and with the end
  bool end = false;
  bool stuck = false;  // a call took nothing where there was something
  std::optional<sansmtp::fault> refusal;
  friend bool operator==(const decoded&, const decoded&) = default;
};

inline decoded decode_by_definition(std::string_view wire, sansmtp::bare_newline newlines) {
  enum { line_start, in_line, cr_seen, dot_seen, dot_cr_seen } state = line_start;
  decoded out;
  const auto alone = [&](sansmtp::errc code, std::uint64_t at) {
    if (newlines == sansmtp::bare_newline::refuse && !out.refusal)
      out.refusal = sansmtp::fault{code, static_cast<std::uint32_t>(at)};
  };
  const auto content = [&](std::string_view octets) {
    if (!out.refusal) out.content += octets;
  };
  for (const char c : wire) {
    const std::uint64_t at = out.taken++;
    const std::string_view octet(&c, 1);
    switch (state) {
      case cr_seen:
      case dot_cr_seen:
        if (c == '\n' && state == dot_cr_seen) {
          out.end = true;
          out.size = out.content.size();
          return out;
        }
        if (c == '\n') {
          content("\r\n");
          state = line_start;
          continue;
        }
        alone(sansmtp::errc::message_bare_cr, at - 1);
        content("\r");
        state = in_line;
        break;
      case line_start:
        if (c == '.') {
          state = dot_seen;
          continue;
        }
        break;
      case dot_seen:  // whatever follows, this dot was stuffing
        if (c == '\r') {
          state = dot_cr_seen;
          continue;
        }
        break;
      case in_line:
        break;
    }
    if (c == '\r') {
      state = cr_seen;
      continue;
    }
    if (c == '\n') alone(sansmtp::errc::message_bare_lf, at);
    content(octet);
    state = in_line;
  }
  out.size = out.content.size();
  return out;
}

inline decoded decode(parts chunks, sansmtp::bare_newline newlines) {
  sansmtp::data_decoder decoder(newlines);
  decoded out;
  for (std::string_view chunk : chunks) {
    while (!chunk.empty() && !out.end) {
      const auto piece = decoder.decode(chunk);
      if (piece.used == 0 || piece.used > chunk.size()) {
        out.stuck = true;
        return out;
      }
      out.content += piece.bytes;
      out.taken += piece.used;
      out.end = piece.end;
      chunk.remove_prefix(piece.used);
    }
  }
  out.size = decoder.size();
  out.refusal = decoder.refusal();
  return out;
}

struct encoded {
  std::string wire;
  bool stuck = false;
  std::optional<sansmtp::fault> fault;
  friend bool operator==(const encoded&, const encoded&) = default;
};

inline encoded encode(parts chunks, sansmtp::newline_repair newlines) {
  sansmtp::data_encoder encoder(newlines);
  encoded out;
  for (std::string_view chunk : chunks) {
    while (!chunk.empty()) {
      const auto piece = encoder.encode(chunk);
      if (!piece) {
        out.fault = piece.error();
        return out;
      }
      if (piece->used == 0 || piece->used > chunk.size()) {
        out.stuck = true;
        return out;
      }
      out.wire += piece->bytes;
      chunk.remove_prefix(piece->used);
    }
  }
  if (const auto dot = encoder.finish())
    out.wire += *dot;
  else
    out.fault = dot.error();
  return out;
}

}  // namespace support

#endif
