// SPDX-License-Identifier: MIT
// infer_shapes: what ONNX's own shape inference says of the values that became layers.
#pragma once

#include "draft.hpp"

namespace examples::onnx {

/// Compares the extents of every value with ONNX's inference and with those that the file tells.
/// Errors: the first that differs, with its node, ours and theirs.
void check_shapes(const draft& d);

}  // namespace examples::onnx
