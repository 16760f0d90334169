// What the questions about sessions share: one transaction as a client sends it, and a server and a
// client that do all that a session does but input and output.

#ifndef SANSMTP_BENCH_SESSIONS_HPP
#define SANSMTP_BENCH_SESSIONS_HPP

#include <string>
#include <string_view>

#include "corpus.hpp"
#include "sansmtp/sansmtp.hpp"

namespace sessions {

using namespace sansmtp::literals;

inline constexpr sansmtp::server_options options{
    .host = "mx.example.org"_domain,
    .extensions = {sansmtp::extension::pipelining, sansmtp::extension::eight_bit_mime, sansmtp::extension::size,
                   sansmtp::extension::chunking, sansmtp::extension::enhanced_status_codes},
    .size_limit = 50'000'000};

inline constexpr std::string_view envelope =
    "EHLO client.example.com\r\n"
    "MAIL FROM:<news.letter@lists.example.com> SIZE=4200 BODY=8BITMIME\r\n"
    "RCPT TO:<first.reader@example.org>\r\n"
    "RCPT TO:<second.reader@example.org>\r\n"
    "RCPT TO:<third.reader@example.org>\r\n";

// A whole session as one client's octets, the message in the wake of its commands.
inline std::string by_data(const std::string& message) { return std::string(envelope) + "DATA\r\n" + message + "QUIT\r\n"; }
inline std::string by_chunk(const std::string& content) {
  return std::string(envelope) + "BDAT " + std::to_string(content.size()) + " LAST\r\n" + content + "QUIT\r\n";
}

// What came of a session.
struct outcome {
  std::uint64_t content = 0;  // octets
  std::uint64_t events = 0;
  bool good = false;
};

// What every caller does with an event. False when it wants more octets.
inline bool took(const sansmtp::server_event& event, sansmtp::server& session, sansmtp::writer& out, outcome& all) {
  ++all.events;
  if (const auto* m = std::get_if<sansmtp::message_bytes>(&event)) {
    benchmark::DoNotOptimize(m->bytes.data());
    all.content += m->bytes.size();
  } else if (std::holds_alternative<sansmtp::need_more>(event)) {
    return false;
  } else if (session.owed() != 0) {
    all.good = session.answer(out).has_value() && all.good;
  }
  return true;
}

// Presents `octets` where they stand, `step` more at a time.
inline outcome serve(std::string_view octets, std::size_t step, sansmtp::writer& out) {
  sansmtp::server session{options};
  outcome all;
  all.good = session.greet(out).has_value();
  std::size_t head = 0, tail = 0;
  while (session.open()) {
    const sansmtp::server_step seen = session.receive(octets.substr(head, tail - head));
    head += seen.used;
    if (took(seen.event, session, out, all)) continue;
    if (tail == octets.size()) break;
    tail = octets.size() - tail < step ? octets.size() : tail + step;
    out.clear();
  }
  all.good = all.good && !session.open() && head == octets.size();
  out.clear();
  return all;
}

// Presents them in a buffer, into which they are copied as a read would.
inline outcome serve_from(sansmtp::input& in, std::string_view octets, sansmtp::writer& out) {
  sansmtp::server session{options};
  outcome all;
  all.good = session.greet(out).has_value();
  while (session.open()) {
    if (took(session.receive(in), session, out, all)) continue;
    const auto space = in.space();
    const std::string_view part = octets.substr(0, space.size());
    part.copy(space.data(), part.size());
    in.commit(part.size());
    octets.remove_prefix(part.size());
    out.clear();
  }
  all.good = all.good && !session.open() && octets.empty();
  out.clear();
  return all;
}

inline void expect(benchmark::State& state, const outcome& seen, std::uint64_t content) {
  if (!seen.good || seen.content != content) state.SkipWithError("a session did not end well");
}

}  // namespace sessions

#endif
