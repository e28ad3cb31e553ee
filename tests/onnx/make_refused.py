#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the models of tests/onnx/refused, each with one mistake, and sentences.json: what import_onnx says.

usage: tests/onnx/make_refused.py   (needs onnx; the test itself does not)
"""
import json
import pathlib

import numpy
from onnx import TensorProto, helper, numpy_helper

REFUSED = pathlib.Path(__file__).resolve().parent / "refused"
node = helper.make_node


def floats(*shape, value=0.5, kind=numpy.float32):
    return numpy.full(shape, value, dtype=kind)


def model(nodes, weights=None, frame=(1, 3, 6, 7), outputs=("y",), inputs=("x",), opset=13, told=(),
          element=TensorProto.FLOAT):
    initializers = [w if isinstance(w, TensorProto) else numpy_helper.from_array(w, name)
                    for name, w in (weights or {}).items()]
    graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info(i, element, frame) for i in inputs],
                              [helper.make_tensor_value_info(o, TensorProto.FLOAT, None) for o in outputs],
                              initializers, value_info=list(told))
    made = helper.make_model(graph, producer_name="hand", opset_imports=[helper.make_opsetid("", opset)])
    made.ir_version = 7
    return made


def after(*nodes, weights=None, **options):
    """Nodes from x to z, then a global pool to y."""
    return model([*nodes, node("GlobalAveragePool", ["z"], ["y"], "head")], weights, **options)


def conv(output="z", reads="x", name="conv", weight="w", **attributes):
    return node("Conv", [reads, weight], [output], name, **attributes)


W = {"w": floats(4, 3, 3, 3)}
NORM = {n: floats(3) for n in ("scale", "shift", "mean")}


def external():
    t = numpy_helper.from_array(floats(4, 3, 3, 3), "w")
    t.ClearField("raw_data")
    t.data_location = TensorProto.EXTERNAL
    return t


def short():
    t = numpy_helper.from_array(floats(4, 3, 3, 3), "w")
    t.raw_data = t.raw_data[:-4]
    return t


MISTAKES = {
    "operator": (after(node("Einsum", ["x"], ["z"], "/mix/Einsum", equation="nchw->nchw")),
                 'node "/mix/Einsum" (Einsum): not supported; supported are Add, AveragePool, BatchNormalization, '),
    "unnamed": (after(node("GRU", ["x"], ["z"])), 'node "z" (GRU): not supported; '),
    "domain": (after(node("Relu", ["x"], ["z"], "act", domain="com.example")),
               'node "act" (Relu): domain "com.example" is not supported, only ONNX\'s own is'),
    "opset": (after(node("Relu", ["x"], ["z"]), opset=99), "opset 99 is not supported: 7 to 18 are"),
    "dynamic": (after(conv(), weights=W, frame=("n", 3, "height", 7)),
                'input "x": extent 2 is dynamic ("height"): export the model for one size'),
    "batch": (after(conv(), weights=W, frame=(2, 3, 6, 7)), 'input "x": got batch 2, 1 or a dynamic one is wanted'),
    "rank": (after(conv(), weights=W, frame=(1, 3, 6)), 'input "x": got 3 extents, 4 are wanted'),
    "huge": (after(conv(), weights=W, frame=(1, 3, 60000, 70000)),
             'input "x": extents [1,3,60000,70000] are out of range'),
    "double_input": (after(conv(), weights=W, element=TensorProto.DOUBLE),
                     'input "x": got DOUBLE elements, FLOAT is wanted'),
    "double_weight": (after(conv(), weights={"w": floats(4, 3, 3, 3, kind=numpy.float64)}),
                      'node "conv" (Conv): input "w" holds DOUBLE numbers, FLOAT or FLOAT16 are wanted'),
    "two_inputs": (after(node("Add", ["x", "x2"], ["z"]), inputs=("x", "x2")), "the graph has 2 inputs, 1 is wanted"),
    "two_outputs": (after(conv(), weights=W, outputs=("y", "z")), "the graph has 2 outputs, 1 is wanted"),
    "no_output": (model([node("Relu", ["x"], ["z"])]), 'output "y": no node gives it'),
    "missing": (after(conv()), 'node "conv" (Conv): reads "w", which is no initializer, no input and no node\'s output'),
    "cycle": (after(node("Add", ["x", "b"], ["a"], "first"), node("Relu", ["a"], ["b"]), node("Relu", ["b"], ["z"])),
              'node "first" (Add): reads "b", which it or a later node gives: a cycle, or nodes out of order'),
    "twice": (after(node("Relu", ["x"], ["z"]), node("Relu", ["x"], ["z"], "again")),
              'node "again" (Relu): gives "z" a second time'),
    "external": (after(conv(), weights={"w": external()}),
                 'initializer "w": its data lie in another file, which is not supported'),
    "short": (after(conv(), weights={"w": short()}), 'initializer "w": holds 107 numbers, its extents want 108'),
    "not_finite": (after(conv(), weights={"w": floats(4, 3, 3, 3, value=numpy.inf)}),
                   'node "conv" (Conv): input "w": number 0 is not finite'),
    "computed_weight": (model([node("Relu", ["x"], ["r"]), node("Conv", ["x", "r"], ["y"], "conv")]),
                        'node "conv" (Conv): input "r" is computed, only a constant is supported there'),
    "weight_extents": (after(conv(), weights={"w": floats(4, 2, 3, 3)}),
                       'node "conv" (Conv): weights of extents [4,2,3,3] in 1 groups do not fit an input of 3 channels'),
    "too_large": (after(conv(), weights={"w": floats(4, 3, 7, 3)}),
                  'node "conv" (Conv): its kernel is larger than its padded input: got {3, 6, 7}, wanted at least '
                  "{3, 7, 3}"),
    "strides": (after(conv(strides=[0, 1]), weights=W), 'node "conv" (Conv): strides [0,1] is out of range'),
    "one_axis": (after(conv(strides=[1]), weights=W),
                 'node "conv" (Conv): strides [1]: only two-dimensional windows are supported'),
    "kind": (after(conv(group=1.0), weights=W), 'node "conv" (Conv): attribute "group" is of another kind'),
    "told": (after(conv(), weights=W, told=[helper.make_tensor_value_info("z", TensorProto.FLOAT, [1, 4, 4, 6])]),
             'node "conv" (Conv): output "z": got extents [1,4,4,5], wanted [1,4,4,6] (as the file says)'),
    # PyTorch drops a window that begins in the padding behind the map, ONNX 1.12 counts it.
    "inferred": (after(node("MaxPool", ["x"], ["z"], "pool", kernel_shape=[2, 2], strides=[2, 2], pads=[1, 1, 1, 1],
                            ceil_mode=1), frame=(1, 3, 7, 7)),
                 'node "pool" (MaxPool): output "z": got extents [1,3,4,4], wanted [1,3,5,5] (ONNX\'s inference)'),
    "training": (after(node("BatchNormalization", ["x", "scale", "shift", "mean", "mean"], ["z", "m", "v"], "bn",
                            training_mode=1), weights=NORM),
                 'node "bn" (BatchNormalization): is in training mode: export the model in evaluation mode'),
    "variance": (after(node("BatchNormalization", ["x", "scale", "shift", "mean", "var"], ["z"], "bn"),
                       weights={**NORM, "var": floats(3, value=-1.0)}),
                 'node "bn" (BatchNormalization): a running variance is negative'),
    "norm_extents": (after(node("BatchNormalization", ["x", "scale", "shift", "mean", "var"], ["z"], "bn"),
                           weights={**NORM, "var": floats(4)}),
                     'node "bn" (BatchNormalization): input "var": got extents [4], wanted [3]'),
    "dilated_pool": (after(node("MaxPool", ["x"], ["z"], "pool", kernel_shape=[2, 2], dilations=[2, 2])),
                     'node "pool" (MaxPool): dilated pools are not supported'),
    "zeros_could_win": (after(node("Pad", ["x"], ["p"], "pad", pads=[0, 0, 1, 1, 0, 0, 1, 1]),
                              node("MaxPool", ["p"], ["z"], "pool", kernel_shape=[3, 3]), opset=9),
                        'node "pool" (MaxPool): follows a Pad whose zeros could win'),
    "lonely_pad": (after(node("Pad", ["x"], ["z"], "pad", pads=[0, 0, 1, 1, 0, 0, 1, 1]), opset=9),
                   'node "pad" (Pad): its zeros are read by something else than a convolution or a pool'),
    "reflect": (after(node("Pad", ["x"], ["z"], "pad", mode="reflect", pads=[0, 0, 1, 1, 0, 0, 1, 1]), opset=9),
                'node "pad" (Pad): only constant padding is supported'),
    "hard_sigmoid": (after(node("HardSigmoid", ["x"], ["z"], "gate")),
                     'node "gate" (HardSigmoid): alpha 0.200000, beta 0.500000: only alpha 1/6, beta 1/2 is supported'),
    "clip": (after(node("Clip", ["x"], ["z"], "clip", min=-1.0, max=1.0), opset=9),
             'node "clip" (Clip): clips to [-1.000000, 1.000000]: only [0, 6] (relu6) and [0, infinity) (relu)'),
    "softmax": (after(node("Softmax", ["x"], ["z"], "soft", axis=-1)),
                'node "soft" (Softmax): only a softmax over the channels is supported'),
    "shift": (after(node("Add", ["x", "c"], ["z"], "shift"), weights={"c": floats(1)}),
              'node "shift" (Add): a number added: supported only inside a hard sigmoid or hard swish'),
    "bias": (after(node("Add", ["x", "c"], ["z"], "bias"), weights={"c": floats(3, 1, 1)}),
             'node "bias" (Add): a constant of extents [3,1,1] is not supported there: only a bias after a Conv'),
    "sides": (after(node("GlobalAveragePool", ["x"], ["g"]), node("Add", ["x", "g"], ["z"], "sum")),
              'node "sum" (Add): adds [1,3,6,7] and [1,3,1,1]: the two sides must agree'),
    "itself": (after(node("Add", ["x", "x"], ["z"], "double")), 'node "double" (Add): adds a value to itself'),
    "product": (after(node("Relu", ["x"], ["a"]), node("Sigmoid", ["x"], ["b"]),
                      node("Mul", ["a", "b"], ["z"], "product")),
                'node "product" (Mul): multiplies two branches: only x * gate(x) is supported'),
    "crossing": (after(node("Relu", ["x"], ["a"], "left"), node("Sigmoid", ["x"], ["b"], "right"),
                       node("Add", ["a", "b"], ["c"]), node("Concat", ["a", "b"], ["d"], axis=1),
                       conv("e", "d", weight="w6"), node("Add", ["c", "e"], ["z"]),
                       weights={"w6": floats(3, 6, 1, 1)}),
                 '(Relu): is read by branches that cross: only branches that begin together and end together'),
    "concat_axis": (after(node("Concat", ["x", "x"], ["z"], "join", axis=2)),
                    'node "join" (Concat): joins along another axis than the channels'),
    "concat_extents": (after(conv("c"), node("Concat", ["x", "c"], ["z"], "join", axis=1), weights=W),
                       'node "join" (Concat): joins {3, 6, 7} and {4, 4, 5}: height and width must agree'),
    "reshape": (after(node("Reshape", ["x", "to"], ["z"], "view"), weights={"to": numpy.array([1, 6, 3, 7])}),
                'node "view" (Reshape): reshapes [1,3,6,7] to [1,6,3,7]: only maps to vectors'),
    "transpose": (after(node("Transpose", ["x"], ["t"], perm=[0, 2, 3, 1]), node("Relu", ["t"], ["z"], "act")),
                  'node "act" (Relu): reads "t" of extents [1,6,7,3]: only maps {batch, channels, height, width}'),
    "gemm": (model([node("Flatten", ["x"], ["f"]), node("Gemm", ["f", "w"], ["y"], "fc", alpha=2.0)],
                   {"w": floats(126, 2)}), 'node "fc" (Gemm): only alpha 1 is supported'),
    "gemm_extents": (model([node("Flatten", ["x"], ["f"]), node("Gemm", ["f", "w"], ["y"], "fc", transB=1)],
                           {"w": floats(126, 2)}),
                     'node "fc" (Gemm): weights of extents [126,2] do not fit a vector of 126 features'),
    "map_output": (model([conv("y")], W), 'output "y": got a map {4, 4, 5}, wanted a vector of class scores'),
    "nothing": (model([node("Identity", ["x"], ["y"])]), 'output "y": the graph computes nothing'),
    "mean": (after(node("ReduceMean", ["x"], ["z"], "mean", axes=[1])),
             'node "mean" (ReduceMean): only a mean over height and width is supported'),
}


def main():
    REFUSED.mkdir(exist_ok=True)
    for name, (made, _) in MISTAKES.items():
        (REFUSED / f"{name}.onnx").write_bytes(made.SerializeToString())
    sentences = {name: sentence for name, (_, sentence) in MISTAKES.items()}
    (REFUSED / "sentences.json").write_text(json.dumps(sentences, indent=1) + "\n")


if __name__ == "__main__":
    main()
