// saslname: a name between commas, in which "," and "=" are spelled =2C and =3D (RFC 5801 4, RFC 5802 5.1).
//
// The GS2 header and SCRAM carry it. Borrows the encoded octets; what they mean is decoded only when
// asked. Capitals only, as RFC 5802 5.1 says it: one name has one spelling.

#ifndef SANSMTP_SASL_SASLNAME_HPP
#define SANSMTP_SASL_SASLNAME_HPP

#include <cstddef>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/utf8.hpp"
#include "sansmtp/sasl/message.hpp"

namespace sansmtp {

class saslname {
 public:
  static constexpr std::size_t max_octets = 3 * limits::sasl_identity;  // encoded

  // The whole text is a saslname that stands for at most 255 octets. Faults: sasl_field_empty; sasl_octet at a NUL;
  // utf8_malformed; saslname_malformed at the comma or "="; sasl_field_too_long. No quirk applies.
  static constexpr result<saslname> parse(std::string_view text, quirks = quirks::strict) noexcept;

  constexpr std::string_view text() const noexcept { return text_; }  // encoded
  constexpr std::size_t decoded_size() const noexcept {
    std::size_t size = text_.size();
    for (char c : text_)
      if (c == '=') size -= 2;
    return size;
  }

  // Writes the name itself. Faults: output_full.
  constexpr result<void> decode(writer& out) const noexcept {
    writer::draft raw(out);
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] != '=') {
        raw.put(text_[i]);
        continue;
      }
      raw.put(text_[i + 1] == '2' ? ',' : '=');
      i += 2;
    }
    return raw.commit();
  }

 private:
  constexpr explicit saslname(std::string_view text) noexcept : text_(text) {}
  std::string_view text_;
};

// saslname        = 1*(value-safe-char / "=2C" / "=3D")
// value-safe-char = %x01-2B / %x2D-3C / %x3E-7F / UTF8-2 / UTF8-3 / UTF8-4
constexpr result<saslname> saslname::parse(std::string_view text, quirks) noexcept {
  if (text.empty()) return errc::sasl_field_empty;
  std::size_t decoded = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (decoded == limits::sasl_identity) return sasl::fault_at(errc::sasl_field_too_long, i);
    if (text[i] == '\0') return sasl::fault_at(errc::sasl_octet, i);
    if (is(octet_class::non_ascii, text[i])) {
      const std::size_t length = utf8_length_at(text, i);
      if (length == 0) return sasl::fault_at(errc::utf8_malformed, i);
      if (limits::sasl_identity - decoded < length) return sasl::fault_at(errc::sasl_field_too_long, i);
      i += length;
      decoded += length;
      continue;
    }
    ++decoded;
    if (text[i] == ',') return sasl::fault_at(errc::saslname_malformed, i);
    if (text[i] != '=') {
      ++i;
      continue;
    }
    const std::string_view escape = text.substr(i + 1, 2);
    if (escape != "2C" && escape != "3D") return sasl::fault_at(errc::saslname_malformed, i);
    i += 3;
  }
  return saslname(text);
}

// Writes a raw name as a saslname. The name has passed sasl::check_field.
constexpr void encode_saslname(std::string_view raw, writer::draft& out) noexcept {
  for (char c : raw) {
    if (c == ',')
      out.put("=2C");
    else if (c == '=')
      out.put("=3D");
    else
      out.put(c);
  }
}

}  // namespace sansmtp

#endif
