#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures what ResNet-20 with embedded weights takes, linked statically: milliseconds from the start of its process to
its first answer, peak resident memory, bytes of code.

usage: bench/footprint.py --embed build/release/examples/embed [--compiler g++] [--flags "-O3 -march=x86-64-v3"]
                          [--machine avx2]
"""
import argparse
import pathlib
import re
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
RUNS = 51


def start_once(program):
    """Milliseconds to the first line, and peak resident kilobytes then. Not wait4's: that counts Python's own pages,
    which a child has before it becomes the program."""
    start = time.perf_counter()
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        taken = time.perf_counter() - start
        memory = pathlib.Path(f"/proc/{child.pid}/status").read_text()
        child.stdin.close()
    return 1e3 * taken, int(re.search(r"VmHWM:\s+(\d+) kB", memory)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--embed", required=True, help="the example program that writes weights as constants")
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--flags", default="-O3 -march=x86-64-v3")
    parser.add_argument("--machine", default="avx2", help="what the flags compile for, in embed's words")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([given.embed, "--model", "cifar10_resnet20_exits", "--folder", folder, "--for", given.machine],
                       check=True, stdout=subprocess.DEVNULL)
        compile_command = [given.compiler, "-std=c++20", *given.flags.split(), "-fno-exceptions", "-fno-rtti",
                           f"-I{ROOT}/include", f"-I{ROOT}/weights", f"-I{folder}"]
        program, object_file = f"{folder}/first_answer", f"{folder}/first_answer.o"
        subprocess.run([*compile_command, "-c", ROOT / "bench/footprint/first_answer.cpp", "-o", object_file], check=True)
        subprocess.run([*compile_command, "-static", object_file, f"{folder}/cifar10_resnet20_exits_weights.S",
                        "-o", program], check=True)
        code = subprocess.run(["size", object_file], check=True, capture_output=True, text=True).stdout.splitlines()[1]
        runs = [start_once(program) for _ in range(RUNS)]
    milliseconds, kilobytes = zip(*runs)
    print(f"ResNet-20, static: first answer {statistics.median(milliseconds):.2f} ms after the process is asked for "
          f"(fastest {min(milliseconds):.2f}), peak RSS {max(kilobytes) / 1024:.2f} MB, code {int(code.split()[0])} bytes")


if __name__ == "__main__":
    main()
