// SPDX-License-Identifier: MIT
// structure: the graph of layers as nested blocks: sequences, residuals, gates and parallel branches.
#pragma once

#include "draft.hpp"

namespace examples::onnx {

/// A layer, or a block of branches. Every branch is a sequence of parts; an empty one passes its input on.
struct part {
  enum class form : std::uint8_t { layer, residual, gated, parallel };
  form type = form::layer;
  int layer = -1;                           ///< the layer, or the joining that the block ends in
  int after = -1;                           ///< of a residual: the activation that follows the addition
  std::vector<std::vector<part>> branches;  ///< residual: body, shortcut; gated: gate; parallel: all
  shape in{}, out{};
};

/// The parts from the input to `last`, found from the joinings backwards to what dominates them.
/// Errors: branches that cross, a joining that no block of ours computes, a part of an operator by itself.
[[nodiscard]] std::vector<part> recover(const draft& d, int last);

}  // namespace examples::onnx
