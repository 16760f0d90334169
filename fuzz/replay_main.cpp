// Runs a fuzz target over packs, files and folders of files, with any compiler: the corpus as a test.

#include <cstddef>
#include <cstdint>
#include <cstdio>

#include "pack.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::size_t replayed = 0;

void replay(std::string_view octets) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size());
  ++replayed;
}

// What is named last is what failed.
bool replay_file(const std::filesystem::path& file) {
  const std::string octets = pack::octets_of(file);
  std::printf("%s\n", file.c_str());
  std::fflush(stdout);
  if (file.extension() != ".pack") return replay(octets), true;
  std::string_view left = octets;
  while (const auto input = pack::next(left)) {
    std::printf("input %zu at octet %zu\n", replayed, static_cast<std::size_t>(input->data() - octets.data()));
    std::fflush(stdout);
    replay(*input);
  }
  return left.empty();
}

}  // namespace

int main(int count, char** arguments) {
  bool good = true;
  for (int i = 1; i < count; ++i) {
    const std::filesystem::path path = arguments[i];
    if (!std::filesystem::is_directory(path)) {
      good = replay_file(path) && good;
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path))
      if (entry.is_regular_file()) good = replay_file(entry.path()) && good;
  }
  std::printf("%zu inputs\n", replayed);
  return good && replayed != 0 ? 0 : 1;
}
