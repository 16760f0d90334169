// The verbs of commands: every one registered, historic or often seen (RFC 5321 4.1.1 and extensions).
//
// A verb is found by folding its first four octets into one word and switching on it; the case of
// letters does not matter (RFC 5321 2.4). A verb that is not in the table is verb::unknown, and
// still a command: its line is delivered as it stands, and 500 is its answer (RFC 5321 4.2.4).

#ifndef SANSMTP_WIRE_VERB_HPP
#define SANSMTP_WIRE_VERB_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/octet.hpp"

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

constexpr bool verb_table_is_complete() noexcept {
  if (sizeof verb_table / sizeof *verb_table != verb_count) return false;
  for (std::size_t i = 0; i < verb_count; ++i)
    if (static_cast<std::size_t>(verb_table[i].what) != i) return false;
  return true;
}
static_assert(verb_table_is_complete(), "every verb has one row, in the order of the enumeration");

constexpr const verb_facts& facts(verb v) noexcept { return verb_table[static_cast<std::size_t>(v)]; }

// The verb as it is written; empty for verb::unknown.
constexpr std::string_view name_of(verb v) noexcept { return facts(v).name; }

// Four octets as one word, letters in upper case. Only the two cases of a letter fold into that
// letter, so four letters that fold alike are alike; other octets must be compared by themselves.
constexpr std::uint32_t folded_word(const char* four) noexcept { return four_octets(four) & 0xDFDFDFDFU; }

// The verb of that name in any case; verb::unknown when it is none.
[[gnu::always_inline]] constexpr verb verb_named(std::string_view name) noexcept {
  if (name.size() < 4) return verb::unknown;
  const auto four = [&](verb v) { return name.size() == 4 ? v : verb::unknown; };
  const auto whole = [&](verb v) { return equal_ignoring_case(name, name_of(v)) ? v : verb::unknown; };
  const auto among = [&](auto... verbs) {
    verb found = verb::unknown;
    ((equal_ignoring_case(name, name_of(verbs)) ? void(found = verbs) : void()), ...);
    return found;
  };
  switch (folded_word(name.data())) {
    case folded_word("MAIL"): return four(verb::mail);
    case folded_word("RCPT"): return four(verb::rcpt);
    case folded_word("DATA"): return four(verb::data);
    case folded_word("BDAT"): return four(verb::bdat);
    case folded_word("EHLO"): return four(verb::ehlo);
    case folded_word("HELO"): return four(verb::helo);
    case folded_word("LHLO"): return four(verb::lhlo);
    case folded_word("RSET"): return four(verb::rset);
    case folded_word("NOOP"): return four(verb::noop);
    case folded_word("QUIT"): return four(verb::quit);
    case folded_word("VRFY"): return four(verb::vrfy);
    case folded_word("EXPN"): return four(verb::expn);
    case folded_word("HELP"): return four(verb::help);
    case folded_word("AUTH"): return four(verb::auth);
    case folded_word("STAR"): return whole(verb::starttls);
    case folded_word("ETRN"): return four(verb::etrn);
    case folded_word("ATRN"): return four(verb::atrn);
    case folded_word("BURL"): return four(verb::burl);
    case folded_word("TURN"): return four(verb::turn);
    case folded_word("SEND"): return four(verb::send);
    case folded_word("SOML"): return four(verb::soml);
    case folded_word("SAML"): return four(verb::saml);
    case folded_word("VERB"): return four(verb::verb);
    case folded_word("ONEX"): return four(verb::onex);
    case folded_word("XADR"): return four(verb::xadr);
    case folded_word("XSTA"): return four(verb::xsta);
    case folded_word("XCIR"): return four(verb::xcir);
    case folded_word("XGEN"): return four(verb::xgen);
    case folded_word("XCLI"): return whole(verb::xclient);
    case folded_word("XFOR"): return whole(verb::xforward);
    case folded_word("WELL"): return whole(verb::wellknown);
    case folded_word("XEXC"): return whole(verb::xexch50);
    case folded_word("X-EX"): return whole(verb::x_exps);
    case folded_word("X-AN"): return whole(verb::x_anonymoustls);
    case folded_word("X-LI"): return whole(verb::x_link2state);
    case folded_word("XSHA"): return among(verb::xshadow, verb::xshadowrequest);
    case folded_word("XPRO"): return among(verb::xproxy, verb::xproxyfrom, verb::xproxyto);
    case folded_word("XSES"): return whole(verb::xsessionparams);
    default: return verb::unknown;
  }
}

}  // namespace sansmtp

#endif
