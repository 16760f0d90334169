// How fast does a message leave, its dots doubled: as views piece by piece, as many views at a time,
// and copied into the caller's memory; and how fast is a text from a local file put right?

#include <array>

#include "bodies.hpp"
#include "sansmtp/wire/data_encoder.hpp"

namespace {

using sansmtp::data_encoder;

void finish(benchmark::State& state, data_encoder& encoder) {
  if (!encoder.finish()) state.SkipWithError("the message was refused");
}

void views(benchmark::State& state, const std::string& text) {
  for (auto _ : state) {
    data_encoder encoder;
    bodies::each_chunk(text, bodies::chunk, [&](std::string_view part) {
      const auto piece = encoder.encode(part);
      benchmark::DoNotOptimize(piece->bytes);
      return piece->used;
    });
    finish(state, encoder);
  }
  corpus::report(state, text.size(), bodies::chunks(text));
}

void many_views(benchmark::State& state, const std::string& text) {
  std::array<std::string_view, 256> pieces;
  for (auto _ : state) {
    data_encoder encoder;
    bodies::each_chunk(text, bodies::chunk, [&](std::string_view part) {
      const auto some = encoder.encode_into(part, pieces);
      benchmark::DoNotOptimize(pieces.data());
      benchmark::ClobberMemory();
      return some->used;
    });
    finish(state, encoder);
  }
  corpus::report(state, text.size(), bodies::chunks(text));
}

void copy(benchmark::State& state, const std::string& text, sansmtp::newline_repair newlines) {
  std::vector<char> room(2 * text.size() + 8);
  for (auto _ : state) {
    data_encoder encoder(newlines);
    std::size_t written = 0;
    bodies::each_chunk(text, bodies::chunk, [&](std::string_view part) {
      const auto some = encoder.encode_copy(part, std::span(room).subspan(written));
      written += some->bytes.size();
      return some->used;
    });
    benchmark::DoNotOptimize(room.data());
    benchmark::ClobberMemory();
    finish(state, encoder);
  }
  corpus::report(state, text.size(), bodies::chunks(text));
}

void copied(benchmark::State& state, const std::string& text) { copy(state, text, sansmtp::newline_repair::refuse); }

// Lines that end with LF alone.
void repaired(benchmark::State& state) {
  std::string text = bodies::content(corpus::body::prose, 256);
  std::erase(text, '\r');
  copy(state, text, sansmtp::newline_repair::repair);
}

const bool added = [] {
  bodies::add_rows(bodies::content, {{"encode", views}, {"encode_into", many_views}, {"encode_copy", copied}});
  return true;
}();

}  // namespace

BENCHMARK(repaired)->Name("encode_copy/repaired/256KiB");
