// The verbs of commands: every one registered, historic or often seen (RFC 5321 4.1.1 and extensions).
//
// The case of letters does not matter (RFC 5321 2.4). A verb that is not in the table is verb::unknown, and
// still a command: its line is delivered as it stands, and 500 is its answer (RFC 5321 4.2.4).

#ifndef SANSMTP_WIRE_VERB_HPP
#define SANSMTP_WIRE_VERB_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/column.hpp"
#include "sansmtp/base/fast_paths.hpp"
#include "sansmtp/base/keyword_map.hpp"

namespace sansmtp {

enum class verb : std::uint8_t {
  helo,
  ehlo,
  lhlo,
  mail,
  rcpt,
  data,
  bdat,
  rset,
  noop,
  quit,
  vrfy,
  expn,
  help,
  starttls,
  auth,
  etrn,
  atrn,
  burl,
  send,
  soml,
  saml,
  xclient,
  xforward,
  wellknown,
  // from here on: known by name, their argument is text (`other` in wire/command.hpp)
  turn,
  verb,
  onex,
  xadr,
  xsta,
  xcir,
  xgen,
  xexch50,
  x_exps,
  x_anonymoustls,
  x_link2state,
  xshadow,
  xshadowrequest,
  xproxy,
  xproxyfrom,
  xproxyto,
  xsessionparams,
  unknown,
};

// Whether the grammar of a verb lets an argument follow.
enum class argument_rule : std::uint8_t { none, optional, required };

struct verb_facts {
  sansmtp::verb what;
  std::string_view name;
  argument_rule argument;
  std::string_view rfc;  // empty: no RFC, known from use
  std::string_view section;
};

inline constexpr verb_facts verb_table[] = {
    {verb::helo, "HELO", argument_rule::required, "RFC 5321", "4.1.1.1"},
    {verb::ehlo, "EHLO", argument_rule::required, "RFC 5321", "4.1.1.1"},
    {verb::lhlo, "LHLO", argument_rule::required, "RFC 2033", "4.1"},
    {verb::mail, "MAIL", argument_rule::required, "RFC 5321", "4.1.1.2"},
    {verb::rcpt, "RCPT", argument_rule::required, "RFC 5321", "4.1.1.3"},
    {verb::data, "DATA", argument_rule::none, "RFC 5321", "4.1.1.4"},
    {verb::bdat, "BDAT", argument_rule::required, "RFC 3030", "2"},
    {verb::rset, "RSET", argument_rule::none, "RFC 5321", "4.1.1.5"},
    {verb::noop, "NOOP", argument_rule::optional, "RFC 5321", "4.1.1.9"},
    {verb::quit, "QUIT", argument_rule::none, "RFC 5321", "4.1.1.10"},
    {verb::vrfy, "VRFY", argument_rule::required, "RFC 5321", "4.1.1.6"},
    {verb::expn, "EXPN", argument_rule::required, "RFC 5321", "4.1.1.7"},
    {verb::help, "HELP", argument_rule::optional, "RFC 5321", "4.1.1.8"},
    {verb::starttls, "STARTTLS", argument_rule::none, "RFC 3207", "4"},
    {verb::auth, "AUTH", argument_rule::required, "RFC 4954", "4"},
    {verb::etrn, "ETRN", argument_rule::required, "RFC 1985", "5"},
    {verb::atrn, "ATRN", argument_rule::optional, "RFC 2645", "5.2.1"},
    {verb::burl, "BURL", argument_rule::required, "RFC 4468", "3.2"},
    {verb::send, "SEND", argument_rule::required, "RFC 821", "4.1.1"},
    {verb::soml, "SOML", argument_rule::required, "RFC 821", "4.1.1"},
    {verb::saml, "SAML", argument_rule::required, "RFC 821", "4.1.1"},
    {verb::xclient, "XCLIENT", argument_rule::required, "", ""},
    {verb::xforward, "XFORWARD", argument_rule::required, "", ""},
    {verb::wellknown, "WELLKNOWN", argument_rule::required, "", ""},
    {verb::turn, "TURN", argument_rule::none, "RFC 821", "4.1.1"},
    {verb::verb, "VERB", argument_rule::optional, "", ""},
    {verb::onex, "ONEX", argument_rule::none, "", ""},
    {verb::xadr, "XADR", argument_rule::optional, "", ""},
    {verb::xsta, "XSTA", argument_rule::optional, "", ""},
    {verb::xcir, "XCIR", argument_rule::optional, "", ""},
    {verb::xgen, "XGEN", argument_rule::optional, "", ""},
    {verb::xexch50, "XEXCH50", argument_rule::required, "", ""},
    {verb::x_exps, "X-EXPS", argument_rule::required, "", ""},
    {verb::x_anonymoustls, "X-ANONYMOUSTLS", argument_rule::none, "", ""},
    {verb::x_link2state, "X-LINK2STATE", argument_rule::optional, "", ""},
    {verb::xshadow, "XSHADOW", argument_rule::optional, "", ""},
    {verb::xshadowrequest, "XSHADOWREQUEST", argument_rule::optional, "", ""},
    {verb::xproxy, "XPROXY", argument_rule::optional, "", ""},
    {verb::xproxyfrom, "XPROXYFROM", argument_rule::optional, "", ""},
    {verb::xproxyto, "XPROXYTO", argument_rule::optional, "", ""},
    {verb::xsessionparams, "XSESSIONPARAMS", argument_rule::optional, "", ""},
    {verb::unknown, "", argument_rule::optional, "RFC 5321", "4.2.4"},
};

inline constexpr std::size_t verb_count = static_cast<std::size_t>(verb::unknown) + 1;

consteval bool verb_table_is_complete() noexcept {
  if (sizeof verb_table / sizeof *verb_table != verb_count) return false;
  for (std::size_t i = 0; i < verb_count; ++i)
    if (static_cast<std::size_t>(verb_table[i].what) != i) return false;
  return true;
}
static_assert(verb_table_is_complete(), "every verb has one row, in the order of the enumeration");

constexpr const verb_facts& facts(verb v) noexcept { return verb_table[static_cast<std::size_t>(v)]; }

// The verb as it is written; empty for verb::unknown.
constexpr std::string_view name_of(verb v) noexcept { return column<verb_table, &verb_facts::name>(v); }
constexpr argument_rule argument_of(verb v) noexcept { return column<verb_table, &verb_facts::argument>(v); }

// The verb of that name in any case; verb::unknown when it is none.
SANSMTP_INLINED constexpr verb verb_named(std::string_view name) noexcept {
  const std::size_t row = keyword_map<verb_table, &verb_facts::name>::find(name);
  return row < verb_count ? static_cast<verb>(row) : verb::unknown;
}

}  // namespace sansmtp

#endif
