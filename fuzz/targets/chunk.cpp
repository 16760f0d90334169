// Any octets as a message by chunks: what is delivered is what was sent, up to the first lone CR or
// LF or the size limit, however it was cut; and every chunk ends where its size says. The first octet
// of the input chooses the policy; each chunk is a size, whether it is wanted, and its octets.

#include <limits>
#include <string>
#include <vector>

#include "properties/choices.hpp"
#include "properties/cutting.hpp"
#include "sansmtp/wire/message_reader.hpp"

using properties::require;

namespace {

struct policy {
  bool refuse;
  bool binary;
  std::uint64_t size_limit;
};

struct sent_chunk {
  std::size_t size;
  bool wanted;
};

std::string told(std::string_view content, const std::optional<sansmtp::fault>& why) {
  return std::string(content) +
         (why ? " " + std::to_string(static_cast<int>(why->code)) + " at " + std::to_string(why->at) : "");
}

std::string by_definition(std::string_view octets, std::span<const sent_chunk> chunks, const policy& p) {
  std::string wanted;
  for (const sent_chunk& chunk : chunks) {
    if (chunk.wanted) wanted += octets.substr(0, chunk.size);
    octets.remove_prefix(chunk.size);
  }
  const bool ends = !chunks.empty() && chunks.back().wanted;
  std::optional<sansmtp::fault> why;
  std::size_t sound = wanted.size();
  if (p.refuse && !p.binary)
    for (std::size_t i = 0; i < wanted.size() && !why; ++i) {
      const bool pair = i + 1 < wanted.size() && wanted[i] == '\r' && wanted[i + 1] == '\n';
      const bool known = i + 1 < wanted.size() || ends;  // of the last octet the successor is still to come
      const auto at = static_cast<std::uint32_t>(i);
      if (wanted[i] == '\n') why = sansmtp::fault{sansmtp::errc::message_bare_lf, at};
      if (wanted[i] == '\r' && !pair && known) why = sansmtp::fault{sansmtp::errc::message_bare_cr, at};
      if (why) sound = wanted[i] == '\r' ? i + 1 : i;
      if (pair) ++i;
    }
  if (p.size_limit != 0 && sound > p.size_limit) {
    sound = static_cast<std::size_t>(p.size_limit);
    why = sansmtp::fault{sansmtp::errc::message_too_large, static_cast<std::uint32_t>(sound)};
  }
  return told(std::string_view(wanted).substr(0, sound), why);
}

auto reading(const std::vector<sent_chunk>& chunks, const policy& p) {
  return [&chunks, p](support::parts parts) {
    sansmtp::message_reader reader(p.refuse ? sansmtp::bare_newline::refuse : sansmtp::bare_newline::keep, p.size_limit,
                                   p.binary);
    std::string content;
    std::size_t next = 0, left = 0;
    const auto take = [&](std::string_view& unread) {
      // False when more must come.
      const auto piece = reader.chunk(unread);
      require(piece.used <= unread.size() && piece.used <= left, "a chunk takes no octet behind its size");
      require(piece.bytes.size() <= piece.used, "content is octets of the chunk");
      content += piece.bytes;
      left -= piece.used;
      unread.remove_prefix(piece.used);
      require(!piece.whole || left == 0, "it is whole when all of it was there");
      require(piece.whole || !piece.bytes.empty() || unread.empty(), "it waits only when nothing is left");
      return piece.whole || !piece.bytes.empty();
    };
    for (std::string_view unread : parts)
      for (;;) {
        if (!reader.in_chunk()) {
          if (next == chunks.size()) break;
          left = chunks[next].size;
          reader.begin_chunk(left, next + 1 == chunks.size(), chunks[next].wanted);
          ++next;
        }
        if (!take(unread)) break;
      }
    require(reader.size() == content.size(), "the size is that of the content");
    return told(content, reader.why());
  };
}

void counts_down(std::string_view octets, std::uint64_t size) {
  sansmtp::chunk_reader reader(size, false);
  std::uint64_t taken = 0;
  for (std::size_t step = 1; !octets.empty() && reader.remaining() != 0; ++step) {
    const auto piece = reader.take(octets.substr(0, step));
    taken += piece.size();
    octets.remove_prefix(piece.size());
    require(reader.remaining() + taken == size, "what was taken is no more to come");
  }
  require(octets.empty() || reader.remaining() == 0, "it takes all there is, up to its size");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  properties::choices input(properties::text_of(data, size));
  const unsigned char how = input.octet();
  const policy p{(how & 1U) == 0, (how & 2U) != 0, how / 4U};
  std::vector<sent_chunk> chunks;
  std::string octets;
  while (!input.empty()) {
    const bool wanted = input.octet() != '-';
    const std::string_view text = input.text();
    chunks.push_back({text.size(), wanted});
    octets += text;
  }
  const auto read = reading(chunks, p);
  const std::string_view all = octets;
  require(read(support::parts(&all, 1)) == by_definition(all, chunks, p), "chunks by their definition");
  properties::same_for_every_cut(all, "chunks are the same for every cut, but not for", read);
  counts_down(all, how);
  counts_down(all, std::numeric_limits<std::uint64_t>::max() - how);
  return 0;
}
