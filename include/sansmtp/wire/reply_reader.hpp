// reply_reader: finds the end of one whole reply, octet by octet, however the octets arrive.
//
// A reply exists only when it is whole: "535-" is never a success, and a code that changes between
// two lines is a fault (RFC 5321 4.2.1). The definition is a small automaton over single octets, in
// step() below; scan() takes whole lines in one go where they are as they should be, and walks with
// step() where not. The reader borrows nothing and keeps a few numbers: where it stopped, and what
// the lines so far said. The text it is given the next time begins where it began before. However
// it drips in, no octet is looked at more than a few times.

#ifndef SANSMTP_WIRE_REPLY_READER_HPP
#define SANSMTP_WIRE_REPLY_READER_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "sansmtp/base/block.hpp"
#include "sansmtp/base/fast_paths.hpp"
#include "sansmtp/base/fault.hpp"
#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/scan.hpp"
#include "sansmtp/wire/enhanced_status.hpp"
#include "sansmtp/wire/reply_code.hpp"

namespace sansmtp {

// How the enhanced status codes of a reply's lines go together (RFC 2034 4: the same on each).
enum class status_agreement : std::uint8_t {
  regular,        // each line has the same, or none has any
  partial,        // those that are there are the same, but a line lacks it
  contradictory,  // malformed, of another class than the reply, or not the same: none is believed
};

class reply_reader {
 public:
  // The octets of one whole reply at the front of `unread`, or 0: more must come. Until then, call
  // it with the same octets and those that arrived behind them, under the same leniency.
  //
  // Faults, each located in `unread`, the same for every way the octets were cut, and final:
  // reply_code_malformed, reply_separator, reply_code_changed (at the code of that line),
  // bare_cr, bare_lf, nul_octet, reply_line_too_long, reply_too_long, reply_too_many_lines (each
  // at the first octet over the limit), and enhanced_status_malformed, enhanced_status_class,
  // enhanced_status_changed, unless quirk::loose_enhanced_status.
  constexpr result<std::size_t> scan(std::string_view unread, quirks leniency = quirks::strict) noexcept;

  // Before the next reply: forget this one.
  constexpr void reset() noexcept { *this = reply_reader(); }

  // What is known of the reply, once scan has found it whole.
  constexpr std::size_t size() const noexcept { return looked_; }  // octets
  constexpr reply_code code() const noexcept { return static_cast<int>(code_); }
  constexpr std::size_t line_count() const noexcept { return lines_; }
  constexpr status_agreement agreement() const noexcept { return agreement_; }
  constexpr enhanced_status status() const noexcept {
    return agreement_ == status_agreement::contradictory ? enhanced_status{} : status_;
  }

 private:
  enum class place : std::uint8_t { first_digit, second_digit, third_digit, separator, text, after_cr, whole };

  [[gnu::always_inline]] constexpr void take_lines(std::string_view unread, quirks leniency) noexcept;
  [[gnu::always_inline]] constexpr std::size_t end_of_usual_line(std::string_view unread, std::size_t at,
                                                                 quirks leniency) noexcept;
  [[gnu::always_inline]] constexpr std::size_t skim(std::string_view unread, std::size_t at) noexcept;
  [[gnu::always_inline]] static constexpr std::size_t end_of_text(std::string_view unread, std::size_t from) noexcept;
  [[gnu::always_inline]] constexpr bool take_usual_status(std::string_view text) noexcept;
  constexpr result<bool> walk(std::string_view unread, quirks leniency) noexcept;
  constexpr result<void> step(std::string_view unread, quirks leniency) noexcept;
  constexpr result<void> end_line(std::string_view text, quirks leniency) noexcept;

  // Octets of a line with its CRLF. A challenge is bounded by what an AUTH exchange may need, not
  // by what other replies may (RFC 4954 4).
  constexpr std::size_t line_limit() const noexcept {
    return place_ > place::third_digit && code_ == 334 ? limits::auth_line : limits::received_reply_line;
  }

  std::uint32_t looked_ = 0;  // octets before this one are done with
  std::uint32_t line_ = 0;    // where the present line begins
  std::uint16_t code_ = 0;    // of the first line, as soon as its third digit was there
  std::uint16_t number_ = 0;  // of the present line, as far as it goes
  std::uint16_t lines_ = 0;   // ended so far
  enhanced_status status_{};
  place place_ = place::first_digit;
  bool last_ = false;  // whether the present line is the last
  status_agreement agreement_ = status_agreement::regular;
};
static_assert(sizeof(reply_reader) <= 40);
static_assert(limits::received_reply_lines <= 65535 && limits::auth_line <= limits::received_reply);

constexpr result<std::size_t> reply_reader::scan(std::string_view unread, quirks leniency) noexcept {
  for (;;) {
    if (fast_paths && place_ == place::first_digit) take_lines(unread.substr(0, limits::received_reply), leniency);
    if (place_ == place::whole) return std::size_t{looked_};
    const auto ended = walk(unread, leniency);
    if (!ended) return ended.error();
    if (!*ended) return std::size_t{0};
  }
}

// Lines in one go, as long as each is there and as it should be. Of the first that does not end yet,
// or is not right, nothing is taken: that is for walk() and step(), which also know what is wrong.
constexpr void reply_reader::take_lines(std::string_view unread, quirks leniency) noexcept {
  std::size_t at = looked_;
  while (const std::size_t end = end_of_usual_line(unread, at, leniency)) {
    ++lines_;
    if (unread[at + 3] == ' ') place_ = place::whole;
    at = end;
    if (place_ == place::whole) break;
    at = skim(unread, at);
  }
  looked_ = line_ = static_cast<std::uint32_t>(at);
}

// Behind the lines from there on that are as most in a list of capabilities: not the last, and without status as
// the first is. All line ends in 64 octets are told by one look, so that no line waits for the one before it.
constexpr std::size_t reply_reader::skim(std::string_view unread, std::size_t at) noexcept {
  using scan::fast_block;
  if (std::is_constant_evaluated() || fast_block::width == 1 || status_) return at;
  const std::uint32_t front = (four_octets(unread.data()) & 0x00FFFFFFU) | std::uint32_t{'-'} << 24;
  std::uint16_t lines = lines_;
  for (std::size_t base = at; unread.size() - base > scan::group + 5; base += scan::group) {
    std::uint64_t ends = scan::group_answers<fast_block, scan::low>::of(unread.data() + base).bits();
    ends &= ~std::uint64_t{0} << (base < at ? at - base : 0);
    while (ends != 0) {
      const char* const line = unread.data() + at;
      const char* const end = unread.data() + base + std::countr_zero(ends);
      const bool status = is(octet_class::digit, line[4]) && (line[5] == '.' || is(octet_class::digit, line[5]));
      if (four_octets(line) != front || end[0] != '\r' || end[1] != '\n' || status ||
          end - line > static_cast<std::ptrdiff_t>(limits::received_reply_line - 2) ||
          lines == limits::received_reply_lines) {
        lines_ = lines;
        return at;
      }
      ++lines;
      at = static_cast<std::size_t>(end + 2 - unread.data());
      ends &= ends - 1;
      ends &= ends - 1;
    }
  }
  lines_ = lines;
  return at;
}

// Where the line that begins there ends, its CRLF included, when it is all there and as most are; else 0.
constexpr std::size_t reply_reader::end_of_usual_line(std::string_view unread, std::size_t at,
                                                      quirks leniency) noexcept {
  constexpr std::uint32_t digits = 0x00FFFFFF;  // of the four octets that begin a line
  if (unread.size() - at < 6 || lines_ == limits::received_reply_lines) return 0;
  const std::uint32_t front = four_octets(unread.data() + at);
  if (front >> 24 != '-' && front >> 24 != ' ') return 0;
  if (lines_ != 0) {
    if (((front ^ four_octets(unread.data())) & digits) != 0) return 0;
  } else {
    for (std::size_t digit = 0; digit < 3; ++digit)
      if (!reply_code::digit_fits(digit, unread[digit], leniency)) return 0;
    code_ = static_cast<std::uint16_t>((unread[0] - '0') * 100 + (unread[1] - '0') * 10 + (unread[2] - '0'));
  }
  const std::size_t begin = at + 4, end = end_of_text(unread, begin);
  if (unread.size() - end < 2 || unread[end] != '\r' || unread[end + 1] != '\n') return 0;
  const std::string_view text(unread.data() + begin, end - begin);
  if (text.size() > limits::received_reply_line - 6) return 0;
  return take_usual_status(text) || end_line(text, leniency) ? end + 2 : 0;
}

// Most lines are short: a few blocks one after the other, and larger strides only behind them. HTAB is
// among the octets that are searched for here, for speed, and is no end.
constexpr std::size_t reply_reader::end_of_text(std::string_view unread, std::size_t from) noexcept {
  constexpr std::size_t stride = 32;
  using block = scan::fast_block;
  if (!std::is_constant_evaluated() && block::width != 1)
    for (; unread.size() - from >= stride; from += stride) {
      std::uint64_t bits = 0;
      for (std::size_t i = 0; i < stride; i += block::width)
        bits |= block::load(unread.data() + from + i).at_most(31).bits() << i;
      if (bits == 0) continue;
      from += static_cast<std::size_t>(std::countr_zero(bits));
      if (unread[from] != '\t') return from;
      break;
    }
  return find_control(unread, from);
}

// What end_line() does for the usual line, whose status is of single digits, good, and like those
// before it, or which has none as the others have none; false when it is not that.
constexpr bool reply_reader::take_usual_status(std::string_view text) noexcept {
  if (text.size() < 2 || !is(octet_class::digit, text[0]) || (text[1] != '.' && !is(octet_class::digit, text[1])))
    return !status_;
  const enhanced_status found = enhanced_status::short_prefix(text).status;
  if (!found || !found.agrees_with(code())) return false;
  if (lines_ != 0) return found == status_;
  status_ = found;
  return true;
}

// On to the end of the present line, as far as the octets reach: whether it was there.
constexpr result<bool> reply_reader::walk(std::string_view unread, quirks leniency) noexcept {
  do {
    const std::size_t most = std::min(limits::received_reply, line_ + line_limit());
    const std::size_t end = std::min(unread.size(), most);
    if (place_ == place::text && looked_ < end) {
      looked_ = static_cast<std::uint32_t>(find_control(unread.substr(0, end), looked_));
      if (looked_ + 2 <= end && unread[looked_] == '\r') {
        place_ = place::after_cr;
        ++looked_;
      }
    }
    if (looked_ >= end) {
      if (unread.size() <= most) return false;
      return fault{most == limits::received_reply ? errc::reply_too_long : errc::reply_line_too_long,
                   static_cast<std::uint32_t>(most)};
    }
    if (const auto stepped = step(unread, leniency); !stepped) return stepped.error();
    ++looked_;
  } while (place_ != place::first_digit && place_ != place::whole);
  return true;
}

//   Reply-line = *( Reply-code "-" [ textstring ] CRLF )                         RFC 5321 4.2
//                Reply-code [ SP textstring ] CRLF
//
// "250 " with nothing behind it is accepted too, and in the text every octet but CR, LF and NUL:
// servers send 8-bit text, and ehlo-greet has room for controls (4.1.1.1). A fault leaves the
// state as it was, so that the same question gets the same answer.
constexpr result<void> reply_reader::step(std::string_view unread, quirks leniency) noexcept {
  const char c = unread[looked_];
  const auto refuse = [&](errc otherwise) noexcept {
    return fault{c == '\n' ? errc::bare_lf : c == '\0' ? errc::nul_octet : otherwise, looked_};
  };
  switch (place_) {
    case place::first_digit:
    case place::second_digit:
    case place::third_digit: {
      if (place_ == place::first_digit && lines_ == limits::received_reply_lines)
        return fault{errc::reply_too_many_lines, looked_};
      if (!reply_code::digit_fits(static_cast<std::size_t>(place_), c, leniency))
        return refuse(errc::reply_code_malformed);
      const auto number = static_cast<std::uint16_t>(number_ * 10 + (c - '0'));
      if (place_ == place::third_digit) {
        if (lines_ != 0 && number != code_) return fault{errc::reply_code_changed, line_};
        code_ = number;
      }
      number_ = number;
      place_ = static_cast<place>(static_cast<unsigned>(place_) + 1);
      return {};
    }
    case place::separator:
      if (c != ' ' && c != '-' && c != '\r') return refuse(errc::reply_separator);
      last_ = c != '-';
      place_ = c == '\r' ? place::after_cr : place::text;
      return {};
    case place::text:
      if (c == '\n' || c == '\0') return refuse(errc::reply_text_octet);
      if (c == '\r') place_ = place::after_cr;
      return {};
    default: {  // after_cr: there is no step behind a whole reply
      if (c != '\n') return fault{errc::bare_cr, looked_ - 1};
      const std::size_t text = std::min(line_ + std::size_t{4}, looked_ - std::size_t{1});
      if (const auto ended = end_line(unread.substr(text, looked_ - 1 - text), leniency); !ended)
        return ended.error() + text;
      ++lines_;
      line_ = looked_ + 1;
      number_ = 0;
      place_ = last_ ? place::whole : place::first_digit;
      return {};
    }
  }
}

// The enhanced status code, if any, of a line that has ended. Text that does not even look like one
// is just text: a server need not know them.
constexpr result<void> reply_reader::end_line(std::string_view text, quirks leniency) noexcept {
  if (!status_ && (text.empty() || !is(octet_class::digit, text[0]))) return {};
  enhanced_status found{};
  fault why{};
  bool believed = true;
  if (const auto prefix = enhanced_status::parse_prefix(text)) {
    found = prefix->status;
    believed = found.agrees_with(code());
    if (!believed) why = fault{errc::enhanced_status_class, 0};
  } else if (resembles_enhanced_status(text)) {
    believed = false;
    why = prefix.error();
  }
  const bool differs = believed && lines_ != 0 && found != status_;
  if (differs) why = fault{errc::enhanced_status_changed, 0};
  if (believed && !differs) {
    status_ = found;
    return {};
  }
  if (!leniency.allow(quirk::loose_enhanced_status)) return why;
  if (!believed || (found && status_))
    agreement_ = status_agreement::contradictory;
  else if (agreement_ == status_agreement::regular)
    agreement_ = status_agreement::partial;
  if (believed && !status_) status_ = found;
  return {};
}

}  // namespace sansmtp

#endif
