// What a mechanism says, on its way into a line: asked once, in base64 where the line begins, and not left behind.

#include "sansmtp/session/exchange.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "sansmtp/sasl/digest_md5_client.hpp"

using namespace sansmtp;

namespace {

// Says so many letters, and refuses with `why` where it is given.
struct talker {
  static constexpr std::string_view name = "TALKER";
  static constexpr bool client_first = true;
  std::size_t octets = 0;
  errc why = errc::output_full;
  bool refuses = false;

  constexpr result<std::string_view> respond(std::string_view, writer& out) noexcept {
    if (refuses) return why;
    writer::draft said(out);
    for (std::size_t i = 0; i < octets; ++i) said.put('a');
    if (const auto fits = said.commit(); !fits) return fits.error();
    return out.written();
  }
};

// The text of the initial response; "none" where there is none, and "fault" where the mechanism gives one.
template <class Mechanism>
std::string begun(Mechanism mechanism) {
  sasl::initial_response first;
  const auto line = first.of(mechanism);
  if (!line) return "fault";
  CHECK(line->mechanism == Mechanism::name);
  return line->initial_response ? std::string(line->initial_response->text()) : "none";
}

}  // namespace

TEST_CASE("AUTH brings the first message of a mechanism that speaks first, in base64 (RFC 4954 4)") {
  CHECK(begun(talker{1}) == "YQ==");
  CHECK(begun(talker{0}) == "");
}

TEST_CASE("DIGEST-MD5 brings a first message where it takes up an earlier exchange, and none else (RFC 2831 2.2.1)") {
  const digest_md5_client_options options{"u", "p", "fresh", "mx.example"};
  const std::string longest(600, 'u');
  const struct {
    std::string_view what;
    digest_reuse earlier;
    bool speaks_first;
  } rows[] = {
      {"a nonce used once", {"u", "r", "N", "C", 1, true}, true},
      {"nothing is remembered", {}, false},
      {"no count is left", {"u", "r", "N", "C", 0xFFFFFFFF, true}, false},
      {"a nonce that was not kept", {"u", "r", longest, "C", 1, true}, false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const std::string said = begun(digest_md5_client(options, row.earlier));
    CHECK((said != "none") == row.speaks_first);
    if (!row.speaks_first) continue;
    char room[512];
    const std::string_view response = *base64_text::parse(said)->decode(room);
    CHECK(response.find(",nonce=\"N\",nc=00000002,cnonce=\"C\"") != response.npos);  // one greater than the last
  }
  CHECK(begun(digest_md5_client(options)) == "none");

  // One that the line has no room for is not sent, and the challenge that comes instead is answered as any first one.
  digest_md5_client wordy(options, {"u", "r", std::string_view(longest).substr(0, 255), "C", 1, true});
  sasl::initial_response first;
  const auto line = first.of(wordy);
  REQUIRE(line);
  CHECK_FALSE(line->initial_response);
  output_buffer<1024> out;
  const auto answered = wordy.respond("realm=\"r\",nonce=\"M\",algorithm=md5-sess,charset=utf-8", out);
  REQUIRE(answered);
  CHECK(answered->find(",nonce=\"M\",nc=00000001,cnonce=\"fresh\"") != answered->npos);
}

TEST_CASE("a first message that would make the line longer than 512 octets waits for the challenge") {
  // "AUTH TALKER " and CRLF are 14 octets; of the other 498 base64 fills 496, which carry 372.
  CHECK(begun(talker{372}).size() == 496);
  CHECK(begun(talker{373}) == "none");
}

TEST_CASE("a mechanism that will not begin is no line at all") {
  CHECK(begun(talker{0, errc::sasl_field_too_long, true}) == "fault");
  CHECK(begun(talker{0, errc::output_full, true}) == "none");
}

TEST_CASE("a response is asked for within what a line of the room can carry") {
  talker mechanism{6};
  const base64_text empty = *base64_text::parse("");
  sasl::response said;
  CHECK(*said.of(mechanism, empty, 10) == "aaaaaa");  // 8 of base64, and CRLF
  CHECK(said.of(mechanism, empty, 9).error().code == errc::output_full);
  mechanism.octets = 0;
  CHECK(*said.of(mechanism, empty, 1) == "");
  mechanism.octets = 1;
  CHECK(said.of(mechanism, empty, 1).error().code == errc::output_full);
  mechanism.octets = limits::sasl_message;
  CHECK(said.of(mechanism, empty, 10 * limits::sasl_message)->size() == limits::sasl_message);
}

TEST_CASE("of what was said no octet stays where it stood") {
  talker mechanism{8};
  const auto left_of = [&]<class Held>(Held*, auto use) {
    alignas(Held) static char memory[sizeof(Held)];
    const auto kept = [] {
      const volatile char* octets = memory;  // a compiler that knows what is dead would not look
      int letters = 0;
      for (std::size_t i = 0; i < sizeof memory; ++i) letters += octets[i] == 'a' ? 1 : 0;
      return letters;
    };
    Held* const held = std::construct_at(reinterpret_cast<Held*>(memory));
    use(*held);
    CHECK(kept() >= 8);
    std::destroy_at(held);
    return kept();
  };
  CHECK(left_of(static_cast<sasl::initial_response*>(nullptr),
                [&](auto& first) { REQUIRE(first.of(mechanism)); }) == 0);
  CHECK(left_of(static_cast<sasl::response*>(nullptr),
                [&](auto& said) { REQUIRE(said.of(mechanism, *base64_text::parse(""), 512)); }) == 0);
}
