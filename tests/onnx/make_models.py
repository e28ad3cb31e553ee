#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Exports the small PyTorch networks of tests/onnx/models, each with inputs and outputs of PyTorch.

usage: tests/onnx/make_models.py   (needs torch and onnx; the tests themselves need neither)
Writes NAME.onnx and NAME.safetensors {"inputs": {2, H, W, C}, "outputs": {2, classes}}; numbers repeat exactly.
"""
import json
import pathlib
import struct
import warnings

import onnx
import torch
from torch import nn

import torch_models
from hand_models import HAND_MADE

MODELS = pathlib.Path(__file__).resolve().parent / "models"
EVAL, PRESERVE = torch.onnx.TrainingMode.EVAL, torch.onnx.TrainingMode.PRESERVE


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, t in tensors.items():
        raw = t.detach().contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(t.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def frames(shape):
    return torch.randn(2, *shape)


def golden(name, inputs, outputs):
    spread = float((outputs[0] - outputs[1]).norm() / outputs.norm())
    assert spread > 0.02, f"{name}: its outputs differ by {spread} only, no parity would be proved"
    write_safetensors(MODELS / f"{name}.safetensors",
                      {"inputs": inputs.permute(0, 2, 3, 1), "outputs": outputs.flatten(1)})


def randomised(model):
    """Weights large enough for outputs to depend on the frame, batch norms of which none is the identity."""
    for m in model.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            m.weight.data *= 3.0
        if isinstance(m, nn.BatchNorm2d):
            nn.init.uniform_(m.running_mean, -0.5, 0.5)
            nn.init.uniform_(m.running_var, 0.5, 2.0)
            nn.init.uniform_(m.weight, 0.5, 1.5)
            nn.init.uniform_(m.bias, -0.5, 0.5)
    return model.eval()


def export(name, make, opset, training=PRESERVE, fold=True, dynamic=False):
    torch.manual_seed(len(name))
    model = randomised(make())
    inputs = frames(getattr(model, "frame", (3, 9, 11)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(model, inputs[:1], MODELS / f"{name}.onnx", opset_version=opset, training=training,
                          do_constant_folding=fold, input_names=["frame"], output_names=["scores"],
                          dynamic_axes={"frame": {0: "batch"}} if dynamic else None)
    scores = getattr(model, "scores", model)  # before a last softmax, which the importer leaves to the engine
    with torch.no_grad():
        golden(name, inputs, torch.cat([scores(x[None]) for x in inputs]))


def main():
    MODELS.mkdir(exist_ok=True)
    for row in torch_models.EXPORTS:
        export(**row)
    for name, make in HAND_MADE.items():
        torch.manual_seed(len(name))
        model, inputs, outputs = make()
        onnx.checker.check_model(model)
        onnx.save(model, str(MODELS / f"{name}.onnx"))
        golden(name, inputs, outputs)


if __name__ == "__main__":
    main()
