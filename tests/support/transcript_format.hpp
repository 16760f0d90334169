// transcript_format: writes octets and whole dialogues in the form that transcript.hpp reads.
//
// What it writes is plain wherever an eye and an editor leave it as it is: a blank at the end of a
// line, a TAB, an octet that is not printable or a long run of one octet takes the escaped form.

#ifndef SANSMTP_TESTS_SUPPORT_TRANSCRIPT_FORMAT_HPP
#define SANSMTP_TESTS_SUPPORT_TRANSCRIPT_FORMAT_HPP

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "support/transcript.hpp"

namespace support {

class transcript_writer {
 public:
  static std::string escape(std::string_view octets, bool braced) {
    std::string out;
    for (std::size_t at = 0; at < octets.size();) {
      const auto run = run_at(octets, at);
      const auto length = visible_at(octets, at);
      if (run >= long_run) {
        out += "\\{" + std::to_string(run) + '*' + escape(octets.substr(at, 1), true) + '}';
        at += run;
      } else if (length != 0) {
        if (octets[at] == '\\' || (braced && octets[at] == '}')) out += '\\';
        out += octets.substr(at, length);
        at += length;
      } else {
        out += escape_of(octets[at++]);
      }
    }
    return out;
  }

  static std::string line(from who, std::string_view octets, std::size_t times) {
    const std::string mark = who == from::server ? "S" : "C";
    if (times > 1) return mark + "| \\{" + std::to_string(times) + '*' + escape(octets, true) + "}\n";
    const std::string_view ends[] = {"\r\n", "\n", ""};
    const auto end = *std::find_if(ends, ends + 2, [&](std::string_view e) { return octets.ends_with(e); });
    auto text = octets.substr(0, octets.size() - end.size());
    if (end == ends[0] && is_plain(text)) return mark + (text.empty() ? ":" : ": ") + std::string(text) + '\n';
    // A blank at either end is easily lost, or not seen.
    const bool first = text.starts_with(' '), last = text.size() > 1 && text.ends_with(' ');
    text.remove_prefix(first ? 1 : 0);
    text.remove_suffix(last ? 1 : 0);
    const auto blank = [](bool there) { return there ? "\\x20" : ""; };
    return mark + "| " + blank(first) + escape(text, false) + blank(last) + escape(end, false) + '\n';
  }

 private:
  static constexpr std::size_t long_run = 32;

  static bool is_plain(std::string_view text) {
    if (text.starts_with(' ') || text.ends_with(' ')) return false;
    for (std::size_t at = 0, length = 0; at < text.size(); at += length) {
      length = visible_at(text, at);
      if (length == 0 || run_at(text, at) >= long_run) return false;
    }
    return true;
  }

  static std::size_t run_at(std::string_view octets, std::size_t at) {
    return std::min(octets.find_first_not_of(octets[at], at), octets.size()) - at;
  }

  // The length of what may stand here as it is: printable ASCII, or UTF-8 (RFC 3629) from U+00A0 on; or 0.
  static std::size_t visible_at(std::string_view octets, std::size_t at) {
    const auto octet = [&](std::size_t i) { return i < octets.size() ? static_cast<unsigned char>(octets[i]) : 0U; };
    const unsigned first = octet(at);
    if (first < 0x80) return first >= 0x20 && first != 0x7F ? 1 : 0;
    const std::size_t length = first >= 0xC2 && first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (first < 0xC2 || first > 0xF4) return 0;
    for (std::size_t i = 1; i != length; ++i)
      if (octet(at + i) < 0x80 || octet(at + i) > 0xBF) return 0;
    const unsigned second = octet(at + 1);
    const bool outside = (first == 0xC2 && second < 0xA0) || (first == 0xE0 && second < 0xA0) ||
                         (first == 0xED && second > 0x9F) || (first == 0xF0 && second < 0x90) ||
                         (first == 0xF4 && second > 0x8F);
    return outside ? 0 : length;
  }

  static std::string escape_of(char c) {
    switch (c) {
      case '\r':
        return "\\r";
      case '\n':
        return "\\n";
      case '\t':
        return "\\t";
      case '\0':
        return "\\0";
      default:
        break;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    const auto octet = static_cast<unsigned char>(c);
    return {'\\', 'x', digits[octet >> 4U], digits[octet & 15U]};
  }
};

// Octets in the escaped form, without a mark: for what a failing test prints.
inline std::string escaped(std::string_view octets) { return transcript_writer::escape(octets, false); }

// Octets of one side, cut behind every LF, each piece in its plain form if that can say it. Equal
// pieces that follow each other become one line when they are many.
inline void format_octets(std::string& out, from who, std::string_view octets) {
  constexpr std::size_t many = 16;
  while (!octets.empty()) {
    const auto piece = octets.substr(0, std::min(octets.find('\n'), octets.size() - 1) + 1);
    std::size_t times = 1;
    while (octets.substr(times * piece.size()).starts_with(piece)) ++times;
    if (times < many) times = 1;
    out += transcript_writer::line(who, piece, times);
    octets.remove_prefix(times * piece.size());
  }
}

inline std::string format_transcript(const transcript& script) {
  std::string out;
  for (std::string_view about = script.about; !about.empty();) {
    const auto end = std::min(about.find('\n'), about.size());
    out.append("# ").append(about.substr(0, end)).append("\n");
    about.remove_prefix(std::min(end + 1, about.size()));
  }
  for (const auto& entry : script.entries) {
    if (entry.what == happening::none) {
      format_octets(out, entry.who, entry.octets);
      continue;
    }
    for (const auto& form : event_forms)
      if (form.what == entry.what) out.append("-- ").append(form.words);
    out += entry.argument.empty() ? "\n" : ' ' + entry.argument + '\n';
  }
  return out;
}

}  // namespace support

#endif
