// How long does a command line take, from its octets to typed, validated fields?

#include "corpus.hpp"
#include "sansmtp/sansmtp.hpp"

namespace {

constexpr std::size_t lines = 100'000;

const std::string& text() {
  static const std::string made = corpus::commands(lines);
  return made;
}

// The end of the line found, the line parsed, one line after the other.
void parse(benchmark::State& state) {
  const std::string_view all = text();
  for (auto _ : state) {
    std::size_t good = 0;
    for (std::string_view rest = all; !rest.empty();) {
      sansmtp::line_reader reader;
      const auto found = reader.scan(rest, sansmtp::limits::command_line);
      const auto command = sansmtp::parse_command(found.line, sansmtp::quirks::deployed);
      benchmark::DoNotOptimize(command);
      good += command.has_value();
      rest.remove_prefix(found.used);
    }
    if (good != lines) state.SkipWithError("a line was refused");
  }
  corpus::report(state, all.size(), lines);
}

void memcpy_alone(benchmark::State& state) { corpus::memcpy_of(state, text(), lines); }
void byte_loop(benchmark::State& state) { corpus::byte_loop_of(state, text(), lines); }

}  // namespace

BENCHMARK(memcpy_alone);
BENCHMARK(byte_loop);
BENCHMARK(parse);
