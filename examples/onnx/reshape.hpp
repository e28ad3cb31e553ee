// SPDX-License-Identifier: MIT
// reshape: extents and orders of axes, as Reshape, Squeeze, Unsqueeze, Shape and Transpose say them.
#pragma once

#include "graph.hpp"

namespace examples::onnx {

/// The extents that a Reshape asks for: 0 copies, -1 is what is left. Errors: sizes that differ.
[[nodiscard]] extents reshaped(const operation& node, const extents& from,
                               const std::vector<std::int64_t>& to);

/// The axes that Squeeze, Unsqueeze or a reduction names, as an attribute or as a constant input; empty:
/// none.
[[nodiscard]] std::vector<std::int64_t> axes_of(const operation& node, const tensor* input);

/// The extents after Squeeze or Unsqueeze.
[[nodiscard]] extents squeezed(const operation& node, const extents& from,
                               const std::vector<std::int64_t>& axes);

/// An order of `rank` axes, each once.
[[nodiscard]] std::vector<std::int64_t> permutation(const operation& node, std::vector<std::int64_t> order,
                                                    std::size_t rank);

/// The value of a Shape node.
[[nodiscard]] tensor shape_of(const operation& node, const extents& of);

}  // namespace examples::onnx
