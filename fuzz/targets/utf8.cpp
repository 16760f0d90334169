// Any octets: UTF-8 is well formed where each character is the shortest spelling of a code point.

#include "sansmtp/grammar/utf8.hpp"
#include "properties/require.hpp"

using properties::require;

namespace {

// Octets of the character at that place, or 0: by its bits, as RFC 3629 3 draws them.
std::size_t length_by_bits(std::string_view text) {
  const auto octet = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::uint32_t lead = octet(0);
  const std::size_t length = lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;
  if (length == 0 || length > text.size()) return 0;
  std::uint32_t point = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (octet(i) >> 6 != 2) return 0;
    point = point << 6 | (octet(i) & 63);
  }
  const std::uint32_t least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  return point < least || point > 0x10FFFF || surrogate ? 0 : length;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const properties::exact own(properties::text_of(data, size));
  const std::string_view text = own.view();
  for (std::size_t i = 0; i < text.size(); ++i)
    require(sansmtp::utf8_length_at(text, i) == length_by_bits(text.substr(i)), "a character's length");

  std::size_t good = 0;
  bool ascii = true;
  while (good < text.size()) {
    const bool plain = static_cast<unsigned char>(text[good]) < 128;
    const std::size_t length = plain ? 1 : length_by_bits(text.substr(good));
    if (length == 0) break;
    ascii = ascii && plain;
    good += length;
  }
  const auto checked = sansmtp::check_utf8(text);
  require(checked.has_value() == (good == text.size()), "text is characters to its end");
  require(checked || checked.error().at == good, "the fault is where the first character does not begin");
  require(sansmtp::is_utf8(text) == checked.has_value(), "is_utf8 is check_utf8");
  if (checked) require(sansmtp::is_ascii(text) == ascii, "is_ascii");
  return 0;
}
