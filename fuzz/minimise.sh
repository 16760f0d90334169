#!/usr/bin/env bash
# Takes into fuzz/corpus what was found by fuzz/run.sh, as few inputs as reach the same code:
#
#   fuzz/minimise.sh [TARGET...]
#
# Of the packed inputs, those that the transcripts of tests/ give, and those of build-fuzz/corpus and
# build-fuzz-afl, libFuzzer keeps the smallest set that covers the same; that becomes fuzz/corpus/TARGET.pack.
set -euo pipefail
cd "$(dirname "$0")/.."
build=build-fuzz
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for file in fuzz/targets/*.cpp; do targets+=("$(basename "$file" .cpp)"); done
fi
[ -e "$build/CMakeCache.txt" ] || { echo "fuzz/run.sh first: it makes $build/" >&2; exit 1; }
cmake --build "$build" -j "${JOBS:-2}" --target fuzz_pack fuzz_seeds "${targets[@]/#/fuzz_}" >/dev/null

rm -rf "$build/said"
"$build/fuzz/fuzz_seeds" "$build/said"
mkdir -p fuzz/corpus
for target in "${targets[@]}"; do
  from=()
  packed=$build/packed/$target
  rm -rf "$packed" "$build/merged/$target"
  mkdir -p "$build/merged/$target"
  if [ -e "fuzz/corpus/$target.pack" ]; then
    "$build/fuzz/fuzz_pack" --unpack "fuzz/corpus/$target.pack" "$packed"
  fi
  for folder in "$build/said/$target" "$packed" "$build/corpus/$target" "build-fuzz-afl/afl/$target/default/queue"; do
    if [ -d "$folder" ]; then from+=("$folder"); fi
  done
  "$build/fuzz/fuzz_$target" -set_cover_merge=1 -timeout=30 -rss_limit_mb=3000 "$build/merged/$target" "${from[@]}" >"$build/$target.merge.log" 2>&1 ||
    { tail -20 "$build/$target.merge.log"; exit 1; }
  "$build/fuzz/fuzz_pack" "$build/merged/$target" "fuzz/corpus/$target.pack"
done
cat fuzz/corpus/*.pack | wc -c | sed 's/$/ octets in all/'
