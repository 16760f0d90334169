// A client and a server wired to each other, with any sequence of wishes, answers and delays: they
// agree on every command, reply and message, and on where they stand.
//
// The first octet of the input chooses the service; then come the answers of the server's application
// (a count, and an octet each); and then what happens, an octet each: a command (properties/asking.hpp),
// 'w' content, '.' its end, 'c' a response, '*' its cancelling, '>' and '<' so many octets arrive, '='
// an answer, '+' and '-' octets put in by another, ' ' all arrives and is answered.

#include "properties/wiring.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t octets) {
  using enum sansmtp::extension;
  using namespace sansmtp::literals;
  properties::choices input(properties::text_of(data, octets));
  const unsigned char how = input.octet();
  static constexpr std::string_view lines[] = {"XCLIENT NAME ADDR", "XFORWARD NAME ADDR"};
  sansmtp::server_options server{
      .host = "mx.example"_domain,
      .extensions = {pipelining, sansmtp::extension::size, eight_bit_mime, binarymime, chunking, smtputf8,
                     enhanced_status_codes, dsn, starttls, sansmtp::extension::auth, sansmtp::extension::expn,
                     sansmtp::extension::help, sansmtp::extension::etrn, prdr, sansmtp::extension::xclient,
                     sansmtp::extension::xforward},
      .mechanisms = "PLAIN CRAM-MD5",
      .lines = lines,
      .recipient_limit = 3,
      .cleartext_passwords = true};
  if ((how & 1U) != 0) server.kind = sansmtp::service::lmtp;
  if ((how & 2U) != 0) server.size_limit = 12;
  if ((how & 4U) != 0) server.extensions = server.extensions.without(pipelining);
  if ((how & 8U) != 0) server.leniency = sansmtp::quirks::strict;
  properties::wiring both(server, {.kind = server.kind}, properties::choices(input.text()));
  while (!input.empty() && !both.over()) {
    const char happens = static_cast<char>(input.octet());
    if (const auto command = properties::command_wished(happens)) {
      both.send(*command);
      continue;
    }
    switch (happens) {
      case 'w': both.write(input.text()); break;
      case 'W': both.write("..\r\n.x\r\n"); break;
      case '.': both.finish(); break;
      case 'c': both.respond(false); break;
      case '*': both.respond(true); break;
      case '>': both.to_server(input.octet()); break;
      case '<': both.to_client(input.octet()); break;
      case '=': both.reply(); break;
      case '+': both.meddle(false); break;
      case '-': both.meddle(true); break;
      case ' ': both.settle(); break;
      default: break;
    }
  }
  if (!both.over()) both.settle();
  return 0;
}
