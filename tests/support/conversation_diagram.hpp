// The conversation's table, printed: the diagram that the README shows.

#ifndef SANSMTP_TESTS_SUPPORT_CONVERSATION_DIAGRAM_HPP
#define SANSMTP_TESTS_SUPPORT_CONVERSATION_DIAGRAM_HPP

#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sansmtp/session/conversation.hpp"

namespace support {

inline std::string label_of(sansmtp::act a) {
  if (a == sansmtp::act::binary_data) return "DATA of a BINARYMIME message";
  if (a == sansmtp::act::lmtp_last_chunk) return "BDAT LAST in LMTP";
  return std::string(sansmtp::name_of(a));
}

// A mermaid state diagram: an arrow for each pair of phases that a played row joins, labelled with
// the acts of that row and the classes of reply.
inline std::string conversation_diagram() {
  using namespace sansmtp;
  std::map<std::pair<phase, phase>, std::vector<std::pair<std::string, std::string>>> arrows;
  for (const conversation_row& row : conversation::table) {
    if (!row.to || row.role != part::played) continue;
    std::string acts;
    for (std::size_t a = 0; a < act_count; ++a)
      if (row.acts.has(static_cast<act>(a))) acts.append(acts.empty() ? "" : ", ").append(label_of(static_cast<act>(a)));
    const std::string on = row.on == outcome::positive ? " 2yz" : row.on == outcome::intermediate ? " 3yz" : " 4yz 5yz";
    for (std::size_t p = 0; p < phase_count; ++p) {
      const phase from = static_cast<phase>(p);
      if (!row.from.has(from) || *row.to == from) continue;
      auto& labels = arrows[{from, *row.to}];
      if (labels.empty() || labels.back().first != acts) labels.emplace_back(acts, "");
      labels.back().second += on;
    }
  }
  arrows[{phase::tls, phase::greeted}].emplace_back("handshake", "");
  std::string out = "stateDiagram-v2\n    [*] --> connect\n";
  for (const auto& [ends, labels] : arrows)
    for (const auto& [acts, on] : labels)
      out.append("    ").append(name_of(ends.first)).append(" --> ").append(name_of(ends.second)).append(" : ").append(acts + on + "\n");
  return out + "    closed --> [*]\n";
}

// Whether the README holds this text.
inline bool readme_says(const std::string& text) {
  std::string path = __FILE__;
  path.erase(path.rfind("tests")).append("README.md");
  std::ifstream file(path, std::ios::binary);
  const std::string readme{std::istreambuf_iterator<char>(file), {}};
  return readme.find(text) != std::string::npos;
}

}  // namespace support

#endif
