// command_words: what a command line means, or why and where it is refused, as text to compare.

#ifndef SANSMTP_TESTS_WIRE_COMMAND_WORDS_HPP
#define SANSMTP_TESTS_WIRE_COMMAND_WORDS_HPP

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <variant>

#include "sansmtp/base/overloaded.hpp"
#include "sansmtp/wire/encode_command.hpp"
#include "sansmtp/wire/parse_command.hpp"

namespace support {

inline std::string refused(sansmtp::errc code, std::size_t at) {
  return "refused at " + std::to_string(at) + ": " + std::string(facts(code).sentence);
}

// A value in its meaning: decoded, and what is no value by its own sign.
inline std::string meaning_of(const sansmtp::client_attributes& list) {
  using state = sansmtp::client_attribute::state;
  std::string out;
  for (const sansmtp::client_attribute& one : list) {
    out += "|" + std::string(one.name());
    sansmtp::output_buffer<255> value;
    REQUIRE(one.decode(value));
    switch (one.status()) {
      case state::known: out += "=" + std::string(value.written()); break;
      case state::unavailable: out += " unavailable"; break;
      case state::temporarily_unavailable: out += " temporarily unavailable"; break;
    }
  }
  return out;
}

inline std::string meaning_of(const sansmtp::hello_name& name) {
  return std::string(name.text()) + (name.is_conforming() ? "" : "|not conforming");
}

template <class Path>
std::string meaning_of_path(const Path& path) {
  return path.text() == "<>"             ? "null"
         : path.mailbox().text().empty() ? "postmaster"
                                         : std::string(path.mailbox().text());
}

template <class Query>
std::string meaning_of_query(const Query& c) {
  return std::string(c.text) + (c.smtputf8 ? "|SMTPUTF8" : "") + (c.utf8_reply ? "|UTF8REPLY" : "");
}

template <class Parameters>
std::string meaning_of_parameters(const Parameters& given) {
  std::string out;
  for (const sansmtp::parameter& p : given.raw())
    out += "|" + std::string(p.keyword) + (p.value ? "=" + std::string(*p.value) : std::string());
  return out;
}

inline std::string meaning_of(const sansmtp::etrn_node& node) {
  using scope = sansmtp::etrn_node::scope;
  const std::string name(node.name());
  switch (node.what()) {
    case scope::node: return "node|" + name;
    case scope::subdomains: return "below|" + name;
    default: return "queue|" + name;
  }
}

// A command in words: its fields, parted by "|".
inline std::string meaning_of(const sansmtp::command& given) {
  using namespace sansmtp;
  const auto text = [](std::string_view t) { return std::string(t); };
  return std::visit(
      overloaded{
          [&](const helo& c) { return "helo|" + meaning_of(c.name); },
          [&](const ehlo& c) { return "ehlo|" + meaning_of(c.name); },
          [&](const lhlo& c) { return "lhlo|" + meaning_of(c.name); },
          [&](const mail& c) { return "mail|" + meaning_of_path(c.from) + meaning_of_parameters(c.parameters); },
          [&](const rcpt& c) { return "rcpt|" + meaning_of_path(c.to) + meaning_of_parameters(c.parameters); },
          [&](const data&) { return text("data"); },
          [&](const bdat& c) { return "bdat|" + std::to_string(c.size) + (c.last ? "|last" : ""); },
          [&](const rset&) { return text("rset"); },
          [&](const noop& c) { return "noop|" + text(c.text); },
          [&](const quit&) { return text("quit"); },
          [&](const vrfy& c) { return "vrfy|" + meaning_of_query(c); },
          [&](const expn& c) { return "expn|" + meaning_of_query(c); },
          [&](const help& c) { return "help|" + text(c.text); },
          [&](const starttls&) { return text("starttls"); },
          [&](const auth& c) {
            return "auth|" + text(c.mechanism) + (c.initial_response ? "|" + text(c.initial_response->text()) : "");
          },
          [&](const etrn& c) { return "etrn|" + meaning_of(c.node); },
          [&](const atrn& c) {
            std::string out = "atrn";
            for (const domain& one : c.domains) out += "|" + text(one.text());
            return out;
          },
          [&](const burl& c) { return "burl|" + text(c.url.text()) + (c.last ? "|last" : ""); },
          [&](const send_to_terminal& c) { return "send|" + meaning_of_path(c.from); },
          [&](const send_or_mail& c) { return "soml|" + meaning_of_path(c.from); },
          [&](const send_and_mail& c) { return "saml|" + meaning_of_path(c.from); },
          [&](const xclient& c) { return "xclient" + meaning_of(c.attributes); },
          [&](const xforward& c) { return "xforward" + meaning_of(c.attributes); },
          [&](const wellknown& c) {
            output_buffer<500> key;
            REQUIRE(c.key.decode(key));
            return "wellknown|" + text(key.written());
          },
          [&](const other& c) {
            return "other|" + text(name_of(c.kind)) + "|" + text(c.name) + "|" + text(c.argument);
          },
      },
      given);
}

inline std::string meaning(std::string_view line, sansmtp::quirks q) {
  const auto parsed = sansmtp::parse_command(line, q);
  return parsed ? meaning_of(*parsed) : refused(parsed.error().code, parsed.error().at);
}

// A command as its line, without the CRLF that it ends in.
inline std::string line_of(const sansmtp::command& given) {
  sansmtp::output_buffer<2048> out;
  const auto written = encode(given, out);
  if (!written) {
    CHECK(out.empty());  // a refusal leaves nothing behind
    return refused(written.error().code, written.error().at);
  }
  const std::string_view line = out.written();
  REQUIRE(line.size() > 2);
  CHECK(line.find_first_of("\r\n") == line.size() - 2);
  CHECK(line.substr(line.size() - 2) == "\r\n");
  return std::string(line.substr(0, line.size() - 2));
}

struct command_row {
  std::string_view line;
  std::string strict;
  std::string deployed = {};  // empty: the same
};

template <std::size_t N>
void check(const command_row (&rows)[N]) {
  for (const command_row& r : rows) {
    CAPTURE(r.line);
    CHECK(meaning(r.line, sansmtp::quirks::strict) == r.strict);
    CHECK(meaning(r.line, sansmtp::quirks::deployed) == (r.deployed.empty() ? r.strict : r.deployed));
  }
}

}  // namespace support

#endif
