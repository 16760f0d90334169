// A pack: the inputs of one fuzz target in one file. Each is its size in decimal, LF, its octets, LF.

#ifndef SANSMTP_FUZZ_PACK_HPP
#define SANSMTP_FUZZ_PACK_HPP

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

namespace pack {

inline std::string octets_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

inline void put(std::string_view input, std::string& to) {
  to.append(std::to_string(input.size())).append("\n").append(input).append("\n");
}

// Cuts the next input from the front; nothing where none is left, or the rest is no pack.
inline std::optional<std::string_view> next(std::string_view& from) {
  std::size_t size = 0, at = 0;
  for (; at < from.size() && at < 9 && from[at] >= '0' && from[at] <= '9'; ++at)
    size = size * 10 + static_cast<std::size_t>(from[at] - '0');
  if (at == 0 || at == from.size() || from[at] != '\n' || from.size() - at - 1 <= size) return std::nullopt;
  const std::string_view input = from.substr(at + 1, size);
  from.remove_prefix(at + 1 + size + 1);
  return input;
}

}  // namespace pack

#endif
