// Packs a folder of inputs, and unpacks it: fuzz_pack FOLDER FILE.pack, fuzz_pack --unpack FILE.pack FOLDER.

#include "pack.hpp"

#include <algorithm>
#include <cstdio>
#include <vector>

namespace {

int unpack(const std::filesystem::path& file, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const std::string all = pack::octets_of(file);
  std::string_view left = all;
  std::size_t count = 0;
  while (const auto input = pack::next(left)) {
    std::ofstream out(folder / ("packed_" + std::to_string(count++)), std::ios::binary);
    out.write(input->data(), static_cast<std::streamsize>(input->size()));
  }
  return left.empty() ? 0 : 1;
}

// The smallest come first, so that a failure shows in the smallest.
int pack_folder(const std::filesystem::path& folder, const std::filesystem::path& file) {
  std::vector<std::string> inputs;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.is_regular_file()) inputs.push_back(pack::octets_of(entry.path()));
  std::sort(inputs.begin(), inputs.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  inputs.erase(std::unique(inputs.begin(), inputs.end()), inputs.end());
  std::string all;
  for (const std::string& input : inputs) pack::put(input, all);
  std::ofstream(file, std::ios::binary).write(all.data(), static_cast<std::streamsize>(all.size()));
  std::printf("%s: %zu inputs, %zu octets\n", file.filename().c_str(), inputs.size(), all.size());
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 4 && std::string_view(arguments[1]) == "--unpack") return unpack(arguments[2], arguments[3]);
  if (count == 3) return pack_folder(arguments[1], arguments[2]);
  std::fprintf(stderr, "fuzz_pack FOLDER FILE.pack | fuzz_pack --unpack FILE.pack FOLDER\n");
  return 2;
}
