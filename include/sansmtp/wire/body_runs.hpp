// The runs of octets that a body is made of between the dots its lines begin with, and what is
// done with them: the part that data_decoder and data_encoder have in common.
//
// RFC 5321 4.5.2. A run is found in groups of octets, and what was learnt of a group is kept while
// its runs are taken, for where lines are short they are what costs. Whoever takes them keeps the
// first, notes many, or copies them to the caller's memory. Nothing here owns an octet.

#ifndef SANSMTP_WIRE_BODY_RUNS_HPP
#define SANSMTP_WIRE_BODY_RUNS_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

#include "sansmtp/base/scan.hpp"

namespace sansmtp::body_runs {

// What to do about a CR or LF that stands alone: to stop before its group, or to pass over it.
enum class lone : bool { stops, passes };

// Looks at groups of octets from `here` on, and no further than `end`. on_dot(dot) is called for
// every dot behind CRLF, with where it stands, and says whether to go on; on_plain(behind) at least
// for every `part` octets, when that is not 0, that hold nothing of interest, and beyond all that was
// told of before. Stops also where less than a group, and what must be seen behind it, is left. Returns where the first
// octet stands of which nothing is known.
template <std::size_t part, class OnDot, class OnPlain>
constexpr const char* find(const char* here, const char* end, lone newlines, OnDot on_dot, OnPlain on_plain) noexcept {
  using scan::fast_block, scan::group, scan::line_dot;
  constexpr std::size_t seen = group + line_dot::behind;
  while (static_cast<std::size_t>(end - here) > seen) {
    const auto dots = scan::group_answers<fast_block, line_dot>::of(here);
    const auto alone = scan::group_answers<fast_block, scan::lone_newline>::of(here);
    if (!(dots.together() | alone.together()).any()) {
      // On to the next group of interest, and nothing else meanwhile.
      std::size_t left = static_cast<std::size_t>(end - here) - line_dot::behind;
      if (part != 0 && left > part) left = part;
      here += group + scan::groups_without<fast_block, scan::line_edge>(here + group, left - group);
      on_plain(here);
      continue;
    }
    std::uint64_t bits = dots.bits();
    if (alone.together().any()) {
      if (newlines == lone::stops) break;
      bits &= ~alone.bits();  // LF and dot, but no CR before them
    }
    const char* const first = here + line_dot::behind;
    here += group;
    for (; bits != 0; bits &= bits - 1)
      if (!on_dot(first + std::countr_zero(bits))) return here;
  }
  return here;
}

// Who takes runs. fits(size) says whether there is room for one, take() whether there is to be more;
// `readable` octets stand in memory from the run's first on. What is copied is copied in parts, while
// it still is in the fastest cache, and then there always is to be more.

// Runs are short where there are many, and to copy a whole block then costs less than to count.
inline constexpr std::size_t block = 32;

struct first_run {
  static constexpr bool many = false;
  static constexpr std::size_t part = 0;
  std::string_view bytes{};

  constexpr bool fits(std::size_t) const noexcept { return bytes.empty(); }
  constexpr bool take(std::string_view run, std::size_t) noexcept {
    bytes = run;
    return false;
  }
};

class noted_runs {
 public:
  static constexpr bool many = true;
  static constexpr std::size_t part = 0;

  constexpr explicit noted_runs(std::span<std::string_view> out) noexcept : left_(out) {}

  constexpr std::size_t left() const noexcept { return left_.size(); }
  constexpr bool fits(std::size_t) const noexcept { return !left_.empty(); }
  constexpr bool take(std::string_view run, std::size_t) noexcept {
    left_.front() = run;
    left_ = left_.subspan(1);
    return !left_.empty();
  }

 private:
  std::span<std::string_view> left_;
};

// Moves runs together in the memory where they stand, behind the first, as long as they are short: to
// give a long one by itself costs less than to move what stands behind it.
class joined_runs {
 public:
  static constexpr bool many = true;
  static constexpr std::size_t part = 0;

  constexpr explicit joined_runs(std::span<char> memory) noexcept
      : memory_(memory.data()), begin_(memory_), end_(memory_) {}

  constexpr std::string_view bytes() const noexcept { return {begin_, static_cast<std::size_t>(end_ - begin_)}; }
  constexpr bool fits(std::size_t) const noexcept { return begin_ == end_; }
  constexpr bool take(std::string_view run, std::size_t readable) noexcept {
    constexpr std::size_t longest = 256;
    const auto apart = static_cast<std::size_t>(run.data() - end_);
    if (!std::is_constant_evaluated() && run.size() <= block && apart >= block && readable >= block)
      std::memcpy(end_, run.data(), block);
    else if (begin_ == end_)
      begin_ = end_ = memory_ + (run.data() - memory_);
    else
      std::string_view::traits_type::move(end_, run.data(), run.size());
    end_ += run.size();
    return run.size() <= longest;
  }

 private:
  char* memory_;
  char* begin_;
  char* end_;
};

class copied_runs {
 public:
  static constexpr bool many = true;
  static constexpr std::size_t part = 2048;

  constexpr explicit copied_runs(std::span<char> out) noexcept : left_(out) {}

  constexpr std::size_t left() const noexcept { return left_.size(); }
  constexpr bool fits(std::size_t size) const noexcept { return size <= left_.size(); }
  constexpr bool take(std::string_view run, std::size_t readable) noexcept {
    if (!std::is_constant_evaluated() && run.size() <= block && readable >= block && left_.size() >= block)
      std::memcpy(left_.data(), run.data(), block);
    else
      std::string_view::traits_type::copy(left_.data(), run.data(), run.size());
    left_ = left_.subspan(run.size());
    return true;
  }

 private:
  std::span<char> left_;
};

}  // namespace sansmtp::body_runs

#endif
