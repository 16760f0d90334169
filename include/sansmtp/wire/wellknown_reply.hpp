// wellknown_reply: the resource that WELLKNOWN fetches, as the lines of a 250. In use without an RFC.
//
// The first line is a summary, with or without "SIZE=" and the octets of the resource; each line
// behind it is xtext, and all of it joined and decoded is the resource. Any octet may come out.

#ifndef SANSMTP_WIRE_WELLKNOWN_REPLY_HPP
#define SANSMTP_WIRE_WELLKNOWN_REPLY_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/number.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/xtext.hpp"
#include "sansmtp/wire/ehlo_line.hpp"
#include "sansmtp/wire/reply.hpp"

namespace sansmtp {

class wellknown_reply {
 public:
  // Faults: reply_out_of_place for another code than 250; xtext_malformed, counted from that line's
  // beginning.
  static constexpr result<wellknown_reply> parse(const reply& answer, quirks leniency = quirks::strict) noexcept {
    if (answer.code() != 250) return errc::reply_out_of_place;
    wellknown_reply found(answer.lines());
    for (auto line = ++found.lines_.begin(); line != found.lines_.end(); ++line) {
      const auto octets = check_xtext(*line, leniency);
      if (!octets) return octets.error();
      found.size_ += *octets;
    }
    return found;
  }

  constexpr std::string_view summary() const noexcept { return *lines_.begin(); }

  // What the summary states behind "SIZE=", if it does.
  constexpr std::optional<std::uint64_t> stated_size() const noexcept {
    constexpr std::string_view keyword = "SIZE=";
    std::string_view rest = summary();
    for (std::string_view word = ehlo_line::next(rest); !word.empty(); word = ehlo_line::next(rest))
      if (starts_ignoring_case(word, keyword))
        if (const auto octets = parse_number(word.substr(keyword.size()))) return *octets;
    return std::nullopt;
  }

  // The octets that there are, and they themselves. Fault: output_full.
  constexpr std::size_t size() const noexcept { return size_; }
  constexpr result<void> decode(writer& out) const noexcept {
    writer::draft raw(out);
    for (auto line = ++lines_.begin(); line != lines_.end(); ++line)
      for (xtext_octets octets(*line); !octets.done();) raw.put(octets.next());
    return raw.commit();
  }

 private:
  constexpr explicit wellknown_reply(reply_lines lines) noexcept : lines_(lines) {}

  reply_lines lines_;
  std::size_t size_ = 0;
};

// Writes octets as lines of xtext that fit a reply, to `room`: the `more` of the response whose first
// text is encode_wellknown_summary's. Says how many. Faults: reply_too_many_lines, where `lines` are
// too few, at the octet that begins the next; output_full.
constexpr result<std::size_t> compose_wellknown(std::string_view raw, writer& room,
                                                std::span<std::string_view> lines) noexcept {
  constexpr std::size_t most = limits::reply_line - 6 - 10 - 3;  // 10: an enhanced status code and SP; 3: a hexchar
  std::size_t count = 0;
  writer::draft text(room);
  for (std::size_t at = 0; at < raw.size(); ++count) {
    if (count == lines.size()) return fault{errc::reply_too_many_lines, static_cast<std::uint32_t>(at)};
    const std::size_t begin = text.size();
    // A digit in front could be taken for an enhanced status code.
    if (is(octet_class::digit, raw[at])) text.put("+3").put(raw[at++]);
    while (at < raw.size() && text.size() - begin <= most) {
      const std::size_t before = text.size();
      encode_xtext(raw.substr(at, 1), text);
      if (text.size() == before) return errc::output_full;
      ++at;
    }
    lines[count] = text.text().substr(begin);
  }
  if (const auto fits = text.commit(); !fits) return fits.error();
  return count;
}

constexpr void encode_wellknown_summary(std::uint64_t size, writer::draft& out) noexcept {
  out.put("SIZE=").put_number(size);
}

}  // namespace sansmtp

#endif
