// oauth_error: why a server refused a token, in JSON (RFC 7628 3.2.2; XOAUTH2 sends the same).
//
// It travels as one more challenge, for SASL has no words in a failure (RFC 4422 3.6): the client answers with an
// empty phrase, and only then comes the refusal itself. Views of the challenge that was parsed, or of what
// its escapes were written to.

#ifndef SANSMTP_SASL_OAUTH_ERROR_HPP
#define SANSMTP_SASL_OAUTH_ERROR_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/sasl/json.hpp"
#include "sansmtp/sasl/message.hpp"

namespace sansmtp {

struct oauth_error {
  std::string_view status = {};   // a code of OAuth's registry, as "invalid_token"; never empty
  std::string_view schemes = {};  // what might do instead of Bearer; not in RFC 7628 3.2.2, but in its examples
  std::string_view scope = {};    // what a token should be good for; empty where the server names none
  std::string_view openid_configuration = {};  // a URL to learn more; whether to trust it is the caller's to judge

  // The whole challenge. Strings in which something is escaped are written to `out`. Faults: those of check;
  // output_full.
  static constexpr result<oauth_error> parse(std::string_view challenge, writer& out) noexcept;

  // Whether it is such a challenge. Members with other names are passed over. Faults: sasl_error_malformed at the
  // octet where no flat JSON object can go on, or at the value of one of the four that is no string;
  // sasl_field_repeated at the second name of one; sasl_field_empty at an empty status; sasl_field_missing at the
  // end without a status.
  static constexpr result<void> check(std::string_view challenge) noexcept;

  // Writes the challenge. Faults: sasl_field_empty without a status; utf8_malformed; output_full.
  constexpr result<std::string_view> write(writer& out) const noexcept;
};

namespace sasl {

inline constexpr std::array<std::string_view, 4> oauth_error_names{"status", "schemes", "scope",
                                                                   "openid-configuration"};
using oauth_error_strings = std::array<json_string, oauth_error_names.size()>;

constexpr result<void> read_oauth_error(std::string_view challenge, oauth_error_strings& strings) noexcept {
  std::array<bool, oauth_error_names.size()> seen{};
  const auto take = [&](const json_member& member) -> result<void> {
    for (std::size_t i = 0; i < oauth_error_names.size(); ++i) {
      if (!(member.name == oauth_error_names[i])) continue;
      if (seen[i]) return fault_at(errc::sasl_field_repeated, member.name_at);
      if (!member.is_string) return fault_at(errc::sasl_error_malformed, member.value_at);
      if (i == 0 && member.value.raw().empty()) return fault_at(errc::sasl_field_empty, member.value_at);
      seen[i] = true;
      strings[i] = member.value;
    }
    return {};
  };
  if (const result<void> read = json_reader(challenge).read_object(take); !read) return read.error();
  if (!seen[0]) return fault_at(errc::sasl_field_missing, challenge.size());
  return {};
}

}  // namespace sasl

constexpr result<void> oauth_error::check(std::string_view challenge) noexcept {
  sasl::oauth_error_strings strings;
  return sasl::read_oauth_error(challenge, strings);
}

constexpr result<oauth_error> oauth_error::parse(std::string_view challenge, writer& out) noexcept {
  sasl::oauth_error_strings strings;
  if (const result<void> read = sasl::read_oauth_error(challenge, strings); !read) return read.error();
  std::array<std::string_view, sasl::oauth_error_names.size()> texts;
  for (std::size_t i = 0; i < strings.size(); ++i) {
    const result<std::string_view> text = strings[i].unescape(out);
    if (!text) return text.error();
    texts[i] = *text;
  }
  return oauth_error{texts[0], texts[1], texts[2], texts[3]};
}

constexpr result<std::string_view> oauth_error::write(writer& out) const noexcept {
  if (status.empty()) return errc::sasl_field_empty;
  const std::array<std::string_view, 4> texts{status, schemes, scope, openid_configuration};
  writer::draft json(out);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].empty()) continue;
    json.put(i == 0 ? '{' : ',').put('"').put(sasl::oauth_error_names[i]).put("\":");
    if (const result<void> put = sasl::put_json_string(texts[i], json); !put) return put.error();
  }
  json.put('}');
  return sasl::finish(json);
}

}  // namespace sansmtp

#endif
