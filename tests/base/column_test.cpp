#include "sansmtp/base/column.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string_view>

#include "sansmtp/base/fault.hpp"

namespace {

using namespace std::literals;

enum class stone : std::uint8_t { flint, marl, chalk };
struct stone_facts {
  stone what;
  std::string_view name;
  int hardness;
};
constexpr stone_facts stones[] = {{stone::flint, "flint", 7}, {stone::marl, "", 3}, {stone::chalk, "chalk", 1}};

constexpr int doubled(const stone_facts& row) noexcept { return 2 * row.hardness; }

}  // namespace

TEST_CASE("a column holds one member of every row, by the enumeration") {
  using sansmtp::column;
  static_assert(column<stones, &stone_facts::hardness>(stone::flint) == 7);
  static_assert(column<stones, &stone_facts::hardness>(stone::chalk) == 1);
  static_assert(column<stones, &stone_facts::name>(stone::flint) == "flint");
  static_assert(column<stones, &stone_facts::name>(stone::marl).empty());
  static_assert(column<stones, &stone_facts::name>(stone::chalk) == "chalk");
  CHECK(column<stones, &stone_facts::name>(stone::chalk) == "chalk"sv);
  CHECK(column<stones, &doubled>(stone::marl) == 6);
}

TEST_CASE("the columns of the faults are the rows") {
  for (const auto& row : sansmtp::fault_table) {
    CHECK(sansmtp::column<sansmtp::fault_table, &sansmtp::fault_facts::sentence>(row.code) == row.sentence);
    CHECK(sansmtp::column<sansmtp::fault_table, &sansmtp::fault_facts::reply>(row.code) == row.reply);
  }
}
