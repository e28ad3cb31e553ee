// SPDX-License-Identifier: MIT
// fold: computes the nodes that depend on constants and shapes alone, as exporters write them for view and
// pad.
#pragma once

#include "graph.hpp"

namespace examples::onnx {

/// The node's value from its inputs' (null: not given), for Constant, Identity, Cast, Reshape, Squeeze,
/// Unsqueeze, Transpose, Concat, Gather, Slice, ConstantOfShape, Add, Sub, Mul and Div. False: none of these.
/// Errors: inputs that do not fit together.
bool fold(const operation& node, const std::vector<const tensor*>& inputs, tensor& out);

}  // namespace examples::onnx
