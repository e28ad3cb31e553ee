#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows that a training on several processes is the training on one: steps, weights, deaths and errors.

usage: course.py PROGRAM -- MPIEXEC [FLAGS] -n
"""
import csv
import subprocess
import sys
import tempfile
from pathlib import Path

program, launcher = sys.argv[1], sys.argv[3:]
directory = tempfile.TemporaryDirectory()


def run(processes, name, *options):
    """Exit code and what was said; a hang is a failure."""
    command = launcher + [str(processes), program] if processes > 1 else [program]
    command += [str(Path(directory.name) / name), "1", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    return done.returncode, done.stderr


def check(holds, *what):
    if not holds:
        sys.exit("failed: " + " ".join(map(str, what)))


def checkpoint(name):
    return (Path(directory.name) / f"{name}.checkpoint").read_bytes()


def losses(name):
    with open(Path(directory.name) / f"{name}.csv") as file:
        return [[float(row[c]) for c in row if c.startswith("loss_")] for row in csv.DictReader(file)]


code, said = run(1, "one")
check(code == 0, said)
check(len(losses("one")) == 20 and losses("one")[-1][2] < 0.9 * losses("one")[0][2], losses("one"))

for processes in (2, 3):
    name = f"on_{processes}"
    code, said = run(processes, name)
    check(code == 0, said)
    check(said.count("epoch 20\n") == 1, "one process reports", said)
    for step, (got, wanted) in enumerate(zip(losses(name), losses("one"), strict=True)):
        check(all(abs(a - b) <= 1e-5 * b for a, b in zip(got, wanted, strict=True)), "step", step, got, wanted)
    # Weights, running statistics and momentum after 20 steps: to the bit.
    check(checkpoint(name) == checkpoint("one"), processes, "processes leave other weights")

# A process dies somewhere in an epoch: all end at once, and the last checkpoint is good.
for rank, message in (1, 100), (0, 333):
    name = f"dead_{rank}"
    code, said = run(2, name, "--die", str(rank), str(message))
    check(code != 0, "the death of a process went unnoticed", said)
    done = len(losses(name))
    check(0 < done < 20, "died after", done, "epochs")
    code, said = run(2, name, "--resume")
    check(code == 0, said)
    check(said.count("epoch ") == 20 - done, done, "epochs were done, then", said)
    check(checkpoint(name) == checkpoint("one"), "resumed after", done, "epochs: other weights")

# What one process cannot do ends all with its sentence, said once.
code, said = run(2, "fails", "--fail", "1")
check(code != 0, said)
check(said.count("process 1 of 2: training: a batch of 32 from 31 images") == 1, said)
code, said = run(2, "abandoned", "--abandon", "1")
check(code != 0, "a process that gave up went unnoticed", said)
code, said = run(2, "missing/directory/out")
check(code != 0, said)
check(said.count("process 0 of 2: ") == 1 and "No such file" in said, said)
