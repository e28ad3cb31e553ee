#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Trains a published CIFAR ResNet on, together with exits, in PyTorch on a GPU: mixed training for adapt --trained.

Trunk and exits are taught by the mean answer of several published networks, the backbone's own among them, on images
and on mixtures of two (Zhang et al. 2018, mixup; Beyer et al. 2022, a patient and consistent teacher): on the images
themselves, which all of them have seen, teachers say hardly more than the labels do."""
import argparse
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

from torch_course import DEVICE, Course, read_images
from torch_files import read_weights, write_weights

SHIFT, WEIGHT_DECAY = 4, 5e-4
DISTILLATION, TEMPERATURE = 0.7, 3.0  # of every exit's loss, as flexdnn::training_loss has them
MEAN = torch.tensor((0.485, 0.456, 0.406), device=DEVICE).view(1, 3, 1, 1)
DEVIATION = torch.tensor((0.229, 0.224, 0.225), device=DEVICE).view(1, 3, 1, 1)
TRUTH = torch.eye(10, device=DEVICE)


def conv3x3(into, out, stride=1, groups=1):
    return nn.Conv2d(into, out, 3, stride, 1, groups=groups, bias=False)


class BasicBlock(nn.Module):
    def __init__(self, into, out):
        super().__init__()
        self.conv1, self.bn1 = conv3x3(into, out, out // into), nn.BatchNorm2d(out)
        self.conv2, self.bn2 = conv3x3(out, out), nn.BatchNorm2d(out)

    def forward(self, x):
        y = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        if more := y.shape[1] - x.shape[1]:  # option A of He et al. 2016
            x = functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, more // 2, more // 2))
        return functional.relu(x + y)


class Separable(nn.Module):
    def __init__(self, into, out):
        super().__init__()
        self.depthwise, self.pointwise = conv3x3(into, into, groups=into), nn.Conv2d(into, out, 1, bias=False)

    def forward(self, x):
        return self.pointwise(self.depthwise(x))


class Mean(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


def branch(channels):
    """flexdnn::branch_design::over_parameterised of a map of at least 4 x 4 pixels."""
    layers = []
    into = channels
    for times in (2, 4, 4):
        out = min(max(times * channels, 32), 256)
        layers += [nn.MaxPool2d(2)] if layers else []
        layers += [Separable(into, out), nn.BatchNorm2d(out), nn.ReLU()]
        into = out
    return nn.Sequential(*layers, Mean(), nn.Linear(into, 10))


class ResNet(nn.Module):
    """flexdnn::resnet_cifar<Depth> by its parameters' names, exits behind some of its cut points."""

    def __init__(self, depth, cuts=()):
        super().__init__()
        self.conv1, self.bn1, self.linear = conv3x3(3, 16), nn.BatchNorm2d(16), nn.Linear(64, 10)
        self.exits = nn.ModuleDict()
        into, self.blocks = 16, []
        for stage, out in enumerate((16, 32, 64), 1):
            blocks = nn.Sequential()
            for i in range((depth - 2) // 6):
                blocks.add_module(str(i), BasicBlock(into, out))
                into = out
                if (cut := 2 + len(self.blocks) + i) in cuts:  # cut point 1 is the stem's
                    self.exits[f"after_{cut}"] = branch(out)
            self.add_module(f"layer{stage}", blocks)
            self.blocks += list(blocks)

    def forward(self, x):
        """Scores of every exit, the final one last."""
        scores = []
        x = functional.relu(self.bn1(self.conv1(x)))
        for cut, block in enumerate(self.blocks, 2):
            x = block(x)
            if (name := f"after_{cut}") in self.exits:
                scores.append(self.exits[name](x))
        return [*scores, self.linear(x.mean((2, 3)))]


def published(path, cuts=()):
    tensors = read_weights(path)
    blocks = sum(name.startswith("layer") and name.endswith("conv1.weight") for name in tensors)
    net = ResNet(2 * blocks + 2, cuts)
    missing = [n for n in net.load_state_dict(tensors, strict=False).missing_keys
               if not n.startswith("exits.") and not n.endswith("num_batches_tracked")]
    if missing:
        sys.exit(f"{path}: no CIFAR ResNet: {missing[0]} is missing")
    return net.to(DEVICE, memory_format=torch.channels_last)


def frames_of(pixels):
    return ((pixels / 255.0 - MEAN) / DEVIATION).contiguous(memory_format=torch.channels_last)


def augmented(pixels):
    """Shifted over black, half of them mirrored."""
    n, _, height, width = pixels.shape
    padded = functional.pad(pixels, (SHIFT,) * 4)
    corner = torch.randint(0, 2 * SHIFT + 1, (2, n, 1), device=DEVICE)
    rows, columns = corner[0] + torch.arange(height, device=DEVICE), corner[1] + torch.arange(width, device=DEVICE)
    columns = torch.where(torch.rand(n, 1, device=DEVICE) < 0.5, columns, columns.flip(1))
    image = torch.arange(n, device=DEVICE).view(n, 1, 1)
    return padded[image, :, rows.unsqueeze(2), columns.unsqueeze(1)].permute(0, 3, 1, 2).float()


def mixed(pixels, answers):
    """The second half of the images mixed with one another, and what is said of them likewise."""
    n = len(pixels)
    share = torch.cat([torch.ones(n // 2, device=DEVICE), torch.rand(n - n // 2, device=DEVICE)])
    mix = lambda x: torch.lerp(x.roll(1, 0), x, share.view(-1, *[1] * (x.dim() - 1)))
    return mix(pixels), mix(answers)


def taught(net, teachers, exit_weight):
    """The loss of a batch: of every exit, weighed."""
    def loss(pixels, labels):
        images, truth = mixed(augmented(pixels), TRUTH[labels])
        frames = frames_of(images)
        with torch.autocast(DEVICE, torch.bfloat16, cache_enabled=False):
            with torch.no_grad():
                answers = [t(frames)[-1].float() for t in teachers]
            scores = [s.float() for s in net(frames)]
        mean = sum((a / TEMPERATURE).softmax(1) for a in answers) / len(answers)
        kl = lambda s: functional.kl_div((s / TEMPERATURE).log_softmax(1), mean, reduction="batchmean")
        one = lambda s: (1.0 - DISTILLATION) * functional.cross_entropy(s, truth) + DISTILLATION * TEMPERATURE**2 * kl(s)
        return torch.stack([*(exit_weight * one(s) for s in scores[:-1]), one(scores[-1])])

    return loss


@torch.no_grad()
def accuracies(net, pixels, labels):
    right = sum(torch.stack([(s.argmax(1) == y).sum() for s in net(frames_of(p))])
                for p, y in zip(pixels.split(500), labels.split(500)))
    return (right / len(labels)).tolist()


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--weights", type=Path, required=True, help="of the backbone, and one of the teachers")
    options.add_argument("--teachers", type=Path, nargs="*", default=[], help="more of them")
    options.add_argument("--train", type=Path, nargs="+", required=True, help="CIFAR-10 binary files")
    options.add_argument("--check", type=Path, help="a file to say the accuracy of every exit on, in the end")
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--cuts", type=int, nargs="+", default=[4, 6, 8, 10, 12, 14, 16, 19, 22])
    options.add_argument("--exit-weight", type=float, default=1.0, help="of an exit's loss; the final one's is 1")
    options.add_argument("--epochs", type=int, default=100)
    options.add_argument("--batch", type=int, default=256)
    options.add_argument("--learning-rate", type=float, default=0.05)
    o = options.parse_args()
    torch.manual_seed(1)
    net = published(o.weights, o.cuts)
    if wrong := [cut for cut in o.cuts if f"after_{cut}" not in net.exits]:
        sys.exit(f"--cuts: no block ends at {wrong[0]}, wanted 2 to {1 + len(net.blocks)}")
    teachers = [published(path).eval() for path in [o.weights, *o.teachers]]
    course = Course(net, taught(net, teachers, o.exit_weight), o.batch, WEIGHT_DECAY)
    course.run(*read_images(o.train), o.epochs, o.learning_rate)
    kept = {name: value for name, value in net.state_dict().items() if not name.endswith("num_batches_tracked")}
    write_weights(o.out, kept, "bench/studies/exits_torch.py")
    if o.check:
        print(" ".join(f"{100.0 * a:.2f}" for a in accuracies(net.eval(), *read_images([o.check]))))


if __name__ == "__main__":
    main()
