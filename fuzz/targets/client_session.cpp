// Any octets that a server sends, to a client that wants any sequence of things: the same events and
// the same commands however they are cut. The first line of the input is what the client wants, an
// octet each (properties/asking.hpp). Where the input has the first octets of a TLS record, the
// server's side of TLS begins; what is behind them must mean what it means to a fresh client.

#include <algorithm>
#include <string>

#include "properties/asking.hpp"
#include "properties/choices.hpp"
#include "properties/cutting.hpp"

using properties::asking;
using properties::require;

namespace {

constexpr std::string_view record = "\x16\x03";

void converses(std::string_view wishes, std::string_view heard, std::size_t clear,
               const sansmtp::client_options& options) {
  const auto run = [&](support::parts parts) {
    asking client(options, wishes, clear);
    for (const std::string_view part : parts) client.feed(part);
    return client.finish();
  };
  properties::same_for_every_cut(heard, "the conversation is the same for every cut, but not for", run, 8);

  asking buffered(options, wishes, clear);
  sansmtp::input_buffer<65536> in;
  buffered.feed(in, {});
  buffered.feed(in, heard);
  require(buffered.finish(in.unread()) == run(support::parts(&heard, 1)), "it is the same through a buffer");

  asking whole(options, wishes, clear);
  whole.feed(heard);
  (void)whole.finish();
  if (!whole.tls_started() || whole.sent_mail()) return;
  sansmtp::client_options inside = options;
  inside.tls = true;
  inside.start = sansmtp::phase::greeted;
  asking fresh(inside, whole.wishes_inside_tls(), 0);
  fresh.feed(heard.substr(clear));
  require(fresh.finish() == whole.inside_tls(), "inside of TLS nothing is known from before");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  properties::choices input(properties::text_of(data, size));
  const std::string wishes(input.upto('\n'));
  std::string heard(input.rest());
  const std::size_t clear = std::min(heard.find(record), heard.size());
  if (clear != heard.size()) heard.erase(clear, record.size());
  sansmtp::client_options options;
  converses(wishes, heard, clear, options);
  options.kind = sansmtp::service::lmtp;
  options.leniency = sansmtp::quirks::strict;
  options.newlines = sansmtp::newline_repair::repair;
  converses(wishes, heard, clear, options);
  return 0;
}
