#include "sansmtp/base/quirks.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cstdint>

using sansmtp::quirk;
using sansmtp::quirks;

static_assert(quirks() == quirks::strict);

TEST_CASE("strict allows nothing, deployed what its rows say, all everything") {
  for (const auto& row : sansmtp::quirk_table) {
    CAPTURE(row.name);
    CHECK_FALSE(quirks::strict.allow(row.what));
    CHECK(quirks::deployed.allow(row.what) == row.deployed);
    CHECK(quirks::all.allow(row.what));
  }
}

TEST_CASE("every quirk is one bit of its own, with a name and a warning") {
  std::uint32_t seen = 0;
  for (const auto& row : sansmtp::quirk_table) {
    CAPTURE(row.name);
    const auto bit = static_cast<std::uint32_t>(row.what);
    CHECK(std::has_single_bit(bit));
    CHECK((seen & bit) == 0);
    seen |= bit;
    CHECK_FALSE(row.name.empty());
    CHECK_FALSE(row.accepts.empty());
    CHECK(row.warning.size() > 20);
  }
  // The bits have no gap, so the table has a row for each.
  CHECK(std::has_single_bit(seen + 1));
}

TEST_CASE("quirks can be mixed and taken away") {
  const quirks mixed = quirks::strict | quirk::bare_path | quirk::trailing_dot;
  CHECK(mixed.allow(quirk::bare_path));
  CHECK(mixed.allow(quirk::trailing_dot));
  CHECK_FALSE(mixed.allow(quirk::underscore));
  CHECK_FALSE(mixed.without(quirk::bare_path).allow(quirk::bare_path));
  CHECK(mixed.without(quirk::bare_path).without(quirk::trailing_dot) == quirks::strict);
  CHECK(quirks::all.without(quirks::all) == quirks::strict);
}
