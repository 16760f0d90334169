// capabilities: what a server offers, learned from its reply to EHLO or LHLO.
//
// A plain value without views, so that a client can keep it when the reply is gone: the set of
// extensions, the numbers that SIZE, LIMITS, DELIVERBY and FUTURERELEASE state, the names of AUTH's
// mechanisms. A keyword that is not in the table, and every other parameter, is for whoever reads
// the reply's lines, by find() and the types of ehlo_values. After STARTTLS, and after AUTH put a
// security layer, what was learned must be forgotten (RFC 3207 4.2, RFC 4954 4): assign {}.

#ifndef SANSMTP_WIRE_CAPABILITIES_HPP
#define SANSMTP_WIRE_CAPABILITIES_HPP

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/scan.hpp"
#include "sansmtp/wire/ehlo_line.hpp"
#include "sansmtp/wire/ehlo_values.hpp"
#include "sansmtp/wire/extension.hpp"
#include "sansmtp/wire/reply.hpp"
#include "sansmtp/wire/server_limits.hpp"

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

  // What SIZE says, in its three forms; unstated without SIZE too.
  constexpr size_offer size() const noexcept {
    if (size_limit_ != 0) return {size_offer::form::limited, size_limit_};
    return {size_unlimited_ ? size_offer::form::unlimited : size_offer::form::unstated, 0};
  }

  // What LIMITS states; of two lines the smaller. Nothing where the line's grammar is broken
  // (RFC 9422 3.7).
  constexpr server_limits limits() const noexcept {
    const auto stated = [](std::uint32_t n) noexcept {
      return n == 0 ? std::nullopt : std::optional<std::uint32_t>(n);
    };
    return {stated(mail_max_), stated(rcpt_max_), stated(rcpt_domain_max_)};
  }

  // The least time that a BY in mode R may leave, where DELIVERBY states one (RFC 2852 2).
  constexpr std::optional<std::chrono::seconds> least_by_time() const noexcept {
    if (by_time_ == 0) return std::nullopt;
    return std::chrono::seconds(by_time_ - 1);
  }

  // The longest time for which FUTURERELEASE lets a message be held (RFC 4865 3).
  constexpr std::optional<std::chrono::seconds> longest_hold() const noexcept {
    if (hold_ == 0) return std::nullopt;
    return std::chrono::seconds(hold_);
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
  constexpr void learn_line(extension what, std::string_view parameters, quirks leniency) noexcept;
  constexpr void learn_size(std::string_view parameters) noexcept;
  constexpr void learn_limits(std::string_view parameters) noexcept;
  constexpr void learn_mechanisms(std::string_view parameters) noexcept;

  static constexpr char upper(char c) noexcept { return 'a' <= c && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }

  // The lengths that names have: one of another length is surely none of them.
  class mechanism_lengths {
   public:
    constexpr explicit mechanism_lengths(std::string_view names) noexcept {
      for (std::string_view name = ehlo_line::next(names); !name.empty(); name = ehlo_line::next(names))
        add(name.size());
    }
    constexpr bool has(std::size_t length) const noexcept { return ((bits_ >> length) & 1U) != 0; }
    constexpr void add(std::size_t length) noexcept { bits_ |= std::uint64_t{1} << length; }

   private:
    static_assert(sansmtp::limits::mechanism_read < 64);
    std::uint64_t bits_ = 0;
  };

  extension_set extensions_;
  std::uint64_t size_limit_ = 0;  // 0: none stated
  std::uint32_t mail_max_ = 0;    // and so with these
  std::uint32_t rcpt_max_ = 0;
  std::uint32_t rcpt_domain_max_ = 0;
  std::uint32_t by_time_ = 0;  // more by 1, for 0 can be stated
  std::uint32_t hold_ = 0;
  std::array<char, sansmtp::limits::mechanisms_kept> mechanisms_{};
  std::uint16_t malformed_lines_ = 0;
  std::uint8_t mechanisms_size_ = 0;
  bool mechanisms_cut_ = false;
  bool size_unlimited_ = false;
};
static_assert(limits::mechanisms_kept <= 255);
static_assert(sizeof(capabilities) <= 192 && std::is_trivially_copyable_v<capabilities>);

namespace scan {

// Where a keyword ends, at the latest: at SP, HTAB or CR.
struct keyword_end {
  static constexpr std::size_t behind = 0;
  template <class Block>
  static constexpr Block match(const char* at) noexcept {
    return Block::load(at).at_most(32);
  }
};

}  // namespace scan

// Most lines begin with a keyword of the table and a SP, or are such a keyword: these need not be
// parsed to tell where it ends. The others take the way of every ehlo_line.
constexpr capabilities capabilities::learn(const reply& from, quirks leniency) noexcept {
  constexpr std::size_t front = 4;  // code and separator
  capabilities learned;
  if (!from.code().positive()) return learned;
  std::string_view rest = from.octets();
  rest.remove_prefix(rest.find('\n') + 1);
  while (!rest.empty()) {
    const std::size_t blank = scan::find<scan::keyword_end>(rest, front);
    const auto named = extension_named({rest.data() + front, blank - front});
    const bool known = named && *named != extension::pipeconnect;  // that has a name only the quirk lets through
    if (known && rest[blank] == '\r') {
      learned.extensions_ = learned.extensions_.with(*named);
      rest.remove_prefix(blank + 2);
      continue;
    }
    const std::size_t end = rest.find('\n', blank) - 1;  // of a reply, whose every CR and LF end a line together
    const std::string_view text = end > front ? rest.substr(front, end - front) : std::string_view{};
    rest.remove_prefix(end + 2);
    const auto line = known && text[blank - front] == ' '
                          ? ehlo_line::parse_behind(text, blank - front, leniency.allow(quirk::loose_ehlo_line))
                          : ehlo_line::parse(text, leniency);
    if (!line)
      ++learned.malformed_lines_;
    else if (const auto what = known ? named : extension_named(line->keyword))
      learned.learn_line(*what, line->parameters, leniency);
  }
  return learned;
}

constexpr void capabilities::learn_line(extension what, std::string_view parameters, quirks leniency) noexcept {
  extensions_ = extensions_.with(what);
  if (parameters.empty()) return;
  switch (what) {
    case extension::size: return learn_size(parameters);
    case extension::auth: return learn_mechanisms(parameters);
    case extension::limits: return learn_limits(parameters);
    case extension::deliver_by:
      if (const auto offer = deliver_by_offer::parse(parameters); offer && offer->minimum)
        by_time_ = static_cast<std::uint32_t>(offer->minimum->count()) + 1;
      return;
    case extension::future_release:
      if (const auto offer = future_release_offer::parse(parameters, leniency))
        hold_ = static_cast<std::uint32_t>(offer->interval.count());
      return;
    default: return;
  }
}

// Of two limits the smaller. What is no number states none.
constexpr void capabilities::learn_size(std::string_view parameters) noexcept {
  const auto offer = size_offer::parse(parameters);
  if (!offer) return;
  if (offer->stated == size_offer::form::unlimited) size_unlimited_ = true;
  if (offer->limit != 0 && (size_limit_ == 0 || offer->limit < size_limit_)) size_limit_ = offer->limit;
}

constexpr void capabilities::learn_limits(std::string_view parameters) noexcept {
  const auto stated = server_limits::parse(parameters);
  if (!stated) return;
  const auto smaller = [](std::uint32_t kept, std::optional<std::uint32_t> now) noexcept -> std::uint32_t {
    return now && (kept == 0 || *now < kept) ? *now : kept;
  };
  mail_max_ = smaller(mail_max_, stated->mail_max);
  rcpt_max_ = smaller(rcpt_max_, stated->rcpt_max);
  rcpt_domain_max_ = smaller(rcpt_domain_max_, stated->rcpt_domain_max);
}

//   auth-line = "AUTH" *(SP sasl-mech)                                           RFC 4954 3
//   sasl-mech = 1*20mech-char                                                    RFC 4422 3.1
//   mech-char = %x41-5A / DIGIT / "-" / "_"
//
// Names are compared in any case and kept in capitals. A word that can be no name is passed over.
constexpr void capabilities::learn_mechanisms(std::string_view parameters) noexcept {
  mechanism_lengths kept(mechanisms());
  for (std::size_t at = 0; !mechanisms_cut_;) {
    const std::size_t begin = span_of(octet_class::white, parameters, at);
    if (begin == parameters.size()) return;
    const std::size_t end = span_of(octet_class::verb, parameters, begin);
    at = span_of(octet_class::vchar, parameters, end);
    const std::string_view name = parameters.substr(begin, end - begin);
    if (at != end || name.size() > sansmtp::limits::mechanism_read) continue;
    if (kept.has(name.size()) && offers(name)) continue;
    std::size_t size = mechanisms_size_;
    const std::size_t separator = size == 0 ? 0 : 1;
    if (mechanisms_.size() - size < separator + name.size()) {
      mechanisms_cut_ = true;
      return;
    }
    if (separator != 0) mechanisms_[size++] = ' ';
    char* const to = mechanisms_.data() + size;
    for (std::size_t i = 0; i < name.size(); ++i) to[i] = upper(name[i]);
    mechanisms_size_ = static_cast<std::uint8_t>(size + name.size());
    kept.add(name.size());
  }
}

constexpr bool capabilities::offers(std::string_view mechanism) const noexcept {
  if (mechanism.empty() || mechanism.find(' ') != mechanism.npos) return false;
  // Only where a name of that length begins is it compared: one whose end is a SP or the end of all.
  const std::string_view names = mechanisms();
  for (std::size_t begin = 0; names.size() - begin >= mechanism.size();) {
    const std::size_t end = begin + mechanism.size();
    if ((end == names.size() || names[end] == ' ') && equal_ignoring_case(names.substr(begin, end - begin), mechanism))
      return true;
    while (begin < names.size() && names[begin] != ' ') ++begin;
    if (begin == names.size()) return false;
    ++begin;
  }
  return false;
}

}  // namespace sansmtp

#endif
