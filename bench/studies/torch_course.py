# SPDX-License-Identifier: MIT
"""Training by SGD with Nesterov's momentum, a step as one CUDA graph, for the studies that train in PyTorch."""
import math
import sys

import numpy as np
import torch

MOMENTUM, WARM_UP = 0.9, 500
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


def read_images(paths, extent=(3, 32, 32)):
    """Pixels and labels of CIFAR-10 binary files, on the device."""
    size = 1 + math.prod(extent)
    for path in paths:
        if path.stat().st_size % size:
            sys.exit(f"{path}: {path.stat().st_size} bytes, wanted records of {size}: a label and {' x '.join(map(str, extent))} pixels")
    records = np.concatenate([np.fromfile(path, np.uint8).reshape(-1, size) for path in paths])
    labels = torch.from_numpy(records[:, 0].astype(np.int64)).to(DEVICE)
    return torch.from_numpy(records[:, 1:].reshape(-1, *extent)).to(DEVICE), labels


class Course:
    """loss(pixels, labels): the losses to be added up, of a batch of bytes. All parameters and all gradients lie in one
    tensor each, so that a step of SGD is five operations."""

    def __init__(self, net, loss, batch, weight_decay):
        self.net, self.loss, self.weight_decay = net.train(), loss, weight_decay
        parameters = list(net.parameters())
        self.values = torch.cat([p.data.flatten() for p in parameters])
        self.gradient, self.velocity = torch.zeros_like(self.values), torch.zeros_like(self.values)
        at = 0
        for p in parameters:
            p.data, p.grad = (x[at:at + p.numel()].view(p.shape) for x in (self.values, self.gradient))
            at += p.numel()
        self.rate = torch.zeros((), device=DEVICE)
        self.pixels = torch.zeros(batch, 3, 32, 32, dtype=torch.uint8, device=DEVICE)
        self.labels = torch.zeros(batch, dtype=torch.int64, device=DEVICE)
        self.losses = None
        self.replay = self.captured() if DEVICE == "cuda" else self.step

    def step(self):
        self.losses = self.loss(self.pixels, self.labels)
        self.gradient.zero_()
        self.losses.sum().backward()
        with torch.no_grad():  # Nesterov's momentum as torch.optim.SGD has it
            descent = self.gradient + self.weight_decay * self.values
            self.velocity.mul_(MOMENTUM).add_(descent)
            self.values.sub_(self.rate * (descent + MOMENTUM * self.velocity))

    def captured(self):
        """A step is some thousand kernels of microseconds: launched as one graph."""
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(3):
                self.step()  # at rate 0
        torch.cuda.current_stream().wait_stream(aside)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self.step()
        self.velocity.zero_()
        return graph.replay

    def run(self, pixels, labels, epochs, rate, name=""):
        batch = len(self.labels)
        steps = len(labels) // batch
        for step in range(epochs * steps):
            if step % steps == 0:
                order = torch.randperm(len(labels), device=DEVICE)
            chosen = order[step % steps * batch:][:batch]
            self.pixels.copy_(pixels[chosen])
            self.labels.copy_(labels[chosen])
            self.rate.fill_(rate * min(1.0, (step + 1) / WARM_UP) * 0.5 * (1.0 + math.cos(math.pi * step / (epochs * steps))))
            self.replay()
            if step % steps == steps - 1:
                told = " ".join(f"{l:.3f}" for l in self.losses.tolist())
                print(f"{name}epoch {step // steps + 1} of {epochs}: losses {told}", file=sys.stderr, flush=True)
