// Any octets as an enhanced status code and as a reply code.

#include <string>

#include "properties/parsing.hpp"
#include "sansmtp/wire/enhanced_status.hpp"
#include "sansmtp/wire/reply_code.hpp"

using properties::require;
using sansmtp::enhanced_status;

namespace {

// The digits of a number of at most three, without a zero before others; behind them, `text` goes on.
bool drop_number(std::string_view& text, unsigned& number) {
  std::size_t digits = 0;
  for (number = 0; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits)
    number = (number * 10 + static_cast<unsigned>(text[digits] - '0')) % 10000;
  if (digits == 0 || digits > 3 || (digits > 1 && text.front() == '0')) return false;
  text.remove_prefix(digits);
  return true;
}
bool drop_dot(std::string_view& text) {
  if (text.empty() || text.front() != '.') return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const properties::exact own(properties::text_of(data, size));
  const std::string_view text = own.view();

  unsigned group = 0, subject = 0, detail = 0;
  std::string_view behind = text;
  const bool good = drop_number(behind, group) && (group == 2 || group == 4 || group == 5) && drop_dot(behind) &&
                    drop_number(behind, subject) && drop_dot(behind) && drop_number(behind, detail) &&
                    (behind.empty() || behind.front() == ' ');
  const auto prefix = enhanced_status::parse_prefix(text);
  require(prefix.has_value() == good, "a code is three numbers");
  const auto parsed = enhanced_status::parse(text);
  require(parsed.has_value() == (good && behind.empty()), "exactly one code");
  if (!parsed) properties::located(parsed.error(), text);
  if (prefix) {
    const enhanced_status status = prefix->status;
    require(status.group == group && status.subject == subject && status.detail == detail, "the numbers are the code");
    require(status.valid() && sansmtp::resembles_enhanced_status(text), "it looks like one");
    while (!behind.empty() && behind.front() == ' ') behind.remove_prefix(1);
    require(prefix->used == text.size() - behind.size(), "and takes the SP behind it");
    const bool renamed = subject == 6 && detail == 10;  // it is written as X.6.8
    require(renamed || properties::written(status) == text.substr(0, text.find(' ')), "it is written as it was read");
  } else {
    properties::located(prefix.error(), text);
  }

  for (const auto leniency : properties::every_leniency) {
    const auto code = sansmtp::reply_code::parse(text, leniency);
    if (code)
      require(properties::written(*code) == text && (code->valid() || code->value / 10 % 10 > 5),
              "a code is its digits");
    else
      properties::located(code.error(), text);
  }
  return 0;
}
