// Every string over the octets that matter, through every way to decode and to encode a body.
//
//   every_body decode | encode     takes minutes; prints what it has run, and fails at the first difference
//
// A string is cut in two at every place by two facts, each tried for all strings: what the octets before a
// cut lead to is one of few states, and the same wherever they stand; and from each of these states the
// octets behind the cut mean what the definition says. A coder is nothing but its state, a value that is
// copied here, so both together are all strings at all cuts. The definitions are two
// machines, one octet a step (support/coder_forms.hpp); they are walked along with the strings, so that
// what strings have in common at their beginning is stepped through once.
//
// Strings of up to ten octets are coded alone, where memory ends. Those of up to eight stand amid longer
// lines too, so that blocks and groups of octets are what sees them: behind 0 to 63 octets, with the cut
// behind them, and with the cut before them at each alignment of memory.

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "support/coder_forms.hpp"
#include "support/every_cut.hpp"
#include "support/every_string.hpp"
#include "support/guard_page.hpp"

namespace {

constexpr std::size_t alone = support::longest_body;   // octets of the strings that are coded by themselves
constexpr std::size_t amid_lines = 8;                  // and of those that stand in longer lines
constexpr std::size_t places = support::alignments;    // where they stand in a group of octets
constexpr std::size_t seen_behind = 68;                // plain octets behind them without which no group is looked at
constexpr std::size_t longest_line = 2 * places + seen_behind;
static_assert(longest_line <= support::longest_chunk);

template <class Forms>
class every_body {
  using machine = typename Forms::machine;
  using coder = typename Forms::coder;

 public:
  bool run() {
    for (const bool mode : {false, true}) {
      mode_ = mode;
      states_ = Forms::states_of(mode);
      machines from_states{};
      for (std::size_t i = 0; i < states_; ++i) {
        from_[i] = lead_to(Forms::states[i]);
        from_states[i] = from_[i].as;
      }
      machines from_start{from_[0].as, from_[1].as};  // before and behind a plain octet
      from_start[1].used = 0;
      if (!walk_alone(0, from_states) || !walk_amid(0, from_start) || !walk_behind_cut(0, from_states)) return false;
    }
    return true;
  }

  void report(double seconds) const {
    const auto all = [](std::size_t length, bool cuts) {
      std::uint64_t strings = 0;
      for (std::uint64_t n = 0, of = 1; n <= length; ++n, of *= support::telling_octets.size())
        strings += of * (cuts ? n + 1 : 1);
      return static_cast<unsigned long long>(strings);
    };
    std::printf("%llu strings of up to %zu octets at %llu cuts; %llu of up to %zu octets at %llu cuts and %zu places, by %zu forms\n"
                "each in two modes: %llu runs of the coder, in %.0f s\n",
                all(alone, false), alone, all(alone, true), all(amid_lines, false), amid_lines, all(amid_lines, true),
                places, Forms::forms, static_cast<unsigned long long>(runs_), seconds);
  }

 private:
  // What octets have led to: the coder, and its machine without what it has put.
  struct origin {
    coder at{};
    machine as{};
  };
  using machines = std::array<machine, std::size(Forms::states)>;

  // What a string comes to with plain octets around it, for any number of these.
  class outcome {
   public:
    outcome(const machine& m, std::size_t taken_before) : m_(m), used_(m.used - taken_before) {
      text_.fill('a');
      std::memcpy(text_.data() + places, m.octets.data(), m.size);
    }
    std::string_view octets(std::size_t before, std::size_t behind) const {
      return {text_.data() + places - before, before + m_.size + (m_.over() || m_.why ? 0 : behind)};
    }
    std::size_t taken(std::size_t before, std::size_t behind) const { return before + used_ + (m_.over() ? 0 : behind); }
    machine where(std::size_t before, std::size_t behind) const {
      machine m = m_;
      if (m.why) m.why->at += static_cast<std::uint32_t>(before);
      m.used = static_cast<std::uint8_t>(m.used + before + (m.over() ? 0 : behind));
      return m;
    }

   private:
    machine m_;
    std::size_t used_;
    std::array<char, places + sizeof(support::meaning::octets) + places + seen_behind> text_;
  };

  origin lead_to(std::string_view octets) {
    origin out{Forms::fresh(mode_), Forms::start(mode_)};
    for (const char c : octets) out.as.step(c);
    const std::string_view content(out.as.octets.data(), out.as.size);
    if (!forms_.run(0, out.at, octets, octets.size(), content, out.as)) std::abort();
    out.as.size = 0;
    return out;
  }

  bool check(std::string_view what, std::size_t form, const origin& from, std::string_view chunk, const outcome& means,
             std::size_t before, std::size_t behind) {
    coder c = from.at;
    ++runs_;
    const machine m = means.where(before, behind);
    if (forms_.run(form, c, chunk, means.taken(before, behind), means.octets(before, behind), m) && forms_.counts(c, m))
      return true;
    std::printf("%.*s, %.*s, mode %d: %s\n", static_cast<int>(what.size()), what.data(),
                static_cast<int>(Forms::name_of[form].size()), Forms::name_of[form].data(), int{mode_},
                support::shown(chunk).c_str());
    return false;
  }

  // The strings that are longer by an octet, each with what it comes to in each of `count` machines.
  template <class Walk>
  bool longer(const machines& at, std::size_t count, Walk walk) {
    for (const char c : support::telling_octets) {
      machines next;
      for (std::size_t i = 0; i < count; ++i) {
        next[i] = at[i];
        next[i].step(c);
      }
      if (!walk(c, next)) return false;
    }
    return true;
  }

  // By itself, from the start; and, an octet shorter, behind a cut that has led to any other state.
  bool walk_alone(std::size_t size, const machines& at) {
    const std::span<char> memory = alone_.memory();
    char* const first = memory.data() + memory.size() - size;
    std::memcpy(first, text_.data(), size);
    const std::string_view text(first, size);
    for (std::size_t i = 0; i < (size == alone ? 1 : states_); ++i) {
      coder c = from_[i].at;
      const machine& m = at[i];
      ++runs_;
      if (!forms_.run(0, c, text, m.used - from_[i].as.used, {m.octets.data(), m.size}, m) ||
          (i == 0 && !forms_.counts(c, m))) {
        std::printf("alone, from state %zu, mode %d: %s\n", i, int{mode_}, support::shown(text).c_str());
        return false;
      }
    }
    return size == alone || longer(at, size + 1 == alone ? 1 : states_, [&](char c, const machines& next) {
             text_[size] = c;
             return walk_alone(size + 1, next);
           });
  }

  // Behind 0 to 63 plain octets; before as many as make every group of octets be looked at, or the cut.
  bool walk_amid(std::size_t size, const machines& at) {
    char* const first = amid_.data() + places;
    std::memset(first + size, 'a', amid_lines - size);
    machines on = at;
    for (std::size_t i = 0; i < 2; ++i) on[i].step('a');
    const outcome cut[] = {{at[0], 0}, {at[1], 0}};
    const outcome amid[] = {{on[0], 0}, {on[1], 0}};
    for (std::size_t before = 0; before < places; ++before) {
      const std::size_t whole = (before + amid_lines < places - 2 ? 0 : places) + seen_behind;
      const std::string_view line(first - before, whole);
      const std::size_t behind = whole - before - size - 1;
      for (std::size_t form = 0; form < Forms::forms; ++form)
        if (!check("amid a line", form, from_[0], line, amid[before != 0], before, behind) ||
            !check("before a cut", form, from_[0], line.substr(0, before + size), cut[before != 0], before, 0))
          return false;
    }
    return size == amid_lines || longer(at, 2, [&](char c, const machines& next) {
             first[size] = c;
             return walk_amid(size + 1, next);
           });
  }

  // At the beginning of a chunk, at every alignment of memory, behind a cut that has led to any state.
  bool walk_behind_cut(std::size_t size, const machines& at) {
    const auto line = [&](std::size_t alignment) { return behind_.data() + alignment * (2 * places + 1); };
    for (std::size_t alignment = 0; alignment < places; ++alignment)
      std::memset(line(alignment) + size, 'a', amid_lines - size);
    for (std::size_t i = 0; i < states_; ++i) {
      machine on = at[i];
      on.step('a');
      const outcome means(on, from_[i].as.used);
      for (std::size_t alignment = 0; alignment < places; ++alignment)
        for (std::size_t form = 0; form < Forms::forms; ++form)
          if (!check("behind a cut", form, from_[i], {line(alignment), size + seen_behind}, means, 0, seen_behind - 1))
            return false;
    }
    return size + 1 == amid_lines || longer(at, states_, [&](char c, const machines& next) {
             for (std::size_t alignment = 0; alignment < places; ++alignment) line(alignment)[size] = c;
             return walk_behind_cut(size + 1, next);
           });
  }

  template <std::size_t N>
  struct alignas(places) plain_octets : std::array<char, N> {
    plain_octets() { this->fill('a'); }
  };

  Forms forms_;
  bool mode_ = false;
  std::size_t states_ = 0;
  std::array<origin, std::size(Forms::states)> from_{};
  std::array<char, alone> text_{};
  support::guard_page alone_{std::string(alone, 'a'), support::guarded_side::right};
  plain_octets<places + longest_line> amid_;
  plain_octets<places * (2 * places + 1)> behind_;
  std::uint64_t runs_ = 0;
};

template <class Forms>
int walk() {
  const auto begin = std::chrono::steady_clock::now();
  every_body<Forms> all;
  if (!all.run()) return EXIT_FAILURE;
  all.report(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  return EXIT_SUCCESS;
}

}  // namespace

int main(int count, char** words) {
  const std::string_view what = count == 2 ? words[1] : "";
  if (what == "decode") return walk<support::decoder_forms>();
  if (what == "encode") return walk<support::encoder_forms>();
  std::fputs("every_body decode | encode\n", stderr);
  return EXIT_FAILURE;
}
