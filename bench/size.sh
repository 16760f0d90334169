#!/usr/bin/env bash
# Prints how large the library makes a program: the least server, the least client (bench/size/), and
# both in one, for size, as for a small device: without exceptions, RTTI, unwind tables and relocations at
# run time, stripped. In octets of code and constants; what a program without the library has is taken
# off. Fails when both in one take more than 64 KiB; then, and with --symbols, it lists what is largest.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."
limit=65536
compiler=${CXX:-g++}
for tool in "$compiler" size nm; do command -v "$tool" >/dev/null || { echo "skipped: $tool is needed"; exit 77; }; done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build() {
  "$compiler" -std=c++20 -Os -fno-exceptions -fno-rtti -fno-asynchronous-unwind-tables -ffunction-sections \
    -fdata-sections -Wl,--gc-sections -no-pie -Iinclude "${@:3}" "bench/size/$1.cpp" -o "$work/$2"
}
octets() { size "$work/$1" | awk 'NR == 2 { print $1 + $2 }'; }

build nothing nothing -s
nothing=$(octets nothing)
for program in server client both; do
  build $program $program -s
  total=$(($(octets $program) - nothing))
  printf '%-8s %7d octets\n' $program $total
done
[ $total -le $limit ] || echo "both in one: more than $limit octets"
if [ $total -gt $limit ] || [ "${1:-}" = --symbols ]; then
  build both symbols
  nm -C -S -t d --size-sort -r "$work/symbols" | sed -E 's/^[0-9]+ 0*([0-9]+) . /\1 /' | cut -c1-120 | head -n 25 || true
fi
[ $total -le $limit ]
