// SPDX-License-Identifier: MIT
// onnx_model: a graph as the bytes of an ONNX model.
#pragma once

#include <string>

#include "graph.hpp"

namespace flexdnn::bench {

/// Opset 13, planar (channels first); input "v0", output "result", batch 1.
[[nodiscard]] std::string onnx_model(const graph& g);

}  // namespace flexdnn::bench
