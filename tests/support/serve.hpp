// serve: runs a server session over octets in any cutting, and keeps what it said and what it answered.

#ifndef SANSMTP_TESTS_SUPPORT_SERVE_HPP
#define SANSMTP_TESTS_SUPPORT_SERVE_HPP

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sansmtp/sansmtp.hpp"
#include "support/describe.hpp"
#include "support/every_cut.hpp"

namespace support {

struct served {
  std::vector<std::string> events;  // content of a message gathered into one "bytes …"
  std::string replies;
  std::string phase;

  friend bool operator==(const served&, const served&) = default;
};

inline std::string lines(const std::vector<std::string>& of) {
  std::string out;
  for (const std::string& line : of) out.append(line).append("\n");
  return out;
}

// Answers every event with what the RFC says.
inline constexpr auto by_default = [](sansmtp::server& session, const sansmtp::server_event&, sansmtp::writer& out) {
  (void)session.answer(out);
};

// The session keeps the caller's contract: octets stay until they are used, and each look begins
// at the first unused one. `reply` is called with each event that owes an answer.
template <class Reply = decltype(by_default)>
served serve(const sansmtp::server_options& options, parts octets, Reply reply = by_default) {
  using namespace sansmtp;
  served out;
  std::array<char, 8192> room{};
  writer replies{room};
  server session{options};
  std::string bytes;
  bool gathering = false;
  const auto flush = [&] {
    out.replies.append(replies.written());
    replies.clear();
  };
  const auto say = [&](std::string event) {
    if (gathering) out.events.push_back("bytes " + shown(bytes));
    gathering = false;
    bytes.clear();
    if (!event.empty()) out.events.push_back(std::move(event));
  };
  if (session.phase() == phase::connect) (void)session.greet(replies);
  std::string unread;
  for (std::string_view part : octets) {
    unread.append(part);
    for (bool more = session.open(); more;) {
      // Memory of its own for every look, so that a view kept too long is seen.
      const std::string view = unread;
      const auto [used, event] = session.receive(std::string_view(view));
      if (const auto* piece = std::get_if<message_bytes>(&event)) {
        gathering = true;
        bytes.append(piece->bytes);
      } else if (std::holds_alternative<start_tls>(event)) {
        say(describe(event));
        (void)session.tls_started();
      } else if (std::holds_alternative<need_more>(event)) {
        more = false;
      } else {
        say(describe(event));
        if (session.owed() != 0) reply(session, event, replies);
        while (session.owed() != 0 && !std::holds_alternative<paused>(event) && session.open() && replies.room() > 1024)
          reply(session, event, replies);
        more = session.open();
      }
      unread.erase(0, used);
      flush();
    }
  }
  say({});
  flush();
  out.phase = name_of(session.phase());
  return out;
}

template <class Reply = decltype(by_default)>
served serve(const sansmtp::server_options& options, std::string_view octets, Reply reply = by_default) {
  return serve(options, cut_text(octets, {}).view(), reply);
}

}  // namespace support

#endif
