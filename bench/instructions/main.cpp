// Runs one hot path, for its instructions to be counted: see bench/instructions.sh.
//
//   instructions                 prints the paths, each with how many rounds tell enough
//   instructions NAME ROUNDS     runs one, and prints how many items that were

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "conversations.hpp"
#include "lines.hpp"
#include "messages.hpp"

namespace {

using namespace instructions;

struct path {
  const char* name;
  std::size_t rounds;
  std::size_t (*run)(std::size_t rounds);
};

constexpr path paths[] = {
    {"command/data", 2000, [](std::size_t n) { return commands("DATA\r\n", n); }},
    {"command/ehlo", 2000, [](std::size_t n) { return commands("EHLO mail-out.example.com\r\n", n); }},
    {"command/mail", 2000, [](std::size_t n) { return commands("MAIL FROM:<news.letter@example.com>\r\n", n); }},
    {"command/mail_size_body", 2000,
     [](std::size_t n) { return commands("MAIL FROM:<news.letter@example.com> SIZE=1048576 BODY=8BITMIME\r\n", n); }},
    {"command/rcpt", 2000, [](std::size_t n) { return commands("RCPT TO:<first.reader@mx.example.org>\r\n", n); }},
    {"command/rcpt_notify_orcpt", 2000,
     [](std::size_t n) {
       return commands(
           "RCPT TO:<first.reader@mx.example.org> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;first+2Bx@example.org\r\n", n);
     }},
    {"command/mixed", 5, mixed_commands},
    {"reply/short", 2000, [](std::size_t n) { return replies("250 2.1.5 Ok\r\n", n); }},
    {"reply/multiline", 2000,
     [](std::size_t n) {
       return replies(
           "550-5.7.1 example.org has refused this message, because\r\n550-5.7.1 its sender is not known there\r\n"
           "550 5.7.1 See https://example.org/refused\r\n",
           n);
     }},
    {"reply/ehlo", 40, learned_replies},
    {"base64/decode_88", 2000, base64_decoded},
    {"base64/encode_88", 2000, base64_encoded},
    {"xtext", 2000, [](std::size_t n) { return xtexts("rfc822;first.reader+2Blists+3D7@mail-7.example.org", n); }},
    {"utf8/ascii", 2000,
     [](std::size_t n) { return utf8_texts("all of it plain, as most of what is checked turns out to be", n); }},
    {"utf8/mixed", 2000,
     [](std::size_t n) {
       return utf8_texts(
           "Gr\xC3\xBC\xC3\x9F"
           "e aus K\xC3\xB6ln \xE2\x80\x93 \xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E",
           n);
     }},
    {"decode/base64", 20, [](std::size_t n) { return decoded(traffic::body::base64, n); }},
    {"decode/prose", 20, [](std::size_t n) { return decoded(traffic::body::prose, n); }},
    {"decode/html", 20, [](std::size_t n) { return decoded(traffic::body::html, n); }},
    {"decode/dots", 5, [](std::size_t n) { return decoded(traffic::body::dots, n); }},
    {"encode/base64", 20, [](std::size_t n) { return encoded(traffic::body::base64, n); }},
    {"encode/prose", 20, [](std::size_t n) { return encoded(traffic::body::prose, n); }},
    {"encode/html", 20, [](std::size_t n) { return encoded(traffic::body::html, n); }},
    {"encode/dots", 5, [](std::size_t n) { return encoded(traffic::body::dots, n); }},
    {"session/server", 200, served},
    {"session/client", 200, sent},
};

}  // namespace

int main(int count, char** words) {
  for (const path& each : paths) {
    if (count == 1) std::printf("%s %zu\n", each.name, each.rounds);
    if (count == 3 && std::string_view(words[1]) == each.name) {
      std::printf("%zu\n", each.run(std::strtoul(words[2], nullptr, 10)));
      return 0;
    }
  }
  return count == 1 ? 0 : 64;
}
