// The properties that must hold for every input, shared by the fuzz targets.
//
// A property that does not hold prints what it was and aborts, which every fuzzer understands.

#ifndef SANSMTP_FUZZ_PROPERTIES_HPP
#define SANSMTP_FUZZ_PROPERTIES_HPP

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace properties {

inline void require(bool holds, std::string_view what, const std::string& detail = {}) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s %s\n", std::string(what).c_str(), detail.c_str());
  std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace properties

#endif
