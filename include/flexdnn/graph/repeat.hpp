// SPDX-License-Identifier: MIT
// repeat: one block, Count sets of weights, run as a loop.
#pragma once

#include "builder.hpp"

namespace flexdnn {

/// y = B_Count(... B_1(x)), the same block with weights of its own each time; the block keeps its
/// input's shape. One body is compiled and one is planned, whatever Count is. Named as Count children
/// of the sequence around it, as PyTorch's Sequential(*[block for _ in range(Count)]).
template <int Count, class Block>
struct repeat {
  static constexpr bool is_composite = true;
  static constexpr bool names_itself = true;
  using parts = type_list<Block>;

  static constexpr void lower(builder& b) { b.repeat<Block>(Count); }
};

}  // namespace flexdnn
