#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check.py SOURCE -- COMPILER OPTION...: one mistake gives one sentence, and its repair compiles.

The source starts with a line `// expect: <fragment>`; the comment that it opens may hold more of them.
Compiled with -DREPAIRED it must pass. Compiled without, it must fail; every fragment must be in what the
compiler says, and exactly one line may be an error, whose text names flexdnn.
"""
import os
import re
import subprocess
import sys
from pathlib import Path

EXPECT = "// expect:"
ERROR = re.compile(r"error:(.*)")


def compile_with(command, source, *options):
    # Clang stops at 20 errors and GCC at none; code is generated, because some mistakes show only then.
    line = [*command, *options, "-O0", "-S", "-o", os.devnull, str(source)]
    result = subprocess.run(line, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
    return result.returncode, result.stderr


def complaints(source, command):
    fragments = []
    for line in source.read_text().splitlines():
        if not line.startswith("//") or (not fragments and not line.startswith(EXPECT)):
            break
        if line.startswith(EXPECT):
            fragments.append(line[len(EXPECT):].strip())
    if not all(fragments) or not fragments:
        yield f"the first line must be `{EXPECT} <sentence fragment>`"
        return
    code, said = compile_with(command, source, "-DREPAIRED")
    if code != 0:
        yield f"the repaired version does not compile:\n{said}"
    code, said = compile_with(command, source)
    if code == 0:
        yield "compiles, though it holds a mistake"
        return
    for fragment in fragments:
        if fragment not in said:
            yield f"the compiler does not say `{fragment}`"
    errors = ERROR.findall(said)
    if len(errors) != 1:
        yield f"{len(errors)} errors instead of one"
    elif "flexdnn" not in errors[0]:
        yield "the error's text does not name flexdnn"


def main():
    if "--" not in sys.argv or sys.argv.index("--") != 2 or len(sys.argv) < 4:
        print(__doc__)
        return 2
    source, command = Path(sys.argv[1]), sys.argv[3:]
    found = list(complaints(source, command))
    for complaint in found:
        print(f"{source.name}: {complaint}")
    if found:
        print(compile_with(command, source)[1])
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
