// The README's tables, printed from the code, so that a test can keep them true.

#ifndef SANSMTP_TESTS_SUPPORT_README_TABLES_HPP
#define SANSMTP_TESTS_SUPPORT_README_TABLES_HPP

#include <cstdint>
#include <string>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/wire/extension.hpp"
#include "sansmtp/wire/parameter_rules.hpp"
#include "sansmtp/wire/verb.hpp"

namespace support {

inline std::string limits_table() {
  namespace limits = sansmtp::limits;
  const struct {
    std::string_view what;
    std::uint64_t most;
    std::string_view from;
  } rows[] = {
      {"local part", limits::local_part, "RFC 5321 4.5.3.1.1; up to a path's by quirk"},
      {"domain", limits::domain, "RFC 5321 4.5.3.1.2"},
      {"label of a domain", limits::domain_label, "RFC 1035 2.3.4"},
      {"path, with its brackets", limits::path, "RFC 5321 4.5.3.1.3"},
      {"command line, with CRLF", limits::command_line, "RFC 5321 4.5.3.1.4; what the offered extensions add comes on top"},
      {"AUTH command, and a line of its exchange", limits::auth_line, "RFC 4954 4; an option of the server"},
      {"parameters of one MAIL or RCPT (a number)", limits::esmtp_parameters, "ours"},
      {"recipients of a transaction (a number)", limits::recipients, "RFC 5321 4.5.3.1.8, the floor; an option of the server"},
      {"reply line written, with CRLF", limits::reply_line, "RFC 5321 4.5.3.1.5; longer text becomes several lines"},
      {"reply line read, with CRLF", limits::received_reply_line, "ours: servers exceed 512"},
      {"lines of one reply read (a number)", limits::received_reply_lines, "ours"},
      {"one whole reply read", limits::received_reply, "ours"},
      {"runs of like commands awaiting replies (a number)", limits::pipeline_runs, "ours; a run may be of any length"},
      {"names of mechanisms that a client keeps", limits::mechanisms_kept, "ours; the reply has them all"},
  };
  std::string out;
  for (const auto& row : rows)
    out.append("| ").append(row.what).append(" | ").append(std::to_string(row.most)).append(" | ").append(row.from).append(" |\n");
  return out;
}

inline std::string quirks_table() {
  std::string out;
  for (const auto& row : sansmtp::quirk_table)
    out.append("| `").append(row.name).append("` | ").append(row.accepts).append(" | ").append(row.deployed ? "yes" : "no").append(" |\n");
  return out;
}

// Every row of the registry, from extension_table and parameter_table: what it brings, where it may be offered.
inline std::string extensions_table() {
  using namespace sansmtp;
  std::string out;
  for (const extension_facts& row : extension_table) {
    if (static_cast<std::size_t>(row.what) >= registered_extension_count) break;
    std::string brings;
    const auto add = [&](std::string text) { brings.append(brings.empty() ? "" : ", ").append(text); };
    if (row.unlocks != verb::unknown) add("`" + std::string(name_of(row.unlocks)) + "`");
    for (const parameter_rule& rule : parameter_table)
      if (rule.brought_by.has(row.what)) add("`" + std::string(rule.keyword) + (rule.value == value_rule::none ? "`" : "=`"));
    std::string where = row.where == services::all          ? "anywhere"
                        : row.where == services::relay      ? "relay"
                        : row.where == services::submission ? "submission"
                                                            : "relay, submission";
    if (row.when == offered_when::under_tls) where += ", under TLS";
    if (row.when == offered_when::in_the_clear) where += ", in the clear";
    out.append("| ").append(row.keyword).append(" | ").append(row.rfc.empty() ? "-" : row.rfc).append(" | ");
    out.append(brings.empty() ? "-" : brings).append(" | ").append(where).append(" | yes | yes | ");
    const bool declined = row.unlocks == verb::verb || row.unlocks == verb::onex ||
                          (row.maturity == maturity::historic && row.unlocks != verb::unknown);
    out.append(declined ? "502 by default" : "yes").append(" |\n");
  }
  return out;
}

}  // namespace support

#endif
