// digest_directive: a name, "=" and a value: what DIGEST-MD5's messages are lists of (RFC 2831 7).
//
// Read word by word, with the white space and the empty elements that HTTP's lists allow. A value may
// stand as a token or in quotes, whichever of both its directive is printed with: they mean the same,
// and clients differ (nc="00000001" is met). Borrows the message; places count from its first octet.

#ifndef SANSMTP_SASL_DIGEST_DIRECTIVE_HPP
#define SANSMTP_SASL_DIGEST_DIRECTIVE_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/sasl/message.hpp"

namespace sansmtp {

enum class digest_name : std::uint8_t {
  realm,
  nonce,
  qop,
  stale,
  maxbuf,
  charset,
  algorithm,
  cipher,
  username,
  cnonce,
  nc,
  digest_uri,
  response,
  authzid,
  rspauth,
  unknown,  // to be ignored (RFC 2831 2.1.1, auth-param)
};

inline constexpr std::array<std::string_view, 15> digest_names{
    "realm",    "nonce",  "qop", "stale",      "maxbuf",   "charset", "algorithm", "cipher",
    "username", "cnonce", "nc",  "digest-uri", "response", "authzid", "rspauth"};

// In any case, as RFC 2831 7.1 has it of all literals.
constexpr digest_name digest_named(std::string_view name) noexcept {
  for (std::size_t i = 0; i < digest_names.size(); ++i)
    if (equal_ignoring_case(digest_names[i], name)) return static_cast<digest_name>(i);
  return digest_name::unknown;
}

// A set of names, as bits.
template <class... Names>
constexpr std::uint32_t digest_set(Names... names) noexcept {
  return ((std::uint32_t{1} << static_cast<unsigned>(names)) | ...);
}

// What stood behind "=": a token, or what stood between the quotes.
class digest_text {
 public:
  constexpr digest_text() noexcept = default;
  constexpr digest_text(std::string_view text, bool quoted) noexcept : text_(text), quoted_(quoted) {}

  constexpr std::string_view text() const noexcept { return text_; }  // with its backslashes
  constexpr bool quoted() const noexcept { return quoted_; }

  // The value itself: a quoted-pair's is its second octet (RFC 2831 7.2).
  constexpr void put(writer::draft& out) const noexcept {
    for (std::size_t i = 0; i < text_.size(); ++i) out.put(text_[quoted_ && text_[i] == '\\' ? ++i : i]);
  }
  constexpr bool equals(std::string_view raw) const noexcept {
    std::size_t at = 0;
    for (std::size_t i = 0; i < text_.size(); ++i, ++at) {
      const char c = text_[quoted_ && text_[i] == '\\' ? ++i : i];
      if (at == raw.size() || raw[at] != c) return false;
    }
    return at == raw.size();
  }

 private:
  std::string_view text_;
  bool quoted_ = false;
};

struct digest_directive {
  digest_name name = digest_name::unknown;
  digest_text value;
  std::size_t at = 0;        // of the name
  std::size_t value_at = 0;  // of the value, behind its quote
};

class digest_directives {
 public:
  constexpr explicit digest_directives(std::string_view message) noexcept : message_(message) {}

  // Reads the next directive; false at the end. Faults: sasl_message_malformed where a name, "=", a comma or a
  // closing quote should stand; sasl_octet at a control octet; sasl_field_empty where a token should stand.
  constexpr result<bool> next(digest_directive& into) noexcept;

  // The same, and refuses a second directive of those that the message at hand has once. Any other may stand as
  // often as it likes (RFC 2831 2.1.1, auth-param). Fault: sasl_field_repeated.
  constexpr result<bool> next_once(digest_directive& into, std::uint32_t once) noexcept;

  // Of those that stand once.
  constexpr bool has_read(digest_name name) const noexcept { return (read_ & digest_set(name)) != 0; }

 private:
  constexpr void skip_white() noexcept;
  constexpr result<digest_text> read_quoted() noexcept;

  std::string_view message_;
  std::size_t at_ = 0;
  std::uint32_t read_ = 0;
  bool first_ = true;
};

// token      = 1*<any CHAR except CTLs or separators>
// separators = "(" | ")" | "<" | ">" | "@" | "," | ";" | ":" | "\" | <"> | "/" | "[" | "]" | "?" | "=" | "{" | "}" | SP
// | HT
constexpr bool is_token_octet(char c) noexcept {
  return is(octet_class::vchar, c) && !octets::among(static_cast<unsigned char>(c), "()<>@,;:\\\"/[]?={}");
}

// LWS = [CRLF] 1*( SP | HT )
constexpr void digest_directives::skip_white() noexcept {
  while (at_ < message_.size()) {
    if (is(octet_class::white, message_[at_]))
      ++at_;
    else if (message_.substr(at_, 2) == "\r\n" && at_ + 2 < message_.size() &&
             is(octet_class::white, message_[at_ + 2]))
      at_ += 3;
    else
      return;
  }
}

// quoted-string = ( <"> qdstr-val <"> )
// qdstr-val     = *( qdtext | quoted-pair )
// qdtext        = <any TEXT except <">>               ; TEXT: any octet but CTLs
// quoted-pair   = "\" CHAR
//
// Folding inside of the quotes is refused, like every control but HT: it would be a name that goes on in the
// next line of a log.
constexpr result<digest_text> digest_directives::read_quoted() noexcept {
  const std::size_t from = ++at_;
  for (; at_ < message_.size(); ++at_) {
    if (message_[at_] == '"') return digest_text(message_.substr(from, at_++ - from), true);
    if (message_[at_] == '\\' && at_ + 1 < message_.size()) {
      ++at_;
      if (is(octet_class::non_ascii, message_[at_])) return sasl::fault_at(errc::sasl_octet, at_);
    }
    const bool control = static_cast<unsigned char>(message_[at_]) < 32 || message_[at_] == 127;
    if (control && message_[at_] != '\t') return sasl::fault_at(errc::sasl_octet, at_);
  }
  return sasl::fault_at(errc::sasl_message_malformed, at_);
}

// 1#element : ( *LWS element *( *LWS "," *LWS element )), empty elements allowed
constexpr result<bool> digest_directives::next(digest_directive& into) noexcept {
  const auto malformed = [this] { return sasl::fault_at(errc::sasl_message_malformed, at_); };
  const auto token = [this] {
    const std::size_t from = at_;
    while (at_ < message_.size() && is_token_octet(message_[at_])) ++at_;
    return message_.substr(from, at_ - from);
  };
  skip_white();
  if (!first_ && at_ < message_.size() && message_[at_] != ',') return malformed();
  first_ = false;
  while (at_ < message_.size() && message_[at_] == ',') {
    ++at_;
    skip_white();
  }
  if (at_ == message_.size()) return false;
  into.at = at_;
  const std::string_view name = token();
  if (name.empty()) return malformed();
  into.name = digest_named(name);
  skip_white();
  if (at_ == message_.size() || message_[at_] != '=') return malformed();
  ++at_;
  skip_white();
  if (at_ < message_.size() && message_[at_] == '"') {
    into.value_at = at_ + 1;
    const result<digest_text> quoted = read_quoted();
    if (!quoted) return quoted.error();
    into.value = *quoted;
  } else {
    into.value_at = at_;
    const std::string_view value = token();
    if (value.empty()) return sasl::fault_at(errc::sasl_field_empty, at_);
    into.value = digest_text(value, false);
  }
  return true;
}

constexpr result<bool> digest_directives::next_once(digest_directive& into, std::uint32_t once) noexcept {
  const result<bool> read = next(into);
  if (!read || !*read || (once & digest_set(into.name)) == 0) return read;
  if (has_read(into.name)) return sasl::fault_at(errc::sasl_field_repeated, into.at);
  read_ |= digest_set(into.name);
  return true;
}

// The places of the tokens of a list, `1#token`, each given to `each(token)`. Faults: digest_value at the octet
// that is neither of a token nor between two, or at the list that holds none.
template <class Each>
constexpr result<void> for_each_token(const digest_directive& list, Each each) noexcept {
  const std::string_view text = list.value.text();
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ',' || is(octet_class::white, text[at])) {
      ++at;
      continue;
    }
    const std::size_t from = at;
    while (at < text.size() && is_token_octet(text[at])) ++at;
    if (at < text.size() && text[at] != ',' && !is(octet_class::white, text[at]))
      return sasl::fault_at(errc::digest_value, list.value_at + at);
    each(text.substr(from, at - from));
    ++count;
  }
  if (count == 0) return sasl::fault_at(errc::digest_value, list.value_at);
  return {};
}

// Writes a value in quotes, with a backslash before each quote and backslash in it.
constexpr void put_quoted(std::string_view value, writer::draft& out) noexcept {
  out.put('"');
  for (char c : value) {
    if (c == '"' || c == '\\') out.put('\\');
    out.put(c);
  }
  out.put('"');
}

}  // namespace sansmtp

#endif
