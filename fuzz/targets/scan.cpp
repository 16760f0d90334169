// Any octets: what is found a block at a time is what one octet after the other finds.

#include <algorithm>

#include "properties/require.hpp"
#include "sansmtp/base/number.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/scan.hpp"

using properties::require;

namespace {

// The first place from there on for which `stops` says so; the end without one.
template <class Stops>
std::size_t plainly(std::string_view text, std::size_t from, Stops stops) {
  while (from < text.size() && !stops(from)) ++from;
  return from;
}

void finds(std::string_view text, std::size_t from) {
  using namespace sansmtp;
  const auto is_newline = [&](std::size_t i) { return text[i] == '\r' || text[i] == '\n'; };
  require(find_cr_or_lf(text, from) == plainly(text, from, is_newline), "the first CR or LF");

  const auto is_control = [&](std::size_t i) { return static_cast<unsigned char>(text[i]) < 32 && text[i] != '\t'; };
  require(find_control(text, from) == plainly(text, from, is_control), "the first control");
  require(scan::advance<scan::plain_block, scan::control>(text, from) == find_control(text, from), "by plain blocks");

  // Without an edge the last octet, whose successor is not there.
  const auto is_edge = [&](std::size_t i) {
    if (i + 1 == text.size()) return true;
    return (text[i] == '\r') != (text[i + 1] == '\n') || (text[i] == '\n' && text[i + 1] == '.');
  };
  require(find_line_edge(text, from) == plainly(text, from, is_edge), "the first edge of a line");
}

void compares(std::string_view text) {
  const std::string_view a = text.substr(0, text.size() / 2), b = text.substr(text.size() / 2);
  const auto alike = [](char x, char y) { return sansmtp::lower(x) == sansmtp::lower(y); };
  require(sansmtp::equal_ignoring_case(a, b) == std::equal(a.begin(), a.end(), b.begin(), b.end(), alike), "equal");
}

void counts(std::string_view text) {
  bool good = !text.empty();
  std::uint64_t value = 0;
  for (const char c : text) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    good = good && c >= '0' && c <= '9' && !__builtin_mul_overflow(value, std::uint64_t{10}, &value) &&
           !__builtin_add_overflow(value, digit, &value);
  }
  const auto parsed = sansmtp::parse_number(text);
  require(parsed.has_value() == good && (!parsed || *parsed == value), "a number is its digits");
  if (!parsed) properties::located(parsed.error(), text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const properties::exact own(properties::text_of(data, size));
  const std::string_view text = own.view();
  for (std::size_t from = 0; from <= text.size(); from += 1 + text.size() / 48) finds(text, from);
  // From each place on the text may end anywhere: blocks at a text's end are the hard ones.
  for (std::size_t end = 0; end <= text.size(); end += 1 + text.size() / 48) finds(text.substr(0, end), end / 3);
  compares(text);
  counts(text);
  return 0;
}
