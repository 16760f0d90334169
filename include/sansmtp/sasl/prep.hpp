// saslprep: names and passwords brought to one form before they are compared or hashed (RFC 4013).
//
// ASCII is prepared here in full: it maps and normalizes to itself, and what is left of the profile is that
// no control character may stand in it. Beyond ASCII the profile needs tables of Unicode 3.2 (RFC 3454),
// some hundred kilobytes that this library does not carry: a caller who wants them passes a preparation of his
// own, and the default refuses such text outright. Nothing is ever prepared by half.
//
// The result is a view: of the text itself when that is ASCII, else of what the preparation wrote to `out`.

#ifndef SANSMTP_SASL_PREP_HPP
#define SANSMTP_SASL_PREP_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/utf8.hpp"
#include "sansmtp/sasl/message.hpp"

namespace sansmtp {

// Unassigned code points may stand in what a user types now, and not in what is kept (RFC 3454 7).
enum class prep_use : std::uint8_t { query, stored };

// A caller's stringprep, called only with text that is well-formed UTF-8, holds no ASCII control and goes
// beyond ASCII: it writes the prepared form to the writer and returns a view of it, or gives a fault. A function
// or any object that can be called.
template <class T>
concept string_preparation = requires(const T& prepare, std::string_view text, prep_use use, writer& out) {
  { prepare(text, use, out) } -> std::same_as<result<std::string_view>>;
};

// The default: text beyond ASCII is refused. Fault: sasl_prep_needed at its first octet above 127.
struct ascii_only {
  constexpr result<std::string_view> operator()(std::string_view text, prep_use, writer&) const noexcept {
    std::size_t i = 0;
    while (i < text.size() && !is(octet_class::non_ascii, text[i])) ++i;
    return sasl::fault_at(errc::sasl_prep_needed, i);
  }
};

// No preparation: UTF-8 is taken as it was written. RFC 4616 2 lets a server do so for PLAIN. Two spellings of
// one character then differ, and a name may look like another; choose it only for peers that do the same.
struct as_written {
  constexpr result<std::string_view> operator()(std::string_view text, prep_use, writer&) const noexcept {
    return text;
  }
};

// The prepared form of a name or password. An empty text stays empty; that one may not be, says its mechanism.
// Faults: sasl_prep_prohibited at a control character; utf8_malformed at the octet; sasl_field_empty when the
// preparation leaves nothing, which RFC 4954 4 and RFC 4616 2 count as a failure; those of the preparation.
template <string_preparation Preparation = ascii_only>
constexpr result<std::string_view> saslprep(std::string_view text, writer& out, prep_use use = prep_use::query,
                                            const Preparation& beyond_ascii = {}) noexcept {
  // Prohibited output, RFC 3454 C.2.1. No mapping removes a control, so that its input is prohibited as well.
  if (const std::size_t control = sasl::find_control_octet(text); control != text.size())
    return sasl::fault_at(errc::sasl_prep_prohibited, control);
  if (is_ascii(text)) return text;
  if (const result<void> utf8 = check_utf8(text); !utf8) return utf8.error();
  const result<std::string_view> prepared = beyond_ascii(text, use, out);
  if (prepared && prepared->empty()) return errc::sasl_field_empty;
  return prepared;
}

}  // namespace sansmtp

#endif
