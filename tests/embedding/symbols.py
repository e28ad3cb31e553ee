#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that objects, or a linked program, need no heap, exceptions, files or streams, and hold none.

usage: tests/embedding/symbols.py [--nm NM] [--without PATTERN] FILE...
What one of the files needs, another may define; anything else must be in NEEDED.
"""
import argparse
import re
import subprocess
import sys

# What a program may need from outside: memory moves, mathematics, printing, the start of a program (on AArch64 it
# needs abort), and what compilers call for arithmetic that a processor lacks.
NEEDED = re.compile(
    r"mem(cpy|move|set|cmp)|(exp|log|sqrt)f?|printf|putchar|puts|__printf_chk"
    r"|_GLOBAL_OFFSET_TABLE_|__stack_chk_(fail|guard)|__aeabi_\w+"
    r"|__libc_start_main|__cxa_finalize|__gmon_start__|_ITM_(de)?registerTMCloneTable|abort")
# What may be nowhere, defined or not: a static program holds its C library.
FORBIDDEN = {
    "heap": r"_Zn[wa]\w+|_Zd[la]\w+|(__libc_)?(malloc|calloc|realloc|free|memalign)|aligned_alloc|posix_memalign"
            r"|_(malloc|calloc|realloc|free)_r|_?sbrk(_r)?|_ZN?K?St\w*allocat\w+",
    "exception": r"_Unwind_\w+|__gxx_personality\w*|__cxa_(?!finalize$)\w+|_ZSt\w*(throw|terminate|unexpected)\w*"
                 r"|_ZN?K?St\w*(exception|bad_)\w*",
    "RTTI": r"_ZT[ISV]\w*|__dynamic_cast",
    "file": r"f?open(at)?(64)?|_open_r|creat(64)?|(fd|fre|f)?open|tmpfile|fclose|fread|fwrite|fget[cs]|fput[cs]|fscanf"
            r"|fprintf|fseeko?|ftello?|p?read(64)?|p?write(64)?|lseek(64)?|f?stat(64|x)?|_ZN?K?St10filesystem\w*",
    "iostream": r"_ZN?K?S[iosd]\w*|_ZSt(3cin|4cout|4cerr|4clog)"
                r"|_ZN?K?St\w*(ios_base|stream|streambuf|filebuf|locale)\w*",
}


def symbols_of(nm, file):
    """(name, whether it is only needed) of every symbol, without its version."""
    listing = subprocess.run([nm, "--format=posix", file], capture_output=True, text=True, check=True).stdout
    for line in listing.splitlines():
        fields = line.split()
        if len(fields) >= 2 and not line.endswith(":"):
            yield fields[0].partition("@")[0], fields[1] in "UwvV" and len(fields) == 2


def complaints(nm, files, unwanted):
    defined, needed = set(), {}
    for file in files:
        found = list(symbols_of(nm, file))
        if not found:
            yield f"{file}: no symbols; a stripped file proves nothing"
        for name, outside in found:
            kind = next((k for k, pattern in FORBIDDEN.items() if re.fullmatch(pattern, name)), None)
            if kind:
                yield f"{file}: {name}: a symbol of kind {kind}"
            elif unwanted and re.search(unwanted, name):
                yield f"{file}: {name}: matches {unwanted}"
            elif outside:
                needed.setdefault(name, file)
            else:
                defined.add(name)
    for name, file in needed.items():
        if name not in defined and not re.fullmatch(NEEDED, name):
            yield f"{file}: needs {name}, which is not in the list of what a bare program may need"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--without", help="regular expression of symbols that may not be there either")
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    found = list(complaints(arguments.nm, arguments.files, arguments.without))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
