// Messages of SASL: what the mechanisms share when they read and write one (RFC 4422 5).
//
// A mechanism takes and gives raw octets; base64 is the session's affair. This header has the two
// steps that nearly all need: one field checked, and one message written to a caller's writer,
// whole or not at all. A client object borrows the names and secrets that it was given, and they
// must outlive it; what a server object hands out borrows from the response that it was taken from.

#ifndef SANSMTP_SASL_MESSAGE_HPP
#define SANSMTP_SASL_MESSAGE_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/fault.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/utf8.hpp"

namespace sansmtp::sasl {

constexpr fault fault_at(errc code, std::size_t at) noexcept { return {code, static_cast<std::uint32_t>(at)}; }

// field = 1*SAFE                                    ; RFC 4616 2
// SAFE  = UTF1 / UTF2 / UTF3 / UTF4                 ; any character in UTF-8 but NUL
//
// A field of at most `most` octets. Faults: sasl_field_empty; sasl_octet at a NUL; utf8_malformed at the octet;
// sasl_field_too_long at the first octet too many.
constexpr result<void> check_field(std::string_view text, std::size_t most) noexcept {
  if (text.empty()) return errc::sasl_field_empty;
  if (text.size() > most) return fault_at(errc::sasl_field_too_long, most);
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) return fault_at(errc::sasl_octet, nul);
  return check_utf8(text);
}

// The same for a field that stands `at` octets into its message, where the fault is then located.
constexpr result<void> check_field(std::string_view text, std::size_t most, std::size_t at) noexcept {
  if (const result<void> checked = check_field(text, most); !checked) return checked.error() + at;
  return {};
}

// The place behind a fixed text that must stand at `at`. Faults: sasl_message_malformed at the octet that differs;
// sasl_field_missing at the end of a message that ends within it.
constexpr result<std::size_t> behind(std::string_view fixed, std::string_view message, std::size_t at) noexcept {
  for (std::size_t i = 0; i < fixed.size(); ++i, ++at) {
    if (at >= message.size()) return fault_at(errc::sasl_field_missing, message.size());
    if (message[at] != fixed[i]) return fault_at(errc::sasl_message_malformed, at);
  }
  return at;
}

// The place of the first octet that a line of text can't hold: a control or DEL; text.size() without one.
constexpr std::size_t find_control_octet(std::string_view text) noexcept {
  std::size_t i = 0;
  while (i < text.size() && static_cast<unsigned char>(text[i]) >= 32 && text[i] != 127) ++i;
  return i;
}

// Keeps what the draft holds, and returns a view of it in the caller's room. Fault: output_full, nothing written.
constexpr result<std::string_view> finish(writer::draft& message) noexcept {
  const std::string_view text = message.text();
  if (const result<void> kept = message.commit(); !kept) return kept.error();
  return text;
}

// A message that a server can read, and one that a client can write: check() says of it what parse() would, at
// the same place, and put() writes what has passed. `mechanism` is the one it belongs to.
template <class T>
concept readable_message = requires(std::string_view text) {
  T::mechanism;
  { T::parse(text) } -> std::same_as<result<T>>;
};
template <class T>
concept writable_message = requires(const T& message, writer::draft& out) {
  T::mechanism;
  { message.check() } -> std::same_as<result<void>>;
  {message.put(out)};
};

// Where an exchange of one message stands. A message that was refused uses the exchange up as well: the peer
// gets one try, and a wrong one can only be followed by the end.
enum class progress : std::uint8_t { due, done, failed };

}  // namespace sansmtp::sasl

#endif
