// How long does a whole server session take, without input and output: EHLO, MAIL, three RCPT, the
// message by DATA or by BDAT, QUIT, all of it pipelined, and every reply written?

#include "bodies.hpp"
#include "sessions.hpp"

namespace {

// As it comes from a socket, 16 KiB at a time, looked at where it stands.
void session(benchmark::State& state, bool by_chunk, std::size_t kibibytes) {
  const std::string& content = bodies::content(corpus::body::prose, kibibytes);
  const std::string octets = by_chunk ? sessions::by_chunk(content)
                                      : sessions::by_data(bodies::wire(corpus::body::prose, kibibytes));
  sansmtp::output_buffer<4096> out;
  for (auto _ : state) sessions::expect(state, sessions::serve(octets, bodies::chunk, out), content.size());
  corpus::report(state, octets.size(), 1);
}

// No message at all.
void envelope(benchmark::State& state) {
  const std::string octets = std::string(sessions::envelope) + "QUIT\r\n";
  sansmtp::output_buffer<4096> out;
  for (auto _ : state) sessions::expect(state, sessions::serve(octets, bodies::chunk, out), 0);
  corpus::report(state, octets.size(), 1);
}

// What of the message's time is the decoder's own.
void decoder_alone(benchmark::State& state) {
  const std::string& wire = bodies::wire(corpus::body::prose, static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    sansmtp::data_decoder decoder;
    bodies::each_chunk(wire, bodies::chunk, [&](std::string_view part) {
      const auto piece = decoder.decode(part);
      benchmark::DoNotOptimize(piece.bytes);
      return piece.used;
    });
  }
  corpus::report(state, wire.size(), 1);
}

void memcpy_alone(benchmark::State& state) {
  corpus::memcpy_of(state, bodies::wire(corpus::body::prose, static_cast<std::size_t>(state.range(0))), 1);
}

}  // namespace

BENCHMARK(envelope);
BENCHMARK_CAPTURE(session, data/4KiB, false, 4);
BENCHMARK_CAPTURE(session, bdat/4KiB, true, 4);
BENCHMARK_CAPTURE(session, data/10MiB, false, 10240);
BENCHMARK_CAPTURE(session, bdat/10MiB, true, 10240);
BENCHMARK(decoder_alone)->Name("decoder_alone/10MiB")->Arg(10240);
BENCHMARK(memcpy_alone)->Name("memcpy_alone/10MiB")->Arg(10240);
