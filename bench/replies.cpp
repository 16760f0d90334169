// How long does a reply take, from its octets to code, status and lines; and one to EHLO, to capabilities?

#include "corpus.hpp"
#include "sansmtp/sansmtp.hpp"

namespace {

constexpr std::size_t count = 100'000, ehlo_count = 20'000;

const std::string& text() {
  static const std::string made = corpus::replies(count);
  return made;
}
const std::string& ehlo_text() {
  static const std::string made = corpus::ehlo_replies(ehlo_count);
  return made;
}

// Every reply of `all`, found, given to `use`, and dropped.
template <class Use>
void each_reply(benchmark::State& state, std::string_view all, std::size_t items, Use use) {
  for (auto _ : state) {
    std::size_t good = 0;
    sansmtp::reply_reader reader;
    for (std::string_view rest = all; !rest.empty(); ++good) {
      const auto size = reader.scan(rest, sansmtp::quirks::deployed);
      if (!size || *size == 0) break;
      use(sansmtp::reply::found(reader, rest));
      reader.reset();
      rest.remove_prefix(*size);
    }
    if (good != items) state.SkipWithError("a reply was refused");
  }
  corpus::report(state, all.size(), items);
}

void read(benchmark::State& state) {
  each_reply(state, text(), count, [](const sansmtp::reply& reply) {
    benchmark::DoNotOptimize(reply.code());
    benchmark::DoNotOptimize(reply.status());
    for (const std::string_view line : reply.lines()) benchmark::DoNotOptimize(line);
  });
}

void learn(benchmark::State& state) {
  each_reply(state, ehlo_text(), ehlo_count, [](const sansmtp::reply& reply) {
    benchmark::DoNotOptimize(sansmtp::capabilities::learn(reply, sansmtp::quirks::deployed));
  });
}

void memcpy_alone(benchmark::State& state) { corpus::memcpy_of(state, text(), count); }
void byte_loop(benchmark::State& state) { corpus::byte_loop_of(state, text(), count); }
void ehlo_memcpy_alone(benchmark::State& state) { corpus::memcpy_of(state, ehlo_text(), ehlo_count); }
void ehlo_byte_loop(benchmark::State& state) { corpus::byte_loop_of(state, ehlo_text(), ehlo_count); }

}  // namespace

BENCHMARK(memcpy_alone);
BENCHMARK(byte_loop);
BENCHMARK(read);
BENCHMARK(ehlo_memcpy_alone);
BENCHMARK(ehlo_byte_loop);
BENCHMARK(learn);
