// What does it cost when octets drip in, and does it stay the same however many there are? A message, a
// line that does not end, and a reply of many lines, so many octets a call; beside them a call that
// brings nothing new.

#include "bodies.hpp"
#include "sessions.hpp"

namespace {

// A session amid DATA.
sansmtp::server amid_data() {
  return sansmtp::server{{.host = sessions::options.host, .start = sansmtp::phase::data}};
}

void nothing_new(benchmark::State& state) {
  sansmtp::server session = amid_data();
  for (auto _ : state) {
    const sansmtp::server_step seen = session.receive(std::string_view{});
    benchmark::DoNotOptimize(seen.event.index());
  }
  corpus::report(state, 1, 1);
}

void message(benchmark::State& state) {
  const std::string& wire = bodies::wire(corpus::body::prose, static_cast<std::size_t>(state.range(0)));
  const auto step = static_cast<std::size_t>(state.range(1));
  for (auto _ : state) {
    sansmtp::server session = amid_data();
    std::uint64_t content = 0;
    for (std::string_view left = wire; !left.empty() && session.owed() == 0;) {
      std::string_view part = left.substr(0, step);
      left.remove_prefix(part.size());
      while (!part.empty()) {
        const sansmtp::server_step seen = session.receive(part);
        part.remove_prefix(seen.used);
        if (const auto* m = std::get_if<sansmtp::message_bytes>(&seen.event)) content += m->bytes.size();
      }
    }
    if (session.owed() != 1 || content == 0) state.SkipWithError("the message did not end");
  }
  corpus::report(state, wire.size(), wire.size());
}

// The line is longer than any command may be, and is dropped as it comes.
void endless_line(benchmark::State& state) {
  const std::string line(static_cast<std::size_t>(state.range(0)) << 10, 'x');
  const auto step = static_cast<std::size_t>(state.range(1));
  for (auto _ : state) {
    sansmtp::server session{{.host = sessions::options.host, .start = sansmtp::phase::ready}};
    std::size_t head = 0, tail = 0;
    while (tail < line.size()) {
      tail = line.size() - tail < step ? line.size() : tail + step;
      head += session.receive(std::string_view(line).substr(head, tail - head)).used;
    }
    if (head == 0) state.SkipWithError("the line was kept");
  }
  corpus::report(state, line.size(), line.size());
}

// As a client reads it, which holds a reply back until it is whole.
void reply(benchmark::State& state) {
  std::string text;
  while (text.size() < static_cast<std::size_t>(state.range(0)) << 10) text += "250-one line of many, of which the last one ends it\r\n";
  text += "250 ok\r\n";
  const auto step = static_cast<std::size_t>(state.range(1));
  for (auto _ : state) {
    sansmtp::client session{{.start = sansmtp::phase::ready}};
    if (!session.follow(sansmtp::act::noop)) state.SkipWithError("not awaited");
    std::size_t used = 0;
    for (std::size_t tail = 0; tail < text.size();) {
      tail = text.size() - tail < step ? text.size() : tail + step;
      used = session.receive(std::string_view(text).substr(0, tail)).used;
    }
    if (used != text.size() || !session.open()) state.SkipWithError("the reply was not whole");
  }
  corpus::report(state, text.size(), text.size());
}

void sizes(benchmark::internal::Benchmark* rows, std::initializer_list<std::int64_t> kibibytes) {
  for (const std::int64_t size : kibibytes)
    for (const std::int64_t step : {1, 7, 1460, 16384}) rows->Args({size, step});
}

}  // namespace

BENCHMARK(nothing_new);
BENCHMARK(message)->Apply([](auto* rows) { sizes(rows, {1, 100, 10240}); });
BENCHMARK(endless_line)->Apply([](auto* rows) { sizes(rows, {1, 100, 10240}); });
BENCHMARK(reply)->Apply([](auto* rows) { sizes(rows, {1, 32}); });
