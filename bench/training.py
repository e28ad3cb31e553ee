#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Images a second that examples/train and PyTorch train ResNet-20 with, in turn: one epoch each, a round at a time.

Both take mini-batches of 128 and SGD with Nesterov momentum; ours also shifts, mirrors and normalises the images, which
PyTorch is given as floats. Prints the median of the rounds and the ratio to PyTorch on as many threads.
usage: bench/training.py IMAGES [ROUNDS]    (CIFAR-10 binary records; needs torch and numpy, as Debian's python3-torch)"""
import csv
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

IMAGES, BATCH, EXTENT = 5120, 128, (3, 32, 32)
TRAIN = Path(__file__).resolve().parent.parent / "build/release/examples/train"


class Block(nn.Module):
    def __init__(self, channels_in, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(channels), nn.BatchNorm2d(channels)
        self.stride, self.grown = stride, channels - channels_in

    def forward(self, x):
        y = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        if self.grown:
            x = functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.grown // 2, self.grown // 2))
        return functional.relu(x + y)


def resnet20():
    layers = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    before = 16
    for channels in (16, 32, 64):
        for _ in range(3):
            layers.append(Block(before, channels, 2 if channels > before else 1))
            before = channels
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def pytorch(frames, labels, threads):
    torch.set_num_threads(threads)
    net = resnet20().train()
    rule = torch.optim.SGD(net.parameters(), 0.1, 0.9, weight_decay=5e-4, nesterov=True)
    start = time.perf_counter()
    for at in range(0, len(frames) - BATCH + 1, BATCH):
        rule.zero_grad()
        functional.cross_entropy(net(frames[at:at + BATCH]), labels[at:at + BATCH]).backward()
        rule.step()
    return time.perf_counter() - start


def ours(images, folder, threads, processes=1):
    launcher = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", str(processes), "--bind-to", "none"]
    weights = folder / "net.safetensors"
    subprocess.run([*(launcher if processes > 1 else []), TRAIN, "--backbone", "resnet20", "--train", images, "--out", weights,
                    "--epochs", "1", "--threads", str(threads)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = float(next(csv.DictReader((folder / "net.csv").open()))["seconds"])
    for file in folder.glob("net*"):
        file.unlink()
    return seconds


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    if not TRAIN.exists():
        sys.exit(f"{TRAIN} is not there: cmake --preset release; cmake --build --preset release --target example_train")
    size, cores = 1 + int(np.prod(EXTENT)), os.cpu_count()
    records = np.fromfile(sys.argv[1], np.uint8)
    if len(records) < IMAGES * size:
        sys.exit(f"{sys.argv[1]}: {len(records) / size:g} records, wanted {IMAGES} or more")
    records = records[:IMAGES * size].reshape(IMAGES, size)
    frames = torch.from_numpy((records[:, 1:].astype(np.float32) / 255 - 0.45) / 0.22).reshape(IMAGES, *EXTENT)
    labels = torch.from_numpy(records[:, 0].astype(np.int64))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        records.tofile(folder / "images.bin")
        one, all_cores = "PyTorch, 1 thread", f"PyTorch, {cores} threads"
        rows = {one: (one, lambda: pytorch(frames, labels, 1)),
                all_cores: (all_cores, lambda: pytorch(frames, labels, cores)),
                "ours, 1 thread": (one, lambda: ours(folder / "images.bin", folder, 1)),
                f"ours, {cores} threads": (all_cores, lambda: ours(folder / "images.bin", folder, cores))}
        if cores > 1 and shutil.which("mpirun"):
            rows[f"ours, {cores} processes of 1"] = (all_cores, lambda: ours(folder / "images.bin", folder, 1, cores))
        seconds = {row: [] for row in rows}
        for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 3):
            for row, (_, run) in rows.items():
                seconds[row].append(run())
    for row, each in seconds.items():
        ratio = statistics.median(p / s for p, s in zip(seconds[rows[row][0]], each))
        print(f"{row:32} {IMAGES / statistics.median(each):7.0f} images a second, {ratio:.2f} times PyTorch's")


main()
