// Any text that a server means to say: what is written is exactly one reply, which says that and no
// more. The first line of the input is code and status, each other line one of the text.

#include <string>
#include <vector>

#include "properties/choices.hpp"
#include "properties/parsing.hpp"
#include "sansmtp/grammar/utf8.hpp"
#include "sansmtp/wire/reply.hpp"
#include "sansmtp/wire/response.hpp"

using properties::require;

namespace {

// A text without the SP at which lines are folded, and without the status that begins a line.
std::string words_of(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ' ') out += c;
  return out;
}

// X.6.10 repeats X.6.8, which is written in its place.
sansmtp::enhanced_status as_written(sansmtp::enhanced_status status) {
  if (status.subject == 6 && status.detail == 10) status.detail = 8;
  return status;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  properties::choices input(properties::text_of(data, size));
  const std::string_view first = input.upto('\n');
  sansmtp::response said;
  if (const auto code = sansmtp::reply_code::parse(first.substr(0, 3), sansmtp::quirks::all)) said.code = *code;
  if (first.size() > 4)
    if (const auto status = sansmtp::enhanced_status::parse(first.substr(4))) said.status = *status;
  std::vector<std::string> memory;
  while (!input.empty()) memory.emplace_back(input.upto('\n'));
  const std::vector<std::string_view> texts(memory.begin(), memory.end());
  if (!texts.empty()) {
    said.text = texts[0];
    said.more = std::span<const std::string_view>(texts).subspan(1);
  }

  char room[70000];
  sansmtp::writer out{room};
  std::size_t all = 0;
  for (const auto& text : memory) all += text.size();
  if (const auto put = encode(said, out); !put) {
    require(out.empty(), "a failed call writes nothing");
    require(put.error().at <= all, "a fault lies inside of the texts");
    return 0;
  }
  const auto back = sansmtp::reply::parse(out.written(), sansmtp::quirks::strict);
  require(back.has_value(), "what is written is one whole reply");
  require(back->code() == said.code && !back->status_is_irregular(), "with its code on each line");
  require(!said.status || back->status() == as_written(said.status), "and its status");
  require(back->line_count() >= 1 + said.more.size(), "a line for each text, at least");
  std::string heard, meant;
  for (const std::string_view line : back->lines()) {
    require(said.code == 334 || line.size() <= sansmtp::limits::reply_line, "none over the limit");
    require(sansmtp::is_utf8(line), "and none folded inside of a character");
    heard += words_of(line);
  }
  for (std::string_view text : texts) {
    if (const auto own = sansmtp::enhanced_status::parse_prefix(text);
        own && !said.status && as_written(own->status) == back->status())
      text.remove_prefix(own->used);
    meant += words_of(text);
  }
  require(said.code == 334 || heard == meant, "it says what was meant");
  sansmtp::writer small{std::span<char>(room, out.written().size() - 1)};
  require(!encode(said, small) && small.empty(), "whole or not at all");
  return 0;
}
