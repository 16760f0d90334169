// sentences: text derived from a grammar at random, and text made slightly wrong.
//
// A derivation follows the rules alone, so rules that nobody would think of writing come up as often
// as the usual ones. The numbers are those of one generator with a fixed seed: every run is the same.

#ifndef SANSMTP_TESTS_ORACLE_SENTENCES_HPP
#define SANSMTP_TESTS_ORACLE_SENTENCES_HPP

#include <algorithm>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>

#include "oracle/abnf.hpp"

namespace oracle {

class chance {
 public:
  explicit chance(unsigned seed) : numbers_(seed) {}

  std::size_t below(std::size_t n) { return numbers_() % n; }
  bool one_in(std::size_t n) { return below(n) == 0; }

 private:
  std::mt19937 numbers_;
};

// Repetitions are mostly few, now and then many, so that limits are met too.
inline void derive(const element& e, chance& luck, std::string& into, int depth = 0) {
  switch (e.what) {
    case element::kind::octet: {
      if (e.octets.none()) return;
      std::size_t nth = luck.below(e.octets.count());
      for (std::size_t octet = 0;; ++octet)
        if (e.octets[octet] && nth-- == 0) return into.push_back(static_cast<char>(static_cast<unsigned char>(octet)));
    }
    case element::kind::sequence:
      for (const element& part : e.parts) derive(part, luck, into, depth);
      return;
    case element::kind::either: return derive(e.parts[luck.below(e.parts.size())], luck, into, depth);
    case element::kind::repeat: {
      const std::size_t usual = depth > 12 ? 0 : luck.one_in(40) ? luck.below(80) : luck.below(4);
      const std::size_t room = e.most - e.least;
      const std::size_t count = e.least + std::min(room, room == 1 ? luck.below(2) : usual);
      for (std::size_t i = 0; i < count && (i < e.least || into.size() < 300); ++i)
        derive(e.parts[0], luck, into, depth + 1);
      return;
    }
    case element::kind::rule: return derive(*e.definition, luck, into, depth);
  }
}

inline std::string sentence(const grammar& of, std::string_view rule, chance& luck) {
  std::string text;
  if (const element* named = of.rule(rule)) derive(*named, luck, text);
  return text;
}

// One to three small changes: an octet replaced, put in, taken out or doubled, a piece moved or cut off.
inline std::string spoiled(std::string text, chance& luck) {
  using namespace std::string_view_literals;
  constexpr std::string_view telling =
      " \t\r\n\0\x7f\x80\xbf\xc3\xa9\xe2\x82\xac"
      "aZ09-_.,:;=+<>[]()@\"\\#%{}/?*"sv;
  const auto octet = [&] {
    return luck.one_in(3) ? static_cast<char>(static_cast<unsigned char>(luck.below(256)))
                          : telling[luck.below(telling.size())];
  };
  for (std::size_t changes = 1 + luck.below(3); changes != 0; --changes) {
    const std::size_t at = luck.below(text.size() + 1);
    const std::size_t length = std::min(text.size() - at, luck.below(5));
    switch (luck.below(6)) {
      case 0: text.insert(at, 1, octet()); break;
      case 1:
        if (at < text.size()) text[at] = octet();
        break;
      case 2: text.erase(at, 1); break;
      case 3: text.insert(at, text.substr(at, length)); break;
      case 4: text.insert(luck.below(text.size() + 1), text.substr(at, length)); break;
      default:
        if (luck.one_in(4)) text.resize(at);
    }
  }
  return text;
}

}  // namespace oracle

#endif
