// replay_page: what replay prints: a line an event, in columns, and carets under octets.
//
//   C  ready               MAIL         <sender@client.example> size=164
//   ^side ^phase -> phase  ^what        ^fields
//
// Columns of fixed width stand first, so that the lines stay aligned whatever the fields hold. No
// octet that a terminal would obey is printed: all text passes through visible() or caret().

#ifndef SANSMTP_TESTS_SUPPORT_REPLAY_PAGE_HPP
#define SANSMTP_TESTS_SUPPORT_REPLAY_PAGE_HPP

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "support/every_cut.hpp"
#include "support/transcript_format.hpp"

namespace support {

// Text as it is where it is printable, in ASCII or UTF-8; else escaped, and a long run of one octet counted.
inline std::string visible(std::string_view text) {
  std::string out;
  for (bool first = true; first || !text.empty(); first = false) {
    const auto end = std::min(text.find('\\'), text.size());
    out += escaped(text.substr(0, end));
    if (end == text.size()) break;
    out += '\\';
    text.remove_prefix(end + 1);
  }
  return out;
}

inline std::string in_quotes(std::string_view text) { return '"' + visible(text) + '"'; }

inline std::string counted(std::size_t n, std::string_view one) {
  return std::to_string(n).append(" ").append(one).append(n == 1 ? "" : "s");
}

enum class tone : unsigned char { plain, client, good, more, bad, dim };

class replay_page {
 public:
  explicit replay_page(bool colour) : colour_(colour) {}

  void line(std::string_view side, std::string_view state, std::string_view what, std::string_view fields, tone t) {
    std::string text = padded(side, side_width) + padded(state, state_width) + padded(what, what_width);
    text += fields;
    text.erase(text.find_last_not_of(' ') + 1);
    put(text, t);
  }

  void remark(std::string_view text) { put(padded("#", margin) + std::string(text), tone::dim); }

  // A sentence about the event above as a whole.
  void sentence(std::string_view text) { put(std::string(margin, ' ') + "! " + std::string(text), tone::bad); }

  // The octets, and the sentence under the very one at `at`; at their end when something is missing there.
  void caret(std::string_view octets, std::size_t at, std::string_view text) {
    if (octets.empty()) octets = "\r\n";
    at = std::min(at, octets.size());
    // A blank at the end would not be seen.
    const auto cell = [&](std::size_t i) {
      return i + 1 == octets.size() && octets[i] == ' ' ? std::string("\\x20") : shown(octets.substr(i, 1));
    };
    // Of a long line what stands around the caret.
    std::string before, behind;
    std::size_t first = at, last = at;
    while (first != 0 && before.size() < most_before) before.insert(0, cell(--first));
    while (last != octets.size() && before.size() + behind.size() < most_columns) behind += cell(last++);
    if (first != 0) before.insert(0, "...");
    if (last != octets.size()) behind += "...";
    const std::string blank(margin, ' ');
    put(blank + before + behind, tone::plain);
    put(blank + std::string(before.size(), ' ') + "^ " + std::string(text), tone::bad);
  }

  // All that was printed since it was last asked for.
  std::string take() { return std::exchange(text_, {}); }

 private:
  static constexpr std::size_t side_width = 3;
  static constexpr std::size_t state_width = 20;  // "connect -> greeted" is the longest
  static constexpr std::size_t what_width = 13;
  static constexpr std::size_t margin = side_width + state_width;
  static constexpr std::size_t most_columns = 72;
  static constexpr std::size_t most_before = 48;

  static std::string padded(std::string_view text, std::size_t width) {
    std::string out(text);
    // What is wider than its column still stands apart from the next.
    out.append(out.size() < width ? width - out.size() : 2, ' ');
    return out;
  }

  void put(std::string_view text, tone t) {
    static constexpr std::string_view colours[] = {"", "\x1b[36m", "\x1b[32m", "\x1b[33m", "\x1b[31m", "\x1b[2m"};
    const std::string_view on = colour_ ? colours[static_cast<std::size_t>(t)] : "";
    text_.append(on).append(text).append(on.empty() ? "" : "\x1b[0m").append("\n");
  }

  std::string text_;
  bool colour_;
};

}  // namespace support

#endif
