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

// A mermaid state diagram: an arrow for each pair of phases that a played row joins, labelled with
// the acts and the class of reply. Acts that look alike by name share their label.
inline std::string conversation_diagram() {
  using namespace sansmtp;
  std::map<std::pair<phase, phase>, std::vector<std::string>> arrows;
  for (const conversation_row& row : conversation::table) {
    if (!row.to || row.role != part::played) continue;
    std::string label;
    for (std::size_t a = 0; a < act_count; ++a) {
      if (!row.acts.has(static_cast<act>(a))) continue;
      const std::string name(name_of(static_cast<act>(a)));
      if ((", " + label + ",").find(", " + name + ",") != std::string::npos) continue;
      label += (label.empty() ? "" : ", ") + name;
    }
    label += row.on == outcome::positive ? " 2yz" : row.on == outcome::intermediate ? " 3yz" : " 4yz 5yz";
    for (std::size_t p = 0; p < phase_count; ++p) {
      const phase from = static_cast<phase>(p);
      if (!row.from.has(from) || *row.to == from) continue;
      auto& labels = arrows[{from, *row.to}];
      bool there = false;
      for (const std::string& other : labels) there = there || other == label;
      if (!there) labels.push_back(label);
    }
  }
  arrows[{phase::tls, phase::greeted}].push_back("handshake");
  std::string out = "stateDiagram-v2\n    [*] --> connect\n";
  for (const auto& [ends, labels] : arrows) {
    for (const std::string& label : labels)
      out.append("    ").append(name_of(ends.first)).append(" --> ").append(name_of(ends.second)).append(" : ").append(label).append("\n");
  }
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
