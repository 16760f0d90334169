// What the compiler worked out is what the program works out: the tables that are made while compiling are
// made again while running.

#include <doctest/doctest.h>

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
