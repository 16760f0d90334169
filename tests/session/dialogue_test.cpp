// Both sessions wired to each other: a whole dialogue inside a static_assert, and no allocation in any.

#include <doctest/doctest.h>

#include <cstdlib>
#include <new>
#include <string_view>

#include "sansmtp/sansmtp.hpp"

using namespace sansmtp;
using namespace sansmtp::literals;

namespace {

// What passed between the two, as far as the test asks.
struct outcome_of_dialogue {
  std::size_t messages = 0;
  std::size_t recipients = 0;
  std::uint64_t content = 0;   // octets that the server delivered
  std::uint64_t digest = 0;    // of those octets, in order
  std::size_t refusals = 0;    // 4yz and 5yz that the client heard
  bool orderly = false;        // both sides closed without a fault
};

constexpr std::uint64_t digest_of(std::string_view octets, std::uint64_t from = 0) {
  for (char c : octets) from = from * 1099511628211U + static_cast<unsigned char>(c) + 1;
  return from;
}

// The client's plan: greet, one transaction of two recipients with this content, goodbye. `by_chunks`
// sends it by BDAT in two pieces.
template <class Extensions>
constexpr outcome_of_dialogue converse(service kind, Extensions offered, std::string_view content, bool by_chunks, bool pipelined,
                                       std::size_t at_a_time) {
  outcome_of_dialogue seen;
  server there{{.host = "mx.example.org"_domain, .kind = kind, .extensions = offered}};
  client here{{.kind = kind}};
  output_buffer<2048> to_server;
  output_buffer<2048> to_client;
  input_buffer<1024> at_server;
  input_buffer<1024> at_client;
  const hello_name name = *hello_name::parse("c.example");
  (void)there.greet(to_client);

  int next = 0;
  const auto send_next = [&] {
    // Each line goes as soon as the session permits it; a group at once where pipelining allows it.
    for (bool going = true; going;) {
      result<void> sent;
      switch (next) {
        case 0: sent = kind == service::lmtp ? here.send(lhlo{name}, to_server) : here.send(ehlo{name}, to_server); break;
        case 1: sent = here.send(mail{"<a@c.example>"_reverse_path, {}}, to_server); break;
        case 2:
        case 3: sent = here.send(rcpt{"<b@example.org>"_forward_path, {}}, to_server); break;
        case 4:
          if (!by_chunks) {
            sent = here.send(data{}, to_server);
            break;
          }
          sent = here.send(bdat{content.size() / 2, false}, to_server);
          if (sent) (void)here.write(content.substr(0, content.size() / 2), to_server);
          break;
        case 5:
          if (!by_chunks) {
            if (here.awaited() != 0 || here.phase() != phase::data) return;  // send_message comes first
            (void)here.write(content, to_server);
            sent = here.finish(to_server);
            break;
          }
          sent = here.send(bdat{content.size() - content.size() / 2, true}, to_server);
          if (sent) (void)here.write(content.substr(content.size() / 2), to_server);
          break;
        case 6: sent = here.send(quit{}, to_server); break;
        default: return;
      }
      if (!sent) return;
      ++next;
      going = pipelined;
    }
  };

  const auto move_octets = [&](writer& from, input& to) {
    const auto space = to.space();
    std::size_t n = from.written().size() < space.size() ? from.written().size() : space.size();
    if (n > at_a_time) n = at_a_time;
    if (n == 0) return;
    for (std::size_t i = 0; i < n; ++i) space[i] = from.written()[i];
    to.commit(n);
    from.drop(n);
  };

  for (int turn = 0; turn < 20000 && (there.open() || here.open()); ++turn) {
    move_octets(to_client, at_client);
    for (bool more = here.open(); more;) {
      const client_event event = here.receive(at_client);
      if (std::holds_alternative<need_more>(event)) more = false;
      if (const auto* a = std::get_if<answer>(&event); a != nullptr && !a->reply.code().positive()) ++seen.refusals;
      more = more && here.open();
    }
    send_next();
    move_octets(to_server, at_server);
    for (bool more = there.open(); more;) {
      const server_event event = there.receive(at_server);
      if (const auto* bytes = std::get_if<message_bytes>(&event)) {
        seen.content += bytes->bytes.size();
        seen.digest = digest_of(bytes->bytes, seen.digest);
      } else if (std::holds_alternative<need_more>(event)) {
        more = false;
      } else {
        if (std::holds_alternative<rcpt>(event)) ++seen.recipients;
        if (std::holds_alternative<message_end>(event)) ++seen.messages;
        while (there.owed() != 0) (void)there.answer(to_client);
      }
      more = more && there.open();
    }
  }
  seen.orderly = !there.open() && !there.end_of_input().why && !here.open() && !here.end_of_input().why;
  return seen;
}

constexpr extension_set modern{extension::pipelining, extension::chunking, extension::enhanced_status_codes, extension::eight_bit_mime};
constexpr std::string_view letter = "Subject: dots\r\n\r\n.\r\n..two\r\nend\r\n";

constexpr bool arrives(const outcome_of_dialogue& d) {
  return d.messages == 1 && d.recipients == 2 && d.content == letter.size() && d.digest == digest_of(letter) && d.refusals == 0 &&
         d.orderly;
}

}  // namespace

// A whole dialogue, both sides, while compiling.
static_assert(arrives(converse(service::smtp, modern, letter, false, true, 1000)));

namespace {

std::size_t allocations = 0;

}  // namespace

// Every allocation of the program is counted. noinline: the pair must not be seen through and elided.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) std::abort();
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

TEST_CASE("two sessions wired to each other carry a message, however they are set and cut, and allocate nothing") {
  for (service kind : {service::smtp, service::submission, service::lmtp})
    for (bool by_chunks : {false, true})
      for (bool pipelined : {false, true})
        for (std::size_t at_a_time : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{1000}}) {
          const std::size_t before = allocations;
          const outcome_of_dialogue d = converse(kind, modern, letter, by_chunks, pipelined, at_a_time);
          CHECK(allocations == before);
          CAPTURE(by_chunks);
          CAPTURE(pipelined);
          CAPTURE(at_a_time);
          CHECK(arrives(d));
        }
}

TEST_CASE("the sessions and their events are as small as they promise") {
  CHECK(sizeof(server) <= 512);
  CHECK(sizeof(client) <= 512);
  CHECK(sizeof(server_event) <= 256);
  CHECK(sizeof(client_event) <= 256);
  MESSAGE("server ", sizeof(server), ", client ", sizeof(client), ", server_event ", sizeof(server_event), ", client_event ",
          sizeof(client_event), " octets");
}
