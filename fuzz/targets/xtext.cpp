// Any octets, as xtext and as what is to become xtext.

#include <string>

#include "properties/parsing.hpp"
#include "sansmtp/grammar/xtext.hpp"

using properties::require;

namespace {

std::string decoded(const sansmtp::xtext& text) {
  std::string room(text.decoded_size() + 1, '\0');
  sansmtp::writer out{room};
  require(text.decode(out).has_value(), "what was parsed can be decoded");
  require(out.written().size() == text.decoded_size(), "to as many octets as it says");
  return std::string(out.written());
}

void is_text(std::string_view text) {
  properties::parses<sansmtp::xtext>(text);
  const auto parsed = sansmtp::xtext::parse(text, sansmtp::quirks::all);
  const auto checked = sansmtp::check_xtext(text, sansmtp::quirks::all);
  if (text.size() <= sansmtp::xtext::max_octets) require(parsed.has_value() == checked.has_value(), "any length");
  if (!parsed) return;
  const std::string raw = decoded(*parsed);
  require(*checked == raw.size(), "check_xtext knows the size");
  require(parsed->equals(raw), "it equals what it stands for");
  require(raw.empty() || !parsed->equals(std::string_view(raw).substr(1)), "and nothing else");
  properties::writes_back(*parsed, sansmtp::quirks::strict);
}

void is_raw(std::string_view raw) {
  const std::string text = properties::put_by([&](sansmtp::writer::draft& out) { sansmtp::encode_xtext(raw, out); });
  std::string back;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '+') {
      back += text[i];
      continue;
    }
    back += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
    i += 2;
  }
  require(back == raw, "what is encoded stands for the octets");
  const auto checked = sansmtp::check_xtext(text);
  require(checked && *checked == raw.size(), "and is xtext");
  if (const auto parsed = sansmtp::xtext::parse(text)) require(decoded(*parsed) == raw, "which is decoded to them");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const properties::exact own(properties::text_of(data, size));
  is_text(own.view());
  is_raw(own.view());
  return 0;
}
