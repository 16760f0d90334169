// Looking: octets that drip in are not looked at over and over.
//
// Whoever reads incrementally is given the octets it has seen again, with more behind. While it waits
// it may look at the fresh ones, and at those within a register's width before them, which a block
// that ends with the text shows again. All others it is given spoilt, and under ASan poisoned: so an
// octet is looked at by 64 waiting calls at most, however long the line, and by the call that ends it.

#ifndef SANSMTP_FUZZ_PROPERTIES_LOOKING_HPP
#define SANSMTP_FUZZ_PROPERTIES_LOOKING_HPP

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#endif
#endif

namespace properties {

class half_blind {
 public:
  static constexpr std::size_t in_sight = 64;

  // The text, of which the first `seen` octets were presented before and those from `from` on may not be looked at
  // again, but for those in sight.
  half_blind(std::string_view text, std::size_t seen, std::size_t from = 0)
      : octets_(new char[text.size()]), size_(text.size()) {
    if (size_ != 0) std::memcpy(octets_.get(), text.data(), size_);
    if (seen <= from + in_sight) return;
    hidden_ = octets_.get() + from;
    count_ = seen - in_sight - from;
    for (std::size_t i = 0; i < count_; ++i) hidden_[i] = i % 2 == 0 ? '\r' : '\n';
#ifdef ASAN_POISON_MEMORY_REGION
    ASAN_POISON_MEMORY_REGION(hidden_, count_);
#endif
  }
  ~half_blind() {
#ifdef ASAN_POISON_MEMORY_REGION
    ASAN_UNPOISON_MEMORY_REGION(hidden_, count_);
#endif
  }
  half_blind(const half_blind&) = delete;
  half_blind& operator=(const half_blind&) = delete;

  std::string_view view() const { return {octets_.get(), size_}; }

 private:
  std::unique_ptr<char[]> octets_;
  std::size_t size_;
  char* hidden_ = nullptr;
  std::size_t count_ = 0;
};

}  // namespace properties

#endif
