// Replies, from the ABNF of RFC 5321 4.2, with the enhanced status codes of RFC 3463 2 and RFC 2034 4.
//
// Where the library's decided reading departs from the printed rules, an "Exception" says so. "Ours" is a
// bound that no document sets.

#ifndef SANSMTP_TESTS_ORACLE_REPLY_RULES_HPP
#define SANSMTP_TESTS_ORACLE_REPLY_RULES_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/abnf.hpp"
#include "oracle/core_rules.hpp"

namespace oracle {

inline constexpr std::string_view reply_rules = R"abnf(
; RFC 5321 4.2
Reply-line     = *( Reply-code "-" [ reply-octets ] CRLF )
                 Reply-code [ SP [ reply-octets ] ] CRLF
Reply-code     = %x32-35 %x30-35 %x30-39
textstring     = 1*(%d09 / %d32-126)
; Exception: the printed rule has a textstring, and SP only before one. But ehlo-greet, in the same reply, has
; controls (4.1.1.1), servers send text that is not ASCII, and "250 " with nothing behind it: all octets are taken
; but those that could end a line, or a string.
reply-octets   = 1*( %x01-09 / %x0B-0C / %x0E-FF )

; what a server writes, with UTF8-non-ascii by RFC 6531 3.7.4
written-text   = *( %d09 / %d32-126 / UTF8-non-ascii )

; RFC 3463 2: "without leading zero digits"
status-code    = class "." subject "." detail
class          = "2" / "4" / "5"
subject        = "0" / %x31-39 *2DIGIT
detail         = "0" / %x31-39 *2DIGIT
; RFC 2034 4. Exception: the text behind it may be missing.
status-text    = status-code [ 1*SP [ no-space *OCTET ] ]
no-space       = %x00-1F / %x21-FF
; what is meant as one, be it well made or not
like-a-status  = 1*DIGIT "." 1*DIGIT "." 1*DIGIT [ SP *OCTET ]
)abnf";

inline const grammar& reply_grammar() {
  static const grammar rules{core_rules, reply_rules};
  return rules;
}

struct reply_fields {
  int code = 0;
  std::string status;  // "" when there is none
  std::vector<std::string> raw_lines, lines;
};

// The lines of a reply go together: one code (RFC 5321 4.2.1), and one enhanced status code or none on all of
// them (RFC 2034 4), of the reply's class. Ours: 2048 octets a line, and for 334 the 12288 of RFC 4954 4; 65536
// octets and 1024 lines in all.
inline std::optional<reply_fields> read_reply(std::string_view octets) {
  if (!reply_grammar().match("Reply-line", octets) || octets.size() > 65536) return std::nullopt;
  reply_fields reply;
  const std::string code(octets.substr(0, 3));
  reply.code = std::stoi(code);
  for (std::size_t from = 0; from < octets.size();) {
    const std::size_t end = octets.find("\r\n", from);
    const std::string line(octets.substr(from, end - from));
    from = end + 2;
    if (line.substr(0, 3) != code) return std::nullopt;
    if (line.size() + 2 > (code == "334" ? 12288U : 2048U)) return std::nullopt;
    const std::string raw = line.size() > 4 ? line.substr(4) : "";
    std::string text = raw, status;
    if (const auto found = reply_grammar().match("status-text", raw)) {
      status = found->text_of("status-code");
      if (status[0] != code[0]) return std::nullopt;
      text = raw.substr(status.size());
      text.erase(0, text.find_first_not_of(' '));
    } else if (reply_grammar().match("like-a-status", raw)) {
      return std::nullopt;
    }
    if (!reply.lines.empty() && status != reply.status) return std::nullopt;
    reply.status = status;
    reply.raw_lines.push_back(raw);
    reply.lines.push_back(text);
  }
  if (reply.lines.size() > 1024) return std::nullopt;
  return reply;
}

inline std::optional<std::string> read_status(std::string_view text) {
  const auto found = reply_grammar().match("status-code", text);
  return found ? std::optional(found->text) : std::nullopt;
}

// The text of one line that a server may write. Ours: as much as a line of 2048 octets has room for.
inline std::optional<std::string> read_reply_text(std::string_view text) {
  if (text.size() > 2042 || !reply_grammar().match("written-text", text)) return std::nullopt;
  return std::string(text);
}

inline std::optional<std::string> read_reply_code(std::string_view text) {
  const auto found = reply_grammar().match("Reply-code", text);
  return found ? std::optional(found->text) : std::nullopt;
}

}  // namespace oracle

#endif
