// line_reader: finds the CRLF that ends a command line, however the line drips in.
//
// Only CR LF ends a line (RFC 5321 2.3.8); a bare CR or LF stays part of it and makes it a
// refused one when it is parsed. The reader remembers how far it has looked, so that an octet is
// looked at once; and a line longer than its limit is dropped as it comes, up to its CRLF, so
// that nobody needs a buffer for it. It owns no octets: it reads what the caller presents again,
// from its first octet, with more behind.

#ifndef SANSMTP_WIRE_LINE_READER_HPP
#define SANSMTP_WIRE_LINE_READER_HPP

#include <cstddef>
#include <string_view>

#include "sansmtp/base/scan.hpp"

namespace sansmtp {

class line_reader {
 public:
  struct found {
    std::size_t used;       // octets at the front that are done with: the line with its CRLF, or dropped ones
    std::string_view line;  // without CRLF; empty when too long
    bool whole;             // the end of the line was seen
    bool too_long;
  };

  // `limit` is the longest line with its CRLF, in octets.
  constexpr found scan(std::string_view unread, std::size_t limit) noexcept {
    std::size_t i = looked_ < unread.size() ? looked_ : unread.size();
    while ((i = find_cr_or_lf(unread, i)) < unread.size()) {
      if (unread[i] == '\r') {
        if (++i == unread.size() || unread[i] != '\n') continue;
      } else if (i != 0 ? unread[i - 1] != '\r' : !dropped_cr_) {
        ++i;
        continue;
      }
      return end_of_line({unread.data(), i + 1}, limit);
    }
    if (skipping_ || unread.size() >= limit) return skip(unread);
    looked_ = unread.size();
    return {0, {}, false, false};
  }

  // Gives the present line up as too long: what there is of it is dropped, and the rest as it comes.
  constexpr found skip(std::string_view unread) noexcept {
    if (!unread.empty()) dropped_cr_ = unread.back() == '\r';
    skipping_ = true;
    looked_ = 0;
    return {unread.size(), {}, false, true};
  }

  // Whether a line has begun of which nothing is in the caller's buffer any more.
  constexpr bool skipping() const noexcept { return skipping_; }

 private:
  constexpr found end_of_line(std::string_view line, std::size_t limit) noexcept {
    const bool too_long = skipping_ || line.size() > limit;
    *this = {};
    return {line.size(), too_long ? std::string_view{} : line.substr(0, line.size() - 2), true, too_long};
  }

  std::size_t looked_ = 0;
  bool skipping_ = false;
  bool dropped_cr_ = false;
};

}  // namespace sansmtp

#endif
