// column: one member of all rows of a table, kept apart from the others.
//
// A table's rows are where its facts stand, once and for all, and facts() gives a row whole. A session asks for
// one or two members of a row and never for, say, its section. What it asks for by column is all that a program
// then has of the table: of texts their octets behind one another and where each ends, without an address that
// takes more room than the word it leads to.

#ifndef SANSMTP_BASE_COLUMN_HPP
#define SANSMTP_BASE_COLUMN_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <string_view>
#include <type_traits>

namespace sansmtp {

namespace table_column {

// What Of, a pointer to a member or a function without state, makes of a row.
template <const auto& Table, auto Of>
using value = std::remove_cvref_t<std::invoke_result_t<decltype(Of), decltype(*std::begin(Table))>>;

template <const auto& Table, auto Of>
inline constexpr auto values = [] {
  std::array<value<Table, Of>, std::size(Table)> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::invoke(Of, Table[i]);
  return out;
}();

template <const auto& Table, auto Of>
consteval std::size_t octets() noexcept {
  std::size_t all = 0;
  for (const auto& row : Table) all += std::invoke(Of, row).size();
  return all;
}

template <std::size_t Rows, std::size_t Octets>
struct packed_texts {
  static_assert(Octets <= UINT16_MAX);
  std::array<std::uint16_t, Rows + 1> ends{};  // that of row i at i + 1
  std::array<char, Octets> octets{};
};

template <const auto& Table, auto Of>
inline constexpr auto texts = [] {
  packed_texts<std::size(Table), octets<Table, Of>()> out;
  std::uint16_t end = 0;
  for (std::size_t i = 0; i < std::size(Table); ++i) {
    for (const char c : std::invoke(Of, Table[i])) out.octets[end++] = c;
    out.ends[i + 1] = end;
  }
  return out;
}();

}  // namespace table_column

// facts(row).member, where Of is &facts::member and the rows stand in the order of the enumeration.
template <const auto& Table, auto Of, class Row>
constexpr table_column::value<Table, Of> column(Row row) noexcept {
  const auto place = static_cast<std::size_t>(row);
  if constexpr (std::is_same_v<table_column::value<Table, Of>, std::string_view>) {
    const auto& texts = table_column::texts<Table, Of>;
    const std::size_t begin = texts.ends[place];
    return {texts.octets.data() + begin, texts.ends[place + 1] - begin};
  } else {
    return table_column::values<Table, Of>[place];
  }
}

}  // namespace sansmtp

#endif
