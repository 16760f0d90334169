"""Sums up what llvm-cov exported: lines and branches of the headers, each once, whatever its instantiations.

    coverage.py INCLUDE/sansmtp EXPORTED.json...

One export for each program: a function that two programs compile differently would be left out of a common one.

Not counted: a condition that the compiler knew (llvm-cov calls it folded), what asks whether the compiler is
evaluating and the one statement behind `if (std::is_constant_evaluated())`, functions that are consteval, of which
there is no code to run, comparisons that the compiler wrote, and a line that says why no run reaches it:
    // not reached: REASON
Where such a line ends in an opening brace before the remark, the block that it opens is meant.
"""

import collections
import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
REMARK = "// not reached: "
COMPILING = "if (std::is_constant_evaluated())"


class Header:
    def __init__(self, path):
        self.text = path.read_text().split("\n")
        self.lines = collections.Counter()  # number -> how often
        self.branches = collections.defaultdict(lambda: [0, 0, False])  # place -> yes, no, evaluated at all
        self.excluded = set()
        depth = 0
        for number, line in enumerate(self.text, 1):
            code = line.split("//")[0]
            if number > 1 and self.text[number - 2].endswith(COMPILING):
                self.excluded.add(number)
            if depth > 0 or REMARK in line:
                self.excluded.add(number)
                if depth > 0 or code.rstrip().endswith("{"):
                    depth = max(0, depth + code.count("{") - code.count("}"))

    def written(self, place):
        first, start, last, end = place
        if first != last:
            end = len(self.text[first - 1]) + 1
        return self.text[first - 1][start - 1 : end - 1]

    # An octet of the file is counted as the innermost region around it; a line as its busiest octet.
    def count_lines(self, segments):
        by_line = collections.defaultdict(list)
        for line, column, count, has_count, entry, gap in segments:
            by_line[line].append((count, has_count, entry, gap))
        wrapped = None
        for number in range(min(by_line), max(by_line) + 1):
            here = by_line.get(number, [])
            counts = [count for count, has_count, entry, gap in here if entry and has_count and not gap]
            if wrapped and wrapped[1]:
                counts.append(wrapped[0])
            opening = wrapped if wrapped and not (here and here[0][2]) else here[0] if here else None
            if opening and opening[2] and not opening[1]:  # a remark, or what the preprocessor leaves out
                self.excluded.add(number)
            elif counts:
                self.lines[number] += max(counts)
            if here:
                wrapped = here[-1]


headers = {}


def header(name):
    path = pathlib.Path(name)
    parts = path.parts
    if "sansmtp" not in parts or "include" not in parts:
        return None
    short = "/".join(parts[parts.index("include") + 2 :])
    if short not in headers:
        headers[short] = Header(folder / short)
    return headers[short]


for name in sys.argv[2:]:
    exported = json.load(open(name))["data"][0]
    for file in exported["files"]:
        if (h := header(file["filename"])) and file["segments"]:
            h.count_lines(file["segments"])
    for function in exported["functions"]:
        names = function["filenames"]
        for first, start, last, end, yes, no, which, _, _ in function["branches"]:
            h = header(names[which])
            if not h or "is_constant_evaluated()" in h.written((first, start, last, end)) or "= default;" in h.text[first - 1]:
                continue
            around = [
                (first - l1, r)
                for l1, c1, l2, c2, r, w, _, kind in function["regions"]
                if w == which and kind == 0 and (l1, c1) <= (first, start) and (last, end) <= (l2, c2)
            ]
            run = around and min(around, key=lambda a: a[0])[1] > 0
            branch = h.branches[(first, start, last, end)]
            branch[0] += yes
            branch[1] += no
            branch[2] = branch[2] or (run and yes == no == 0)  # here the compiler knew

print(f"{'header':40} {'lines':>13} {'':>7} {'branches':>13}")
total = [0, 0, 0, 0]
missed = []
for name in sorted(headers):
    h = headers[name]
    lines = {n: c for n, c in h.lines.items() if n not in h.excluded}
    sides = []
    for place, (yes, no, folded) in sorted(h.branches.items()):
        if place[0] in h.excluded or (folded and yes == no == 0):
            continue
        sides += [(place, "yes", yes), (place, "no", no)]
    sums = [sum(c > 0 for c in lines.values()), len(lines), sum(c > 0 for _, _, c in sides), len(sides)]
    total = [a + b for a, b in zip(total, sums)]
    print(f"{name:40} {sums[0]:5} of {sums[1]:5}         {sums[2]:5} of {sums[3]:5}" + ("" if sums[0::2] == sums[1::2] else "  *"))
    missed += [(name, n, "line", h.text[n - 1].strip()) for n, c in lines.items() if c == 0]
    missed += [(name, p[0], "never " + side, h.written(p)) for p, side, c in sides if c == 0 and lines.get(p[0], 1) > 0]
for name, number, what, text in sorted(missed):
    print(f"{name}:{number}: {what}: {text}")
percent = [100 * total[0] / max(1, total[1]), 100 * total[2] / max(1, total[3])]
print(f"lines {total[0]} of {total[1]} ({percent[0]:.2f} %), branches {total[2]} of {total[3]} ({percent[1]:.2f} %)")
sys.exit(0 if total[0] == total[1] and total[2] == total[3] else 1)
