#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that headers include downward only, and draws the house (--draw)."""
import argparse
import re
import sys
from pathlib import Path

# The one table: level, module, modules it may include besides itself. A row for every directory.
HOUSE = [
    (0, "core", ""),
    (1, "kernels", "core"),
    (1, "frame", "core"),
    (1, "stream", "core"),
    (2, "layers", "core kernels"),
    (2, "graph", "core"),
    (2, "policy", "core"),
    (3, "plan", "core kernels layers graph"),
    (4, "engine", "core kernels layers graph policy plan"),
    (4, "models", "core layers graph"),
    (4, "calibrate", "core policy"),
    (5, "monitor", "core policy calibrate"),
    (5, "io", "core frame kernels layers graph policy plan engine"),
    (6, "energy", "core io"),
    (6, "train", "core kernels layers graph policy plan engine models calibrate io"),
    (7, "search", "core kernels layers graph policy plan engine models calibrate io train"),
    (7, "mpi", "core train"),
]
# Umbrella headers, by the highest level that they may include.
UMBRELLAS = {"flexdnn.hpp": 4, "models.hpp": 4, "io.hpp": 5, "train.hpp": 7}
# Third-party headers by prefix, and the only directory that may include them.
THIRD_PARTY = {"xsimd/": "kernels/simd", "Eigen/": "train", "mpi.h": "mpi"}
# Headers of the operating system, and the modules that may include them: those that no firmware needs.
SYSTEM = {"fcntl.h", "io.h", "signal.h", "spawn.h", "sys/stat.h", "sys/wait.h", "unistd.h"}
SYSTEM_MODULES = {"io", "train"}

# Standard headers that firmware may lack, and where alone they may be included. Nothing includes what starts threads:
# who wants threads asks for it.
HOSTED = {"atomic", "chrono", "condition_variable", "future", "mutex", "thread"}
HOSTED_PLACES = ("engine/fork_join.hpp", "search/measure_", "stream/frame_server.hpp", "train/")
ASKED_FOR = {"engine/fork_join.hpp", "stream/frame_server.hpp"}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
STANDARD = re.compile(r"^[a-z_0-9]+$")


def complaints(root):
    top = root / "include" / "flexdnn"
    allowed = {module: set(may.split()) | {module} for _, module, may in HOUSE}
    level = {module: number for number, module, _ in HOUSE}
    headers = sorted(top.rglob("*.hpp"))
    if not headers:
        yield f"{top}: no headers found"
    for header in headers:
        here = header.relative_to(top)
        module = here.parts[0]
        umbrella = len(here.parts) == 1
        if umbrella and module not in UMBRELLAS:
            yield f"{here}: not an umbrella header; the table has {', '.join(UMBRELLAS)}"
            continue
        if not umbrella and module not in allowed:
            yield f"{here}: module {module} has no row in the table of layering.py"
            continue
        for mark, name in INCLUDE.findall(header.read_text()):
            if mark == "<":
                home = next((d for prefix, d in THIRD_PARTY.items() if name.startswith(prefix)), None)
                if home and not here.as_posix().startswith(home + "/"):
                    yield f"{here}: includes <{name}>, which belongs in {home}/ alone"
                if name in HOSTED and not here.as_posix().startswith(HOSTED_PLACES):
                    yield f"{here}: includes <{name}>, which firmware may lack"
                system = name in SYSTEM and module in SYSTEM_MODULES
                if not home and not system and not STANDARD.match(name):
                    yield f"{here}: includes <{name}>, neither standard nor in the table of layering.py"
                continue
            target = (header.parent / name).resolve()
            if not target.is_file() or top.resolve() not in target.parents:
                yield f'{here}: includes "{name}", which is not a header of ours'
                continue
            other = target.relative_to(top.resolve()).parts
            if "/".join(other) in ASKED_FOR:
                yield f'{here}: includes "{name}", which only programs ask for'
            if umbrella:
                number = level.get(other[0], 99) if len(other) > 1 else UMBRELLAS.get(other[0], 99)
                if number > UMBRELLAS[module]:
                    yield f'{here}: includes "{name}" from level {number}, its own is {UMBRELLAS[module]}'
            elif len(other) == 1:
                yield f'{here}: includes the umbrella "{name}"'
            elif other[0] not in allowed[module]:
                may = " ".join(sorted(allowed[module]))
                yield f'{here}: includes "{name}"; {module} may include only {may}'


def draw():
    print("level  module     includes, besides std and itself")
    for number in sorted({row[0] for row in HOUSE}, reverse=True):
        for _, module, may in (row for row in HOUSE if row[0] == number):
            outside = " ".join(f"<{p}*> in {d}" for p, d in THIRD_PARTY.items() if d.split("/")[0] == module)
            print(f"{number:>5}  {module:<10} {' '.join(filter(None, [may, outside])) or '-'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    parser.add_argument("--draw", action="store_true")
    arguments = parser.parse_args()
    if arguments.draw:
        draw()
        return 0
    found = list(complaints(arguments.root))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
