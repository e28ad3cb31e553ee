// SPDX-License-Identifier: MIT
// Dense layers, biases and batch norm.
#include <algorithm>

#include "attributes.hpp"
#include "take.hpp"

namespace examples::onnx {

namespace {

/// A dense layer from weights {rows, columns}: {out, in} as PyTorch stores them, or transposed.
void add_dense(draft& d, const operation& node, bool transposed) {
  const value v = d.map(node, 0);
  const tensor& from = d.weights(node, 1);
  if (v.dims.size() != 2) throw refuse(node, "reads " + text_of(v.dims) + ": a vector is wanted");
  const std::size_t rows = transposed ? 0 : 1;
  if (from.shape.size() != 2 || from.shape[1 - rows] != v.dims[1] || from.shape[rows] < 1) {
    throw refuse(node, "weights of extents " + text_of(from.shape) + " do not fit a vector of " +
                           std::to_string(v.dims[1]) + " features");
  }
  const auto out = static_cast<std::size_t>(from.shape[rows]), in = static_cast<std::size_t>(v.dims[1]);
  layer made;
  made.type = kind::dense;
  made.inputs = {v.layer};
  made.out = {static_cast<int>(std::min<std::size_t>(out, 1 << 28)), 1, 1};
  made.path = parameter_path(node, from);
  made.window.bias = false;
  weight w{"weight", {from.shape[rows], v.dims[1]}, from.reals};
  for (std::size_t o = 0; o < out && !transposed; ++o) {
    for (std::size_t i = 0; i < in; ++i) w.values[o * in + i] = from.reals[i * out + o];
  }
  made.macs = w.values.size();
  made.weights.push_back(std::move(w));
  d.add(node, std::move(made), 2);
}

}  // namespace

void take_gemm(draft& d, const operation& node) {
  if (integer(node, "transA", 0) != 0) throw refuse(node, "transA is not supported");
  if (real(node, "alpha", 1.0F) != 1.0F) throw refuse(node, "only alpha 1 is supported");
  add_dense(d, node, integer(node, "transB", 0) != 0);
  if (!d.given(node, 2)) return;
  if (real(node, "beta", 1.0F) != 1.0F) throw refuse(node, "only beta 1 is supported");
  layer& made = d.layers.back();
  const tensor& bias = d.weights(node, 2);
  const std::int64_t out = made.out.channels;
  if (bias.shape != extents{out} && bias.shape != extents{1, out}) {
    throw refuse(node, "input " + quote(node.inputs[2]) + ": got extents " + text_of(bias.shape) +
                           ", wanted " + text_of(extents{out}));
  }
  made.window.bias = true;
  made.weights.push_back({"bias", {out}, bias.reals});
}

void take_matmul(draft& d, const operation& node) { add_dense(d, node, false); }

bool take_bias(draft& d, const operation& node, std::size_t constant) {
  const value v = d.map(node, 1 - constant);
  const layer& before = d.at(v);
  if ((before.type != kind::conv && before.type != kind::dense) || before.window.bias) return false;
  // A constant {C} meets the last axis: of a vector its features, of a map its columns.
  const std::int64_t channels = before.out.channels;
  extents wanted = d.weights(node, constant).shape;
  while (wanted.size() > 1 && wanted.front() == 1) wanted.erase(wanted.begin());
  const bool fits = v.dims.size() == 2 ? wanted == extents{channels} : wanted == extents{channels, 1, 1};
  if (!fits) return false;
  layer made = before;
  made.window.bias = true;
  made.weights.push_back({"bias", {channels}, d.weights(node, constant).reals});
  d.add(node, std::move(made), v.dims.size());
  return true;
}

void take_batch_norm(draft& d, const operation& node) {
  if (integer(node, "training_mode", 0) != 0 || integer(node, "spatial", 1) != 1 || node.outputs.size() > 1) {
    throw refuse(node, "is in training mode: export the model in evaluation mode");
  }
  const value v = d.map(node, 0);
  layer made = plain(d, v, "batch_norm");
  made.type = kind::batch_norm;
  made.number = static_cast<double>(real(node, "epsilon", 1e-5F));
  if (!(made.number >= 0.0 && made.number < 1.0)) throw refuse(node, "its epsilon is out of range");
  constexpr const char* names[] = {"weight", "bias", "running_mean", "running_var"};
  for (std::size_t i = 0; i < 4; ++i) {
    const tensor& t = d.weights(node, i + 1, {v.dims[1]});
    if (i == 0) made.path = parameter_path(node, t);
    made.weights.push_back({names[i], t.shape, t.reals});
  }
  for (const float variance : made.weights.back().values) {
    if (variance < 0.0F) throw refuse(node, "a running variance is negative");
  }
  d.add(node, std::move(made), v.dims.size());
}

}  // namespace examples::onnx
