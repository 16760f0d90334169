// keep and hide: what holds an optimiser to the work that is to be counted.

#ifndef SANSMTP_BENCH_INSTRUCTIONS_KEEP_HPP
#define SANSMTP_BENCH_INSTRUCTIONS_KEEP_HPP

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace instructions {

// Somebody may look at the value: it must have been made.
template <class T>
inline void keep(const T& value) {
  asm volatile("" : : "r,m"(value) : "memory");
}

// Somebody may have changed the text: nothing is known of it.
inline std::string_view hide(std::string_view text) {
  const char* octets = text.data();
  std::size_t size = text.size();
  asm volatile("" : "+r"(octets), "+r"(size) : : "memory");
  return {octets, size};
}

// A path that refuses what it should take is not the one to be counted.
inline void expect(bool good) {
  if (good) return;
  std::fputs("what is counted was refused\n", stderr);
  std::exit(1);
}

}  // namespace instructions

#endif
