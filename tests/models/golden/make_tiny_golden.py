#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes beside this file what PyTorch gives for the networks of TensorFlow, built here from its functions:
mlperf_resnet8_davis.safetensors, the logits of weights/mlperf_resnet8.safetensors on the DAVIS crops, and
mobilenet_v1_*.safetensors with drawn weights, as make_golden.py.
usage: make_tiny_golden.py    (needs torch, torchvision and numpy)"""
import json
from pathlib import Path

import numpy as np
import torch
from make_golden import golden, write
from torch import nn
from torch.nn import functional

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]


def same(x, kernel, stride):
    """Zeros around a map as TensorFlow's SAME has them: the odd one at the bottom and right."""
    sides = []
    for extent in (x.shape[3], x.shape[2]):
        total = max((-(-extent // stride) - 1) * stride + kernel - extent, 0)
        sides += [total // 2, total - total // 2]
    return functional.pad(x, sides)


def read_safetensors(path):
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        if name != "__metadata__":
            first, last = entry["data_offsets"]
            values = np.frombuffer(data[start + first:start + last], "<f4").reshape(entry["shape"])
            tensors[name] = torch.from_numpy(values.copy()).double()
    return tensors


def resnet8(w, x):
    """Layers by Keras's own names and numbers, which our name map does not enter."""
    def numbered(kind, i):
        return f"{kind}_{i}" if i else kind

    def conv(i, x, kernel, stride=1):
        name = numbered("conv2d", i)
        return functional.conv2d(same(x, kernel, stride), w[f"{name}/kernel"], w[f"{name}/bias"], stride=stride)

    def norm(i, x):
        name = numbered("batch_normalization", i)
        statistics = [w[f"{name}/{part}"] for part in ("moving_mean", "moving_variance", "gamma", "beta")]
        return functional.batch_norm(x, *statistics, eps=1e-3)

    x = functional.relu(norm(0, conv(0, x, 3)))
    y = norm(2, conv(2, functional.relu(norm(1, conv(1, x, 3))), 3))
    x = functional.relu(x + y)
    for c, n in ((3, 3), (6, 5)):
        y = norm(n + 1, conv(c + 1, functional.relu(norm(n, conv(c, x, 3, 2))), 3))
        x = functional.relu(conv(c + 2, x, 1, 2) + y)
    return functional.linear(x.mean((2, 3)), w["dense/kernel"], w["dense/bias"])


class block(nn.Module):
    def __init__(self, channels, out, stride, activation, bias):
        super().__init__()
        self.conv_dw = nn.Conv2d(channels, channels, 3, stride, groups=channels, bias=bias)
        self.bn_dw = nn.BatchNorm2d(channels, eps=1e-3)
        self.conv_pw = nn.Conv2d(channels, out, 1, bias=bias)
        self.bn_pw = nn.BatchNorm2d(out, eps=1e-3)
        self.activation, self.stride = activation, stride

    def forward(self, x):
        x = self.activation(self.bn_dw(self.conv_dw(same(x, 3, self.stride))))
        return self.activation(self.bn_pw(self.conv_pw(x)))


class mobilenet_v1(nn.Module):
    """Howard et al. 2017, table 1, at a quarter of the width."""

    def __init__(self, activation, bias, classifier):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, 2, bias=bias)
        self.bn1 = nn.BatchNorm2d(8, eps=1e-3)
        self.activation = activation
        wide = [8, 16, 32, 32, 64, 64] + 6 * [128] + 2 * [256]
        halves = {1, 3, 5, 11}
        self.blocks = nn.Sequential(*[block(wide[i], wide[i + 1], 2 if i in halves else 1, activation, bias)
                                      for i in range(13)])
        self.classifier = classifier

    def forward(self, x):
        x = self.blocks(self.activation(self.bn1(self.conv1(same(x, 3, 2)))))
        x = x.mean((2, 3), keepdim=isinstance(self.classifier, nn.Conv2d))
        return self.classifier(x).flatten(1)


def main():
    records = np.fromfile(ROOT / "examples/data/davis4_dev.bin", np.uint8).reshape(-1, 3073)
    frames = torch.from_numpy(records[:, 1:].reshape(-1, 3, 32, 32).astype(np.float64))
    with torch.no_grad():
        logits = resnet8(read_safetensors(ROOT / "weights/mlperf_resnet8.safetensors"), frames)
        write(HERE / "mlperf_resnet8_davis.safetensors", logits.numpy().astype(np.float32), {})
        imagenet = mobilenet_v1(functional.relu6, False, nn.Conv2d(256, 1000, 1))
        wake_words = mobilenet_v1(functional.relu, True, nn.Linear(256, 2))
        for net, extent in ((imagenet, 224), (imagenet, 65), (wake_words, 96)):
            logits, facts = golden(net.eval().float(), extent, 1.0)
            write(HERE / f"mobilenet_v1_025_{extent}.safetensors", logits, facts)
            print(extent, facts, f"logits {logits.mean():.3g} +- {logits.std():.3g}")


if __name__ == "__main__":
    main()
