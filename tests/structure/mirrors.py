#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that include/flexdnn/<module>/[<part>/]<name>.hpp has its test tests/<module>/<name>.cpp."""
import argparse
import sys
from pathlib import Path

# Headers without a test of their own name, one a line: header, then the test that covers it.
EXCEPTIONS = Path("tests/structure/mirrors.txt")


def exceptions(root):
    file = root / EXCEPTIONS
    lines = file.read_text().splitlines() if file.is_file() else []
    return dict(line.split() for line in lines if line and not line.startswith("#"))


def complaints(root):
    top = root / "include" / "flexdnn"
    excused = exceptions(root)
    headers = {h.relative_to(top).as_posix() for h in top.glob("*/**/*.hpp")}
    if not headers:
        yield f"{top}: no headers found"
    for header in sorted(headers):
        path = Path(header)
        test = Path("tests", path.parts[0], path.stem + ".cpp")
        has_mirror = (root / test).is_file()
        if header in excused and has_mirror:
            yield f"{header}: has {test}; take it out of {EXCEPTIONS}"
        if header not in excused and not has_mirror:
            yield f"{header}: no {test}, and no line in {EXCEPTIONS} that names the test covering it"
    for header, test in sorted(excused.items()):
        if header not in headers:
            yield f"{EXCEPTIONS}: there is no header {header}"
        if not (root / "tests" / test).is_file():
            yield f"{EXCEPTIONS}: {header} is said to be covered by tests/{test}, which is missing"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    found = list(complaints(parser.parse_args().root))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
