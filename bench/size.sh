#!/usr/bin/env bash
# Prints how large the library makes a program: the least server, the least client (bench/size/), and
# both in one, for size, as for a small device: without exceptions, RTTI, unwind tables and relocations at
# run time, stripped. In octets of code and constants; what a program without the library has is taken
# off. First as they are, and then speaking only the extensions that they offer (wire/spoken.hpp): fails
# when a server or a client takes more than 64 KiB so; then, and with --symbols, it lists what is largest.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."
limit=65536
few="extension::pipelining, extension::size, extension::eight_bit_mime"
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
over=0
printf '%-8s %16s %16s\n' "" "every extension" "a few"
for program in server client both; do
  build $program every -s
  build $program few -s "-DSANSMTP_SPOKEN=$few"
  total=$(($(octets few) - nothing))
  printf '%-8s %9d octets %9d octets\n' $program $(($(octets every) - nothing)) $total
  if [ $program != both ] && [ $total -gt $limit ]; then
    echo "$program: more than $limit octets"
    over=1
  fi
done
if [ $over = 1 ] || [ "${1:-}" = --symbols ]; then
  build both symbols "-DSANSMTP_SPOKEN=$few"
  nm -C -S -t d --size-sort -r "$work/symbols" | sed -E 's/^[0-9]+ 0*([0-9]+) . /\1 /' | cut -c1-120 | head -n 25 || true
fi
exit $over
