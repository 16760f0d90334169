#include "sansmtp/wire/newline_check.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>

#include "support/every_cut.hpp"
#include "support/every_string.hpp"

using sansmtp::errc;
using sansmtp::fault;
using sansmtp::newline_check;

namespace {

struct looked {
  std::optional<fault> why;
  std::string sound;
  friend bool operator==(const looked&, const looked&) = default;
};

looked look(support::parts chunks) {
  newline_check check;
  looked out;
  for (const std::string_view chunk : chunks) out.sound += chunk.substr(0, check.look(chunk));
  check.finish();
  out.why = check.why();
  return out;
}

// The definition, octet by octet. A CR is known for a lone one only by what follows: it was given by then.
looked look_by_definition(std::string_view text) {
  const auto fail = [&](errc code, std::size_t at, std::size_t sound) {
    return looked{fault{code, static_cast<std::uint32_t>(at)}, std::string(text.substr(0, sound))};
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool behind_cr = i != 0 && text[i - 1] == '\r';
    if (behind_cr && text[i] != '\n') return fail(errc::message_bare_cr, i - 1, i);
    if (!behind_cr && text[i] == '\n') return fail(errc::message_bare_lf, i, i);
  }
  if (!text.empty() && text.back() == '\r') return fail(errc::message_bare_cr, text.size() - 1, text.size());
  return {std::nullopt, std::string(text)};
}

void check_every_cut(std::string_view text) {
  const looked meaning = look_by_definition(text);
  const std::string differs =
      look(support::parts(&text, 1)) == meaning ? support::cut_that_differs(text, look) : "whole";
  if (!differs.empty()) FAIL_CHECK(support::shown(text), ": ", differs);
}

}  // namespace

TEST_CASE("a CR or LF that stands alone in a chunk's text is found, however the chunk is cut") {
  for (std::size_t length = 0; length <= 5; ++length)
    support::every_string(length, [](std::string_view text, std::size_t) { check_every_cut(text); });
}

TEST_CASE("it is found at every place of lines that are longer than a block") {
  for (const std::string_view mark : {"\r\n", "\r", "\n", "\n\r", "\r\r\n", "\r\n\n", "\n.", "\r\n."}) {
    for (std::size_t at = 0; at < 140; ++at) {
      std::string text(at, 'x');
      text += mark;
      text.append(160 - at, 'y').append("\r\n");
      check_every_cut(text);
    }
  }
}

TEST_CASE("behind a lone CR or LF nothing is text any more") {
  newline_check check;
  CHECK(check.look("a\nb") == 1);
  CHECK(check.look("c\r\n") == 0);
  CHECK(check.why() == fault{errc::message_bare_lf, 1});
}
