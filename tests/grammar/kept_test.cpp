#include "sansmtp/grammar/kept.hpp"

#include <doctest/doctest.h>

#include <string>
#include <type_traits>

#include "sansmtp/grammar/base64.hpp"
#include "sansmtp/grammar/hello_name.hpp"
#include "sansmtp/grammar/parameter.hpp"
#include "sansmtp/grammar/path.hpp"
#include "sansmtp/grammar/reply_text.hpp"
#include "sansmtp/grammar/xtext.hpp"

using namespace sansmtp::literals;
using sansmtp::kept;
using sansmtp::quirks;

static_assert(std::is_trivially_copyable_v<kept<sansmtp::mailbox>>);
static_assert(sizeof(kept<sansmtp::reverse_path>) <= 260);

namespace {

constexpr bool constant() {
  const kept<sansmtp::mailbox> k("a@b.example"_mailbox);
  return k.get() == "a@b.example"_mailbox && k.text() == "a@b.example";
}
static_assert(constant());

// Keeps what is parsed from a text, and gives it back after that text is gone.
template <class T>
kept<T> outlived(std::string text) {
  const kept<T> k(*T::parse(text, quirks::all));
  text.assign(text.size(), '?');
  return k;
}

template <class T>
std::string again(const std::string& text) {
  const kept<T> k = outlived<T>(text);
  const kept<T> copy = k;
  return std::string(copy.get().text());
}

}  // namespace

TEST_CASE("what is kept outlives the octets that it was parsed from, and its copies are whole") {
  using namespace sansmtp;
  for (std::string text : {"mx.example", "a_b", "a.b."}) {
    CHECK(again<domain>(text) == text);
    CHECK(again<host>(text) == text);
    CHECK(again<hello_name>(text) == text);
  }
  for (std::string text : {"[192.0.2.1]", "[IPv6:1:2:3:4:5:6:7::]", "[x:y]"}) {
    CHECK(again<address_literal>(text) == text);
    CHECK(again<host>(text) == text);
  }
  const std::string longest(252, 'a');
  for (std::string text : {std::string("a"), std::string("\"a \\b\""), longest}) CHECK(again<local_part>(text) == text);
  for (std::string text : {std::string("a@b"), longest + "@b"}) CHECK(again<mailbox>(text) == text);
  for (std::string text :
       {std::string("<a@b>"), std::string("<@x,@y:u@z>"), "<" + longest + "@b>", std::string("a@b")}) {
    CHECK(again<reverse_path>(text) == text);
    CHECK(again<forward_path>(text) == text);
  }
  CHECK(again<xtext>("a+2bb") == "a+2bb");
  CHECK(again<base64_text>("QQ==") == "QQ==");
  CHECK(again<base64_text>("") == "");
  CHECK(again<parameters>("SIZE=10  XVERP=+=") == "SIZE=10  XVERP=+=");
  CHECK(again<reply_text>("gr\xC3\xBC\xC3\x9F") == "gr\xC3\xBC\xC3\x9F");
}

TEST_CASE("the null path, the bare Postmaster and a path made of a mailbox are kept as what they are") {
  CHECK(kept(sansmtp::reverse_path::null()).get().is_null());
  CHECK(kept(sansmtp::forward_path::postmaster()).get().is_postmaster());
  const kept<sansmtp::reverse_path> k(sansmtp::reverse_path("a@b"_mailbox));
  CHECK(k.get() == "<a@b>"_reverse_path);
  CHECK(outlived<sansmtp::reverse_path>("<@x:u@z>").get().source_route() == "@x");
}

TEST_CASE("a kept value can be replaced by a shorter one") {
  kept<sansmtp::domain> k("a.long.name.example"_domain);
  k = "b"_domain;
  CHECK(k.text() == "b");
  CHECK(k.get() == "B"_domain);
}
