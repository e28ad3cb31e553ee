#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every weights/STEM.safetensors has a manifest STEM.json that names its source, licence, figures, command and SHA-256.

usage: tests/structure/manifests.py [--root DIR]
"""
import argparse
import hashlib
import json
import pathlib
import sys

FIELDS = {"source": str, "licence": str, "input": str, "sha256": str, "commands": list, "figures": list}
BUDGET = 12_000_000  # bytes of all weights together, four networks with exits among them: a clone stays small


def problems(root):
    files = sorted((root / "weights").glob("*.safetensors"))
    if not files:
        yield "weights: no .safetensors"
    total = sum(f.stat().st_size for f in files)
    if total > BUDGET:
        yield f"weights: {total} bytes together, at most {BUDGET} are wanted"
    for weights in files:
        path = weights.with_suffix(".json")
        if not path.exists():
            yield f"{weights.name}: no manifest {path.name}"
            continue
        manifest = json.loads(path.read_text())
        for field, kind in FIELDS.items():
            if not isinstance(manifest.get(field), kind) or not manifest[field]:
                yield f"{path.name}: wanted a {kind.__name__} {field}"
        actual = hashlib.sha256(weights.read_bytes()).hexdigest()
        if manifest.get("sha256") != actual:
            yield f"{path.name}: sha256 {manifest.get('sha256')}, the file's is {actual}"
        # A plain backbone is one of the library's models, and has no thresholds.
        needed = [manifest["header"]] if "header" in manifest else [
            f"weights/{weights.stem}{ending}" for ending in (".hpp", "_thresholds.hpp")]
        for header in needed:
            if not (root / header).is_file():
                yield f"{weights.name}: no {header}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    found = list(problems(parser.parse_args().root))
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
