#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Where the frames of a track leave, far ones (small) against near ones: one line a range of widths.
usage: by_distance.py PREDICTIONS TABLE    (of examples/evaluate --predictions, and the table beside the records, with
class and orig_w or width in pixels)"""
import csv
import sys
from collections import Counter

BOUNDS = (0, 25, 35, 50, 75, 1 << 30)  # pixels, before the cut-out was scaled to 32


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    predictions, frames = rows_of(sys.argv[1]), rows_of(sys.argv[2])
    if len(predictions) != len(frames):
        sys.exit(f"{sys.argv[1]}: {len(predictions)} predictions, {sys.argv[2]} has {len(frames)} rows")
    width = next((name for name in ("orig_w", "width") if frames and name in frames[0]), None)
    if width is None:
        sys.exit(f"{sys.argv[2]}: no column orig_w or width")
    exits = 1 + max(int(p["exit"]) for p in predictions)
    print("| width, pixels | frames | right | left at exits 1 to", exits, "% |\n| --- | --- | --- | --- |")
    for low, high in zip(BOUNDS, BOUNDS[1:]):
        some = [(p, f) for p, f in zip(predictions, frames) if low <= int(f[width]) < high]
        if not some:
            continue
        right = sum(p["label"] == f["class"] for p, f in some)
        at = Counter(int(p["exit"]) for p, _ in some)
        shares = " / ".join(f"{100 * at[e] / len(some):.0f}" for e in range(exits))
        name = f"{low} to {high - 1}" if high < BOUNDS[-1] else f"{low} and more"
        print(f"| {name} | {len(some)} | {100 * right / len(some):.1f} % | {shares} |")


if __name__ == "__main__":
    main()
