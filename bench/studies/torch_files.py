# SPDX-License-Identifier: MIT
"""Weights as safetensors, for the studies that train in PyTorch (no package of that name in Debian 12)."""
import json

import numpy as np
import torch

TYPES = {"F32": "<f4", "F16": "<f2"}


def read_weights(path):
    """Tensors by name, of 32-bit and 16-bit floats, as 32-bit ones."""
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        if name == "__metadata__" or entry["dtype"] not in TYPES:
            continue
        begin, end = (start + offset for offset in entry["data_offsets"])
        values = np.frombuffer(data[begin:end], TYPES[entry["dtype"]]).astype(np.float32)
        tensors[name] = torch.from_numpy(values.reshape(entry["shape"]))
    return tensors


def write_weights(path, tensors, source, dtype="F32"):
    header, at, parts = {"__metadata__": {"source": source}}, 0, []
    for name, tensor in tensors.items():
        values = tensor.detach().float().cpu().numpy().astype(TYPES[dtype])
        header[name] = {"dtype": dtype, "shape": list(values.shape), "data_offsets": [at, at + values.nbytes]}
        at += values.nbytes
        parts.append(values.tobytes())
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(parts))
