// every_cut: the same octets whole, cut in two at every place, and one by one, must mean the same.
//
// Each part is handed over in memory of its own, of exactly its size, so that a look at an octet
// that has not arrived yet is a read out of bounds and the sanitizers see it.

#ifndef SANSMTP_TESTS_SUPPORT_EVERY_CUT_HPP
#define SANSMTP_TESTS_SUPPORT_EVERY_CUT_HPP

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace support {

using parts = std::span<const std::string_view>;

// `text` in parts that end at each of `cuts` and at its end.
class cut_text {
 public:
  cut_text(std::string_view text, std::span<const std::size_t> cuts) {
    std::size_t from = 0;
    for (const std::size_t cut : cuts) {
      add(text.substr(from, cut - from));
      from = cut;
    }
    add(text.substr(from));
  }

  parts view() const { return views_; }

 private:
  void add(std::string_view part) {
    memory_.push_back(std::make_unique<char[]>(part.size()));
    if (!part.empty()) std::memcpy(memory_.back().get(), part.data(), part.size());
    views_.emplace_back(memory_.back().get(), part.size());
  }

  std::vector<std::unique_ptr<char[]>> memory_;
  std::vector<std::string_view> views_;
};

// Runs `run(parts)` for every cutting of `text` and compares what it returns with what it returns
// for the whole. The empty string when all are equal, else which cutting differs first. A stride
// above 1 tries only every so-manieth of the cuts in two.
template <class Run>
std::string cut_that_differs(std::string_view text, Run run, std::size_t stride = 1) {
  const auto whole = run(cut_text(text, {}).view());
  for (std::size_t at = 0; at <= text.size(); at += stride) {
    const std::size_t cut[] = {at};
    if (!(run(cut_text(text, cut).view()) == whole)) return "cut at " + std::to_string(at);
  }
  std::vector<std::size_t> all;
  for (std::size_t at = 1; at < text.size(); ++at) all.push_back(at);
  if (!(run(cut_text(text, all).view()) == whole)) return "byte by byte";
  return {};
}

// Octets as they can be read: CR, LF, NUL and what is not ASCII by their escapes.
inline std::string shown(std::string_view octets) {
  static constexpr char hex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : octets) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '\r')
      out += "\\r";
    else if (c == '\n')
      out += "\\n";
    else if (u >= 32 && u < 127)
      out += c;
    else
      out.append("\\x").append(1, hex[u / 16]).append(1, hex[u % 16]);
  }
  return out;
}

}  // namespace support

#endif
