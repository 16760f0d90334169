#include "sansmtp/sasl/prep.hpp"

#include <doctest/doctest.h>

#include <string_view>

#include "sasl/is_fault.hpp"

using namespace std::string_view_literals;
using sansmtp::as_written;
using sansmtp::errc;
using sansmtp::output_buffer;
using sansmtp::prep_use;
using sansmtp::result;
using sansmtp::saslprep;
using sansmtp::writer;

namespace {

// A caller's preparation: the examples of RFC 4013 3 and nothing else.
constexpr result<std::string_view> examples(std::string_view text, prep_use use, writer& out) {
  if (use == prep_use::stored) return errc::sasl_prep_prohibited;
  std::string_view prepared = text;
  if (text == "I\xC2\xADX"sv || text == "\xE2\x85\xA8"sv) prepared = "IX";
  if (text == "\xC2\xAA"sv) prepared = "a";
  if (text == "\xC2\xAD"sv) prepared = "";
  if (text ==
      "\xD8\xA7"
      "1"sv)
    return errc::sasl_prep_prohibited;
  writer::draft draft(out);
  draft.put(prepared);
  return sansmtp::sasl::finish(draft);
}

constexpr bool prepares(std::string_view text, std::string_view expected) {
  output_buffer<32> out;
  const auto prepared = saslprep(text, out, prep_use::query, examples);
  return prepared && *prepared == expected;
}

// RFC 4013 3, rows 1 to 7: ASCII by this library, the others by the caller's preparation.
static_assert(prepares("I\xC2\xADX", "IX"));
static_assert(prepares("user", "user"));
static_assert(prepares("USER", "USER"));
static_assert(prepares("\xC2\xAA", "a"));
static_assert(prepares("\xE2\x85\xA8", "IX"));

}  // namespace

TEST_CASE("what SASLprep prohibits is refused at the octet, with any preparation") {
  output_buffer<32> out;
  CHECK(is_fault(saslprep("\x07", out), errc::sasl_prep_prohibited, 0));  // row 6
  CHECK(is_fault(saslprep("\xD8\xA7"
                          "1",
                          out, prep_use::query, examples),
                 errc::sasl_prep_prohibited, 0));  // row 7
  CHECK(is_fault(saslprep("ab\0"sv, out), errc::sasl_prep_prohibited, 2));
  CHECK(is_fault(saslprep("ab\x7F", out), errc::sasl_prep_prohibited, 2));
  CHECK(is_fault(saslprep("\xC3\xBC\r", out, prep_use::query, as_written{}), errc::sasl_prep_prohibited, 2));
  CHECK(out.empty());
}

TEST_CASE("text beyond ASCII is refused without a preparation, and taken as it is when told so") {
  output_buffer<32> out;
  CHECK(is_fault(saslprep("J\xC3\xBCrgen", out), errc::sasl_prep_needed, 1));
  CHECK(*saslprep("J\xC3\xBCrgen", out, prep_use::query, as_written{}) == "J\xC3\xBCrgen");
  CHECK(is_fault(saslprep("J\xC3", out, prep_use::query, as_written{}), errc::utf8_malformed, 1));
}

TEST_CASE("ASCII is its own prepared form, and nothing is written for it") {
  output_buffer<4> out;
  const std::string_view name = "a name ~";
  CHECK(saslprep(name, out)->data() == name.data());
  CHECK(saslprep("", out)->empty());
  CHECK(out.empty());
}

TEST_CASE("a preparation that leaves nothing has failed, and it is told what its result is for") {
  output_buffer<32> out;
  CHECK(is_fault(saslprep("\xC2\xAD", out, prep_use::query, examples), errc::sasl_field_empty, 0));
  CHECK_FALSE(saslprep("\xC2\xAA", out, prep_use::stored, examples));
  output_buffer<1> small;
  CHECK(is_fault(saslprep("I\xC2\xADX", small, prep_use::query, examples), errc::output_full, 0));
}

TEST_CASE("the preparation of ASCII alone tells where it ends, also of a text that it would do for") {
  output_buffer<8> out;
  const sansmtp::ascii_only prepare;
  CHECK(is_fault(prepare("ab\xC3\xBC", prep_use::query, out), errc::sasl_prep_needed, 2));
  CHECK(is_fault(prepare("\xC3\xBC", prep_use::stored, out), errc::sasl_prep_needed, 0));
  CHECK(is_fault(prepare("ab", prep_use::query, out), errc::sasl_prep_needed, 2));
  CHECK(out.empty());
}
