// Any octets behind DATA: the decoder equals its definition however they are cut, and any octets as
// a message: what the encoder writes has one end, its own, and decodes to what it was given.

#include "properties.hpp"
#include "support/data_machine.hpp"
#include "support/every_cut.hpp"

using properties::require;

namespace {

void decodes(std::string_view wire, std::size_t stride) {
  for (const auto newlines : {sansmtp::bare_newline::refuse, sansmtp::bare_newline::keep}) {
    require(support::decode(support::parts(&wire, 1), newlines) == support::decode_by_definition(wire, newlines),
            "the decoder equals its definition");
    const std::string differs = support::cut_that_differs(
        wire, [&](support::parts p) { return support::decode(p, newlines); }, stride);
    require(differs.empty(), "decoding is the same for every cut, but not for", differs);
  }
}

void encodes(std::string_view content, std::size_t stride) {
  for (const auto newlines : {sansmtp::newline_repair::refuse, sansmtp::newline_repair::repair}) {
    const std::string differs = support::cut_that_differs(
        content, [&](support::parts p) { return support::encode(p, newlines); }, stride);
    require(differs.empty(), "encoding is the same for every cut, but not for", differs);

    const support::encoded out = support::encode(support::parts(&content, 1), newlines);
    require(newlines == sansmtp::newline_repair::refuse || !out.fault, "repair never fails");
    const support::decoded back = support::decode_by_definition(out.wire, sansmtp::bare_newline::refuse);
    require(!back.refusal, "no CR or LF is written alone");
    require(back.end == !out.fault, "what was finished ends, and what was not does not");
    require(!back.end || back.taken == out.wire.size(), "there is no end before the end");
    if (newlines == sansmtp::newline_repair::refuse && !out.fault)
      require(back.content == content, "what was encoded decodes to itself");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = properties::text_of(data, size);
  const std::size_t stride = 1 + size / 64;
  decodes(text, stride);
  encodes(text, stride);
  return 0;
}
