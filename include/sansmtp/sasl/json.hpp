// One flat JSON object, read strictly: what OAuth's errors are written in (RFC 7628 3.2.2, RFC 8259).
//
// Members are strings, numbers, true, false or null; an array or another object is a fault, since no error of
// OAuth's has one and a reader that follows depth must bound it. Text is well-formed UTF-8, escapes are whole,
// surrogates come in pairs, nothing stands behind the brace. Borrows the text; nothing is kept.

#ifndef SANSMTP_SASL_JSON_HPP
#define SANSMTP_SASL_JSON_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/utf8.hpp"
#include "sansmtp/sasl/message.hpp"

namespace sansmtp::sasl {

// One character of a JSON string, as UTF-8, and the octets that it takes in the text: 0 where none is written.
struct json_character {
  char octets[4]{};
  std::size_t size = 0;
  std::size_t used = 0;

  constexpr std::string_view text() const noexcept { return {octets, size}; }
};

// The value of four hexadecimal digits; above 16 bits where they are none.
constexpr std::uint32_t json_hex(std::string_view text, std::size_t at) noexcept {
  if (text.size() < at + 4) return 0x10000;
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    if (!is(octet_class::hexdig, text[i])) return 0x10000;
    value = value << 4 | hex_value(text[i]);
  }
  return value;
}

constexpr json_character utf8_of(std::uint32_t code, std::size_t used) noexcept {
  const auto octet = [](std::uint32_t bits) { return static_cast<char>(static_cast<unsigned char>(bits)); };
  const auto tail = [&](unsigned shift) { return octet(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) return {{octet(code)}, 1, used};
  if (code < 0x800) return {{octet(0xC0 | code >> 6), tail(0)}, 2, used};
  if (code < 0x10000) return {{octet(0xE0 | code >> 12), tail(6), tail(0)}, 3, used};
  return {{octet(0xF0 | code >> 18), tail(12), tail(6), tail(0)}, 4, used};
}

// char      = unescaped / %x5C ( %x22 / %x5C / "/" / "b" / "f" / "n" / "r" / "t" / "u" 4HEXDIG )
// unescaped = %x20-21 / %x23-5B / %x5D-10FFFF
constexpr json_character read_json_character(std::string_view text, std::size_t at) noexcept {
  if (at >= text.size()) return {};
  const char c = text[at];
  if (is(octet_class::non_ascii, c)) {
    json_character read;
    read.size = read.used = utf8_length_at(text, at);
    for (std::size_t i = 0; i < read.size; ++i) read.octets[i] = text[at + i];
    return read;
  }
  if (static_cast<unsigned char>(c) < 32 || c == '"') return {};
  if (c != '\\') return {{c}, 1, 1};
  constexpr std::string_view names = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
  if (at + 1 == text.size()) return {};
  if (const std::size_t which = names.find(text[at + 1]); which != std::string_view::npos)
    return {{meant[which]}, 1, 2};
  if (text[at + 1] != 'u') return {};
  const std::uint32_t unit = json_hex(text, at + 2);
  if (unit < 0xD800 || (unit > 0xDFFF && unit < 0x10000)) return utf8_of(unit, 6);
  if (unit > 0xDBFF || text.substr(at + 6, 2) != "\\u") return {};
  const std::uint32_t low = json_hex(text, at + 8);
  if (low < 0xDC00 || low > 0xDFFF) return {};
  return utf8_of(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), 12);
}

// The inside of a string, as it stands in the text, escapes and all.
class json_string {
 public:
  constexpr json_string() noexcept = default;
  constexpr explicit json_string(std::string_view raw) noexcept : raw_(raw) {}

  constexpr std::string_view raw() const noexcept { return raw_; }

  constexpr bool operator==(std::string_view meant) const noexcept {
    for (std::size_t i = 0; i < raw_.size();) {
      const json_character c = read_json_character(raw_, i);
      if (c.used == 0 || meant.substr(0, c.size) != c.text()) return false;
      meant.remove_prefix(c.size);
      i += c.used;
    }
    return meant.empty();
  }

  // What is meant: the text itself where nothing is escaped in it, else written to `out`. Fault: output_full.
  constexpr result<std::string_view> unescape(writer& out) const noexcept {
    if (raw_.find('\\') == std::string_view::npos) return raw_;
    writer::draft text(out);
    for (std::size_t i = 0; i < raw_.size();) {
      const json_character c = read_json_character(raw_, i);
      if (c.used == 0) return fault_at(errc::sasl_error_malformed, i);
      text.put(c.text());
      i += c.used;
    }
    return finish(text);
  }

 private:
  std::string_view raw_;
};

// Writes the text as a JSON string with its quotes. Fault: utf8_malformed at the octet.
constexpr result<void> put_json_string(std::string_view text, writer::draft& out) noexcept {
  if (const result<void> good = check_utf8(text); !good) return good.error();
  constexpr std::string_view digits = "0123456789abcdef";
  out.put('"');
  for (char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 32)
      out.put("\\u00").put(digits[octet >> 4]).put(digits[octet & 15]);
    else if (c == '"' || c == '\\')
      out.put('\\').put(c);
    else
      out.put(c);
  }
  out.put('"');
  return {};
}

struct json_member {
  json_string name;
  json_string value;  // of a string; what stands there, when it is none
  bool is_string = false;
  std::size_t name_at = 0;  // where they stand in the text
  std::size_t value_at = 0;
};

// Reads the parts of an object, each from a place in the text, which it moves behind it.
class json_reader {
 public:
  constexpr explicit json_reader(std::string_view text) noexcept : text_(text) {}

  // object = ws "{" ws [ member *( ws "," ws member ) ] ws "}" ws
  // Each member in turn goes to `each`, whose fault ends the reading. Fault: sasl_error_malformed at the octet.
  template <class Each>
  constexpr result<void> read_object(Each each) noexcept;

 private:
  constexpr fault malformed() const noexcept { return fault_at(errc::sasl_error_malformed, at_); }
  constexpr bool next_is(char c) const noexcept { return at_ < text_.size() && text_[at_] == c; }
  constexpr bool take(char c) noexcept {
    skip_white();
    if (!next_is(c)) return false;
    ++at_;
    skip_white();
    return true;
  }
  constexpr void skip_white() noexcept {  // ws = *( %x20 / %x09 / %x0A / %x0D )
    while (next_is(' ') || next_is('\t') || next_is('\n') || next_is('\r')) ++at_;
  }
  constexpr bool read_string(json_string& into) noexcept {
    if (!next_is('"')) return false;
    const std::size_t start = ++at_;
    while (!next_is('"')) {
      const std::size_t used = read_json_character(text_, at_).used;
      if (used == 0) return false;
      at_ += used;
    }
    into = json_string(text_.substr(start, at_++ - start));
    return true;
  }
  // value = string / number / %s"true" / %s"false" / %s"null"
  constexpr bool read_value(json_member& member) noexcept;
  constexpr bool read_word(std::string_view word) noexcept {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  constexpr bool read_number() noexcept;
  constexpr bool read_digits() noexcept {
    const std::size_t start = at_;
    at_ = span_of(octet_class::digit, text_, at_);
    return at_ != start;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

constexpr bool json_reader::read_value(json_member& member) noexcept {
  member.is_string = next_is('"');
  if (member.is_string) return read_string(member.value);
  const std::size_t start = at_;
  if (!read_word("true") && !read_word("false") && !read_word("null") && !read_number()) return false;
  member.value = json_string(text_.substr(start, at_ - start));
  return true;
}

// number = [ "-" ] int [ "." 1*DIGIT ] [ ("e" / "E") [ "-" / "+" ] 1*DIGIT ]
// int    = "0" / ( %x31-39 *DIGIT )
constexpr bool json_reader::read_number() noexcept {
  read_word("-");
  if (!read_word("0") && !read_digits()) return false;
  if (read_word(".") && !read_digits()) return false;
  if (read_word("e") || read_word("E")) {
    if (!read_word("-")) read_word("+");
    return read_digits();
  }
  return true;
}

template <class Each>
constexpr result<void> json_reader::read_object(Each each) noexcept {
  if (!take('{')) return malformed();
  if (!take('}')) {
    do {
      json_member member;
      member.name_at = at_;
      if (!read_string(member.name) || !take(':')) return malformed();
      member.value_at = at_;
      if (!read_value(member)) return malformed();
      if (const result<void> taken = each(member); !taken) return taken.error();
    } while (take(','));
    if (!take('}')) return malformed();
  }
  if (at_ != text_.size()) return malformed();
  return {};
}

}  // namespace sansmtp::sasl

#endif
