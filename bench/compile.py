#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures what networks cost to compile: CPU seconds, peak memory, bytes of code. Medians of three.

usage: bench/compile.py [--compiler g++] [--flags "-O2 -march=x86-64-v3"]
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


def compile_once(command):
    """CPU seconds and peak resident megabytes of one compilation (its largest process)."""
    child = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        raise SystemExit(f"{' '.join(command)}: failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def text_bytes(path):
    row = subprocess.run(["size", path], check=True, capture_output=True, text=True).stdout.splitlines()[1]
    return int(row.split()[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--compiler", nargs="+", default=["g++", "clang++-16"])
    parser.add_argument("--flags", default="-O2 -march=x86-64-v3")
    options = parser.parse_args()
    print(f"| network | compiler | CPU s | peak MB | code bytes |\n| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for source in sorted((ROOT / "bench/compile").glob("*.cpp")):
            for compiler in options.compiler:
                target = os.path.join(folder, "out.o")
                command = [compiler, "-std=c++20", *options.flags.split(), f"-I{ROOT}/include", "-c", str(source),
                           "-o", target]
                runs = [compile_once(command) for _ in range(3)]
                seconds, memory = (statistics.median(column) for column in zip(*runs))
                print(f"| {source.stem} | {compiler} | {seconds:.2f} | {memory:.0f} | {text_bytes(target)} |")


if __name__ == "__main__":
    main()
