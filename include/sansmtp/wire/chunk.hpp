// chunk_reader: counts down the octets of one BDAT chunk, when reading and when writing.
//
// RFC 3030 2: exactly as many octets as the command said follow its CRLF, whatever they are, and
// the next octet begins the next command. A chunk that is refused has its octets all the same:
// they must be taken and thrown away, or they would be read as commands.

#ifndef SANSMTP_WIRE_CHUNK_HPP
#define SANSMTP_WIRE_CHUNK_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sansmtp {

class chunk_reader {
 public:
  constexpr chunk_reader() noexcept = default;
  constexpr chunk_reader(std::uint64_t size, bool last) noexcept : remaining_(size), last_(last) {}

  // A chunk of `size` octets, which may be none, begins; `last` as BDAT's LAST says.
  constexpr void begin(std::uint64_t size, bool last) noexcept { *this = chunk_reader(size, last); }

  // The octets at the front of `unread` that belong to the chunk, a view into it; the caller drops them.
  constexpr std::string_view take(std::string_view unread) noexcept {
    const std::string_view octets =
        remaining_ < unread.size() ? unread.substr(0, static_cast<std::size_t>(remaining_)) : unread;
    remaining_ -= octets.size();
    return octets;
  }

  // Octets still to come. The chunk is whole when there are none.
  constexpr std::uint64_t remaining() const noexcept { return remaining_; }
  constexpr bool last() const noexcept { return last_; }

 private:
  std::uint64_t remaining_ = 0;
  bool last_ = false;
};

}  // namespace sansmtp

#endif
