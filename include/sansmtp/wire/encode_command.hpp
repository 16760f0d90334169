// encode: one command to one line with its CRLF, the inverse of parse_command.
//
// The strict form: one SP where SP stands, no source route, verbs, mechanisms, the digits of xtext and the letters
// of a moment in upper case, Z for its offset of zero, no padding behind a certifier. What a quirk took in a name or
// an address stands as it was, for to mend it would be to name another: a word behind EHLO that is no host, a long
// local part, "_", a last dot or a short gap in a host, UTF-8 without SMTPUTF8. Typed parts were checked when they
// were made; free text is checked here, so that no CR, LF or NUL can be smuggled into a line, whoever supplied the
// text.

#ifndef SANSMTP_WIRE_ENCODE_COMMAND_HPP
#define SANSMTP_WIRE_ENCODE_COMMAND_HPP

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <variant>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/overloaded.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/parameter.hpp"
#include "sansmtp/grammar/xtext.hpp"
#include "sansmtp/wire/command.hpp"
#include "sansmtp/wire/command_text.hpp"
#include "sansmtp/wire/parameter_rules.hpp"
#include "sansmtp/wire/query_text.hpp"
#include "sansmtp/wire/rcpt_values.hpp"
#include "sansmtp/wire/spoken.hpp"
#include "sansmtp/wire/tracking_values.hpp"

namespace sansmtp {

// Writes the line, or, with a fault, nothing. Faults: output_full; bare_cr, bare_lf, nul_octet,
// control_octet, non_ascii_octet, utf8_malformed, argument_malformed in free text, their place
// counted in that text; argument_missing for an empty VRFY, EXPN or WELLKNOWN; mechanism_malformed;
// for an `other` verb_malformed when its name is no verb, not its kind's, or one that has a struct of
// its own, and argument_missing or argument_unexpected by its verb's rule; extension_not_offered for a
// verb of an extension that the program does not speak (spoken.hpp).
constexpr result<void> encode(const command& what, writer& out) noexcept;

namespace command_line {

// Free text behind a verb, nothing when it is empty.
constexpr result<void> put_text(std::string_view text, octet_range range, writer::draft& line) noexcept {
  if (text.empty()) return {};
  if (const auto good = check_argument(text, range); !good) return good;
  line.put(' ').put(text);
  return {};
}

template <class Query>
constexpr result<void> put_query(const Query& query, writer::draft& line) noexcept {
  if (query.text.empty()) return errc::argument_missing;
  // Text that ends in such a word would be read back as having it; and there is one at most.
  if (reply_word_behind(query.text) != reply_word::none)
    return fault{errc::argument_malformed, static_cast<std::uint32_t>(query.text.rfind(' '))};
  if (query.smtputf8 && query.utf8_reply)
    return fault{errc::argument_malformed, static_cast<std::uint32_t>(query.text.size())};
  if (const auto good = put_text(query.text, octet_range::utf8, line); !good) return good;
  if (query.smtputf8) line.put(' ').put(name_of(reply_word::smtputf8));
  if (query.utf8_reply) line.put(' ').put(name_of(reply_word::utf8_reply));
  return {};
}

constexpr void put_upper(std::string_view text, writer::draft& line) noexcept {
  for (char c : text) line.put(is(octet_class::alpha, c) ? static_cast<char>(c & ~0x20) : c);
}

// A date-time and the action behind it.
constexpr void put_moment(std::string_view value, writer::draft& line) noexcept {
  constexpr std::string_view utc = "+00:00";
  const std::size_t offset = value.find(utc);
  put_upper(value.substr(0, offset), line);
  if (offset == value.npos) return;
  line.put('Z');
  put_upper(value.substr(offset + utc.size()), line);
}

// Whether a parameter that is spoken is written in that form.
consteval bool writes(value_form form) noexcept {
  return std::any_of(parameter_table.begin(), parameter_table.end(), [form](const parameter_rule& row) { return row.form == form; });
}

// A value that was checked, in its form.
constexpr void put_value(std::string_view keyword, std::string_view value, writer::draft& line) noexcept {
  const parameter_rule* rule = parameter_rule_for(keyword);
  const value_form form = rule == nullptr ? value_form::as_it_stands : rule->form;
  if constexpr (writes(value_form::xtext))
    if (form == value_form::xtext) return put_strict_xtext(value, line);
  if constexpr (writes(value_form::typed_xtext))
    if (form == value_form::typed_xtext) return encode(*orcpt::parse(value, quirks::all), line);
  if constexpr (writes(value_form::certifier))
    if (form == value_form::certifier) return encode(*parse_mtrk(value, quirks::all), line);
  if constexpr (writes(value_form::moment))
    if (form == value_form::moment) return put_moment(value, line);
  line.put(value);
}

// Whether a value without "+" may not be written as it stands: nothing in it is encoded, but padding may stand behind
// a certifier, and letters in a date-time.
constexpr bool may_have_form(std::string_view value) noexcept {
  if constexpr (writes(value_form::certifier))
    if (value.size() > limits::certifier && value[limits::certifier] == '=') return true;
  if constexpr (writes(value_form::moment))
    if (value.size() > 10 && value[4] == '-' && lower(value[10]) == 't') return true;
  return false;
}

constexpr void put_parameters(const parameters& list, writer::draft& line) noexcept {
  // Most values go as they are.
  constexpr bool has_forms = writes(value_form::xtext) || writes(value_form::typed_xtext) ||
                             writes(value_form::certifier) || writes(value_form::moment);
  const bool encoded = has_forms && list.text().find('+') != std::string_view::npos;
  for (const parameter& p : list) {
    line.put(' ').put(p.keyword);
    if (!p.value) continue;
    line.put('=');
    if (encoded || (has_forms && may_have_form(*p.value)))
      put_value(p.keyword, *p.value, line);
    else
      line.put(*p.value);
  }
}

constexpr result<void> put_auth(const auth& a, writer::draft& line) noexcept {
  const std::size_t good = span_of(octet_class::verb, a.mechanism);
  if (good == 0 || good != a.mechanism.size())
    return fault{errc::mechanism_malformed, static_cast<std::uint32_t>(good)};
  if (good > limits::mechanism_read) return fault{errc::mechanism_malformed, limits::mechanism_read};
  line.put(' ');
  put_upper(a.mechanism, line);  // sasl-mech has upper case alone (RFC 4422 3.1)
  if (a.initial_response) line.put(' ').put(a.initial_response->text().empty() ? "=" : a.initial_response->text());
  return {};
}

constexpr void put_attributes(const client_attributes& list, writer::draft& line) noexcept {
  for (const client_attribute& one : list) {
    line.put(' ');
    encode(one, line);
  }
}

constexpr result<void> put_other(const other& o, writer::draft& line) noexcept {
  const std::string_view name = o.name.empty() ? name_of(o.kind) : o.name;
  const std::size_t good = span_of(octet_class::verb, name);
  if (good == 0 || good != name.size()) return fault{errc::verb_malformed, static_cast<std::uint32_t>(good)};
  if (good > limits::verb) return fault{errc::verb_malformed, limits::verb};
  const verb read_as = verb_named(name);
  if (read_as != o.kind || has_struct(read_as)) return errc::verb_malformed;
  const argument_rule rule = argument_of(read_as);
  if (rule == argument_rule::none && !o.argument.empty()) return errc::argument_unexpected;
  if (rule == argument_rule::required && o.argument.empty()) return errc::argument_missing;
  line.put(name);
  return put_text(o.argument, octet_range::ascii, line);
}

}  // namespace command_line

constexpr result<void> encode(const command& what, writer& out) noexcept {
  using namespace command_line;
  writer::draft line(out);
  if (!std::holds_alternative<other>(what)) line.put(name_of(verb_of(what)));
  const auto hello = [&](const hello_name& name) -> result<void> {
    line.put(' ').put(name.text());
    return {};
  };
  const auto from = [&](const reverse_path& path) -> result<void> {
    line.put(" FROM:");
    encode(path, line);
    return {};
  };
  const auto put = overloaded{
      [&](const helo& c) { return hello(c.name); },
      [&](const ehlo& c) { return hello(c.name); },
      [&](const lhlo& c) { return hello(c.name); },
      [&](const mail& c) -> result<void> {
        line.put(" FROM:");
        encode(c.from, line);
        put_parameters(c.parameters.raw(), line);
        return {};
      },
      [&](const rcpt& c) -> result<void> {
        line.put(" TO:");
        encode(c.to, line);
        put_parameters(c.parameters.raw(), line);
        return {};
      },
      [&](const bdat& c) -> result<void> {
        line.put(' ').put_number(c.size);
        if (c.last) line.put(" LAST");
        return {};
      },
      [&](const etrn& c) -> result<void> {
        line.put(' ').put(c.node.text());
        return {};
      },
      [&](const atrn& c) -> result<void> {
        if (!c.domains.empty()) line.put(' ').put(c.domains.text());
        return {};
      },
      [&](const burl& c) -> result<void> {
        line.put(' ').put(c.url.text());
        if (c.last) line.put(" LAST");
        return {};
      },
      [&](const xclient& c) -> result<void> {
        put_attributes(c.attributes, line);
        return {};
      },
      [&](const xforward& c) -> result<void> {
        put_attributes(c.attributes, line);
        return {};
      },
      [&](const wellknown& c) -> result<void> {
        if (c.key.text().empty()) return errc::argument_missing;
        line.put(' ');
        encode(c.key, line);
        return {};
      },
      [&](const send_to_terminal& c) { return from(c.from); },
      [&](const send_or_mail& c) { return from(c.from); },
      [&](const send_and_mail& c) { return from(c.from); },
      [&](const noop& c) { return put_text(c.text, octet_range::ascii, line); },
      [&](const help& c) { return put_text(c.text, octet_range::ascii, line); },
      [&](const vrfy& c) { return put_query(c, line); },
      [&](const expn& c) { return put_query(c, line); },
      [&](const auth& c) { return put_auth(c, line); },
      [&](const other& c) { return put_other(c, line); },
      [&](const auto&) { return result<void>{}; },  // DATA, RSET, QUIT, STARTTLS: the verb alone
  };
  const auto good = std::visit(
      [&]<class Command>(const Command& c) -> result<void> {
        if constexpr (speaks(verb_of<Command>()))
          return put(c);
        else
          return errc::extension_not_offered;
      },
      what);
  if (!good) return good;
  line.put("\r\n");
  return line.commit();
}

}  // namespace sansmtp

#endif
