// SPDX-License-Identifier: MIT
// The records that lowering writes: layers as written, fused steps, loops, cut points and exits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../core/layer.hpp"
#include "path.hpp"

namespace flexdnn {

/// What steps and loops become.
enum class lowering : std::uint8_t {
  fused,       ///< for inference: a step is one kernel call, a repeat is a loop
  as_written,  ///< for training: a step for every layer, addition and part of a concatenation; repeats
               ///< unrolled
};

/// One layer as written (inside a repeat: once for each lowered copy of the block).
struct node {
  int leaf = -1;  ///< index into the network's flat list of layers
  layer_role role = layer_role::identity;
  std::string_view type_name;
  path where;
  shape in{}, out{};
  std::uint64_t macs = 0;
  std::size_t weights = 0;  ///< offset of its parameters in the canonical block (first iteration)
  std::size_t parameters = 0;
  int loop = -1;               ///< innermost loop around it
  int exit = -1;               ///< exit branch that it belongs to; -1: the trunk
  int step = -1;               ///< fused step that computes it; -1: nothing to compute
  bool probabilities = false;  ///< its output is normalised already: no class scores
};

/// How a step joins its second operand to what its lead computes, or to its first.
enum class joint : std::uint8_t {
  add,       ///< of the same shape; the only one that fuses with a linear lead
  multiply,  ///< of the same shape
  scale,     ///< one factor a channel
};

/// One call of a kernel: linear [+ channel affine] [+ add] [+ activation], or a single other layer.
struct step {
  int lead = -1;        ///< leaf that leads; -1: only the joint, or a copy
  int affine = -1;      ///< leaf folded in
  int activation = -1;  ///< leaf applied last
  layer_role role = layer_role::identity;
  shape in{}, out{};
  int input = -1, residual = -1, output = -1;  ///< values
  joint how = joint::add;                      ///< of input and residual
  int channel = 0, pitch = 0;                  ///< writes channels from here on of a map of `pitch`; 0: all
  std::size_t lead_weights = 0, affine_weights = 0;
  std::size_t parameters = 0;
  std::size_t scratch = 0;  ///< floats that a general layer asks for
  int loop = -1;

  /// The operand whose memory the output may take, given which values are read here for the last time;
  /// -1: none. A linear layer reads its input while it writes, so only another value's place will do.
  template <class Dies>
  [[nodiscard]] constexpr int overwrites(Dies dies) const {
    if (pitch > 0) return -1;  // the other parts' places are not this step's
    const bool element_wise =
        role == layer_role::activation || role == layer_role::channel_affine || (lead < 0 && residual >= 0);
    const bool whole = residual >= 0 && how != joint::scale;
    if (whole && (element_wise || residual != input) && dies(residual)) return residual;
    return element_wise && dies(input) ? input : -1;
  }
};

/// Steps [first, last) run count times; each round reads weights further on.
struct loop {
  int first = 0, last = 0, count = 0;
  int parent = -1;
  std::size_t weight_stride = 0;    ///< canonical floats a round
  int first_index = 0, stride = 1;  ///< index of the first round in names, and indices a round
  int carried_in = -1, carried_out = -1;
};

/// A place where an exit can be inserted: after a fused group or a whole block of the trunk.
struct cut_point {
  path where;
  shape out{};
  std::uint64_t macs = 0;  ///< of the trunk up to here
};

/// Steps [first, last) since the previous exit, branch included; then the decision on value.
struct exit_point {
  std::string_view name;
  int branch_first = 0;  ///< first step of the branch (== last where it has none)
  int first = 0, last = 0;
  int input = -1;  ///< value that the branch reads: the trunk's feature map
  int value = -1;  ///< its class scores
  shape scores{};
  int cut = 0;             ///< number of its cut point; 0: written in the network
  std::uint64_t macs = 0;  ///< of the path to its decision, earlier branches included
  std::uint64_t branch_macs = 0;
  std::uint64_t trunk_macs = 0;  ///< of the trunk before it
};

}  // namespace flexdnn
