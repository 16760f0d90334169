#include "sansmtp/grammar/base64.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "grammar/judged.hpp"
#include "support/guard_page.hpp"

using sansmtp::base64_text;
using sansmtp::errc;
using sansmtp::quirks;
using support::judged;

static_assert(sizeof(base64_text) <= 16 && std::is_trivially_copyable_v<base64_text>);
static_assert(sansmtp::base64_size(0) == 0 && sansmtp::base64_size(1) == 4 && sansmtp::base64_size(3) == 4 &&
              sansmtp::base64_size(4) == 8);
static_assert(base64_text{}.empty() && base64_text{}.decoded_size() == 0);

namespace {

std::string decoded(const base64_text& text) {
  std::string room(text.decoded_size(), '?');
  const auto raw = text.decode(room);
  return raw ? std::string(*raw) : "does not fit";
}

std::string encoded(std::string_view raw) {
  sansmtp::output_buffer<512> out;
  sansmtp::writer::draft draft(out);
  encode_base64(raw, draft);
  return draft.commit() ? std::string(out.written()) : "does not fit";
}

// The meaning by RFC 4648 4, one octet after the other and in words of its own: what the text stands
// for, or the fault.
std::string meaning(std::string_view text) {
  std::string out;
  unsigned long bits = 0;
  std::size_t count = 0, at = 0;
  for (; at < text.size() && sansmtp::base64_alphabet.find(text[at]) != std::string_view::npos; ++at) {
    bits = (bits << 6 | sansmtp::base64_alphabet.find(text[at])) & 0xFFFFFF;
    if (++count % 4 != 0) continue;
    for (int shift = 16; shift >= 0; shift -= 8) out += static_cast<char>(static_cast<unsigned char>(bits >> shift));
  }
  const std::size_t open = count % 4;
  if (at == text.size()) return open == 0 ? out : judged(errc::base64_length, at);
  if (text[at] != '=') return judged(errc::base64_octet, at);
  const std::size_t pads = std::min(text.find_first_not_of('=', at), text.size()) - at;
  if (at + pads < text.size() && sansmtp::base64_alphabet.find(text[at + pads]) == std::string_view::npos)
    return judged(errc::base64_octet, at + pads);
  if (at + pads < text.size() || open < 2) return judged(errc::base64_padding, at);
  if (pads + open > 4) return judged(errc::base64_padding, at + 4 - open);
  if (pads + open < 4) return judged(errc::base64_length, text.size());
  if ((bits & (open == 2 ? 0x0FU : 0x03U)) != 0) return judged(errc::base64_spare_bits, at - 1);
  bits >>= open == 2 ? 4 : 2;
  if (open == 3) out += static_cast<char>(static_cast<unsigned char>(bits >> 8));
  out += static_cast<char>(static_cast<unsigned char>(bits));
  return out;
}

std::string understood(std::string_view text) {
  const auto taken = base64_text::parse(text);
  return taken ? decoded(*taken) : judged(taken);
}

// A letter for any number.
constexpr char letter_of(std::size_t n) { return sansmtp::base64_alphabet[n * 29 % 64]; }

std::string letters(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += letter_of(i);
  return text;
}

// Long enough for blocks, and by the compiler.
constexpr bool comes_back(std::string_view octets) {
  sansmtp::output_buffer<200> out;
  sansmtp::writer::draft draft(out);
  encode_base64(octets, draft);
  if (!draft.commit()) return false;
  std::array<char, 200> room{};
  const auto text = base64_text::parse(out.written());
  return text && *text->decode(room) == octets;
}
constexpr std::string_view blocks = "a text that is long enough to fill several blocks, of whatever width";
static_assert(comes_back(blocks));
static_assert(comes_back(blocks.substr(0, 48)) && comes_back(blocks.substr(0, 49)) && comes_back(blocks.substr(0, 50)));

}  // namespace

TEST_CASE("base64 text and the octets that it stands for") {
  struct row {
    std::string_view text, raw;
  };
  // The first seven: RFC 4648 10. The last: the example of RFC 4954 4.1.
  const row rows[] = {{"", ""},
                      {"Zg==", "f"},
                      {"Zm8=", "fo"},
                      {"Zm9v", "foo"},
                      {"Zm9vYg==", "foob"},
                      {"Zm9vYmE=", "fooba"},
                      {"Zm9vYmFy", "foobar"},
                      {"QQ==", "A"},
                      {"QUI=", "AB"},
                      {"QUJD", "ABC"},
                      {"++//", "\xFB\xEF\xFF"},
                      {"AGpvaG4AcGFzcw==", std::string_view("\0john\0pass", 10)}};
  for (const row& r : rows) {
    CAPTURE(r.text);
    const auto text = base64_text::parse(r.text);
    REQUIRE(judged(text) == "taken");
    CHECK(text->text() == r.text);
    CHECK(text->empty() == r.text.empty());
    CHECK(text->decoded_size() == r.raw.size());
    CHECK(decoded(*text) == r.raw);
    CHECK(encoded(r.raw) == r.text);
    CHECK(sansmtp::base64_size(r.raw.size()) == r.text.size());
  }
}

TEST_CASE("base64 that is not canonical is refused at the octet at fault") {
  const support::refused_row rows[] = {
      {"A", errc::base64_length, 1},        {"AA", errc::base64_length, 2},
      {"AAA", errc::base64_length, 3},      {"AAAAA", errc::base64_length, 5},
      {"QQ=", errc::base64_length, 3},      {"=", errc::base64_padding, 0},
      {"==", errc::base64_padding, 0},      {"====", errc::base64_padding, 0},
      {"=AAA", errc::base64_padding, 0},    {"A===", errc::base64_padding, 1},
      {"AAA=BBB", errc::base64_padding, 3}, {"QQ==QQ==", errc::base64_padding, 2},
      {"QQ=A", errc::base64_padding, 2},    {"QUI==", errc::base64_padding, 4},
      {"QQ===", errc::base64_padding, 4},   {"QUJD=", errc::base64_padding, 4},
      {"Q Q=", errc::base64_octet, 1},      {"QQ==\r\n", errc::base64_octet, 4},
      {"QQ= ", errc::base64_octet, 3},      {"*", errc::base64_octet, 0},
      {"QU-D", errc::base64_octet, 2},  // the URL alphabet of RFC 4648 5 is another
      {"QU_D", errc::base64_octet, 2},      {"QR==", errc::base64_spare_bits, 1},
      {"QUJ=", errc::base64_spare_bits, 2}, {"AAAAQf==", errc::base64_spare_bits, 5},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(base64_text::parse(r.text, quirks::all)) == judged(r.why, r.at));
  }
}

TEST_CASE("octets of every number are written as the groups of three that they are made of (RFC 4648 4)") {
  std::string raw, text;  // `text` stands for the whole groups of `raw`
  for (std::size_t size = 0; size < 300; ++size) {
    CAPTURE(size);
    CHECK(encoded(raw) == text + encoded(raw.substr(size / 3 * 3)));
    raw += static_cast<char>(static_cast<unsigned char>(size * 151 + size / 256));
    if (raw.size() % 3 == 0) text += encoded(raw.substr(size - 2));
  }
}

TEST_CASE("every text of up to three octets comes back from its base64") {
  unsigned long wrong = 0;
  char raw[3];
  char room[64];
  const auto check = [&](std::size_t size) {
    sansmtp::writer out(room);
    sansmtp::writer::draft draft(out);
    encode_base64({raw, size}, draft);
    if (!draft.commit()) ++wrong;
    const auto text = base64_text::parse(out.written());
    char back[3];
    const auto decoded = text->decode(back);
    if (!decoded || *decoded != std::string_view(raw, size)) ++wrong;
  };
  const auto octet = [](unsigned c) { return static_cast<char>(static_cast<unsigned char>(c)); };
  for (unsigned a = 0; a < 256; ++a) {
    raw[0] = octet(a);
    check(1);
    for (unsigned b = 0; b < 256; ++b) {
      raw[1] = octet(b);
      check(2);
      // The third octet of a group meets the others only at its two upper bits, so a spread of values will do.
      for (unsigned c = 0; c < 256; c += 17) {
        raw[2] = octet(c);
        check(3);
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("of all texts of up to three characters none is base64, and of one group as many as there are values") {
  const auto any = [](std::size_t size, std::string_view alphabet) {
    unsigned long taken = 0;
    std::string text(size, 'A');
    const auto fill = [&](auto& self, std::size_t at) -> void {
      if (at == size) {
        taken += base64_text::parse(text) ? 1U : 0U;
        return;
      }
      for (char c : alphabet) {
        text[at] = c;
        self(self, at + 1);
      }
    };
    fill(fill, 0);
    return taken;
  };
  const std::string alphabet = std::string(sansmtp::base64_alphabet) + "= -*\r\n";
  CHECK(any(1, alphabet) == 0);
  CHECK(any(2, alphabet) == 0);
  CHECK(any(3, alphabet) == 0);
  // One octet has 256 values and so 256 texts with "==", two octets 65536 with "=": one text a value.
  const std::string digits = std::string(sansmtp::base64_alphabet) + "=";
  unsigned long one = 0, two = 0;
  std::string text = "AA==";
  for (char a : digits)
    for (char b : digits) {
      text[0] = a;
      text[1] = b;
      text[2] = '=';
      one += base64_text::parse(text) ? 1U : 0U;
      for (char c : sansmtp::base64_alphabet) {
        text[2] = c;
        two += base64_text::parse(text) ? 1U : 0U;
      }
    }
  CHECK(one == 256);
  CHECK(two == 65536);
}

TEST_CASE("every octet at every place of a group is judged as RFC 4648 4 has it") {
  for (unsigned c = 0; c < 256; ++c) {
    CAPTURE(c);
    const bool base64 = support::letter(c) || support::digit(c) || c == '+' || c == '/';
    CHECK(base64_text::parse(support::around("", c, "AAA")).has_value() == base64);
    CHECK(base64_text::parse(support::around("AA", c, "A")).has_value() == base64);
    CHECK(base64_text::parse(support::around("AAA", c)).has_value() == (base64 || c == '='));
    if (!base64 && c != '=')
      CHECK(judged(base64_text::parse(support::around("AA", c, "A"))) == judged(errc::base64_octet, 2));
  }
}

TEST_CASE("base64 is decoded whole or not at all, and fits a line of an AUTH exchange") {
  char room[2] = {'x', 'y'};
  CHECK(judged(base64_text::parse("QUJD")->decode(room)) == judged(errc::output_full, 0));
  CHECK(room[0] == 'x');
  CHECK(*base64_text::parse("QUI=")->decode(room) == "AB");
  CHECK(base64_text{}.decode({})->empty());
  // RFC 4954 4: 12288 octets with CRLF.
  CHECK(judged(base64_text::parse(std::string(12284, 'A'))) == "taken");
  CHECK(judged(base64_text::parse(std::string(12288, 'A'))) == judged(errc::authentication_line_too_long, 12286));
  CHECK(judged(base64_text::parse(std::string(12286, 'A'))) == judged(errc::base64_length, 12286));
  sansmtp::output_buffer<3> small;
  sansmtp::writer::draft draft(small);
  encode_base64("A", draft);
  CHECK(judged(draft.commit()) == judged(errc::output_full, 0));
}

TEST_CASE("every octet at every place of a long text is judged as in a short one") {
  for (const std::size_t size : {20U, 36U, 40U, 68U, 88U}) {
    for (std::size_t pads = 0; pads <= 3; ++pads) {
      std::string text = letters(size - pads) + std::string(pads, '=');
      if (pads == 1 || pads == 2) text[size - pads - 1] = 'A';  // no spare bits
      CHECK(understood(text) == meaning(text));
      for (std::size_t at = 0; at < size; ++at) {
        const char kept = text[at];
        for (int c = 0; c < 256; ++c) {
          text[at] = static_cast<char>(static_cast<unsigned char>(c));
          if (understood(text) != meaning(text)) FAIL_CHECK("octet ", c, " at ", at, " of ", size);
        }
        text[at] = kept;
      }
    }
  }
}

TEST_CASE("random text of every length, and every beginning of it, means what RFC 4648 4 says") {
  std::uint64_t seed = 1;
  const auto pick = [&](std::size_t sides) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(seed >> 33) % sides;
  };
  for (int round = 0; round < 40; ++round) {
    std::string text;
    for (std::size_t i = 0, size = 100 + pick(60); i < size; ++i)
      text += pick(150) != 0 ? letter_of(pick(64)) : std::string_view("=-\0\r\n\x80", 6)[pick(6)];
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      const std::string_view front = std::string_view(text).substr(0, cut);
      if (understood(front) != meaning(front)) FAIL_CHECK(std::string(front));
      const std::string padded = std::string(front) + std::string((4 - cut % 4) % 4, '=');
      if (understood(padded) != meaning(padded)) FAIL_CHECK(padded);
    }
  }
}

TEST_CASE("no octet outside of the text is read, and none outside of what it decodes to is written") {
  for (std::size_t size = 0; size <= 140; size += 4) {
    for (std::size_t pads = 0; pads <= 2 && pads <= size; ++pads) {
      std::string text = letters(size - pads) + std::string(pads, '=');
      if (pads != 0) text[size - pads - 1] = 'A';
      for (const auto side : {support::guarded_side::left, support::guarded_side::right}) {
        const support::guard_page guarded(text, side);
        const auto taken = base64_text::parse(guarded.view());
        REQUIRE(judged(taken) == "taken");
        std::string room(taken->decoded_size() + 2, '#');
        const auto raw = taken->decode(std::span(room).subspan(1));
        REQUIRE(judged(raw) == "taken");
        CHECK(*raw == meaning(text));
        CHECK(room.front() == '#');
        CHECK(room.back() == '#');
      }
    }
  }
}
