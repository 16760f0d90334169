// conneg_reply: what a recipient's system can show, in the reply to RCPT with CONNEG (RFC 4141 5.2).
//
// The reply's first line says what any answer to RCPT says. The others begin with CONNEG and have a
// media feature expression behind it, "(&(color=Binary)(paper-size=A4))", cut into lines wherever
// the server liked: the parts joined are the expression. It is kept as text.

#ifndef SANSMTP_WIRE_CONNEG_REPLY_HPP
#define SANSMTP_WIRE_CONNEG_REPLY_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/reply_text.hpp"
#include "sansmtp/wire/reply.hpp"

namespace sansmtp {

class conneg_filter {
 public:
  // Faults: reply_out_of_place for another code than 250; reply_text_malformed when no line has the
  // word. A line without it, behind the first, is passed over.
  static constexpr result<conneg_filter> parse(const reply& answer) noexcept {
    if (answer.code() != 250) return errc::reply_out_of_place;
    const conneg_filter found(answer.lines());
    for (auto line = ++found.lines_.begin(); line != found.lines_.end(); ++line)
      if (part_of(*line)) return found;
    return fault{errc::reply_text_malformed, static_cast<std::uint32_t>(answer.text().size())};
  }

  // Writes the whole expression. Fault: output_full.
  constexpr result<void> join(writer& out) const noexcept {
    writer::draft whole(out);
    for (auto line = ++lines_.begin(); line != lines_.end(); ++line)
      if (const auto part = part_of(*line)) whole.put(*part);
    return whole.commit();
  }

  // What stands behind "CONNEG" and one SP; nothing when the line has another first word.
  static constexpr std::optional<std::string_view> part_of(std::string_view line) noexcept {
    constexpr std::string_view keyword = "CONNEG";
    if (!starts_ignoring_case(line, keyword)) return std::nullopt;
    line.remove_prefix(keyword.size());
    if (line.empty()) return line;
    if (line[0] != ' ') return std::nullopt;
    return line.substr(1);
  }

 private:
  constexpr explicit conneg_filter(reply_lines lines) noexcept : lines_(lines) {}
  reply_lines lines_;
};

// Cuts an expression into lines "CONNEG <part>" that fit a reply, written to `room`: the `more` of
// the response whose first text is the ordinary one. Says how many. Faults: those of reply_text;
// reply_too_many_lines, where `lines` are too few; output_full.
constexpr result<std::size_t> compose_conneg(std::string_view filter, writer& room,
                                             std::span<std::string_view> lines) noexcept {
  constexpr std::string_view front = "CONNEG ";
  constexpr std::size_t most = limits::reply_line - 6 - 10 - front.size();  // 10: an enhanced status code and SP
  std::size_t count = 0;
  writer::draft text(room);
  for (std::size_t at = 0; count == 0 || at < filter.size(); ++count) {
    if (count == lines.size()) return fault{errc::reply_too_many_lines, static_cast<std::uint32_t>(at)};
    const std::string_view part = filter.substr(at, most);
    if (const auto checked = reply_text::parse(part); !checked) return checked.error() + at;
    const std::size_t begin = text.size();
    text.put(front).put(part);
    lines[count] = text.text().substr(std::min(begin, text.size()));
    at += part.size();
  }
  if (const auto fits = text.commit(); !fits) return fits.error();
  return count;
}

}  // namespace sansmtp

#endif
