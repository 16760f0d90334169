// replay_secrets: what of a dialogue must not be printed, because it is a password or as good as one.
//
// Everything behind the mechanism on an AUTH line, every line of an exchange (RFC 4954 4), and the
// token of a URL that opens a message to whoever has it (RFC 4467 2). Where
// such a line must be shown because a fault lies in it, each octet is a star, so that a caret still
// finds its place. A line that follows AUTH and is no command that anyone knows is taken for a
// response that came too early. Servers repeat what they did not understand, so what was hidden
// once is hidden in replies too.

#ifndef SANSMTP_TESTS_SUPPORT_REPLAY_SECRETS_HPP
#define SANSMTP_TESTS_SUPPORT_REPLAY_SECRETS_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sansmtp/sansmtp.hpp"

namespace support {

class replay_secrets {
 public:
  // A line of the client, without its CRLF, with stars for what is secret; remembers that.
  std::string cover(std::string_view line, bool in_exchange) {
    using namespace sansmtp;
    std::size_t from = secret_from(line);
    const std::string_view word = line.substr(0, span_of(octet_class::verb, line));
    const bool is_auth = from != line.npos;
    if (in_exchange || (after_auth_ && !is_auth && verb_named(word) == verb::unknown)) from = 0;
    if (line == "*") from = line.npos;
    if (from >= line.size()) from = token_from(line);
    after_auth_ = in_exchange || is_auth || (after_auth_ && from == 0);
    std::string out(line);
    if (from >= line.size() || span_of(octet_class::white, line, from) == line.size()) return out;
    covered_ = true;
    keep(line.substr(from));
    for (std::size_t i = from; i < out.size(); ++i)
      if (out[i] != ' ') out[i] = '*';
    return out;
  }

  // Whether the last line that was covered held anything secret.
  bool covered() { return std::exchange(covered_, false); }

  // A server's text without what was secret in the client's lines.
  std::string hide(std::string_view text) const {
    std::string out(text);
    for (const std::string& secret : secrets_)
      for (std::size_t at = 0; (at = out.find(secret, at)) != out.npos;) out.replace(at, secret.size(), "<redacted>");
    return out;
  }

 private:
  static constexpr std::size_t shortest = 4;  // a shorter text would be found in innocent words

  // Where in an AUTH line the secret begins; npos when the line is none. Blanks and junk before the
  // verb do not save it from being one.
  static std::size_t secret_from(std::string_view line) {
    using namespace sansmtp;
    std::size_t at = 0;
    while (at < line.size() && !is(octet_class::verb, line[at])) ++at;
    if (!equal_ignoring_case(line.substr(at, 4), "AUTH") || is_verb_octet(line, at + 4)) return line.npos;
    at += 4;
    while (at < line.size() && !is(octet_class::verb, line[at])) ++at;
    const std::size_t end = span_of(octet_class::verb, line, at);
    return looks_like_mechanism(line.substr(at, end - at)) ? end : at;
  }

  // BURL imap://…;URLAUTH=…:internal:TOKEN
  static std::size_t token_from(std::string_view line) {
    constexpr std::string_view mark = ";URLAUTH=";
    for (std::size_t at = 0; at + mark.size() < line.size(); ++at)
      if (sansmtp::equal_ignoring_case(line.substr(at, mark.size()), mark)) return at + mark.size();
    return line.npos;
  }

  static bool is_verb_octet(std::string_view line, std::size_t at) {
    return at < line.size() && sansmtp::is(sansmtp::octet_class::verb, line[at]);
  }

  // A mechanism is written in one case; a password in its place seldom is, in base64 almost never.
  static bool looks_like_mechanism(std::string_view word) {
    bool upper = false, lower = false;
    for (char c : word) {
      upper = upper || ('A' <= c && c <= 'Z');
      lower = lower || ('a' <= c && c <= 'z');
    }
    return !word.empty() && word.size() <= sansmtp::limits::mechanism_read && upper != lower;
  }

  void keep(std::string_view secret) {
    while (!secret.empty() && (secret.front() == ' ' || secret.front() == '\t')) secret.remove_prefix(1);
    while (!secret.empty() && (secret.back() == ' ' || secret.back() == '\t')) secret.remove_suffix(1);
    if (secret.size() < shortest) return;
    secrets_.emplace_back(secret);
    // PLAIN's password by itself, as a server may say it (RFC 4616 2).
    std::string room(secret.size(), '\0');
    const auto encoded = sansmtp::base64_text::parse(secret);
    if (!encoded) return;
    const auto decoded = encoded->decode(room);
    const auto nul = decoded ? decoded->rfind('\0') : std::string_view::npos;
    if (nul != std::string_view::npos && decoded->size() - nul > shortest)
      secrets_.emplace_back(decoded->substr(nul + 1));
  }

  std::vector<std::string> secrets_;
  bool after_auth_ = false;
  bool covered_ = false;
};

}  // namespace support

#endif
