// The first inputs of every target, out of the transcripts of tests/: fuzz_seeds FOLDER makes
// FOLDER/TARGET/… of what clients and servers said there. What fuzzing finds comes to it.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>

#include "sansmtp/base/octet.hpp"
#include "sansmtp/grammar/base64.hpp"
#include "support/transcript.hpp"

namespace {

class seeds {
 public:
  explicit seeds(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Equal inputs have one name.
  void add(std::string_view target, std::string_view octets, std::size_t most = 4000) const {
    const auto path = folder_ / target;
    std::filesystem::create_directories(path);
    std::ofstream out(path / ("said_" + std::to_string(std::hash<std::string_view>()(octets))), std::ios::binary);
    out << octets.substr(0, most);
  }

 private:
  std::filesystem::path folder_;
};

std::string_view behind(std::string_view text, std::size_t place) { return text.substr(std::min(place, text.size())); }

// What properties/asking.hpp calls the command.
char wish_of(std::string_view line) {
  constexpr std::pair<std::string_view, char> wishes[] = {
      {"EHLO", 'e'}, {"HELO", 'h'}, {"LHLO", 'l'}, {"MAIL", 'm'}, {"RCPT", 'r'}, {"DATA", 'd'},     {"RSET", 'x'},
      {"NOOP", 'n'}, {"VRFY", 'v'}, {"EXPN", 'X'}, {"HELP", '?'}, {"QUIT", 'q'}, {"STARTTLS", 's'}, {"AUTH PLAIN", 'a'},
      {"AUTH", 'A'}, {"ETRN", 'E'}, {"BDAT", 'B'}, {".", '.'},    {"*", '*'}};
  for (const auto& [verb, wish] : wishes)
    if (sansmtp::starts_ignoring_case(line, verb)) return wish;
  return 'c';
}

void of_command(std::string_view line, const seeds& to) {
  to.add("command", line);
  to.add("scan", line);
  to.add("utf8", line);
  to.add("xtext", line);
  std::size_t open = line.find(':');
  if (open != line.npos) {
    const std::string_view path = behind(line, open + 1);
    const std::size_t end = std::min(path.find('>') + 1, path.size());
    to.add("path", path.substr(0, end));
    to.add("path", behind(path.substr(0, end), 1));
    to.add("domain", behind(path.substr(0, end), path.find('@') + 1));
    to.add("parameters", behind(path, end + 1));
  }
  for (std::size_t equals = line.find('='); equals != line.npos; equals = line.find('=', equals + 1)) {
    const std::string_view value = behind(line, equals + 1);
    to.add("values", value.substr(0, value.find(' ')));
    to.add("xtext", value.substr(0, value.find(' ')));
  }
  const std::string_view argument = behind(line, line.find(' ') + 1);
  to.add("domain", argument);
  to.add("values", argument);
  const std::string_view last = behind(line, line.rfind(' ') + 1);
  to.add("base64", last);
  const auto encoded = sansmtp::base64_text::parse(last);
  if (!encoded || last.empty()) return;
  std::string raw(encoded->decoded_size(), '\0');
  if (!encoded->decode(raw)) return;
  for (const char which : std::string_view(" PLCSTDOXEAaplcstdox")) to.add("sasl", which + raw);
}

void of_reply(std::string_view reply, const seeds& to) {
  to.add("reply", reply);
  if (reply.substr(0, 4) == "250-") to.add("ehlo", reply);
  if (reply.size() < 6) return;
  const std::string_view line = reply.substr(4, reply.find('\r') - 4);
  to.add("enhanced_status", line.substr(0, line.find(' ')));
  to.add("enhanced_status", reply.substr(0, 3));
  to.add("response", std::string(reply.substr(0, 3)) + " " + std::string(line.substr(0, line.find(' '))) + "\n" +
                         std::string(line) + "\nmore");
}

void of_message(std::string_view wire, const seeds& to) {
  to.add("data_decode", wire);
  const std::string_view content = wire.substr(0, wire.rfind(".\r\n"));
  to.add("data_encode", content);
  const std::string_view half = content.substr(0, std::min<std::size_t>(content.size() / 2, 200));
  const std::string_view rest = behind(content, half.size()).substr(0, 200);
  for (const char how : {'\0', '\1', '\2', '\x40'})
    to.add("chunk", std::string(1, how) + '+' + static_cast<char>(half.size()) + std::string(half) + '+' +
                        static_cast<char>(rest.size()) + std::string(rest));
}

// Where a side's octets end a reply or a line.
template <class Take>
void each(std::string_view octets, bool replies, Take take) {
  for (std::size_t begin = 0, line = 0; line < octets.size();) {
    const std::size_t end = std::min(octets.find('\n', line), octets.size() - 1) + 1;
    const bool more = replies && line + 3 < octets.size() && octets[line + 3] == '-';
    line = end;
    if (more) continue;
    take(octets.substr(begin, end - begin));
    begin = end;
  }
}

void of_transcript(const support::transcript& script, const seeds& to) {
  std::string client, server, wishes;
  bool message = false;
  std::string content;
  for (const auto& entry : script.entries) {
    if (entry.what == support::happening::tls) client += "\x16\x03", server += "\x16\x03";
    if (entry.who == support::from::server) server += entry.octets;
    if (entry.who != support::from::client) continue;
    client += entry.octets;
    each(entry.octets, false, [&](std::string_view line) {
      if (message) {
        content += line;
        if (line != ".\r\n") return;
        of_message(content, to);
        content.clear();
        message = false;
        wishes += "w. ";
        return;
      }
      const std::string_view text = line.substr(0, line.find('\r'));
      of_command(text, to);
      (wishes += wish_of(text)) += ' ';
      message = wish_of(text) == 'd';
    });
  }
  each(server, true, [&](std::string_view reply) { of_reply(reply, to); });
  to.add("line", client, 1000);
  to.add("server_session", client);
  to.add("server_session", client.substr(0, 300));
  to.add("client_session", wishes + "\n" + server);
  to.add("wired", std::string(2, '\0') + wishes, 500);
  to.add("wired", std::string(1, '\1') + '\0' + wishes, 500);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return std::fprintf(stderr, "fuzz_seeds FOLDER\n"), 2;
  const seeds to(arguments[1]);
  for (const auto& file : support::transcript_files()) {
    const auto reading = support::load_transcript(file);
    if (!reading.mistake) of_transcript(reading.script, to);
  }
  return 0;
}
