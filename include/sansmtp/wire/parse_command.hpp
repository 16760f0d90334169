// parse_command: one line, without its CRLF, to one command or one located refusal.
//
// The octets of the line are checked once for controls, the verb is found by its first four
// octets, and then each part of the line is read once, from left to right. What stands where is
// RFC 5321 4.1.1's grammar to the letter, and under quirks what big servers take besides. How long
// the line may be, and whether the command may stand here now, are the session's affair.

#ifndef SANSMTP_WIRE_PARSE_COMMAND_HPP
#define SANSMTP_WIRE_PARSE_COMMAND_HPP

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <variant>

#include "sansmtp/base/fast_paths.hpp"
#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/number.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/grammar/utf8.hpp"
#include "sansmtp/wire/command.hpp"
#include "sansmtp/wire/command_text.hpp"
#include "sansmtp/wire/query_text.hpp"
#include "sansmtp/wire/spoken.hpp"

namespace sansmtp {

// The command borrows from the line. A fault's place counts from the line's first octet. Quirks:
// loose_space, trailing_space, unnegotiated_utf8, and those of the types in the command. An
// unknown verb is a command, `other`; UTF-8 behind RCPT TO: is taken, for whether the
// transaction has SMTPUTF8 only the session knows.
constexpr result<command> parse_command(std::string_view line, quirks q = quirks::strict) noexcept;

// The octets that follow a BDAT line, refused or not; nothing when the line does not tell, and then
// what is behind it can't be told from commands any more (RFC 3030 2).
constexpr std::optional<std::uint64_t> announced_chunk(std::string_view line) noexcept;

namespace command_line {

constexpr fault fail(errc code, std::size_t at) noexcept { return {code, static_cast<std::uint32_t>(at)}; }

// What is left of the line from a place on.
struct argument {
  std::string_view line;
  std::size_t at;

  constexpr bool empty() const noexcept { return at == line.size(); }
  constexpr char front() const noexcept { return line[at]; }
  constexpr std::string_view text() const noexcept { return {line.data() + at, line.size() - at}; }
  constexpr argument from(std::size_t octets) const noexcept { return {line, at + octets}; }
  constexpr argument without_space(quirks q) const noexcept {
    std::size_t first = at;
    if (!empty() && front() == ' ' && q.allow(quirk::loose_space))
      while (first < line.size() && line[first] == ' ') ++first;  // not reached: the line does not end with SP
    return {line, first};
  }
};

// The verb at the front of the line, known or not, and its length.
struct front {
  verb what;
  std::size_t length;
};

SANSMTP_INLINED constexpr front verb_in_front(std::string_view line) noexcept {
  if (line.size() == 4 || (line.size() > 4 && line[4] == ' '))  // as most have
    if (const verb usual = verb_named({line.data(), 4}); usual != verb::unknown) return {usual, 4};
  const std::size_t length = span_of(octet_class::verb, line);
  return {verb_named({line.data(), length}), length};
}

template <class Hello>
constexpr result<command> hello(argument rest, quirks q) noexcept {
  const auto name = hello_name::parse(rest.text(), q);
  if (!name) return name.error() + rest.at;
  return Hello{*name};
}

// How far the text begins like that word in upper case, whatever its own case.
SANSMTP_INLINED constexpr std::size_t length_alike(std::string_view text, std::string_view word) noexcept {
  std::size_t i = 0;
  for (; i < word.size() && i < text.size(); ++i) {
    const bool letter = 'A' <= word[i];
    if ((letter ? text[i] & ~0x20 : text[i]) != word[i]) break;
  }
  return i;
}

// Whether all of the word stands there, of three to five octets: looked at without a branch for each.
[[gnu::always_inline]] constexpr bool begins_alike(std::string_view text, std::string_view word) noexcept {
  if (text.size() < 4 || text.size() < word.size()) return length_alike(text, word) == word.size();
  std::uint32_t wanted = 0, cases = 0;
  for (std::size_t i = 0; i < 4 && i < word.size(); ++i) {
    wanted |= static_cast<std::uint32_t>(static_cast<unsigned char>(word[i])) << (8 * i);
    cases |= ('A' <= word[i] ? 0xDFU : 0xFFU) << (8 * i);
  }
  return (four_octets(text.data()) & cases) == wanted && (word.size() < 5 || text[4] == word[4]);
}

// Steps over the label of a path, "FROM:" or "TO:", or says what is wrong with it.
SANSMTP_INLINED constexpr std::optional<fault> skip_label(argument& rest, std::string_view label, quirks q) noexcept {
  if (!begins_alike(rest.text(), label))
    return fail(errc::argument_malformed, rest.at + length_alike(rest.text(), label));
  rest = rest.from(label.size()).without_space(q);
  if (rest.empty()) return fail(errc::argument_missing, rest.at);
  return std::nullopt;
}

// A path, and what is behind it and its SP.
template <class Path>
struct envelope {
  Path path;
  argument parameters;
};

template <class Path>
constexpr result<envelope<Path>> parse_envelope(argument rest, quirks q) noexcept {
  const auto front = Path::parse_prefix(rest.text(), q);
  if (!front) return front.error() + rest.at;
  rest = rest.from(front->used);
  if (rest.empty()) return envelope<Path>{front->path, rest};
  if (rest.front() != ' ') return fail(errc::argument_malformed, rest.at);
  return envelope<Path>{front->path, rest.from(1).without_space(q)};
}

// Any MAIL behind its label.
constexpr result<command> parse_any_mail(std::string_view line, std::size_t at, bool ascii, quirks q) noexcept {
  const argument rest{line, at};
  const auto envelope = parse_envelope<reverse_path>(rest, q);
  if (!envelope) return envelope.error();
  const bool any = ascii || q.allow(quirk::unnegotiated_utf8);
  if (any && envelope->parameters.empty()) return mail{envelope->path};
  const auto given = mail_parameters::parse(envelope->parameters.text(), q);
  if (!given) return given.error() + envelope->parameters.at;
  if (!any && !given->smtputf8()) {
    const std::size_t high = rest.at + skip_ascii(rest.text());
    return fail(high < envelope->parameters.at ? errc::non_ascii_sender : errc::non_ascii_octet, high);
  }
  return mail{envelope->path, *given};
}

// A MAIL or RCPT with a path that a glance has told and with parameters, which are read to where they are to stand.
template <class Command, class Path>
constexpr result<command> parse_usual(argument rest, path::usual seen, quirks q) noexcept {
  result<command> made = Command{Path::of_glance(rest.text(), seen)};
  const argument parameters = rest.from(seen.used + 1).without_space(q);
  const auto good = std::get_if<Command>(&*made)->parameters.read(parameters.text(), q);
  if (!good) made = good.error() + parameters.at;
  return made;
}

// mail = "MAIL FROM:" Reverse-path [SP Mail-parameters] CRLF
constexpr result<command> parse_mail(std::string_view line, std::size_t at, bool ascii, quirks q) noexcept {
  argument rest{line, at};
  if (const auto wrong = skip_label(rest, "FROM:", q)) return *wrong;
  const auto usual = path::at_a_glance(line, rest.at);
  if (usual.used == rest.text().size()) return mail{reverse_path::of_glance(rest.text(), usual)};
  if (usual.used != 0 && line[rest.at + usual.used] == ' ' && ascii)
    return parse_usual<mail, reverse_path>(rest, usual, q);
  if (rest.text() == "<>") return mail{reverse_path::null()};  // as failure reports come
  return parse_any_mail(line, rest.at, ascii, q);
}

// Any RCPT behind its label.
constexpr result<command> parse_any_rcpt(std::string_view line, std::size_t at, quirks q) noexcept {
  const argument rest{line, at};
  const auto envelope = parse_envelope<forward_path>(rest, q);
  if (!envelope) return envelope.error();
  if (envelope->parameters.empty()) return rcpt{envelope->path};
  const auto given = rcpt_parameters::parse(envelope->parameters.text(), q);
  if (!given) return given.error() + envelope->parameters.at;
  return rcpt{envelope->path, *given};
}

// rcpt = "RCPT TO:" ( "<Postmaster@" Domain ">" / "<Postmaster>" / Forward-path ) [SP Rcpt-parameters] CRLF
constexpr result<command> parse_rcpt(std::string_view line, std::size_t at, quirks q) noexcept {
  argument rest{line, at};
  if (const auto wrong = skip_label(rest, "TO:", q)) return *wrong;
  const auto usual = path::at_a_glance(line, rest.at);
  if (usual.used == rest.text().size()) return rcpt{forward_path::of_glance(rest.text(), usual)};
  if (usual.used != 0 && line[rest.at + usual.used] == ' ') return parse_usual<rcpt, forward_path>(rest, usual, q);
  return parse_any_rcpt(line, rest.at, q);
}

// send = "SEND FROM:" Reverse-path CRLF; soml and saml likewise. No parameters, so never SMTPUTF8.
constexpr result<reverse_path> parse_lone_path(argument rest, bool ascii, quirks q) noexcept {
  if (const auto wrong = skip_label(rest, "FROM:", q)) return *wrong;
  const auto envelope = parse_envelope<reverse_path>(rest, q);
  if (!envelope) return envelope.error();
  if (!envelope->parameters.empty()) return fail(errc::argument_unexpected, envelope->parameters.at);
  if (!ascii && !q.allow(quirk::unnegotiated_utf8))
    return fail(errc::non_ascii_sender, rest.at + skip_ascii(rest.text()));
  return envelope->path;
}

template <class Send>
constexpr result<command> parse_send(argument rest, bool ascii, quirks q) noexcept {
  const auto from = parse_lone_path(rest, ascii, q);
  if (!from) return from.error();
  return Send{*from};
}

// [SP "LAST"]: whether it is there.
constexpr result<bool> parse_end_marker(argument rest, quirks q) noexcept {
  if (rest.empty()) return false;
  rest = rest.from(1).without_space(q);
  constexpr std::string_view marker = "LAST";
  if (const std::size_t same = length_alike(rest.text(), marker); same != marker.size())
    return fail(errc::chunk_marker, rest.at + same);
  if (rest.text().size() != marker.size()) return fail(errc::chunk_marker, rest.at + marker.size());
  return true;
}

// bdat-cmd = "BDAT" SP chunk-size [SP end-marker] CRLF; end-marker = "LAST"; chunk-size = 1*DIGIT
constexpr result<command> parse_bdat(argument rest, quirks q) noexcept {
  const std::size_t digits = span_of(octet_class::digit, rest.text());
  if (digits == 0) return fail(errc::chunk_size_malformed, rest.at);
  const auto size = parse_number(rest.text().substr(0, digits));
  if (!size) return size.error() + rest.at;
  rest = rest.from(digits);
  if (!rest.empty() && rest.front() != ' ') return fail(errc::chunk_size_malformed, rest.at);
  const auto last = parse_end_marker(rest, q);
  if (!last) return last.error();
  return bdat{*size, *last};
}

// burl-cmd = "BURL" SP absolute-URI [SP end-marker] CRLF
constexpr result<command> parse_burl(argument rest, quirks q) noexcept {
  const std::size_t end = rest.text().size() < rest.text().find(' ') ? rest.text().size() : rest.text().find(' ');
  const auto url = absolute_uri::parse(rest.text().substr(0, end), q);
  if (!url) return url.error() + rest.at;
  const auto last = parse_end_marker(rest.from(end), q);
  if (!last) return last.error();
  return burl{*url, *last};
}

// The verbs whose argument is one thing, which has a parser of its own.
template <class Command, class Argument>
constexpr result<command> parse_whole(argument rest, quirks q) noexcept {
  const auto whole = Argument::parse(rest.text(), q);
  if (!whole) return whole.error() + rest.at;
  return Command{*whole};
}

// auth-command = "AUTH" SP sasl-mech [SP initial-response] CRLF; initial-response = base64 / "="
// sasl-mech    = 1*20(ALPHA / DIGIT / "-" / "_")      in any case; two registered names are longer
constexpr result<command> parse_auth(argument rest, quirks q) noexcept {
  const std::size_t name = span_of(octet_class::verb, rest.text());
  if (name == 0) return fail(errc::mechanism_malformed, rest.at);
  if (name > limits::mechanism_read) return fail(errc::mechanism_malformed, rest.at + limits::mechanism_read);
  auth parsed{rest.text().substr(0, name)};
  rest = rest.from(name);
  if (rest.empty()) return parsed;
  if (rest.front() != ' ') return fail(errc::mechanism_malformed, rest.at);
  rest = rest.from(1).without_space(q);
  const auto response = base64_text::parse(rest.text() == "=" ? std::string_view{} : rest.text());
  if (!response) return response.error() + rest.at;
  parsed.initial_response = *response;
  return parsed;
}

// Argument of VRFY and EXPN: String [SP "SMTPUTF8"]. Addresses and names of several words are no
// String and are what everybody sends, so all up to the end of the line is taken.
template <class Query>
constexpr result<command> parse_query(argument rest, quirks q) noexcept {
  if (const auto good = check_argument(rest.text(), octet_range::utf8); !good) return good.error() + rest.at;
  Query query{rest.text()};
  const reply_word word = reply_word_behind(query.text);
  if (word == reply_word::none) return query;
  query.smtputf8 = word == reply_word::smtputf8;
  query.utf8_reply = word == reply_word::utf8_reply;
  query.text.remove_suffix(name_of(word).size() + 1);
  const std::size_t end = query.text.find_last_not_of(' ') + 1;
  if (end != query.text.size() && !q.allow(quirk::loose_space))
    return fail(errc::argument_malformed, rest.at + end + 1);
  query.text = query.text.substr(0, end);
  if (reply_word_behind(query.text) != reply_word::none)  // one of them, not both
    return fail(errc::argument_malformed, rest.at + query.text.rfind(' ') + 1);
  return query;
}

// Whether the grammar of the verb's argument has a place for UTF-8 (RFC 6531 3.3, 3.7.4.2).
constexpr bool may_hold_utf8(verb v) noexcept {
  return v == verb::mail || v == verb::rcpt || v == verb::vrfy || v == verb::expn || v == verb::send ||
         v == verb::soml || v == verb::saml;
}

SANSMTP_INLINED constexpr result<command> parse_argument(verb v, std::string_view name, argument rest, bool ascii,
                                                         quirks q) noexcept {
  if (!ascii && !may_hold_utf8(v)) return fail(errc::non_ascii_octet, rest.at + skip_ascii(rest.text()));
  switch (v) {
    case verb::mail: return parse_mail(rest.line, rest.at, ascii, q);
    case verb::rcpt: return parse_rcpt(rest.line, rest.at, q);
    case verb::data: return data{};
    case verb::rset: return rset{};
    case verb::quit: return quit{};
    case verb::starttls: return starttls{};
    case verb::bdat: if constexpr (speaks(verb::bdat)) return parse_bdat(rest, q); break;
    case verb::ehlo: return hello<ehlo>(rest, q);
    case verb::helo: return hello<helo>(rest, q);
    case verb::lhlo: return hello<lhlo>(rest, q);
    case verb::auth: if constexpr (speaks(verb::auth)) return parse_auth(rest, q); break;
    case verb::vrfy: return parse_query<vrfy>(rest, q);
    case verb::expn: return parse_query<expn>(rest, q);
    case verb::send: if constexpr (speaks(verb::send)) return parse_send<send_to_terminal>(rest, ascii, q); break;
    case verb::soml: if constexpr (speaks(verb::soml)) return parse_send<send_or_mail>(rest, ascii, q); break;
    case verb::saml: if constexpr (speaks(verb::saml)) return parse_send<send_and_mail>(rest, ascii, q); break;
    case verb::burl: if constexpr (speaks(verb::burl)) return parse_burl(rest, q); break;
    case verb::etrn: if constexpr (speaks(verb::etrn)) return parse_whole<etrn, etrn_node>(rest, q); break;
    case verb::atrn: if constexpr (speaks(verb::atrn)) return parse_whole<atrn, domain_list>(rest, q); break;
    case verb::xclient: if constexpr (speaks(verb::xclient)) return parse_whole<xclient, xclient_attributes>(rest, q); break;
    case verb::xforward: if constexpr (speaks(verb::xforward)) return parse_whole<xforward, xforward_attributes>(rest, q); break;
    case verb::wellknown: if constexpr (speaks(verb::wellknown)) return parse_whole<wellknown, xtext>(rest, q); break;
    default: break;
  }
  if (!rest.empty() && rest.front() == ' ') return fail(errc::argument_malformed, rest.at);
  if (v == verb::noop) return noop{rest.text()};
  if (v == verb::help) return help{rest.text()};
  return other{v, name, rest.text()};
}

}  // namespace command_line

constexpr result<command> parse_command(std::string_view line, quirks q) noexcept {
  using namespace command_line;
  std::size_t end = line.size();
  while (end != 0 && (line[end - 1] == ' ' || line[end - 1] == '\t')) --end;
  const std::string_view written = line;
  line = {line.data(), end};
  bool ascii = true;
  if (!command_text::is_printable(line)) {
    const result<bool> high = check_octets(line);
    if (!high) return high.error();
    ascii = !*high;
  }
  if (end != written.size() && !q.allow(quirk::trailing_space))
    return fail(line.empty() ? errc::line_empty : errc::argument_malformed, end);
  if (line.empty()) return fail(errc::line_empty, 0);

  const auto [v, length] = verb_in_front(line);
  if (length == 0 || length > limits::verb) return fail(errc::verb_malformed, length == 0 ? 0 : limits::verb);
  if (length != line.size() && line[length] != ' ') return fail(errc::verb_malformed, length);
  const std::string_view name(line.data(), length);
  const argument_rule rule = argument_of(v);
  argument rest{line, length};
  if (!rest.empty()) {
    if (rule == argument_rule::none) return fail(errc::argument_unexpected, length);
    rest = rest.from(1).without_space(q);
  } else if (rule == argument_rule::required) {
    return fail(v == verb::bdat ? errc::chunk_size_malformed : errc::argument_missing, end);
  }
  return parse_argument(v, name, rest, ascii, q);
}

constexpr std::optional<std::uint64_t> announced_chunk(std::string_view line) noexcept {
  if (line.size() < 6 || verb_named(line.substr(0, 4)) != verb::bdat || line[4] != ' ') return std::nullopt;
  const std::size_t from = line.find_first_not_of(' ', 4);
  if (from == line.npos) return std::nullopt;
  const std::size_t end = span_of(octet_class::digit, line, from);
  if (end == from || (end != line.size() && !is(octet_class::white, line[end]))) return std::nullopt;
  const auto size = parse_number(line.substr(from, end - from));
  return size ? std::optional(*size) : std::nullopt;
}

}  // namespace sansmtp

#endif
