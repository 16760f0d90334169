#!/usr/bin/env bash
# The tests under every compiler, option and machine that the library is held to. Each row is one command.
#
#   tests/matrix.sh          all rows, and a table of what became of each
#   tests/matrix.sh ROW...   only these; a row that cannot be had here is skipped, and says why
#   tests/matrix.sh --list   the rows
#
# A row compiles the tests of its rooms from nothing, with warnings as errors, and runs them: here, under
# qemu, wine, node or valgrind. What it needs is installed with apt where that can be done. ROOMS="base
# wire" tries rows on less, JOBS is how much runs at once, and build/matrix/ROW/log keeps what was said.
# The exit code is 1 when a row failed, and 77 when all were skipped.
set -uo pipefail
cd "$(dirname "$0")/.."

# name | packages | compiler | options | rooms | what runs the programs
rows() {
  sed '/^ *#/d' <<ROWS
    gcc             | g++-12              | g++-12     | -O1                         | $all  |
    clang           | clang-14            | clang++-14 | -O1                         | $all  |
    clang-newest    | $newest             | $newest_pp | -O1 $newer                  | $most |
    libc++          | $libcxx             | clang++-14 | -O1 -stdlib=libc++          | $most |
    O0              | g++-12              | g++-12     | -O0                         | $most |
    O2              | g++-12              | g++-12     | -O2                         | $all  |
    O3              | g++-12              | g++-12     | -O3 $string_bug             | $most |
    Os              | g++-12              | g++-12     | -Os                         | $most |
    clang-O3        | clang-14            | clang++-14 | -O3                         | $most |
    lto             | g++-12              | g++-12     | -O2 -flto                   | $most |
    c++23           | g++-12              | g++-12     | -O1 -std=c++23              | $most |
    clang-c++23     | $newest             | $newest_pp | -O1 -std=c++23 $newer       | $most |
    no-exceptions   | g++-12              | g++-12     | -O1 -fno-rtti $no_throw     | $most |
    unsigned-char   | g++-12              | g++-12     | -O1 -funsigned-char         | $most |
    signed-char     | g++-12              | g++-12     | -O1 -fsigned-char           | $most |
    # The blocks that a scan is made of: none, the widest, and whatever this machine has.
    plain-block     | g++-12              | g++-12     | -O1 -U__SSE2__              | $most |
    avx2            | g++-12              | g++-12     | -O1 -mavx2                  | $most |
    native          | g++-12              | g++-12     | -O2 -march=native           | $most |
    asan            | $clang_rt           | clang++-14 | -O1 -g $address             | $all transcripts |
    # Without the other half: with it g++ 12 takes null checks in constant expressions for no constants.
    gcc-asan        | g++-12              | g++-12     | -O1 -g $gcc_address         | $most |
    integers        | $clang_rt           | clang++-14 | -O1 -g $integers            | $all  |
    msan            | $libcxx $clang_rt   | clang++-14 | -O1 -g $memory              | $most |
    valgrind        | g++-12 valgrind     | g++-12     | -O1 -g                      | $most | $valgrind
    i386            | g++-i686-linux-gnu  | i686-linux-gnu-g++ | -O1 -static         | $all  |
    armhf           | g++-arm-linux-gnueabihf qemu-user | arm-linux-gnueabihf-g++ | -O1 -static | $most | qemu-arm
    aarch64         | g++-aarch64-linux-gnu qemu-user   | aarch64-linux-gnu-g++   | -O1 -static | $all | qemu-aarch64
    s390x           | g++-s390x-linux-gnu qemu-user     | s390x-linux-gnu-g++     | -O1 -static | $all | qemu-s390x
    riscv64         | g++-riscv64-linux-gnu qemu-user   | riscv64-linux-gnu-g++   | -O1 -static | $most | qemu-riscv64
    windows         | $mingw              | x86_64-w64-mingw32-g++-posix | -O1 -static | $all | wine
    webassembly     | $wasi               | clang++-14 | -O1 --target=wasm32-wasi -fno-exceptions $plain $stack | $all | $node
ROWS
}

most="base grammar wire sasl"
all="$most session"
newest=$( (apt-cache search '^clang-[0-9]+$' 2>/dev/null; compgen -c clang-) | grep -oE '^clang-[0-9]+\b' | sort -uV | tail -n 1)
newest_pp=${newest/clang/clang++}
newer=-Wno-c2y-extensions  # doctest counts with __COUNTER__
string_bug=-Wno-restrict   # what g++ 12 says wrongly of std::string's operator+
libcxx="clang-14 libc++-14-dev libc++abi-14-dev"
clang_rt="clang-14 libclang-rt-14-dev"
mingw="g++-mingw-w64-x86-64-posix wine wine64"
wasi="clang-14 lld-14 wasi-libc libc++-14-dev-wasm32 libc++abi-14-dev-wasm32 libclang-rt-14-dev-wasm32 nodejs"
node="node --no-warnings tests/matrix/wasi.mjs"
valgrind="valgrind -q --error-exitcode=1"
# doctest can do without exceptions; a REQUIRE that fails then ends the program.
no_throw="-fno-exceptions -DDOCTEST_CONFIG_NO_EXCEPTIONS_BUT_WITH_ALL_ASSERTS"
address="-fsanitize=address,undefined -fno-sanitize-recover=all"
gcc_address="-fsanitize=address -Wno-maybe-uninitialized"  # instrumented, g++ 12 takes an empty std::optional for one to be read
# Beyond undefined behaviour, the numbers that clang finds suspicious. Not asked for: unsigned sums and
# shifts that wrap round, by design the arithmetic of digests, bit sets and saturating counts.
integers="-fsanitize=undefined,implicit-conversion,local-bounds -fno-sanitize-recover=all -fsanitize-ignorelist=tests/matrix/integers.txt"
# What stands for doctest where there are no signals, or where a library that is not compiled here disturbs.
plain=-Itests/matrix
# A test's frames do not fit the 64 KiB that a stack has there by default; one that overflows must not write over data.
stack="-Wl,-z,stack-size=1048576 -Wl,--stack-first -Wno-unused-command-line-argument"
# Whatever writes an octet must tell that it did: so the standard library's templates are compiled here too.
memory="-stdlib=libc++ -fsanitize=memory -D_LIBCPP_DISABLE_EXTERN_TEMPLATE $plain"
warnings="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wsign-conversion -Werror"
jobs=${JOBS:-2}

# Installs what is not there, where that can be done.
install() {
  local package sudo=
  for package in "$@"; do
    dpkg -s "$package" >/dev/null 2>&1 && continue
    command -v apt-get >/dev/null || return 0
    [ "$(id -u)" = 0 ] || sudo=$(command -v sudo) || return 0
    echo "installing $package"
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -qq -y --no-install-recommends "$package" >/dev/null ||
      echo "could not install $package"
  done
}

# Says why a row cannot be had here, if it cannot.
lacks() {
  local compiler=$1 options=$2 runner=${3%% *}
  command -v "$compiler" >/dev/null || { echo "no $compiler"; return; }
  [ -z "$runner" ] || command -v "$runner" >/dev/null || { echo "no $runner"; return; }
  [[ $options != *avx2* ]] || grep -qsw avx2 /proc/cpuinfo || { echo "this processor has no AVX2"; return; }
  echo 'int main() {}' | $compiler $options -x c++ - -o "$work/empty" || echo "$compiler makes no program"
}

# Compiles and runs one row in the folder $work. 0: passed, 1: failed, 77: skipped, and $work/why says why.
run_row() {
  local packages=$1 compiler=$2 options=$3 rooms=${ROOMS:-$4} runner=$5 room file
  install $packages
  lacks "$compiler" "$options" "$runner" >"$work/why"
  [ ! -s "$work/why" ] || return 77

  # A compiler for another machine does not look where this one's doctest lies.
  mkdir "$work/include"
  ln -s "$(dirname "$doctest")" "$work/include/doctest"
  export work compile="$compiler -std=c++20 $warnings $options -Iinclude -Itests -isystem $work/include"
  for file in tests/main.cpp $(printf 'tests/%s/*_test.cpp ' $rooms); do
    case "$file $options" in
      */openssl_test.cpp*) ;;         # OpenSSL is there for this machine alone: tests/run.sh compares with it
      # What streams are made of is not compiled here.
      */secret_test.cpp*=memory* | */conversation_test.cpp*=memory*) ;;
      *) echo "$file" ;;
    esac
  done | xargs -P "$jobs" -I{} bash -c 'o=$(tr / . <<<"${1#tests/}"); $compile -c "$1" -o "$work/$o.o"' x {} || return 1
  for room in $rooms; do
    $compiler $options "$work"/main.cpp.o "$work/$room".*.o -o "$work/test_$room.exe" || return 1
  done
  [ "$runner" != wine ] || wine wineboot --init  # once, and not by several programs at the same time
  export run="$runner"
  printf '%s\n' $rooms | xargs -P "$jobs" -I{} bash -c 'echo "{}:"; $run "$work/test_{}.exe" || { echo "{}: failed"; exit 1; }'
}

if [ "${1-}" = --list ]; then
  rows | while IFS='|' read -r name _ compiler options _; do
    read -r name <<<"$name"
    printf '%-16s %s\n' "$name" "$(tr -s ' ' <<<"$compiler $options")"
  done
  exit
fi
doctest=$(echo '#include <doctest/doctest.h>' | "${CXX:-c++}" -M -x c++ - 2>/dev/null | grep -oE '[^ ]+/doctest\.h' | head -n 1)
[ -n "$doctest" ] || { install doctest-dev; doctest=/usr/include/doctest/doctest.h; }
export WINEPREFIX=$PWD/build/matrix/wine WINEDEBUG=-all

passed=0 failed=0 known=0
printf '%-16s %-8s %s\n' row result seconds
while IFS='|' read -r name packages compiler options rooms runner; do
  read -r name <<<"$name"
  [ $# = 0 ] || [[ " $* " == *" $name "* ]] || continue
  known=$((known + 1)) start=$SECONDS
  work=build/matrix/$name
  rm -rf "$work"
  mkdir -p "$work"
  read -r compiler <<<"$compiler"
  run_row "$packages" "$compiler" "$options" "$rooms" "$(xargs <<<"$runner")" >"$work/log" 2>&1 </dev/null
  case $? in
    0) passed=$((passed + 1)) result=passed why= ;;
    77) result=skipped why=$(<"$work/why") ;;
    *) failed=$((failed + 1)) result=FAILED why="see $work/log" ;;
  esac
  printf '%-16s %-8s %4d  %s\n' "$name" "$result" $((SECONDS - start)) "$why"
  rm -f "$work"/*.o "$work"/test_*
done < <(rows)
[ $known -gt 0 ] || { echo "no such row; tests/matrix.sh --list tells which there are"; exit 1; }
echo "$passed of $known rows passed, $failed failed"
[ $failed = 0 ] || exit 1
[ $passed -gt 0 ] || exit 77
