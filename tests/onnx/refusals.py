#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""import_onnx on what it cannot take: one sentence that names the node, exit code 1, and nothing written.

usage: tests/onnx/refusals.py IMPORT_ONNX
"""
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
failures = []


def call(program, out, *arguments):
    return subprocess.run([program, *map(str, arguments), "--out", str(out)], capture_output=True, text=True)


def expect(what, result, code, sentence, out, files=()):
    text = result.stderr.strip()
    problems = []
    if result.returncode != code:
        problems.append(f"exit code {result.returncode}, wanted {code}")
    if sentence not in text or (code == 1 and len(text.splitlines()) != 1):
        problems.append(f"said {text!r}, wanted one line with {sentence!r}")
    if sorted(p.name for p in out.iterdir()) != sorted(files):
        problems.append(f"wrote {sorted(p.name for p in out.iterdir())}, wanted {sorted(files)}")
    failures.extend(f"{what}: {problem}" for problem in problems)


def refused_models(program, out):
    sentences = json.loads((HERE / "refused" / "sentences.json").read_text())
    models = {p.stem for p in (HERE / "refused").glob("*.onnx")}
    if models != set(sentences) or len(models) < 40:
        failures.append(f"refused: models and sentences differ: {sorted(models ^ set(sentences))}")
    for name, sentence in sentences.items():
        result = call(program, out, HERE / "refused" / f"{name}.onnx")
        expect(name, result, 1, sentence, out)
        if not result.stderr.startswith(f"import_onnx: {name}.onnx: "):
            failures.append(f"{name}: the sentence does not begin with the file: {result.stderr!r}")


def damaged_files(program, out, work):
    whole = (HERE / "models" / "pools.onnx").read_bytes()
    for name, content, sentence in [
            ("empty", b"", "the file is empty"),
            ("garbage", b"\xff" * 300, "this is not an ONNX model"),
            ("text", b"not a model\n", "this is not an ONNX model"),
            ("half", whole[:len(whole) // 2], "this is not an ONNX model")]:
        path = work / f"{name}.onnx"
        path.write_bytes(content)
        expect(name, call(program, out, path), 1, sentence, out)
    expect("absent", call(program, out, work / "absent.onnx"), 1, "absent.onnx", out)
    expect("directory", call(program, out, work), 1, "directory", out)


def command_lines(program, out, work):
    model = HERE / "models" / "pools.onnx"
    expect("name", call(program, out, model, "--name", "1x"), 1, "'1x' is no C++ name", out)
    expect("keyword", call(program, out, model, "--name", "class"), 1, 'the name "class" is taken', out)
    expect("layer", call(program, out, model, "--name", "flatten"), 1, 'the name "flatten" is taken', out)
    expect("no model", call(program, out), 2, "MODEL.onnx is required", out)
    expect("option", call(program, out, model, "--nonsense"), 2, "nonsense", out)
    expect("no directory", call(program, work / "nowhere", model), 1, "nowhere' is no directory", out)
    kept = out / "pools.hpp"
    kept.write_text("mine")
    expect("kept", call(program, out, model), 1, "is there already and is kept; --force replaces it", out, [kept.name])
    if kept.read_text() != "mine":
        failures.append("kept: the file was replaced without --force")
    expect("forced", call(program, out, model, "--force"), 0, "", out, ["pools.hpp", "pools.safetensors"])
    if "struct pools" not in kept.read_text():
        failures.append("forced: the file was not replaced")


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as directory:
        work = pathlib.Path(directory)
        out = work / "out"
        out.mkdir()
        refused_models(program, out)
        damaged_files(program, out, work)
        command_lines(program, out, work)
    print("\n".join(failures) or "every refusal is as it should be")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
