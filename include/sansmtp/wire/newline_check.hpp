// newline_check: watches the text of a chunk for a CR or LF that stands alone.
//
// BDAT frames by counting, so a bare CR or LF in it cannot move the end of a message. But text
// sent by BDAT must still have CRLF line ends (RFC 3030 2), and the next hop may travel by DATA,
// where it could. Content of BODY=BINARYMIME is not watched.

#ifndef SANSMTP_WIRE_NEWLINE_CHECK_HPP
#define SANSMTP_WIRE_NEWLINE_CHECK_HPP

#include <cstddef>
#include <cstdint>
#include <limits>
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
    if (why_) return 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (after_cr_) {
        after_cr_ = false;
        if (bytes[i] != '\n') return found(errc::message_bare_cr, taken_ + i - 1, i);
        continue;
      }
      i = find_cr_or_lf(bytes, i);
      if (i == bytes.size()) break;
      if (bytes[i] == '\n') return found(errc::message_bare_lf, taken_ + i, i);
      after_cr_ = true;
    }
    taken_ += bytes.size();
    return bytes.size();
  }

  // At the end of the message: a CR that nothing follows is alone.
  constexpr void finish() noexcept {
    if (after_cr_ && !why_) found(errc::message_bare_cr, taken_ - 1, 0);
  }

  // The first lone CR or LF, counted from the message's first octet (2^32-1 when beyond).
  constexpr std::optional<fault> why() const noexcept { return why_; }

 private:
  constexpr std::size_t found(errc code, std::uint64_t at, std::size_t sound) noexcept {
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    why_ = fault{code, static_cast<std::uint32_t>(at < most ? at : most)};
    return sound;
  }

  std::uint64_t taken_ = 0;
  std::optional<fault> why_{};
  bool after_cr_ = false;
};

}  // namespace sansmtp

#endif
