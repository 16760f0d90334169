// Values that machines read out of a reply's text: a count, a priority, keywords, the server's name.
//
// Each parse takes the reply and says whether it is one of that kind; each encode writes the text, to
// be given to a response. Offsets of faults count in the text of the line that holds the value, as
// lines() gives it; where there is no value, in that of the first line.

#ifndef SANSMTP_WIRE_REPLY_VALUES_HPP
#define SANSMTP_WIRE_REPLY_VALUES_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/number.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/host.hpp"
#include "sansmtp/grammar/path.hpp"
#include "sansmtp/grammar/reply_text.hpp"
#include "sansmtp/wire/ehlo_line.hpp"
#include "sansmtp/wire/handling_values.hpp"
#include "sansmtp/wire/reply.hpp"
#include "sansmtp/wire/status_registry.hpp"

namespace sansmtp {

// The server's name in its greeting, in its reply to HELO, EHLO or LHLO, in 221 and in 421: a Domain
// or an address literal, when it is one (RFC 5321 4.2). Free text stands there too; hello_host gives
// it as it is. Faults: those of host.
constexpr result<host> parse_hello_host(const reply& of, quirks leniency = quirks::strict) noexcept {
  const auto named = host::parse(hello_host(of), leniency);
  return named ? named : named.error() + span_of(octet_class::white, of.text());
}

// 253 to ETRN: how many messages are on their way to the node (RFC 1985 5.1).
//
//   253 OK, <n> pending messages for node <x> started
//
// The number is the first word that is one. Faults: reply_out_of_place, reply_text_malformed at the
// end of the text, number_too_large.
constexpr result<std::uint64_t> parse_pending_messages(const reply& answer) noexcept {
  if (answer.code() != 253) return errc::reply_out_of_place;
  std::string_view rest = answer.text();
  for (std::string_view word = ehlo_line::next(rest); !word.empty(); word = ehlo_line::next(rest))
    if (all(octet_class::digit, word)) {
      const auto count = parse_number(word);
      return count ? count : count.error() + (answer.text().size() - rest.size() - word.size());
    }
  return fault{errc::reply_text_malformed, static_cast<std::uint32_t>(answer.text().size())};
}

// Faults: those of reply_text, in the node.
constexpr result<void> encode_pending_messages(std::uint64_t count, std::string_view node,
                                               writer::draft& out) noexcept {
  if (const auto checked = reply_text::parse(node); !checked) return checked.error();
  out.put("OK, ").put_number(count).put(" pending messages for node ").put(node).put(" started");
  return {};
}

// X.3.6: the priority that the server gave the message instead (RFC 6710 4.1).
//
//   "250" SP "2.3.6" SP priority-value SP textstring
//
// Faults: reply_out_of_place when it has another code; those of parse_mt_priority.
constexpr result<std::int8_t> parse_changed_priority(const reply& answer) noexcept {
  if (!answer.code().positive() || condition_of(answer.status()) != status::priority_changed)
    return errc::reply_out_of_place;
  std::string_view rest = answer.text();
  return parse_mt_priority(rest.substr(0, rest.find(' ')));
}

// The text behind 2.3.6. Fault: priority_malformed, not of -9 to 9.
constexpr result<void> encode_changed_priority(std::int8_t priority, writer::draft& out) noexcept {
  if (priority < -9 || priority > 9) return errc::priority_malformed;
  encode_mt_priority(priority, out);
  out.put(" is the new priority of the message");
  return {};
}

// "SOLICIT=" in a 250 or 550 to RCPT: the kinds of solicitation that this recipient does not want
// (RFC 3865 2.3). The first such word of any line. Faults: reply_out_of_place; reply_text_malformed
// at the end of the first line when there is none; those of solicitation_keywords.
constexpr result<solicitation_keywords> parse_solicitation(const reply& answer) noexcept {
  if (answer.code() != 250 && answer.code() != 550) return errc::reply_out_of_place;
  constexpr std::string_view keyword = "SOLICIT=";
  for (const std::string_view text : answer.lines()) {
    std::string_view rest = text;
    for (std::string_view word = ehlo_line::next(rest); !word.empty(); word = ehlo_line::next(rest)) {
      if (!starts_ignoring_case(word, keyword)) continue;
      word.remove_prefix(keyword.size());
      const auto keywords = solicitation_keywords::parse(word);
      return keywords ? keywords : keywords.error() + (text.size() - rest.size() - word.size());
    }
  }
  return fault{errc::reply_text_malformed, static_cast<std::uint32_t>(answer.text().size())};
}

// "<recipient> SOLICIT=..." as a text. Fault: reply_line_too_long; it must not be folded, and 1000
// octets of keywords are more than a line of a reply may have (RFC 5321 4.5.3.1.5).
constexpr result<void> encode_solicitation(const forward_path& recipient, const solicitation_keywords& keywords,
                                           writer::draft& out) noexcept {
  constexpr std::size_t most = limits::reply_line - 6 - 10;  // 10: an enhanced status code and SP
  const std::size_t before = out.size();
  encode(recipient, out);
  out.put(" SOLICIT=").put(keywords.text());
  if (out.size() - before > most) return fault{errc::reply_line_too_long, static_cast<std::uint32_t>(most)};
  return {};
}

}  // namespace sansmtp

#endif
