#!/usr/bin/env bash
# How many small faults put into the headers the tests notice.
#
#   tests/mutation.sh [COUNT [SEED [HEADER...]]]     for instance: tests/mutation.sh 100 1 grammar/domain.hpp
#   tests/mutation.sh --again LOG                    what survived in the run whose output LOG is
#
# See mutation.py for what is changed and when a mutant counts as killed.
set -euo pipefail
cd "$(dirname "$0")/.."
exec nice python3 -B tests/mutation.py "${1:-200}" "${2:-1}" "${@:3}"
