// The least that a client must add to the library: two calls of the system, and what comes when.

#ifndef SANSMTP_BENCH_SIZE_SEND_HPP
#define SANSMTP_BENCH_SIZE_SEND_HPP

#include <unistd.h>

#include <string_view>
#include <variant>

#include "sansmtp/session/client.hpp"

namespace size {

// Sends what `file` says to one recipient, one command at a time.
inline int send(int from, int to, int file, std::string_view sender, std::string_view recipient) {
  const auto name = sansmtp::hello_name::parse("client.example");
  const auto reverse = sansmtp::reverse_path::parse(sender);
  const auto forward = sansmtp::forward_path::parse(recipient);
  if (!name || !reverse || !forward) return 1;
  sansmtp::client session;
  sansmtp::input_buffer<16384> in;
  sansmtp::output_buffer<16384> out;
  const auto flush = [&] {
    const bool written = write(to, out.written().data(), out.written().size()) >= 0;
    out.clear();
    return written;
  };
  const auto say = [&](const sansmtp::command& command) { return session.send(command, out).has_value() && flush(); };
  const auto message = [&] {
    char octets[4096];
    for (ssize_t got; (got = read(file, octets, sizeof octets)) > 0;) {
      for (std::string_view rest(octets, static_cast<std::size_t>(got)); !rest.empty();) {
        const auto taken = session.write(rest, out);
        if (!taken || !flush()) return false;
        rest.remove_prefix(*taken);
      }
    }
    return session.finish(out).has_value() && flush();
  };
  bool good = true, sent = false;
  while (good && session.open()) {
    const auto event = session.receive(in);
    if (const auto* heard = std::get_if<sansmtp::answer>(&event)) {
      switch (heard->reply.kind() == sansmtp::reply_class::positive ? heard->to : sansmtp::act::quit) {
        case sansmtp::act::greeting: good = say(sansmtp::ehlo{*name}); break;
        case sansmtp::act::ehlo: good = say(sansmtp::mail{*reverse, {}}); break;
        case sansmtp::act::mail: good = say(sansmtp::rcpt{*forward, {}}); break;
        case sansmtp::act::rcpt: good = say(sansmtp::data{}); break;
        case sansmtp::act::message_end:
          sent = true;
          good = say(sansmtp::quit{});
          break;
        default: good = heard->to == sansmtp::act::quit || say(sansmtp::quit{}); break;
      }
    } else if (std::holds_alternative<sansmtp::send_message>(event)) {
      good = message();
    } else if (std::holds_alternative<sansmtp::need_more>(event)) {
      const auto space = in.space();
      const ssize_t got = read(from, space.data(), space.size());
      in.commit(got < 0 ? 0 : static_cast<std::size_t>(got));
    } else {
      good = false;
    }
  }
  return good && sent ? 0 : 1;
}

}  // namespace size

#endif
