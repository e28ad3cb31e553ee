// SPDX-License-Identifier: MIT
// read_model: the bytes of an ONNX file become a graph.
#pragma once

#include <cstddef>
#include <span>

#include "graph.hpp"

namespace examples::onnx {

/// Errors, as refusals: not an ONNX model, a graph with other than one input or output, a dynamic extent
/// besides the batch, external or malformed tensors, a value that nothing gives, nodes out of order.
[[nodiscard]] graph read_model(std::span<const std::byte> bytes);

}  // namespace examples::onnx
