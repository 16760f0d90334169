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

#include "sansmtp/base/fast_paths.hpp"
#include "sansmtp/base/keyword_map.hpp"
#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/wire/ehlo_glance.hpp"
#include "sansmtp/wire/ehlo_line.hpp"
#include "sansmtp/wire/ehlo_values.hpp"
#include "sansmtp/wire/extension.hpp"
#include "sansmtp/wire/reply.hpp"
#include "sansmtp/wire/server_limits.hpp"
#include "sansmtp/wire/spoken.hpp"

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
  static constexpr std::size_t front = 4;  // octets of a line's code and separator

  class mechanism_sketch;
  constexpr std::size_t learn_front(std::string_view lines, quirks leniency, extension_set& bare,
                                    mechanism_sketch& seen) noexcept;
  constexpr std::size_t learn_longer(std::string_view lines, std::size_t size, std::size_t row, quirks leniency,
                                     mechanism_sketch& seen) noexcept;
  constexpr void learn_line(extension what, std::string_view parameters, quirks leniency,
                            mechanism_sketch& seen) noexcept;
  constexpr void learn_size(std::string_view parameters) noexcept;
  constexpr void learn_limits(std::string_view parameters, quirks leniency) noexcept;
  constexpr void keep_mechanism(std::string_view name, mechanism_sketch& seen) noexcept;
  constexpr void learn_mechanisms(std::string_view parameters, mechanism_sketch& seen) noexcept;

  [[gnu::always_inline]] static constexpr void put_upper(std::string_view name, char* to) noexcept;
  static constexpr char upper(char c) noexcept { return 'a' <= c ? static_cast<char>(c - ('a' - 'A')) : c; }

  // Some of what is known of the names so far: of another one it tells mostly that it is another.
  class mechanism_sketch {
   public:
    constexpr bool has(std::string_view name) const noexcept { return (bits_ & bit(name)) != 0; }
    constexpr void add(std::string_view name) noexcept { bits_ |= bit(name); }

   private:
    static constexpr std::uint64_t bit(std::string_view name) noexcept {
      return std::uint64_t{1} << ((static_cast<unsigned char>(upper(name[0])) + 7 * name.size()) % 64);
    }
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

// The lines are looked at where they stand, but the last few: these are copied, to where octets that a
// glance may look at stand behind them.
constexpr capabilities capabilities::learn(const reply& from, quirks leniency) noexcept {
  constexpr std::size_t reach = front + ehlo_glance::reach;
  capabilities learned;
  if (!from.code().positive()) return learned;
  std::string_view rest = from.octets();
  rest.remove_prefix(rest.find('\n') + 1);
  extension_set bare;
  mechanism_sketch seen;
  char room[2 * reach];
  for (bool copied = false; !rest.empty(); rest.remove_prefix(learned.learn_front(rest, leniency, bare, seen))) {
    if (copied || rest.size() >= reach) continue;
    std::copy(rest.begin(), rest.end(), room);
    std::fill_n(room + rest.size(), reach, '\0');
    rest = {room, rest.size()};
    copied = true;
  }
  learned.extensions_ = learned.extensions_.with(bare).among(spoken_extensions);
  return learned;
}

// Learns the first of these lines, of code, text and CRLF, and tells how many octets it has. So many that
// a glance can look at them can be read behind the code, whatever the line has. Most lines are a keyword
// of the table, and nothing more is asked of them.
[[gnu::always_inline]] constexpr std::size_t capabilities::learn_front(std::string_view lines, quirks leniency,
                                                                       extension_set& bare,
                                                                       mechanism_sketch& seen) noexcept {
  const char* const line = lines.data() + front;
  const std::size_t size = ehlo_glance::keyword_end(line);
  const std::size_t row = keyword_map<extension_table, &extension_facts::keyword>::find({line, size});
  if (row != extension_count && line[size] == '\r') {
    bare = bare.with(static_cast<extension>(row));
    return front + size + 2;
  }
  return front + learn_longer({line, lines.size() - front}, size, row, leniency, seen);
}

// Likewise of any line, and behind its code; its first `size` octets are the keyword of that row, if it is one of
// the table. The usual line is told by a glance, and any other is parsed as every ehlo_line.
constexpr std::size_t capabilities::learn_longer(std::string_view lines, std::size_t size, std::size_t row,
                                                 quirks leniency, mechanism_sketch& seen) noexcept {
  const char* const line = lines.data();
  const bool known = row != extension_count;
  const ehlo_glance look(line);
  if (fast_paths && look.is_keyword(size) && (look.size() == size || look.has_parameters(size))) {
    if (speaks(extension::auth) && known && static_cast<extension>(row) == extension::auth) {
      extensions_ = extensions_.with(extension::auth);
      for (std::size_t end = size; end != look.size();) {
        const std::size_t begin = end + 1;
        end = look.parameter_end(begin);
        if (look.is_name(begin, end)) keep_mechanism({line + begin, end - begin}, seen);
      }
    } else if (const auto named = known ? std::optional(static_cast<extension>(row)) : extension_named({line, size})) {
      const std::size_t begin = std::min(size + 1, look.size());
      learn_line(*named, {line + begin, look.size() - begin}, leniency, seen);
    }
    return look.size() + 2;
  }
  const std::size_t end = lines.find('\n');
  const std::string_view text = lines.substr(0, end == 0 ? 0 : end - 1);  // "250" alone has no separator
  const auto parsed = ehlo_line::parse(text, leniency);
  if (!parsed)
    ++malformed_lines_;
  else if (const auto what = extension_named(parsed->keyword))
    learn_line(*what, parsed->parameters, leniency, seen);
  return end + 1;
}

constexpr void capabilities::learn_line(extension what, std::string_view parameters, quirks leniency,
                                        mechanism_sketch& seen) noexcept {
  extensions_ = extensions_.with(what);
  if (parameters.empty()) return;
  switch (what) {
    case extension::size:
      if constexpr (speaks(extension::size)) learn_size(parameters);
      return;
    case extension::auth:
      if constexpr (speaks(extension::auth)) learn_mechanisms(parameters, seen);
      return;
    case extension::limits:
      if constexpr (speaks(extension::limits)) learn_limits(parameters, leniency);
      return;
    case extension::deliver_by:
      if constexpr (speaks(extension::deliver_by))
        if (const auto offer = deliver_by_offer::parse(parameters); offer && offer->minimum)
          by_time_ = static_cast<std::uint32_t>(offer->minimum->count()) + 1;
      return;
    case extension::future_release:
      if constexpr (speaks(extension::future_release))
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

constexpr void capabilities::learn_limits(std::string_view parameters, quirks leniency) noexcept {
  const auto stated = server_limits::parse(parameters, leniency);
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
constexpr void capabilities::learn_mechanisms(std::string_view parameters, mechanism_sketch& seen) noexcept {
  for (std::string_view word = ehlo_line::next(parameters); !word.empty(); word = ehlo_line::next(parameters))
    if (all(octet_class::verb, word)) keep_mechanism(word, seen);
}

// A name in capitals, four octets at a time. Of what a name may hold, only letters and "_" have the bit 0x40, and "_"
// has the bit of capitals already.
constexpr void capabilities::put_upper(std::string_view name, char* to) noexcept {
  const auto put_four = [&](std::size_t at) {
    const std::uint32_t four = four_octets(name.data() + at), capitals = four & ~((four >> 1) & 0x20202020U);
    for (unsigned i = 0; i < 4; ++i) to[at + i] = static_cast<char>(static_cast<unsigned char>(capitals >> (8 * i)));
  };
  if (name.size() < 4) {
    for (std::size_t i = 0; i < name.size(); ++i) to[i] = upper(name[i]);
    return;
  }
  for (std::size_t i = 0; i + 4 < name.size(); i += 4) put_four(i);
  put_four(name.size() - 4);
}

// Where one does not fit, it and all behind it are left out.
constexpr void capabilities::keep_mechanism(std::string_view name, mechanism_sketch& seen) noexcept {
  if (mechanisms_cut_ || name.size() > sansmtp::limits::mechanism_read) return;
  if (seen.has(name) && offers(name)) return;
  std::size_t size = mechanisms_size_;
  const std::size_t separator = size == 0 ? 0 : 1;
  if (mechanisms_.size() - size < separator + name.size()) {
    mechanisms_cut_ = true;
    return;
  }
  if (separator != 0) mechanisms_[size++] = ' ';
  put_upper(name, mechanisms_.data() + size);
  mechanisms_size_ = static_cast<std::uint8_t>(size + name.size());
  seen.add(name);
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
