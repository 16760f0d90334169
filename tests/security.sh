#!/usr/bin/env bash
# SECURITY.md tells no tales: each test that it names is in the file that it points to, each row of the
# matrix exists, every promise and class has at least one of them, and no test of a class is left out.
#
#   security.sh
set -euo pipefail
cd "$(dirname "$0")"
page=../.github/SECURITY.md
status=0
missing() { echo "$1"; status=1; }

named=0
while IFS='|' read -r sentence file; do
  named=$((named + 1))
  grep -qsF "TEST_CASE(\"$sentence\")" "$file" || missing "no test \"$sentence\" in $file"
done < <(grep -oE '\[`[^`]*`\]\([^)]*\)' $page | sed -E 's/^\[`(.*)`\]\(\.\.\/tests\/(.*)\)$/\1|\2/')
[ $named -ge 40 ] || missing "only $named tests are named"

while read -r file; do
  [ -x "${file#../tests/}" ] || missing "no script $file"
done < <(grep -oE '\]\([^)]*\.sh\)' $page | sed -E 's/^\]\((.*)\)$/\1/')

rows=$(./matrix.sh --list | cut -d' ' -f1)
while read -r row; do
  grep -qxF -- "$row" <<<"$rows" || missing "no row $row in matrix.sh"
done < <(grep -oE 'the rows? .*matrix\.sh\]' $page | grep -oE '`[^`]+`' | tr -d '`')

while read -r row; do
  grep -qE '\.(cpp|sh)\)' <<<"$row" || missing "nothing keeps this: $row"
done < <(grep '^|' $page | grep -vE '^\|(-|( promise| class) \|)')

while read -r sentence; do
  grep -qF "\`$sentence\`" $page || missing "the page does not name: $sentence"
done < <(grep -oE 'TEST_CASE\("[^"]*' session/fault_classes_test.cpp | cut -d'"' -f2)
[ $status != 0 ] || echo "$named tests keep what the page promises"
exit $status
