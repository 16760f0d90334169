// Any octets as a message: what the encoder writes has one end, its own, and decodes to what it was
// given; however the message is cut, and in each of the ways to write it.

#include <vector>

#include "properties/cutting.hpp"
#include "support/data_machine.hpp"

using properties::require;

namespace {

// encode_into and encode_copy, by rooms of this size. `next` puts what one call gave, and tells how much that took.
template <class Next>
support::encoded encode_by(support::parts chunks, sansmtp::newline_repair newlines, Next next) {
  sansmtp::data_encoder encoder(newlines);
  support::encoded out;
  for (std::string_view chunk : chunks) {
    while (!chunk.empty()) {
      const sansmtp::result<std::size_t> used = next(encoder, chunk, out.wire);
      if (!used) {
        out.fault = used.error();
        return out;
      }
      require(*used != 0 && *used <= chunk.size(), "a call takes something");
      chunk.remove_prefix(*used);
    }
  }
  if (const auto dot = encoder.finish())
    out.wire += *dot;
  else
    out.fault = dot.error();
  return out;
}

auto by_pieces(std::size_t room) {
  return [room](sansmtp::data_encoder& encoder, std::string_view chunk,
                std::string& wire) -> sansmtp::result<std::size_t> {
    std::vector<std::string_view> views(room);
    const auto pieces = encoder.encode_into(chunk, views);
    if (!pieces) return pieces.error();
    for (std::size_t i = 0; i < pieces->count; ++i) {
      require(!views[i].empty(), "no piece is empty");
      wire += views[i];
    }
    return pieces->used;
  };
}

auto by_copies(std::size_t room) {
  return [room](sansmtp::data_encoder& encoder, std::string_view chunk,
                std::string& wire) -> sansmtp::result<std::size_t> {
    const std::unique_ptr<char[]> copy(new char[room]);
    const auto piece = encoder.encode_copy(chunk, {copy.get(), room});
    if (!piece) return piece.error();
    require(piece->bytes.size() <= room, "a copy fits its room");
    wire += piece->bytes;
    return piece->used;
  };
}

// The message with each lone CR and LF made a line's end, and its last line ended.
std::string repaired(std::string_view content) {
  std::string out;
  for (std::size_t i = 0; i < content.size(); ++i) {
    const bool pair = content.substr(i, 2) == "\r\n";
    if (content[i] == '\r' || content[i] == '\n')
      out += "\r\n";
    else
      out += content[i];
    if (pair) ++i;
  }
  if (!out.empty() && out.back() != '\n') out += "\r\n";
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view content = properties::text_of(data, size);
  for (const auto newlines : {sansmtp::newline_repair::refuse, sansmtp::newline_repair::repair}) {
    properties::same_for_every_cut(content, "encoding is the same for every cut, but not for", [&](support::parts p) {
      const support::encoded one = support::encode(p, newlines);
      require(!one.stuck, "a call takes something");
      require(encode_by(p, newlines, by_pieces(1 + size % 5)) == one, "many pieces are the pieces");
      require(encode_by(p, newlines, by_copies(3 + size % 97)) == one, "a copy is the pieces");
      return one;
    });
    const support::encoded out = support::encode(support::parts(&content, 1), newlines);
    if (out.fault) {
      require(newlines == sansmtp::newline_repair::refuse, "repair never fails");
      properties::located(*out.fault, content);
    }
    const support::decoded back = support::decode_by_definition(out.wire, sansmtp::bare_newline::refuse);
    require(!back.refusal, "no CR or LF is written alone");
    require(back.end == !out.fault, "what was finished ends, and what was not does not");
    require(!back.end || back.taken == out.wire.size(), "there is no end before the end");
    if (newlines == sansmtp::newline_repair::repair)
      require(back.content == repaired(content), "what was repaired has a CRLF for each CR and LF that stood alone");
    else if (!out.fault)
      require(back.content == content, "what was encoded decodes to itself");
    else
      require(content.substr(0, back.content.size()) == back.content, "nothing but the message is written");
  }
  return 0;
}
