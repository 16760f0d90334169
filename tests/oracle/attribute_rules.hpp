// The attributes of XCLIENT and XFORWARD. Neither has an RFC: these are the rules that those who made them publish,
// as ABNF.

#ifndef SANSMTP_TESTS_ORACLE_ATTRIBUTE_RULES_HPP
#define SANSMTP_TESTS_ORACLE_ATTRIBUTE_RULES_HPP

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/abnf.hpp"
#include "oracle/address_rules.hpp"
#include "oracle/core_rules.hpp"
#include "oracle/encoding_rules.hpp"

namespace oracle {

inline constexpr std::string_view attribute_rules = R"abnf(
attributes    = attribute *( SP attribute )
attribute     = attr-name "=" xtext
attr-name     = 1*( ALPHA / DIGIT / "-" / "_" )

known-xclient  = "NAME" / "REVERSE_NAME" / "HELO" / "LOGIN" / "SESSION" / "TTL" / "TIMEOUT" /
                 "CLIENT-TRANSPORT" / "DESTNAME" / "ADDR" / "DESTADDR" / "PORT" / "DESTPORT" / "PROTO"
known-xforward = "NAME" / "HELO" / "IDENT" / "ADDR" / "PORT" / "PROTO" / "SOURCE"

; values, decoded
xclient-none   = "[UNAVAILABLE]" / "[TEMPUNAVAIL]"
xforward-none  = "[UNAVAILABLE]"
attr-addr      = IPv4-address-literal / "IPV6:" ipv6-text
attr-port      = 1*DIGIT
xclient-proto  = "SMTP" / "ESMTP" / "LMTP"
attr-source    = "LOCAL" / "REMOTE"
; RFC 4291 2.2: "::" is one group or more
ipv6-text      = IPv6-full / IPv6v4-full / gap-text / gap-v4-text
gap-text       = [IPv6-hex *6(":" IPv6-hex)] "::" [IPv6-hex *6(":" IPv6-hex)]
gap-v4-text    = [IPv6-hex *4(":" IPv6-hex)] "::" [IPv6-hex *4(":" IPv6-hex) ":"] IPv4-address-literal
)abnf";

inline const grammar& attribute_grammar() {
  static const grammar rules{core_rules, address_rules, encoding_rules, attribute_rules};
  return rules;
}

struct attribute_fields {
  std::string name, raw;
  std::string status;  // "known", "unavailable", "temporarily"
};

inline bool attribute_value_is_good(const std::string& name, const std::string& raw, bool xclient) {
  const grammar& rules = attribute_grammar();
  if (name == "ADDR" || name == "DESTADDR") {
    const auto addr = rules.match("attr-addr", raw);
    if (!addr) return false;
    const tree* ipv4 = addr->find("ipv4-address-literal");
    if (ipv4 != nullptr && !ipv4_octets(*ipv4)) return false;
    const std::size_t groups = addr->all("ipv6-hex").size();
    if (addr->find("gap-text") != nullptr) return groups <= 7;
    if (addr->find("gap-v4-text") != nullptr) return groups <= 5;
    return true;
  }
  if (name == "PORT" || name == "DESTPORT")
    return rules.match("attr-port", raw) && (raw.find_first_not_of('0') == std::string::npos ||
                                             (raw.size() - raw.find_first_not_of('0') <= 5 && std::stol(raw) <= 65535));
  if (name == "PROTO") return raw.size() <= 64 && (!xclient || rules.match("xclient-proto", raw));
  if (name == "SOURCE") return rules.match("attr-source", raw).has_value();
  return true;
}

// Ours: 512 octets and 32 attributes at most, none twice. A value has 255 octets at most; XCLIENT may have names
// that nobody knows, XFORWARD not.
inline std::optional<std::vector<attribute_fields>> read_attributes(std::string_view text, bool xclient) {
  const grammar& rules = attribute_grammar();
  const auto found = rules.match("attributes", text);
  if (!found || text.size() > 512) return std::nullopt;
  std::vector<attribute_fields> all;
  std::map<std::string, int> seen;
  for (const tree* one : found->all("attribute")) {
    const tree* xtext = one->find("xtext");
    if (xtext->text.size() > 500) return std::nullopt;
    const attribute_fields fields{one->text_of("attr-name"), decoded_xtext(*xtext), "known"};
    const std::string name = in_upper_case(fields.name);
    const bool known = rules.match(xclient ? "known-xclient" : "known-xforward", name).has_value();
    if (++seen[name] > 1 || (!known && !xclient) || fields.raw.size() > 255) return std::nullopt;
    const std::string word = in_upper_case(fields.raw);
    const bool none = rules.match(xclient ? "xclient-none" : "xforward-none", fields.raw).has_value();
    if (name == "PROTO" && fields.raw.size() > 64) return std::nullopt;
    if (!none && known && !attribute_value_is_good(name, fields.raw, xclient)) return std::nullopt;
    all.push_back(fields);
    if (none) all.back().status = word == "[UNAVAILABLE]" ? "unavailable" : "temporarily";
  }
  if (all.size() > 32) return std::nullopt;
  return all;
}

}  // namespace oracle

#endif
