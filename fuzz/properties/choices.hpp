// choices: the octets of a fuzzer's input as decisions, for targets that act rather than read.

#ifndef SANSMTP_FUZZ_PROPERTIES_CHOICES_HPP
#define SANSMTP_FUZZ_PROPERTIES_CHOICES_HPP

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace properties {

class choices {
 public:
  explicit choices(std::string_view octets) : left_(octets) {}

  bool empty() const { return left_.empty(); }

  // The next octet; 0 when there is none.
  unsigned char octet() {
    if (left_.empty()) return 0;
    const auto c = static_cast<unsigned char>(left_.front());
    left_.remove_prefix(1);
    return c;
  }
  std::size_t below(std::size_t n) { return octet() % n; }
  bool yes() { return (octet() & 1U) != 0; }

  // As many octets as the next one says, or as there are.
  std::string_view text() { return front(octet()); }
  // The octets up to the next of this kind, which is dropped.
  std::string_view upto(char c) {
    const std::string_view text = front(std::min(left_.find(c), left_.size()));
    octet();
    return text;
  }
  std::string_view rest() { return front(left_.size()); }

 private:
  std::string_view front(std::size_t most) {
    const std::string_view text = left_.substr(0, most);
    left_.remove_prefix(text.size());
    return text;
  }

  std::string_view left_;
};

}  // namespace properties

#endif
