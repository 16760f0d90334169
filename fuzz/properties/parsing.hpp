// Parsing and writing: what a type of the grammar owes to whoever reads with it and writes it.

#ifndef SANSMTP_FUZZ_PROPERTIES_PARSING_HPP
#define SANSMTP_FUZZ_PROPERTIES_PARSING_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include "properties/require.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/scan.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/kept.hpp"

namespace properties {

inline constexpr sansmtp::quirks every_leniency[] = {sansmtp::quirks::strict, sansmtp::quirks::deployed,
                                                     sansmtp::quirks::all};

// What `put` puts into a draft.
template <class Put>
std::string put_by(Put put) {
  static char room[65536];
  sansmtp::writer out{room};
  sansmtp::writer::draft draft(out);
  put(draft);
  require(draft.commit().has_value(), "there is room for what is written");
  return std::string(out.written());
}

template <class Value>
std::string written(const Value& value) {
  return put_by([&](sansmtp::writer::draft& out) {
    if constexpr (std::is_void_v<decltype(encode(value, out))>)
      encode(value, out);
    else
      require(encode(value, out).has_value(), "what was parsed can be written");
  });
}

// What is written of a value that was parsed is read again, and is then written alike.
template <class T>
void writes_back(const T& value, sansmtp::quirks leniency) {
  const std::string text = written(value);
  const auto again = [&] {
    if constexpr (std::is_invocable_v<decltype(T::parse), std::string_view, sansmtp::quirks>)
      return T::parse(text, leniency);
    else
      return T::parse(text);
  }();
  require(again.has_value(), "what is written can be parsed:", text);
  require(written(*again) == text, "what is parsed again is written again alike:", text);
}

// Exactly one line: its CRLF is the only control besides HTAB.
inline void one_line(std::string_view line) {
  require(line.size() >= 2 && line.substr(line.size() - 2) == "\r\n", "a line ends with CRLF");
  require(sansmtp::find_control(line) == line.size() - 2, "a line holds no CR, LF or NUL before its end");
}

// Calls `take(value, leniency)` for each leniency that the text is taken under. A fault lies inside of
// the text, and a leniency refuses nothing that a stricter one takes.
template <class Parse, class Take>
void under_every_leniency(std::string_view text, Parse parse, Take take) {
  const exact own(text);
  bool taken = false;
  for (const sansmtp::quirks leniency : every_leniency) {
    const auto parsed = parse(own.view(), leniency);
    require(parsed.has_value() || !taken, "a leniency refuses nothing that was taken without it");
    taken = parsed.has_value();
    if (taken)
      take(*parsed, leniency);
    else
      located(parsed.error(), text);
  }
}

// A type that borrows its text: it is the very text, within the limit; parsed again it is the same,
// and kept it is the same.
template <class T>
void parses(std::string_view text) {
  under_every_leniency(
      text, [](std::string_view t, sansmtp::quirks q) { return T::parse(t, q); },
      [&](const T& value, sansmtp::quirks leniency) {
        const std::string_view seen = value.text();
        require(text.find(seen) != text.npos, "a value is text of the text");
        require(seen.size() <= T::max_octets, "a value keeps within its limit");
        const auto again = T::parse(seen, leniency);
        require(again && again->text() == seen, "a value is parsed again from its text");
        require(sansmtp::kept<T>(value).get().text() == seen, "a kept value is the value");
      });
}

}  // namespace properties

#endif
