// Addresses in one line of text, once from the library's types and once from the oracle's fields.

#ifndef SANSMTP_TESTS_ORACLE_ADDRESS_WORDS_HPP
#define SANSMTP_TESTS_ORACLE_ADDRESS_WORDS_HPP

#include <cstddef>
#include <string>
#include <string_view>

#include "oracle/address_rules.hpp"
#include "sansmtp/grammar/mailbox.hpp"
#include "sansmtp/grammar/path.hpp"

namespace oracle {

// Fields behind one another, each in brackets that no field's meaning depends on.
inline std::string field(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "{" + std::string(value) + "}";
}

inline std::string words(const host_fields& h) {
  constexpr const char* kinds[] = {"domain", "ipv4", "ipv6", "general"};
  std::string out = field(kinds[static_cast<std::size_t>(h.what)], h.text);
  if (h.what == host_fields::kind::domain) return out + (is_ascii(h.text) ? "" : " utf8");
  out += field("tag", h.tag) + field("content", h.content);
  for (unsigned octet : h.address) out += " " + std::to_string(octet);
  return out;
}

inline std::string words(const sansmtp::host& h) {
  if (const auto domain = h.as_domain()) return field("domain", domain->text()) + (domain->is_ascii() ? "" : " utf8");
  const auto literal = h.as_literal();
  using kind = sansmtp::address_literal::kind;
  const kind what = literal->form();
  std::string out = field(what == kind::ipv4   ? "ipv4"
                          : what == kind::ipv6 ? "ipv6"
                                               : "general",
                          literal->text()) +
                    field("tag", literal->tag()) + field("content", literal->content());
  const std::size_t octets = what == kind::ipv4 ? 4 : what == kind::ipv6 ? 16 : 0;
  for (std::size_t i = 0; i < octets; ++i) out += " " + std::to_string(unsigned{literal->address()[i]});
  return out;
}

inline std::string words(const local_fields& l) {
  return field("local", l.text) + field("content", l.content) + (l.text[0] == '"' ? " quoted" : "") +
         (is_ascii(l.text) ? "" : " utf8");
}

inline std::string words(const sansmtp::local_part& l) {
  sansmtp::output_buffer<256> room;
  if (!l.unquote(room)) return " no room";
  return field("local", l.text()) + field("content", room.written()) + (l.is_quoted() ? " quoted" : "") +
         (l.is_ascii() ? "" : " utf8");
}

inline std::string words(const mailbox_fields& m) { return words(local_fields{m.local, m.content}) + words(m.host); }

inline std::string words(const sansmtp::mailbox& m) { return words(m.local()) + words(m.host()); }

inline std::string words(const path_fields& p) {
  if (p.null) return " null";
  if (p.postmaster) return " postmaster";
  const bool ascii = is_ascii(p.route + p.mailbox.local + p.mailbox.host.text);
  return field("route", p.route) + words(p.mailbox) + (ascii ? "" : " needs utf8");
}

inline std::string words(const sansmtp::path& p) {
  return field("route", p.source_route()) + words(p.mailbox()) + (p.is_ascii() ? "" : " needs utf8");
}
inline std::string words(const sansmtp::reverse_path& p) {
  return p.is_null() ? " null" : words(static_cast<const sansmtp::path&>(p));
}
inline std::string words(const sansmtp::forward_path& p) {
  return p.is_postmaster() ? " postmaster" : words(static_cast<const sansmtp::path&>(p));
}

}  // namespace oracle

#endif
