#include "sansmtp/base/literal.hpp"

#include <doctest/doctest.h>

#include <string_view>

using sansmtp::fixed_string;
using namespace std::string_view_literals;

TEST_CASE("a fixed string has the characters of its literal, without the NUL that ends it") {
  CHECK(fixed_string("").view().empty());
  CHECK(fixed_string("a@b.example").view() == "a@b.example"sv);
  CHECK(fixed_string("a\0b").view() == "a\0b"sv);  // a NUL that was written is one of them
}
