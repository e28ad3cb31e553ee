#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles and links the first C++ block of README.md with nothing but the include path."""
import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

BLOCK = re.compile(r"^```cpp\n(.*?)^```", re.MULTILINE | re.DOTALL)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    parser.add_argument("compilers", nargs="+")
    arguments = parser.parse_args()
    readme = arguments.root / "README.md"
    block = BLOCK.search(readme.read_text()) if readme.is_file() else None
    if not block:
        print(f"{readme}: missing, or without a ```cpp block")
        return 1
    failed = False
    with tempfile.TemporaryDirectory() as directory:
        source = Path(directory, "readme.cpp")
        source.write_text(block.group(1))
        for compiler in arguments.compilers:
            command = [compiler, "-std=c++20", f"-I{arguments.root / 'include'}", str(source), "-o",
                       str(Path(directory, "readme"))]
            result = subprocess.run(command, capture_output=True, text=True)
            print(f"README.md, first C++ block, {compiler}: {'fails' if result.returncode else 'compiles'}")
            print(result.stderr, end="")
            failed |= result.returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
