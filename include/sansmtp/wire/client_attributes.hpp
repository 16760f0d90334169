// The attributes of XCLIENT and XFORWARD: what a proxy or a filter tells of the client that it stands for.
//
// Two commands of no RFC, in wide use: XCLIENT replaces what the server believes of its client,
// XFORWARD is only for its log. Both carry "NAME=value" with the value in xtext (RFC 3461 4), and say
// "[UNAVAILABLE]" of what is not known. All borrow the octets that they were parsed from, and a value is
// decoded only when asked. What comes out of the free ones may be any octet, CR, LF and NUL too:
// whoever writes it into a line, a log or a trace field must check it first.

#ifndef SANSMTP_WIRE_CLIENT_ATTRIBUTES_HPP
#define SANSMTP_WIRE_CLIENT_ATTRIBUTES_HPP

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/xtext.hpp"
#include "sansmtp/wire/attribute_rules.hpp"

namespace sansmtp {

// One "NAME=value".
class client_attribute {
 public:
  constexpr attribute what() const noexcept { return attribute_named(name_); }
  constexpr std::string_view name() const noexcept { return name_; }  // as written: its case has no meaning
  constexpr std::string_view text() const noexcept { return text_; }  // the value as it was written

  // Whether there is a value at all: "[UNAVAILABLE]" is none, nor is XCLIENT's "[TEMPUNAVAIL]".
  enum class state : std::uint8_t { known, unavailable, temporarily_unavailable };
  constexpr state status() const noexcept { return state_; }

  // Writes the value that it stands for, at most 255 octets. Fault: output_full.
  constexpr result<void> decode(writer& out) const noexcept {
    if (const auto encoded = as_xtext()) return encoded->decode(out);
    writer::draft raw(out);
    raw.put(text_);
    return raw.commit();
  }
  // Whether it stands for just these octets.
  constexpr bool equals(std::string_view raw) const noexcept {
    const auto encoded = as_xtext();
    return encoded ? encoded->equals(raw) : text_ == raw;
  }

 private:
  friend class client_attributes;
  constexpr client_attribute(std::string_view name, std::string_view text, state known) noexcept
      : name_(name), text_(text), state_(known) {}

  // Nothing for text that is no xtext, and stands for itself (quirk::raw_attribute).
  constexpr std::optional<xtext> as_xtext() const noexcept {
    const auto encoded = xtext::parse(text_, quirks::all);
    return encoded ? std::optional(*encoded) : std::nullopt;
  }

  std::string_view name_;
  std::string_view text_;
  state state_;
};

// What both lists share. Made only as one of them.
class client_attributes {
 public:
  static constexpr std::size_t max_octets = limits::command_line;

  constexpr std::string_view text() const noexcept { return text_; }

  class iterator;
  constexpr iterator begin() const noexcept;
  constexpr iterator end() const noexcept;

  // The one of that kind; attribute::other finds none.
  constexpr std::optional<client_attribute> find(attribute what) const noexcept;

 protected:
  constexpr client_attributes(std::string_view text, attribute_verb of) noexcept : text_(text), of_(of) {}

  static constexpr result<void> check(std::string_view text, attribute_verb of, quirks leniency) noexcept;
  static constexpr result<std::string_view> write(std::span<const attribute_value> values, attribute_verb of,
                                                  writer& out) noexcept;

 private:
  static constexpr client_attribute::state state_of(const client_attribute& one, attribute_verb of) noexcept {
    if (says(one, unavailable_value)) return client_attribute::state::unavailable;
    if (of == attribute_verb::xclient && says(one, temporarily_unavailable_value))
      return client_attribute::state::temporarily_unavailable;
    return client_attribute::state::known;
  }
  static constexpr bool says(const client_attribute& one, std::string_view word) noexcept {
    output_buffer<16> value;
    return one.decode(value) && equal_ignoring_case(value.written(), word);
  }

  std::string_view text_;
  attribute_verb of_;
};

// Yields each attribute by value, in the order of the line.
class client_attributes::iterator {
 public:
  using value_type = client_attribute;
  using difference_type = std::ptrdiff_t;
  using reference = client_attribute;
  using pointer = void;
  using iterator_category = std::input_iterator_tag;
  using iterator_concept = std::forward_iterator_tag;

  constexpr iterator() noexcept = default;

  constexpr client_attribute operator*() const noexcept {
    const std::string_view whole = text_.substr(at_, end_ - at_);
    const std::size_t equals = whole.find('=');
    client_attribute one(whole.substr(0, equals), whole.substr(equals + 1), client_attribute::state::known);
    one.state_ = state_of(one, of_);
    return one;
  }
  constexpr iterator& operator++() noexcept {
    move_to(end_);
    return *this;
  }
  constexpr iterator operator++(int) noexcept {
    const iterator before = *this;
    ++*this;
    return before;
  }
  friend constexpr bool operator==(const iterator& a, const iterator& b) noexcept { return a.at_ == b.at_; }

 private:
  friend class client_attributes;
  constexpr iterator(std::string_view text, std::size_t from, attribute_verb of) noexcept : text_(text), of_(of) {
    move_to(from);
  }
  constexpr void move_to(std::size_t from) noexcept {
    at_ = from;
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    end_ = at_;
    while (end_ < text_.size() && text_[end_] != ' ') ++end_;
  }

  std::string_view text_;
  attribute_verb of_ = attribute_verb::xclient;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
};

constexpr client_attributes::iterator client_attributes::begin() const noexcept { return {text_, 0, of_}; }
constexpr client_attributes::iterator client_attributes::end() const noexcept { return {text_, text_.size(), of_}; }

constexpr std::optional<client_attribute> client_attributes::find(attribute what) const noexcept {
  if (what == attribute::other) return std::nullopt;
  for (const client_attribute one : *this)
    if (one.what() == what) return one;
  return std::nullopt;
}

// The list behind "XCLIENT " or "XFORWARD ". parse(): the whole text is one. Faults: argument_missing;
// attribute_malformed at the octet that ends a name wrongly, or at a name that the verb has not;
// parameter_repeated at the second name; xtext_malformed and attribute_value at the octet of the value;
// parameter_value_too_long; too_many_parameters. Quirks: loose_space, lower_case_hex, raw_attribute.
//
// compose(): writes a list of raw values, unavailable_value among them, and returns it: good as long as what
// was written stays in `out`. Faults: the same, their place counted in the value; output_full.
class xclient_attributes : public client_attributes {
 public:
  static constexpr result<xclient_attributes> parse(std::string_view text, quirks leniency = quirks::strict) noexcept {
    if (const auto good = check(text, attribute_verb::xclient, leniency); !good) return good.error();
    return xclient_attributes(text);
  }
  static constexpr result<xclient_attributes> compose(std::span<const attribute_value> values, writer& out) noexcept {
    const auto written = write(values, attribute_verb::xclient, out);
    if (!written) return written.error();
    return xclient_attributes(*written);
  }

 private:
  constexpr explicit xclient_attributes(std::string_view text) noexcept
      : client_attributes(text, attribute_verb::xclient) {}
};

class xforward_attributes : public client_attributes {
 public:
  static constexpr result<xforward_attributes> parse(std::string_view text, quirks leniency = quirks::strict) noexcept {
    if (const auto good = check(text, attribute_verb::xforward, leniency); !good) return good.error();
    return xforward_attributes(text);
  }
  static constexpr result<xforward_attributes> compose(std::span<const attribute_value> values, writer& out) noexcept {
    const auto written = write(values, attribute_verb::xforward, out);
    if (!written) return written.error();
    return xforward_attributes(*written);
  }

 private:
  constexpr explicit xforward_attributes(std::string_view text) noexcept
      : client_attributes(text, attribute_verb::xforward) {}
};

// Writes it in its strict form: the name in upper case when it is a known one, the value in xtext.
constexpr void encode(const client_attribute& one, writer::draft& out) noexcept {
  out.put(one.what() == attribute::other ? one.name() : facts(one.what()).name).put('=');
  if (const auto encoded = xtext::parse(one.text(), quirks::all))
    encode(*encoded, out);
  else
    encode_xtext(one.text(), out);
}

// xclient  = "XCLIENT" 1*( SP xc-name "=" xattr ) CRLF
// xforward = "XFORWARD" 1*( SP xf-name "=" xattr ) CRLF
// xattr    = xtext
constexpr result<void> client_attributes::check(std::string_view text, attribute_verb of, quirks leniency) noexcept {
  const auto fail = [](errc code, std::size_t at) { return fault{code, static_cast<std::uint32_t>(at)}; };
  const bool loose = leniency.allow(quirk::loose_space);
  const auto begin_of_word = [&](std::size_t at) {
    while (loose && at < text.size() && text[at] == ' ') ++at;
    return at;
  };
  if (text.size() > max_octets) return fail(errc::line_too_long, max_octets);
  std::size_t i = begin_of_word(0);
  if (i == text.size()) return fail(errc::argument_missing, i);
  for (std::size_t count = 0; i < text.size(); ++count) {
    const std::size_t start = i;
    i = span_of(octet_class::verb, text, start);
    if (i == start || i == text.size() || text[i] != '=') return fail(errc::attribute_malformed, i);
    const std::string_view name = text.substr(start, i - start);
    attribute what = attribute_named(name);
    if (!facts(what).belongs_to(of)) what = attribute::other;
    if (!facts(what).belongs_to(of)) return fail(errc::attribute_malformed, start);
    if (count == limits::client_attributes) return fail(errc::too_many_parameters, start);
    const client_attributes before(text.substr(0, start), of);
    for (const client_attribute earlier : before)
      if (equal_ignoring_case(earlier.name(), name)) return fail(errc::parameter_repeated, start);
    const std::size_t value = i + 1;
    i = text.find(' ', value);
    if (i == text.npos) i = text.size();
    if (const auto good = check_encoded_attribute(what, of, text.substr(value, i - value), leniency); !good)
      return good.error() + value;
    if (i == text.size()) break;
    i = begin_of_word(i + 1);
    if (i == text.size() && !loose) return fail(errc::attribute_malformed, i);
  }
  return {};
}

constexpr result<std::string_view> client_attributes::write(std::span<const attribute_value> values, attribute_verb of,
                                                            writer& out) noexcept {
  if (values.empty()) return errc::argument_missing;
  if (values.size() > limits::client_attributes) return errc::too_many_parameters;
  writer::draft list(out);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const attribute what = values[i].what;
    if (what == attribute::other || !facts(what).belongs_to(of)) return errc::attribute_malformed;
    for (std::size_t k = 0; k < i; ++k)
      if (values[k].what == what) return errc::parameter_repeated;
    if (const auto good = check_attribute(what, of, values[i].raw); !good) return good.error();
    for (std::size_t octets = 0, at = 0; at < values[i].raw.size(); ++at) {
      octets += is(octet_class::xchar, values[i].raw[at]) ? 1U : 3U;
      if (octets > xtext::max_octets) return fault{errc::parameter_value_too_long, static_cast<std::uint32_t>(at)};
    }
    if (i != 0) list.put(' ');
    list.put(facts(what).name).put('=');
    encode_xtext(values[i].raw, list);
  }
  const std::string_view text = list.text();
  if (text.size() > max_octets) return fault{errc::line_too_long, max_octets};
  if (const auto fits = list.commit(); !fits) return fits.error();
  return text;
}

}  // namespace sansmtp

#endif
