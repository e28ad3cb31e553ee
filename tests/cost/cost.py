#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares what a network costs with baseline.txt: bytes of code and constants (text/...), or instantiations of our
templates (instantiations/...). More by a tenth fails and says what grew. Counts repeat exactly; times are for bench/.

usage: cost.py [--update] ROW [--object FILE] -- COMPILER [OPTION...] SOURCE
Without --object the source is compiled. A compiler that has no baseline is skipped (exit status 77).
"""
import argparse
import collections
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

GROWTH = 1.10
SKIP = 77


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def name_of(entity):
    """The template or function that a demangled name is of, without what it returns, its arguments and parameters."""
    return re.split(r"[<(]", re.sub(r"^(?:void|float|bool|int|auto) ", "", entity))[0]


def sizes(file):
    """Bytes of code and constants, by function; what nm cannot tell from data without a section is `(tables)`."""
    total = int(output("size", file).splitlines()[1].split()[0])
    parts = collections.Counter()
    for line in output("nm", "--demangle", "--print-size", file).splitlines():
        found = re.fullmatch(r"[0-9a-f]+ ([0-9a-f]+) [tTwWrR] (.*)", line)
        if found:
            parts[name_of(found[2])] += int(found[1], 16)
    parts["(tables)"] = total - sum(parts.values())
    return total, parts


def instantiations(compile_command, folder):
    """Classes and functions that Clang instantiates from templates of ours, by template."""
    trace = Path(folder, "trace.json")
    output(*compile_command, "-fsyntax-only", f"-ftime-trace={trace}", "-ftime-trace-granularity=0")
    parts = collections.Counter()
    for event in json.loads(trace.read_text())["traceEvents"]:
        if event["name"] in ("InstantiateClass", "InstantiateFunction"):
            name = name_of(event["args"]["detail"])
            if name.startswith("flexdnn::"):
                parts[name] += 1
    return sum(parts.values()), parts


def measure(row, compile_command, object_file):
    with tempfile.TemporaryDirectory() as folder:
        if row.startswith("instantiations/"):
            return instantiations(compile_command, folder)
        if not object_file:
            object_file = str(Path(folder, "object.o"))
            output(*compile_command, "-c", "-o", object_file)
        return sizes(object_file)


def compiler_of(command):
    kind = "clang" if "clang" in output(command, "--version").splitlines()[0] else "gcc"
    return f"{kind}-{output(command, '-dumpversion').strip().partition('.')[0]}"


def read_baseline(file):
    """{"ROW COMPILER": (total, {part: amount})}"""
    rows, parts = {}, {}
    for line in file.read_text().splitlines():
        name, _, amount = line.strip().rpartition(" ")
        if line.startswith("  "):
            parts[name] = int(amount)
        elif line and not line.startswith("#"):
            parts = {}
            rows[name] = (int(amount), parts)
    return rows


def write_baseline(file, rows):
    """Parts below a hundredth are left out: they do not decide, and a reviewer reads this file."""
    text = [line for line in file.read_text().splitlines() if line.startswith("#")]
    for name, (total, parts) in sorted(rows.items()):
        text += ["", f"{name} {total}"]
        large = [(part, amount) for part, amount in parts.items() if 100 * amount >= total]
        text += [f"  {part} {amount}" for part, amount in sorted(large, key=lambda p: (-p[1], p[0]))]
    file.write_text("\n".join(text) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--update", action="store_true", help="write what is found into baseline.txt")
    parser.add_argument("--baseline", type=Path, default=Path(__file__).resolve().parent / "baseline.txt")
    parser.add_argument("--object", help="what the command made of the source before")
    parser.add_argument("row")
    parser.add_argument("command", nargs="+")
    given = parser.parse_args()
    key, rows = f"{given.row} {compiler_of(given.command[0])}", read_baseline(given.baseline)
    if key not in rows and not given.update:
        print(f"{key}: no baseline, nothing compared")
        return SKIP
    total, parts = measure(given.row, given.command, given.object)
    if given.update:
        write_baseline(given.baseline, rows | {key: (total, parts)})
        return 0
    before, parts_before = rows[key]
    print(f"{key}: {total}, {100 * (total / before - 1):+.1f} % against {before}")
    if total <= GROWTH * before:
        return 0
    grown = {part: amount - parts_before.get(part, 0) for part, amount in parts.items()}
    for part, more in sorted(grown.items(), key=lambda p: -p[1])[:12]:
        if more > 0:
            print(f"  {more:+6} {part}{'' if part in parts_before else ' (no large part before)'}")
    print(f"If that is worth it, run this again with --update and say why in the commit:\n  {' '.join(sys.argv)}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
