// SPDX-License-Identifier: MIT
// The table of supported operators, and the walk over a graph's nodes.
#include "take.hpp"

#include <algorithm>

#include "attributes.hpp"
#include "fold.hpp"
#include "reshape.hpp"

namespace examples::onnx {

namespace {

struct entry {
  std::string_view type;
  void (*take)(draft&, const operation&);
};

constexpr std::array table{
    entry{"Add", take_add},
    entry{"AveragePool", take_average_pool},
    entry{"BatchNormalization", take_batch_norm},
    entry{"Cast", take_identity},
    entry{"Clip", take_clip},
    entry{"Concat", take_concat},
    entry{"Conv", take_conv},
    entry{"Div", take_multiply},
    entry{"Dropout", take_identity},
    entry{"Flatten", take_flatten},
    entry{"Gemm", take_gemm},
    entry{"GlobalAveragePool", take_global_pool},
    entry{"HardSigmoid", take_activation},
    entry{"HardSwish", take_activation},
    entry{"Identity", take_identity},
    entry{"LeakyRelu", take_activation},
    entry{"LogSoftmax", take_softmax},
    entry{"MatMul", take_matmul},
    entry{"MaxPool", take_max_pool},
    entry{"Mul", take_multiply},
    entry{"Pad", take_pad},
    entry{"ReduceMean", take_mean},
    entry{"Relu", take_activation},
    entry{"Reshape", take_reshape},
    entry{"Sigmoid", take_activation},
    entry{"Softmax", take_softmax},
    entry{"Squeeze", take_squeeze},
    entry{"Sub", take_add},
    entry{"Transpose", take_transpose},
    entry{"Unsqueeze", take_squeeze},
};

std::string supported() {
  std::string all;
  for (const entry& e : table) all += (all.empty() ? "" : ", ") + std::string(e.type);
  return all;
}

void take(draft& d, const operation& node) {
  if (!node.domain.empty() && node.domain != "ai.onnx") {
    throw refuse(node, "domain " + quote(node.domain) + " is not supported, only ONNX's own is");
  }
  if (node.type == "Shape" && node.inputs.size() == 1 && d.constant(node, 0) == nullptr) {
    d.constants[node.outputs[0]] = shape_of(node, d.feature(node, 0).dims);
    return;
  }
  std::vector<const tensor*> inputs;
  bool constant = true;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    inputs.push_back(d.constant(node, i));
    constant = constant && (inputs.back() != nullptr || !d.given(node, i));
  }
  if (constant && node.type == "Shape" && inputs.size() == 1 && inputs[0] != nullptr) {
    d.constants[node.outputs[0]] = shape_of(node, inputs[0]->shape);
    return;
  }
  if (tensor folded; constant && fold(node, inputs, folded)) {
    d.constants[node.outputs[0]] = std::move(folded);
    return;
  }
  const auto known =
      std::find_if(table.begin(), table.end(), [&](const entry& e) { return e.type == node.type; });
  if (known == table.end()) throw refuse(node, "not supported; supported are " + supported());
  known->take(d, node);
}

}  // namespace

draft take_all(const graph& source) {
  draft d(source);
  for (const operation& node : source.operations) take(d, node);
  return d;
}

}  // namespace examples::onnx
