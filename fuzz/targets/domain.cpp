// Any octets as a domain, an address literal, a host, and the name behind EHLO.

#include <algorithm>
#include <string>

#include "properties/parsing.hpp"
#include "sansmtp/grammar/hello_name.hpp"
#include "sansmtp/grammar/host.hpp"

using properties::require;
using sansmtp::quirk;
using sansmtp::quirks;

namespace {

// RFC 5321 4.1.2, RFC 1035 2.3.4, label by label; of RFC 5892 the C1 controls, the no-break space and foreign dots.
bool is_label(std::string_view label, quirks leniency) {
  bool ascii = true;
  for (std::size_t i = 0; i < label.size();) {
    const char c = label[i];
    const std::size_t utf8 = sansmtp::utf8_length_at(label, i);
    if (!sansmtp::is(sansmtp::octet_class::let_dig, c) && c != '-' && utf8 == 0 &&
        !(c == '_' && leniency.allow(quirk::underscore)))
      return false;
    ascii = ascii && utf8 == 0;
    for (const std::string_view foreign : {"\xE3\x80\x82", "\xEF\xBC\x8E", "\xEF\xBD\xA1"})
      if (label.substr(i, utf8) == foreign) return false;
    if (utf8 == 2 && c == '\xC2' && static_cast<unsigned char>(label[i + 1]) <= 0xA0) return false;
    i += utf8 == 0 ? 1 : utf8;
  }
  return !label.empty() && label.front() != '-' && label.back() != '-' && (!ascii || label.size() <= 63);
}

bool is_domain(std::string_view text, quirks leniency) {
  if (text.empty() || text.size() > 255) return false;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find('.', from), text.size());
    const bool last = end == text.size();
    if (last && from == end && from != 0) return leniency.allow(quirk::trailing_dot);
    if (!is_label(text.substr(from, end - from), leniency)) return false;
    from = end + 1;
  }
  return true;
}

// In the midst of a longer text it ends where it ends alone.
void is_scanned(std::string_view text, quirks leniency) {
  const std::string longer = "a@" + std::string(text) + ">,more";
  const auto seen = sansmtp::domain::scan(longer, 2, ">", leniency);
  if (!seen) return require(!sansmtp::domain::parse(text, leniency) || !is_domain(text, leniency), "a domain is seen");
  const std::string_view alone = std::string_view(longer).substr(2, seen->end - 2);
  const auto parsed = sansmtp::domain::parse(alone, leniency);
  require(parsed && parsed->is_ascii() == seen->ascii, "what is seen is a domain");
  require(longer[seen->end] == '>', "up to what may follow");
}

void is_literal(const sansmtp::address_literal& literal) {
  require(literal == literal, "a literal equals itself");
  const std::string whole =
      '[' + std::string(literal.tag()) + (literal.tag().empty() ? "" : ":") + std::string(literal.content()) + ']';
  require(whole == literal.text(), "tag and content are the literal");
  if (literal.form() != sansmtp::address_literal::kind::ipv4) return;
  std::string spelt = "[";
  for (std::size_t i = 0; i < 4; ++i) spelt.append(i == 0 ? "" : ".").append(std::to_string(literal.address()[i]));
  spelt += ']';
  const auto again = sansmtp::address_literal::parse(spelt);
  require(again && *again == literal, "an address is its four numbers");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const properties::exact own(properties::text_of(data, size));
  const std::string_view text = own.view();
  properties::parses<sansmtp::domain>(text);
  properties::parses<sansmtp::address_literal>(text);
  properties::parses<sansmtp::host>(text);
  properties::parses<sansmtp::hello_name>(text);
  for (const quirks leniency : properties::every_leniency) {
    require(sansmtp::domain::parse(text, leniency).has_value() == is_domain(text, leniency), "a domain is its labels");
    is_scanned(text, leniency);
    const auto host = sansmtp::host::parse(text, leniency);
    if (!host) continue;
    require(host->as_domain().has_value() != host->as_literal().has_value(), "a host is one of the two");
    require(*host == *host, "a host equals itself");
    if (const auto literal = host->as_literal()) is_literal(*literal);
  }
  return 0;
}
