// abnf: reads ABNF (RFC 5234) as it is printed, and matches text against it in the plainest way.
//
// A grammar is the text of its rules. Matching follows the definition of each element: it gives every
// place where the element can end, with the tree that led there, and of several ways to one place the
// first. Nothing is looked ahead at, skipped or known beforehand; the only liberty is that an element
// which always takes one octet is kept as the set of these octets. It allocates, copies and is slow.

#ifndef SANSMTP_TESTS_ORACLE_ABNF_HPP
#define SANSMTP_TESTS_ORACLE_ABNF_HPP

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oracle/abnf_reader.hpp"

namespace oracle {

// What a rule matched, and the rules below it in their order. Rules of one octet are not kept.
struct tree {
  std::string rule;  // in lower case
  std::size_t begin = 0, end = 0;
  std::string text;
  std::vector<tree> below;

  // The first of that rule, itself included, depth first; null when there is none.
  const tree* find(std::string_view name) const {
    if (rule == name) return this;
    for (const tree& t : below)
      if (const tree* found = t.find(name)) return found;
    return nullptr;
  }
  // All of that rule in their order, not looking below one that was found.
  std::vector<const tree*> all(std::string_view name) const {
    std::vector<const tree*> found;
    collect(name, found);
    return found;
  }
  // The text of the first of that rule; "" when there is none.
  std::string text_of(std::string_view name) const {
    const tree* found = find(name);
    return found == nullptr ? std::string() : found->text;
  }

 private:
  void collect(std::string_view name, std::vector<const tree*>& into) const {
    if (rule == name) return into.push_back(this);
    for (const tree& t : below) t.collect(name, into);
  }
};

class grammar {
 public:
  // Rules of several documents make one grammar. "=/" adds to a rule, "=" must not define one twice.
  grammar(std::initializer_list<std::string_view> documents);
  grammar(const grammar&) = delete;
  grammar& operator=(const grammar&) = delete;

  // What is wrong with the rules themselves: empty when they can be used.
  const std::vector<std::string>& mistakes() const { return mistakes_; }

  // The whole text as that rule.
  std::optional<tree> match(std::string_view rule, std::string_view text) const;

  const element* rule(std::string_view name) const {
    const auto found = rules_.find(in_lower_case(name));
    return found == rules_.end() ? nullptr : &found->second;
  }

  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& [name, definition] : rules_) all.push_back(name);
    return all;
  }

 private:
  class matcher;
  void settle(element& e, int depth);

  std::map<std::string, element> rules_;
  std::vector<std::string> mistakes_;
};

inline grammar::grammar(std::initializer_list<std::string_view> documents) {
  for (std::string_view document : documents) rule_reader(document, rules_, mistakes_).rulelist();
  for (auto& [name, definition] : rules_) settle(definition, 0);
}

// Replaces what always takes one octet by the set of these.
inline void grammar::settle(element& e, int depth) {
  if (depth > 200) return mistakes_.push_back("a rule that holds itself: none of these does");
  if (e.what == element::kind::rule) {
    const auto named = rules_.find(e.name);
    if (named == rules_.end()) {
      mistakes_.push_back("no rule " + e.name);
      e = {element::kind::octet};  // that no octet is
      return;
    }
    settle(named->second, depth + 1);
    if (named->second.what == element::kind::octet)
      e = element(named->second);
    else
      e.definition = &named->second;
    return;
  }
  bool octets = true;
  for (element& part : e.parts) {
    settle(part, depth + 1);
    octets = octets && part.what == element::kind::octet;
  }
  if (e.what != element::kind::either || !octets || e.parts.empty()) return;
  element any{element::kind::octet};
  for (const element& part : e.parts) any.octets |= part.octets;
  e = any;
}

class grammar::matcher {
 public:
  matcher(const grammar& of, std::string_view text) : of_(of), text_(text) {}

  // Asked once whether it matches at all, and only then how.
  std::optional<tree> whole(std::string_view rule) {
    element start{element::kind::rule};
    start.name = in_lower_case(rule);
    start.definition = of_.rule(rule);
    if (start.definition == nullptr) return std::nullopt;
    for (keeps_ = false;; keeps_ = true) {
      std::vector<way> found;
      go_on(start, {0, nullptr}, found);
      const auto all = std::find_if(found.begin(), found.end(), [&](const way& w) { return w.end == text_.size(); });
      if (all == found.end()) return std::nullopt;
      if (keeps_) return grown(*all->last);
    }
  }

 private:
  // The rules that were matched, the last one first: ways that begin alike share what they have in common.
  struct step {
    const std::string* rule;
    std::size_t begin, end;
    std::shared_ptr<const step> below, before;
  };
  struct way {
    std::size_t end;
    std::shared_ptr<const step> last;
  };
  using ways = std::vector<way>;

  // Kept in the order of their ends.
  static void add(ways& to, way&& w) {
    const auto place =
        std::lower_bound(to.begin(), to.end(), w.end, [](const way& a, std::size_t b) { return a.end < b; });
    if (place == to.end() || place->end != w.end) to.insert(place, std::move(w));
  }

  // All ways that the element can go on from where another has ended, no place twice.
  void go_on(const element& e, const way& from, ways& into) const {
    switch (e.what) {
      case element::kind::octet:
        if (takes(e, from.end)) add(into, {from.end + 1, from.last});
        return;
      case element::kind::sequence: {
        if (e.parts.empty()) return add(into, way(from));
        ways now;
        go_on(e.parts[0], from, now);
        for (std::size_t i = 1; i < e.parts.size(); ++i) {
          ways next;
          for (const way& w : now) go_on(e.parts[i], w, next);
          now = std::move(next);
        }
        for (way& w : now) add(into, std::move(w));
        return;
      }
      case element::kind::either:
        for (const element& part : e.parts) go_on(part, from, into);
        return;
      case element::kind::repeat: return repeat(e, from, into);
      case element::kind::rule: {
        ways found;
        go_on(*e.definition, {from.end, nullptr}, found);
        for (way& w : found) {
          const std::size_t end = w.end;
          std::shared_ptr<const step> last;
          if (keeps_) last = std::make_shared<const step>(step{&e.name, from.end, end, std::move(w.last), from.last});
          add(into, {end, std::move(last)});
        }
        return;
      }
    }
  }

  // Places that were reached before, with fewer repetitions, are not gone on from twice.
  void repeat(const element& e, const way& from, ways& into) const {
    if (e.parts[0].what == element::kind::octet) {  // which has but one way to go on
      for (std::size_t count = 0, at = from.end;; ++count, ++at) {
        if (count >= e.least) add(into, {at, from.last});
        if (count == e.most || !takes(e.parts[0], at)) return;
      }
    }
    std::vector<bool> reached(text_.size() + 1);
    ways now{from};
    for (std::size_t count = 0; !now.empty(); ++count) {
      if (count >= e.least) {
        now.erase(std::remove_if(now.begin(), now.end(), [&](const way& w) { return reached[w.end]; }), now.end());
        for (const way& w : now) {
          reached[w.end] = true;
          add(into, way(w));
        }
      }
      if (count == e.most) return;
      ways next;
      for (const way& w : now) go_on(e.parts[0], w, next);
      now = std::move(next);
    }
  }

  bool takes(const element& e, std::size_t at) const {
    return at < text_.size() && e.octets[static_cast<unsigned char>(text_[at])];
  }

  tree grown(const step& s) const {
    tree t{*s.rule, s.begin, s.end, std::string(text_.substr(s.begin, s.end - s.begin)), {}};
    std::vector<const step*> below;
    for (const step* one = s.below.get(); one != nullptr; one = one->before.get()) below.push_back(one);
    for (auto one = below.rbegin(); one != below.rend(); ++one) t.below.push_back(grown(**one));
    return t;
  }

  const grammar& of_;
  std::string_view text_;
  bool keeps_ = false;
};

inline std::optional<tree> grammar::match(std::string_view rule, std::string_view text) const {
  return matcher(*this, text).whole(rule);
}

}  // namespace oracle

#endif
