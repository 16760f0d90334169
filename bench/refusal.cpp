// What does it cost to refuse? Floods of what is no SMTP, through a whole session with its answers:
// it must be cheap for the one who is flooded, and no kind of it much dearer than another.

#include "corpus.hpp"
#include "sansmtp/sansmtp.hpp"

namespace {

using namespace sansmtp::literals;

struct flood {
  std::string text;
  std::size_t items = 0;
};

flood repeated(const auto& one) {
  flood made;
  corpus::dice d(8);
  for (; made.text.size() < std::size_t{256} << 10; ++made.items) made.text += one(d);
  return made;
}

std::string junk(corpus::dice& d, std::size_t size) {
  std::string octets(size, ' ');
  for (char& c : octets) c = static_cast<char>(32 + d.below(95));
  return octets;
}

flood long_lines() {
  return repeated([](auto& d) { return junk(d, 9000) + "\r\n"; });
}
flood bad_verbs() {
  return repeated([](auto& d) { return d.word(corpus::lower_letters, 3, 8) + " " + junk(d, d.below(30)) + "x\r\n"; });
}
flood bad_paths() {
  return repeated([](auto& d) {
    const std::string local = d.word(corpus::lower_letters, 3, 9), domain = corpus::domain(d);
    switch (d.below(4)) {
      case 0: return "MAIL FROM:<" + local + "@" + domain + ".>\r\n";
      case 1: return "MAIL FROM:<" + local + ".@" + domain + ">\r\n";
      case 2: return "MAIL FROM:<\"" + local + "@" + domain + ">\r\n";
      default: return "MAIL FROM:<" + local + "@-" + domain + ">\r\n";
    }
  });
}
flood bad_base64() {
  return repeated([](auto& d) { return "AUTH PLAIN " + d.word(corpus::base64_letters, 90, 90) + "=A\r\n"; });
}
flood lone_newlines() {
  return repeated([](auto& d) { return "NOOP " + d.word(corpus::lower_letters, 3, 30) + "\nRSET\r\n"; });
}
flood nuls() {
  return repeated(
      [](auto& d) { return "NOOP " + d.word(corpus::lower_letters, 3, 30) + std::string(2, '\0') + "\r\n"; });
}

bool is_refusal(const sansmtp::server_event& event) {
  const auto* unknown = std::get_if<sansmtp::other>(&event);
  return std::holds_alternative<sansmtp::refused>(event) ||
         (unknown != nullptr && unknown->kind == sansmtp::verb::unknown);
}

// Each line refused, and answered.
void refuse(benchmark::State& state, const flood& what) {
  using enum sansmtp::extension;
  const sansmtp::server_options options{
      .host = "mx.example"_domain, .extensions = {pipelining, auth}, .mechanisms = "PLAIN", .tls = true};
  for (auto _ : state) {
    sansmtp::server session(options);
    sansmtp::output_buffer<2048> out;
    std::size_t refusals = 0;
    const auto answer = [&] {
      while (session.owed() != 0 && session.answer(out)) {
      }
      benchmark::DoNotOptimize(out.written().data());
      out.clear();
    };
    answer();
    for (std::string_view rest = "EHLO flood.example\r\n"; !rest.empty(); answer())
      rest.remove_prefix(session.receive(rest).used);
    for (std::string_view rest = what.text; !rest.empty(); answer()) {
      const auto step = session.receive(rest);
      refusals += is_refusal(step.event);
      if (step.used == 0) break;
      rest.remove_prefix(step.used);
    }
    if (refusals != what.items) state.SkipWithError("a line was not refused");
  }
  corpus::report(state, what.text.size(), what.items);
}

// A reply of which no line is the last, until the client has had enough.
flood endless_replies() {
  flood made;
  corpus::dice d(9);
  while (made.text.size() <= sansmtp::limits::received_reply)
    made.text += "220-" + d.word(corpus::lower_letters, 60, 76) + "\r\n";
  made.items = 1;
  return made;
}

void hang_up(benchmark::State& state, const flood& what) {
  for (auto _ : state) {
    sansmtp::client session;
    const auto step = session.receive(what.text);
    const auto* over = std::get_if<sansmtp::closed>(&step.event);
    if (over == nullptr || !over->why) state.SkipWithError("there was no end to it");
  }
  corpus::report(state, what.text.size(), what.items);
}

void add(const std::string& name, flood (*make)(), void (*run)(benchmark::State&, const flood&)) {
  const auto add_row = [&](const char* row, auto measure) {
    benchmark::RegisterBenchmark((name + "/" + row).c_str(), [make, measure](benchmark::State& state) {
      const flood what = make();
      measure(state, what);
    });
  };
  add_row("memcpy_alone", [](auto& state, const flood& what) { corpus::memcpy_of(state, what.text, what.items); });
  add_row("byte_loop", [](auto& state, const flood& what) { corpus::byte_loop_of(state, what.text, what.items); });
  add_row("refused", run);
}

const bool added = [] {
  add("refusal/long_lines", long_lines, refuse);
  add("refusal/bad_verbs", bad_verbs, refuse);
  add("refusal/bad_paths", bad_paths, refuse);
  add("refusal/bad_base64", bad_base64, refuse);
  add("refusal/lone_newlines", lone_newlines, refuse);
  add("refusal/nuls", nuls, refuse);
  add("refusal/endless_replies", endless_replies, hang_up);
  return true;
}();

}  // namespace
