// The reader of ABNF itself, by the words of RFC 5234, and that what is derived from a rule matches it.

#include "oracle/abnf.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "oracle/command_rules.hpp"
#include "oracle/ehlo_rules.hpp"
#include "oracle/reply_rules.hpp"
#include "oracle/sentences.hpp"

using oracle::grammar;

TEST_CASE("each element of RFC 5234 matches what its section says") {
  const grammar rules{R"abnf(
    text     = "aB-c"             ; 2.3: in any case
    number   = %d65               ; 2.3
    numbers  = %x61.62.63
    range    = %x30-39            ; 3.4
    sequence = "a" number "c"     ; 3.1
    either   = "a" / "bc" / ""    ; 3.2
    grows    = "x"
    grows    =/ "y" "z"           ; 3.3
    binds    = "a" "b" / "c" "d"  ; 3.10
    group    = "a" ("b" / "c") "d"; 3.5
    any      = *"a"               ; 3.6
    least    = 2*"a"
    most     = *2"a"
    between  = 2*3"a"
    exactly  = 3"a"               ; 3.7
    option   = "a" ["b"] "c"      ; 3.8
    words    = 1*word *("," word)
    word     = 1*range *1"!"
    split    = *(range) range     ; greed would fail
    twofold  = *(*range range)    ; a thousand ways, one place
    over     = "a"
               "b"
  )abnf"};
  REQUIRE(rules.mistakes().empty());
  struct row {
    std::string_view rule, matches, differs;
  };
  const row rows[] = {
      {"text", "AB-C", "AB_C"},
      {"number", "A", "a"},
      {"numbers", "abc", "ABC"},
      {"range", "7", "a"},
      {"sequence", "aAc", "aac"},
      {"either", "BC", "b"},
      {"either", "", "aa"},
      {"grows", "yz", "xyz"},
      {"grows", "X", "y"},
      {"binds", "cd", "abd"},
      {"group", "acd", "abcd"},
      {"any", "", "ab"},
      {"any", "aaaaaaa", "aaaaaab"},
      {"least", "aaa", "a"},
      {"most", "aa", "aaa"},
      {"between", "aaa", "aaaa"},
      {"between", "aa", "a"},
      {"exactly", "aaa", "aa"},
      {"exactly", "AAA", "aaaa"},
      {"option", "ac", "abbc"},
      {"words", "12!,3", "12,,3"},
      {"split", "123", ""},
      {"twofold", "1111111111111111111111111111111111", "1111111111111111111111111111111111a"},
      {"over", "ab", "a"},
      {"Over", "AB", "b"},
  };
  for (const row& r : rows) {
    CAPTURE(r.rule);
    CHECK(rules.match(r.rule, r.matches));
    CHECK_FALSE(rules.match(r.rule, r.differs));
  }
  CHECK_FALSE(rules.match("none", "a"));
}

TEST_CASE("rules that are none, missing or defined twice are told") {
  CHECK(grammar{"a = b"}.mistakes().size() == 1);
  CHECK(grammar{"a = \"a\"  a = \"b\""}.mistakes().size() == 1);
  CHECK(grammar{"a =/ \"a\""}.mistakes().size() == 1);
  CHECK_FALSE(grammar{"a = ( \"a\""}.mistakes().empty());
  CHECK_FALSE(grammar{"a = <prose>"}.mistakes().empty());
}

TEST_CASE("a tree holds what each rule matched") {
  const auto found = oracle::address_grammar().match("Path", "<@a.b,@c:\"x\\y\"@[1.2.3.4]>");
  REQUIRE(found);
  CHECK(found->text_of("a-d-l") == "@a.b,@c");
  CHECK(found->all("at-domain").size() == 2);
  CHECK(found->all("sub-domain").size() == 3);
  CHECK(found->text_of("local-part") == "\"x\\y\"");
  CHECK(found->text_of("quoted-pairsmtp") == "\\y");
  REQUIRE(found->find("address-literal"));
  CHECK(found->find("address-literal")->begin == 15);
  CHECK(found->find("address-literal")->end == 24);
  CHECK(found->all("snum").size() == 4);
  CHECK(found->find("ipv6-addr") == nullptr);
}

TEST_CASE("what is derived from a rule matches it") {
  oracle::chance luck(9);
  const auto ask = [&](const grammar& rules) {
    REQUIRE(rules.mistakes().empty());
    for (const std::string& name : rules.names())
      for (int i = 0; i < 12; ++i) {
        const std::string text = oracle::sentence(rules, name, luck);
        if (rules.match(name, text)) continue;
        CAPTURE(name);
        CAPTURE(text);
        CHECK(text == "matches its rule");
      }
  };
  ask(oracle::command_grammar());
  ask(oracle::reply_grammar());
  ask(oracle::ehlo_grammar());
}
