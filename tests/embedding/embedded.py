#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks examples/embedded: its answers are those of the weights' file, on this machine's kernels and on others that
the weights were packed for here; and weights of another network or another machine are refused by the compiler."""
import argparse
import platform
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NAME = "cifar10_resnet20_exits_weights"
given = argparse.Namespace()


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True)


class embedded(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.folder = Path(directory.name)

    def passes(self, *command):
        result = run(*command)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result.stdout

    def answers(self, program):
        lines = self.passes(*given.emulator, program).splitlines()
        self.assertEqual(len(lines), 12)
        return lines

    def embed(self, machine):
        self.passes(*given.emulator, given.embed, "--model", "cifar10_resnet20_exits", "--folder", self.folder,
                    "--for", machine)

    def compile(self, *arguments):
        return [*given.compiler, f"-I{self.folder}", f"-I{ROOT / 'weights'}", f"-I{ROOT / 'examples' / 'data'}",
                *arguments]

    def test_answers(self):
        self.assertEqual(self.answers(given.program), self.answers(given.from_file))

    def test_symbols_of_a_program_with_files(self):
        result = run(sys.executable, HERE / "symbols.py", "--nm", given.nm, given.from_file)
        self.assertNotEqual(result.returncode, 0)
        for kind in ("heap", "exception", "file"):
            self.assertIn(f"a symbol of kind {kind}", result.stdout)

    def check_machine(self, machine, *options):
        self.embed(machine)
        source = ROOT / "examples" / "embedded"
        program, object_file = self.folder / "embedded", self.folder / "embedded.o"
        self.passes(*self.compile("-O1", "-fno-exceptions", "-fno-rtti", *options, "-c", source / "embedded.cpp", "-o",
                                  object_file))
        constants = []
        for file in (self.folder / f"{NAME}.S", source / "frames.S"):
            constants.append(self.folder / f"{file.stem}.constants.o")
            self.passes(*self.compile("-c", file, "-o", constants[-1]))
        self.passes(*self.compile(object_file, *constants, "-o", program))
        symbols = (sys.executable, HERE / "symbols.py", "--nm", given.nm, "--without", "pack_step")
        self.passes(*symbols, object_file, *constants)
        self.passes(*symbols, program)
        # Sums in another order: a confidence may differ in its last digit.
        without_confidence = [[re.sub(r"confidence +\d+", "", line) for line in self.answers(one)]
                              for one in (program, given.from_file)]
        self.assertEqual(*without_confidence)

    def test_scalar(self):
        self.check_machine("scalar", "-DFLEXDNN_NO_SIMD")

    def test_sse2(self):
        if given.emulator or platform.machine() not in ("x86_64", "AMD64"):
            self.skipTest("SSE2 is x86-64's")
        self.check_machine("sse2", "-march=x86-64")

    def refused(self, sentence, *options):
        result = run(*self.compile("-fsyntax-only", *options, self.folder / f"{NAME}.hpp"))
        self.assertNotEqual(result.returncode, 0, "compiles, though its weights do not fit")
        errors = re.findall(r"error: .*", result.stderr)
        self.assertEqual(len(errors), 1, result.stderr)
        self.assertIn(sentence, " ".join(result.stderr.split()))

    def test_refusals(self):
        self.embed("avx512")
        right = ROOT / "weights" / "cifar10_resnet20_exits.hpp"
        self.refused(f"{NAME}: its weights were packed for kernels that read panels of 32 channels",
                     "-DFLEXDNN_NO_SIMD")
        self.embed("scalar")
        self.passes(*self.compile("-fsyntax-only", "-DFLEXDNN_NO_SIMD", self.folder / f"{NAME}.hpp"))
        # A header beside it goes first: the same network with another name for an exit.
        text = right.read_text()
        self.assertIn('"after_3"', text)
        (self.folder / right.name).write_text(text.replace('"after_3"', '"after_2"'))
        self.refused(f"{NAME}: its weights were packed for another network", "-DFLEXDNN_NO_SIMD")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for program in ("embed", "program", "from-file", "nm"):
        parser.add_argument("--" + program, required=True)
    parser.add_argument("--emulator", type=lambda text: [part for part in text.split(";") if part], default=[])
    parser.add_argument("compiler", nargs="+")
    parser.parse_args(namespace=given)
    unittest.main(argv=sys.argv[:1])
