// keyword_map: the row of a table that a keyword names, in any case, at one look.
//
// Verbs, parameters and extensions are rows of tables, found by a word off the wire. The first and the last
// four octets of the word make a number that no other keyword of the table has: a multiplier for which this
// holds is found when the table is compiled, and without one it does not compile. So a keyword is compared
// with one row, and what no row has is found out there. For size there is no such index, and each row is asked.

#ifndef SANSMTP_BASE_KEYWORD_MAP_HPP
#define SANSMTP_BASE_KEYWORD_MAP_HPP

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "sansmtp/base/column.hpp"
#include "sansmtp/base/fast_paths.hpp"
#include "sansmtp/base/octet.hpp"

namespace sansmtp {

// Four octets as one word, letters in upper case. Only the two cases of a letter fold into that
// letter, so four letters that fold alike are alike; other octets must be compared by themselves.
constexpr std::uint32_t folded_word(const char* four) noexcept { return four_octets(four) & 0xDFDFDFDFU; }

// Of the rows of Table, an array, by Name, a pointer to the member that holds the keyword. A row whose keyword
// is empty is never found.
template <const auto& Table, auto Name>
class keyword_map {
 public:
  static constexpr std::size_t rows = std::size(Table);

  // The place of the row in the table; `rows` when there is none.
  SANSMTP_INLINED static constexpr std::size_t find(std::string_view keyword) noexcept {
    if (!fast_paths) return find_row_by_row(keyword);
    const std::size_t row = index.row[slot(keyword, index.multiplier)];
    if (row == rows) return rows;
    const std::string_view found = column<Table, Name>(row);
    if (keyword.size() != 4) return equal_ignoring_case(keyword, found) ? row : rows;
    return found.size() == 4 && folded_word(keyword.data()) == folded_word(found.data()) ? row : rows;
  }

  // The same, in the least octets of code.
  static constexpr std::size_t find_row_by_row(std::string_view keyword) noexcept {
    std::size_t row = keyword.empty() ? rows : 0;
    while (row < rows && !equal_ignoring_case(keyword, column<Table, Name>(row))) ++row;
    return row;
  }

 private:
  static_assert(rows < 255, "a place fits an octet");
  static constexpr unsigned bits = static_cast<unsigned>(std::bit_width(rows * rows / 8));

  struct rows_by_slot {
    std::uint32_t multiplier = 0;
    std::array<std::uint8_t, std::size_t{1} << bits> row{};
  };

  SANSMTP_INLINED static constexpr std::size_t slot(std::string_view keyword, std::uint32_t multiplier) noexcept {
    const std::size_t size = keyword.size();
    std::uint32_t key = static_cast<std::uint32_t>(size);
    if (size >= 4)
      key += folded_word(keyword.data()) + 7 * folded_word(keyword.data() + size - 4);
    else
      for (char c : keyword) key = key * 31 + (static_cast<unsigned char>(c) & 0xDFU);
    return key * multiplier >> (32 - bits);
  }

  static constexpr rows_by_slot index = [] {
    const auto fill = [](rows_by_slot& made) {
      for (std::uint8_t& row : made.row) row = rows;
      for (std::size_t i = 0; i < rows; ++i) {
        const std::string_view keyword = Table[i].*Name;
        if (keyword.empty()) continue;
        std::uint8_t& row = made.row[slot(keyword, made.multiplier)];
        if (row != rows || (keyword.size() == 4 && !all(octet_class::alpha, keyword))) return false;
        row = static_cast<std::uint8_t>(i);
      }
      return true;
    };
    rows_by_slot made;
    for (std::uint32_t n = 1; n != 10'000; ++n) {
      made.multiplier = n * 0x9E3779B1U;  // far from the one before
      if (fill(made)) return made;
    }
    return rows_by_slot{};
  }();
  static_assert(index.multiplier != 0, "two keywords are the same or too much alike, or one of four octets is no word");
};

}  // namespace sansmtp

#endif
