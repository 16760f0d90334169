// The reply to EHLO, from the ABNF of RFC 5321 4.1.1.1 and of each extension's keyword.
//
// Where the library's decided reading departs from the printed rules, an "Exception" says so. "Ours" is a
// bound that no document sets.

#ifndef SANSMTP_TESTS_ORACLE_EHLO_RULES_HPP
#define SANSMTP_TESTS_ORACLE_EHLO_RULES_HPP

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/abnf.hpp"
#include "oracle/core_rules.hpp"
#include "oracle/date_rules.hpp"
#include "oracle/reply_rules.hpp"

namespace oracle {

inline constexpr std::string_view ehlo_rules = R"abnf(
; RFC 5321 4.1.1.1
ehlo-line    = ehlo-keyword *( SP ehlo-param )
ehlo-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
ehlo-param   = 1*(%d33-126)

; what stands behind each keyword and SP
; RFC 1870 4. Exception: parameters behind the first mean nothing.
SIZE-params  = size-param *( SP ehlo-param )
size-param   = 1*DIGIT
; RFC 4954 3, RFC 4422 3.1. Exception: a mechanism's name in any case and of up to 40 octets; a word that is none
; is passed over.
sasl-mech    = 1*40( ALPHA / DIGIT / "-" / "_" )
; RFC 2852 2
DELIVERBY-params = min-by-time *( "," extension-token )
min-by-time  = [1*9DIGIT]
extension-token = 1*(%x21-2B / %x2D-7E)
; RFC 4865 3
FUTURERELEASE-params = max-future-release-interval SP max-future-release-date-time
max-future-release-interval = %x31-39 *8DIGIT
max-future-release-date-time = date-time
; RFC 6710 7
MT-PRIORITY-params = 1*20( ALPHA / DIGIT / "-" / "_" / "." )
; RFC 3865 2.2
NO-SOLICITING-params = word *( "," word )
word         = ALPHA *( wordchar )
wordchar     = "." / "-" / "_" / ":" / ALPHA / DIGIT
; RFC 9422 3, 4
LIMITS-params = limit-name-value *( SP limit-name-value )
limit-name-value = limit-name ["=" limit-value]
limit-name   = 1*( ALPHA / DIGIT / "-" / "_" )
limit-value  = 1*( %x21-3A / %x3C-7E )
mailmax-value = %x31-39 *5DIGIT
; of no RFC
XCLIENT-params = attr-name *( SP attr-name )
attr-name    = 1*( ALPHA / DIGIT / "-" / "_" )
)abnf";

inline const grammar& ehlo_grammar() {
  static const grammar rules{core_rules, date_rules, ehlo_rules};
  return rules;
}

// The keywords of IANA's registry of mail service extensions, the verbs of RFC 821 and RFC 5321 that are among them,
// and those in use without one.
inline constexpr std::string_view ehlo_keywords[] = {
    "SEND",           "SOML",          "SAML",       "EXPN",        "HELP",           "TURN",
    "8BITMIME",       "SIZE",          "VERB",       "ONEX",        "CHUNKING",       "BINARYMIME",
    "CHECKPOINT",     "DELIVERBY",     "PIPELINING", "DSN",         "ETRN",           "ENHANCEDSTATUSCODES",
    "STARTTLS",       "NO-SOLICITING", "MTRK",       "SUBMITTER",   "ATRN",           "AUTH",
    "BURL",           "FUTURERELEASE", "UTF8SMTP",   "CONPERM",     "CONNEG",         "SMTPUTF8",
    "MT-PRIORITY",    "RRVS",          "REQUIRETLS", "LIMITS",      "VRFY",           "XCLIENT",
    "XFORWARD",       "XVERP",         "PRDR",       "PIPECONNECT", "WELLKNOWN",      "X-EXPS",
    "X-ANONYMOUSTLS", "XOORG",         "XORIGFROM",  "XEXCH50",     "X-LINK2STATE",   "XSHADOW",
    "XSHADOWREQUEST", "XPROXY",        "XPROXYFROM", "XPROXYTO",    "XSESSIONPARAMS", "XADR",
    "XSTA",           "XCIR",          "XGEN",       "XLOOP",       "XUSR",           "IGNOREQUOTA",
    "TRACE",          "TLS",
};

struct ehlo_line_fields {
  std::string keyword, parameters;
  std::vector<std::string> words;
};

inline std::optional<ehlo_line_fields> read_ehlo_line(std::string_view text) {
  const auto found = ehlo_grammar().match("ehlo-line", text);
  if (!found) return std::nullopt;
  ehlo_line_fields line;
  line.keyword = found->text_of("ehlo-keyword");
  if (line.keyword.size() < text.size()) line.parameters = text.substr(line.keyword.size() + 1);
  for (const tree* one : found->all("ehlo-param")) line.words.push_back(one->text);
  return line;
}

// What the parameters of a keyword say, each by a name of its own. Nothing where they follow no rule.
inline std::optional<std::map<std::string, std::string>> ehlo_values(const std::string& keyword,
                                                                     const std::string& parameters) {
  const std::string rule = keyword == "XFORWARD" ? "XCLIENT" : keyword;
  const auto found = ehlo_grammar().match(rule + "-params", parameters);
  if (!found) return std::nullopt;
  std::map<std::string, std::string> values;
  const auto number = [](std::string digits) {
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
    const std::string most = "18446744073709551615";  // what 64 bits hold; more is as much
    return digits.size() > most.size() || (digits.size() == most.size() && digits > most) ? most : digits;
  };
  if (keyword == "SIZE") values["size"] = number(found->text_of("size-param"));
  if (keyword == "DELIVERBY") {
    if (const std::string time = found->text_of("min-by-time"); !time.empty()) values["by"] = number(time);
    const std::size_t comma = parameters.find(',');
    values["tokens"] = comma == std::string::npos ? "" : parameters.substr(comma + 1);
  }
  if (keyword == "FUTURERELEASE") {
    const auto date = date_of(*found->find("max-future-release-date-time"));
    if (!date || date->offset != 0) return std::nullopt;  // "normalized to Universal Coordinated Time"
    values["hold"] = found->text_of("max-future-release-interval");
    values["until"] = std::to_string(date->seconds) + "." + date->fraction;
  }
  if (keyword == "MT-PRIORITY") values["profile"] = parameters;
  if (keyword == "NO-SOLICITING") {
    if (parameters.size() > 1000) return std::nullopt;
    values["solicit"] = parameters;
  }
  if (keyword == "LIMITS")
    for (const tree* one : found->all("limit-name-value")) {
      // RFC 9422 3.7: a limit that is unknown or has no value of its kind is ignored. Ours: of two the smaller counts.
      const std::string name = in_upper_case(one->text_of("limit-name"));
      const std::string value = one->text_of("limit-value");
      if (name != "MAILMAX" && name != "RCPTMAX" && name != "RCPTDOMAINMAX") continue;
      if (!ehlo_grammar().match("mailmax-value", value)) continue;
      std::string& kept = values[name];
      if (kept.empty() || std::stol(value) < std::stol(kept)) kept = value;
    }
  if (rule == "XCLIENT") values["names"] = parameters;
  return values;
}

struct offer_fields {
  std::set<std::string> keywords;
  std::map<std::string, std::string> values;
  std::string mechanisms;
  std::size_t malformed = 0;
};

// A whole reply to EHLO. Of two lines with one number the smaller counts for SIZE and LIMITS; of the others the last.
inline std::optional<offer_fields> read_offer(std::string_view octets) {
  const auto reply = read_reply(octets);
  if (!reply) return std::nullopt;
  offer_fields offer;
  if (reply->code / 100 != 2) return offer;
  std::set<std::string> mechanisms;
  bool room = true;
  for (std::size_t i = 1; i < reply->raw_lines.size(); ++i) {
    const auto line = read_ehlo_line(reply->raw_lines[i]);
    if (!line) {
      ++offer.malformed;
      continue;
    }
    std::string keyword = in_upper_case(line->keyword);
    if (keyword == "VERP") keyword = "XVERP";  // its other name
    if (std::find(std::begin(ehlo_keywords), std::end(ehlo_keywords), keyword) == std::end(ehlo_keywords)) continue;
    offer.keywords.insert(keyword);
    if (keyword == "AUTH")
      for (const std::string& word : line->words) {
        const std::string name = in_upper_case(word);
        if (!room || !ehlo_grammar().match("sasl-mech", name) || mechanisms.count(name) != 0) continue;
        const std::string with = offer.mechanisms.empty() ? name : offer.mechanisms + " " + name;
        room = with.size() <= 148;  // ours: what is kept
        if (!room) continue;
        mechanisms.insert(name);
        offer.mechanisms = with;
      }
    if (keyword != "SIZE" && keyword != "DELIVERBY" && keyword != "FUTURERELEASE" && keyword != "LIMITS") continue;
    const auto values = ehlo_values(keyword, line->parameters);
    if (!values) continue;
    for (const auto& [name, value] : *values) {
      if (name == "size" && value == "0") {
        offer.values["no fixed maximum"] = "yes";
        continue;
      }
      std::string& kept = offer.values[name];
      const bool smaller = value.size() < kept.size() || (value.size() == kept.size() && value < kept);
      if (kept.empty() || smaller || keyword == "DELIVERBY" || keyword == "FUTURERELEASE") kept = value;
    }
  }
  return offer;
}

}  // namespace oracle

#endif
