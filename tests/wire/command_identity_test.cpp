// Parsing undoes writing and writing undoes parsing, over lines made up from the grammar.
//
// The lines come from a seed, the same in every run: all verbs, each part of a line drawn from its ABNF.

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wire/command_words.hpp"

using namespace sansmtp;
using support::line_of;
using support::meaning_of;

namespace {

class maker {
 public:
  explicit maker(std::uint64_t seed) : state_(seed) {}

  std::size_t below(std::size_t n) {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return static_cast<std::size_t>((z ^ (z >> 31)) % n);
  }
  bool maybe() { return below(2) == 0; }

  std::string some(std::string_view octets, std::size_t least, std::size_t most) {
    std::string out;
    for (std::size_t n = least + below(most - least + 1); n != 0; --n) out += octets[below(octets.size())];
    return out;
  }
  std::string label() { return some(alnum, 1, 1) + (maybe() ? some("abc-9", 0, 5) + some(alnum, 1, 1) : ""); }
  std::string domain(std::size_t least = 1) {
    std::string out = label();
    for (std::size_t n = least - 1 + below(3); n != 0; --n) out += "." + label();
    return out;
  }
  std::string host() {
    switch (below(5)) {
      case 0: return "[192.0.2." + std::to_string(below(256)) + "]";
      case 1: return "[IPv6:2001:db8::" + some("0123456789abcdef", 1, 4) + "]";
      case 2: return "[x-tag:" + some("abc!@~", 1, 5) + "]";
      default: return domain();
    }
  }
  std::string local() {
    if (below(4) == 0) return "\"" + some("a b@<>,:;()", 1, 6) + (maybe() ? "\\\\" : "\\\"") + "\"";
    std::string out = some(atext, 1, 6);
    for (std::size_t n = below(3); n != 0; --n) out += "." + some(atext, 1, 6);
    return out;
  }
  std::string mailbox() { return local() + "@" + host(); }
  std::string reverse_path() { return below(6) == 0 ? "<>" : "<" + mailbox() + ">"; }
  std::string xtext() {
    std::string out;
    for (std::size_t n = below(8); n != 0; --n)
      out += maybe() ? some("ab<>;/\"\\", 1, 3) : "+" + some("0123456789ABCDEF", 2, 2);
    return out;
  }
  std::string base64() {
    std::string out = some(base64_letters, 0, 5);
    while (out.size() % 4 != 0) out += 'A';
    return out + (maybe() ? "QQ==" : out.empty() ? "QUI=" : "");
  }
  std::string text() {  // free text neither begins nor ends with SP
    return some("abc<>\"", 1, 3) + some("a b", 0, 6) + some("xyz", 1, 2);
  }
  std::string uri() {
    std::string out = some("abc", 1, 3) + some("a1+-.", 0, 3) + ":";
    if (maybe()) {
      out += std::string("//") + (maybe() ? "u:%41@" : "") + (maybe() ? domain() : "[::1]");
      out += std::string(maybe() ? ":143" : "") + "/";
    }
    return out + "x" + some("ab/;=:@~", 0, 8) + (maybe() ? "?" + some("ab/?&", 0, 4) : "");
  }

  std::string line(verb v) {
    const std::string name(name_of(v));
    switch (v) {
      case verb::helo:
      case verb::ehlo:
      case verb::lhlo: return name + " " + host();
      case verb::mail:
        return name + " FROM:" + reverse_path() + (maybe() ? " SIZE=" + std::to_string(below(1U << 30)) : "") +
               (maybe() ? " BODY=8BITMIME" : "") + (maybe() ? " X-" + label() : "");
      case verb::rcpt:
        return name + " TO:" + (below(6) == 0 ? "<Postmaster>" : "<" + mailbox() + ">") +
               (maybe() ? " NOTIFY=NEVER" : "");
      case verb::bdat: return name + " " + std::to_string(below(1U << 20)) + last();
      case verb::noop:
      case verb::help: return name + (maybe() ? " " + text() : "");
      case verb::vrfy:
      case verb::expn: return name + " " + text() + std::vector<std::string>{"", " SMTPUTF8", " UTF8REPLY"}[below(3)];
      case verb::auth:
        return name + " " + some("ABC0-_", 1, 20) + (maybe() ? " " + (maybe() ? "=" : "QUJD" + base64()) : "");
      case verb::etrn:
        return name + " " + std::vector<std::string>{domain(), "@" + domain(), "#" + some("a/!#@", 1, 9)}[below(3)];
      case verb::atrn: {
        std::string out = name;
        for (std::size_t n = below(4), i = 0; i < n; ++i) out += (i == 0 ? " " : ",") + domain(2);
        return out;
      }
      case verb::burl: return name + " " + uri() + last();
      case verb::send:
      case verb::soml:
      case verb::saml: return name + " FROM:" + reverse_path();
      case verb::xclient:
        return name + attribute("NAME") + attribute("LOGIN") + (maybe() ? " ADDR=IPV6:::1" : "") +
               (maybe() ? " PORT=[UNAVAILABLE]" : "") + " X-" + label() + "=" + xtext();
      case verb::xforward:
        return name + " SOURCE=LOCAL" + attribute("IDENT") + attribute("HELO") + (maybe() ? " PORT=25" : "");
      case verb::wellknown: return name + " a" + xtext();
      case verb::unknown: return "X" + some("abc-_9", 3, 12) + "z" + (maybe() ? " " + text() : "");
      default: break;
    }
    if (facts(v).argument == argument_rule::none) return name;
    return name + (facts(v).argument == argument_rule::required || maybe() ? " " + text() : "");
  }

 private:
  static constexpr std::string_view alnum = "abcXYZ019";
  static constexpr std::string_view atext = "abcXYZ019!#$%&'*+-/=?^_`{|}~";
  static constexpr std::string_view base64_letters = "ABCabc019+/";

  std::string last() { return maybe() ? " LAST" : ""; }
  std::string attribute(std::string_view name) { return maybe() ? " " + std::string(name) + "=" + xtext() : ""; }

  std::uint64_t state_;
};

}  // namespace

TEST_CASE("a line of the grammar is written as it was read, and reads as what was written, for every verb") {
  maker made(5321);
  for (const verb_facts& row : verb_table) {
    for (int i = 0; i < 200; ++i) {
      const std::string line = made.line(row.what);
      CAPTURE(line);
      const auto parsed = parse_command(line);
      if (!parsed) CHECK(support::refused(parsed.error().code, parsed.error().at) == "taken");
      if (!parsed) continue;
      CHECK(verb_of(*parsed) == row.what);
      const std::string written = line_of(*parsed);
      CHECK(written == line);
      const auto again = parse_command(written);
      if (!again || meaning_of(*again) != meaning_of(*parsed)) CHECK(line == "read as what was written");
    }
  }
}

TEST_CASE("a line with an octet changed is refused, or reads as what is written of it") {
  maker made(4468);
  const quirks lenient = quirks::all;
  for (const verb_facts& row : verb_table) {
    for (int i = 0; i < 100; ++i) {
      std::string line = made.line(row.what);
      line[made.below(line.size())] = static_cast<char>(static_cast<unsigned char>(made.below(256)));
      for (quirks q : {quirks::strict, quirks::deployed, lenient}) {
        const auto parsed = parse_command(line, q);
        if (!parsed) {
          if (parsed.error().at > line.size()) CHECK(line == "a fault lies in the line");
          continue;
        }
        const std::string written = line_of(*parsed);
        const auto again = parse_command(written, q);
        if (!again || again->index() != parsed->index() || line_of(*again) != written) {
          CAPTURE(line);
          CHECK(written == "read back as what it was");
        }
        // Whatever was read, what is written is one line: line_of() checks that.
      }
    }
  }
}
