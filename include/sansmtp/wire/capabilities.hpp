// capabilities: what a server offers, learned from its reply to EHLO or LHLO.
//
// A plain value without views, so that a client can keep it when the reply is gone: the set of
// extensions, the limit that SIZE states, the names of AUTH's mechanisms. A keyword that is not
// in the table, and every other parameter, is for whoever reads the reply's ehlo_lines. After
// STARTTLS, and after AUTH put a security layer, what was learned must be forgotten (RFC 3207 4.2,
// RFC 4954 4): assign {}.

#ifndef SANSMTP_WIRE_CAPABILITIES_HPP
#define SANSMTP_WIRE_CAPABILITIES_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <type_traits>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/number.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/wire/ehlo_line.hpp"
#include "sansmtp/wire/extension.hpp"
#include "sansmtp/wire/reply.hpp"

namespace sansmtp {

class capabilities {
 public:
  // Nothing is offered.
  constexpr capabilities() noexcept = default;

  // From the whole reply to EHLO or LHLO. A refusal, and the single line that answers HELO, offer
  // nothing. A line that is no ehlo_line under this leniency offers nothing and is counted; the rest
  // holds.
  static constexpr capabilities learn(const reply& from, quirks leniency = quirks::strict) noexcept;

  constexpr bool has(extension e) const noexcept { return extensions_.has(e); }
  constexpr extension_set extensions() const noexcept { return extensions_; }

  // The largest message in octets that the server will take. Nothing when it states none: SIZE alone,
  // SIZE 0, no SIZE; has(extension::size) tells. A number over 64 bits is 2^64-1; of two the smaller.
  constexpr std::optional<std::uint64_t> size_limit() const noexcept {
    return size_limit_ == 0 ? std::nullopt : std::optional<std::uint64_t>(size_limit_);
  }

  // Whether AUTH offers the mechanism; its name in any case.
  constexpr bool offers(std::string_view mechanism) const noexcept;

  // The mechanisms, in capitals, one SP between, in the server's order, none twice. A view into
  // this object.
  constexpr std::string_view mechanisms() const& noexcept { return {mechanisms_.data(), mechanisms_size_}; }
  std::string_view mechanisms() const&& = delete;

  // Whether the names did not all fit (limits::mechanisms_kept). Those behind were not kept then, and
  // offers() does not know them; the reply has them all.
  constexpr bool mechanisms_are_cut() const noexcept { return mechanisms_cut_; }

  // How many lines were not ehlo_lines.
  constexpr std::size_t malformed_lines() const noexcept { return malformed_lines_; }

  friend constexpr bool operator==(const capabilities&, const capabilities&) noexcept = default;

 private:
  constexpr void learn_size(std::string_view parameters) noexcept;
  constexpr void learn_mechanisms(std::string_view parameters) noexcept;

  extension_set extensions_;
  std::uint64_t size_limit_ = 0;  // 0: none stated
  std::array<char, limits::mechanisms_kept> mechanisms_{};
  std::uint16_t malformed_lines_ = 0;
  std::uint8_t mechanisms_size_ = 0;
  bool mechanisms_cut_ = false;
};
static_assert(limits::mechanisms_kept <= 255);
static_assert(sizeof(capabilities) <= 184 && std::is_trivially_copyable_v<capabilities>);

constexpr capabilities capabilities::learn(const reply& from, quirks leniency) noexcept {
  capabilities learned;
  if (!from.code().positive()) return learned;
  for (const auto line : ehlo_lines(from, leniency)) {
    if (!line) {
      ++learned.malformed_lines_;
      continue;
    }
    const auto named = extension_named(line->keyword);
    if (!named) continue;
    learned.extensions_ = learned.extensions_.with(*named);
    if (*named == extension::size) learned.learn_size(line->parameters);
    if (*named == extension::auth) learned.learn_mechanisms(line->parameters);
  }
  return learned;
}

//   size-line  = "SIZE" [SP size-param]                                          RFC 1870 4
//   size-param = *DIGIT
//
// A parameter that is no number states no limit. One that is too large must not wrap round to a
// small limit.
constexpr void capabilities::learn_size(std::string_view parameters) noexcept {
  const auto stated = parse_number(ehlo_line::next(parameters));
  std::uint64_t limit = 0;
  if (stated)
    limit = *stated;
  else if (stated.error().code == errc::number_too_large)
    limit = std::numeric_limits<std::uint64_t>::max();
  if (limit != 0 && (size_limit_ == 0 || limit < size_limit_)) size_limit_ = limit;
}

//   auth-line = "AUTH" *(SP sasl-mech)                                           RFC 4954 3
//   sasl-mech = 1*20mech-char                                                    RFC 4422 3.1
//   mech-char = %x41-5A / DIGIT / "-" / "_"
//
// Names are compared in any case and kept in capitals. A word that can be no name is passed over.
constexpr void capabilities::learn_mechanisms(std::string_view parameters) noexcept {
  while (!mechanisms_cut_) {
    const std::string_view name = ehlo_line::next(parameters);
    if (name.empty()) return;
    if (name.size() > limits::mechanism_read || !all(octet_class::verb, name) || offers(name)) continue;
    const std::size_t separator = mechanisms_size_ == 0 ? 0 : 1;
    if (mechanisms_.size() - mechanisms_size_ < separator + name.size()) {
      mechanisms_cut_ = true;
      return;
    }
    std::size_t size = mechanisms_size_;
    if (separator != 0) mechanisms_[size++] = ' ';
    for (char c : name) mechanisms_[size++] = 'a' <= c && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
    mechanisms_size_ = static_cast<std::uint8_t>(size);
  }
}

constexpr bool capabilities::offers(std::string_view mechanism) const noexcept {
  const std::string_view names = mechanisms();
  for (std::size_t begin = 0; begin < names.size();) {
    const std::size_t end = std::min(names.find(' ', begin), names.size());
    if (equal_ignoring_case(names.substr(begin, end - begin), mechanism)) return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace sansmtp

#endif
