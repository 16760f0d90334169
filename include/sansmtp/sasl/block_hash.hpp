// block_hash: what MD5 and the SHA family share: blocks, padding, and the length behind it.
//
// Rounds brings a family member's own: its words, their start, and how a block is mixed in
// (RFC 1321 3, RFC 3174 4, RFC 6234 4). State and unfinished block can give away a password, so both
// are overwritten when the object goes, and begin anew with finish().

#ifndef SANSMTP_SASL_BLOCK_HASH_HPP
#define SANSMTP_SASL_BLOCK_HASH_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/sasl/secret.hpp"

namespace sansmtp {

enum class word_order : std::uint8_t { low_first, high_first };

// The word whose octets begin at `from`.
template <class Word, word_order Order>
constexpr Word load_word(const char* from) noexcept {
  Word word = 0;
  for (std::size_t i = 0; i < sizeof(Word); ++i) {
    const std::size_t at = Order == word_order::high_first ? i : sizeof(Word) - 1 - i;
    word = static_cast<Word>(word << 8 | static_cast<unsigned char>(from[at]));
  }
  return word;
}

template <class Word, word_order Order>
constexpr void store_word(Word word, char* to) noexcept {
  for (std::size_t i = 0; i < sizeof(Word); ++i) {
    const std::size_t at = Order == word_order::low_first ? i : sizeof(Word) - 1 - i;
    to[at] = static_cast<char>(static_cast<unsigned char>(word >> 8 * i & 0xFF));
  }
}

template <class Rounds>
class block_hash {
  using word = typename Rounds::word;
  static constexpr word_order order = Rounds::order;

 public:
  static constexpr std::string_view name = Rounds::name;
  static constexpr std::size_t block_size = 16 * sizeof(word);
  static constexpr std::size_t digest_size = sizeof(word) * std::size_t{Rounds::start.size()};
  using digest = std::array<char, digest_size>;

  constexpr block_hash() noexcept = default;
  constexpr block_hash(const block_hash&) noexcept = default;
  constexpr block_hash& operator=(const block_hash&) noexcept = default;
  constexpr ~block_hash() {
    wipe(state_);
    wipe(block_);
  }

  constexpr block_hash& update(std::string_view octets) noexcept {
    std::size_t held = static_cast<std::size_t>(size_ % block_size);
    size_ += octets.size();
    while (!octets.empty()) {
      if (held == 0 && octets.size() >= block_size) {
        Rounds::mix(state_, octets.data());
        octets.remove_prefix(block_size);
        continue;
      }
      const std::size_t taken = octets.size() < block_size - held ? octets.size() : block_size - held;
      for (std::size_t i = 0; i < taken; ++i) block_[held + i] = octets[i];
      octets.remove_prefix(taken);
      held += taken;
      if (held < block_size) break;
      Rounds::mix(state_, block_.data());
      held = 0;
    }
    return *this;
  }

  // One bit, zeros up to the length field of two words, and the number of bits in it.
  constexpr digest finish() noexcept {
    constexpr std::size_t length_at = block_size - 2 * sizeof(word);
    std::size_t held = static_cast<std::size_t>(size_ % block_size);
    block_[held++] = static_cast<char>(static_cast<unsigned char>(0x80));
    if (held > length_at) {
      while (held < block_size) block_[held++] = 0;
      Rounds::mix(state_, block_.data());
      held = 0;
    }
    while (held < block_size) block_[held++] = 0;
    constexpr std::size_t high = order == word_order::high_first ? length_at : length_at + sizeof(word);
    constexpr std::size_t low = order == word_order::high_first ? length_at + sizeof(word) : length_at;
    store_word<word, order>(static_cast<word>(size_ << 3), block_.data() + low);
    store_word<word, order>(static_cast<word>(size_ >> (8 * sizeof(word) - 3)), block_.data() + high);
    Rounds::mix(state_, block_.data());

    digest made{};
    for (std::size_t i = 0; i < state_.size(); ++i) store_word<word, order>(state_[i], made.data() + i * sizeof(word));
    state_ = Rounds::start;
    wipe(block_);
    size_ = 0;
    return made;
  }

 private:
  std::array<word, Rounds::start.size()> state_ = Rounds::start;
  std::array<char, block_size> block_{};
  std::uint64_t size_ = 0;  // octets so far
};

}  // namespace sansmtp

#endif
