#!/usr/bin/env bash
# Builds and runs the tests: tests/run.sh [BUILD-FOLDER]; those with the label slow only under
# SANSMTP_SLOW=1. Needs a C++20 compiler and CMake; what else is missing and can be installed with apt
# (a build tool, doctest, python3), is.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build}

missing=()
command -v ninja >/dev/null || command -v make >/dev/null || missing+=(ninja-build)
command -v python3 >/dev/null || missing+=(python3)
echo '#include <doctest/doctest.h>' | "${CXX:-c++}" -fsyntax-only -x c++ - 2>/dev/null || missing+=(doctest-dev)
if [ ${#missing[@]} -gt 0 ] && command -v apt-get >/dev/null; then
  sudo=$([ "$(id -u)" = 0 ] || command -v sudo || true)
  if [ "$(id -u)" = 0 ] || [ -n "$sudo" ]; then
    echo "installing: ${missing[*]}"
    $sudo apt-get update -qq || true
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null ||
      echo "could not install: ${missing[*]}"
  fi
fi

options=()
if [ ! -e "$build/CMakeCache.txt" ]; then
  # Light optimisation: the whole takes least time so.
  options+=(-DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_FLAGS_RELEASE=-O1")
  if command -v ninja >/dev/null; then options+=(-G Ninja); fi
fi
cmake -S . -B "$build" "${options[@]}"
cmake --build "$build" -j "${JOBS:-2}"
labels=()
[ -n "${SANSMTP_SLOW:-}" ] || labels=(-LE slow)
ctest --test-dir "$build" "${labels[@]}" --output-on-failure --no-tests=error -j "${JOBS:-2}"
