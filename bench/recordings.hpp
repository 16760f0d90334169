// recordings: what clients and servers really said, out of the dialogues in tests/transcripts.
//
// Commands that parse, and whole replies, as quirks::deployed takes them; those to EHLO by
// themselves. In the order of the files' names, so that they are the same each time.

#ifndef SANSMTP_BENCH_RECORDINGS_HPP
#define SANSMTP_BENCH_RECORDINGS_HPP

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "sansmtp/sansmtp.hpp"
#include "support/transcript.hpp"

namespace recordings {

struct lines {
  std::vector<std::string> commands, replies, ehlo_replies;  // each with its CRLFs
};

// The verb of a line that a server would take for a command; unknown of any other.
inline sansmtp::verb verb_of_line(std::string_view octets) {
  if (!octets.ends_with("\r\n") || octets.size() > sansmtp::limits::command_line) return sansmtp::verb::unknown;
  const auto command = sansmtp::parse_command(octets.substr(0, octets.size() - 2), sansmtp::quirks::deployed);
  return command ? sansmtp::verb_of(*command) : sansmtp::verb::unknown;
}

// Sorts what one dialogue holds.
inline void add(lines& to, const support::transcript& script) {
  std::string heard;
  bool ehlo = false, content = false;
  const auto take_replies = [&] {
    sansmtp::reply_reader reader;
    const auto size = reader.scan(heard, sansmtp::quirks::deployed);
    if (!size) heard.clear();
    if (!size || *size == 0) return false;
    content = reader.code() == 354;
    (ehlo && reader.code() == 250 ? to.ehlo_replies : to.replies).push_back(heard.substr(0, *size));
    heard.erase(0, *size);
    return true;
  };
  for (const auto& entry : script.entries) {
    if (entry.who == support::from::server) {
      heard += entry.octets;
      while (take_replies()) {
      }
    } else if (entry.who == support::from::client && content) {
      content = entry.octets != ".\r\n";
      ehlo = false;
    } else if (entry.who == support::from::client) {
      const sansmtp::verb said = verb_of_line(entry.octets);
      ehlo = said == sansmtp::verb::ehlo || said == sansmtp::verb::lhlo;
      if (said != sansmtp::verb::unknown) to.commands.push_back(entry.octets);
    } else {
      heard.clear();
    }
  }
}

inline const lines& all() {
  static const lines made = [] {
    lines found;
    for (const auto& file : support::transcript_files())
      if (const auto reading = support::load_transcript(file); !reading.mistake) add(found, reading.script);
    if (found.commands.empty() || found.replies.empty() || found.ehlo_replies.empty()) {
      std::fputs("the recordings in tests/transcripts are not where they were\n", stderr);
      std::exit(1);
    }
    return found;
  }();
  return made;
}

}  // namespace recordings

#endif
