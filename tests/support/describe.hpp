// describe: an event in one line of text, for expectations that read like the dialogue itself.

#ifndef SANSMTP_TESTS_SUPPORT_DESCRIBE_HPP
#define SANSMTP_TESTS_SUPPORT_DESCRIBE_HPP

#include <string>
#include <string_view>
#include <variant>

#include "sansmtp/sansmtp.hpp"
#include "support/every_cut.hpp"

namespace support {

inline std::string words(std::string_view first, std::string_view second = {}, std::string_view third = {}) {
  std::string out(first);
  for (std::string_view more : {second, third})
    if (!more.empty()) out.append(" ").append(more);
  return out;
}

inline std::string describe(sansmtp::fault f) {
  const auto& row = sansmtp::facts(f);
  return words("@" + std::to_string(f.at), row.sentence, "(" + words(row.rfc, row.section) + ")");
}

inline std::string describe(const sansmtp::reply& r) {
  std::string out = std::to_string(r.code().value);
  if (r.status())
    out += " " + std::to_string(r.status().group) + "." + std::to_string(r.status().subject) + "." +
           std::to_string(r.status().detail);
  for (std::string_view line : r.lines()) out += " |" + shown(line);
  return out;
}

// Content is described by whoever gathers it: how it is cut into pieces means nothing.
inline std::string describe(const sansmtp::server_event& event) {
  using namespace sansmtp;
  return std::visit(
      overloaded{
          [](const need_more&) { return std::string("need_more"); },
          [](const paused&) { return std::string("paused"); },
          [](const helo& c) { return words("HELO", c.name.text()); },
          [](const ehlo& c) { return words("EHLO", c.name.text()); },
          [](const lhlo& c) { return words("LHLO", c.name.text()); },
          [](const mail& c) { return words("MAIL", c.from.text(), c.parameters.raw().text()); },
          [](const rcpt& c) { return words("RCPT", c.to.text(), c.parameters.raw().text()); },
          [](const bdat& c) { return words("BDAT", std::to_string(c.size), c.last ? "LAST" : ""); },
          [](const noop& c) { return words("NOOP", shown(c.text)); },
          [](const vrfy& c) { return words("VRFY", shown(c.text), c.smtputf8 ? "SMTPUTF8" : c.utf8_reply ? "UTF8REPLY" : ""); },
          [](const expn& c) { return words("EXPN", shown(c.text), c.smtputf8 ? "SMTPUTF8" : c.utf8_reply ? "UTF8REPLY" : ""); },
          [](const help& c) { return words("HELP", shown(c.text)); },
          [](const data&) { return std::string("DATA"); },
          [](const rset&) { return std::string("RSET"); },
          [](const quit&) { return std::string("QUIT"); },
          [](const starttls&) { return std::string("STARTTLS"); },
          [](const auth& c) {
            return words("AUTH", c.mechanism,
                         c.initial_response ? "\"" + std::string(c.initial_response->text()) + "\"" : std::string());
          },
          [](const etrn& c) { return words("ETRN", c.node.text()); },
          [](const atrn& c) { return words("ATRN", c.domains.text()); },
          [](const burl& c) { return words("BURL", c.url.text(), c.last ? "LAST" : ""); },
          [](const send_to_terminal& c) { return words("SEND", c.from.text()); },
          [](const send_or_mail& c) { return words("SOML", c.from.text()); },
          [](const send_and_mail& c) { return words("SAML", c.from.text()); },
          [](const xclient& c) { return words("XCLIENT", c.attributes.text()); },
          [](const xforward& c) { return words("XFORWARD", c.attributes.text()); },
          [](const wellknown& c) { return words("WELLKNOWN", c.key.text()); },
          [](const other& c) { return words("other", shown(c.name), shown(c.argument)); },
          [](const message_bytes& m) { return "bytes " + shown(m.bytes); },
          [](const chunk_end&) { return std::string("chunk_end"); },
          [](const message_end& m) { return "message_end " + std::to_string(m.size); },
          [](const auth_response& r) { return "response \"" + std::string(r.response.text()) + "\""; },
          [](const refused& r) { return words("refused", name_of(r.what), describe(r.why)); },
          [](const start_tls&) { return std::string("start_tls"); },
          [](const closed& c) { return c.why ? words("closed", describe(*c.why)) : std::string("closed"); },
      },
      event);
}

inline std::string describe(const sansmtp::client_event& event) {
  using namespace sansmtp;
  return std::visit(
      overloaded{
          [](const need_more&) { return std::string("need_more"); },
          [](const answer& a) { return words(name_of(a.to), a.index ? "#" + std::to_string(a.index) : "", describe(a.reply)); },
          [](const challenge& c) { return "challenge \"" + std::string(c.octets.text()) + "\""; },
          [](const send_message& s) { return words("send_message", describe(s.reply)); },
          [](const start_tls&) { return std::string("start_tls"); },
          [](const closed& c) { return c.why ? words("closed", describe(*c.why)) : std::string("closed"); },
      },
      event);
}

}  // namespace support

#endif
