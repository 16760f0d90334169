// Any octets behind DATA: the decoder equals its definition however they are cut, and each of its
// ways to give the content gives the same.

#include <vector>

#include "properties/choices.hpp"
#include "properties/cutting.hpp"
#include "support/data_machine.hpp"

using properties::require;

namespace {

// decode_into and decode_copy, by rooms of this size.
support::decoded decode_by_pieces(support::parts chunks, sansmtp::bare_newline newlines, std::size_t room) {
  sansmtp::data_decoder decoder(newlines);
  std::vector<std::string_view> views(room);
  support::decoded out;
  for (std::string_view chunk : chunks) {
    while (!chunk.empty() && !out.end) {
      const auto pieces = decoder.decode_into(chunk, views);
      require(pieces.used != 0 && pieces.used <= chunk.size() && pieces.count <= room, "a call takes something");
      for (std::size_t i = 0; i < pieces.count; ++i) {
        require(!views[i].empty(), "no piece is empty");
        out.content += views[i];
      }
      out.taken += pieces.used;
      out.end = pieces.end;
      chunk.remove_prefix(pieces.used);
    }
  }
  out.size = decoder.size();
  out.refusal = decoder.refusal();
  return out;
}

support::decoded decode_by_copies(support::parts chunks, sansmtp::bare_newline newlines, std::size_t room) {
  sansmtp::data_decoder decoder(newlines);
  support::decoded out;
  for (std::string_view chunk : chunks) {
    while (!chunk.empty() && !out.end) {
      const std::unique_ptr<char[]> copy(new char[room]);
      const auto piece = decoder.decode_copy(chunk, {copy.get(), room});
      require(piece.used != 0 && piece.used <= chunk.size() && piece.bytes.size() <= room, "a call takes something");
      require(piece.used == chunk.size() || piece.end || room <= chunk.size(), "all of it where there is room");
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view wire = properties::text_of(data, size);
  const std::size_t room = 2 + size % 97;
  for (const auto newlines : {sansmtp::bare_newline::refuse, sansmtp::bare_newline::keep}) {
    const support::decoded defined = support::decode_by_definition(wire, newlines);
    require(support::decode(support::parts(&wire, 1), newlines) == defined, "the decoder equals its definition");
    require(defined.refusal.has_value() <= (newlines == sansmtp::bare_newline::refuse), "who keeps refuses nothing");
    properties::same_for_every_cut(wire, "decoding is the same for every cut, but not for", [&](support::parts p) {
      const support::decoded one = support::decode(p, newlines);
      require(decode_by_pieces(p, newlines, 1 + size % 5) == one, "many pieces are the pieces");
      require(decode_by_copies(p, newlines, room) == one, "a copy is the pieces");
      return one;
    });
  }
  return 0;
}
