// What every property says with: require, and the text in memory of its own.
//
// A property that does not hold prints what it was and aborts, which every fuzzer understands.

#ifndef SANSMTP_FUZZ_PROPERTIES_REQUIRE_HPP
#define SANSMTP_FUZZ_PROPERTIES_REQUIRE_HPP

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "sansmtp/base/fault.hpp"

namespace properties {

[[noreturn]] inline void does_not_hold(std::string_view what, std::string_view detail) {
  const std::string text = "does not hold: " + std::string(what) + " " + std::string(detail) + "\n";
  std::fputs(text.c_str(), stderr);
  std::abort();
}

inline void require(bool holds, std::string_view what, std::string_view detail = {}) {
  if (!holds) does_not_hold(what, detail);
}

// A fault's place is an octet of the text, or its end.
inline void located(sansmtp::fault why, std::string_view text) {
  require(why.at <= text.size(), "a fault lies inside of the text:", sansmtp::facts(why).sentence);
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// The text in memory of exactly its size: a look beside it is a read out of bounds.
class exact {
 public:
  explicit exact(std::string_view text) : octets_(new char[text.size()]), size_(text.size()) {
    if (size_ != 0) std::memcpy(octets_.get(), text.data(), size_);
  }
  std::string_view view() const { return {octets_.get(), size_}; }
  bool holds(std::string_view part) const {
    return part.empty() || (part.data() >= octets_.get() && part.data() + part.size() <= octets_.get() + size_);
  }

 private:
  std::unique_ptr<char[]> octets_;
  std::size_t size_;
};

}  // namespace properties

#endif
