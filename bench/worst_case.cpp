// What is the slowest that a session can be made to be? A message whose lines are as short as they can
// be and all begin with a dot; chunks of one octet; commands of one octet.

#include "bodies.hpp"
#include "sessions.hpp"

namespace {

constexpr std::size_t kibibytes = 1024;

const std::string& dots() { return bodies::wire(corpus::body::dots, kibibytes); }

// Looked at where it stands, so that every line is a piece of its own.
void piece_by_piece(benchmark::State& state) {
  const std::string octets = sessions::by_data(dots());
  const std::uint64_t content = bodies::content(corpus::body::dots, kibibytes).size();
  sansmtp::output_buffer<4096> out;
  for (auto _ : state) sessions::expect(state, sessions::serve(octets, bodies::chunk, out), content);
  corpus::report(state, octets.size(), 1);
}

// In a buffer, where the session moves the lines together. The time has a memcpy of all octets in it.
void from_a_buffer(benchmark::State& state) {
  const std::string octets = sessions::by_data(dots());
  const std::uint64_t content = bodies::content(corpus::body::dots, kibibytes).size();
  sansmtp::output_buffer<4096> out;
  sansmtp::input_buffer<bodies::chunk> in;
  for (auto _ : state) sessions::expect(state, sessions::serve_from(in, octets, out), content);
  corpus::report(state, octets.size(), 1);
}

// Commands that all want an answer.
void commands(benchmark::State& state, std::string_view command) {
  std::string octets(sessions::envelope);
  std::size_t count = 0;
  for (; octets.size() < kibibytes << 10; ++count) octets += command;
  octets += command.substr(0, 4) == "BDAT" ? "RSET\r\nQUIT\r\n" : "QUIT\r\n";
  const std::uint64_t content = command.substr(0, 4) == "BDAT" ? count : 0;
  sansmtp::output_buffer<4096> out;
  for (auto _ : state) {
    sansmtp::server session{sessions::options};
    sessions::outcome all{.good = session.greet(out).has_value()};
    std::string_view rest = octets;
    while (session.open() && !rest.empty()) {
      const sansmtp::server_step seen = session.receive(rest.substr(0, bodies::chunk));
      sessions::took(seen.event, session, out, all);
      rest.remove_prefix(seen.used);
      if (out.room() < 1024) out.clear();
    }
    all.good = all.good && !session.open();
    sessions::expect(state, all, content);
    out.clear();
  }
  corpus::report(state, octets.size(), count);
}

void memcpy_alone(benchmark::State& state) { corpus::memcpy_of(state, sessions::by_data(dots()), 1); }
void byte_loop(benchmark::State& state) { corpus::byte_loop_of(state, sessions::by_data(dots()), 1); }

}  // namespace

BENCHMARK(memcpy_alone);
BENCHMARK(byte_loop);
BENCHMARK(piece_by_piece);
BENCHMARK(from_a_buffer);
BENCHMARK_CAPTURE(commands, BDAT, "BDAT 1\r\na");
BENCHMARK_CAPTURE(commands, NOOP, "NOOP\r\n");
BENCHMARK_CAPTURE(commands, unknown, "x\r\n");
