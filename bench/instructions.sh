#!/usr/bin/env bash
# Counts the instructions of the hot paths, an item at a time, and holds them to bench/instructions.budget:
# none may take more than 5 % over its budget. Counts are the same on a busy machine and on an idle one.
#
#   bench/instructions.sh              prints a table; fails when a path is over its budget, or has none
#   bench/instructions.sh --update     writes what was counted as the budget
#
# What one round costs is the difference between running N rounds and 2N. Another compiler makes
# other code, so the budget names its own, and under any other nothing is judged: the table is
# printed, and the exit code is 77. It is 77 too where valgrind is missing and cannot be installed with apt.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."
budget=bench/instructions.budget

skip() { echo "skipped: $1"; exit 77; }

missing=()
command -v g++ >/dev/null || missing+=(g++)
command -v valgrind >/dev/null || missing+=(valgrind)
if [ ${#missing[@]} -gt 0 ] && command -v apt-get >/dev/null; then
  sudo=$([ "$(id -u)" = 0 ] || command -v sudo || true)
  if [ "$(id -u)" = 0 ] || [ -n "$sudo" ]; then
    echo "installing: ${missing[*]}"
    $sudo apt-get update -qq || true
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null || true
  fi
fi
for tool in g++ valgrind; do command -v $tool >/dev/null || skip "$tool is needed"; done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compiler="g++ $(g++ -dumpfullversion) $(g++ -dumpmachine)"
g++ -std=c++20 -O3 -Iinclude -Ibench bench/instructions/main.cpp -o "$work/instructions"

# The same functions of the C library everywhere, whatever the processor has: valgrind shows it to the program.
export GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-AVX2_Usable,-AVX_Fast_Unaligned_Load,-ERMS,-FSRM

# Prints instructions and items of so many rounds of one path.
run() {
  valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null --log-file="$work/said" \
    "$work/instructions" "$1" "$2" >"$work/items" || { cat "$work/said" >&2; return 1; }
  local instructions
  instructions=$(sed -n 's/.*I *refs: *//p' "$work/said" | tr -d ,)
  [ -n "$instructions" ] || { cat "$work/said" >&2; return 1; }
  echo "$instructions $(cat "$work/items")"
}

"$work/instructions" >"$work/paths"
while read -r name rounds; do
  once=$(run "$name" "$rounds")
  twice=$(run "$name" $((2 * rounds)))
  echo "$name $once $twice"
done <"$work/paths" | awk '{ printf "%s %.0f\n", $1, ($4 - $2) / ($5 - $3) }' >"$work/counts"

if [ "${1:-}" = --update ]; then
  { echo "# $compiler"; cat "$work/counts"; } >"$budget"
  cat "$budget"
  exit
fi

judged=yes
[ "$(head -n 1 "$budget")" = "# $compiler" ] || judged=no
awk -v judged=$judged '
  BEGIN { printf "%-28s %12s %12s %9s\n", "path", "instructions", "budget", "change" }
  /^#/ { next }
  NR == FNR { budget[$1] = $2; next }
  {
    if (!($1 in budget)) { printf "%-28s %12d %12s\n", $1, $2, "none"; ++bad; next }
    change = 100 * ($2 - budget[$1]) / budget[$1]
    over = $2 > budget[$1] * 1.05
    printf "%-28s %12d %12d %+8.1f %%%s\n", $1, $2, budget[$1], change, over && judged == "yes" ? "   over" : ""
    bad += over
    counted[$1] = 1
  }
  END {
    for (name in budget)
      if (!(name in counted)) { printf "%-28s %12s %12d\n", name, "no path", budget[name]; ++bad }
    exit judged == "yes" && bad > 0
  }' "$budget" "$work/counts" || {
  echo "Not within the budget. Where that is meant, bench/instructions.sh --update writes a new one, for the same commit."
  exit 1
}
[ $judged = yes ] || skip "the budget is for $(head -n 1 "$budget" | cut -c3-), this is $compiler"
