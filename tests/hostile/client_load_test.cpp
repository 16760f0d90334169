// Floods at a client: what a server can send without end, and that it costs no memory and no more work than its octets.
//
// Each streams through receive(input&), as those at the server do (server_load_test.cpp).

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <variant>

#include "hostile/flood.hpp"
#include "sansmtp/session/client.hpp"

using namespace sansmtp;
using hostile::flat;
using hostile::kib_of_x;
using hostile::mib;
using hostile::pace;
using hostile::stream;

namespace {

// A client that is connected, and hears what a stream brings.
struct caller {
  explicit caller(const client_options& o = {}) : session(o) {}
  client session;
  input_buffer<131072> in;
  std::uint64_t calls = 0, reads = 0, events = 0, ends = 0;
  std::uint32_t index = 0;
  std::optional<fault> why;

  void hear(stream from) {
    while (true) {
      const client_event event = session.receive(in);
      ++calls;
      if (std::holds_alternative<need_more>(event)) {
        const std::size_t n = from.read(in.space());
        if (n == 0) return void(++ends);
        in.commit(n);
        ++reads;
        continue;
      }
      ++events;
      if (const auto* a = std::get_if<answer>(&event)) index = a->index;
      if (const auto* c = std::get_if<closed>(&event)) return void(why = c->why);
    }
  }
  void hear(std::string_view once) { hear(stream(once, 1)); }
  void say(const command& c) {
    output_buffer<512> out;
    REQUIRE(session.send(c, out));
  }
  bool linear() const { return calls <= reads + events + ends; }
};

// Introduced, with PIPELINING, and in a transaction.
void open_transaction(caller& c) {
  const hello_name name = *hello_name::parse("c.example");
  c.hear("220 a\r\n");
  c.say(ehlo{name});
  c.hear("250-a\r\n250-PIPELINING\r\n250-AUTH PLAIN\r\n250 CHUNKING\r\n");
}

void endless_reply(std::string_view line, errc wanted, std::size_t bound) {
  for (pace p : {pace::whole, pace::octets}) {
    caller c;
    open_transaction(c);
    c.say(noop{});
    const std::uint64_t reads = c.reads;
    {
      const flat memory;
      c.hear(stream(line, mib, p));
    }
    REQUIRE(c.why);
    CHECK(c.why->code == wanted);
    CHECK(c.why->at <= bound);
    CHECK((p == pace::whole || c.reads - reads <= bound + 1));  // no octet is waited for behind the bound
    CHECK(c.linear());
  }
}

}  // namespace

// RFC 5321 4.5.3.1.5 bounds what a server should write; what is read has bounds of our own (limits.hpp).
TEST_CASE("a reply without an end is a fault at its bound: of lines, of octets in a line, of octets (RFC 5321 4.2.1)") {
  endless_reply("250-\r\n", errc::reply_too_many_lines, limits::received_reply_lines * 6);
  endless_reply("250-KEYWORD x\r\n", errc::reply_too_many_lines, limits::received_reply_lines * 15);
  static const std::string_view long_line = [] {
    static std::array<char, 1006> line{};
    line.fill('x');
    std::memcpy(line.data(), "250-", 4);
    std::memcpy(line.data() + 1004, "\r\n", 2);
    return std::string_view(line.data(), line.size());
  }();
  endless_reply(long_line, errc::reply_too_long, limits::received_reply);
  caller c;
  open_transaction(c);
  c.say(noop{});
  {
    const flat memory;
    c.hear("250 ");
    c.hear(stream(kib_of_x, mib));
  }
  REQUIRE(c.why);
  CHECK(c.why->code == errc::reply_line_too_long);
  CHECK(c.why->at == limits::received_reply_line);
}

TEST_CASE("EHLO lists as long as a reply may be, again and again, leave no more than one short (RFC 5321 4.1.1.1)") {
  caller c;
  open_transaction(c);
  {
    const flat memory;
    for (int i = 0; i < 200; ++i) {
      c.say(ehlo{*hello_name::parse("c.example")});
      c.hear(stream("250-XUNHEARD-OF WITH PARAMETERS\r\n250-AUTH X-NONE\r\n250-SIZE 9\r\n", 340));
      c.hear("250 PIPELINING\r\n");
    }
  }
  CHECK(c.session.phase() == phase::ready);
  CHECK(c.session.offered().has(extension::pipelining));
  CHECK_FALSE(c.session.offered().has(extension::chunking));
  CHECK(c.linear());
}

TEST_CASE("replies that nothing asked for end the conversation at the first (RFC 5321 4.2)") {
  caller c;
  open_transaction(c);
  {
    const flat memory;
    c.hear(stream("250 a\r\n", mib));
  }
  REQUIRE(c.why);
  CHECK(c.why->code == errc::reply_unexpected);
  CHECK(c.events == 3);
}

// RFC 2920 3.1: a group may be of any length.
TEST_CASE("a million commands outstanding take no memory, and each reply finds its own (RFC 2920 3.1)") {
  constexpr std::uint32_t million = 1'000'000;
  for (service kind : {service::smtp, service::lmtp}) {
    caller c({.kind = kind});
    const hello_name name = *hello_name::parse("c.example");
    c.hear("220 a\r\n");
    c.say(kind == service::lmtp ? command(lhlo{name}) : command(ehlo{name}));
    c.hear("250-a\r\n250 PIPELINING\r\n");
    c.say(mail{*reverse_path::parse("<a@b>"), {}});
    const command to = rcpt{*forward_path::parse("<c@d>"), {}};
    {
      const flat memory;
      output_buffer<64> out;
      for (std::uint32_t i = 0; i < million; ++i) {
        out.clear();
        if (!c.session.send(to, out)) FAIL("a RCPT was not sent");
      }
      c.hear("250 a\r\n");
      c.hear(stream("250 a\r\n550-b\r\n550 b\r\n", million / 2));
    }
    CHECK(c.session.awaited() == 0);
    CHECK(c.index == million - 1);
    CHECK(c.session.recipients() == million / 2);
    CHECK(c.linear());
    if (kind != service::lmtp) continue;
    c.say(data{});
    c.hear("354 a\r\n");
    output_buffer<64> out;
    REQUIRE(c.session.finish(out));
    {
      const flat memory;
      c.hear(stream("250 a\r\n", million / 2));  // RFC 2033 4.2: one for each that was accepted
    }
    CHECK(c.index == million / 2 - 1);
    CHECK(c.session.phase() == phase::ready);
  }
}

TEST_CASE("challenges without end are answered one by one, in no memory (RFC 4954 4)") {
  caller c;
  open_transaction(c);
  c.say(auth{"PLAIN", {}});
  c.hear("334 \r\n");
  {
    const flat memory;
    for (int i = 0; i < 100'000; ++i) {
      output_buffer<64> out;
      if (!c.session.respond(std::string_view("x"), out)) FAIL("a challenge was not answered");
      c.hear("334 QUJD\r\n");
    }
  }
  CHECK(c.session.phase() == phase::auth);
  CHECK(c.linear());
}

#if defined(__unix__) || defined(__APPLE__)

TEST_CASE("of a reply that drips in only its first code and its present line are looked at again before its end") {
  caller c;
  open_transaction(c);
  c.say(noop{});
  hostile::receding memory;
  std::size_t n = 0;
  const std::size_t first = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  for (int line = 0; line < 60; ++line) {
    const std::size_t begin = n;
    for (std::size_t i = 0; i < 1000; ++i) {
      memory.data()[n++] = i < 4 ? "250-"[i] : i < 998 ? 'x' : "\r\n"[i - 998];
      const auto [used, event] = c.session.receive(std::string_view(memory.data(), n));
      if (used != 0 || !std::holds_alternative<need_more>(event)) FAIL("the reply had not ended");
      if (begin > 64) memory.take(first, begin - 64);
    }
  }
  memory.give_back();
  std::memcpy(memory.data() + n, "250 \r\n", 6);
  const auto [used, event] = c.session.receive(std::string_view(memory.data(), n + 6));
  CHECK(used == n + 6);
  REQUIRE(std::holds_alternative<answer>(event));
  CHECK(std::get<answer>(event).reply.line_count() == 61);
}

#endif
