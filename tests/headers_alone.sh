#!/usr/bin/env bash
# Every header compiles alone, and twice, without exceptions, without RTTI and without a warning,
# with every compiler given.
#
#   headers_alone.sh INCLUDE COMPILER...
set -euo pipefail
include=$1
shift

alone() {
  local include=$1 compiler=$2 header=$3
  printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
    "$compiler" -std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wsign-conversion -Werror \
      -fno-exceptions -fno-rtti -I"$include" -x c++ - || { echo "not alone with $compiler: $header"; exit 1; }
}
export -f alone

status=0
for compiler in "$@"; do
  (cd "$include" && find sansmtp -name '*.hpp' | sort) |
    xargs -P 2 -I{} bash -c 'alone "$@"' alone "$include" "$compiler" {} || status=1
done
exit $status
