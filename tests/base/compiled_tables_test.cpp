// What the compiler worked out is what the program works out: the tables that are made, and proven whole,
// while compiling are made and proven again while running.

#include <doctest/doctest.h>

#include "sansmtp/base/fault.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"

using namespace sansmtp;

TEST_CASE("octets are sorted alike by the compiler and by the program") {
  CHECK(octets::classify() == octets::table);
}

TEST_CASE("the leniencies in force are the rows that say so") {
  CHECK(deployed_quirks() == quirks::deployed);
  CHECK(all_quirks() == quirks::all);
  CHECK((quirk::underscore | quirk::bare_path) == (quirks(quirk::bare_path) | quirk::underscore));
}

TEST_CASE("every fault has its row") { CHECK(fault_table_is_complete()); }
