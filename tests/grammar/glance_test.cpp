// What a glance says is what reading octet by octet says: a text shorter than any block is read so, and the same
// text behind enough octets to fill one is told at a glance.

#include "sansmtp/grammar/glance.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "sansmtp/grammar/mailbox.hpp"
#include "sansmtp/grammar/parameter.hpp"

using namespace sansmtp;

namespace {

constexpr std::size_t before = 40;  // more than the widest block

// Every text of up to `most` of these octets.
template <class Check>
void each_text(std::string_view octets, std::size_t most, Check check) {
  std::string text;
  const auto extend = [&](const auto& self) -> void {
    check(text);
    if (text.size() == most) return;
    for (char c : octets) {
      text.push_back(c);
      self(self);
      text.pop_back();
    }
  };
  extend(extend);
}

// Counted, so that a difference is one failure and not thousands of assertions.
struct difference {
  std::size_t count = 0;
  std::string first;

  void note(bool same, std::string_view text) {
    if (same || count++ != 0) return;
    first = text;
  }
  void none() const {
    CAPTURE(first);
    CHECK(count == 0);
  }
};

template <class Extent>
bool same_fault(const result<Extent>& plain, const result<Extent>& moved, std::size_t by) {
  return plain.has_value() == moved.has_value() &&
         (plain || (plain.error().code == moved.error().code && plain.error().at + by == moved.error().at));
}

}  // namespace

TEST_CASE("a domain told at a glance is the domain read octet by octet") {
  for (const quirks q : {quirks::strict, quirks::all}) {
    difference d;
    each_text("a0-._>@", 6, [&](const std::string& text) {
      const std::string moved = std::string(before, '<') + text;
      const auto plain = domain::scan(text, 0, ">", q);
      const auto fast = domain::scan(moved, before, ">", q);
      d.note(same_fault(plain, fast, before) &&
                 (!plain || (plain->end + before == fast->end && plain->ascii == fast->ascii)),
             text);
    });
    d.none();
  }
}

TEST_CASE("a mailbox told at a glance is the mailbox read octet by octet") {
  difference d;
  each_text("a-.+\"@> ", 6, [&](const std::string& text) {
    const std::string moved = std::string(before, '<') + text;
    const auto plain = mailbox::scan(text, 0, "@>", quirks::strict);
    const auto fast = mailbox::scan(moved, before, "@>", quirks::strict);
    d.note(same_fault(plain, fast, before) &&
               (!plain || (plain->end + before == fast->end && plain->at + before == fast->at &&
                           plain->local_ascii == fast->local_ascii && plain->host_form == fast->host_form)),
           text);
  });
  d.none();
}

TEST_CASE("every length of local part and domain is told alike, wherever a block ends") {
  difference d;
  for (std::size_t local = 1; local <= 66; ++local)
    for (std::size_t label = 1; label <= 66; ++label) {
      const std::string text = std::string(local, 'a') + "@" + std::string(label, 'b') + ".example>";
      const auto found = mailbox::scan(text, 0, "@>", quirks::strict);
      if (local > 64)  // RFC 5321 4.5.3.1.1
        d.note(!found && found.error() == fault{errc::local_part_too_long, 64}, text);
      else if (label > 63)  // RFC 1035 2.3.4
        d.note(!found && found.error() == fault{errc::domain_label_too_long, static_cast<std::uint32_t>(local + 64)},
               text);
      else
        d.note(found && found->at == local && found->end == text.size() - 1, text);
    }
  d.none();
}

TEST_CASE("parameters told at a glance are the parameters read octet by octet") {
  const std::string first = "X=" + std::string(before, 'x') + " ";
  for (const quirks q : {quirks::strict, quirks::all}) {
    difference d;
    each_text("A0-=, \x7F\xC3", 5, [&](const std::string& text) {
      const auto plain = parameters::parse(text, q);
      const auto fast = parameters::parse(first + text, q);
      if (text.empty()) return;  // then the SP is one too many
      d.note(same_fault(plain, fast, first.size()) && (!plain || plain->size() + 1 == fast->size()), text);
    });
    d.none();
  }
}

TEST_CASE("a glance looks at the text alone, however short or far to the end") {
  const std::string text(200, 'a');
  for (std::size_t size = 0; size <= text.size(); ++size)
    for (std::size_t from = 0; from <= size; ++from) {
      const std::string exact = text.substr(0, size);  // its own octets, for the tools that see a read behind them
      const std::size_t length = glance(exact, from).domain();
      if (length != 0 && length != size - from) FAIL("a glance saw octets that are not there");
    }
}
