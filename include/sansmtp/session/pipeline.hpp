// pipeline: what a client has sent and not yet had answered, in order.
//
// Replies carry no name: they are matched to commands by order and count alone (RFC 2920 3.1). A
// group of a thousand RCPTs is one run with a count, so the memory is fixed whatever the depth;
// only the number of changes from one kind of command to another is bounded (limits::pipeline_runs).

#ifndef SANSMTP_SESSION_PIPELINE_HPP
#define SANSMTP_SESSION_PIPELINE_HPP

#include <cstddef>
#include <cstdint>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/session/act.hpp"
#include "sansmtp/session/conversation.hpp"
#include "sansmtp/session/phase.hpp"

namespace sansmtp {

class pipeline {
 public:
  constexpr bool empty() const noexcept { return runs_ == 0; }

  // Replies outstanding. The replies of one LMTP message count as one here.
  constexpr std::size_t size() const noexcept { return awaited_; }

  // What the next reply answers; the pipeline must not be empty.
  constexpr act front() const noexcept { return at(0).what; }
  constexpr act back() const noexcept { return at(runs_ - 1).what; }

  // False, and nothing remembered, when there are too many runs.
  constexpr bool push(act what) noexcept {
    if (runs_ != 0 && at(runs_ - 1).what == what) {
      ++at(runs_ - 1).count;
    } else {
      if (runs_ == limits::pipeline_runs) return false;
      at(runs_) = run{what, 1};
      ++runs_;
    }
    ++awaited_;
    return true;
  }

  constexpr void pop() noexcept {
    --awaited_;
    if (--at(0).count != 0) return;
    first_ = static_cast<std::uint8_t>((first_ + 1) % limits::pipeline_runs);
    --runs_;
  }

  // Runs of like commands, at most limits::pipeline_runs.
  constexpr std::size_t runs() const noexcept { return runs_; }

  // Where a conversation that stands at `now` will stand when everything outstanding has succeeded.
  constexpr phase phase_after(phase now) const noexcept {
    for (std::size_t i = 0; i < runs_; ++i) {
      const act what = at(i).what;
      const bool content_follows = what == act::data || what == act::binary_data;
      now = conversation::next(now, what, content_follows ? outcome::intermediate : outcome::positive).value_or(now);
    }
    return now;
  }

 private:
  struct run {
    act what{};
    std::uint32_t count = 0;
  };

  constexpr const run& at(std::size_t i) const noexcept { return ring_[(first_ + i) % limits::pipeline_runs]; }
  constexpr run& at(std::size_t i) noexcept { return ring_[(first_ + i) % limits::pipeline_runs]; }

  run ring_[limits::pipeline_runs]{};
  std::size_t awaited_ = 0;
  std::uint8_t first_ = 0;
  std::uint8_t runs_ = 0;
};

}  // namespace sansmtp

#endif
