"""Mutation testing: puts one small fault at a time into a header, and sees whether a test notices.

    mutation.py COUNT SEED [HEADER...]
    mutation.py --again LOG              those that survived in the run whose output LOG is

A seeded sample of all places where an operator below applies. A mutant is compiled with the test files that
have its header in them, nearest first, until one notices: a static_assert or a test that fails, or that does
not end. One that does not compile for another reason is no program and is not counted, nor is one in code for
another machine. What no input can tell from the original stands in mutation_equal.txt, with the argument.
The exit code is 1 when less than 95 percent are killed.
"""

import collections
import concurrent.futures
import os
import pathlib
import queue
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE, TESTS = ROOT / "include", ROOT / "tests"
ROOMS = ["base", "grammar", "wire", "sasl", "session", "transcripts"]
FILES_A_MUTANT = 16  # as many test files, at most, have their try
COMPILER = os.environ.get("CXX", "g++").split()
GOAL = 95


# What is changed, each with what it becomes. Code is written with a space on either side of a binary
# operator, and template brackets without, so a pattern is enough to tell them apart.
def swap(pattern, other):
    return re.compile(pattern), lambda m: other[m.group()]


OPERATORS = {
    "relation": swap(r" (<|<=|>|>=|==|!=) ", {" < ": " <= ", " <= ": " < ", " > ": " >= ", " >= ": " > ", " == ": " != ", " != ": " == "}),
    "logic": swap(r" (&&|\|\|) ", {" && ": " || ", " || ": " && "}),
    "negation": (re.compile(r"!(?=[A-Za-z_(:])"), lambda m: ""),
    "arithmetic": swap(r" [+-] ", {" + ": " - ", " - ": " + "}),
    "assignment": swap(r" [+-]= ", {" += ": " -= ", " -= ": " += "}),
    "step": swap(r"\+\+|--", {"++": "--", "--": "++"}),
    "bits": swap(r" (&|\||<<|>>) ", {" & ": " | ", " | ": " & ", " << ": " >> ", " >> ": " << "}),
    "truth": swap(r"\b(true|false)\b", {"true": "false", "false": "true"}),
    "number": (re.compile(r"(?<![\w.'])(0x[0-9A-Fa-f]+|\d+)(?=[uUlL]*\b)(?!\.)"), lambda m: str(int(m.group(), 0) + 1)),
    "statement": (
        re.compile(r"^\s+(?!return|using|break|continue|delete|asm|static|friend)(\+\+|--)?[\w.:>\-\[\]()*]+(\(.*\)| ([-+|&^]|<<|>>)?= .*)?;$"),
        lambda m: ";",
    ),
}
# Where a change would only be about types, or about what is asserted.
NOT_CODE = re.compile(r"^\s*(#|//|static_assert|using |template|requires|namespace|friend class|asm)|= (delete|default);|\basm\b|operator(<=>|\+|-|==|<)")

Mutant = collections.namedtuple("Mutant", "header line operator before after")


# The code of each line, strings, characters and remarks blanked out, column by column.
def code_of(text):
    blank = lambda m: " " * len(m.group()) if m.group().startswith("//") else '"' + "_" * (len(m.group()) - 2) + '"'
    return [re.sub(r"//.*|\"(\\.|[^\"\\])*\"|'(\\.|[^'\\])+'", blank, line) for line in text]


def mutants_of(header):
    text = (INCLUDE / "sansmtp" / header).read_text().split("\n")
    asserted = checking = False  # within a static_assert, or a function that is there for one
    for number, code in enumerate(code_of(text)):
        asserted = asserted or code.lstrip().startswith("static_assert")
        checking = checking or re.match(r"consteval bool \w+_table_is_", code)
        if asserted or checking or NOT_CODE.search(code):
            asserted = asserted and ";" not in code
            checking = checking and code != "}"
            continue
        for operator, (pattern, other) in OPERATORS.items():
            for m in pattern.finditer(code):
                line = text[number]
                after = line[: m.start()] + other(m) + line[m.end() :]
                yield Mutant(header, number + 1, operator, line, after)


def included(file, seen):
    for name in re.findall(r'^#include "([^"]+)"', file.read_text(), re.M):
        path = next((p for p in (INCLUDE / name, TESTS / name) if p.exists()), None)
        if path and path not in seen:
            seen.add(path)
            included(path, seen)
    return seen


TEST_FILES = {f: included(f, set()) for room in ROOMS for f in sorted((TESTS / room).glob("*_test.cpp")) if f.stem != "openssl_test"}


# Which test files a mutant of the header is tried with: of its name, of its room, then of the rooms above.
def tests_of(header):
    path = INCLUDE / "sansmtp" / header
    room, name = path.parent.name, path.stem

    def far(file):
        direct = f'"sansmtp/{header}"' in file.read_text()
        return (not file.stem.startswith(name), not direct, file.parent.name != room, ROOMS.index(file.parent.name), file.stat().st_size)

    return sorted((f for f, headers in TEST_FILES.items() if path in headers), key=far)[:FILES_A_MUTANT]


# A program gone astray has 4 GiB, and its time.
def call(command, seconds):
    bound = lambda: resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=seconds, cwd=ROOT, preexec_fn=bound)
        return done.returncode, done.stdout + done.stderr
    except subprocess.TimeoutExpired:
        return None, ""


NOTICED = re.compile(r"static.assert|constant expression|constexpr.*(limit|exceeds)|depth exceeds|constant evaluation")


# "killed by FILE", "survived", or "no program".
def verdict(mutant, folder, main):
    header = folder / "include" / "sansmtp" / mutant.header
    original = header.read_text()
    lines = original.split("\n")
    lines[mutant.line - 1] = mutant.after
    preprocess = [*COMPILER, "-std=c++20", "-E", "-P", f"-I{folder}/include", str(header)]
    before = call(preprocess, 60)
    header.write_text("\n".join(lines))
    try:
        if call(preprocess, 60) == before:
            return "no program"
        for file in tests_of(mutant.header):
            program = folder / "program"
            command = [*COMPILER, "-std=c++20", "-O0", "-w", f"-I{folder}/include", f"-I{TESTS}", str(file), str(main), "-o", str(program)]
            code, said = call(command, 600)
            if code is not None and code != 0 and not NOTICED.search(said):
                return "no program"
            if code != 0 or call([str(program), "--abort-after=1", "--minimal"], 60)[0] != 0:
                return f"killed by {file.relative_to(TESTS)}"
        return "survived"
    finally:
        header.write_text(original)


# What is to be tried: all places, the sample of them, and what to call it.
def chosen(arguments):
    again, headers = arguments[0] == "--again", arguments[2:]
    headers = headers or [str(h.relative_to(INCLUDE / "sansmtp")) for h in sorted((INCLUDE / "sansmtp").glob("*/*.hpp"))]
    name = lambda m: (m.header, m.before.strip(), m.after.strip())
    listed = TESTS / "mutation_equal.txt"
    same = set(re.findall(r"^(\S+): (.*) -> (.*)$", listed.read_text() if listed.exists() else "", re.M))
    places = [m for h in headers for m in mutants_of(h) if name(m) not in same]
    if again:
        log = pathlib.Path(arguments[1]).read_text()
        survivors = set(re.findall(r"^survived: (\S+?):\d+: \w+: (.*) -> (.*)$", log, re.M))
        return places, [m for m in places if name(m) in survivors], f"those that survived in {arguments[1]}"
    count = min(int(arguments[0]), len(places))
    return places, random.Random(arguments[1]).sample(places, count), f"seed {arguments[1]}"


def main():
    places, sample, what = chosen(sys.argv[1:])
    jobs = int(os.environ.get("JOBS", "2"))
    results = collections.defaultdict(list)
    with tempfile.TemporaryDirectory() as scratch:
        main_object = pathlib.Path(scratch) / "main.o"
        subprocess.run([*COMPILER, "-std=c++20", "-O1", "-c", TESTS / "main.cpp", "-o", main_object], check=True)
        folders = queue.Queue()
        for n in range(jobs):
            shutil.copytree(INCLUDE, pathlib.Path(scratch) / str(n) / "include")
            folders.put(pathlib.Path(scratch) / str(n))

        def judge(mutant):
            folder = folders.get()
            try:
                return mutant, verdict(mutant, folder, main_object)
            finally:
                folders.put(folder)

        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            for mutant, result in pool.map(judge, sample):
                results[result.split(" by ")[0]].append(mutant)
                print(f"{result}: {mutant.header}:{mutant.line}: {mutant.operator}: {mutant.before.strip()} -> {mutant.after.strip()}", flush=True)
    killed, survived = len(results["killed"]), results["survived"]
    tried = killed + len(survived)
    print(f"\nof {len(places)} places {len(sample)} were tried, {what}; {len(results['no program'])} were no program")
    for m in survived:
        print(f"survived: {m.header}:{m.line}: {m.operator}:\n  {m.before.strip()}\n  {m.after.strip()}")
    print(f"{killed} of {tried} mutants killed, {100 * killed / max(1, tried):.1f} %, {len(survived)} survived")
    sys.exit(0 if tried and 100 * killed >= GOAL * tried else 1)


main()
