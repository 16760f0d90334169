// What to do about a CR or LF that stands alone in a message, when reading and when writing.
//
// RFC 5321 2.3.8: lines end with CRLF, and nothing else is a line end. A peer that thinks
// otherwise sees the end of a message, and the commands behind it, where there is none: that is
// SMTP smuggling. So no choice below lets a lone CR or LF end a line of what was received.

#ifndef SANSMTP_WIRE_NEWLINE_HPP
#define SANSMTP_WIRE_NEWLINE_HPP

#include <cstdint>

namespace sansmtp {

// Reading. `refuse`: the message is to be refused at its true end, and nothing behind the lone
// octet is delivered (RFC 5321 2.3.8: they MUST NOT be sent, unless as what RFC 3030 3 calls
// binary, which DATA cannot carry). `keep`: it is content like any other octet; whoever passes
// such a message on by DATA must then refuse or repair it.
enum class bare_newline : std::uint8_t { refuse, keep };

// Writing. `refuse`: a lone CR or LF, or a last line without its end, is a fault. `repair`: each
// of them is a line end that lacks its other half, and CRLF is written, as befits text from local
// files. RFC 5321 4.1.1.4 gives the sender this same choice for the last line. Neither is meant
// for messages that carry a signature over their octets: those should be right already.
enum class newline_repair : std::uint8_t { refuse, repair };

}  // namespace sansmtp

#endif
