// agreement: library and oracle asked the same question, again and again.
//
// Both sides put what they found into one line of text, in which every field has its place, or say
// "refused". What is counted is shown, and of disagreements the first few are kept.

#ifndef SANSMTP_TESTS_ORACLE_AGREEMENT_HPP
#define SANSMTP_TESTS_ORACLE_AGREEMENT_HPP

#include <doctest/doctest.h>

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/abnf.hpp"
#include "oracle/sentences.hpp"
#include "support/every_cut.hpp"

namespace oracle {

inline constexpr const char* refused = "refused";

// What the library refused, provided that the fault lies in the text or at its end.
template <class Result>
std::string refusal(const Result& of, std::string_view text) {
  return of.error().at <= text.size() ? refused : "refused for what is not in the text";
}

class agreement {
 public:
  using reader = std::string (*)(std::string_view);

  agreement(reader library, reader oracle) : library_(library), oracle_(oracle) {}

  void ask(std::string_view text) {
    const std::vector<char> alone(text.begin(), text.end());  // so that a look beyond its end is seen by the sanitizers
    const std::string given = library_({alone.data(), alone.size()}), due = oracle_(text);
    ++asked_;
    if (due != refused) ++taken_;
    if (given == due || ++differ_ > 8) return;
    reasons_ += "\n  of    " + support::shown(text) + "\n  found " + given + "\n  due   " + due;
  }

  // The example, and besides it every octet put in the place of each of its own, put in before each, and
  // each octet taken out.
  void ask_around(std::string_view example) {
    ask(example);
    for (std::size_t at = 0; at <= example.size(); ++at) {
      const std::string before(example.substr(0, at)), behind(example.substr(at));
      if (at < example.size()) ask(before + behind.substr(1));
      for (unsigned octet = 0; octet < 256; ++octet) {
        const std::string with = before + static_cast<char>(static_cast<unsigned char>(octet));
        ask(with + behind);
        if (at < example.size()) ask(with + behind.substr(1));
      }
    }
  }

  // Sentences of the rule, each as it is and twice spoiled.
  void ask_sentences(const grammar& of, std::string_view rule, std::size_t count, unsigned seed = 1) {
    chance luck(seed);
    for (; count != 0; --count) {
      const std::string text = sentence(of, rule, luck);
      ask(text);
      ask(spoiled(text, luck));
      ask(spoiled(text, luck));
    }
  }

  // Says what was asked, and fails unless all of it was answered alike, and some of it taken.
  void check() const {
    CHECK_MESSAGE(differ_ == 0, differ_, " differ:", reasons_);
    CHECK(taken_ != 0);
    MESSAGE(asked_, " texts, ", taken_, " of them taken");
  }

  std::size_t asked() const { return asked_; }

 private:
  reader library_, oracle_;
  std::size_t asked_ = 0, taken_ = 0, differ_ = 0;
  std::string reasons_;
};

}  // namespace oracle

#endif
