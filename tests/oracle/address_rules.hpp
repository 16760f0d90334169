// Paths, mailboxes and domains, from the ABNF of RFC 5321 4.1.2 and 4.1.3 with the additions of RFC 6531 3.3.
//
// Where the library's decided reading departs from the printed rules, an "Exception" says so.

#ifndef SANSMTP_TESTS_ORACLE_ADDRESS_RULES_HPP
#define SANSMTP_TESTS_ORACLE_ADDRESS_RULES_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/abnf.hpp"
#include "oracle/core_rules.hpp"

namespace oracle {

inline constexpr std::string_view address_rules = R"abnf(
; RFC 5321 4.1.2
Reverse-path   = Path / "<>"
Forward-path   = Path
Path           = "<" [ A-d-l ":" ] Mailbox ">"
A-d-l          = At-domain *( "," At-domain )
At-domain      = "@" Domain
Domain         = sub-domain *("." sub-domain)
sub-domain     = Let-dig [Ldh-str]
Let-dig        = ALPHA / DIGIT
Ldh-str        = *( ALPHA / DIGIT / "-" ) Let-dig
address-literal  = "[" ( IPv4-address-literal /
                 IPv6-address-literal /
                 General-address-literal ) "]"
Mailbox        = Local-part "@" ( Domain / address-literal )
Local-part     = Dot-string / Quoted-string
Dot-string     = Atom *("." Atom)
Atom           = 1*atext
Quoted-string  = DQUOTE *QcontentSMTP DQUOTE
QcontentSMTP   = qtextSMTP / quoted-pairSMTP
quoted-pairSMTP  = %d92 %d32-126
qtextSMTP      = %d32-33 / %d35-91 / %d93-126
String         = Atom / Quoted-string

; RFC 5321 4.1.3
IPv4-address-literal  = Snum 3("." Snum)
IPv6-address-literal  = "IPv6:" IPv6-addr
General-address-literal  = Standardized-tag ":" 1*dcontent
Standardized-tag  = Ldh-str
dcontent       = %d33-90 / %d94-126
Snum           = 1*3DIGIT
IPv6-addr      = IPv6-full / IPv6-comp / IPv6v4-full / IPv6v4-comp
IPv6-hex       = 1*4HEXDIG
IPv6-full      = IPv6-hex 7(":" IPv6-hex)
IPv6-comp      = [IPv6-hex *5(":" IPv6-hex)] "::"
                 [IPv6-hex *5(":" IPv6-hex)]
IPv6v4-full    = IPv6-hex 5(":" IPv6-hex) ":" IPv4-address-literal
IPv6v4-comp    = [IPv6-hex *3(":" IPv6-hex)] "::"
                 [IPv6-hex *3(":" IPv6-hex) ":"]
                 IPv4-address-literal

; RFC 5322 3.2.3
atext = ALPHA / DIGIT / "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "/" /
        "=" / "?" / "^" / "_" / "`" / "{" / "|" / "}" / "~"

; RFC 6531 3.3
sub-domain =/ U-label
atext      =/ UTF8-non-ascii
qtextSMTP  =/ UTF8-non-ascii

; Exception: RFC 5890 2.3.2.1 defines a U-label by the tables of IDNA, which no codec of SMTP has. Any label
; of Let-dig, "-" and characters that are not ASCII is taken, with "-" where Ldh-str has it. Of those that RFC 5892
; has as DISALLOWED these alone are none: up to U+00A0, and U+3002, U+FF0E and U+FF61, which are dots to some.
U-label    = U-let-dig [U-ldh-str]
U-let-dig  = Let-dig / U-character
U-character = %xC2 %xA1-BF / %xC3-DF UTF8-tail /
              %xE0 %xA0-BF UTF8-tail / %xE1-E2 2( UTF8-tail ) /
              %xE3 %x80 ( %x80-81 / %x83-BF ) / %xE3 %x81-BF UTF8-tail /
              %xE4-EC 2( UTF8-tail ) / %xED %x80-9F UTF8-tail / %xEE 2( UTF8-tail ) /
              %xEF %x80-BB UTF8-tail / %xEF %xBC ( %x80-8D / %x8F-BF ) /
              %xEF %xBD ( %x80-A0 / %xA2-BF ) / %xEF %xBE-BF UTF8-tail / UTF8-4
U-ldh-str  = *( U-let-dig / "-" ) U-let-dig

; RFC 5321 4.1.1.3: what may stand behind RCPT TO: besides
Rcpt-path      = "<Postmaster>" / Forward-path
)abnf";

inline const grammar& address_grammar() {
  static const grammar rules{core_rules, address_rules};
  return rules;
}

struct host_fields {
  enum class kind { domain, ipv4, ipv6, general };

  std::string text;
  kind what = kind::domain;
  std::string tag, content;            // of a literal
  std::vector<unsigned> address = {};  // its octets, four or sixteen
};

struct mailbox_fields {
  std::string local;    // as written
  std::string content;  // without quotes and backslashes
  host_fields host;
};

struct path_fields {
  bool null = false;
  bool postmaster = false;
  std::string route;
  mailbox_fields mailbox;
};

// A label has 63 octets at most (RFC 1035 2.3.4), a domain 255 (RFC 5321 4.5.3.1.2). The label's bound is for
// what is in the DNS: a U-label is there as its A-label (RFC 5890 2.3.2.1), so its own octets do not count.
inline bool domain_is_short_enough(const tree& domain) {
  for (const tree* label : domain.all("sub-domain"))
    if (is_ascii(label->text) && label->text.size() > 63) return false;
  return domain.text.size() <= 255;
}

inline std::optional<std::vector<unsigned>> ipv4_octets(const tree& literal) {
  std::vector<unsigned> octets;
  for (const tree* number : literal.all("snum")) {
    const int value = std::stoi(number->text);
    if (value > 255) return std::nullopt;  // the comment of Snum: 0 through 255
    octets.push_back(static_cast<unsigned>(value));
  }
  return octets;
}

// The comments of IPv6-comp and IPv6v4-comp: "::" is two groups at least, so beside it there are six groups at
// most, or four and an IPv4 address.
inline std::optional<std::vector<unsigned>> ipv6_octets(const tree& address) {
  const auto octets_of = [](const std::vector<const tree*>& groups) {
    std::vector<unsigned> octets;
    for (const tree* group : groups) {
      const auto value = static_cast<unsigned>(std::stoi(group->text, nullptr, 16));
      octets.push_back(value / 256);
      octets.push_back(value % 256);
    }
    return octets;
  };
  const tree* ipv4 = address.find("ipv4-address-literal");
  const auto groups = address.all("ipv6-hex");
  const std::size_t gap = address.text.find("::");
  std::vector<unsigned> tail;
  if (ipv4 != nullptr) {
    const auto octets = ipv4_octets(*ipv4);
    if (!octets) return std::nullopt;
    tail = *octets;
  }
  if (gap == std::string::npos) {
    std::vector<unsigned> all = octets_of(groups);
    all.insert(all.end(), tail.begin(), tail.end());
    return all;
  }
  if (groups.size() > (ipv4 == nullptr ? 6U : 4U)) return std::nullopt;
  std::vector<const tree*> before, behind;
  for (const tree* group : groups) (group->begin < address.begin + gap ? before : behind).push_back(group);
  std::vector<unsigned> all = octets_of(before), end = octets_of(behind);
  end.insert(end.end(), tail.begin(), tail.end());
  all.resize(16 - end.size());
  all.insert(all.end(), end.begin(), end.end());
  return all;
}

// A Domain or an address-literal.
inline std::optional<host_fields> host_of(const tree& found) {
  const tree* literal = found.find("address-literal");
  if (literal == nullptr) {
    const tree* domain = found.find("domain");
    if (domain == nullptr || !domain_is_short_enough(*domain)) return std::nullopt;
    return host_fields{domain->text, host_fields::kind::domain, {}, {}};
  }
  if (literal->text.size() > 255) return std::nullopt;  // "domain name or number", RFC 5321 4.5.3.1.2
  host_fields host{literal->text, host_fields::kind::general, {}, {}};
  const std::string inside = literal->text.substr(1, literal->text.size() - 2);
  if (const tree* ipv4 = literal->find("ipv4-address-literal"); ipv4 != nullptr && ipv4->text == inside) {
    const auto octets = ipv4_octets(*ipv4);
    if (!octets) return std::nullopt;
    host.what = host_fields::kind::ipv4;
    host.content = inside;
    host.address = *octets;
    return host;
  }
  host.tag = inside.substr(0, inside.find(':'));
  host.content = inside.substr(inside.find(':') + 1);
  if (in_upper_case(host.tag) != "IPV6") return host;
  // Exception: by the ABNF "[IPv6:zzz]" is a General-address-literal. But the tag IPv6 is registered for
  // IPv6-address-literal alone (RFC 5321 4.1.3), so it must be one.
  const tree* ipv6 = literal->find("ipv6-addr");
  if (ipv6 == nullptr) return std::nullopt;
  const auto octets = ipv6_octets(*ipv6);
  if (!octets) return std::nullopt;
  host.what = host_fields::kind::ipv6;
  host.address = *octets;
  return host;
}

struct local_fields {
  std::string text, content;
};

inline std::optional<local_fields> local_of(const tree& part) {
  // Exception: erratum 5414 to RFC 5321 4.1.2, Quoted-string = DQUOTE 1*QcontentSMTP DQUOTE.
  if (part.text == "\"\"") return std::nullopt;
  if (part.text.size() > 64) return std::nullopt;  // RFC 5321 4.5.3.1.1
  if (part.find("quoted-string") == nullptr) return local_fields{part.text, part.text};
  local_fields local{part.text, {}};
  for (const tree* one : part.all("qcontentsmtp"))
    local.content += one->find("quoted-pairsmtp") == nullptr ? one->text : one->text.substr(1);
  return local;
}

inline std::optional<mailbox_fields> mailbox_of(const tree& found) {
  const tree* mailbox = found.find("mailbox");
  if (mailbox == nullptr || mailbox->text.size() > 254) return std::nullopt;  // what a path of 256 has room for
  const auto local = local_of(*mailbox->find("local-part"));
  const auto host = host_of(*mailbox);
  if (!local || !host) return std::nullopt;
  return mailbox_fields{local->text, local->content, *host};
}

// Of a Reverse-path or Rcpt-path.
inline std::optional<path_fields> path_of(const tree& found) {
  path_fields path;
  path.null = found.text == "<>";
  path.postmaster = in_upper_case(found.text) == "<POSTMASTER>";
  if (path.null || path.postmaster) return path;
  if (found.text.size() > 256) return std::nullopt;  // RFC 5321 4.5.3.1.3
  if (const tree* route = found.find("a-d-l")) {
    path.route = route->text;
    for (const tree* domain : route->all("domain"))
      if (!domain_is_short_enough(*domain)) return std::nullopt;
  }
  const auto mailbox = mailbox_of(found);
  if (!mailbox) return std::nullopt;
  path.mailbox = *mailbox;
  return path;
}

// The whole text as that rule, and what `fields_of` makes of it.
template <class Fields>
std::optional<Fields> read(const grammar& rules, std::string_view rule, std::string_view text,
                           std::optional<Fields> (*fields_of)(const tree&)) {
  const auto found = rules.match(rule, text);
  return found ? fields_of(*found) : std::nullopt;
}

inline std::optional<host_fields> read_domain(std::string_view text) {
  return read(address_grammar(), "Domain", text, host_of);
}
inline std::optional<host_fields> read_literal(std::string_view text) {
  return read(address_grammar(), "address-literal", text, host_of);
}
inline std::optional<local_fields> read_local_part(std::string_view text) {
  return read(address_grammar(), "Local-part", text, local_of);
}
inline std::optional<mailbox_fields> read_mailbox(std::string_view text) {
  return read(address_grammar(), "Mailbox", text, mailbox_of);
}
inline std::optional<path_fields> read_reverse_path(std::string_view text) {
  return read(address_grammar(), "Reverse-path", text, path_of);
}
inline std::optional<path_fields> read_forward_path(std::string_view text) {
  return read(address_grammar(), "Rcpt-path", text, path_of);
}

}  // namespace oracle

#endif
