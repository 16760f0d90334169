// The recorded dialogues: every line of a client and every reply of a server, judged by the library and by the
// rules of the RFCs.

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "oracle/agreement.hpp"
#include "oracle/command_rules.hpp"
#include "oracle/command_words.hpp"
#include "oracle/reply_rules.hpp"
#include "sansmtp/wire/parse_command.hpp"
#include "sansmtp/wire/reply.hpp"
#include "support/transcript.hpp"

using oracle::agreement;

namespace {

std::string found_command(std::string_view line) {
  const auto parsed = sansmtp::parse_command(line);
  return parsed ? oracle::words(*parsed) : oracle::refusal(parsed, line);
}
std::string due_command(std::string_view line) {
  const auto fields = oracle::read_command(line);
  return fields ? oracle::words(*fields) : oracle::refused;
}

std::string found_reply(std::string_view octets) {
  const auto reply = sansmtp::reply::parse(octets);
  if (!reply) return oracle::refusal(reply, octets);
  std::string out = std::to_string(reply->code().value) + " " + std::to_string(reply->status().detail);
  for (std::string_view line : reply->lines()) out += oracle::field("line", line);
  return out;
}
std::string due_reply(std::string_view octets) {
  const auto reply = oracle::read_reply(octets);
  if (!reply) return oracle::refused;
  const std::size_t dot = reply->status.rfind('.');
  std::string out =
      std::to_string(reply->code) + " " + (dot == std::string::npos ? "0" : reply->status.substr(dot + 1));
  for (const std::string& line : reply->lines) out += oracle::field("line", line);
  return out;
}

// Each line with its CRLF; what is left at the end too.
template <class Take>
void each_line(std::string_view octets, Take take) {
  while (!octets.empty()) {
    const std::size_t end = octets.find("\r\n");
    const std::size_t size = end == octets.npos ? octets.size() : end + 2;
    take(octets.substr(0, size));
    octets.remove_prefix(size);
  }
}

}  // namespace

TEST_CASE("what was said in the recorded dialogues is judged alike") {
  agreement commands{found_command, due_command}, replies{found_reply, due_reply};
  std::size_t files = 0;
  for (const auto& file : support::transcript_files()) {
    const auto reading = support::load_transcript(file);
    CAPTURE(file.string());
    REQUIRE_FALSE(reading.mistake);
    ++files;
    // Lines of messages among the commands' are questions as good as any.
    each_line(support::octets_from(reading.script, support::from::client), [&](std::string_view line) {
      if (line.size() <= 2000) commands.ask(line.substr(0, line.size() - (line.ends_with("\r\n") ? 2 : 0)));
    });
    std::string reply;
    each_line(support::octets_from(reading.script, support::from::server), [&](std::string_view line) {
      reply += line;
      if (line.size() > 3 && line[3] == '-') return;
      replies.ask(reply);
      reply.clear();
    });
  }
  CHECK(files > 50);
  commands.check();
  replies.check();
}
