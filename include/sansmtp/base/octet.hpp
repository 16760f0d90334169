// Octets and the classes that the grammars of mail sort them into.
//
// One table of 256 entries answers every "may this octet stand here?" of RFC 5321, so that a
// class is defined in one place and asked for by the name that its RFC gives it. Letters are
// ASCII letters always: nothing here depends on a locale or on whether char is signed.

#ifndef SANSMTP_BASE_OCTET_HPP
#define SANSMTP_BASE_OCTET_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sansmtp {

enum class octet_class : std::uint16_t {
  alpha = 1 << 0,        // ALPHA, RFC 5234 B.1
  digit = 1 << 1,        // DIGIT, RFC 5234 B.1
  hexdig = 1 << 2,       // HEXDIG in either case, RFC 5234 B.1
  let_dig = 1 << 3,      // Let-dig, RFC 5321 4.1.2
  atext = 1 << 4,        // atext without UTF-8, RFC 5322 3.2.3
  qtext = 1 << 5,        // qtextSMTP without UTF-8, RFC 5321 4.1.2
  dcontent = 1 << 6,     // dcontent, RFC 5321 4.1.3
  xchar = 1 << 7,        // xchar, RFC 3461 4
  esmtp_value = 1 << 8,  // esmtp-value without UTF-8, RFC 5321 4.1.2
  textstring = 1 << 9,   // HTAB, SP and printable ASCII, RFC 5321 4.2
  vchar = 1 << 10,       // VCHAR, RFC 5234 B.1
  base64 = 1 << 11,      // base64-char, RFC 4954 8
  white = 1 << 12,       // SP and HTAB: WSP, RFC 5234 B.1
  non_ascii = 1 << 13,   // 128 to 255
  verb = 1 << 14,        // letters, digits, "-" and "_": every verb ever registered or seen
  keyword = 1 << 15,     // letters, digits and "-": behind the first octet of an esmtp-keyword, RFC 5321 4.1.2
};

namespace octets {

constexpr bool between(unsigned c, unsigned low, unsigned high) noexcept { return low <= c && c <= high; }

constexpr bool among(unsigned c, std::string_view set) noexcept {
  for (char s : set)
    if (static_cast<unsigned char>(s) == c) return true;
  return false;
}

constexpr std::array<std::uint16_t, 256> classify() noexcept {
  std::array<std::uint16_t, 256> table{};
  for (unsigned c = 0; c < 256; ++c) {
    auto mark = [&](octet_class k, bool belongs) {
      if (belongs) table[c] = static_cast<std::uint16_t>(table[c] | static_cast<std::uint16_t>(k));
    };
    const bool alpha = between(c, 'A', 'Z') || between(c, 'a', 'z');
    const bool digit = between(c, '0', '9');
    mark(octet_class::alpha, alpha);
    mark(octet_class::digit, digit);
    mark(octet_class::hexdig, digit || between(c, 'A', 'F') || between(c, 'a', 'f'));
    mark(octet_class::let_dig, alpha || digit);
    mark(octet_class::atext, alpha || digit || among(c, "!#$%&'*+-/=?^_`{|}~"));
    mark(octet_class::qtext, between(c, 32, 126) && c != '"' && c != '\\');
    mark(octet_class::dcontent, between(c, 33, 126) && !between(c, '[', ']'));
    mark(octet_class::xchar, between(c, 33, 126) && c != '+' && c != '=');
    mark(octet_class::esmtp_value, between(c, 33, 126) && c != '=');
    mark(octet_class::textstring, between(c, 32, 126) || c == '\t');
    mark(octet_class::vchar, between(c, 33, 126));
    mark(octet_class::base64, alpha || digit || c == '+' || c == '/');
    mark(octet_class::white, c == ' ' || c == '\t');
    mark(octet_class::non_ascii, c >= 128);
    mark(octet_class::verb, alpha || digit || c == '-' || c == '_');
    mark(octet_class::keyword, alpha || digit || c == '-');
  }
  return table;
}

inline constexpr std::array<std::uint16_t, 256> table = classify();

}  // namespace octets

constexpr octet_class operator|(octet_class a, octet_class b) noexcept {
  return static_cast<octet_class>(static_cast<std::uint16_t>(a) | static_cast<std::uint16_t>(b));
}

// Whether the octet belongs to the class, or to any of several joined by |.
constexpr bool is(octet_class k, char c) noexcept {
  return (octets::table[static_cast<unsigned char>(c)] & static_cast<std::uint16_t>(k)) != 0;
}

// The place of the first octet that is in none of the classes; text.size() when all are.
constexpr std::size_t span_of(octet_class k, std::string_view text, std::size_t from = 0) noexcept {
  while (from < text.size() && is(k, text[from])) ++from;
  return from;
}

constexpr bool all(octet_class k, std::string_view text) noexcept { return span_of(k, text) == text.size(); }

constexpr char lower(char c) noexcept { return 'A' <= c && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// Four octets as one word, the first lowest. Spelled so that it is constexpr and still compiles to one load.
constexpr std::uint32_t four_octets(const char* from) noexcept {
  const auto octet = [from](unsigned i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(from[i])); };
  return octet(0) | octet(1) << 8 | octet(2) << 16 | octet(3) << 24;
}

// Equal but for the case of ASCII letters, as verbs, keywords and domains compare (RFC 5321 2.4).
constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  const auto same = [&](std::size_t at) { return four_octets(a.data() + at) == four_octets(b.data() + at); };
  std::size_t i = 0;
  if (a.size() >= 4) {  // most are written alike
    while (i + 4 < a.size() && same(i)) i += 4;
    if (i + 4 >= a.size() && same(a.size() - 4)) return true;
  }
  for (; i < a.size(); ++i)
    if (a[i] != b[i] && lower(a[i]) != lower(b[i])) return false;
  return true;
}

constexpr bool starts_ignoring_case(std::string_view text, std::string_view prefix) noexcept {
  return text.size() >= prefix.size() && equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

// The value of a HEXDIG, 0 to 15; the octet must be one.
constexpr unsigned hex_value(char c) noexcept {
  if (c <= '9') return static_cast<unsigned>(c - '0');
  return static_cast<unsigned>(lower(c) - 'a') + 10U;
}

}  // namespace sansmtp

#endif
