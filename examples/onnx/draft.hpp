// SPDX-License-Identifier: MIT
// draft: the layers found so far, and which of the graph's values each of them gives.
#pragma once

#include "layer.hpp"

namespace examples::onnx {

/// One value of the ONNX graph: a layer's output, seen through reshapes and transpositions.
struct value {
  int layer = 0;
  extents dims;                     ///< as ONNX has it, batch first
  std::vector<std::int64_t> order;  ///< of a transposed value: axis i is axis order[i] of what was
  std::int64_t groups = 0;          ///< channels cut into so many groups, on an axis of their own; 0: not cut
};

class draft {
 public:
  explicit draft(const graph& source);

  const graph& source;
  std::vector<layer> layers;  ///< the first is the input
  std::map<std::string, tensor, std::less<>> constants;
  std::map<std::string, value, std::less<>> values;

  /// The constant that an input is; null where it is not given or not constant.
  [[nodiscard]] const tensor* constant(const operation& node, std::size_t input) const;
  /// The same, of reals and with the wanted extents (empty: any). Errors: missing, not constant, other
  /// numbers.
  [[nodiscard]] const tensor& weights(const operation& node, std::size_t input,
                                      const extents& wanted = {}) const;
  [[nodiscard]] bool given(const operation& node, std::size_t input) const;
  /// One real number that an input is, or otherwise where it is not given.
  [[nodiscard]] float number(const operation& node, std::size_t input, float otherwise) const;

  /// The value that an input is. Errors: not given, a constant.
  [[nodiscard]] const value& feature(const operation& node, std::size_t input) const;
  /// The same, of a map {N, C, H, W} or a vector {N, C} whose axes are in order. Errors: any other.
  [[nodiscard]] const value& map(const operation& node, std::size_t input) const;
  [[nodiscard]] const shape& extent(const value& v) const { return at(v).out; }
  [[nodiscard]] const layer& at(const value& v) const { return layers[static_cast<std::size_t>(v.layer)]; }

  /// Adds a layer that the node's first output is. Its ONNX extents are the shape's: rank 2 or 4, or given.
  void add(const operation& node, layer made, std::size_t rank);
  /// The node's first output is a value that is there already.
  void alias(const operation& node, value v) { values[node.outputs[0]] = std::move(v); }
};

/// A layer with nothing but a name, that keeps the shape of what it reads.
[[nodiscard]] layer plain(const draft& d, const value& reads, std::string name);

/// The dotted path of a node's parameters: its weight's name without the last component, or the scope that
/// PyTorch's exporter puts into node names ("/layer1/layer1.0/conv1/Conv"); empty where neither tells.
[[nodiscard]] std::string parameter_path(const operation& node, const tensor& weight);

}  // namespace examples::onnx
