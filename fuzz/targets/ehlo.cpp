// Any octets as an EHLO reply (or, without codes, as the lines of one): what is learned is what each
// line says by itself, and a reply that is written from it teaches the same.

#include <optional>
#include <string>
#include <vector>

#include "properties/parsing.hpp"
#include "sansmtp/wire/capabilities.hpp"
#include "sansmtp/wire/ehlo_reply.hpp"
#include "sansmtp/wire/ehlo_values.hpp"
#include "sansmtp/wire/server_limits.hpp"

using properties::require;
using sansmtp::capabilities;
using sansmtp::quirks;

namespace {

template <class T>
void is_offer(std::string_view parameters) {
  const auto offer = T::parse(parameters);
  if (!offer) return properties::located(offer.error(), parameters);
  const std::string line = properties::written(*offer);
  const auto again = sansmtp::ehlo_line::parse(line);
  require(again.has_value(), "an offer is written as a line:", line);
  const auto back = T::parse(again->parameters);
  require(back && *back == *offer, "which says the same");
}

// The extensions line by line, with nothing taken in one stride.
void learns(const sansmtp::reply& r, quirks leniency) {
  const capabilities learned = capabilities::learn(r, leniency);
  sansmtp::extension_set named;
  std::size_t malformed = 0;
  if (r.code().positive())
    for (const auto line : sansmtp::ehlo_lines(r, leniency)) {
      if (!line) {
        ++malformed;
        continue;
      }
      if (const auto what = sansmtp::extension_named(line->keyword)) named = named.with(*what);
      is_offer<sansmtp::size_offer>(line->parameters);
      is_offer<sansmtp::deliver_by_offer>(line->parameters);
      is_offer<sansmtp::future_release_offer>(line->parameters);
      is_offer<sansmtp::priority_offer>(line->parameters);
      if (const auto stated = sansmtp::server_limits::parse(line->parameters);
          stated && *stated != sansmtp::server_limits{})
        is_offer<sansmtp::server_limits>(line->parameters);
    }
  require(learned.extensions() == named, "the extensions are those of the lines");
  require(learned.malformed_lines() == malformed, "and lines that are none are counted");
  std::string_view names = learned.mechanisms();
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(' '));
    require(learned.offers(name) && !name.empty(), "a mechanism that is listed is offered");
    names.remove_prefix(std::min(name.size() + 1, names.size()));
  }
  require(sansmtp::hello_host(r).find(' ') == std::string_view::npos, "a name is one word");

  if (!r.code().positive() || learned.size().stated == sansmtp::size_offer::form::unstated)
    named = named.without(sansmtp::extension::size);
  if (learned.mechanisms().empty()) named = named.without(sansmtp::extension::auth);
  named = named.without(sansmtp::extension::pipeconnect);  // its name is one that only a leniency reads
  char room[16384];
  sansmtp::writer out{room};
  if (!encode_ehlo_reply("mx.example", named, learned.size_limit().value_or(0), learned.mechanisms(), out))
    return require(out.empty(), "whole or not at all");
  const auto written = sansmtp::reply::parse(out.written());
  require(written.has_value(), "what is written is one reply");
  const capabilities again = capabilities::learn(*written);
  require(again.extensions() == named && again.malformed_lines() == 0, "which offers the same");
  require(again.size_limit() == learned.size_limit() && again.mechanisms() == learned.mechanisms(),
          "in the same words");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(properties::text_of(data, size));
  if (text.empty() || text[0] != '2') {
    std::string lines = "250-mx.example";
    for (const char c : text) lines += c == '\n' ? "\r\n250-" : std::string(1, c);
    text = lines + "\r\n250 HELP\r\n";
  }
  const properties::exact own(text);
  for (const quirks leniency : properties::every_leniency)
    if (const auto r = sansmtp::reply::parse(own.view(), leniency)) learns(*r, leniency);
  return 0;
}
