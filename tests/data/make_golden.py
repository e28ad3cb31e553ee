#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the logits that PyTorch gives for the DAVIS crops: davis_NAME_logits.safetensors beside this file.
Networks: the trunks in weights/, in the architecture of akamaster's pytorch_resnet_cifar10 (option A).
usage: make_golden.py    (needs torch and numpy)"""
import json
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

ROOT = Path(__file__).resolve().parents[2]
NETWORKS = (("resnet20", "cifar10_resnet20_exits", 20), ("resnet56", "cifar10_resnet56_exits", 56),
            ("resnet56_mixed", "cifar10_resnet56_mixed", 56))
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def read_safetensors(path):
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        first, last = entry["data_offsets"]
        values = np.frombuffer(data[start + first:start + last], "<f4").reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return tensors


def write_safetensors(path, name, values):
    entry = {"dtype": "F32", "shape": list(values.shape), "data_offsets": [0, values.nbytes]}
    header = json.dumps({name: entry}).encode()
    header += b" " * (-len(header) % 8)
    path.write_bytes(len(header).to_bytes(8, "little") + header + values.astype("<f4").tobytes())


def frames():
    records = np.fromfile(ROOT / "examples/data/davis4_dev.bin", np.uint8).reshape(-1, 3073)
    pixels = records[:, 1:].reshape(-1, 3, 32, 32).astype(np.float32) / 255
    mean, deviation = (np.array(v, np.float32).reshape(3, 1, 1) for v in (MEAN, DEVIATION))
    return torch.from_numpy((pixels - mean) / deviation)


def resnet(w, depth, x):
    def norm(name, y):
        p = [w[f"{name}.{part}"] for part in ("running_mean", "running_var", "weight", "bias")]
        return functional.batch_norm(y, *p)

    x = functional.relu(norm("bn1", functional.conv2d(x, w["conv1.weight"], padding=1)))
    for stage in (1, 2, 3):
        for block in range((depth - 2) // 6):
            at = f"layer{stage}.{block}"
            stride = 2 if stage > 1 and block == 0 else 1
            y = functional.conv2d(x, w[f"{at}.conv1.weight"], stride=stride, padding=1)
            y = functional.relu(norm(f"{at}.bn1", y))
            y = norm(f"{at}.bn2", functional.conv2d(y, w[f"{at}.conv2.weight"], padding=1))
            if stride == 2:
                quarter = y.shape[1] // 4
                x = functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, quarter, quarter))
            x = functional.relu(y + x)
    return functional.linear(x.mean((2, 3)), w["linear.weight"], w["linear.bias"])


def main():
    for name, stem, depth in NETWORKS:
        weights = read_safetensors(ROOT / f"weights/{stem}.safetensors")
        with torch.no_grad():
            logits = resnet(weights, depth, frames()).numpy()
        write_safetensors(Path(__file__).with_name(f"davis_{name}_logits.safetensors"), "logits", logits)


if __name__ == "__main__":
    main()
