// Any octets sent to a server: the same events and the same replies however they are cut, and an end
// to it. Where the input has the first octets of a TLS record, the client's side of TLS begins; what
// is behind them must mean what it means to a server that was never spoken to in the clear.

#include <algorithm>
#include <string>

#include "properties/cutting.hpp"
#include "properties/serving.hpp"

using properties::require;
using properties::serving;

namespace {

using namespace sansmtp::literals;

constexpr std::string_view record = "\x16\x03";

void converses(std::string_view sent, std::size_t clear, const sansmtp::server_options& options) {
  const auto run = [&](support::parts parts) {
    serving server(options, clear);
    for (const std::string_view part : parts) server.feed(part);
    return server.finish();
  };
  properties::same_for_every_cut(sent, "the conversation is the same for every cut, but not for", run, 8);

  serving buffered(options, clear);
  sansmtp::input_buffer<16384> in;
  buffered.feed(in, {});
  buffered.feed(in, sent);
  require(buffered.finish(in.unread()) == run(support::parts(&sent, 1)), "it is the same through a buffer");

  serving whole(options, clear);
  whole.feed(sent.substr(0, clear));
  const bool anew = whole.greeted_anew();
  whole.feed(sent.substr(clear));
  (void)whole.finish();
  if (!whole.tls_started() || !anew) return;
  sansmtp::server_options inside = options;
  inside.tls = true;
  inside.start = sansmtp::phase::greeted;
  serving fresh(inside, 0);
  fresh.feed(sent.substr(clear));
  require(fresh.finish() == whole.inside_tls(), "inside of TLS nothing is known from before");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t octets) {
  using enum sansmtp::extension;
  std::string sent(properties::text_of(data, octets));
  const std::size_t clear = std::min(sent.find(record), sent.size());
  if (clear != sent.size()) sent.erase(clear, record.size());
  sansmtp::server_options options{.host = "mx.example"_domain,
                                  .extensions = {pipelining, size, eight_bit_mime, binarymime, chunking, smtputf8,
                                                 enhanced_status_codes, dsn, starttls, sansmtp::extension::auth, prdr},
                                  .mechanisms = "PLAIN SCRAM-SHA-256",
                                  .size_limit = 300,
                                  .recipient_limit = 3,
                                  .cleartext_passwords = true};
  converses(sent, clear, options);
  options.leniency = sansmtp::quirks::all;
  options.newlines = sansmtp::bare_newline::keep;
  options.start = sansmtp::phase::rcpt;
  converses(sent, clear, options);
  options.kind = sansmtp::service::lmtp;
  options.leniency = sansmtp::quirks::strict;
  options.newlines = sansmtp::bare_newline::refuse;
  options.start = sansmtp::phase::connect;
  options.require_authentication = sent.size() % 2 == 1;
  options.require_tls = sent.size() % 4 == 2;
  converses(sent, clear, options);
  return 0;
}
