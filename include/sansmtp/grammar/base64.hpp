// base64: what AUTH exchanges are written in (RFC 4954 4, RFC 4648 4).
//
// base64_text is one canonical text: whole groups of four, padding at the end and only there, unused
// bits zero. So a value has one spelling, and two systems that compare texts agree with two that
// compare values. Nothing foreign is skipped: what a lenient decoder skips can hide a second meaning.
// Borrows the encoded octets. An empty text is valid and stands for no octets.

#ifndef SANSMTP_GRAMMAR_BASE64_HPP
#define SANSMTP_GRAMMAR_BASE64_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "sansmtp/base/block.hpp"
#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"

namespace sansmtp {

inline constexpr std::string_view base64_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Octets that base64 takes for `octets` of raw ones.
constexpr std::size_t base64_size(std::size_t octets) noexcept { return (octets + 2) / 3 * 4; }

class base64_text {
 public:
  static constexpr std::size_t max_octets = limits::auth_line - 2;

  // The whole text is canonical base64 that fits a line of an AUTH exchange. Faults: base64_octet, base64_padding,
  // base64_spare_bits at the octet; base64_length at the end; authentication_line_too_long. No quirk applies.
  static constexpr result<base64_text> parse(std::string_view text, quirks = quirks::strict) noexcept;

  constexpr base64_text() noexcept = default;  // the empty text

  constexpr std::string_view text() const noexcept { return text_; }  // encoded
  constexpr bool empty() const noexcept { return text_.empty(); }
  constexpr std::size_t decoded_size() const noexcept { return text_.size() / 4 * 3 - padding(); }

  // Decodes to the front of `room`, and returns a view of it. Faults: output_full, with nothing written.
  constexpr result<std::string_view> decode(std::span<char> room) const noexcept;

 private:
  constexpr explicit base64_text(std::string_view text) noexcept : text_(text) {}
  constexpr std::size_t padding() const noexcept {
    if (text_.empty() || text_[text_.size() - 1] != '=') return 0;
    return text_[text_.size() - 2] == '=' ? 2 : 1;
  }
  constexpr bool good_at_a_glance() const noexcept;

  std::string_view text_;
};

namespace octets {

// What a character says at each of the four places of a group: its six bits, there where they belong
// in three octets of which the first is lowest. So four words joined by | are what the group stands for.
inline constexpr auto base64_words = [] {
  std::array<std::array<std::uint32_t, 256>, 4> words{};
  for (std::uint32_t v = 0; v < 64; ++v) {
    const auto c = static_cast<unsigned char>(base64_alphabet[v]);
    words[0][c] = v << 2;
    words[1][c] = v >> 4 | (v & 0x0F) << 12;
    words[2][c] = (v & 0x3C) << 6 | (v & 0x03) << 22;
    words[3][c] = v << 16;
  }
  return words;
}();

}  // namespace octets

// What four characters of base64 stand for, the first octet lowest; "=" says nothing.
constexpr std::uint32_t base64_group(const char* from) noexcept {
  const auto word = [from](std::size_t i) { return octets::base64_words[i][static_cast<unsigned char>(from[i])]; };
  return word(0) | word(1) | word(2) | word(3);
}

// Whether all of `count` octets, which fill a block at least, are base64-chars.
template <class Block>
constexpr bool all_base64(const char* octets, std::size_t count) noexcept {
  const auto good = [octets](std::size_t at) {
    const Block here = Block::load(octets + at);
    return here.with_bits(0x20).between('a', 'z') | here.between('/', '9') |
           here.equal('+');  // ASCII has "/" before "0"
  };
  Block all = good(count - Block::width);
  for (std::size_t at = 0; at + Block::width < count; at += Block::width) all = all & good(at);
  return all.bits() == ~std::uint64_t{0} >> (64 - Block::width);
}

// Whether it is a canonical text, told by blocks. Says yes only when sure: whatever is too short or
// at fault is judged octet by octet.
constexpr bool base64_text::good_at_a_glance() const noexcept {
  if (text_.size() < scan::fast_block::width + 2 || text_.size() % 4 != 0) return false;
  const std::size_t pad = padding();
  return base64_group(text_.data() + text_.size() - 4) >> 8 * (3 - pad) == 0 &&
         all_base64<scan::fast_block>(text_.data(), text_.size() - pad);
}

// base64          = *( 4base64-char ) [ base64-terminal ]
// base64-terminal = ( 2base64-char "==" ) / ( 3base64-char "=" )
constexpr result<base64_text> base64_text::parse(std::string_view text, quirks) noexcept {
  const auto fail = [](errc code, std::size_t at) { return fault{code, static_cast<std::uint32_t>(at)}; };
  if (text.size() > max_octets) return fail(errc::authentication_line_too_long, max_octets);
  if (base64_text whole(text); !std::is_constant_evaluated() && whole.good_at_a_glance()) return whole;
  const std::size_t plain = span_of(octet_class::base64, text);
  const std::size_t spare = plain % 4;  // characters of the last, padded group
  if (plain == text.size()) {
    if (spare != 0) return fail(errc::base64_length, plain);
    return base64_text(text);
  }
  if (text[plain] != '=') return fail(errc::base64_octet, plain);
  std::size_t i = plain;
  while (i < text.size() && text[i] == '=') ++i;
  if (i < text.size() && !is(octet_class::base64, text[i])) return fail(errc::base64_octet, i);
  if (i < text.size() || spare < 2) return fail(errc::base64_padding, plain);
  const std::size_t due = 4 - spare;
  if (i - plain > due) return fail(errc::base64_padding, plain + due);
  if (i - plain < due) return fail(errc::base64_length, i);
  if (base64_group(text.data() + plain - spare) >> 8 * (spare - 1) != 0)
    return fail(errc::base64_spare_bits, plain - 1);
  return base64_text(text);
}

constexpr result<std::string_view> base64_text::decode(std::span<char> room) const noexcept {
  const std::size_t size = decoded_size();
  if (room.size() < size) return errc::output_full;
  const char* from = text_.data();
  char* out = room.data();
  const auto store = [&](std::size_t octets) {
    const std::uint32_t bits = base64_group(from);
    for (std::size_t i = 0; i < octets; ++i)
      out[i] = static_cast<char>(static_cast<unsigned char>(bits >> 8 * i & 0xFF));
    from += 4, out += octets < 3 ? octets : 3;
  };
  // A group is stored as a word of four octets, of which the next one overwrites the last.
  std::size_t left = size;
  for (; left > 12; left -= 12) store(4), store(4), store(4), store(4);
  for (; left > 3; left -= 3) store(4);
  if (left != 0) store(left);
  return std::string_view(room.data(), size);
}

// Writes raw octets as base64.
constexpr void encode_base64(std::string_view raw, writer::draft& out) noexcept {
  const auto octet = [&raw](std::size_t at) -> std::uint32_t { return static_cast<unsigned char>(raw[at]); };
  const auto letter = [](std::uint32_t bits) { return base64_alphabet[bits & 63]; };
  while (!raw.empty()) {
    char piece[64]{};  // room is asked for once for many letters
    std::size_t size = 0;
    for (; raw.size() >= 3 && size < sizeof piece; raw.remove_prefix(3)) {
      const std::uint32_t bits = octet(0) << 16 | octet(1) << 8 | octet(2);
      piece[size++] = letter(bits >> 18);
      piece[size++] = letter(bits >> 12);
      piece[size++] = letter(bits >> 6);
      piece[size++] = letter(bits);
    }
    if (raw.size() < 3 && size < sizeof piece && !raw.empty()) {
      const std::uint32_t bits = octet(0) << 16 | (raw.size() == 2 ? octet(1) << 8 : 0U);
      piece[size++] = letter(bits >> 18);
      piece[size++] = letter(bits >> 12);
      piece[size++] = raw.size() == 2 ? letter(bits >> 6) : '=';
      piece[size++] = '=';
      raw = {};
    }
    out.put(std::string_view(piece, size));
  }
}

}  // namespace sansmtp

#endif
