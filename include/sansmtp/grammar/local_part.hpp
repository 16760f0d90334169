// local_part: what stands before "@" in a mailbox (RFC 5321 4.1.2).
//
// A Dot-string or a Quoted-string, kept as it was written: what it means belongs to the host behind
// "@" alone, so "%", "!" and the like are plain octets here. Borrows the octets that it was parsed
// from. Quoting is spelling, not meaning: "a\bc" and abc are the same local part (RFC 5321 4.1.2,
// RFC 5322 3.2.4), so compare with same_local_part, never by text.

#ifndef SANSMTP_GRAMMAR_LOCAL_PART_HPP
#define SANSMTP_GRAMMAR_LOCAL_PART_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/utf8.hpp"

namespace sansmtp {

class local_part {
 public:
  static constexpr std::size_t max_octets = limits::mailbox - 2;  // a mailbox has "@" and one octet besides

  // The whole text is a Local-part. Faults: local_part_*, quoted_string_* and utf8_malformed, at the octet that
  // breaks the rule. Quirk: long_local_part.
  static constexpr result<local_part> parse(std::string_view text, quirks leniency = quirks::strict) noexcept;

  constexpr std::string_view text() const noexcept { return text_; }
  constexpr bool is_quoted() const noexcept { return !text_.empty() && text_[0] == '"'; }
  constexpr bool is_ascii() const noexcept { return ascii_; }
  constexpr bool is_long() const noexcept { return text_.size() > limits::local_part; }

  // Writes the content: without quotation marks and backslashes. Never longer than text().
  // Faults: output_full.
  constexpr result<void> unquote(writer& out) const noexcept;

  // Equal in content, letter by letter: only the host that owns the mailbox may ignore case (RFC 5321 2.4).
  friend constexpr bool same_local_part(const local_part& a, const local_part& b) noexcept;

  // For grammars that hold a Local-part: where the one that begins at `from` ends, which is where the text
  // ends or where an octet of `followers` stands. One pass; faults count from the start of `text`.
  struct extent {
    std::size_t end;
    bool ascii;
  };
  static constexpr result<extent> scan(std::string_view text, std::size_t from, std::string_view followers,
                                       quirks leniency) noexcept;

 private:
  friend class mailbox;
  constexpr local_part(std::string_view text, bool ascii) noexcept : text_(text), ascii_(ascii) {}

  // The content, octet by octet: `at` runs through body(), and steps over the backslash of a quoted-pair.
  constexpr std::string_view body() const noexcept { return is_quoted() ? text_.substr(1, text_.size() - 2) : text_; }
  static constexpr char next_octet(std::string_view body, std::size_t& at) noexcept {
    if (body[at] == '\\') ++at;
    return body[at++];
  }

  static constexpr result<extent> scan_dot_string(std::string_view text, std::size_t from) noexcept;
  static constexpr result<extent> scan_quoted_string(std::string_view text, std::size_t from) noexcept;

  std::string_view text_;
  bool ascii_;
};

// Dot-string = Atom *("." Atom)
// Atom       = 1*atext                              ; atext with UTF8-non-ascii: RFC 6531 3.3
constexpr result<local_part::extent> local_part::scan_dot_string(std::string_view text, std::size_t from) noexcept {
  const auto fail = [](errc code, std::size_t at) { return fault{code, static_cast<std::uint32_t>(at)}; };
  bool ascii = true;
  std::size_t i = from;
  for (std::size_t atom = from;;) {
    i = span_of(octet_class::atext, text, i);
    if (i == text.size()) break;
    if (text[i] == '.') {
      if (i == atom) return fail(errc::local_part_dot, i);
      atom = ++i;
    } else if (is(octet_class::non_ascii, text[i])) {
      const std::size_t length = utf8_length_at(text, i);
      if (length == 0) return fail(errc::utf8_malformed, i);
      ascii = false;
      i += length;
    } else {
      break;
    }
  }
  return extent{i, ascii};
}

// Quoted-string   = DQUOTE 1*QcontentSMTP DQUOTE    ; 1* by erratum 5414: "" names nobody
// QcontentSMTP    = qtextSMTP / quoted-pairSMTP
// quoted-pairSMTP = %d92 %d32-126
// qtextSMTP       = %d32-33 / %d35-91 / %d93-126    ; with UTF8-non-ascii: RFC 6531 3.3
constexpr result<local_part::extent> local_part::scan_quoted_string(std::string_view text, std::size_t from) noexcept {
  const auto fail = [](errc code, std::size_t at) { return fault{code, static_cast<std::uint32_t>(at)}; };
  bool ascii = true;
  std::size_t i = from + 1;
  while (i < text.size() && text[i] != '"') {
    if (is(octet_class::qtext, text[i])) {
      ++i;
    } else if (text[i] == '\\') {
      if (++i == text.size()) break;
      if (!octets::between(static_cast<unsigned char>(text[i]), 32, 126)) return fail(errc::quoted_string_octet, i);
      ++i;
    } else {
      if (!is(octet_class::non_ascii, text[i])) return fail(errc::quoted_string_octet, i);
      const std::size_t length = utf8_length_at(text, i);
      if (length == 0) return fail(errc::utf8_malformed, i);
      ascii = false;
      i += length;
    }
  }
  if (i >= text.size()) return fail(errc::quoted_string_open, text.size());
  if (i == from + 1) return fail(errc::local_part_empty, i);
  return extent{i + 1, ascii};
}

// Local-part = Dot-string / Quoted-string
constexpr result<local_part::extent> local_part::scan(std::string_view text, std::size_t from,
                                                      std::string_view followers, quirks leniency) noexcept {
  const auto fail = [](errc code, std::size_t at) { return fault{code, static_cast<std::uint32_t>(at)}; };
  const bool quoted = from < text.size() && text[from] == '"';
  const result<extent> found = quoted ? scan_quoted_string(text, from) : scan_dot_string(text, from);
  if (!found) return found;
  const std::size_t end = found->end;
  if (end < text.size() && !octets::among(static_cast<unsigned char>(text[end]), followers))
    return fail(errc::local_part_octet, end);
  if (end == from) return fail(errc::local_part_empty, end);
  if (!quoted && text[end - 1] == '.') return fail(errc::local_part_dot, end - 1);
  const std::size_t most = leniency.allow(quirk::long_local_part) ? max_octets : limits::local_part;
  if (end - from > most) return fail(errc::local_part_too_long, from + most);
  return found;
}

constexpr result<local_part> local_part::parse(std::string_view text, quirks leniency) noexcept {
  const result<extent> whole = scan(text, 0, {}, leniency);
  if (!whole) return whole.error();
  return local_part(text, whole->ascii);
}

constexpr result<void> local_part::unquote(writer& out) const noexcept {
  writer::draft content(out);
  const std::string_view from = body();
  if (!is_quoted())
    content.put(from);
  else
    for (std::size_t i = 0; i < from.size();) content.put(next_octet(from, i));
  return content.commit();
}

constexpr bool same_local_part(const local_part& a, const local_part& b) noexcept {
  const std::string_view left = a.body(), right = b.body();
  if (!a.is_quoted() && !b.is_quoted()) return left == right;
  std::size_t i = 0, j = 0;
  while (i < left.size() && j < right.size()) {
    // A Dot-string holds no backslash, so both sides can be read alike.
    if (local_part::next_octet(left, i) != local_part::next_octet(right, j)) return false;
  }
  return i == left.size() && j == right.size();
}

// Writes a Local-part whose content is `raw`, quoted only where it must be, and with backslashes only before
// the quotation mark and the backslash (RFC 5321 4.1.2: the form without quoting SHOULD be used).
// Faults, with the place in raw: local_part_empty, local_part_octet (no spelling can carry a control),
// utf8_malformed, local_part_too_long (over 64 octets as written).
constexpr result<void> compose_local_part(std::string_view raw, writer::draft& out) noexcept {
  if (raw.empty()) return fault{errc::local_part_empty, 0};
  const result<local_part::extent> plain = local_part::scan(raw, 0, {}, quirks::strict);
  if (plain && raw[0] != '"') {
    out.put(raw);
    return {};
  }
  const auto needs_backslash = [](char c) { return c == '"' || c == '\\'; };
  std::size_t size = 2;
  for (std::size_t i = 0; i < raw.size();) {
    std::size_t length = 1;
    if (is(octet_class::non_ascii, raw[i])) {
      length = utf8_length_at(raw, i);
      if (length == 0) return fault{errc::utf8_malformed, static_cast<std::uint32_t>(i)};
    } else if (!octets::between(static_cast<unsigned char>(raw[i]), 32, 126)) {
      return fault{errc::local_part_octet, static_cast<std::uint32_t>(i)};
    }
    size += length + (needs_backslash(raw[i]) ? 1U : 0U);
    if (size > limits::local_part) return fault{errc::local_part_too_long, static_cast<std::uint32_t>(i)};
    i += length;
  }
  out.put('"');
  for (char c : raw) {
    if (needs_backslash(c)) out.put('\\');
    out.put(c);
  }
  out.put('"');
  return {};
}

// The same, alone. Faults besides: output_full.
constexpr result<void> compose_local_part(std::string_view raw, writer& out) noexcept {
  writer::draft text(out);
  const result<void> composed = compose_local_part(raw, text);
  return composed ? text.commit() : composed;
}

}  // namespace sansmtp

#endif
