#!/usr/bin/env bash
# Builds and runs the benchmarks: bench/run.sh [BUILD-FOLDER [OPTIONS OF GOOGLE BENCHMARK]]. Needs
# Google Benchmark (Debian: libbenchmark-dev). CXXFLAGS=-mavx2, say, is taken over at the first run.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build-bench}
cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=Release -DSANSMTP_BUILD_BENCH=ON -DSANSMTP_BUILD_TESTS=OFF >/dev/null
cmake --build "$build" -j "${JOBS:-2}"
for question in commands replies body_decode; do
  printf '\n== %s\n' "$question"
  "$build/bench/bench_$question" "${@:2}"
done
