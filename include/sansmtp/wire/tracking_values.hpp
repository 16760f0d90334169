// The values that tell a message or a transaction from all others: MTRK (RFC 3885 3.1), TRANSID (RFC 1845 2).
//
// Each has one parser; the offset of a fault counts from the first octet of the value. MTRK's is decoded
// and borrows nothing, TRANSID's is a view into the line.

#ifndef SANSMTP_WIRE_TRACKING_VALUES_HPP
#define SANSMTP_WIRE_TRACKING_VALUES_HPP

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/wire/time_values.hpp"

namespace sansmtp {

// MTRK's value: the SHA-1 of a secret that whoever asks for the message's track must know, and for how
// many seconds servers should keep the track; without that, each as it likes.
struct mtrk {
  std::array<std::uint8_t, 20> certifier{};
  std::optional<std::chrono::seconds> timeout{};  // 0 to 999999999

  friend constexpr bool operator==(const mtrk&, const mtrk&) noexcept = default;
};

namespace certifier {

inline constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr unsigned value_of(char c) noexcept {
  if (is(octet_class::digit, c)) return static_cast<unsigned>(c - '0') + 52;
  if (is(octet_class::alpha, c)) return static_cast<unsigned>(lower(c) - 'a') + (c >= 'a' ? 26U : 0U);
  return c == '+' ? 62 : 63;
}

}  // namespace certifier

// mtrk-certifier [ ":" mtrk-timeout ]                  RFC 3885 3.1
// mtrk-certifier = base64, of a SHA-1: 27 digits, without padding (3.2), the last one's two spare bits zero
// mtrk-timeout   = 1*9DIGIT
//
// Fault: mtrk_malformed. Quirk: padded_certifier takes a "=" behind the 27 digits.
constexpr result<mtrk> parse_mtrk(std::string_view value, quirks q = quirks::strict) noexcept {
  const auto bad = [](std::size_t at) { return fault{errc::mtrk_malformed, static_cast<std::uint32_t>(at)}; };
  const std::size_t digits = span_of(octet_class::base64, value);
  if (digits != limits::certifier) return bad(digits < limits::certifier ? digits : limits::certifier);
  mtrk parsed;
  std::uint32_t bits = 0;
  std::size_t octet = 0;
  for (std::size_t i = 0, held = 0; i < digits; ++i) {
    bits = bits << 6 | certifier::value_of(value[i]);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    parsed.certifier[octet++] = static_cast<std::uint8_t>(bits >> held & 0xFFU);
  }
  if ((bits & 3U) != 0) return bad(digits - 1);
  const bool padded = digits != value.size() && value[digits] == '=' && q.allow(quirk::padded_certifier);
  const std::size_t colon = padded ? digits + 1 : digits;
  if (colon == value.size()) return parsed;
  if (value[colon] != ':') return bad(colon);
  const auto [count, end] = time_value::read_seconds(value, colon + 1);
  if (end == colon + 1 || end != value.size()) return bad(end);
  parsed.timeout = std::chrono::seconds(count);
  return parsed;
}

constexpr void encode(const mtrk& track, writer::draft& out) noexcept {
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (std::uint8_t octet : track.certifier) {
    bits = bits << 8 | octet;
    for (held += 8; held >= 6;) out.put(certifier::digits[bits >> (held -= 6) & 63U]);
  }
  out.put(certifier::digits[bits << (6 - held) & 63U]);  // 160 bits leave four
  if (!track.timeout) return;
  out.put(':');
  time_value::put_seconds(*track.timeout, out);
}

// TRANSID's value: names a transaction that may be taken up again. Its parts are for the sender to
// choose; whoever receives it compares the whole, case and all (RFC 1845 3).
class transid {
 public:
  static constexpr std::size_t max_octets = limits::transid;

  constexpr std::string_view text() const noexcept { return text_; }  // with its brackets
  constexpr std::string_view local() const noexcept { return text_.substr(1, at_sign_ - 1U); }
  constexpr std::string_view domain() const noexcept {
    return text_.substr(at_sign_ + 1U, text_.size() - at_sign_ - 2U);
  }
  friend constexpr bool operator==(const transid& a, const transid& b) noexcept { return a.text_ == b.text_; }

  // Fault: transid_malformed.
  static constexpr result<transid> parse(std::string_view value, quirks = quirks::strict) noexcept;

 private:
  constexpr transid(std::string_view text, std::size_t at_sign) noexcept
      : text_(text), at_sign_(static_cast<std::uint8_t>(at_sign)) {}

  std::string_view text_;
  std::uint8_t at_sign_;
};

// transid-value = "<" transid-token "@" transid-token ">"      RFC 1845 2; at most 80 characters
// transid-token = transid-atom *("." transid-atom)
// transid-atom  = 1*<CHAR except SP, CTL, tspecials and ".">   tspecials: RFC 1521
constexpr result<transid> transid::parse(std::string_view value, quirks) noexcept {
  const auto bad = [](std::size_t at) { return fault{errc::transid_malformed, static_cast<std::uint32_t>(at)}; };
  const auto stands = [&](std::size_t at, char c) { return at < value.size() && value[at] == c; };
  // Where the token ends; an atom that is missing stops it, as `whole` then tells.
  bool whole = true;
  const auto token = [&](std::size_t at) {
    for (std::size_t atom = at;; atom = ++at) {
      while (at < value.size() && is(octet_class::vchar, value[at]) &&
             !time_value::one_of(value, at, "()<>@,;:\\\"/[]?=."))
        ++at;
      if (at == atom) whole = false;
      if (!whole || !stands(at, '.')) return at;
    }
  };
  if (!stands(0, '<')) return bad(0);
  const std::size_t at_sign = token(1);
  if (!whole || !stands(at_sign, '@')) return bad(at_sign);
  const std::size_t close = token(at_sign + 1);
  if (!whole || !stands(close, '>')) return bad(close);
  if (close + 1 != value.size()) return bad(close + 1);
  if (value.size() > max_octets) return bad(max_octets);
  return transid(value, at_sign);
}

}  // namespace sansmtp

#endif
