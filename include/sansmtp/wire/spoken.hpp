// spoken_extensions: those that a program speaks. Every one, unless it says otherwise.
//
// A small device needs a few, and has no room for the rest. Defined for the whole of a program,
//
//   -DSANSMTP_SPOKEN="extension::pipelining, extension::size, extension::eight_bit_mime"
//
// leaves these, or with nothing behind "=" none, and the compiler leaves out what belongs to the others alone. To a
// server these are then extensions that it does not offer, whatever its options say: a verb of theirs is `other`
// and 502 its answer, a parameter 555 (RFC 5321 4.2.4, 4.1.1.11), and no EHLO reply lists them. To a client they are
// extensions that no server offers. What belongs to an extension is said by the rows of extension_table and
// parameter_table; the commands of RFC 5321 itself belong to none and are always spoken. Every file of a program must
// be compiled with the same value, for it decides what the same inline functions do.

#ifndef SANSMTP_WIRE_SPOKEN_HPP
#define SANSMTP_WIRE_SPOKEN_HPP

#include "sansmtp/wire/extension.hpp"
#include "sansmtp/wire/verb.hpp"

#ifndef SANSMTP_SPOKEN
#define SANSMTP_SPOKEN every_extension
#endif

namespace sansmtp {

inline constexpr extension_set spoken_extensions{SANSMTP_SPOKEN};

// Asked of one by name, when the program is compiled.
consteval bool speaks(extension e) { return spoken_extensions.has(e); }
consteval bool speaks(verb v) {
  const auto brought_by = extension_unlocking(v);
  return !brought_by || facts(v).rfc == "RFC 5321" || speaks(*brought_by);
}

}  // namespace sansmtp

#endif
