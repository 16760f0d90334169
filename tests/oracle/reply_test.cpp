// Replies and enhanced status codes, judged by the library and by the RFCs' own rules.

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "oracle/address_words.hpp"
#include "oracle/agreement.hpp"
#include "oracle/reply_rules.hpp"
#include "sansmtp/grammar/reply_text.hpp"
#include "sansmtp/wire/enhanced_status.hpp"
#include "sansmtp/wire/reply.hpp"
#include "sansmtp/wire/reply_code.hpp"

using oracle::agreement;
using oracle::field;

namespace {

std::string status_words(sansmtp::enhanced_status s) {
  if (!s) return "";
  return std::to_string(s.group) + "." + std::to_string(s.subject) + "." + std::to_string(s.detail);
}

std::string found_reply(std::string_view octets) {
  const auto reply = sansmtp::reply::parse(octets);
  if (!reply) return oracle::refusal(reply, octets);
  std::string out = std::to_string(reply->code().value) + field("status", status_words(reply->status())) +
                    field("text", reply->text()) + std::to_string(reply->line_count());
  if (reply->octets() != octets || reply->status_is_irregular()) out += " is wrong";
  for (std::string_view line : reply->raw_lines()) out += field("raw", line);
  for (std::string_view line : reply->lines()) out += field("line", line);
  return out;
}

std::string due_reply(std::string_view octets) {
  const auto reply = oracle::read_reply(octets);
  if (!reply) return oracle::refused;
  std::string out = std::to_string(reply->code) + field("status", reply->status) + field("text", reply->lines[0]) +
                    std::to_string(reply->lines.size());
  for (const std::string& line : reply->raw_lines) out += field("raw", line);
  for (const std::string& line : reply->lines) out += field("line", line);
  return out;
}

// The same, octet by octet: the reader must say "more" until the last.
std::string found_by_octets(std::string_view octets) {
  sansmtp::reply_reader reader;
  for (std::size_t n = 1; n <= octets.size(); ++n) {
    const auto size = reader.scan(octets.substr(0, n));
    if (!size) return oracle::refusal(size, octets.substr(0, n));
    if (*size == 0) continue;
    if (n != octets.size() || *size != n) return oracle::refused;
    return found_reply(octets);
  }
  return oracle::refused;
}

std::string found_status(std::string_view text) {
  const auto status = sansmtp::enhanced_status::parse(text);
  return status ? status_words(*status) : oracle::refusal(status, text);
}
std::string due_status(std::string_view text) { return oracle::read_status(text).value_or(oracle::refused); }

std::string found_code(std::string_view text) {
  const auto code = sansmtp::reply_code::parse(text);
  return code ? std::to_string(code->value) : oracle::refusal(code, text);
}
std::string due_code(std::string_view text) { return oracle::read_reply_code(text).value_or(oracle::refused); }

std::string found_text(std::string_view text) {
  const auto parsed = sansmtp::reply_text::parse(text);
  return parsed ? field("text", parsed->text()) + (parsed->is_ascii() ? "" : " utf8") : oracle::refusal(parsed, text);
}
std::string due_text(std::string_view text) {
  const auto read = oracle::read_reply_text(text);
  return read ? field("text", *read) + (oracle::is_ascii(*read) ? "" : " utf8") : oracle::refused;
}

std::string line_of(std::string_view code, char separator, std::size_t octets) {
  return std::string(code) + separator + std::string(octets - 6, 'x') + "\r\n";
}

}  // namespace

TEST_CASE("the rules of replies are ABNF, each defined once") { CHECK(oracle::reply_grammar().mistakes().empty()); }

TEST_CASE("every octet at every place of a reply means what RFC 5321 4.2 says") {
  for (auto how : {found_reply, found_by_octets}) {
    agreement asked{how, due_reply};
    for (std::string_view octets : {"250\r\n", "250 \r\n", "250 a\r\n", "250-\r\n250 b\r\n", "250-a\r\n250\r\n",
                                    "250 2.0.0\r\n", "250 2.1.0 a\r\n", "550-5.1.10 a\r\n550 5.1.10 b\r\n", "354 a\r\n",
                                    "421 4.999.0  a\r\n", "250-a\r\n250-b\r\n250 c\r\n", "334 QQ==\r\n"})
      asked.ask_around(octets);
    asked.check();
  }
}

TEST_CASE("every octet at every place of a status code, a reply code and a text means what its document says") {
  agreement status{found_status, due_status};
  for (std::string_view text : {"2.0.0", "5.7.30", "4.999.1", "5.0.100"}) status.ask_around(text);
  for (int first = 0; first < 1000; ++first)
    for (std::string_view group : {"2", "3", "4", "5", "6", "02", ""})
      status.ask(std::string(group) + "." + std::to_string(first) + "." + std::to_string(first % 7 * 150));
  status.check();
  agreement code{found_code, due_code};
  code.ask_around("250");
  for (int number = 0; number < 1100; ++number) code.ask(std::to_string(number));
  code.check();
  agreement text{found_text, due_text};
  for (std::string_view one : {"a", " ", "\xc3\xa9", "\xe2\x82\xac.", "a\xf0\x90\x80\x80"}) text.ask_around(one);
  for (std::size_t n = 2038; n < 2047; ++n) text.ask(std::string(n, 'a'));
  text.check();
}

TEST_CASE("replies derived from the rules, and the same spoiled, are judged alike") {
  agreement asked{found_reply, due_reply}, by_octets{found_by_octets, due_reply};
  asked.ask_sentences(oracle::reply_grammar(), "Reply-line", 4000);
  oracle::chance luck(7);
  const std::string_view codes[] = {"250", "220", "354", "421", "550", "334", "260", "250"};
  const std::string_view separators[] = {"-", "-", "-", " ", "", "_", "- "};
  for (int i = 0; i < 12000; ++i) {
    const std::string code(codes[luck.below(std::size(codes))]);
    std::string status = luck.one_in(3) ? "" : oracle::sentence(oracle::reply_grammar(), "status-text", luck);
    if (luck.one_in(2) && !status.empty()) status[0] = code[0];
    if (luck.one_in(20)) status = oracle::sentence(oracle::reply_grammar(), "like-a-status", luck);
    std::string reply;
    for (std::size_t more = luck.below(4); more != 0; --more)
      reply += (luck.one_in(30) ? std::string(codes[luck.below(std::size(codes))]) : code) +
               std::string(luck.one_in(20) ? separators[luck.below(std::size(separators))] : "-") +
               (luck.one_in(20) ? "" : status) + (luck.one_in(3) ? " text" : "") + "\r\n";
    reply += code + " " + status + "\r\n";
    for (agreement* one : {&asked, &by_octets}) one->ask(reply);
    asked.ask(oracle::spoiled(reply, luck));
  }
  asked.check();
  by_octets.check();
}

TEST_CASE("the lengths of replies are kept to the octet") {
  agreement asked{found_reply, due_reply};
  for (std::size_t n = 2040; n < 2055; ++n) {
    asked.ask(line_of("250", ' ', n));
    asked.ask(line_of("250", '-', n) + "250 ok\r\n");
    asked.ask("250-ok\r\n" + line_of("250", ' ', n));
    asked.ask(line_of("334", ' ', n));
    asked.ask(line_of("250", ' ', n).replace(4, 6, "2.0.0 "));
  }
  for (std::size_t n = 12280; n < 12295; ++n) {
    asked.ask(line_of("334", ' ', n));
    asked.ask(line_of("334", '-', n) + "334 ok\r\n");
    asked.ask(line_of("354", ' ', n));
  }
  for (std::size_t lines = 1020; lines < 1028; ++lines) {
    std::string reply, with_status;
    for (std::size_t i = 1; i < lines; ++i) reply += "250-a\r\n", with_status += "250-2.0.0\r\n";
    asked.ask(reply + "250 b\r\n");
    asked.ask(with_status + "250 2.0.0\r\n");
  }
  std::string most;
  for (int i = 0; i < 31; ++i) most += line_of("250", '-', 2048);
  for (std::size_t n = 2036; n < 2049; ++n)
    for (std::size_t rest : {7U, 8U, 12U}) asked.ask(most + line_of("250", '-', n) + line_of("250", ' ', rest));
  asked.check();
}
