#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sets two networks with early exits of one backbone side by side: what each costs where both are equally accurate.

usage: bench/studies/equal_accuracy.py NAME=LEVELS.csv NAME=LEVELS.csv

The tables are what examples/adapt and examples/branchynet write (NAME_levels.csv) of the same images. The second
network's backbone is the plain one. Between two settings lies every mixture of them, frame by frame by lot; the plain
backbone, at 100 %, mixes with both.
"""
import csv
import sys

AGAINST = (0.5, 0.25, 0.0, -0.1, -0.25, -0.5, -1.0, -2.0, -4.0)  # points of accuracy, against the plain backbone
COLUMNS = ("accuracy, %", "against the backbone", "MACs, %", "time, %")


def read(path):
    """Settings as (accuracy, MACs, time), all in %, and the accuracy of the backbone."""
    try:
        with open(path, newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        sys.exit(str(error))
    for column in COLUMNS:
        if not rows or column not in rows[0]:
            sys.exit(f"{path}: wanted a table with a column \"{column}\"")
    try:
        settings = [tuple(float(row[c]) for c in COLUMNS) for row in rows]
    except ValueError as error:
        sys.exit(f"{path}: {error}")
    return [(a, m, t) for a, _, m, t in settings], settings[0][0] - settings[0][1]


def cheapest(settings, accuracy, cost):
    """The least cost (1: MACs, 2: time) of a mixture of at most two settings that is as accurate; None without one."""
    best = None
    for upper in settings:
        for lower in settings:
            if upper[0] < accuracy or (lower[0] >= accuracy and lower is not upper):
                continue
            share = 1.0 if upper is lower else (accuracy - lower[0]) / (upper[0] - lower[0])
            mixed = share * upper[cost] + (1 - share) * lower[cost]
            best = mixed if best is None else min(best, mixed)
    return best


def main():
    if len(sys.argv) != 3 or not all("=" in argument for argument in sys.argv[1:]):
        sys.exit(__doc__)
    names, paths = zip(*(argument.split("=", 1) for argument in sys.argv[1:]))
    (first, _), (second, plain) = map(read, paths)
    systems = [system + [(plain, 100.0, 100.0)] for system in (first, second)]
    print(f"The plain backbone: {plain:.2f} % right. Shares of its MACs and of its time, %.\n")
    heading = ["accuracy, %", "against the backbone"] + [f"{n}, {c}" for c in ("MACs", "time") for n in names]
    print("| " + " | ".join(heading) + " |\n|" + " --- |" * len(heading))
    for against in AGAINST:
        costs = [cheapest(s, plain + against, c) for c in (1, 2) for s in systems]
        cells = ["-" if c is None else f"{c:.1f}" for c in costs]
        print("| " + " | ".join([f"{plain + against:.2f}", f"{against:+.2f}"] + cells) + " |")


if __name__ == "__main__":
    main()
