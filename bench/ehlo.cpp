// How long does a reply to EHLO take, from its octets to capabilities; and how much of that is finding its end?

#include "corpus.hpp"
#include "sansmtp/sansmtp.hpp"

namespace {

constexpr std::size_t count = 20'000;

const std::string& text() {
  static const std::string made = corpus::ehlo_replies(count);
  return made;
}

// Every reply, found, given to `use`, and dropped.
template <class Use>
void each_reply(benchmark::State& state, Use use) {
  for (auto _ : state) {
    std::size_t good = 0;
    sansmtp::reply_reader reader;
    for (std::string_view rest = text(); !rest.empty(); ++good) {
      const auto size = reader.scan(rest, sansmtp::quirks::deployed);
      if (!size || *size == 0) break;
      use(sansmtp::reply::found(reader, rest));
      reader.reset();
      rest.remove_prefix(*size);
    }
    if (good != count) state.SkipWithError("a reply was refused");
  }
  corpus::report(state, text().size(), count);
}

void memcpy_alone(benchmark::State& state) { corpus::memcpy_of(state, text(), count); }
void byte_loop(benchmark::State& state) { corpus::byte_loop_of(state, text(), count); }

void find(benchmark::State& state) {
  each_reply(state, [](const sansmtp::reply& reply) { benchmark::DoNotOptimize(reply.line_count()); });
}

void learn(benchmark::State& state) {
  each_reply(state, [](const sansmtp::reply& reply) {
    benchmark::DoNotOptimize(sansmtp::capabilities::learn(reply, sansmtp::quirks::deployed));
  });
}

}  // namespace

BENCHMARK(memcpy_alone);
BENCHMARK(byte_loop);
BENCHMARK(find);
BENCHMARK(learn);
