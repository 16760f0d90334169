// The parameters of MAIL and RCPT and their values, from the ABNF of RFC 5321 4.1.2 and of each extension.
//
// Where the library's decided reading departs from the printed rules, an "Exception" says so. "Ours" is a
// bound that no document sets.

#ifndef SANSMTP_TESTS_ORACLE_PARAMETER_RULES_HPP
#define SANSMTP_TESTS_ORACLE_PARAMETER_RULES_HPP

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oracle/abnf.hpp"
#include "oracle/address_rules.hpp"
#include "oracle/core_rules.hpp"
#include "oracle/date_rules.hpp"
#include "oracle/encoding_rules.hpp"

namespace oracle {

inline constexpr std::string_view parameter_rules = R"abnf(
; RFC 5321 4.1.2, with UTF8-non-ascii in a value by RFC 6531 3.3
Mail-parameters = esmtp-param *(SP esmtp-param)
Rcpt-parameters = esmtp-param *(SP esmtp-param)
esmtp-param     = esmtp-keyword ["=" esmtp-value]
esmtp-keyword   = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
esmtp-value     = 1*(%d33-60 / %d62-126 / UTF8-non-ascii)
; Exception: XVERP, of no RFC, has "+=" as its usual value: it alone may hold "=".
esmtp-param     =/ "XVERP=" 1*(%d33-126 / UTF8-non-ascii)

; RFC 1870 3, RFC 6152 2 with RFC 3030 3, RFC 3461 4.3
SIZE-value      = 1*20DIGIT
BODY-value      = "7BIT" / "8BITMIME" / "BINARYMIME"
RET-value       = "FULL" / "HDRS"
; RFC 3461 4.4; RFC 3885 3.2
ENVID-value     = xtext
unique-envid    = xtext "@" xtext
; RFC 4954 8. Exception: "<>" is only ever written as it is; encoded it is no null value.
AUTH-value      = xtext
; RFC 2852 4
BY-value        = by-time ";" by-mode [by-trace]
by-time         = ["-" / "+"] 1*9DIGIT
by-mode         = "N" / "R"
by-trace        = "T"
; RFC 4865 3
HOLDFOR-value   = %x31-39 *8DIGIT
HOLDUNTIL-value = date-time
; RFC 6710 7
MT-PRIORITY-value = (["-"] NZDIGIT) / "0"
NZDIGIT         = %x31-39
; RFC 3885 3.1. Exception: the certifier is base64 without padding, of a SHA-1 (3.2): 27 characters.
MTRK-value      = mtrk-certifier [ ":" mtrk-timeout ]
mtrk-certifier  = 27base64-char
mtrk-timeout    = 1*9DIGIT
; RFC 3865 2.3
SOLICIT-value   = word *("," word)
word            = ALPHA *(wordchar)
wordchar        = "." / "-" / "_" / ":" / ALPHA / DIGIT
; RFC 4405 4.2, RFC 5336 3.4
SUBMITTER-value   = xtext
ALT-ADDRESS-value = xtext
; RFC 1845 2, with the tspecials of RFC 1521
TRANSID-value   = "<" transid-local "@" transid-domain ">"
transid-domain  = transid-token
transid-local   = transid-token
transid-token   = transid-atom *("." transid-atom)
transid-atom    = 1*(%x21 / %x23-27 / %x2A-2B / %x2D / %x30-39 / %x41-5A / %x5E-7E)
; of no RFC
XVERP-value     = 2VCHAR
XOORG-value     = Domain

; RFC 3461 4.1
NOTIFY-value    = "NEVER" / notify-list-element *( "," notify-list-element )
notify-list-element = "SUCCESS" / "FAILURE" / "DELAY"
; RFC 3461 4.2, with the atom of RFC 822 3.3
ORCPT-value     = addr-type ";" xtext
addr-type       = 1*(%x21 / %x23-27 / %x2A-2B / %x2D / %x2F-39 / %x3D / %x3F / %x41-5A / %x5E-7E)
; RFC 6533 3. Exception: the printed HEXPOINT forgets %x0A-0F and %x1A-1F, and bounds nothing: here it is two to
; six digits, as its prose says, of a character that there is.
utf-8-type-addr = "utf-8;" (utf-8-addr-unitext / utf-8-address)
utf-8-address   = Mailbox
utf-8-addr-unitext = 1*(QUCHAR / EmbeddedUnicodeChar)
QCHAR           = %x21-2A / %x2C-3C / %x3E-5B / %x5D-7E
QUCHAR          = QCHAR / UTF8-2 / UTF8-3 / UTF8-4
EmbeddedUnicodeChar = %x5C.78 "{" HEXPOINT "}"
HEXPOINT        = 2*6HEXDIG
; RFC 7293 3.1
RRVS-value      = date-time [ ";" ( "C" / "R" ) ]
)abnf";

inline const grammar& parameter_grammar() {
  static const grammar rules{core_rules, address_rules, date_rules, encoding_rules, parameter_rules};
  return rules;
}

struct parameter_fields {
  std::string keyword;
  std::optional<std::string> value;
};

inline std::vector<parameter_fields> split_parameters(const tree& list) {
  std::vector<parameter_fields> all;
  for (const tree* one : list.all("esmtp-param")) {
    const std::size_t equals = one->text.find('=');
    if (equals == std::string::npos)
      all.push_back({one->text, std::nullopt});
    else
      all.push_back({one->text.substr(0, equals), one->text.substr(equals + 1)});
  }
  return all;
}

// RFC 5321 4.1.2. Ours: 32 parameters at most, 4096 octets at most, and none twice.
inline std::optional<std::vector<parameter_fields>> read_parameters(std::string_view text) {
  if (text.empty()) return std::vector<parameter_fields>();
  if (text.size() > 4096) return std::nullopt;
  const auto found = parameter_grammar().match("Mail-parameters", text);
  if (!found) return std::nullopt;
  std::vector<parameter_fields> all = split_parameters(*found);
  if (all.size() > 32) return std::nullopt;
  std::map<std::string, int> seen;
  for (const parameter_fields& one : all)
    if (++seen[in_upper_case(one.keyword)] > 1) return std::nullopt;
  return all;
}

}  // namespace oracle

#endif
