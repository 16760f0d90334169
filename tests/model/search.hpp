// search: walks all sequences of steps from a set of states, with equal states merged or without.
//
// Breadth first: a state that was met before is not walked again, since everything that can follow
// it has been or will be walked from where it was met first, with as many steps left or more. This is
// sound when states of the same key behave alike; what the key holds is the caller's to argue. The
// sequences are counted nonetheless, through the graph of what leads where.

#ifndef SANSMTP_TESTS_MODEL_SEARCH_HPP
#define SANSMTP_TESTS_MODEL_SEARCH_HPP

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace model {

struct covered {
  std::size_t states = 0;
  std::size_t steps = 0;     // taken and compared
  double sequences = 0;      // of exactly `depth` steps, and of fewer that end the conversation
  std::size_t last_new = 0;  // the greatest depth at which a state was met that had not been met before

  void add(const covered& other) {
    states += other.states;
    steps += other.steps;
    sequences += other.sequences;
    if (last_new < other.last_new) last_new = other.last_new;
  }
};

// `each_step(node, found)` calls found(next) for every step that can be taken from a node.
template <class Node, class Key, class EachStep>
covered search(const std::vector<Node>& from, std::size_t depth, Key key, EachStep each_step) {
  covered out;
  std::vector<Node> nodes;  // those that are walked on from
  std::vector<std::size_t> depths;
  std::vector<double> ways;
  std::vector<std::vector<std::uint32_t>> leads;  // of a node one step from the end only how many
  std::vector<double> ends;
  std::unordered_map<std::uint64_t, std::uint32_t> met;
  const auto index_of = [&](const Node& n, std::size_t at) {
    const auto [place, fresh] = met.try_emplace(key(n), static_cast<std::uint32_t>(nodes.size()));
    if (fresh) {
      if (out.last_new < at) out.last_new = at;
      if (at < depth) {
        nodes.push_back(n);
        depths.push_back(at);
        ways.push_back(0);
      }
    }
    return place->second;
  };
  for (const Node& n : from) ways[index_of(n, 0)] += 1;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    std::vector<std::uint32_t> to;
    double count = 0;
    const Node here = nodes[i];
    each_step(here, [&](const Node& next) {
      ++out.steps;
      ++count;
      const std::uint32_t next_index = index_of(next, depths[i] + 1);
      if (depths[i] + 1 < depth) to.push_back(next_index);
    });
    ends.push_back(count);
    leads.push_back(to);
  }
  for (std::size_t step = 1; step < depth; ++step) {
    std::vector<double> then(nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (ends[i] == 0) out.sequences += ways[i];
      for (std::uint32_t to : leads[i]) then[to] += ways[i];
    }
    ways = then;
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) out.sequences += ways[i] * (ends[i] == 0 ? 1 : ends[i]);
  out.states = met.size();
  return out;
}

// All of them one by one, nothing merged.
template <class Node, class EachStep>
void walk(const Node& from, std::size_t depth, EachStep each_step, covered& out) {
  bool any = false;
  if (depth != 0)
    each_step(from, [&](const Node& next) {
      any = true;
      ++out.steps;
      walk(next, depth - 1, each_step, out);
    });
  if (!any) out.sequences += 1;
}

}  // namespace model

#endif
