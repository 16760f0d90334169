// receive(input&) moves the lines of a message together where they stand; what a caller sees must be what
// receive(unread) says, but for how many pieces the content comes in.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>

#include "sansmtp/sansmtp.hpp"
#include "support/every_cut.hpp"

using namespace sansmtp;
using namespace sansmtp::literals;

namespace {

struct seen {
  std::string content;
  std::string events;  // a digit for the index of each that is no content
  std::string replies;
  std::size_t pieces = 0;
  friend bool operator==(const seen& a, const seen& b) {
    return a.content == b.content && a.events == b.events && a.replies == b.replies;
  }
};

server_options options(service kind, std::uint64_t size_limit) {
  return {.host = "mx.example.org"_domain,
          .kind = kind,
          .extensions = {extension::pipelining, extension::chunking, extension::size},
          .size_limit = size_limit};
}

void take(const server_event& event, server& session, writer& out, seen& all) {
  if (const auto* m = std::get_if<message_bytes>(&event)) {
    all.content += m->bytes;
    ++all.pieces;
    return;
  }
  all.events += static_cast<char>('A' + event.index());
  while (session.owed() != 0 && session.answer(out)) continue;
}

seen from_views(std::string_view wire, const server_options& as) {
  server session(as);
  output_buffer<4096> out;
  seen all;
  (void)session.greet(out);
  while (session.open()) {
    const server_step step = session.receive(wire);
    wire.remove_prefix(step.used);
    if (std::holds_alternative<need_more>(step.event)) break;
    take(step.event, session, out, all);
  }
  all.replies = out.written();
  return all;
}

// `step` octets arrive at a time.
template <std::size_t N>
seen from_buffer(std::string_view wire, const server_options& as, std::size_t step) {
  server session(as);
  output_buffer<4096> out;
  input_buffer<N> in;
  seen all;
  (void)session.greet(out);
  while (session.open()) {
    const server_event event = session.receive(in);
    if (!std::holds_alternative<need_more>(event)) {
      take(event, session, out, all);
      continue;
    }
    if (wire.empty()) break;
    const auto space = in.space();
    const std::string_view part = wire.substr(0, step < space.size() ? step : space.size());
    part.copy(space.data(), part.size());
    in.commit(part.size());
    wire.remove_prefix(part.size());
  }
  all.replies = out.written();
  return all;
}

std::string dotted_lines(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out.append("..").append(i % 4, 'x').append("\r\n");
  return out;
}

std::string dialogue(std::string_view hello, std::string_view message) {
  return std::string(hello).append(" c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nDATA\r\n").append(message).append(".\r\nNOOP\r\nQUIT\r\n");
}

}  // namespace

TEST_CASE("from a buffer come the same content, events and replies as from views, whatever the buffer and the steps") {
  const std::string messages[] = {
      "",
      "..\r\n",
      dotted_lines(90),
      std::string(300, 'y') + "\r\n" + dotted_lines(40) + std::string(500, 'z') + "\r\n..\r\n" + std::string(700, 'z') + "\r\n",
      dotted_lines(30) + "a\nb\r\n" + dotted_lines(30),  // refused from the lone LF on
      dotted_lines(30) + "a\rb\r\n" + dotted_lines(30),
      dotted_lines(30) + "..\r.\r\n..\r\n",
  };
  for (const service kind : {service::smtp, service::lmtp}) {
    for (const std::uint64_t limit : {0U, 100U, 101U, 102U, 300U}) {
      for (const std::string& message : messages) {
        const server_options as = options(kind, limit);
        const std::string wire = dialogue(kind == service::lmtp ? "LHLO" : "EHLO", message);
        CAPTURE(support::shown(wire));
        const seen meaning = from_views(wire, as);
        for (const std::size_t step : {1U, 2U, 3U, 7U, 64U, 100U, 5000U}) {
          CHECK(from_buffer<64>(wire, as, step) == meaning);
          CHECK(from_buffer<512>(wire, as, step) == meaning);
          CHECK(from_buffer<8192>(wire, as, step) == meaning);
        }
      }
    }
  }
}

TEST_CASE("what is taken without a word leads on to what stands behind it in the buffer (RFC 2033 4.3)") {
  const server_options as = options(service::lmtp, 0);
  const std::string_view wire = "LHLO c\r\nMAIL FROM:<a@b>\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\nQUIT\r\n";
  const seen meaning = from_views(wire, as);
  CHECK(std::count(meaning.replies.begin(), meaning.replies.end(), '\n') == 8);  // four of them LHLO's, none BDAT's
  for (const std::size_t step : {1U, 7U, 100U}) CHECK(from_buffer<512>(wire, as, step) == meaning);
}

TEST_CASE("short lines with stuffed dots come many at a time from a buffer, and long ones where they stand") {
  const server_options as = options(service::smtp, 0);
  CHECK(from_views(dialogue("EHLO", dotted_lines(500)), as).pieces >= 500);
  CHECK(from_buffer<8192>(dialogue("EHLO", dotted_lines(500)), as, 8192).pieces < 10);
  const std::string line = ".." + std::string(300, 'x') + "\r\n";
  CHECK(from_buffer<8192>(dialogue("EHLO", line + line + line), as, 8192).pieces == 3);
}
