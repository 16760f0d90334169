// What the benchmarks read, and how they measure it.
//
// Beside every measurement stand two others of the same octets in the same run: memcpy, which is
// as fast as they can be looked at, and a loop that looks at each octet once, which is what a
// plain parser does at the least. Times mean something only beside these.

#ifndef SANSMTP_BENCH_CORPUS_HPP
#define SANSMTP_BENCH_CORPUS_HPP

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "recordings.hpp"
#include "traffic.hpp"

namespace corpus {

using namespace traffic;

// Made up, with recorded ones mixed in.
inline std::string commands(std::size_t lines) { return traffic::commands(lines, recordings::all().commands); }
inline std::string replies(std::size_t count) { return traffic::replies(count, recordings::all().replies); }
inline std::string ehlo_replies(std::size_t count) {
  return traffic::ehlo_replies(count, recordings::all().ehlo_replies);
}

// What a row of the table is made of: the octets of one iteration, by which a row finds its memcpy
// and its loop, and the items that they make up.
inline void report(benchmark::State& state, std::size_t octets, std::size_t items = 0) {
  state.counters["octets"] = static_cast<double>(octets);
  state.counters["items"] = static_cast<double>(items);
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(octets));
  if (items != 0)
    state.counters["each"] = benchmark::Counter(
        static_cast<double>(items), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

inline void memcpy_of(benchmark::State& state, std::string_view text, std::size_t items = 0) {
  std::vector<char> room(text.size());
  for (auto _ : state) {
    std::memcpy(room.data(), text.data(), text.size());
    benchmark::DoNotOptimize(room.data());
    benchmark::ClobberMemory();
  }
  report(state, text.size(), items);
}

// Counts lines, one octet after the other.
inline void byte_loop_of(benchmark::State& state, std::string_view text, std::size_t items = 0) {
  for (auto _ : state) {
    std::size_t lines = 0;
    char before = 0;
    for (const char c : text) {
      lines += before == '\r' && c == '\n';
      before = c;
      benchmark::DoNotOptimize(before);  // one by one, not by a vector loop of the compiler's
    }
    benchmark::DoNotOptimize(lines);
  }
  report(state, text.size(), items);
}

}  // namespace corpus

#endif
