// Any octets as replies: a reply is whole or it is not there, wherever the octets are cut; what is
// told of it is what its lines say; and written again it is the same.

#include <string>
#include <vector>

#include "properties/cutting.hpp"
#include "properties/looking.hpp"
#include "properties/parsing.hpp"
#include "sansmtp/wire/reply.hpp"
#include "sansmtp/wire/response.hpp"

using properties::require;
using sansmtp::quirks;

namespace {

std::string said(const sansmtp::reply& r) {
  std::string out = std::to_string(r.code().value) + ' ' + properties::written(r.status()) + ' ' +
                    std::to_string(static_cast<int>(r.agreement()));
  for (const std::string_view text : r.lines()) out.append("\n").append(text);
  return out;
}

// A fault, or all the replies and what is left of the last.
auto reading(quirks leniency) {
  return [leniency](support::parts parts) {
    std::string log, unread;
    sansmtp::reply_reader reader;
    for (const std::string_view part : parts) {
      std::size_t seen = unread.size();
      unread += part;
      for (;;) {
        const properties::exact own(unread);
        sansmtp::reply_reader first = reader;
        const auto size = first.scan(own.view(), leniency);
        if (!size) {
          properties::located(size.error(), unread);
          require(first.scan(own.view(), leniency).error() == size.error(), "a fault stays what it is");
          return log + "fault " + std::to_string(static_cast<int>(size.error().code)) + " at " +
                 std::to_string(size.error().at);
        }
        if (*size == 0) {
          // Only the first line's code with its separator, and a line that ends now, may be looked at again.
          const std::size_t line = unread.rfind('\n', seen == 0 ? 0 : seen - 1);
          const std::size_t from = std::string_view(unread).substr(seen).find('\n') == std::string_view::npos ? seen
                                   : line == unread.npos                                                      ? 0
                                                         : line + 1;
          const properties::half_blind spoilt(unread, from, 4);
          const auto waited = reader.scan(spoilt.view(), leniency);
          require(waited && *waited == 0, "while it waits it does not look back");
          break;
        }
        require(*size == first.size() && *size <= unread.size(), "a reply is octets of what was presented");
        const auto whole = sansmtp::reply::found(first, own.view());
        const auto parsed = sansmtp::reply::parse(own.view().substr(0, *size), leniency);
        require(parsed && said(*parsed) == said(whole), "found and parsed it is the same");
        log += said(whole) + "\n";
        unread.erase(0, *size);
        reader.reset();
        seen = 0;
      }
    }
    return log + "left " + unread;
  };
}

void is_reply(std::string_view text) {
  const auto parse = [](std::string_view t, quirks q) { return sansmtp::reply::parse(t, q); };
  properties::under_every_leniency(text, parse, [&](const sansmtp::reply& r, quirks leniency) {
    std::vector<std::string_view> lines;
    for (const std::string_view line : r.raw_lines()) {
      require(line.find_first_of(std::string_view("\r\n\0", 3)) == line.npos, "a line holds no CR, LF or NUL");
      lines.push_back(line);
    }
    require(lines.size() == r.line_count() && r.octets() == text, "as many lines as it says");
    for (std::size_t line = 0; line < text.size(); line = text.find('\n', line) + 1)
      require(text.substr(line, 3) == text.substr(0, 3), "every line has the code");
    require(!r.status() || r.status().agrees_with(r.code()), "a status agrees with its code");
    require(r.text() == *r.lines().begin(), "the text is the first line's");

    char room[65536 + 16];
    sansmtp::writer out{room};
    const sansmtp::response again{r.code(), {}, lines[0], std::span<const std::string_view>(lines).subspan(1)};
    if (!encode(again, out)) return require(out.empty(), "what is no reply to be written is not written");
    const auto back = sansmtp::reply::parse(out.written(), quirks::strict);
    require(back.has_value() && back->code() == r.code(), "what is written is one reply, to the letter");
    if (back->line_count() != r.line_count()) return;  // a long line was folded
    require(back->status() == r.status() || leniency.allow(sansmtp::quirk::loose_enhanced_status),
            "of the same status");
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const properties::exact own(properties::text_of(data, size));
  is_reply(own.view());
  for (const quirks leniency : {quirks::strict, quirks::all})
    properties::same_for_every_cut(own.view(), "replies are the same for every cut, but not for", reading(leniency));
  return 0;
}
