// The octets of a command line: which of them may stand there at all.
//
// A command is printable ASCII and SP (RFC 5321 2.4, 4.1.2); UTF-8 comes in with RFC 6531 in some
// places. CR, LF, NUL and the other controls may stand nowhere: a line that holds one is refused
// whole, whatever the verb, and nothing that holds one can be written. So this is looked at once,
// for all of a line, eight octets at a time, or as many as a register holds.

#ifndef SANSMTP_WIRE_COMMAND_TEXT_HPP
#define SANSMTP_WIRE_COMMAND_TEXT_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "sansmtp/base/fast_paths.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/scan.hpp"
#include "sansmtp/grammar/utf8.hpp"

namespace sansmtp {

// Which octets a text may hold besides printable ASCII and SP.
enum class octet_range : std::uint8_t { ascii, utf8 };

namespace command_text {

constexpr std::uint64_t each(unsigned octet) noexcept { return 0x0101010101010101U * octet; }

constexpr std::uint64_t word_at(const char* from) noexcept {
  const auto octet = [from](unsigned i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(from[i])); };
  return octet(0) | octet(1) << 8 | octet(2) << 16 | octet(3) << 24 | octet(4) << 32 | octet(5) << 40 | octet(6) << 48 |
         octet(7) << 56;
}

// Not zero when one of the eight octets is below 32 or is 127 (octets above 127 don't count).
constexpr std::uint64_t controls_in(std::uint64_t word) noexcept {
  const std::uint64_t del = word ^ each(127);
  return (((word - each(32)) & ~word) | ((del - each(1)) & ~del)) & each(128);
}

constexpr fault first_control(std::string_view text) noexcept {
  std::size_t at = span_of(octet_class::vchar | octet_class::non_ascii | octet_class::white, text);
  for (std::size_t i = 0; i < at; ++i)
    if (text[i] == '\t') at = i;
  const auto place = static_cast<std::uint32_t>(at);
  switch (text[at]) {
    case '\r': return {errc::bare_cr, place};
    case '\n': return {errc::bare_lf, place};
    case '\0': return {errc::nul_octet, place};
    default: return {errc::control_octet, place};
  }
}

// Shows the text to `look` eight octets at a time; short text is filled up with what is surely printable.
// The last look may see some octets a second time; it never goes past the end.
template <class Look>
SANSMTP_INLINED constexpr void each_word(std::string_view text, Look look) noexcept {
  const std::size_t size = text.size();
  if (size >= 8) {
    for (std::size_t i = 0; i + 8 < size; i += 8) look(word_at(text.data() + i));
    look(word_at(text.data() + size - 8));
  } else if (size >= 4) {
    look(std::uint64_t{four_octets(text.data())} << 32 | four_octets(text.data() + size - 4));
  } else {
    for (char c : text) look((each(32) & ~std::uint64_t{255}) | static_cast<unsigned char>(c));
  }
}

constexpr bool holds_control(std::string_view text) noexcept {
  std::uint64_t controls = 0;
  each_word(text, [&](std::uint64_t word) { controls |= controls_in(word); });
  return controls != 0;
}

// Whether all of the text is printable ASCII, as nearly every line is. It fills one block at least. Up to 64
// octets are looked at without a branch, the last block of them more than once in shorter text.
template <class Block>
constexpr bool all_printable(std::string_view text) noexcept {
  constexpr std::uint64_t whole = (std::uint64_t{1} << Block::width) - 1;
  const std::size_t last = text.size() - Block::width;
  Block printable = Block::load(text.data() + last).between(32, 126);
  for (std::size_t i = 0; i + Block::width < scan::group; i += Block::width)
    printable = printable & Block::load(text.data() + (i < last ? i : last)).between(32, 126);
  for (std::size_t i = scan::group - Block::width; i < last; i += Block::width)
    printable = printable & Block::load(text.data() + i).between(32, 126);
  return printable.bits() == whole;
}

SANSMTP_INLINED constexpr bool is_printable(std::string_view text) noexcept {
  using scan::short_block;
  if (fast_paths && !std::is_constant_evaluated() && short_block::width > 8 && text.size() >= short_block::width)
    return all_printable<short_block>(text);
  // An octet above 127 has the highest bit, 127 gets it from one more, and one below 32 from 32 less. Carries
  // and borrows come only out of such octets.
  std::uint64_t others = 0;
  each_word(text, [&](std::uint64_t word) { others |= word | (word + each(1)) | (word - each(32)); });
  return (others & each(128)) == 0;
}

}  // namespace command_text

// Whether the text holds octets above 127. Faults, at the first octet that is a control:
// bare_cr, bare_lf, nul_octet, control_octet (HTAB is one of them).
constexpr result<bool> check_octets(std::string_view text) noexcept {
  if (command_text::is_printable(text)) return false;
  if (command_text::holds_control(text)) return command_text::first_control(text);
  return true;  // what is neither printable nor a control
}

// A whole argument that no grammar narrows further. Faults: as check_octets, and non_ascii_octet
// or utf8_malformed; argument_malformed at a SP that begins or ends it, because a reader could
// not tell it from the SP that parts it from the verb, or from the white space that RFC 5321
// 4.1.1 has receivers ignore.
constexpr result<void> check_argument(std::string_view text, octet_range range) noexcept {
  const result<bool> high = check_octets(text);
  if (!high) return high.error();
  if (*high && range == octet_range::ascii)
    return fault{errc::non_ascii_octet, static_cast<std::uint32_t>(skip_ascii(text))};
  if (*high)
    if (const auto well = check_utf8(text); !well) return well;
  if (text.empty()) return {};
  if (text.front() == ' ') return fault{errc::argument_malformed, 0};
  if (text.back() == ' ')
    return fault{errc::argument_malformed, static_cast<std::uint32_t>(text.find_last_not_of(' ') + 1)};
  return {};
}

}  // namespace sansmtp

#endif
