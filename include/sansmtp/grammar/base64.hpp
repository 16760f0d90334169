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

  std::string_view text_;
};

namespace octets {

inline constexpr std::uint8_t no_base64 = 0xFF;

inline constexpr std::array<std::uint8_t, 256> base64_values = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(no_base64);
  for (std::uint8_t v = 0; v < 64; ++v) values[static_cast<unsigned char>(base64_alphabet[v])] = v;
  return values;
}();

}  // namespace octets

// The six bits that a base64 character stands for; 255 for "=" and for whatever is none.
constexpr std::uint32_t base64_value(char c) noexcept { return octets::base64_values[static_cast<unsigned char>(c)]; }

// base64          = *( 4base64-char ) [ base64-terminal ]
// base64-terminal = ( 2base64-char "==" ) / ( 3base64-char "=" )
constexpr result<base64_text> base64_text::parse(std::string_view text, quirks) noexcept {
  const auto fail = [](errc code, std::size_t at) { return fault{code, static_cast<std::uint32_t>(at)}; };
  if (text.size() > max_octets) return fail(errc::authentication_line_too_long, max_octets);
  std::size_t groups = 0;  // four at a time: one test tells whether any of them is no base64-char
  while (text.size() - groups >= 4 && (base64_value(text[groups]) | base64_value(text[groups + 1]) |
                                       base64_value(text[groups + 2]) | base64_value(text[groups + 3])) < 64)
    groups += 4;
  const std::size_t plain = span_of(octet_class::base64, text, groups);
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
  const std::uint32_t unused = spare == 2 ? 0x0F : 0x03;
  if ((base64_value(text[plain - 1]) & unused) != 0) return fail(errc::base64_spare_bits, plain - 1);
  return base64_text(text);
}

constexpr result<std::string_view> base64_text::decode(std::span<char> room) const noexcept {
  const std::size_t size = decoded_size();
  if (room.size() < size) return errc::output_full;
  const auto octet = [](std::uint32_t bits) { return static_cast<char>(static_cast<unsigned char>(bits & 0xFF)); };
  std::size_t i = 0, out = 0;
  for (; size - out >= 3; i += 4, out += 3) {
    const std::uint32_t bits = base64_value(text_[i]) << 18 | base64_value(text_[i + 1]) << 12 |
                               base64_value(text_[i + 2]) << 6 | base64_value(text_[i + 3]);
    room[out] = octet(bits >> 16);
    room[out + 1] = octet(bits >> 8);
    room[out + 2] = octet(bits);
  }
  if (out < size) room[out] = octet(base64_value(text_[i]) << 2 | base64_value(text_[i + 1]) >> 4);
  if (out + 1 < size) room[out + 1] = octet(base64_value(text_[i + 1]) << 4 | base64_value(text_[i + 2]) >> 2);
  return std::string_view(room.data(), size);
}

// Writes raw octets as base64.
constexpr void encode_base64(std::string_view raw, writer::draft& out) noexcept {
  const auto octet = [&](std::size_t i) -> std::uint32_t {
    return i < raw.size() ? static_cast<unsigned char>(raw[i]) : 0U;
  };
  for (std::size_t i = 0; i < raw.size(); i += 3) {
    const std::uint32_t bits = octet(i) << 16 | octet(i + 1) << 8 | octet(i + 2);
    const std::size_t left = raw.size() - i;
    out.put(base64_alphabet[bits >> 18]).put(base64_alphabet[bits >> 12 & 63]);
    out.put(left > 1 ? base64_alphabet[bits >> 6 & 63] : '=').put(left > 2 ? base64_alphabet[bits & 63] : '=');
  }
}

}  // namespace sansmtp

#endif
