// How long does a reply take, from its octets to code, status and lines?

#include "corpus.hpp"
#include "sansmtp/sansmtp.hpp"

namespace {

constexpr std::size_t count = 100'000;

const std::string& text() {
  static const std::string made = corpus::replies(count);
  return made;
}

void memcpy_alone(benchmark::State& state) { corpus::memcpy_of(state, text(), count); }
void byte_loop(benchmark::State& state) { corpus::byte_loop_of(state, text(), count); }

void read(benchmark::State& state) {
  for (auto _ : state) {
    std::size_t good = 0;
    sansmtp::reply_reader reader;
    for (std::string_view rest = text(); !rest.empty(); ++good) {
      const auto size = reader.scan(rest, sansmtp::quirks::deployed);
      if (!size || *size == 0) break;
      const auto reply = sansmtp::reply::found(reader, rest);
      benchmark::DoNotOptimize(reply.code());
      benchmark::DoNotOptimize(reply.status());
      for (const std::string_view line : reply.lines()) benchmark::DoNotOptimize(line);
      reader.reset();
      rest.remove_prefix(*size);
    }
    if (good != count) state.SkipWithError("a reply was refused");
  }
  corpus::report(state, text().size(), count);
}

}  // namespace

BENCHMARK(memcpy_alone);
BENCHMARK(byte_loop);
BENCHMARK(read);
