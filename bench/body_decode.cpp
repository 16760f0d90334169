// How fast does a message pass: decoded as views, decoded into the caller's memory, and encoded?
//
// In chunks of 16 KiB, as they come from a socket, out of 16 MiB, which no cache holds, and out
// of 256 KiB, which the second-level cache does.

#include <algorithm>
#include <map>

#include "corpus.hpp"
#include "sansmtp/wire/data_decoder.hpp"
#include "sansmtp/wire/data_encoder.hpp"

namespace {

constexpr std::size_t chunk = 16384;

const std::string& wire(const benchmark::State& state) {
  static std::map<std::pair<std::int64_t, std::int64_t>, std::string> made;
  std::string& text = made[{state.range(0), state.range(1)}];
  if (text.empty())
    text = corpus::message(static_cast<corpus::body>(state.range(0)), static_cast<std::size_t>(state.range(1)) << 10);
  return text;
}

// Every piece of the message goes to `use`.
template <class Use>
void decode(std::string_view rest, Use use) {
  sansmtp::data_decoder decoder;
  while (!rest.empty()) {
    std::string_view part = rest.substr(0, chunk);
    rest.remove_prefix(part.size());
    while (!part.empty()) {
      const auto piece = decoder.decode(part);
      use(piece.bytes);
      part.remove_prefix(piece.used);
    }
  }
}

void decode_views(benchmark::State& state) {
  const std::string_view text = wire(state);
  for (auto _ : state) {
    std::size_t octets = 0;
    decode(text, [&](std::string_view bytes) {
      benchmark::DoNotOptimize(bytes);
      octets += bytes.size();
    });
    if (octets == 0) state.SkipWithError("nothing was decoded");
  }
  corpus::report(state, text.size());
}

void decode_copied(benchmark::State& state) {
  const std::string_view text = wire(state);
  std::vector<char> room(text.size());
  for (auto _ : state) {
    char* to = room.data();
    decode(text, [&](std::string_view bytes) { to = std::copy(bytes.begin(), bytes.end(), to); });
    benchmark::DoNotOptimize(room.data());
    benchmark::ClobberMemory();
  }
  corpus::report(state, text.size());
}

void encode_views(benchmark::State& state) {
  // What was decoded is what there is to encode.
  std::string content;
  decode(wire(state), [&](std::string_view bytes) { content += bytes; });
  for (auto _ : state) {
    sansmtp::data_encoder encoder;
    std::string_view rest = content;
    while (!rest.empty()) {
      std::string_view part = rest.substr(0, chunk);
      rest.remove_prefix(part.size());
      while (!part.empty()) {
        const auto piece = encoder.encode(part);
        benchmark::DoNotOptimize(piece->bytes);
        part.remove_prefix(piece->used);
      }
    }
    if (!encoder.finish()) state.SkipWithError("the message was refused");
  }
  corpus::report(state, content.size());
}

void memcpy_alone(benchmark::State& state) { corpus::memcpy_of(state, wire(state)); }
void byte_loop(benchmark::State& state) { corpus::byte_loop_of(state, wire(state)); }

void bodies(benchmark::internal::Benchmark* b) {
  b->ArgNames({"body(base64,prose,html,dots)", "KiB"});
  for (const std::int64_t kibibytes : {256, 16384})
    for (const corpus::body kind : {corpus::body::base64, corpus::body::prose, corpus::body::html, corpus::body::dots})
      b->Args({static_cast<std::int64_t>(kind), kibibytes});
}

}  // namespace

BENCHMARK(memcpy_alone)->Apply(bodies);
BENCHMARK(byte_loop)->Args({0, 16384});
BENCHMARK(decode_views)->Apply(bodies);
BENCHMARK(decode_copied)->Apply(bodies);
BENCHMARK(encode_views)->Apply(bodies);
