#!/usr/bin/env bash
# Every C++ block of the README compiles as it stands there, without a warning, with every compiler given.
#
#   readme.sh README INCLUDE COMPILER...
set -euo pipefail
readme=$1 include=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
awk -v to="$work" '/^```cpp$/ { n++; inside = 1; next } /^```$/ { inside = 0 } inside { print > (to "/block" n ".cpp") }' "$readme"
blocks=$(find "$work" -name 'block*.cpp' | wc -l)
[ "$blocks" -ge 2 ] || { echo "the README has $blocks blocks of C++"; exit 1; }
for compiler in "$@"; do
  for block in "$work"/block*.cpp; do
    "$compiler" -std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wsign-conversion -Werror \
      -Wno-misleading-indentation -I"$include" "$block" || { echo "does not compile with $compiler:"; cat "$block"; exit 1; }
  done
done
echo "$blocks blocks compile"
