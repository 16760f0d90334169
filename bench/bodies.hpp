// What the two questions about bodies share: the bodies, how they arrive, and one row for each.
//
// In chunks of 16 KiB, as they come from a socket, out of 16 MiB, which no second-level cache
// holds, and out of 256 KiB, which it does. An item is a chunk.

#ifndef SANSMTP_BENCH_BODIES_HPP
#define SANSMTP_BENCH_BODIES_HPP

#include <map>
#include <utility>

#include "corpus.hpp"
#include "sansmtp/wire/data_decoder.hpp"

namespace bodies {

inline constexpr std::size_t chunk = 16384;

inline std::size_t chunks(std::string_view text) { return (text.size() + chunk - 1) / chunk; }

struct named_body {
  corpus::body kind;
  std::string_view name;
};
inline constexpr named_body kinds[] = {{corpus::body::base64, "base64"},
                                       {corpus::body::prose, "prose"},
                                       {corpus::body::html, "html"},
                                       {corpus::body::dots, "dots"}};

// As it travels behind DATA, made once.
inline const std::string& wire(corpus::body kind, std::size_t kibibytes) {
  static std::map<std::pair<corpus::body, std::size_t>, std::string> made;
  std::string& text = made[{kind, kibibytes}];
  if (text.empty()) text = corpus::message(kind, kibibytes << 10);
  return text;
}

// What it says.
inline const std::string& content(corpus::body kind, std::size_t kibibytes) {
  static std::map<std::pair<corpus::body, std::size_t>, std::string> made;
  std::string& text = made[{kind, kibibytes}];
  if (!text.empty()) return text;
  sansmtp::data_decoder decoder;
  for (std::string_view rest = wire(kind, kibibytes); !rest.empty();) {
    const auto piece = decoder.decode(rest);
    text += piece.bytes;
    rest.remove_prefix(piece.used);
  }
  return text;
}

// Presents the text in chunks; use(chunk) says how much of one it took, until all is taken.
template <class Use>
void each_chunk(std::string_view text, std::size_t size, Use use) {
  while (!text.empty()) {
    std::string_view part = text.substr(0, size);
    text.remove_prefix(part.size());
    while (!part.empty()) part.remove_prefix(use(part));
  }
}

using measured = void (*)(benchmark::State&, const std::string& text);

struct row {
  const char* name;
  measured run;
};

inline void memcpy_alone(benchmark::State& state, const std::string& text) {
  corpus::memcpy_of(state, text, chunks(text));
}
inline void byte_loop(benchmark::State& state, const std::string& text) {
  corpus::byte_loop_of(state, text, chunks(text));
}

// Every row for every body, beside memcpy and the plain loop over the same octets.
template <std::size_t N>
void add_rows(const std::string& (*text_of)(corpus::body, std::size_t), const row (&rows)[N]) {
  for (const std::size_t kibibytes : {256U, 16384U}) {
    for (const named_body& body : kinds) {
      const auto add = [&](const row& what) {
        const std::string name =
            std::string(what.name) + "/" + std::string(body.name) + "/" +
            (kibibytes < 1024 ? std::to_string(kibibytes) + "KiB" : std::to_string(kibibytes / 1024) + "MiB");
        benchmark::RegisterBenchmark(name.c_str(),
                                     [run = what.run, text_of, kind = body.kind, kibibytes](benchmark::State& state) {
                                       run(state, text_of(kind, kibibytes));
                                     });
      };
      add({"memcpy_alone", memcpy_alone});
      add({"byte_loop", byte_loop});
      for (const row& what : rows) add(what);
    }
  }
}

}  // namespace bodies

#endif
