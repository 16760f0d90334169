#!/usr/bin/env bash
# Which lines and branches of include/ the tests run through: a row for each header, and what is missed.
#
#   tests/coverage.sh [ROOM...]
#
# By clang, into build/coverage. What was evaluated while compiling does not count. Code that no run can
# reach is excluded where it stands, with the reason: see coverage.py. The exit code is 1 when anything is missed.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$PWD/build/coverage
[ $# -gt 0 ] || set -- base grammar wire sasl session transcripts

# The first clang that has its tools beside it: the one without a number, or else the newest.
for version in '' $(compgen -c llvm-cov- | grep -oE -- '-[0-9]+$' | sort -u -t- -k2,2nr); do
  command -v clang++$version && command -v llvm-cov$version && command -v llvm-profdata$version && break
done >/dev/null

cmake -S . -B "$build" -DCMAKE_CXX_COMPILER=clang++$version -DCMAKE_BUILD_TYPE=None \
  "-DCMAKE_CXX_FLAGS=-O0 -fprofile-instr-generate -fcoverage-mapping" >/dev/null
cmake --build "$build" -j "${JOBS:-2}" --target $(printf 'test_%s ' "$@") >"$build/log" || { cat "$build/log"; exit 1; }
exports=()
for room in "$@"; do
  LLVM_PROFILE_FILE=$build/$room.profraw "$build/tests/test_$room" --minimal
  llvm-profdata$version merge -sparse "$build/$room.profraw" -o "$build/$room.profile"
  llvm-cov$version export -instr-profile "$build/$room.profile" "$build/tests/test_$room" >"$build/$room.json"
  exports+=("$build/$room.json")
done
python3 tests/coverage.py include/sansmtp "${exports[@]}"
