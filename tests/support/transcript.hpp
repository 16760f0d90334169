// transcript: a dialogue as text, one line of the file for each line of the wire.
//
//   S: 250 2.1.0 Ok          the server sent this text, as it stands, and CRLF
//   C: MAIL FROM:<a@b.c>     the client did
//   C| NO\0OP\r\n            just these octets, no line end added: \\ \r \n \t \0 \xHH are octets, and
//   C| \{998*y}\r\n          \{N*text} is its text N times over (it may hold escapes; \} is a brace)
//   -- tls                   something happened that is no octet: see `happening`
//   # remark                 and empty lines are for people
//
// The blank after the mark may be missing; a line that begins or ends with a blank is best
// written in the second form. Logs are read as people paste them, too: indented S: and C:, swaks,
// curl -v, sendmail -v, exim -v, msmtp --debug, and smtplib's set_debuglevel. The inverse is in
// transcript_format.hpp.

#ifndef SANSMTP_TESTS_SUPPORT_TRANSCRIPT_HPP
#define SANSMTP_TESTS_SUPPORT_TRANSCRIPT_HPP

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace support {

enum class from : unsigned char { server, client, event };

enum class happening : unsigned char {
  none,            // an entry of octets
  tls,             // the handshake succeeded here: what follows was inside TLS (argument: what was agreed on)
  tls_failed,      // the handshake was tried and failed (why)
  close,           // the connection was closed, by the server unless the argument is "by client"
  reset,           // the connection was reset
  timeout,         // nothing came for so many seconds
  send_failed,     // the client could not send what it meant to (why)
  new_connection,  // the same peers once more, from the greeting on
  fresh,           // another exchange, which has nothing to do with the one before
  at,              // the exchange begins in this phase, not with the greeting
  offers,          // and the server had said this line in its EHLO reply
};

struct transcript_entry {
  from who = from::event;
  happening what = happening::none;
  std::string octets;    // what one line of the file stands for; "" for an event
  std::string argument;  // of an event
  std::size_t line = 0;  // of the file, from 1

  friend bool operator==(const transcript_entry& a, const transcript_entry& b) {
    return a.who == b.who && a.what == b.what && a.octets == b.octets && a.argument == b.argument;
  }
};

struct transcript {
  std::string about;  // the remarks it opens with
  std::vector<transcript_entry> entries;
};

struct transcript_mistake {
  std::size_t line = 0;
  std::size_t column = 0;  // in octets, from 1
  std::string what;
};

struct transcript_reading {
  transcript script;
  std::optional<transcript_mistake> mistake;  // nothing is read beyond it
};

inline transcript_reading read_transcript(std::string_view text);

inline std::string octets_from(const transcript& script, from who) {
  std::string all;
  for (const auto& entry : script.entries)
    if (entry.who == who) all += entry.octets;
  return all;
}

inline transcript_reading load_transcript(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return {{}, transcript_mistake{0, 0, "cannot be opened"}};
  return read_transcript(std::string(std::istreambuf_iterator<char>(in), {}));
}

// tests/transcripts, and the dialogues in it (every .txt but those of sasl/, which are none), in the order of their
// names.
inline std::filesystem::path transcript_folder() {
  return std::filesystem::path(__FILE__).parent_path().parent_path() / "transcripts";
}

inline std::vector<std::filesystem::path> transcript_files() {
  std::vector<std::filesystem::path> files;
  std::error_code failed;
  for (std::filesystem::recursive_directory_iterator it(transcript_folder(), failed), end; !failed && it != end;
       it.increment(failed)) {
    const auto& file = it->path();
    if (file.extension() == ".txt" && file.parent_path().filename() != "sasl") files.push_back(file);
  }
  std::sort(files.begin(), files.end());
  return files;
}

struct event_form {
  happening what;
  std::string_view words;
  enum { none, optional, required } argument;
};

inline constexpr event_form event_forms[] = {
    {happening::tls_failed, "tls failed", event_form::optional},
    {happening::tls, "tls", event_form::optional},
    {happening::close, "close", event_form::optional},
    {happening::reset, "reset", event_form::none},
    {happening::timeout, "timeout", event_form::required},
    {happening::send_failed, "send failed", event_form::optional},
    {happening::new_connection, "new connection", event_form::none},
    {happening::fresh, "fresh", event_form::none},
    {happening::at, "at", event_form::required},
    {happening::offers, "offers", event_form::required},
};

// What stands before the octets. A longer mark comes before one that it begins with.
struct mark_form {
  std::string_view mark;
  from who;
  std::size_t blanks;  // at most so many blanks behind the mark belong to it
  bool tight;          // the text may follow it at once
};

inline constexpr mark_form mark_forms[] = {
    {"S:", from::server, 1, true},      {"C:", from::client, 1, true},
    {"<**", from::server, 1, false},    {"<~*", from::server, 1, false},     // swaks, a refusal
    {"<--", from::server, 1, false},    {"-->", from::client, 1, false},     // msmtp
    {"<<<", from::server, 1, false},    {">>>", from::client, 1, false},     // sendmail
    {"SMTP<<", from::server, 1, false}, {"SMTP>>", from::client, 1, false},  // exim
    {"<-", from::server, 2, false},     {"->", from::client, 1, false},      // swaks
    {"<~", from::server, 2, false},     {"~>", from::client, 1, false},      // swaks, inside TLS
    {"<", from::server, 1, false},      {">", from::client, 1, false},       // curl
};

// What the programs say beside the dialogue. Two of these lines tell of an event.
struct chatter_form {
  std::string_view begins;
  happening what;
};

inline constexpr chatter_form chatter_forms[] = {
    {"=== TLS started", happening::tls},
    {"=== Connection closed", happening::close},
    {"*** Remote host closed connection", happening::close},
    {"* SSL connection using", happening::tls},
    {"* Closing connection", happening::close},
    {"=== ", happening::none},
    {"*** ", happening::none},
    {"* ", happening::none},
    {"{ [", happening::none},
    {"} [", happening::none},
    {"reply: retcode", happening::none},
    {"connect: ", happening::none},
    {"data: ", happening::none},
};

class transcript_reader {
 public:
  transcript_reading read(std::string_view text) {
    while (!text.empty() && !out_.mistake) {
      const auto end = std::min(text.find('\n'), text.size());
      line_ = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      if (line_.ends_with('\r')) line_.remove_suffix(1);
      ++number_;
      read_line();
    }
    return std::move(out_);
  }

 private:
  static constexpr std::size_t most_octets = std::size_t{1} << 24;  // of a line; the mistyped N of a \{N*text}
  static constexpr int most_depth = 8;
  static constexpr std::string_view blanks = " \t";

  void read_line() {
    const auto indent = std::min(line_.find_first_not_of(blanks), line_.size());
    if (indent == line_.size()) return;
    const auto rest = line_.substr(indent);
    if (rest.starts_with('#')) return read_remark(rest.substr(1));
    if (rest == "--" || rest.starts_with("-- ")) return read_event(indent + 2);
    if (rest.starts_with("S|") || rest.starts_with("C|")) {
      const auto start = indent + (rest.substr(2).starts_with(' ') ? 3U : 2U);
      return read_escaped(rest[0] == 'S' ? from::server : from::client, start, '\n');
    }
    for (const auto& chatter : chatter_forms) {
      if (!rest.starts_with(chatter.begins)) continue;
      if (chatter.what != happening::none) add({from::event, chatter.what, "", "", number_});
      return;
    }
    if (rest.starts_with("send: ") || rest.starts_with("reply: ")) return read_python(indent);
    for (const auto& form : mark_forms) {
      if (!rest.starts_with(form.mark)) continue;
      auto said = rest.substr(form.mark.size());
      if (!form.tight && !said.empty() && said[0] != ' ') continue;
      for (auto n = form.blanks; n != 0 && said.starts_with(' '); --n) said.remove_prefix(1);
      return add({form.who, happening::none, std::string(said) + "\r\n", "", number_});
    }
    wrong(indent, "a line begins with S: C: S| C| -- or #");
  }

  void read_remark(std::string_view remark) {
    if (!out_.script.entries.empty()) return;
    if (remark.starts_with(' ')) remark.remove_prefix(1);
    if (!out_.script.about.empty()) out_.script.about += '\n';
    out_.script.about += remark;
  }

  void read_event(std::size_t at) {
    const auto start = line_.find_first_not_of(blanks, at);
    if (start == line_.npos) return add({from::event, happening::fresh, "", "", number_});
    for (const auto& form : event_forms) {
      if (!line_.substr(start).starts_with(form.words)) continue;
      auto argument = line_.substr(start + form.words.size());
      if (argument.starts_with(':')) argument.remove_prefix(1);
      if (!argument.empty() && argument[0] != ' ') continue;
      argument.remove_prefix(std::min(argument.find_first_not_of(blanks), argument.size()));
      argument = argument.substr(0, argument.find_last_not_of(blanks) + 1);
      if (form.argument == event_form::none && !argument.empty())
        return wrong(line_.size() - argument.size(), "this event takes nothing more");
      if (form.argument == event_form::required && argument.empty())
        return wrong(line_.size(), "this event wants more");
      const bool opens = form.what == happening::at || form.what == happening::offers;
      if (opens && spoken_) return wrong(start, "only the beginning of an exchange has this");
      return add({from::event, form.what, "", std::string(argument), number_});
    }
    wrong(start, "an event that is not known");
  }

  // send: 'quit\r\n' and reply: b'221 Bye\r\n', as Python writes a str or bytes.
  void read_python(std::size_t indent) {
    const auto who = line_[indent] == 's' ? from::client : from::server;
    auto at = line_.find(' ', indent) + 1;
    if (at < line_.size() && line_[at] == 'b') ++at;
    if (at >= line_.size() || (line_[at] != '\'' && line_[at] != '"')) return wrong(at, "a quoted text is wanted");
    read_escaped(who, at + 1, line_[at]);
  }

  void read_escaped(from who, std::size_t at, char stop) {
    std::string octets;
    if (!unescape(at, stop, octets, 0)) return;
    if (stop != '\n' && ++at < line_.size()) return wrong(at, "more behind the quoted text");
    add({who, happening::none, std::move(octets), "", number_});
  }

  // From `at` up to `stop`, or to the end of the line if that is LF. Behind a backslash, `stop` is itself.
  bool unescape(std::size_t& at, char stop, std::string& octets, int depth) {
    for (; at < line_.size() && line_[at] != stop; ++at) {
      if (octets.size() >= most_octets) return fail(at, "too many octets for a line");
      if (line_[at] != '\\') {
        octets += line_[at];
      } else if (!read_escape(at, stop, octets, depth)) {
        return false;
      }
    }
    return stop == '\n' || at < line_.size() || fail(at, "it does not end");
  }

  // `at` is the backslash, then the last octet of the escape.
  bool read_escape(std::size_t& at, char stop, std::string& octets, int depth) {
    const auto backslash = at;
    const char c = ++at < line_.size() ? line_[at] : '\n';
    switch (c) {
      case '\\':
        octets += '\\';
        return true;
      case 'r':
        octets += '\r';
        return true;
      case 'n':
        octets += '\n';
        return true;
      case 't':
        octets += '\t';
        return true;
      case '0':
        octets += '\0';
        return true;
      case 'x': {
        const int high = hex(at + 1), low = hex(at + 2);
        if (high < 0 || low < 0) return fail(backslash, "\\x wants two hexadecimal digits");
        octets += static_cast<char>(high * 16 + low);
        at += 2;
        return true;
      }
      case '{':
        return read_repeated(at, octets, depth);
      default:
        break;
    }
    if (c != stop || stop == '\n') return fail(backslash, "an escape that is not known");
    octets += c;
    return true;
  }

  bool read_repeated(std::size_t& at, std::string& octets, int depth) {
    const auto brace = at;
    if (depth == most_depth) return fail(brace, "repetitions too deep");
    std::size_t times = 0;
    while (++at < line_.size() && line_[at] >= '0' && line_[at] <= '9') {
      times = times * 10 + static_cast<std::size_t>(line_[at] - '0');
      if (times > most_octets) return fail(brace, "too many octets for a line");
    }
    if (times == 0) return fail(at, "\\{ wants how many times, from 1");
    if (at >= line_.size() || line_[at] != '*') return fail(at, "\\{N wants a *");
    std::string once;
    if (!unescape(++at, '}', once, depth + 1)) return false;
    if (once.empty()) return fail(at, "nothing is repeated");
    if (times > (most_octets - std::min(most_octets, octets.size())) / once.size())
      return fail(brace, "too many octets for a line");
    for (octets.reserve(octets.size() + times * once.size()); times != 0; --times) octets += once;
    return true;
  }

  int hex(std::size_t at) const {
    constexpr std::string_view digits = "0123456789abcdef";
    if (at >= line_.size()) return -1;
    const char c = line_[at] >= 'A' && line_[at] <= 'F' ? static_cast<char>(line_[at] - 'A' + 'a') : line_[at];
    const auto value = digits.find(c);
    return value == digits.npos ? -1 : static_cast<int>(value);
  }

  void add(transcript_entry entry) {
    spoken_ = entry.what != happening::fresh && entry.what != happening::new_connection &&
              entry.what != happening::at && entry.what != happening::offers;
    out_.script.entries.push_back(std::move(entry));
  }

  void wrong(std::size_t at, std::string what) { out_.mistake = {number_, at + 1, std::move(what)}; }
  bool fail(std::size_t at, std::string what) { return wrong(at, std::move(what)), false; }

  transcript_reading out_;
  std::string_view line_;
  std::size_t number_ = 0;
  bool spoken_ = false;  // the exchange has begun
};

inline transcript_reading read_transcript(std::string_view text) { return transcript_reader().read(text); }

}  // namespace support

#endif
