// Any octets, as base64 and as what is to become base64: each value has one spelling, and each
// spelling one value.

#include <string>

#include "properties/parsing.hpp"
#include "sansmtp/grammar/base64.hpp"

using properties::require;

namespace {

// RFC 4648 4 bit by bit.
std::string encoded_plainly(std::string_view raw) {
  std::string out;
  unsigned bits = 0, have = 0;
  for (const char c : raw) {
    bits = (bits << 8 | static_cast<unsigned char>(c)) & 0xFFFF;
    for (have += 8; have >= 6; have -= 6) out += sansmtp::base64_alphabet[bits >> (have - 6) & 63];
  }
  if (have != 0) out += sansmtp::base64_alphabet[bits << (6 - have) & 63];
  out.append((4 - out.size() % 4) % 4, '=');
  return out;
}

std::string decoded_plainly(std::string_view text) {
  std::string out;
  unsigned bits = 0, have = 0;
  for (const char c : text) {
    const std::size_t value = sansmtp::base64_alphabet.find(c);
    if (value == std::string_view::npos) break;
    bits = (bits << 6 | static_cast<unsigned>(value)) & 0xFFFF;
    if ((have += 6) < 8) continue;
    have -= 8;
    out += static_cast<char>(static_cast<unsigned char>(bits >> have & 0xFF));
  }
  return out;
}

std::string decoded(const sansmtp::base64_text& text) {
  std::string room(text.decoded_size(), '\0');
  if (!room.empty()) {
    std::string small(room.size() - 1, '\0');
    require(!text.decode(small), "what does not fit is not decoded");
  }
  const auto raw = text.decode(room);
  require(raw && raw->size() == room.size(), "what was parsed can be decoded");
  return room;
}

void is_text(std::string_view text) {
  const auto parsed = sansmtp::base64_text::parse(text);
  const std::string raw = decoded_plainly(text);
  require(parsed.has_value() == (encoded_plainly(raw) == text), "base64 is what its value is encoded to");
  require(!parsed || decoded(*parsed) == raw, "and it is decoded to that value");
}

void is_raw(std::string_view raw) {
  const std::string text = properties::put_by([&](sansmtp::writer::draft& out) { sansmtp::encode_base64(raw, out); });
  require(text == encoded_plainly(raw) && text.size() == sansmtp::base64_size(raw.size()), "encoded");
  const auto parsed = sansmtp::base64_text::parse(text);
  require(parsed && decoded(*parsed) == raw, "and decoded again");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const properties::exact own(properties::text_of(data, size));
  properties::parses<sansmtp::base64_text>(own.view());
  is_text(own.view());
  is_raw(own.view());
  return 0;
}
