#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes MODEL_EXTENT.safetensors beside this file: the logits that torchvision's own definition of a model
gives in double precision, its frame and weights drawn from names (../torchvision.hpp draws the same numbers);
with its parameters, its MACs and a digest of its state_dict's names and shapes, counted from the module.
usage: make_golden.py [--names] [MODEL...]    (needs torch, torchvision 0.14 or newer and numpy)"""
import argparse
import json
import math
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torchvision import models

# Published extent first, then one that a sanitizer or an emulator can afford. 75 is Inception-V3's least, and
# the extent at which SqueezeNet's pools round up, which they do not at 224.
EXTENTS = {
    "resnet18": (224, 64), "resnet34": (224,), "resnet50": (224,), "mobilenet_v2": (224, 64),
    "squeezenet1_1": (224, 75), "inception_v3": (299, 75), "vgg16": (224, 32), "vgg16_cifar": (32,),
}
# Middle of the batch norms' weights. At 1 the sums of a ResNet-50 grow to logits of 1,800; at 0.75 what a
# frame tells dies out in Inception-V3 (another frame moves its logits by 0.08 %, at 1 by 10 %).
NORM = {"resnet18": 0.75, "resnet34": 0.75, "resnet50": 0.75}


class vgg16_cifar(nn.Module):
    """VGG-16's convolutions and one dense layer: the usual form for 32x32 images."""

    def __init__(self):
        super().__init__()
        self.features = models.vgg16().features
        self.classifier = nn.Linear(512, 10)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


def build(model, extent):
    if model == "vgg16_cifar":
        return vgg16_cifar()
    if model == "inception_v3":
        return models.inception_v3(aux_logits=False, init_weights=False)
    net = getattr(models, model)()
    if model == "vgg16" and extent != 224:  # a classifier for the map as it is, not one stretched to 7x7
        net.avgpool = nn.Identity()
        net.classifier[0] = nn.Linear(512 * (extent // 32)**2, 4096)
    return net


def fnv1a(text, state=0xcbf29ce484222325):
    for byte in text.encode():
        state = (state ^ byte) * 0x100000001b3 % 2**64
    return state


def unit(name, count):
    """Numbers of a name in [-1, 1), multiples of 2^-23: high bits of splitmix64 started at the name's hash."""
    with np.errstate(over="ignore"):
        z = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9e3779b97f4a7c15) + np.uint64(fnv1a(name))
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xbf58476d1ce4e5b9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94d049bb133111eb)
        z ^= z >> np.uint64(31)
    return ((z >> np.uint64(40)).astype(np.int64) - 2**23) / 2.0**23


def drawn(name, shape, norm):
    """A tensor: middle + spread * u in double, rounded to float once. Spread of matrices: He et al. 2015."""
    kind = name.rsplit(".", 1)[-1]
    if len(shape) > 1:
        middle, spread = 0.0, math.sqrt(6.0 / math.prod(shape[1:]))
    else:
        middle, spread = {"weight": (norm, 0.25), "running_var": (1.0, 0.5)}.get(kind, (0.0, 0.125))
    return (middle + spread * unit(name, math.prod(shape))).astype(np.float32).reshape(shape)


def frame(extent):
    return unit("frame", 3 * extent * extent).astype(np.float32).reshape(1, 3, extent, extent)


def macs(net, x):
    """Multiply-accumulates of one frame, bias not counted: from the outputs that pass through the module."""
    total = 0

    def count(layer, _, out):
        nonlocal total
        total += out.numel() * layer.weight[0].numel()

    hooks = [m.register_forward_hook(count) for m in net.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
    y = net(x)
    for hook in hooks:
        hook.remove()
    return y, total


def tensors(net):
    """The state_dict's tensors by name, without the counters of batches."""
    return {name: t for name, t in net.state_dict().items() if not name.endswith("num_batches_tracked")}


def names(net):
    """A line a tensor, sorted: its name and shape."""
    lines = (f"{name} {list(t.shape)}\n" for name, t in tensors(net).items())
    return sorted(line.replace(", ", ",") for line in lines)


def write(path, logits, metadata):
    entry = {"dtype": "F32", "shape": list(logits.shape), "data_offsets": [0, logits.nbytes]}
    header = json.dumps({"__metadata__": metadata, "logits": entry}).encode()
    header += b" " * (-len(header) % 8)
    path.write_bytes(len(header).to_bytes(8, "little") + header + logits.astype("<f4").tobytes())


def golden(net, extent, norm):
    """Logits, and what was counted; the net is double afterwards."""
    for name, value in tensors(net).items():
        value.copy_(torch.from_numpy(drawn(name, tuple(value.shape), norm)))
    lines = names(net)
    logits, cost = macs(net.double(), torch.from_numpy(frame(extent)).double())
    return logits[0].numpy().astype(np.float32), {
        "parameters": str(sum(p.numel() for p in net.parameters())), "macs": str(cost),
        "tensors": str(len(lines)), "names": f"{fnv1a(''.join(lines)):016x}", "norm": str(norm),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", action="store_true", help="print the lines behind the digest instead")
    parser.add_argument("models", metavar="MODEL", nargs="*", help=f"of {', '.join(EXTENTS)}; default: all")
    arguments = parser.parse_args()
    for model in arguments.models or EXTENTS:
        for extent in EXTENTS[model]:
            net = build(model, extent).eval()
            if arguments.names:
                print("".join(names(net)), end="")
                continue
            with torch.no_grad():
                logits, metadata = golden(net, extent, NORM.get(model, 1.0))
            write(Path(__file__).with_name(f"{model}_{extent}.safetensors"), logits, metadata)
            print(model, extent, metadata, f"logits {logits.mean():.3g} +- {logits.std():.3g}")


if __name__ == "__main__":
    main()
