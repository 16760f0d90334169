// Any octets as each of the values that have a grammar of their own: dates, URIs, lists of names.

#include <string>

#include "properties/parsing.hpp"
#include "sansmtp/grammar/absolute_uri.hpp"
#include "sansmtp/grammar/date_time.hpp"
#include "sansmtp/grammar/reply_text.hpp"
#include "sansmtp/wire/client_attributes.hpp"
#include "sansmtp/wire/domain_list.hpp"
#include "sansmtp/wire/etrn_node.hpp"
#include "sansmtp/wire/handling_values.hpp"
#include "sansmtp/wire/rcpt_values.hpp"
#include "sansmtp/wire/tracking_values.hpp"

using properties::require;
using sansmtp::quirks;

namespace {

void is_date(std::string_view text) {
  const auto parsed = sansmtp::date_time::parse(text);
  if (!parsed) return properties::located(parsed.error(), text);
  const std::string out = properties::written(*parsed);
  const auto again = sansmtp::date_time::parse(out);
  require(again && *again == *parsed && properties::written(*again) == out, "a date is written and parsed again");
  require(again->offset() == parsed->offset() && again->offset_is_known() == parsed->offset_is_known(), "offset");
  require(parsed->in_utc() == *parsed, "the same moment in UTC");
  if (const auto counted = sansmtp::date_time::at(parsed->since_epoch()); counted && !parsed->is_leap_second())
    require(counted->since_epoch() == parsed->since_epoch(), "seconds since the epoch and back");
}

void is_uri(std::string_view text) {
  const auto uri = sansmtp::absolute_uri::parse(text);
  if (!uri) return properties::located(uri.error(), text);
  std::string whole = std::string(uri->scheme()) + ':';
  if (uri->authority()) whole.append("//").append(*uri->authority());
  whole.append(uri->path());
  if (uri->query()) whole.append("?").append(*uri->query());
  require(whole == text, "a URI is its parts");
}

// What is decoded takes the attribute's octets; a list that is written again is parsed again.
template <class Attributes>
void is_attributes(std::string_view text) {
  const auto parse = [](std::string_view t, quirks q) { return Attributes::parse(t, q); };
  properties::under_every_leniency(text, parse, [](const Attributes& list, quirks leniency) {
    std::string out;
    for (const sansmtp::client_attribute& one : list) {
      sansmtp::output_buffer<512> room;
      require(one.decode(room).has_value() && one.equals(room.written()), "an attribute equals what it stands for");
      if (!out.empty()) out += ' ';
      const std::string pair = properties::written(one);
      // A raw value that a leniency took is written as xtext, which can outgrow its limit, or the line.
      if (pair.size() - pair.find('=') - 1 > sansmtp::xtext::max_octets) return;
      out += pair;
    }
    if (out.size() > Attributes::max_octets) return;
    const auto again = Attributes::parse(out, leniency);
    require(again.has_value(), "what is written can be parsed:", out);
    auto left = list.begin();
    for (const sansmtp::client_attribute& one : *again) {
      sansmtp::output_buffer<512> a, b;
      require(one.decode(a) && (*left).decode(b) && a.written() == b.written(), "to the same values");
      require(sansmtp::equal_ignoring_case((*left).name(), one.name()) && (*left).status() == one.status(),
              "of the same names");
      ++left;
    }
    require(left == list.end(), "as many");
  });
}

void is_domains(std::string_view text) {
  const auto parse = [](std::string_view t, quirks q) { return sansmtp::domain_list::parse(t, q); };
  properties::under_every_leniency(text, parse, [&](const sansmtp::domain_list& list, quirks) {
    std::string out;
    for (const sansmtp::domain& one : list) out.append(out.empty() ? "" : ",").append(one.text());
    require(out == text, "a list is its domains with commas between");
  });
}

template <class Parse>
void is_value(std::string_view text, Parse parse) {
  const auto value = parse(text);
  if (!value) return properties::located(value.error(), text);
  const std::string out = properties::written(*value);
  const auto again = parse(out);
  require(again && *again == *value, "what is written means the same:", out);
}

void is_unitext(std::string_view text) {
  for (const bool native : {false, true}) {
    const std::string out = "utf-8;" + [&] {
      char room[65536];
      sansmtp::writer to{room};
      sansmtp::writer::draft draft(to);
      if (!encode_unitext(text, draft, native)) return std::string();
      require(draft.commit().has_value(), "there is room");
      return std::string(to.written());
    }();
    const auto parsed = sansmtp::orcpt::parse(out, quirks::strict);
    if (!parsed) continue;
    char room[4096];
    sansmtp::writer back{room};
    require(parsed->decode(back) && back.written() == text, "an address is encoded and decoded");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const properties::exact own(properties::text_of(data, size));
  const std::string_view text = own.view();
  is_date(text);
  is_uri(text);
  is_attributes<sansmtp::xclient_attributes>(text);
  is_attributes<sansmtp::xforward_attributes>(text);
  is_domains(text);
  is_unitext(text);
  is_value(text, [](std::string_view t) { return sansmtp::parse_by(t); });
  is_value(text, [](std::string_view t) { return sansmtp::parse_rrvs(t); });
  is_value(text, [](std::string_view t) { return sansmtp::parse_mtrk(t); });
  is_value(text, [](std::string_view t) { return sansmtp::parse_xverp(t); });
  is_value(text, [](std::string_view t) { return sansmtp::parse_notify(t); });
  properties::parses<sansmtp::reply_text>(text);
  properties::parses<sansmtp::absolute_uri>(text);
  properties::parses<sansmtp::etrn_node>(text);
  properties::parses<sansmtp::orcpt>(text);
  if (const auto words = sansmtp::solicitation_keywords::parse(text)) {
    std::string out;
    for (const std::string_view word : *words) out.append(out.empty() ? "" : ",").append(word);
    require(out == text, "keywords with commas between");
  }
  if (const auto id = sansmtp::transid::parse(text))
    require('<' + std::string(id->local()) + '@' + std::string(id->domain()) + '>' == text, "a TRANSID is its parts");
  return 0;
}
