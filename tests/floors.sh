#!/usr/bin/env bash
# The rooms stand on floors: base below grammar below wire and sasl, which never see each other,
# below session. Fails when a header includes from a floor above its own or from the other of wire
# and sasl, when an include is not written as "sansmtp/room/file.hpp", or when headers include each
# other in a circle. Then puts one of each into a copy, to see that it would be noticed.
#
#   floors.sh INCLUDE/sansmtp
set -euo pipefail
export LC_ALL=C

# What each room may include from.
below() {
  case $1 in
    base) echo base ;;
    grammar) echo base grammar ;;
    wire) echo base grammar wire ;;
    sasl) echo base grammar sasl ;;
    session) echo base grammar wire sasl session ;;
    *) return 1 ;;
  esac
}

check() {
  local top=$1 bad=0 room allowed file line target
  for room in "$top"/*/; do
    room=$(basename "$room")
    allowed=$(below "$room") || { echo "$room: no such room"; bad=1; continue; }
    while IFS=: read -r file line target; do
      target=${target#*\"} target=${target%%\"*}
      if [[ ! $target =~ ^sansmtp/([a-z]+)/[a-z0-9_]+\.hpp$ || ! " $allowed " == *" ${BASH_REMATCH[1]} "* ]]; then
        echo "$file:$line: $room may not include \"$target\", only from: $allowed"
        bad=1
      fi
    done < <(grep -snE '^[[:space:]]*#[[:space:]]*include[[:space:]]*("|<sansmtp)' "$top/$room"/*.hpp /dev/null || true)
  done
  # Every header before those that include it: tsort finds the circles.
  (cd "$(dirname "$top")" && grep -rE '^#include "sansmtp/' sansmtp || true) |
    sed -E 's/^([^:]+):#include "([^"]+)".*/\2 \1/' >"$work/edges"
  tsort "$work/edges" >/dev/null 2>"$work/circle" || { cat "$work/circle"; bad=1; }
  return $bad
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
check "$1"

# The umbrella includes every header, once, in floor order.
for room in base grammar wire sasl session; do
  (cd "$1/.." && ls sansmtp/$room/*.hpp 2>/dev/null || true) | sed 's/.*/#include "&"/'
done >"$work/all"
grep '^#include' "$1/sansmtp.hpp" | diff "$work/all" - || { echo "sansmtp.hpp does not include every header in order"; exit 1; }

notices() {
  rm -rf "$work/sansmtp"
  cp -r "$1" "$work/sansmtp"
  local file=$work/sansmtp/$2
  mkdir -p "$(dirname "$file")"
  printf '%s\n' "$3" >>"$file"
  if check "$work/sansmtp" >"$work/said"; then
    echo "not noticed: $3 in $2"
    exit 1
  fi
}
notices "$1" base/extra.hpp '#include "sansmtp/wire/verb.hpp"'
notices "$1" sasl/extra.hpp '#include "sansmtp/wire/verb.hpp"'
notices "$1" wire/extra.hpp '#include "sansmtp/sasl/extra.hpp"'
notices "$1" wire/extra.hpp '  #  include <sansmtp/session/server.hpp>'
notices "$1" wire/extra.hpp '#include "verb.hpp"'
notices "$1" base/fault.hpp '#include "sansmtp/base/result.hpp"'
notices "$1" detail/extra.hpp ''
echo "the floors hold"
