#!/usr/bin/env bash
# Someone else's project finds the library, both ways: installed, by find_package, and as a folder,
# by add_subdirectory; and its program builds and runs.
#
#   consumer.sh CMAKE BUILD COMPILER GENERATOR
set -euo pipefail
cmake=$1 build=$2 compiler=$3 generator=$4
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$cmake" --install "$build" --prefix "$work/prefix" >"$work/log" || { cat "$work/log"; exit 1; }

for way in installed folder; do
  options=(-DCMAKE_PREFIX_PATH="$work/prefix")
  [ $way = installed ] || options=(-DSANSMTP_FOLDER="$here/..")
  "$cmake" -S "$here/consumer" -B "$work/$way" -G "$generator" -DCMAKE_CXX_COMPILER="$compiler" "${options[@]}" \
    >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  "$cmake" --build "$work/$way" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  "$work/$way/consumer"
  [ ! -e "$work/$way/sansmtp/tests" ] || { echo "a user should not have to build our tests"; exit 1; }
done
