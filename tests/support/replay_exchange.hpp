// replay_exchange: one connection of a transcript, and what must be known of it before its first octet.
//
// Whether it is LMTP, which sides were recorded, and where it begins cannot be learned on the way:
// LMTP shows in the client's first command, which the greeting precedes. So this looks ahead.

#ifndef SANSMTP_TESTS_SUPPORT_REPLAY_EXCHANGE_HPP
#define SANSMTP_TESTS_SUPPORT_REPLAY_EXCHANGE_HPP

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sansmtp/sansmtp.hpp"
#include "support/transcript.hpp"

namespace support {

struct replay_exchange {
  std::span<const transcript_entry> entries;
  bool has_client = false, has_server = false;
  bool lmtp = false;
  bool tells_of_tls = false;     // so what is not told did not happen
  bool from_the_middle = false;  // it begins without a greeting, and nobody said where
  sansmtp::phase start = sansmtp::phase::connect;
  std::vector<std::string> offers;  // EHLO lines that were said before it begins

  bool two_sided() const { return has_client && has_server; }
};

inline std::optional<sansmtp::phase> phase_named(std::string_view name) {
  for (std::size_t i = 0; i != sansmtp::phase_count; ++i)
    if (name == sansmtp::name_of(static_cast<sansmtp::phase>(i))) return static_cast<sansmtp::phase>(i);
  return std::nullopt;
}

// The verb that begins the octets, as far as they are one entry.
inline sansmtp::verb first_verb(std::string_view octets) {
  return sansmtp::verb_named(octets.substr(0, sansmtp::span_of(sansmtp::octet_class::verb, octets)));
}

inline bool greets(std::string_view octets) {
  for (std::string_view code : {"220", "421", "521", "554"})
    if (octets.starts_with(code)) return true;
  return false;
}

// Where a command that is in order stands.
inline sansmtp::phase phase_before(sansmtp::verb v) {
  using sansmtp::phase, sansmtp::verb;
  switch (v) {
    case verb::ehlo:
    case verb::helo:
    case verb::lhlo: return phase::greeted;
    case verb::rcpt: return phase::mail;
    case verb::data:
    case verb::bdat: return phase::rcpt;
    default: return phase::ready;
  }
}

inline replay_exchange look_ahead(std::span<const transcript_entry> entries) {
  replay_exchange out;
  out.entries = entries;
  const transcript_entry* opening = nullptr;   // the first octets of all
  const transcript_entry* greeting = nullptr;  // the first of the server
  const transcript_entry* lhlo = nullptr;
  bool hello = false, placed = false;
  for (const transcript_entry& entry : entries) {
    if (entry.what == happening::at) {
      const auto where = phase_named(entry.argument);
      placed = placed || where;
      out.start = where.value_or(out.start);
    }
    if (entry.what == happening::tls || entry.what == happening::tls_failed) out.tells_of_tls = true;
    if (entry.what == happening::offers) out.offers.push_back(entry.argument);
    if (entry.what != happening::none) continue;
    if (opening == nullptr) opening = &entry;
    if (entry.who == from::server) {
      out.has_server = true;
      if (greeting == nullptr) greeting = &entry;
      // LHLO is LMTP's where it is answered with success; SMTP servers refuse it.
      if (lhlo != nullptr && !out.lmtp) out.lmtp = entry.octets.starts_with("250");
      lhlo = nullptr;
      continue;
    }
    out.has_client = true;
    const auto verb = first_verb(entry.octets);
    if (verb == sansmtp::verb::lhlo && !hello) lhlo = &entry;
    hello = hello || verb == sansmtp::verb::ehlo || verb == sansmtp::verb::helo || verb == sansmtp::verb::lhlo;
  }
  if (lhlo != nullptr && !out.has_server) out.lmtp = true;
  if (greeting != nullptr && greeting->octets.starts_with("220") && greeting->octets.find(" LMTP") != std::string::npos)
    out.lmtp = true;
  if (!placed && out.two_sided() && opening->who == from::client && !greets(greeting->octets)) {
    out.from_the_middle = true;
    out.start = phase_before(first_verb(opening->octets));
  }
  return out;
}

// A transcript is one exchange behind another.
inline std::vector<std::span<const transcript_entry>> exchanges(const transcript& script) {
  std::vector<std::span<const transcript_entry>> out;
  const std::span<const transcript_entry> all = script.entries;
  std::size_t from = 0;
  for (std::size_t i = 0; i <= all.size(); ++i) {
    const bool begins =
        i != all.size() && (all[i].what == happening::new_connection || all[i].what == happening::fresh);
    if (i != all.size() && !begins) continue;
    if (i != from) out.push_back(all.subspan(from, i - from));
    from = i;
  }
  return out;
}

}  // namespace support

#endif
