#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks what flexdnn_dispatch made: every object of LIBRARY has one global symbol and none that a linker may merge;
only those for v3 and v4 hold AVX code; and in PROGRAM, which is linked with it, no function that others could have been
merged with does.

usage: sealed.py [--nm NM] [--objdump OBJDUMP] --forms N LIBRARY PROGRAM; the tools are GNU's"""
import argparse
import re
import subprocess
import sys

AVX = re.compile(r"^\s*[0-9a-f]+:\t((?:\{\w+\} )?v(?!err|erw)[a-z0-9]+) .*", re.MULTILINE)
DISASSEMBLE = ["-d", "--no-show-raw-insn"]


def parts(tool, file, heading):
    """(name, text) of each part of a tool's listing of a file."""
    listing = subprocess.run([*tool, file], capture_output=True, text=True, check=True).stdout
    split = re.split(heading, listing, flags=re.MULTILINE)
    return list(zip(split[1::2], split[2::2]))


def complaints_of_objects(nm, objdump, library, forms):
    found = parts([nm, "--format=posix"], library, r"^.*\[(.+)\]:$")
    if len(found) != forms:
        yield f"{library}: {len(found)} objects, wanted {forms}"
    for name, listing in found:
        symbols = [line.split()[:2] for line in listing.splitlines() if line]
        outside = [symbol for symbol, kind in symbols if kind.isupper() and kind != "U"]
        if outside != [name.removesuffix(".o")]:
            yield f"{name}: its global symbols are {outside}"
        merged = [symbol for symbol, kind in symbols if kind in "uvVwW"]
        if merged:
            yield f"{name}: a linker may merge {merged}"
    for name, code in parts([objdump, *DISASSEMBLE], library, r"^(.+):\s+file format .*$"):
        found = AVX.search(code)
        if bool(found) != name.endswith(("_v3.o", "_v4.o")):
            yield f"{name}: holds {found[0].strip() if found else 'no AVX code'}"


def complaints_of_program(nm, objdump, program):
    listing = subprocess.run([nm, "--format=posix", program], capture_output=True, text=True, check=True).stdout
    shared = {int(line.split()[2], 16): line.split()[0] for line in listing.splitlines()
              if line.split()[1] in "TWVui" and len(line.split()) > 2}
    avx = 0
    for address, code in parts([objdump, *DISASSEMBLE], program, r"^([0-9a-f]+) <.*>:$"):
        found = AVX.search(code)
        avx += bool(found)
        if found and int(address, 16) in shared:
            yield f"{program}: {shared[int(address, 16)]} holds {found[0].strip()}"
    if not shared or not avx:
        yield f"{program}: {len(shared)} global symbols, {avx} functions of AVX code; this proves nothing"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--objdump", default="objdump")
    parser.add_argument("--forms", type=int, required=True)
    parser.add_argument("library")
    parser.add_argument("program")
    given = parser.parse_args()
    found = [*complaints_of_objects(given.nm, given.objdump, given.library, given.forms),
             *complaints_of_program(given.nm, given.objdump, given.program)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
