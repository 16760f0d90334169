// replay_words: the fields of commands, replies and messages as replay prints them, typed.
//
// What a value means is shown, not how it was written: xtext decoded, a size as a number, a keyword
// in lower case. Credentials are shown as how many octets they are.

#ifndef SANSMTP_TESTS_SUPPORT_REPLAY_WORDS_HPP
#define SANSMTP_TESTS_SUPPORT_REPLAY_WORDS_HPP

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "sansmtp/sansmtp.hpp"
#include "support/replay_page.hpp"

namespace support {

inline std::string redacted(std::size_t octets) { return '<' + counted(octets, "octet") + " redacted>"; }

inline std::string sentence_of(sansmtp::errc code) {
  const auto& row = sansmtp::facts(code);
  return std::string(row.sentence) + " (" + std::string(row.rfc) + " " + std::string(row.section) + ")";
}

inline std::string lower_case(std::string_view text) {
  std::string out;
  for (char c : text) out += sansmtp::lower(c);
  return out;
}

template <class Path>
std::string address(const Path& path) {
  using namespace sansmtp;
  const std::string_view whole = path.text();
  if (whole == "<>") return "<>";
  const mailbox box = path.mailbox();
  std::string out = box.text().empty() ? "<Postmaster>" : '<' + visible(box.text()) + '>';
  // A source route is understood and never followed (RFC 5321 4.1.1.3, C).
  if (!path.source_route().empty()) out += " source-route=" + visible(path.source_route());
  if (!path.is_ascii()) out += " utf8";
  if (box.text().empty()) return out;
  if (box.local().is_long()) out += " long-local-part=" + std::to_string(box.local().text().size());
  const auto literal = box.host().as_literal();
  if (literal && literal->form() == address_literal::kind::general)
    out += " general-literal=" + visible(literal->tag());
  return out;
}

inline std::string xtext_words(std::string_view encoded) {
  std::array<char, sansmtp::limits::orcpt> room{};
  sansmtp::writer out{room};
  const auto text = sansmtp::xtext::parse(encoded, sansmtp::quirks::all);
  if (!text || !text->decode(out)) return visible(encoded);
  return in_quotes(out.written());
}

inline std::string orcpt_words(const sansmtp::orcpt& o) {
  std::array<char, sansmtp::limits::orcpt> room{};
  sansmtp::writer out{room};
  if (!o.decode(out)) return visible(o.text());
  return visible(o.type()) + ';' + in_quotes(out.written());
}

inline std::string fields(const sansmtp::mail& m) {
  using enum sansmtp::parameter_name;
  std::string out = address(m.from);
  for (const sansmtp::parameter& p : m.parameters.raw()) {
    const auto* rule = sansmtp::parameter_rule_for(p.keyword);
    out += ' ' + lower_case(p.keyword);
    if (!p.value) continue;
    out += '=';
    if (rule != nullptr && rule->name == size)
      out += std::to_string(*m.parameters.size());
    else if (rule != nullptr && rule->name == body)
      out += name_of(*m.parameters.body());
    else if (rule != nullptr && rule->name == sansmtp::parameter_name::ret)
      out += name_of(*m.parameters.ret());
    else if (rule != nullptr && (rule->name == envid || (rule->name == auth && *p.value != "<>")))
      out += xtext_words(*p.value);
    else
      out += visible(*p.value);
  }
  return out;
}

inline std::string fields(const sansmtp::rcpt& r) {
  using enum sansmtp::parameter_name;
  std::string out = address(r.to);
  for (const sansmtp::parameter& p : r.parameters.raw()) {
    const auto* rule = sansmtp::parameter_rule_for(p.keyword);
    out += ' ' + lower_case(p.keyword);
    if (!p.value) continue;
    out += '=';
    if (rule != nullptr && rule->name == notify) {
      const auto wanted = *r.parameters.notify();
      std::string list;
      for (const auto& [on, name] :
           {std::pair(wanted.success, "SUCCESS"), {wanted.failure, "FAILURE"}, {wanted.delay, "DELAY"}})
        if (on) list.append(list.empty() ? "" : ",").append(name);
      out += list.empty() ? "NEVER" : list;
    } else if (rule != nullptr && rule->name == orcpt) {
      out += orcpt_words(*r.parameters.orcpt());
    } else {
      out += visible(*p.value);
    }
  }
  return out;
}

inline std::string fields(const sansmtp::hello_name& name) {
  return visible(name.text()) + (name.host() ? "" : " no-domain");
}
inline std::string fields(const sansmtp::helo& c) { return fields(c.name); }
inline std::string fields(const sansmtp::ehlo& c) { return fields(c.name); }
inline std::string fields(const sansmtp::lhlo& c) { return fields(c.name); }
inline std::string fields(const sansmtp::noop& c) { return c.text.empty() ? "" : in_quotes(c.text); }
inline std::string fields(const sansmtp::help& c) { return c.text.empty() ? "" : in_quotes(c.text); }
template <class Query>
std::string query_words(const Query& c) {
  return in_quotes(c.text) + (c.smtputf8 ? " smtputf8" : c.utf8_reply ? " utf8reply" : "");
}
inline std::string fields(const sansmtp::vrfy& c) { return query_words(c); }
inline std::string fields(const sansmtp::expn& c) { return query_words(c); }
inline std::string fields(const sansmtp::etrn& c) { return in_quotes(c.node.text()); }
inline std::string fields(const sansmtp::atrn& c) {
  std::string out;
  for (const sansmtp::domain& one : c.domains) out += (out.empty() ? "" : " ") + visible(one.text());
  return out;
}
inline std::string fields(const sansmtp::burl& c) { return visible(c.url.text()) + (c.last ? " LAST" : ""); }
inline std::string fields(const sansmtp::send_to_terminal& c) { return address(c.from); }
inline std::string fields(const sansmtp::send_or_mail& c) { return address(c.from); }
inline std::string fields(const sansmtp::send_and_mail& c) { return address(c.from); }
inline std::string attribute_words(const sansmtp::client_attributes& list) {
  std::string out;
  for (const sansmtp::client_attribute& one : list) {
    std::array<char, 256> room{};
    sansmtp::writer value{room};
    const bool whole = one.decode(value).has_value();
    out += (out.empty() ? "" : " ") + lower_case(one.name()) + '=' +
           (whole ? in_quotes(value.written()) : visible(one.text()));
  }
  return out;
}
inline std::string fields(const sansmtp::xclient& c) { return attribute_words(c.attributes); }
inline std::string fields(const sansmtp::xforward& c) { return attribute_words(c.attributes); }
inline std::string fields(const sansmtp::wellknown& c) { return xtext_words(c.key.text()); }
inline std::string fields(const sansmtp::bdat& c) { return std::to_string(c.size) + (c.last ? " LAST" : ""); }
inline std::string fields(const sansmtp::other& c) { return c.argument.empty() ? "" : in_quotes(c.argument); }
inline std::string fields(const sansmtp::auth& c) {
  std::string out = visible(c.mechanism);
  if (c.initial_response)
    out += c.initial_response->empty() ? " with an empty response" : ' ' + redacted(c.initial_response->decoded_size());
  return out;
}
inline std::string fields(const sansmtp::command& c) {
  return std::visit(
      [](const auto& given) -> std::string {
        if constexpr (std::is_empty_v<std::remove_cvref_t<decltype(given)>>)
          return {};
        else
          return fields(given);
      },
      c);
}

// What a message or a chunk is, without saying it.
inline std::string content_words(std::string_view content, std::size_t dots = 0) {
  std::size_t lines = 0, longest = 0, begin = 0;
  bool eight_bit = false, nul = false;
  while (begin < content.size()) {
    const auto end = content.find("\r\n", begin);
    const auto next = end == content.npos ? content.size() : end + 2;
    ++lines;
    longest = std::max(longest, next - begin);
    begin = next;
  }
  for (char c : content) {
    eight_bit = eight_bit || static_cast<unsigned char>(c) > 127;
    nul = nul || c == '\0';
  }
  std::string out = counted(content.size(), "octet") + " in " + counted(lines, "line");
  if (dots != 0) out += ", " + counted(dots, "dot") + " unstuffed";
  if (longest > sansmtp::limits::text_line) out += ", the longest of " + std::to_string(longest) + " octets";
  if (eight_bit) out += ", 8-bit";
  if (nul) out += ", with NUL";
  return out;
}

inline std::string status_words(const sansmtp::reply& r) {
  std::string out = std::to_string(r.code().value);
  if (const auto s = r.status())
    out += ' ' + std::to_string(s.group) + '.' + std::to_string(s.subject) + '.' + std::to_string(s.detail);
  return out;
}

// What an EHLO reply lists, each keyword of the table in its own spelling; one that is not in it has a "?".
inline std::string offer_words(const sansmtp::reply& r, const sansmtp::capabilities& learned) {
  using namespace sansmtp;
  std::string out;
  for (const auto line : ehlo_lines(r, quirks::deployed)) {
    if (!line) continue;
    const auto named = extension_named(line->keyword);
    out += ' ' + (named ? std::string(name_of(*named)) : visible(line->keyword) + '?');
    std::string list;
    for (std::string_view rest = line->parameters, word; !(word = ehlo_line::next(rest)).empty();)
      list += (list.empty() ? "" : ",") + visible(word);
    if (named == extension::size) list = learned.size_limit() ? std::to_string(*learned.size_limit()) : list;
    if (!list.empty()) out += '=' + list;
  }
  return out;
}

// A 334. What it says is shown only where mechanisms ask or tell in words: elsewhere it helps to
// guess the password (RFC 5802 9).
inline std::string challenge_words(const sansmtp::base64_text& octets, std::string_view mechanism) {
  using namespace sansmtp;
  if (octets.empty()) return "an empty challenge";
  std::string room(octets.decoded_size() + 3, '\0');
  const auto said = octets.decode(room);
  for (std::string_view plain : {"LOGIN", "PLAIN", "XOAUTH2", "OAUTHBEARER"})
    if (said && equal_ignoring_case(mechanism, plain)) return "challenge " + in_quotes(*said);
  return "challenge " + redacted(octets.decoded_size());
}

}  // namespace support

#endif
