#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Trains VGG-16 for 32x32 traffic signs in PyTorch, on a GPU where there is one: a backbone from elsewhere, for adapt.

Cuts the tracks of IMAGES by lot, four fifths to train and the rest held, and writes into DIR train.bin, held.bin, a
table beside each, and vgg16.safetensors (half precision, PyTorch's names), the weights of the best learning rate.
usage: vgg16_torch.py IMAGES DIR    (IMAGES: records with IMAGES' table of tracks beside them; needs torch and numpy)"""
import csv
import math
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from torch_files import write_weights

CLASSES, EPOCHS, BATCH, WARM_UP, LARGEST_NORM = 43, 60, 128, 300, 2.0
# No batch norm: on one GPU 0.05 got 97.7 % of held frames, 0.02 93.9 %.
RATES = (0.02, 0.05)
ROTATION, SCALE, SHIFT, COLOUR, CUTOUT = 12.0, 0.15, 3, 0.4, 8
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
a_channel = lambda *values: torch.tensor(values, device=DEVICE).view(1, 3, 1, 1)
MEAN, DEVIATION, GREY = a_channel(0.344, 0.315, 0.323), a_channel(0.279, 0.267, 0.273), a_channel(0.299, 0.587, 0.114)


def read(path):
    records = np.fromfile(path, np.uint8).reshape(-1, 3073)
    rows = list(csv.DictReader(path.with_suffix(".csv").open()))
    if len(rows) != len(records):
        sys.exit(f"{path}: {len(records)} records, the table beside it has {len(rows)} rows")
    return records, rows


def held_by_track(rows):
    tracks = [(int(r["class"]), int(r["track"])) for r in rows]
    number = {track: i for i, track in enumerate(sorted(set(tracks)))}
    lot = set(np.random.default_rng(5).permutation(len(number))[:len(number) // 5].tolist())
    return np.array([number[t] in lot for t in tracks])


def write_part(path, records, rows, chosen):
    records[chosen].tofile(path)
    with path.with_suffix(".csv").open("w", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys())
        table.writeheader()
        table.writerows({**rows[i], "index": n} for n, i in enumerate(np.flatnonzero(chosen)))


class Vgg16(nn.Module):
    """Configuration D of Simonyan and Zisserman 2015 with one dense layer, as flexdnn::vgg16_cifar."""

    def __init__(self):
        super().__init__()
        layers, channels = [], 3
        for stage in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
            for _ in range(stage[1]):
                layers += [nn.Conv2d(channels, stage[0], 3, padding=1), nn.ReLU()]
                channels = stage[0]
            layers.append(nn.MaxPool2d(2))
        self.features, self.classifier = nn.Sequential(*layers), nn.Linear(512, CLASSES)
        for layer in self.features:
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                nn.init.zeros_(layer.bias)
        nn.init.normal_(self.classifier.weight, 0.0, 0.01)

    def forward(self, frames):
        return self.classifier(self.features(frames).flatten(1))


def frames_of(pixels):
    return (pixels - MEAN) / DEVIATION


def augmented(pixels):
    """Turned, scaled, shifted, recoloured, a square cut out: the options of examples/train."""
    n, _, height, width = pixels.shape
    uniform = lambda *size: 2.0 * torch.rand(*size, device=pixels.device) - 1.0
    turn, scale = math.radians(ROTATION) * uniform(n), 1.0 + SCALE * uniform(n)
    moved = 2.0 * torch.randint(-SHIFT, SHIFT + 1, (2, n), device=pixels.device) / width
    warp = torch.stack([torch.stack([scale * turn.cos(), -scale * turn.sin(), moved[0]], 1),
                        torch.stack([scale * turn.sin(), scale * turn.cos(), moved[1]], 1)], 1)
    pixels = functional.grid_sample(pixels, functional.affine_grid(warp, pixels.shape, align_corners=False), align_corners=False)
    factor = lambda: 1.0 + COLOUR * uniform(n, 1, 1, 1)
    grey = lambda x: (x * GREY).sum(1, True)
    blend = lambda x, other, share: (share * x + (1.0 - share) * other).clamp(0.0, 1.0)
    pixels = (pixels * factor()).clamp(0.0, 1.0)
    pixels = blend(pixels, grey(pixels).mean((2, 3), True), factor())
    pixels = blend(pixels, grey(pixels), factor())
    corner = torch.randint(0, height, (2, n, 1, 1), device=pixels.device) - CUTOUT // 2
    rows, columns = torch.arange(height, device=pixels.device).view(1, -1, 1), torch.arange(width, device=pixels.device).view(1, 1, -1)
    inside = lambda line, first: (line >= first) & (line < first + CUTOUT)
    return pixels.masked_fill((inside(rows, corner[0]) & inside(columns, corner[1])).unsqueeze(1), 0.0)


def train(pixels, labels, rate):
    torch.manual_seed(1)
    net = Vgg16().to(DEVICE).train()
    rule = torch.optim.SGD(net.parameters(), lr=rate, momentum=0.9, nesterov=True, weight_decay=5e-4)
    steps = len(labels) // BATCH
    for step in range(EPOCHS * steps):
        if step % steps == 0:
            order = torch.randperm(len(labels), device=DEVICE)
        chosen = order[step % steps * BATCH:][:BATCH]
        for group in rule.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / WARM_UP) * 0.5 * (1.0 + math.cos(math.pi * step / (EPOCHS * steps)))
        loss = functional.cross_entropy(net(frames_of(augmented(pixels[chosen].float() / 255.0))), labels[chosen])
        rule.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), LARGEST_NORM)
        rule.step()
        if step % steps == steps - 1:
            print(f"rate {rate}, epoch {step // steps + 1}: loss {loss.item():.4f}", file=sys.stderr, flush=True)
    return net.eval()


@torch.no_grad()
def accuracy(net, pixels, labels):
    right = [(net(frames_of(p.float() / 255.0)).argmax(1) == y).sum().item() for p, y in zip(pixels.split(500), labels.split(500))]
    return sum(right) / len(labels)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    images, folder = Path(sys.argv[1]), Path(sys.argv[2])
    records, rows = read(images)
    held = held_by_track(rows)
    folder.mkdir(parents=True, exist_ok=True)
    write_part(folder / "train.bin", records, rows, ~held)
    write_part(folder / "held.bin", records, rows, held)
    pixels = torch.from_numpy(records[:, 1:].reshape(-1, 3, 32, 32)).to(DEVICE)
    labels = torch.from_numpy(records[:, 0].astype(np.int64)).to(DEVICE)
    seen = torch.from_numpy(~held).to(DEVICE)
    best = 0.0
    for rate in RATES:
        net = train(pixels[seen], labels[seen], rate)
        share = accuracy(net, pixels[~seen], labels[~seen])
        print(f"rate {rate}: {100.0 * share:.2f} % of held frames")
        if share > best:
            best = share
            write_weights(folder / "vgg16.safetensors", net.state_dict(), "bench/studies/vgg16_torch.py", "F16")


if __name__ == "__main__":
    main()
