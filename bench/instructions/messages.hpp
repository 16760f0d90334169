// The paths of messages: bodies decoded and encoded as views, 64 KiB in chunks of 16. An item is a KiB.

#ifndef SANSMTP_BENCH_INSTRUCTIONS_MESSAGES_HPP
#define SANSMTP_BENCH_INSTRUCTIONS_MESSAGES_HPP

#include <cstddef>
#include <string>
#include <string_view>

#include "keep.hpp"
#include "sansmtp/sansmtp.hpp"
#include "traffic.hpp"

namespace instructions {

inline constexpr std::size_t chunk = 16384;

// Presents the text in chunks; use(chunk) says how much of one it took.
template <class Use>
inline void each_chunk(std::string_view text, Use use) {
  while (!text.empty()) {
    std::string_view part = text.substr(0, chunk);
    text.remove_prefix(part.size());
    while (!part.empty()) part.remove_prefix(use(part));
  }
}

// What a message says that travels as `wire`.
inline std::string content_of(std::string_view wire) {
  sansmtp::data_decoder decoder;
  std::string content;
  each_chunk(wire, [&](std::string_view part) {
    const auto piece = decoder.decode(part);
    content += piece.bytes;
    return piece.used;
  });
  return content;
}

[[gnu::noinline]] inline std::size_t decoded(traffic::body kind, std::size_t rounds) {
  const std::string wire = traffic::message(kind, 4 * chunk);
  for (std::size_t round = 0; round < rounds; ++round) {
    sansmtp::data_decoder decoder;
    each_chunk(hide(wire), [&](std::string_view part) {
      const auto piece = decoder.decode(part);
      keep(piece.bytes);
      return piece.used;
    });
    expect(decoder.size() != 0 && !decoder.refusal());
  }
  return rounds * wire.size() / 1024;
}

[[gnu::noinline]] inline std::size_t encoded(traffic::body kind, std::size_t rounds) {
  const std::string content = content_of(traffic::message(kind, 4 * chunk));
  for (std::size_t round = 0; round < rounds; ++round) {
    sansmtp::data_encoder encoder;
    each_chunk(hide(content), [&](std::string_view part) {
      const auto piece = encoder.encode(part);
      expect(piece.has_value());
      keep(piece->bytes);
      return piece->used;
    });
    expect(encoder.finish().has_value());
  }
  return rounds * content.size() / 1024;
}

}  // namespace instructions

#endif
