#!/usr/bin/env bash
# Nothing of a password stays in memory behind the wipe, with full and with link-time optimisation:
# wipe_probe.cpp is compiled at -O3 with and without -flto by every compiler given, and searches
# itself. Each is also told to keep the password, to see that the search would find it. Ends with 77
# where there is no /proc to read.
#
#   wipe.sh INCLUDE COMPILER...
set -euo pipefail
include=$1
shift
[ -r /proc/self/maps ] || { echo "skipped: no /proc/self/maps"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

status=0 tried=0
for compiler in "$@"; do
  for options in "-O3 -flto" "-O3"; do
    if ! "$compiler" -std=c++20 $options -I"$include" "$(dirname "$0")/wipe_probe.cpp" -o "$work/probe" -pthread \
        2>"$work/said"; then
      # Without the compiler's plugin for the linker there is no -flto to try.
      if [[ $options == *-flto* ]] && grep -qiE 'lto|plugin' "$work/said"; then
        echo "$compiler $options: skipped, it can not link so"
        continue
      fi
      cat "$work/said"
      exit 1
    fi
    tried=$((tried + 1))
    "$work/probe" >"$work/wiped" || { echo "$compiler $options: a secret is left"; status=1; }
    echo "$compiler $options"
    cat "$work/wiped"
    if "$work/probe" keep >"$work/kept"; then echo "$compiler $options: the search finds nothing"; status=1; fi
    for what in "the password" "SaltedPassword of SHA-256" "ClientKey of SHA-256"; do
      grep -qF "$what" "$work/kept" || { echo "$compiler $options: kept, and not found: $what"; cat "$work/kept"; status=1; }
    done
  done
done
[ $tried -gt 0 ] || { echo "skipped: nothing could be linked"; exit 77; }
exit $status
