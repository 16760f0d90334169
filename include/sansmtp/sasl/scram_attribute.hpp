// scram_attribute: a letter, "=" and a value: what SCRAM's messages are lists of (RFC 5802 5.1, 7).
//
// The order of the attributes is fixed, but for the extensions at the end of a message, of which
// optional ones are skipped and mandatory ones refused. Borrows the message; places count from its
// first octet.

#ifndef SANSMTP_SASL_SCRAM_ATTRIBUTE_HPP
#define SANSMTP_SASL_SCRAM_ATTRIBUTE_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/grammar/base64.hpp"
#include "sansmtp/grammar/utf8.hpp"
#include "sansmtp/sasl/message.hpp"

namespace sansmtp {

struct scram_attribute {
  char name;
  std::string_view value;
  std::size_t at;  // of the value

  // The value as base64 that stands for 1 to `most` octets. Faults: those of base64_text; sasl_field_too_long.
  constexpr result<base64_text> base64(std::size_t most) const noexcept;
};

class scram_attributes {
 public:
  constexpr explicit scram_attributes(std::string_view message, std::size_t from = 0) noexcept
      : message_(message), at_(from) {}

  constexpr bool done() const noexcept { return at_ >= message_.size() && !comma_; }
  constexpr std::size_t place() const noexcept { return at_; }  // where the next attribute begins

  // The next attribute, which must have this name. Faults: sasl_field_missing at the end or where another stands;
  // sasl_field_repeated where one stands that was read already; scram_extension at "m="; those of any attribute.
  constexpr result<scram_attribute> expect(char name) noexcept;

  // The attributes that are left, up to one named `last` (or to the end with none): extensions, which are
  // skipped. Faults: sasl_field_repeated at an attribute that RFC 5802 5.1 defines and that may not stand here;
  // scram_extension at "m="; those of any attribute.
  constexpr result<void> skip_extensions(char last = '\0') noexcept;

 private:
  constexpr result<scram_attribute> look() const noexcept;
  constexpr void pass(const scram_attribute& a) noexcept {
    at_ = a.at + a.value.size();
    comma_ = at_ < message_.size();
    if (comma_) ++at_;
    read_ |= std::uint64_t{1} << (a.name & 63);
  }
  constexpr bool was_read(char name) const noexcept { return (read_ >> (name & 63) & 1) != 0; }

  std::string_view message_;
  std::size_t at_;
  std::uint64_t read_ = 0;  // which letters; both cases of all letters differ in their lowest six bits
  bool comma_ = false;      // one was passed, so that an attribute is due
};

// attr-val   = ALPHA "=" value
// value      = 1*value-char
// value-char = value-safe-char / "="                  ; any character in UTF-8 but NUL and ","
//
// Faults: sasl_message_malformed where the letter or the "=" should stand, sasl_field_empty, sasl_octet at a
// NUL and at what is not UTF-8; in the user's name the latter is utf8_malformed, since RFC 5802 7 has a reason of
// its own for that.
constexpr result<scram_attribute> scram_attributes::look() const noexcept {
  const auto octet = [&](std::size_t at) { return at < message_.size() ? message_[at] : '\0'; };
  if (!is(octet_class::alpha, octet(at_))) return sasl::fault_at(errc::sasl_message_malformed, at_);
  if (octet(at_ + 1) != '=') return sasl::fault_at(errc::sasl_message_malformed, at_ + 1);
  const std::size_t at = at_ + 2;
  const std::string_view value = message_.substr(at, message_.substr(at).find(','));
  if (value.empty()) return sasl::fault_at(errc::sasl_field_empty, at);
  if (const std::size_t nul = value.find('\0'); nul != std::string_view::npos)
    return sasl::fault_at(errc::sasl_octet, at + nul);
  if (const result<void> utf8 = check_utf8(value); !utf8)
    return sasl::fault_at(message_[at_] == 'n' ? errc::utf8_malformed : errc::sasl_octet, at + utf8.error().at);
  return scram_attribute{message_[at_], value, at};
}

constexpr result<scram_attribute> scram_attributes::expect(char name) noexcept {
  if (at_ >= message_.size()) return sasl::fault_at(errc::sasl_field_missing, message_.size());
  const result<scram_attribute> next = look();
  if (!next) return next;
  if (next->name == 'm') return sasl::fault_at(errc::scram_extension, at_);
  if (next->name != name)
    return sasl::fault_at(was_read(next->name) ? errc::sasl_field_repeated : errc::sasl_field_missing, at_);
  pass(*next);
  return next;
}

constexpr result<void> scram_attributes::skip_extensions(char last) noexcept {
  constexpr std::string_view defined = "anrcsipve";
  while (!done()) {
    const result<scram_attribute> next = look();
    if (!next) return next.error();
    if (next->name == last) return {};
    if (next->name == 'm') return sasl::fault_at(errc::scram_extension, at_);
    if (defined.find(next->name) != std::string_view::npos) return sasl::fault_at(errc::sasl_field_repeated, at_);
    pass(*next);
  }
  return {};
}

constexpr result<base64_text> scram_attribute::base64(std::size_t most) const noexcept {
  const result<base64_text> parsed = base64_text::parse(value);
  if (!parsed) return parsed.error() + at;
  if (parsed->decoded_size() > most) return sasl::fault_at(errc::sasl_field_too_long, at);
  return parsed;
}

// nonce     = "r=" c-nonce [s-nonce]
// c-nonce   = 1*printable                             ; RFC 5802 prints it without "1*"
// printable = %x21-2B / %x2D-7E                       ; visible ASCII but ","
//
// Faults: sasl_field_empty; sasl_octet at the octet; sasl_field_too_long.
constexpr result<void> check_scram_nonce(std::string_view nonce) noexcept {
  if (nonce.empty()) return errc::sasl_field_empty;
  if (nonce.size() > limits::sasl_nonce) return sasl::fault_at(errc::sasl_field_too_long, limits::sasl_nonce);
  for (std::size_t i = 0; i < nonce.size(); ++i)
    if (!is(octet_class::vchar, nonce[i]) || nonce[i] == ',') return sasl::fault_at(errc::sasl_octet, i);
  return {};
}

}  // namespace sansmtp

#endif
