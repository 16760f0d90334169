// The paths of whole sessions, without input and output: EHLO, MAIL, three RCPT, DATA, 4 KiB, QUIT, from
// the server's side and from the client's.

#ifndef SANSMTP_BENCH_INSTRUCTIONS_CONVERSATIONS_HPP
#define SANSMTP_BENCH_INSTRUCTIONS_CONVERSATIONS_HPP

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "keep.hpp"
#include "messages.hpp"
#include "sansmtp/sansmtp.hpp"
#include "traffic.hpp"

namespace instructions {

using namespace sansmtp::literals;

// All of it pipelined, and every reply written.
[[gnu::noinline]] inline std::size_t served(std::size_t rounds) {
  using enum sansmtp::extension;
  const sansmtp::server_options options{
      .host = "mx.example.org"_domain,
      .extensions = {pipelining, eight_bit_mime, sansmtp::extension::size, chunking, enhanced_status_codes},
      .size_limit = 50'000'000};
  const std::string said =
      "EHLO client.example.com\r\n"
      "MAIL FROM:<news.letter@lists.example.com> SIZE=4200 BODY=8BITMIME\r\n"
      "RCPT TO:<first.reader@example.org>\r\n"
      "RCPT TO:<second.reader@example.org>\r\n"
      "RCPT TO:<third.reader@example.org>\r\n"
      "DATA\r\n" +
      traffic::message(traffic::body::prose, 4096) + "QUIT\r\n";
  sansmtp::output_buffer<4096> out;
  for (std::size_t round = 0; round < rounds; ++round) {
    sansmtp::server session(options);
    expect(session.greet(out).has_value());
    for (std::string_view unread = hide(said); !unread.empty();) {
      const auto step = session.receive(unread);
      unread.remove_prefix(step.used);
      keep(step);
      if (session.owed() != 0) expect(session.answer(out).has_value());
    }
    expect(!session.open() && out.written().ends_with("221 2.0.0 mx.example.org closing\r\n"));
    keep(out.written());
    out.clear();
  }
  return rounds;
}

// Everything in `replies` is heard, and answers what was said.
inline void hear(sansmtp::client& session, std::string_view replies) {
  for (std::string_view unread = hide(replies); !unread.empty();) {
    const auto step = session.receive(unread);
    expect(step.used != 0);
    keep(step);
    unread.remove_prefix(step.used);
  }
  expect(session.awaited() == 0);
}

inline void say(sansmtp::client& session, std::initializer_list<sansmtp::command> group, sansmtp::writer& out) {
  for (const sansmtp::command& each : group) expect(session.send(each, out).has_value());
  keep(out.written());
  out.clear();
}

// MAIL, RCPT and DATA in one group, and every reply read.
[[gnu::noinline]] inline std::size_t sent(std::size_t rounds) {
  const std::string content = content_of(traffic::message(traffic::body::prose, 4096));
  const auto name = sansmtp::hello_name::parse("client.example.com");
  const auto parameters = sansmtp::mail_parameters::parse("SIZE=4200 BODY=8BITMIME");
  sansmtp::output_buffer<8192> out;
  for (std::size_t round = 0; round < rounds; ++round) {
    sansmtp::client session;
    hear(session, "220 mx.example.org ESMTP\r\n");
    say(session, {sansmtp::ehlo{*name}}, out);
    hear(session,
         "250-mx.example.org\r\n250-PIPELINING\r\n250-SIZE 50000000\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n");
    say(session,
        {sansmtp::mail{"<news.letter@lists.example.com>"_reverse_path, *parameters},
         sansmtp::rcpt{"<first.reader@example.org>"_forward_path, {}},
         sansmtp::rcpt{"<second.reader@example.org>"_forward_path, {}},
         sansmtp::rcpt{"<third.reader@example.org>"_forward_path, {}}, sansmtp::data{}},
        out);
    hear(session,
         "250 2.1.0 sender accepted\r\n250 2.1.5 recipient accepted\r\n250 2.1.5 recipient accepted\r\n"
         "250 2.1.5 recipient accepted\r\n354 end the message with <CR><LF>.<CR><LF>\r\n");
    const auto taken = session.write(hide(content), out);
    expect(taken && *taken == content.size() && session.finish(out));
    keep(out.written());
    out.clear();
    hear(session, "250 2.0.0 message accepted\r\n");
    say(session, {sansmtp::quit{}}, out);
    hear(session, "221 2.0.0 mx.example.org closing\r\n");
    expect(!session.open());
  }
  return rounds;
}

}  // namespace instructions

#endif
