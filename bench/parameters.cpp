// How long do the parameters of MAIL and RCPT take, from their octets to checked values; and how
// long until every value has been read, those that are decoded when asked for too?

#include "corpus.hpp"
#include "sansmtp/sansmtp.hpp"

namespace {

constexpr std::size_t count = 20'000;

const std::string& mail_text() {
  static const std::string made = corpus::mail_parameter_lists(count);
  return made;
}
const std::string& rcpt_text() {
  static const std::string made = corpus::rcpt_parameter_lists(count);
  return made;
}

// Every list of `all`, parsed and given to `use`.
template <class Parameters, class Use>
void each_list(benchmark::State& state, std::string_view all, Use use) {
  for (auto _ : state) {
    std::size_t good = 0;
    for (std::string_view rest = all; !rest.empty();) {
      const std::size_t end = rest.find('\n');
      const auto list = Parameters::parse(rest.substr(0, end), sansmtp::quirks::deployed);
      rest.remove_prefix(end + 1);
      if (!list) break;
      use(*list);
      ++good;
    }
    if (good != count) state.SkipWithError("a list was refused");
  }
  corpus::report(state, all.size(), count);
}

void mail_parsed(benchmark::State& state) {
  each_list<sansmtp::mail_parameters>(state, mail_text(), [](const auto& list) { benchmark::DoNotOptimize(list); });
}
void mail_read(benchmark::State& state) {
  each_list<sansmtp::mail_parameters>(state, mail_text(), [](const sansmtp::mail_parameters& list) {
    benchmark::DoNotOptimize(list.size());
    benchmark::DoNotOptimize(list.body());
    benchmark::DoNotOptimize(list.smtputf8());
    benchmark::DoNotOptimize(list.ret());
    benchmark::DoNotOptimize(list.envid());
    benchmark::DoNotOptimize(list.auth());
    benchmark::DoNotOptimize(list.by());
    benchmark::DoNotOptimize(list.mt_priority());
  });
}
void rcpt_parsed(benchmark::State& state) {
  each_list<sansmtp::rcpt_parameters>(state, rcpt_text(), [](const auto& list) { benchmark::DoNotOptimize(list); });
}
void rcpt_read(benchmark::State& state) {
  each_list<sansmtp::rcpt_parameters>(state, rcpt_text(), [](const sansmtp::rcpt_parameters& list) {
    benchmark::DoNotOptimize(list.notify());
    benchmark::DoNotOptimize(list.orcpt());
  });
}

void mail_memcpy_alone(benchmark::State& state) { corpus::memcpy_of(state, mail_text(), count); }
void mail_byte_loop(benchmark::State& state) { corpus::byte_loop_of(state, mail_text(), count); }
void rcpt_memcpy_alone(benchmark::State& state) { corpus::memcpy_of(state, rcpt_text(), count); }
void rcpt_byte_loop(benchmark::State& state) { corpus::byte_loop_of(state, rcpt_text(), count); }

}  // namespace

BENCHMARK(mail_memcpy_alone)->Name("parameters/mail/memcpy_alone");
BENCHMARK(mail_byte_loop)->Name("parameters/mail/byte_loop");
BENCHMARK(mail_parsed)->Name("parameters/mail/parsed");
BENCHMARK(mail_read)->Name("parameters/mail/parsed_and_read");
BENCHMARK(rcpt_memcpy_alone)->Name("parameters/rcpt/memcpy_alone");
BENCHMARK(rcpt_byte_loop)->Name("parameters/rcpt/byte_loop");
BENCHMARK(rcpt_parsed)->Name("parameters/rcpt/parsed");
BENCHMARK(rcpt_read)->Name("parameters/rcpt/parsed_and_read");
