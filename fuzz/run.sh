#!/usr/bin/env bash
# Builds the fuzz targets and runs each of them from its corpus, under ASan and UBSan, one after the other:
#
#   fuzz/run.sh [--afl] [SECONDS] [TARGET...]
#
# 60 seconds and every target when nothing else is said. By libFuzzer (needs clang++), or with --afl by AFL++
# (needs afl-clang-fast++ and afl-fuzz). Prints a table, and fails on any finding. What it finds lies in
# build-fuzz/ or build-fuzz-afl/: corpus/TARGET, which grows from run to run, and findings/TARGET.
set -euo pipefail
cd "$(dirname "$0")/.."

by=libfuzzer build=build-fuzz compiler=clang++
if [[ ${CXX:-} == *clang++* ]]; then compiler=$CXX; fi
if [ "${1:-}" = --afl ]; then
  by=afl build=build-fuzz-afl compiler=afl-clang-fast++
  shift
fi
seconds=60
if [[ ${1:-} =~ ^[0-9]+$ ]]; then
  seconds=$1
  shift
fi
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for file in fuzz/targets/*.cpp; do targets+=("$(basename "$file" .cpp)"); done
fi
for tool in "$compiler" cmake; do
  command -v "$tool" >/dev/null || { echo "$tool is not here" >&2; exit 77; }
done

echo "building ${#targets[@]} targets with $compiler in $build/"
if [ ! -e "$build/CMakeCache.txt" ]; then
  generator=()
  if command -v ninja >/dev/null; then generator=(-G Ninja); fi
  cmake -S . -B "$build" "${generator[@]}" -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=None \
    -DSANSMTP_BUILD_TESTS=OFF -DSANSMTP_BUILD_FUZZ=ON >/dev/null
fi
cmake --build "$build" -j "${JOBS:-2}" --target fuzz_pack "${targets[@]/#/fuzz_}" >"$build/build.log" 2>&1 ||
  { tail -40 "$build/build.log"; exit 1; }

# The longest input that is tried, in octets: what reads whole dialogues needs more than a rule of the grammar.
longest() {
  case $1 in
    server_session | client_session | reply | line) echo 4096 ;;
    command | parameters | ehlo | response | base64 | sasl) echo 2048 ;;
    *) echo 1024 ;;
  esac
}

number_in() { sed -n "s/^$2[ :]*\([0-9]*\).*/\1/p" "$1" | tail -1; }

run_libfuzzer() {
  "$build/fuzz/fuzz_$1" -max_total_time="$seconds" -max_len="$(longest "$1")" -timeout=30 -rss_limit_mb=3000 \
    -dict=fuzz/smtp.dict -artifact_prefix="$findings/" -print_final_stats=1 "$corpus" >"$log" 2>&1 && found=0 || found=1
  executions=$(number_in "$log" stat::number_of_executed_units)
  rate=$(number_in "$log" stat::average_exec_per_sec)
  inputs=$(ls "$corpus" | wc -l)
}

run_afl() {
  rm -rf "$build/afl/$1"
  mkdir -p "$build/afl/$1"
  AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1 \
    afl-fuzz -V "$seconds" -G "$(longest "$1")" -t 2000 -m none -x fuzz/smtp.dict -i "$corpus" -o "$build/afl/$1" \
    -- "$build/fuzz/fuzz_$1" >"$log" 2>&1 || true
  local stats=$build/afl/$1/default/fuzzer_stats
  [ -e "$stats" ] || { tail -20 "$log"; executions= rate= inputs=0 found=1; return; }
  executions=$(number_in "$stats" execs_done)
  rate=$(number_in "$stats" execs_per_sec)
  inputs=$(number_in "$stats" corpus_count)
  cp "$build/afl/$1/default/crashes/"id* "$findings/" 2>/dev/null || true
  found=$(number_in "$stats" saved_crashes)
}

printf '\n%-18s %12s %9s %8s %9s\n' target executions exec/s corpus findings
all=0 bad=0
for target in "${targets[@]}"; do
  corpus=$build/corpus/$target findings=$build/findings/$target log=$build/$target.log
  mkdir -p "$findings"
  if [ -e "fuzz/corpus/$target.pack" ]; then
    "$build/fuzz/fuzz_pack" --unpack "fuzz/corpus/$target.pack" "$corpus"
  fi
  mkdir -p "$corpus"
  [ -n "$(ls "$corpus")" ] || echo >"$corpus/empty"
  "run_$by" "$target"
  printf '%-18s %12s %9s %8s %9s\n' "$target" "${executions:-none}" "${rate:-0}" "$inputs" "$found"
  all=$((all + ${executions:-0}))
  if [ "$found" != 0 ]; then
    bad=$((bad + 1))
    grep -h 'does not hold\|runtime error\|ERROR: \|SUMMARY: ' "$log" | head -5 || true
  fi
done
printf '%-18s %12s\n' total "$all"
[ "$bad" = 0 ] || { echo "findings in $bad of ${#targets[@]} targets: $build/findings/" >&2; exit 1; }
