#include "sansmtp/base/result.hpp"

#include <doctest/doctest.h>

#include <string_view>
#include <type_traits>

using sansmtp::errc;
using sansmtp::fault;
using sansmtp::result;

static_assert(std::is_trivially_copyable_v<result<int>>);
static_assert(std::is_trivially_copyable_v<result<std::string_view>>);
static_assert(std::is_trivially_copyable_v<result<void>>);
static_assert(sizeof(result<void>) <= 12);

namespace {

constexpr result<int> half(int n) {
  if (n % 2 != 0) return fault{errc::number_malformed, 7};
  return n / 2;
}
static_assert(*half(8) == 4);
static_assert(half(3).error() == fault{errc::number_malformed, 7});

}  // namespace

TEST_CASE("a result holds its value or its fault, under the names of std::expected") {
  const result<std::string_view> good = std::string_view("abc");
  CHECK(good);
  CHECK(good.has_value());
  CHECK(good.value() == "abc");
  CHECK(*good == "abc");
  CHECK(good->size() == 3);
  CHECK(good.value_or("x") == "abc");

  const result<std::string_view> bad = fault{errc::bare_lf, 3};
  CHECK_FALSE(bad);
  CHECK_FALSE(bad.has_value());
  CHECK(bad.error() == fault{errc::bare_lf, 3});
  CHECK(bad.value_or("x") == "x");
}

TEST_CASE("an errc alone is a fault at the start of the text") {
  const result<int> bad = errc::domain_empty;
  CHECK(bad.error() == fault{errc::domain_empty, 0});
}

TEST_CASE("a result of nothing tells success from a fault") {
  const result<void> good;
  CHECK(good);
  const result<void> bad = fault{errc::output_full, 0};
  CHECK_FALSE(bad);
  CHECK(bad.error().code == errc::output_full);
}
