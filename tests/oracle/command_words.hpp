// Commands in one line of text, once from the library's types and once from the oracle's fields.

#ifndef SANSMTP_TESTS_ORACLE_COMMAND_WORDS_HPP
#define SANSMTP_TESTS_ORACLE_COMMAND_WORDS_HPP

#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "oracle/address_words.hpp"
#include "oracle/command_rules.hpp"
#include "oracle/parameter_words.hpp"
#include "sansmtp/base/overloaded.hpp"
#include "sansmtp/wire/parse_command.hpp"

namespace oracle {

inline std::string words(const std::vector<attribute_fields>& attributes) {
  std::string out;
  for (const attribute_fields& one : attributes) out += field(one.name, one.raw) + one.status;
  return out;
}

inline std::string words(const sansmtp::client_attributes& attributes) {
  std::vector<attribute_fields> all;
  for (const auto& one : attributes) {
    sansmtp::output_buffer<600> room;
    using state = sansmtp::client_attribute::state;
    const bool good = one.decode(room) && one.equals(room.written());
    all.push_back({std::string(one.name()), good ? std::string(room.written()) : "is decoded wrong",
                   one.status() == state::known         ? "known"
                   : one.status() == state::unavailable ? "unavailable"
                                                        : "temporarily"});
  }
  return words(all);
}

inline std::string words(const command_fields& c) {
  std::string out = c.verb + words(c.texts);
  if (c.host) out += words(*c.host);
  if (c.path) out += words(*c.path);
  if (c.parameters) out += words(*c.parameters);
  return out + words(c.attributes);
}

inline std::string in_texts(std::map<std::string, std::string> texts) { return words(texts); }

// The fields of a command, without its verb.
inline std::string words_of_fields(const sansmtp::command& any) {
  using namespace sansmtp;
  const auto text = [](std::string_view t) { return std::string(t); };
  const auto named = [](const hello_name& name) {
    const auto host = name.host();
    return host && name.is_conforming() ? words(*host) : " is not conforming";
  };
  const auto asked = [&](const auto& query) {
    return in_texts({{"text", text(query.text)},
                     {"word", query.smtputf8     ? "SMTPUTF8"
                              : query.utf8_reply ? "UTF8REPLY"
                                                 : ""}});
  };
  return std::visit(overloaded{
                        [&](const helo& c) { return named(c.name); },
                        [&](const ehlo& c) { return named(c.name); },
                        [&](const lhlo& c) { return named(c.name); },
                        [&](const mail& c) { return words(c.from) + words(c.parameters); },
                        [&](const rcpt& c) { return words(c.to) + words(c.parameters); },
                        [&](const bdat& c) {
                          return in_texts({{"size", std::to_string(c.size)}, {"last", c.last ? "yes" : "no"}});
                        },
                        [&](const burl& c) {
                          const auto authority = c.url.authority(), query = c.url.query();
                          return in_texts({{"url", text(c.url.text())},
                                           {"scheme", text(c.url.scheme())},
                                           {"authority", authority ? "//" + text(*authority) : ""},
                                           {"path", text(c.url.path())},
                                           {"query", query ? "?" + text(*query) : ""},
                                           {"last", c.last ? "yes" : "no"}});
                        },
                        [&](const noop& c) {
                          return in_texts({{"text", text(c.text)}});
                        },
                        [&](const help& c) {
                          return in_texts({{"text", text(c.text)}});
                        },
                        [&](const vrfy& c) { return asked(c); },
                        [&](const expn& c) { return asked(c); },
                        [&](const auth& c) {
                          std::map<std::string, std::string> texts{{"mechanism", text(c.mechanism)}};
                          if (c.initial_response) {
                            std::vector<char> room(c.initial_response->decoded_size());
                            const auto raw = c.initial_response->decode(room);
                            texts["response"] = raw ? text(*raw) : "is decoded wrong";
                          }
                          return in_texts(texts);
                        },
                        [&](const etrn& c) {
                          using scope = etrn_node::scope;
                          const auto domain = c.node.domain();
                          const bool same = domain ? domain->text() == c.node.name() : c.node.what() == scope::queue;
                          return in_texts({{"what", !same                                ? "is wrong"
                                                    : c.node.what() == scope::queue      ? "queue"
                                                    : c.node.what() == scope::subdomains ? "subdomains"
                                                                                         : "node"},
                                           {"name", text(c.node.name())}});
                        },
                        [&](const atrn& c) {
                          std::map<std::string, std::string> texts;
                          for (const auto& domain : c.domains) texts["domains"] += text(domain.text()) + " ";
                          return in_texts(texts);
                        },
                        [&](const send_to_terminal& c) { return words(c.from); },
                        [&](const send_or_mail& c) { return words(c.from); },
                        [&](const send_and_mail& c) { return words(c.from); },
                        [&](const xclient& c) { return words(c.attributes); },
                        [&](const xforward& c) { return words(c.attributes); },
                        [&](const wellknown& c) {
                          return in_texts({{"key", raw_of(c.key)}});
                        },
                        [&](const other& c) {
                          return in_texts({{"text", text(c.argument)}});
                        },
                        [&](const auto&) {
                          return in_texts({{"text", ""}});
                        },  // data, rset, quit, starttls
                    },
                    any);
}

inline std::string words(const sansmtp::command& any) {
  std::string verb(sansmtp::name_of(sansmtp::verb_of(any)));
  if (const auto* unlisted = std::get_if<sansmtp::other>(&any)) {
    const std::string name = in_upper_case(unlisted->name);
    if (verb.empty()) verb = name;
    if (verb != name) verb += " is not " + name;
  }
  return verb + words_of_fields(any);
}

}  // namespace oracle

#endif
