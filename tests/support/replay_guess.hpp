// replay_guess: what a recorded dialogue leaves open, and what is then taken to be so.
//
// What a reply answers when only the server was recorded; where a reply ends that breaks the rules
// by which its end is found; which octets would end a message whose end the log lacks.

#ifndef SANSMTP_TESTS_SUPPORT_REPLAY_GUESS_HPP
#define SANSMTP_TESTS_SUPPORT_REPLAY_GUESS_HPP

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sansmtp/sansmtp.hpp"

namespace support {

// What a reply answers, where the client was not recorded: by its code, and by what a client that
// wants to send mail says in this phase.
inline sansmtp::act likely_question(const sansmtp::reply& said, sansmtp::phase at, bool lmtp) {
  using sansmtp::act, sansmtp::phase;
  const auto status = said.status();
  switch (at) {
    case phase::connect: return act::greeting;
    case phase::data: return act::message_end;
    case phase::auth: return act::auth_response;
    case phase::refused: return act::quit;
    default: break;
  }
  switch (said.code().value) {
    case 214: return act::help;
    case 220: return act::starttls;
    case 221: return act::quit;
    case 252: return act::vrfy;
    case 334:
    case 235:
    case 535: return act::auth;
    case 354: return act::data;
    default: break;
  }
  if (at == phase::greeted) {
    const bool several = said.line_count() > 1 || !said.code().positive();
    return lmtp ? act::lhlo : several ? act::ehlo : act::helo;
  }
  if (said.code().positive() && said.line_count() > 1 && !status) return lmtp ? act::lhlo : act::ehlo;
  if (status == sansmtp::enhanced_status{2, 0, 0}) return act::rset;
  return at == phase::ready ? act::mail : act::rcpt;
}

// A reply that cannot be read as it stands.
struct malformed_reply {
  std::size_t begin;  // of the line that the fault lies in
  std::size_t end;    // of the reply, as far as one can tell
  int code;           // what is believed of it; 0 for nothing
};

// Looks for the reply at the front of `text`, with a fault at `at`. Nothing while its end may be
// still to come, which it may until the server has `ended` speaking.
inline std::optional<malformed_reply> find_malformed(std::string_view text, std::size_t at, bool ended) {
  const auto code_at = [&](std::size_t line) {
    const auto code = sansmtp::reply_code::parse(text.substr(line, 3), sansmtp::quirks::deployed);
    return code ? int{code->value} : 0;
  };
  malformed_reply found{text.substr(0, at).rfind('\n') + 1, 0, 0};
  for (std::size_t line = found.begin;; line = found.end) {
    const std::size_t lf = text.find('\n', std::max(line, at));
    if (lf == text.npos && !ended) return std::nullopt;
    found.end = lf == text.npos ? text.size() : lf + 1;
    const bool continues = code_at(line) != 0 && line + 3 < found.end && text[line + 3] == '-';
    if (continues && found.end == text.size() && !ended) return std::nullopt;
    if (!continues || found.end == text.size()) break;
  }
  // Of two codes the worse: a failure must never read as success.
  found.code = std::max(code_at(0), code_at(found.begin));
  return found;
}

// The octets that end a message of which these are on the wire so far (RFC 5321 4.1.1.4).
inline std::string_view end_for(std::string_view wire) {
  if (wire.empty() || wire.ends_with("\r\n")) return ".\r\n";
  return wire.ends_with('\r') ? "\n.\r\n" : "\r\n.\r\n";
}

}  // namespace support

#endif
