// Any octets as a command line: what is taken is written as one line, and read again as the same.

#include <string>

#include "properties/parsing.hpp"
#include "sansmtp/wire/encode_command.hpp"
#include "sansmtp/wire/parse_command.hpp"

using properties::require;
using sansmtp::quirks;

namespace {

std::string line_of(const sansmtp::command& given) {
  char room[16384];
  sansmtp::writer out{room};
  const auto put = encode(given, out);
  require(put.has_value(), "what was parsed can be written:", put ? "" : sansmtp::facts(put.error()).sentence);
  properties::one_line(out.written());
  // With an octet less there is no room, and nothing is written.
  sansmtp::writer small{std::span<char>(room).subspan(8192, out.written().size() - 1)};
  require(encode(given, small).error().code == sansmtp::errc::output_full && small.empty(), "whole or not at all");
  return std::string(out.written());
}

void is_line(std::string_view line) {
  const auto parse = [](std::string_view t, quirks q) { return sansmtp::parse_command(t, q); };
  properties::under_every_leniency(line, parse, [&](const sansmtp::command& given, quirks leniency) {
    require(sansmtp::find_control(line) == line.size(), "a line that is taken holds no control but HTAB");
    const std::string written = line_of(given);
    const std::string_view again(written.data(), written.size() - 2);
    // A raw attribute that a leniency took is written as xtext, which can outgrow the line.
    if (leniency == quirks::all && written.size() > line.size() + 4) return;
    const auto back = sansmtp::parse_command(again, leniency);
    require(back.has_value() && back->index() == given.index(), "what is written is that command:", again);
    require(line_of(*back) == written, "and is written again alike");
    require(leniency != quirks::strict || written.size() <= line.size() + 2, "it is no longer than it was");
    const auto* chunk = std::get_if<sansmtp::bdat>(&given);
    require(chunk == nullptr || sansmtp::announced_chunk(line) == chunk->size, "a chunk is as long as it says");
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const properties::exact own(properties::text_of(data, size));
  is_line(own.view());
  return 0;
}
