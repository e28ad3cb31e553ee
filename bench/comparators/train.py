#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Trains the networks that the comparators run, in PyTorch: all from scratch, by one recipe, equally long.

All are ResNet-20s of 32 x 32 pixels (flexdnn::resnet_cifar<20>). Written to DIR, with FlexDNN's names:
width_B.safetensors     B channels in the first stage, 16 the backbone: the bag of models, a catalog, compressed variants
branchynet.safetensors  two exits of ordinary convolutions, losses weighted 1, 0.65, 0.3 (examples/common/branchynets.hpp)
nested.safetensors      widths 16, 12, 8, 4 in one network: each the leading filters of the next, with batch norms of its own
nested_exits.safetensors  the same with exits at cut points 2, 4, 7 of every width
joint.safetensors       over-parameterised exits, for adapt --trained to prune and choose from: ours"""
import argparse
import csv
import subprocess
import sys
from collections import deque
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).parent.parent / "studies"))
import exits_torch  # noqa: E402
import vgg16_torch  # noqa: E402
from exits_torch import Mean, Separable, conv3x3  # noqa: E402
from torch_course import DEVICE, Course, read_images  # noqa: E402
from torch_files import write_weights  # noqa: E402

WIDTHS, NESTED = (16, 14, 12, 11, 10, 8, 7, 6, 5, 4), (16, 12, 8, 4)
RATE, BATCH = 0.1, 128
DATA_SETS = {  # classes, epochs, weight decay
    "gtsrb": (43, 45, 1e-3),
    "cifar10": (10, 30, 5e-4),
}


def head(into, classes):
    return [Mean(), nn.Linear(into, classes)]


def separable(into, out):
    return [Separable(into, out), nn.BatchNorm2d(out), nn.ReLU()]


def narrow_exit(channels, classes):
    return nn.Sequential(nn.MaxPool2d(2), *separable(channels, 64), nn.MaxPool2d(2), *separable(64, 128), *head(128, classes))


def wide_exit(channels, classes):
    """As examples/common/gtsrb_resnet20_joint.hpp has them at 32 and at 16 pixels."""
    layers = [nn.MaxPool2d(2)]
    if channels == 16:
        layers += [*separable(16, 32), nn.MaxPool2d(2), *separable(32, 96), nn.MaxPool2d(2), *separable(96, 128)]
    else:
        layers += [*separable(channels, 96), *separable(96, 128)]
    return nn.Sequential(*layers, *separable(128, 128), *head(128, classes))


def branchynet_exit(convolutions, classes):
    """convolutions: 3 or 2 of 32 channels, a pooling before each of the first two."""
    conv = lambda into: nn.Sequential(conv3x3(into, 32), nn.BatchNorm2d(32), nn.ReLU())
    layers = [nn.MaxPool2d(2), conv(16), nn.MaxPool2d(2), conv(32)]
    layers += [conv(32) for _ in range(convolutions - 2)]
    return nn.Sequential(*layers, nn.MaxPool2d(2), nn.Flatten(), nn.Linear(512, classes))


class Norms(nn.Module):
    """What a width has of its own."""

    def __init__(self, base, classes, exits):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(base)
        for stage in range(3):
            blocks = nn.Sequential()
            for i in range(3):
                block = nn.Module()
                block.bn1, block.bn2 = (nn.BatchNorm2d(base << stage) for _ in range(2))
                blocks.add_module(str(i), block)
            self.add_module(f"layer{stage + 1}", blocks)
        self.linear = nn.Module()
        self.linear.bias = nn.Parameter(torch.zeros(classes))
        if exits:
            self.exits = nn.ModuleDict(exits)


class Nested(nn.Module):
    """ResNet-20s of several widths in the widest's convolutions; one width is a plain network."""

    def __init__(self, widths, classes, exit_at=None):
        super().__init__()
        base, into = widths[0], widths[0]
        self.conv1 = conv3x3(3, base)
        for stage in range(3):
            blocks = nn.Sequential()
            for i in range(3):
                block = nn.Module()
                block.conv1 = conv3x3(into, base << stage)
                into = base << stage
                block.conv2 = conv3x3(into, into)
                blocks.add_module(str(i), block)
            self.add_module(f"layer{stage + 1}", blocks)
        self.linear = nn.Linear(into, classes, bias=False)
        self.widths = nn.ModuleDict({str(b): Norms(b, classes, exit_at(b) if exit_at else {}) for b in widths})

    def scores_of(self, x, base):
        """Of every exit of one width, the final one last."""
        own = self.widths[str(base)]
        exits = getattr(own, "exits", {})
        scores = []
        conv = lambda x, layer, out, stride=1: functional.conv2d(x, layer.weight[:out, :x.shape[1]], stride=stride, padding=1)
        leave = lambda cut: scores.append(exits[f"after_{cut}"](x)) if f"after_{cut}" in exits else None
        x = functional.relu(own.bn1(conv(x, self.conv1, base)))
        leave(1)
        for stage in range(3):
            out = base << stage
            for i in range(3):
                block, norm = (getattr(m, f"layer{stage + 1}")[i] for m in (self, own))
                y = functional.relu(norm.bn1(conv(x, block.conv1, out, out // x.shape[1])))
                y = norm.bn2(conv(y, block.conv2, out))
                if more := out - x.shape[1]:  # option A of He et al. 2016
                    x = functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, more // 2, more - more // 2))
                x = functional.relu(x + y)
                leave(2 + 3 * stage + i)
        scores.append(functional.linear(x.mean((2, 3)), self.linear.weight[:, :x.shape[1]], own.linear.bias))
        return scores

    def forward(self, x):
        return [s for base in self.widths for s in self.scores_of(x, int(base))]


def network_of(name, classes):
    """The network and the weight of each exit's loss."""
    if name.startswith("width_"):
        return Nested((int(name[6:]),), classes), [1.0]
    if name == "branchynet":
        exits = {"branch_1": (2, 3), "branch_2": (4, 2)}
        net = Nested((16,), classes, lambda _: {f"after_{cut}": branchynet_exit(n, classes) for cut, n in exits.values()})
        return net, [1.0, 0.65, 0.3]
    if name == "joint":
        net = Nested((16,), classes, lambda b: {f"after_{cut}": wide_exit(b if cut < 5 else 2 * b if cut < 8 else 4 * b, classes) for cut in (1, 2, 3, 5, 7)})
        return net, [1.0] * 6
    exits = (lambda b: {f"after_{cut}": narrow_exit(b if cut < 5 else 2 * b, classes) for cut in (2, 4, 7)}) if name == "nested_exits" else None
    return Nested(NESTED, classes, exits), [1.0] * (16 if exits else 4)


def tensors_of(name, net):
    """With the names of the network's type: a network of one width has no `widths.`."""
    state = {n: t for n, t in net.state_dict().items() if not n.endswith("num_batches_tracked")}
    if name.startswith("nested"):
        return state
    named = {}
    for n, t in state.items():
        if n.startswith("widths."):
            n = n.split(".", 2)[2]
        if name == "branchynet":
            n = n.replace("exits.after_2.", "exits.branch_1.").replace("exits.after_4.", "exits.branch_2.")
        named[n] = t
    return named


def frames_of(data_set, pixels):
    if data_set == "gtsrb":
        return vgg16_torch.frames_of(pixels / 255.0).contiguous(memory_format=torch.channels_last)
    return exits_torch.frames_of(pixels)


def train(name, data_set, pixels, labels, epochs):
    classes, _, weight_decay = DATA_SETS[data_set]
    torch.manual_seed(1)
    net, weights = network_of(name, classes)
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
    net = net.to(DEVICE, memory_format=torch.channels_last)
    weights = torch.tensor(weights, device=DEVICE)

    def loss(batch, truth):
        if data_set == "gtsrb":
            images = 255.0 * vgg16_torch.augmented(batch / 255.0)
        else:
            images = exits_torch.augmented(batch)
        with torch.autocast(DEVICE, torch.bfloat16, cache_enabled=False):
            scores = net(frames_of(data_set, images))
        return weights * torch.stack([functional.cross_entropy(s.float(), truth) for s in scores])

    Course(net, loss, BATCH, weight_decay).run(pixels, labels, epochs, RATE, f"{name}: ")
    return net.eval()


@torch.no_grad()
def accuracies(net, data_set, pixels, labels):
    right = sum(torch.stack([(s.argmax(1) == y).sum() for s in net(frames_of(data_set, p.float()))])
                for p, y in zip(pixels.split(500), labels.split(500)))
    return (right / len(labels)).tolist()


def in_parallel(names, jobs):
    """Each network by a process of its own, `jobs` at once."""
    waiting, running = deque(names), []
    while waiting or running:
        while waiting and len(running) < jobs:
            name = waiting.popleft()
            at = sys.argv.index("--networks") if "--networks" in sys.argv else len(sys.argv)
            rest = [a for i, a in enumerate(sys.argv[1:], 1) if i < at]
            running.append(subprocess.Popen([sys.executable, __file__, *rest, "--networks", name, "--jobs", "1"]))
        if code := running[0].wait():
            sys.exit(code)
        running.pop(0)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data-set", choices=DATA_SETS, required=True)
    options.add_argument("--train", type=Path, nargs="+", required=True, help="records: a label and 3 x 32 x 32 bytes")
    options.add_argument("--check", type=Path, help="records to tell every exit's accuracy on, in the end")
    options.add_argument("--out", type=Path, required=True, metavar="DIR", help="what stands there is not trained again")
    options.add_argument("--epochs", type=int, help="default: 45 of gtsrb, 30 of cifar10")
    options.add_argument("--jobs", type=int, default=1, help="networks at once")
    options.add_argument("--networks", nargs="+", default=[*(f"width_{b}" for b in WIDTHS), "branchynet", "nested", "nested_exits", "joint"])
    o = options.parse_args()
    o.out.mkdir(parents=True, exist_ok=True)
    todo = [n for n in o.networks if not (o.out / f"{n}.safetensors").exists()]
    if o.jobs > 1:
        return in_parallel(todo, o.jobs)
    for name in todo:
        net = train(name, o.data_set, *read_images(o.train), o.epochs or DATA_SETS[o.data_set][1])
        part = o.out / f"{name}.part"
        write_weights(part, tensors_of(name, net), "bench/comparators/train.py")
        part.rename(o.out / f"{name}.safetensors")
        if o.check:
            right = [f"{100.0 * a:.2f}" for a in accuracies(net, o.data_set, *read_images([o.check]))]
            with (o.out / "accuracy.csv").open("a", newline="") as file:
                csv.writer(file).writerow([name, *right])
            print(name, *right, flush=True)


if __name__ == "__main__":
    main()
