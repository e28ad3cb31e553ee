# SPDX-License-Identifier: MIT
"""Graphs that PyTorch's exporter does not write: auto_pad, Clip's attributes, half precision, shared weights."""
import numpy
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper

FRAME = (3, 9, 11)


def model(nodes, weights, opset, frame=FRAME, classes=5):
    initializers = [numpy_helper.from_array(w if isinstance(w, numpy.ndarray) else w.numpy(), name)
                    for name, w in weights.items()]
    graph = helper.make_graph(nodes, "hand", [helper.make_tensor_value_info("frame", TensorProto.FLOAT, [1, *frame])],
                              [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, classes])],
                              initializers)
    made = helper.make_model(graph, producer_name="hand", opset_imports=[helper.make_opsetid("", opset)])
    made.ir_version = 7
    return made


def same(x, kernel, stride, dilation, upper, value=0.0):
    """x with the padding that auto_pad SAME_UPPER or SAME_LOWER means."""
    pads = []
    for axis in (3, 2):
        k, s, d = (v[axis - 2] for v in (kernel, stride, dilation))
        extent = x.shape[axis]
        total = max(0, (-(-extent // s) - 1) * s + d * (k - 1) + 1 - extent)
        pads += [total // 2, total - total // 2] if upper else [total - total // 2, total // 2]
    return F.pad(x, pads, value=value)


def auto_pad():
    w1, b1 = torch.randn(6, 3, 3, 3) * 0.4, torch.randn(6)
    w2, w3 = torch.randn(6, 6, 2, 4) * 0.3, torch.randn(6, 6, 3, 3) * 0.3
    w4, b4 = torch.randn(6, 5), torch.randn(5)
    nodes = [
        helper.make_node("Conv", ["frame", "w1", "b1"], ["a"], auto_pad="SAME_UPPER", strides=[2, 2]),
        helper.make_node("Conv", ["a", "w2"], ["b"], auto_pad="SAME_LOWER", strides=[1, 1]),
        helper.make_node("Conv", ["b", "w3"], ["c"], auto_pad="SAME_UPPER", dilations=[2, 1], strides=[1, 2]),
        helper.make_node("MaxPool", ["c"], ["d"], auto_pad="SAME_UPPER", kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("AveragePool", ["d"], ["e"], auto_pad="SAME_LOWER", kernel_shape=[2, 2]),
        helper.make_node("MaxPool", ["e"], ["f"], auto_pad="VALID", kernel_shape=[2, 1]),
        helper.make_node("GlobalAveragePool", ["f"], ["g"]),
        helper.make_node("Squeeze", ["g"], ["h"], axes=[2, 3]),
        helper.make_node("Gemm", ["h", "w4", "b4"], ["i"]),
        helper.make_node("Softmax", ["i"], ["scores"], axis=1),
    ]

    def run(x):
        x = F.conv2d(same(x, (3, 3), (2, 2), (1, 1), True), w1, b1, stride=2)
        x = F.conv2d(same(x, (2, 4), (1, 1), (1, 1), False), w2)
        x = F.conv2d(same(x, (3, 3), (1, 2), (2, 1), True), w3, stride=(1, 2), dilation=(2, 1))
        x = F.max_pool2d(same(x, (2, 2), (2, 2), (1, 1), True, -1e30), 2)
        ones = same(torch.ones_like(x), (2, 2), (1, 1), (1, 1), False)
        x = F.avg_pool2d(same(x, (2, 2), (1, 1), (1, 1), False), 2, 1) / F.avg_pool2d(ones, 2, 1)
        x = F.max_pool2d(x, (2, 1), 1)
        return x.mean((2, 3)) @ w4 + b4

    inputs = torch.randn(2, *FRAME)
    return model(nodes, {"w1": w1, "b1": b1, "w2": w2, "w3": w3, "w4": w4, "b4": b4}, 11), inputs, run(inputs)


def old_forms():
    """Opset 7: Clip by attributes, Dropout with its mask, a Sum of branches in half precision, shared weights."""
    w1, w2 = (torch.randn(5, 3, 3, 3) * 0.4).half(), torch.randn(5, 5, 1, 1)
    b1 = torch.randn(5, 1, 1)
    nodes = [
        helper.make_node("Conv", ["frame", "w1"], ["a"], pads=[2, 0, 0, 1]),
        helper.make_node("Add", ["a", "b1"], ["a1"]),
        helper.make_node("Clip", ["a1"], ["b"], min=0.0, max=6.0),
        helper.make_node("Conv", ["b", "w2"], ["c"]),
        helper.make_node("Conv", ["c", "w2"], ["d"]),
        helper.make_node("Add", ["b", "d"], ["e"]),
        helper.make_node("Pad", ["e"], ["e0"], mode="constant", value=0.0, pads=[0, 0, 0, 0, 0, 0, 0, 0]),
        helper.make_node("Clip", ["e0"], ["f"], min=0.0),
        helper.make_node("Pad", ["f"], ["g"], pads=[0, 0, 0, 1, 0, 0, 1, 0]),
        helper.make_node("MaxPool", ["g"], ["h"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Dropout", ["h"], ["i"]),
        helper.make_node("GlobalAveragePool", ["i"], ["j"]),
        helper.make_node("Reshape", ["j", "flat"], ["scores"]),
    ]
    weights = {"w1": w1, "w2": w2, "b1": b1, "flat": numpy.array([1, -1], dtype=numpy.int64)}

    def run(x):
        x = F.conv2d(F.pad(x, (0, 1, 2, 0)), w1.float()) + b1
        x = x.clamp(0, 6)
        x = F.conv2d(F.conv2d(x, w2), w2) + x
        return F.max_pool2d(F.pad(x.relu(), (1, 0, 0, 1)), 2).mean((2, 3))

    inputs = torch.randn(2, *FRAME)
    return model(nodes, weights, 7), inputs, run(inputs)


HAND_MADE = {"auto_pad": auto_pad, "old_forms": old_forms}
