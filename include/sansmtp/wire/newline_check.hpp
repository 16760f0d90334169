// newline_check: watches the text of a chunk for a CR or LF that stands alone.
//
// BDAT frames by counting, so a bare CR or LF in it cannot move the end of a message. But text
// sent by BDAT must still have CRLF line ends (RFC 3030 2), and the next hop may travel by DATA,
// where it could. Content of BODY=BINARYMIME is not watched.

#ifndef SANSMTP_WIRE_NEWLINE_CHECK_HPP
#define SANSMTP_WIRE_NEWLINE_CHECK_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansmtp/base/fault.hpp"
#include "sansmtp/base/scan.hpp"

namespace sansmtp {

class newline_check {
 public:
  // How many of the next octets are text: all, or those before the first lone LF, or up to and with
  // the first lone CR (which is known for one only by its successor). None behind a fault.
  constexpr std::size_t look(std::string_view bytes) noexcept {
    if (why_ || bytes.empty()) return 0;
    if (after_cr_ && bytes[0] != '\n') return found(errc::message_bare_cr, taken_ - 1, 0);
    if (!after_cr_ && bytes[0] == '\n') return found(errc::message_bare_lf, taken_, 0);
    const std::size_t at = scan::find<scan::lone_newline>(bytes, 0);
    if (at + 1 < bytes.size()) {
      const bool cr = bytes[at] == '\r';
      return found(cr ? errc::message_bare_cr : errc::message_bare_lf, taken_ + at + (cr ? 0 : 1), at + 1);
    }
    after_cr_ = bytes.back() == '\r';
    taken_ += bytes.size();
    return bytes.size();
  }

  // At the end of the message: a CR that nothing follows is alone.
  constexpr void finish() noexcept {
    if (after_cr_ && !why_) why_ = distant_fault(errc::message_bare_cr, taken_ - 1);
  }

  // The first lone CR or LF, counted from the message's first octet (2^32-1 when beyond).
  constexpr std::optional<fault> why() const noexcept { return why_; }

 private:
  constexpr std::size_t found(errc code, std::uint64_t at, std::size_t sound) noexcept {
    why_ = distant_fault(code, at);
    return sound;
  }

  std::uint64_t taken_ = 0;
  std::optional<fault> why_{};
  bool after_cr_ = false;
};

}  // namespace sansmtp

#endif
