#!/usr/bin/env bash
# Builds the benchmarks twice, for any machine of this kind and with all that this one can do
# (-march=native), runs them, and prints one table. What follows is passed to Google Benchmark:
#
#   bench/run.sh
#   bench/run.sh --benchmark_filter=decode --benchmark_repetitions=20
#
# SANSMTP_BENCH_BUILD names the folder for both builds (build-bench). Google Benchmark is installed when
# it is missing and the system is Debian's kind (libbenchmark-dev).
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${SANSMTP_BENCH_BUILD:-build-bench}

if ! echo '#include <benchmark/benchmark.h>' | "${CXX:-c++}" -x c++ -std=c++20 -fsyntax-only - 2>/dev/null; then
  if [ -n "${benchmark_DIR:-}${CMAKE_PREFIX_PATH:-}" ]; then
    : # the caller knows where it is
  elif command -v apt-get >/dev/null; then
    as_root=
    if [ "$(id -u)" != 0 ]; then as_root=sudo; fi
    $as_root apt-get install -y -q libbenchmark-dev >&2
  else
    echo "Google Benchmark is needed" >&2
    exit 1
  fi
fi

results=()
for build in plain native; do
  flags=${CXXFLAGS:-}
  if [ "$build" = native ]; then flags="$flags -march=native"; fi
  cmake -S . -B "$folder/$build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS="$flags" \
    -DSANSMTP_BUILD_BENCH=ON -DSANSMTP_BUILD_TESTS=OFF >/dev/null
  cmake --build "$folder/$build" -j "${JOBS:-2}" >&2
done
for question in bench/*.cpp; do
  question=$(basename "$question" .cpp)
  for build in plain native; do
    result=$folder/$build/$question.json
    "$folder/$build/bench/bench_$question" --benchmark_min_time=0.05 --benchmark_repetitions=5 \
      --benchmark_enable_random_interleaving=true "$@" --benchmark_format=json >"$result" 2>"$result.errors" ||
      { cat "$result.errors" >&2; exit 1; }
    results+=("build=$build" "$result")
  done
done
awk -v builds="plain native" -f bench/table.awk "${results[@]}"
