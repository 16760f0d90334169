// replay: reads a recorded SMTP or LMTP dialogue and prints what the sessions see in it.
//
//   replay FILE      ("-" for standard input)
//
// See usage below for what it reads and prints. All the work is in support/replay.hpp; this turns a
// file into a transcript, be it a log of both sides or the plain octets of one.

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "support/replay.hpp"

namespace {

constexpr std::string_view usage =
    R"(replay FILE    prints what an SMTP or LMTP dialogue means, event by event; "-" is standard input

It reads logs of both sides, "S: 250 Ok" and "C: NOOP", also as swaks, curl -v, sendmail -v, exim -v,
msmtp --debug and Python's smtplib print them; or the octets of one side as they are.

Each event is a line:
  C      the client; C+ did not wait for the reply before it      phase   command   its fields
  S      the server                                    phase -> phase     code      what it answers
  s      what the library's session answers, where no server was recorded
  --     something that is no octet                                #       a remark
Under it stand the octets that are refused and the reason, with its RFC; "by the letter" is what is
taken though the RFC has it otherwise. A keyword with "?" is one that the library does not know.
Passwords and what comes close to them are not printed.
)";

bool read_all(const char* name, std::string& text) {
  const bool standard = std::strcmp(name, "-") == 0;
  std::FILE* file = standard ? stdin : std::fopen(name, "rb");
  if (file == nullptr) return false;
  char room[16384];
  for (std::size_t n; (n = std::fread(room, 1, sizeof room, file)) != 0;) text.append(room, n);
  const bool whole = std::ferror(file) == 0;
  if (!standard) std::fclose(file);
  return whole;
}

// A log, or when not even its first line is one, the octets of one side: a server's begin with a code.
support::transcript_reading read_dialogue(std::string_view text) {
  auto reading = support::read_transcript(text);
  if (!reading.mistake || !reading.script.entries.empty()) return reading;
  const auto code = sansmtp::reply_code::parse(text.substr(0, 3), sansmtp::quirks::deployed);
  const bool server = code && text.size() > 3 && (text[3] == ' ' || text[3] == '-' || text[3] == '\r');
  support::transcript_entry entry{server ? support::from::server : support::from::client, support::happening::none, "",
                                  "", 1};
  // A text without any CR has lost them to an editor.
  for (char c : text) {
    if (c == '\n' && text.find('\r') == text.npos) entry.octets += '\r';
    entry.octets += c;
  }
  support::transcript_reading out;
  out.script.entries.push_back(std::move(entry));
  return out;
}

}  // namespace

int main(int count, char** words) {
  const std::string_view word = count == 2 ? words[1] : "";
  if (word == "--help" || word == "-h") return std::fwrite(usage.data(), 1, usage.size(), stdout), 0;
  if (count != 2 || word.empty() || (word.starts_with('-') && word != "-"))
    return std::fwrite(usage.data(), 1, usage.size(), stderr), 2;
  std::string text;
  if (!read_all(words[1], text)) {
    std::fprintf(stderr, "replay: %s: %s\n", words[1], std::strerror(errno));
    return 1;
  }
  const auto reading = read_dialogue(text);
  support::replay_options options;
  options.colour = isatty(STDOUT_FILENO) == 1;
  const std::string out = support::replay(reading.script, options);
  std::fwrite(out.data(), 1, out.size(), stdout);
  if (!reading.mistake) return 0;
  std::fflush(stdout);
  std::fprintf(stderr, "replay: %s:%zu:%zu: %s\n", words[1], reading.mistake->line, reading.mistake->column,
               reading.mistake->what.c_str());
  return 1;
}
