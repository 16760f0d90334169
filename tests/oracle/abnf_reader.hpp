// abnf_reader: the notation of RFC 5234, read into elements. Rules are its text as it is printed.
//
// Prose, in "<>", is not read: what a document says in words must be written as a rule here.

#ifndef SANSMTP_TESTS_ORACLE_ABNF_READER_HPP
#define SANSMTP_TESTS_ORACLE_ABNF_READER_HPP

#include <bitset>
#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oracle {

inline constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();

struct element {
  enum class kind { octet, sequence, either, repeat, rule };

  kind what = kind::sequence;
  std::bitset<256> octets{};            // octet: any one of them
  std::vector<element> parts{};         // sequence: in this order; either: one of them; repeat: the one
  std::size_t least = 0, most = 0;      // repeat: how often
  std::string name{};                   // rule, in lower case
  const element* definition = nullptr;  // of that rule
};

inline std::string in_lower_case(std::string_view text) {
  std::string low(text);
  for (char& c : low)
    if ('A' <= c && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return low;
}

// The notation of RFC 5234 4.
class rule_reader {
 public:
  using rules = std::map<std::string, element>;

  rule_reader(std::string_view text, rules& into, std::vector<std::string>& mistakes)
      : text_(text), rules_(into), mistakes_(mistakes) {}

  // rulelist = 1*( rule / (*c-wsp c-nl) ); rule = rulename defined-as elements c-nl
  void rulelist() {
    for (space(); at_ < text_.size(); space()) {
      const std::string name = in_lower_case(word());
      space();
      const bool adds = take("=/");
      if (name.empty() || (!adds && !take("="))) return wrong(name);
      element definition = alternation();
      if (!at_rule() && at_ < text_.size()) return wrong(name);
      const auto [place, fresh] = rules_.try_emplace(name, definition);
      if (fresh == adds) return wrong(name);
      if (!fresh) place->second = {element::kind::either, {}, {place->second, definition}};
    }
  }

 private:
  static bool is_word(char c) {
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '-' || c == '_';
  }
  char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void wrong(const std::string& name) {
    mistakes_.push_back("at the rule " + name + ": " + std::string(text_.substr(at_, 40)));
    at_ = text_.size();
  }
  bool take(std::string_view what) {
    if (text_.substr(at_, what.size()) != what) return false;
    at_ += what.size();
    return true;
  }
  // White space, line ends and comments. A rule ends where a name and "=" follow: the texts here need
  // not be indented as RFC 5234 2.2 has it.
  void space() {
    while (at_ < text_.size()) {
      if (here() == ';')
        while (at_ < text_.size() && here() != '\n') ++at_;
      else if (here() == ' ' || here() == '\t' || here() == '\r' || here() == '\n')
        ++at_;
      else
        return;
    }
  }
  std::string_view word() {
    const std::size_t from = at_;
    while (is_word(here())) ++at_;
    return text_.substr(from, at_ - from);
  }
  bool at_rule() {
    const std::size_t from = at_;
    const bool found = !word().empty() && (space(), here() == '=');
    at_ = from;
    return found;
  }

  // alternation = concatenation *(*c-wsp "/" *c-wsp concatenation)
  element alternation() {
    std::vector<element> parts{concatenation()};
    while (take("/")) parts.push_back(concatenation());
    if (parts.size() == 1) return parts[0];
    return {element::kind::either, {}, std::move(parts)};
  }
  // concatenation = repetition *(1*c-wsp repetition)
  element concatenation() {
    std::vector<element> parts;
    for (space(); at_ < text_.size() && here() != '/' && here() != ')' && here() != ']' && !at_rule(); space()) {
      const std::size_t before = at_;
      parts.push_back(repetition());
      if (at_ == before) {
        wrong("with an element that is none");
        break;
      }
    }
    if (parts.size() == 1) return parts[0];
    return {element::kind::sequence, {}, std::move(parts)};
  }
  // repetition = [repeat] element; repeat = 1*DIGIT / (*DIGIT "*" *DIGIT)
  element repetition() {
    const auto number = [&](std::size_t otherwise) {
      if (here() < '0' || here() > '9') return otherwise;
      std::size_t n = 0;
      for (; '0' <= here() && here() <= '9'; ++at_) n = n * 10 + static_cast<std::size_t>(here() - '0');
      return n;
    };
    const bool counted = ('0' <= here() && here() <= '9') || here() == '*';
    if (!counted) return single();
    std::size_t least = number(0), most = least;
    if (take("*")) most = number(unbounded);
    return {element::kind::repeat, {}, {single()}, least, most};
  }
  // element = rulename / group / option / char-val / num-val
  element single() {
    if (take("(")) {
      element inner = alternation();
      if (!take(")")) wrong("with \"(\"");
      return inner;
    }
    if (take("[")) {
      element inner = alternation();
      if (!take("]")) wrong("with \"[\"");
      return {element::kind::repeat, {}, {std::move(inner)}, 0, 1};
    }
    if (take("\"")) return quoted();
    if (take("%")) return numbers();
    return {element::kind::rule, {}, {}, 0, 0, in_lower_case(word())};
  }
  static element one_of(unsigned from, unsigned to) {
    element e{element::kind::octet};
    for (unsigned octet = from; octet <= to && octet < 256; ++octet) e.octets.set(octet);
    return e;
  }
  // char-val = DQUOTE *(%x20-21 / %x23-7E) DQUOTE, in any case
  element quoted() {
    std::vector<element> parts;
    for (; at_ < text_.size() && here() != '"'; ++at_) {
      const char low = in_lower_case(text_.substr(at_, 1))[0];
      const auto octet = static_cast<unsigned char>(low);
      element e = one_of(octet, octet);
      if ('a' <= low && low <= 'z') e.octets.set(octet - ('a' - 'A'));
      parts.push_back(std::move(e));
    }
    if (!take("\"")) wrong("with \"");
    if (parts.size() == 1) return parts[0];
    return {element::kind::sequence, {}, std::move(parts)};
  }
  // num-val = "%" ("d" / "x") number [ 1*("." number) / ("-" number) ]
  element numbers() {
    const bool hex = take("x");
    if (!hex && !take("d")) wrong("with %");
    const auto number = [&] {
      unsigned n = 0;
      for (;; ++at_) {
        const char c = in_lower_case(std::string(1, here()))[0];
        if ('0' <= c && c <= '9')
          n = n * (hex ? 16U : 10U) + static_cast<unsigned>(c - '0');
        else if (hex && 'a' <= c && c <= 'f')
          n = n * 16 + static_cast<unsigned>(c - 'a') + 10;
        else
          return n;
      }
    };
    const unsigned first = number();
    if (take("-")) return one_of(first, number());
    std::vector<element> parts{one_of(first, first)};
    while (take(".")) {
      const unsigned next = number();
      parts.push_back(one_of(next, next));
    }
    if (parts.size() == 1) return parts[0];
    return {element::kind::sequence, {}, std::move(parts)};
  }

  std::string_view text_;
  rules& rules_;
  std::vector<std::string>& mistakes_;
  std::size_t at_ = 0;
};

}  // namespace oracle

#endif
