// How long do 88 characters of base64 take, as SASL sends them, from text to octets and back?

#include <array>
#include <span>

#include "corpus.hpp"
#include "sansmtp/sansmtp.hpp"

namespace {

constexpr std::size_t texts = 1000, raw_size = 66, size = 88;
static_assert(size == sansmtp::base64_size(raw_size));

const std::string& raw() {
  static const std::string made = [] {
    corpus::dice d(7);
    std::string octets(texts * raw_size, ' ');
    for (char& c : octets) c = static_cast<char>(static_cast<unsigned char>(d.below(256)));
    return octets;
  }();
  return made;
}

void write(std::string_view octets, sansmtp::writer& out) {
  sansmtp::writer::draft text(out);
  encode_base64(octets, text);
  (void)text.commit();
}

const std::string& text() {
  static const std::string made = [] {
    std::string all;
    for (std::size_t i = 0; i < texts; ++i) {
      sansmtp::output_buffer<size> out;
      write(std::string_view(raw()).substr(i * raw_size, raw_size), out);
      all += out.written();
    }
    return all;
  }();
  return made;
}

// Checked, and decoded.
void decode(benchmark::State& state) {
  const std::string_view all = text();
  std::array<char, size> room{};
  for (auto _ : state) {
    std::size_t good = 0;
    for (std::size_t at = 0; at < all.size(); at += size) {
      const auto one = sansmtp::base64_text::parse(all.substr(at, size));
      if (!one) break;
      good += one->decode(room).has_value();
      benchmark::DoNotOptimize(room.data());
      benchmark::ClobberMemory();
    }
    if (good != texts) state.SkipWithError("a text was refused");
  }
  corpus::report(state, all.size(), texts);
}

// Counted in the characters that are written.
void encode(benchmark::State& state) {
  const std::string_view all = raw();
  for (auto _ : state) {
    for (std::size_t at = 0; at < all.size(); at += raw_size) {
      sansmtp::output_buffer<size> out;
      write(all.substr(at, raw_size), out);
      benchmark::DoNotOptimize(out.written().data());
      benchmark::ClobberMemory();
    }
  }
  corpus::report(state, texts * size, texts);
}

void memcpy_alone(benchmark::State& state) { corpus::memcpy_of(state, text(), texts); }
void byte_loop(benchmark::State& state) { corpus::byte_loop_of(state, text(), texts); }

}  // namespace

BENCHMARK(memcpy_alone)->Name("base64/memcpy_alone");
BENCHMARK(byte_loop)->Name("base64/byte_loop");
BENCHMARK(decode)->Name("base64/decode");
BENCHMARK(encode)->Name("base64/encode");
