// Any octets as command lines: however they drip in, lines end at CRLF and nowhere else, and a line
// longer than the limit is dropped to its end.

#include <string>

#include "properties/cutting.hpp"
#include "properties/looking.hpp"
#include "sansmtp/wire/line_reader.hpp"

using properties::require;

namespace {

constexpr std::size_t limit = 100;

// The lines by definition, and how much is left behind the last.
std::string by_definition(std::string_view text) {
  std::string log;
  for (std::size_t end = 0; (end = text.find("\r\n")) != text.npos; text.remove_prefix(end + 2))
    log.append(end + 2 > limit ? "too long" : text.substr(0, end)).append("|\n|");
  return log.append(text.size() >= limit ? "too long" : text);
}

std::string lines_of(support::parts parts) {
  std::string log, unread;
  sansmtp::line_reader reader;
  bool dropping = false;
  for (const std::string_view part : parts) {
    std::size_t seen = unread.size();
    unread += part;
    for (;;) {
      sansmtp::line_reader first = reader;
      const properties::exact own(unread);
      const auto found = first.scan(own.view(), limit);
      require(found.used <= unread.size() && own.holds(found.line), "a line lies in what was presented");
      if (!found.whole && !found.too_long) {
        const properties::half_blind spoilt(unread, seen);
        const auto waited = reader.scan(spoilt.view(), limit);
        require(!waited.whole && waited.used == 0, "while it waits it does not look back");
        break;
      }
      reader = first;
      dropping = !found.whole;
      unread.erase(0, found.used);
      seen = 0;
      if (dropping) break;
      log.append(found.too_long ? "too long" : found.line).append("|\n|");
    }
  }
  return log + (dropping || reader.skipping() ? "too long" : unread);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = properties::text_of(data, size);
  require(lines_of(support::parts(&text, 1)) == by_definition(text), "lines are what CRLF parts");
  properties::same_for_every_cut(text, "lines are the same for every cut, but not for", lines_of);
  return 0;
}
