// Floods at a server: what a client can send without end, and that it costs no memory and no more work than its octets.
//
// Each streams through receive(input&). Its bound stands beside it, with the section that sets it or
// leaves it open: the calls are no more than the reads and the events together.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <variant>

#include "hostile/flood.hpp"
#include "sansmtp/session/server.hpp"

using namespace sansmtp;
using hostile::flat;
using hostile::kib_of_x;
using hostile::mib;
using hostile::pace;
using hostile::stream;

// noinline: the pair must not be seen through and elided.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++hostile::allocations;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) std::abort();
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

int code_of(std::string_view reply) { return (reply[0] - '0') * 100 + (reply[1] - '0') * 10 + (reply[2] - '0'); }

struct tally {
  std::uint64_t calls = 0, reads = 0, events = 0, replies = 0, refusals = 0, content = 0, size = 0;
  std::uint64_t ends = 0;  // of streams: a call finds that nothing more comes
  bool linear() const { return calls <= reads + events + ends; }
};

// The server takes all of a stream, and is answered for by `answer`.
template <std::size_t Room, class Answer>
void pour(server& session, input_buffer<Room>& in, stream from, tally& t, Answer answer) {
  std::array<char, 4096> room;
  writer out{room};
  while (session.open()) {
    const server_event event = session.receive(in);
    ++t.calls;
    if (std::holds_alternative<need_more>(event)) {
      const std::size_t n = from.read(in.space());
      if (n == 0) return void(++t.ends);
      in.commit(n);
      ++t.reads;
      continue;
    }
    ++t.events;
    if (const auto* piece = std::get_if<message_bytes>(&event)) t.content += piece->bytes.size();
    if (const auto* end = std::get_if<message_end>(&event)) t.size = end->size;
    if (std::holds_alternative<refused>(event)) ++t.refusals;
    while (session.owed() != 0) {
      out.clear();
      if (!answer(session, out)) FAIL("the answer was refused");
      ++t.replies;
    }
  }
}

template <std::size_t Room>
void pour(server& session, input_buffer<Room>& in, stream from, tally& t) {
  pour(session, in, from, t, [](server& s, writer& out) { return s.answer(out); });
}

constexpr server_options options(service kind = service::smtp) {
  return {.host = *domain::parse("mx.example.org"),
          .kind = kind,
          .extensions = {extension::pipelining, extension::chunking, extension::auth, extension::size,
                         extension::eight_bit_mime},
          .mechanisms = "PLAIN CRAM-MD5",
          .recipient_limit = 4'000'000'000,
          .cleartext_passwords = true};
}

// A server that has been told `opening`.
struct served {
  explicit served(std::string_view opening, const server_options& o = options()) : session(o) {
    output_buffer<256> out;
    REQUIRE(session.greet(out));
    tally ignored;
    pour(session, in, stream(opening, 1), ignored);
  }
  server session;
  input_buffer<4096> in;
};

constexpr std::string_view to_rcpt = "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n";
constexpr std::string_view to_rcpt_of_lmtp = "LHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n";
constexpr std::string_view one_noop = "NOOP\r\n";

// Octets that never end a line, then the line's end: one reply, 500, and the next line is a command again.
void endless_line(std::string_view opening, std::uint64_t octets, pace p) {
  served s(opening);
  tally t;
  {
    const flat memory;
    pour(s.session, s.in, stream(kib_of_x, octets / 1024, p), t);
  }
  CHECK(t.events == 0);
  CHECK(t.linear());
  int code = 0;
  pour(s.session, s.in, stream("\r\n", 1), t, [&](server& session, writer& out) {
    const auto answered = session.answer(out);
    code = code_of(out.written());
    return answered;
  });
  CHECK(code == 500);
  CHECK(t.replies == 1);
  pour(s.session, s.in, stream(one_noop, 1), t);
  CHECK(t.refusals == 1);
  CHECK(t.replies == 2);
}

void chunks_of_one_octet(std::uint64_t count) {
  served s(to_rcpt);
  tally t;
  {
    const flat memory;
    pour(s.session, s.in, stream("BDAT 1\r\nx", count), t);
  }
  CHECK(t.replies == count);
  CHECK(t.content == count);
  CHECK(t.events == 3 * count);  // the command, its octet, its end
  CHECK(t.linear());
  pour(s.session, s.in, stream("BDAT 2 LAST\r\n\r\n", 1), t);
  CHECK(t.size == count + 2);
  CHECK(s.session.phase() == phase::ready);
}

}  // namespace

// RFC 5321 4.5.3.1.4 and RFC 4954 4 bound a line; nothing bounds what a peer sends.
TEST_CASE(
    "1 GiB without a line's end is dropped as it comes, and answered once, 500 (RFC 5321 4.5.3.1.4, RFC 4954 4)") {
  endless_line("", 1024 * mib, pace::sampled);
  endless_line("EHLO c\r\nAUTH CRAM-MD5\r\n", 1024 * mib, pace::sampled);
  endless_line("", 8 * mib, pace::octets);
}

TEST_CASE("1 GiB of a message without a line's end is content all the same (RFC 5321 4.5.3.1.6)") {
  served s(to_rcpt);
  tally t;
  {
    const flat memory;
    pour(s.session, s.in, stream("DATA\r\n", 1), t);
    pour(s.session, s.in, stream(kib_of_x, mib, pace::sampled), t);
    pour(s.session, s.in, stream("\r\n.\r\n", 1), t);
  }
  CHECK(t.content == 1024 * mib + 2);
  CHECK(t.size == 1024 * mib + 2);
  CHECK(t.linear());
}

TEST_CASE(
    "1 GiB of a message that is refused is taken to its end, delivered not at all, and answered once (RFC 5321 "
    "2.3.8)") {
  served s(to_rcpt);
  tally t;
  {
    const flat memory;
    pour(s.session, s.in, stream("DATA\r\nx\n", 1), t);
    pour(s.session, s.in, stream(kib_of_x, mib, pace::sampled), t);
    pour(s.session, s.in, stream("\r\n.\r\n", 1), t);
  }
  CHECK(t.content == 1);
  CHECK(t.refusals == 1);
  CHECK(t.replies == 2);
  CHECK(t.linear());
}

TEST_CASE("the largest chunk there is, out of place, is drained and owes nothing before its end (RFC 3030 2)") {
  served s("EHLO c\r\n");
  tally t;
  {
    const flat memory;
    pour(s.session, s.in, stream("BDAT 18446744073709551615 LAST\r\n", 1), t);
    pour(s.session, s.in, stream("QUIT\r\nBDAT 0\r\n\r\n.\r\n", 16 * mib, pace::sampled), t);
  }
  CHECK(t.events == 0);
  CHECK(t.linear());
  CHECK(s.session.phase() == phase::ready);
}

// RFC 5321 4.2: each has its reply, and 4.3.2 lets a server end this by 421 when it has had enough: the application's
// affair.
TEST_CASE("a flood of malformed lines is a reply each, and no more (RFC 5321 4.2.4)") {
  constexpr std::string_view lines[] = {"\r\n",
                                        "\xFF\xFE\r\n",
                                        "MAIL FROM:<<\r\n",
                                        "RCPT TO:<@@@@@@@@>\r\n",
                                        "NOOP\nNOOP\r\n",
                                        std::string_view("EHLO \0\r\n", 8),
                                        "AUTH PLAIN ====\r\n",
                                        "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX\r\n"};
  for (std::string_view line : lines) {
    constexpr std::uint64_t count = 100'000;
    served s("EHLO c\r\n");
    tally t;
    {
      const flat memory;
      pour(s.session, s.in, stream(line, count), t);
    }
    CHECK(t.replies == count);
    CHECK(t.events == count);
    CHECK(t.linear());
    CHECK(s.session.phase() == phase::ready);
  }
}

// RFC 5321 4.5.3.1.8: at least 100; 4.5.3.1.10: 452 to those behind the limit, and those before stay accepted.
TEST_CASE("a million recipients: accepted and counted, or refused behind the limit, in no memory") {
  constexpr std::uint64_t million = 1'000'000;
  for (std::uint32_t limit : {4'000'000'000U, 100U}) {
    server_options o = options();
    o.recipient_limit = limit;
    served s(to_rcpt, o);
    tally t;
    {
      const flat memory;
      pour(s.session, s.in, stream("RCPT TO:<c@d>\r\n", million - 1), t);
    }
    CHECK(t.replies == million - 1);
    CHECK(s.session.recipients() == std::min<std::uint64_t>(limit, million));
    CHECK(t.refusals == million - s.session.recipients());
    CHECK(t.linear());
  }
}

TEST_CASE("a million recipients of one LMTP message are a million replies to it (RFC 2033 4.2)") {
  constexpr std::uint64_t million = 1'000'000;
  served s(to_rcpt_of_lmtp, options(service::lmtp));
  tally t;
  {
    const flat memory;
    pour(s.session, s.in, stream("RCPT TO:<c@d>\r\n", million - 1), t);
    t = {};
    pour(s.session, s.in, stream("DATA\r\n.\r\n", 1), t);
  }
  CHECK(t.replies == million + 1);
  CHECK(s.session.phase() == phase::ready);
}

// RFC 3030 2 sets no least size to a chunk, and no most to their number.
TEST_CASE("a million chunks of one octet are a million replies and one message (RFC 3030 2)") {
  chunks_of_one_octet(1'000'000);
}

TEST_CASE("chunks behind a refused one are drained, each with its reply (RFC 3030 2)") {
  served s(to_rcpt);
  tally t;
  {
    const flat memory;
    pour(s.session, s.in, stream("BDAT 1\r\n\n", 1), t);  // a LF alone
    pour(s.session, s.in, stream("BDAT 6\r\nQUIT\r\n", 200'000), t);
  }
  CHECK(t.refusals == 200'001);
  CHECK(t.replies == t.refusals);
  CHECK(t.content == 0);
  CHECK(t.linear());
  CHECK(s.session.phase() == phase::broken);
}

// RFC 4954 12: a server may end it, not before the third; how many there were it can ask for.
TEST_CASE("exchanges begun and cancelled without end are counted") {
  served s("EHLO c\r\n");
  tally t;
  {
    const flat memory;
    pour(s.session, s.in, stream("AUTH CRAM-MD5\r\n*\r\n", 200'000), t);
  }
  CHECK(s.session.failed_authentications() == 200'000);
  CHECK(t.linear());
}

TEST_CASE("transactions begun without end leave nothing behind (RFC 5321 4.1.1.5)") {
  served s("EHLO c\r\n");
  tally t;
  {
    const flat memory;
    pour(s.session, s.in, stream("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nRSET\r\nMAIL FROM:<a@b>\r\nEHLO c\r\n", 50'000),
         t);
  }
  CHECK(t.refusals == 0);
  CHECK(t.replies == 250'000);
  CHECK(s.session.recipients() == 0);
}

#if defined(__unix__) || defined(__APPLE__)

TEST_CASE("of a line that drips in nothing is looked at again before its end, but the last block of it") {
  served s("EHLO c\r\nAUTH CRAM-MD5\r\n");
  hostile::receding memory;
  constexpr std::size_t line = (limits::auth_line - 2) / 4 * 4;  // base64
  for (std::size_t i = 0; i < line; ++i) {
    memory.data()[i] = 'A';
    const auto [used, event] = s.session.receive(std::string_view(memory.data(), i + 1));
    if (used != 0 || !std::holds_alternative<need_more>(event)) FAIL("the line had not ended");
    if (i > 64) memory.take(0, i - 64);
  }
  memory.give_back();
  std::memcpy(memory.data() + line, "\r\n", 2);
  const auto [used, event] = s.session.receive(std::string_view(memory.data(), line + 2));
  CHECK(used == line + 2);
  CHECK(std::holds_alternative<auth_response>(event));
}

#endif

TEST_SUITE("slow") {
  TEST_CASE("1 GiB without a line's end, octet by octet" * doctest::skip()) {
    endless_line("", 1024 * mib, pace::octets);
  }

  TEST_CASE("ten million chunks of one octet" * doctest::skip()) { chunks_of_one_octet(10'000'000); }
}
