// flood: octets without end out of no memory, and what they cost whoever takes them.
//
// A stream is a text said again and again, arriving whole, octet by octet, or mostly so. Around the
// taking of it stands a `flat`: nothing is allocated meanwhile (operator new of the program counts), and
// the most that the process ever held in memory stays as it was.

#ifndef SANSMTP_TESTS_HOSTILE_FLOOD_HPP
#define SANSMTP_TESTS_HOSTILE_FLOOD_HPP

#include <doctest/doctest.h>

#if defined(__unix__) || defined(__APPLE__)
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>

namespace hostile {

inline std::size_t allocations = 0;  // of the program, by operator new

inline constexpr std::uint64_t mib = 1 << 20;
inline constexpr std::array<char, 1024> many_x = [] {
  std::array<char, 1024> octets{};
  octets.fill('x');
  return octets;
}();
inline constexpr std::string_view kib_of_x(many_x.data(), many_x.size());

// KiB, the most there ever were.
inline long peak_memory() {
#if defined(__unix__) || defined(__APPLE__)
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
#if defined(__APPLE__)
  return used.ru_maxrss / 1024;  // there it is octets
#else
  return used.ru_maxrss;
#endif
#else
  return 0;
#endif
}

// What a flood costs, from here to the end of the scope.
class flat {
 public:
  flat() : allocations_(allocations), peak_(peak_memory()) {}
  flat(const flat&) = delete;
  flat& operator=(const flat&) = delete;
  ~flat() {
    const std::size_t made = allocations - allocations_;
    const long grown = peak_memory() - peak_;
    CHECK(made == 0);
    CHECK(grown < 8192);  // KiB; of a flood that was kept it would be as much as the flood
  }

 private:
  std::size_t allocations_;
  long peak_;
};

// How a stream arrives: as much as there is room for, octet by octet, or mostly so with the bulk of it between.
enum class pace { whole, octets, sampled };

// `text`, `times` times.
class stream {
 public:
  stream(std::string_view text, std::uint64_t times, pace p = pace::whole)
      : text_(text), left_(text.size() * times), pace_(p) {}

  std::size_t read(std::span<char> room) {
    std::size_t done = 0;
    const bool one = pace_ == pace::octets || (pace_ == pace::sampled && ++reads_ % 8 != 0);
    const std::size_t most = one && !room.empty() ? 1 : room.size();
    while (done < most && left_ != 0) {
      const auto part = static_cast<std::size_t>(std::min<std::uint64_t>({most - done, text_.size() - at_, left_}));
      std::memcpy(room.data() + done, text_.data() + at_, part);
      done += part;
      left_ -= part;
      at_ = (at_ + part) % text_.size();
    }
    return done;
  }

 private:
  std::string_view text_;
  std::uint64_t left_;
  std::size_t at_ = 0;
  unsigned reads_ = 0;
  pace pace_;
};

#if defined(__unix__) || defined(__APPLE__)

// Memory whose pages can be taken away behind what was looked at: another look stops the program.
class receding {
 public:
  static constexpr std::size_t size = 1 << 18;
  receding() : page_(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))) {
    void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) std::abort();
    base_ = static_cast<char*>(memory);
  }
  ~receding() { ::munmap(base_, size); }
  receding(const receding&) = delete;
  receding& operator=(const receding&) = delete;

  char* data() { return base_; }
  // Whole pages in [from, to) are gone.
  void take(std::size_t from, std::size_t to) {
    from = (from + page_ - 1) / page_ * page_;
    to = to / page_ * page_;
    if (from < to && ::mprotect(base_ + from, to - from, PROT_NONE) != 0) std::abort();
  }
  void give_back() {
    if (::mprotect(base_, size, PROT_READ | PROT_WRITE) != 0) std::abort();
  }

 private:
  std::size_t page_;
  char* base_;
};

#endif

}  // namespace hostile

#endif
