// guard_page: text that ends, or begins, exactly where memory ends.
//
// Reading one octet too far on that side stops the program at once, where the system has mmap
// and mprotect. Elsewhere the text lies in memory of exactly its size, for the sanitizers.

#ifndef SANSMTP_TESTS_SUPPORT_GUARD_PAGE_HPP
#define SANSMTP_TESTS_SUPPORT_GUARD_PAGE_HPP

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>

#if defined(__unix__) || defined(__APPLE__)
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace support {

enum class guarded_side { left, right };

#if defined(__unix__) || defined(__APPLE__)

class guard_page {
 public:
  guard_page(std::string_view text, guarded_side side) : size_(text.size()) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t inner = (text.size() / page + 1) * page;
    mapped_ = inner + 2 * page;
    void* memory = ::mmap(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) std::abort();
    base_ = static_cast<char*>(memory);
    if (::mprotect(base_ + page, inner, PROT_READ | PROT_WRITE) != 0) std::abort();
    text_ = side == guarded_side::right ? base_ + page + inner - size_ : base_ + page;
    if (size_ != 0) std::memcpy(text_, text.data(), size_);
  }
  ~guard_page() { ::munmap(base_, mapped_); }
  guard_page(const guard_page&) = delete;
  guard_page& operator=(const guard_page&) = delete;

  std::string_view view() const { return {text_, size_}; }
  std::span<char> memory() { return {text_, size_}; }

 private:
  std::size_t size_;
  std::size_t mapped_ = 0;
  char* base_ = nullptr;
  char* text_ = nullptr;
};

#else

class guard_page {
 public:
  guard_page(std::string_view text, guarded_side) : size_(text.size()), text_(new char[text.size()]) {
    std::memcpy(text_, text.data(), size_);
  }
  ~guard_page() { delete[] text_; }
  guard_page(const guard_page&) = delete;
  guard_page& operator=(const guard_page&) = delete;

  std::string_view view() const { return {text_, size_}; }
  std::span<char> memory() { return {text_, size_}; }

 private:
  std::size_t size_;
  char* text_;
};

#endif

}  // namespace support

#endif
