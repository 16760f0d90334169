// How long does a whole client session take, without input and output: EHLO, then MAIL, three RCPT and
// DATA in one group, the message, QUIT, and every reply read?

#include <initializer_list>

#include "bodies.hpp"
#include "sessions.hpp"

namespace {

using namespace sansmtp::literals;

constexpr std::string_view greeting = "220 mx.example.org ESMTP\r\n";
constexpr std::string_view offer =
    "250-mx.example.org\r\n250-PIPELINING\r\n250-SIZE 50000000\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n";
constexpr std::string_view accepted =
    "250 2.1.0 sender accepted\r\n250 2.1.5 recipient accepted\r\n250 2.1.5 recipient accepted\r\n"
    "250 2.1.5 recipient accepted\r\n354 end the message with <CR><LF>.<CR><LF>\r\n";
constexpr std::string_view kept = "250 2.0.0 message accepted\r\n";
constexpr std::string_view bye = "221 2.0.0 mx.example.org closing\r\n";

bool hear(sansmtp::client& session, std::string_view replies, std::size_t count) {
  for (; !replies.empty(); --count) {
    const sansmtp::client_step seen = session.receive(replies);
    if (seen.used == 0) return false;
    benchmark::DoNotOptimize(seen.event.index());
    replies.remove_prefix(seen.used);
  }
  return count == 0;
}

bool say(sansmtp::client& session, std::initializer_list<sansmtp::command> group, sansmtp::writer& out) {
  for (const sansmtp::command& each : group)
    if (!session.send(each, out)) return false;
  benchmark::DoNotOptimize(out.written().data());
  out.clear();
  return true;
}

bool write(sansmtp::client& session, std::string_view content, sansmtp::writer& out) {
  while (!content.empty()) {
    const auto taken = session.write(content, out);
    if (!taken || (*taken == 0 && out.empty())) return false;
    content.remove_prefix(*taken);
    benchmark::DoNotOptimize(out.written().data());
    out.clear();
  }
  return session.finish(out).has_value();
}

void session(benchmark::State& state, corpus::body kind, std::size_t kibibytes) {
  const std::string& content = bodies::content(kind, kibibytes);
  const auto name = sansmtp::hello_name::parse("client.example.com");
  const auto parameters = sansmtp::mail_parameters::parse("SIZE=4200 BODY=8BITMIME");
  sansmtp::output_buffer<bodies::chunk> out;
  for (auto _ : state) {
    sansmtp::client session;
    const bool good = hear(session, greeting, 1) && say(session, {sansmtp::ehlo{*name}}, out) &&
                      hear(session, offer, 1) &&
                      say(session,
                          {sansmtp::mail{"<news.letter@lists.example.com>"_reverse_path, *parameters},
                           sansmtp::rcpt{"<first.reader@example.org>"_forward_path, {}},
                           sansmtp::rcpt{"<second.reader@example.org>"_forward_path, {}},
                           sansmtp::rcpt{"<third.reader@example.org>"_forward_path, {}}, sansmtp::data{}},
                          out) &&
                      hear(session, accepted, 5) && write(session, content, out) && hear(session, kept, 1) &&
                      say(session, {sansmtp::quit{}}, out) && hear(session, bye, 1);
    if (!good || session.open()) state.SkipWithError("a session did not end well");
  }
  corpus::report(state, content.size(), 1);
}

// What of the message's time is the encoder's own: all of it is copied.
void encoder_alone(benchmark::State& state, corpus::body kind, std::size_t kibibytes) {
  const std::string& content = bodies::content(kind, kibibytes);
  std::vector<char> room(bodies::chunk);
  for (auto _ : state) {
    sansmtp::data_encoder encoder;
    for (std::string_view left = content; !left.empty();) {
      left.remove_prefix(encoder.encode_copy(left, room)->used);
      benchmark::DoNotOptimize(room.data());
      benchmark::ClobberMemory();
    }
  }
  corpus::report(state, content.size(), 1);
}

void memcpy_alone(benchmark::State& state) {
  corpus::memcpy_of(state, bodies::content(corpus::body::prose, static_cast<std::size_t>(state.range(0))), 1);
}

}  // namespace

BENCHMARK_CAPTURE(session, prose/4KiB, corpus::body::prose, 4);
BENCHMARK_CAPTURE(session, prose/10MiB, corpus::body::prose, 10240);
BENCHMARK_CAPTURE(encoder_alone, prose/10MiB, corpus::body::prose, 10240);
BENCHMARK(memcpy_alone)->Name("memcpy_alone/10MiB")->Arg(10240);
BENCHMARK_CAPTURE(session, dots/1MiB, corpus::body::dots, 1024);
BENCHMARK_CAPTURE(encoder_alone, dots/1MiB, corpus::body::dots, 1024);
