#!/usr/bin/env bash
# What must not compile does not, and for its own reason. The first line of each file in refused/
# is "// Must not compile: TEXT", and TEXT stands in what the compiler says; "// Must compile." is
# for the controls, which show that the others fail by that one fault and not by a slip.
#
#   refused.sh INCLUDE COMPILER...
set -euo pipefail
include=$1
shift
said=$(mktemp)
trap 'rm -f "$said"' EXIT

status=0 refused=0 controls=0
for file in "$(dirname "$0")"/refused/*.cpp; do
  first=$(head -n 1 "$file")
  for compiler in "$@"; do
    compiled=yes
    "$compiler" -std=c++20 -fsyntax-only -Werror -I"$include" "$file" >"$said" 2>&1 || compiled=no
    case $first in
      "// Must compile.")
        controls=$((controls + 1))
        [ $compiled = yes ] || { echo "$file: should compile with $compiler"; head -n 20 "$said"; status=1; } ;;
      "// Must not compile: "?*)
        refused=$((refused + 1))
        text=${first#"// Must not compile: "}
        if [ $compiled = yes ]; then
          echo "$file: compiles with $compiler"; status=1
        elif ! grep -qF -- "$text" "$said"; then
          echo "$file: $compiler refuses it, but does not say \"$text\":"; head -n 20 "$said"; status=1
        fi ;;
      *) echo "$file: its first line does not say whether it must compile"; status=1 ;;
    esac
  done
done
[ $refused -gt 0 ] && [ $controls -gt 0 ] || { echo "nothing was tried"; status=1; }
exit $status
