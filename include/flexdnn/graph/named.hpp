// SPDX-License-Identifier: MIT
// named: gives a part the name that PyTorch's state_dict has for it.
#pragma once

#include "../core/name.hpp"
#include "sequence.hpp"

namespace flexdnn {

/// named<"conv1", conv2d<16>> names its parameters conv1.weight and conv1.bias; several parts are a
/// sequence under that name: named<"layer1", repeat<3, block>> gives layer1.0, layer1.1, layer1.2.
/// named<"", block> adds nothing to the path: not even the block's position, as code outside a Sequential.
template <name Name, class First, class... Rest>
struct named {
  static constexpr bool is_composite = true;
  static constexpr bool names_itself = true;
  using content = typename detail::one_or_sequence<First, Rest...>::type;
  using parts = type_list<content>;

  static constexpr void lower(builder& b) { b.scope<content>(Name.view()); }
};

}  // namespace flexdnn
