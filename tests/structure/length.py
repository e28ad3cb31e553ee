#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that no source file passes 300 lines and that every one says its licence."""
import argparse
import sys
from pathlib import Path

LONGEST = 300
PLACES = ["include", "tests", "bench", "examples", "cmake", ".ci", "CMakeLists.txt"]
KINDS = {".hpp", ".cpp", ".py", ".sh", ".cmake"}


def sources(root):
    for place in PLACES:
        path = root / place
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            if file.is_file() and (file.suffix in KINDS or file.name in {"CMakeLists.txt", "run"}):
                yield file


def complaints(root):
    files = list(sources(root))
    if not files:
        yield f"{root}: no source files found"
    for file in files:
        lines = file.read_text().splitlines()
        name = file.relative_to(root)
        if len(lines) > LONGEST:
            yield f"{name}: {len(lines)} lines; a file past {LONGEST} wants splitting"
        if not any("SPDX-License-Identifier: MIT" in line for line in lines[:3]):
            yield f"{name}: no `SPDX-License-Identifier: MIT` in its first three lines"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    found = list(complaints(parser.parse_args().root))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
