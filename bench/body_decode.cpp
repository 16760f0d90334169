// How fast does a message arrive: as views piece by piece, as many views at a time, copied into the
// caller's memory, and moved together where it stands; in small chunks; and when it is refused and only
// drained?

#include <array>

#include "bodies.hpp"

namespace {

using sansmtp::data_decoder;

void expect(benchmark::State& state, std::uint64_t octets) {
  if (octets == 0) state.SkipWithError("nothing was decoded");
}

std::uint64_t piece_by_piece(std::string_view text, std::size_t chunk) {
  data_decoder decoder;
  bodies::each_chunk(text, chunk, [&](std::string_view part) {
    const auto piece = decoder.decode(part);
    benchmark::DoNotOptimize(piece.bytes);
    return piece.used;
  });
  return decoder.size();
}

void views(benchmark::State& state, const std::string& text) {
  for (auto _ : state) expect(state, piece_by_piece(text, bodies::chunk));
  corpus::report(state, text.size(), bodies::chunks(text));
}

void many_views(benchmark::State& state, const std::string& text) {
  std::array<std::string_view, 256> pieces;
  for (auto _ : state) {
    data_decoder decoder;
    bodies::each_chunk(text, bodies::chunk, [&](std::string_view part) {
      const auto some = decoder.decode_into(part, pieces);
      benchmark::DoNotOptimize(pieces.data());
      benchmark::ClobberMemory();
      return some.used;
    });
    expect(state, decoder.size());
  }
  corpus::report(state, text.size(), bodies::chunks(text));
}

void copied(benchmark::State& state, const std::string& text) {
  std::vector<char> room(text.size() + 1);
  for (auto _ : state) {
    data_decoder decoder;
    bodies::each_chunk(text, bodies::chunk, [&](std::string_view part) {
      return decoder.decode_copy(part, std::span(room).subspan(decoder.size())).used;
    });
    benchmark::DoNotOptimize(room.data());
    benchmark::ClobberMemory();
    expect(state, decoder.size());
  }
  corpus::report(state, text.size(), bodies::chunks(text));
}

// The time has a memcpy in it: each chunk is read anew.
void in_place(benchmark::State& state, const std::string& text) {
  std::vector<char> room(bodies::chunk);
  for (auto _ : state) {
    data_decoder decoder;
    for (std::string_view left = text; !left.empty();) {
      const std::string_view part = left.substr(0, bodies::chunk);
      left.remove_prefix(part.size());
      part.copy(room.data(), part.size());
      for (auto rest = std::span(room).first(part.size()); !rest.empty();) {
        const auto piece = decoder.decode_in_place(rest);
        benchmark::DoNotOptimize(piece.bytes);
        benchmark::ClobberMemory();
        rest = rest.subspan(piece.used);
      }
    }
    expect(state, decoder.size());
  }
  corpus::report(state, text.size(), bodies::chunks(text));
}

// The same octets however few come at a time: per octet, what a call costs.
void dripping(benchmark::State& state) {
  const std::string& text = bodies::wire(corpus::body::prose, 256);
  const auto size = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) expect(state, piece_by_piece(text, size));
  corpus::report(state, text.size(), text.size() / size);
}

// Every second octet a lone LF: refused for the first, drained to the end.
void refused(benchmark::State& state) {
  std::string text;
  while (text.size() < std::size_t{256} << 10) text += "a\n";
  text += "\r\n.\r\n";
  for (auto _ : state) expect(state, piece_by_piece(text, bodies::chunk));
  corpus::report(state, text.size(), bodies::chunks(text));
}

const bool added = [] {
  bodies::add_rows(bodies::wire, {{"decode", views}, {"decode_into", many_views}, {"decode_copy", copied},
                                 {"decode_in_place", in_place}});
  return true;
}();

}  // namespace

BENCHMARK(dripping)->Name("decode/prose/256KiB/dripping")->Arg(1)->Arg(7)->Arg(1460)->Arg(16384);
BENCHMARK(refused)->Name("decode/refused/256KiB");
