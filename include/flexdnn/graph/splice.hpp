// SPDX-License-Identifier: MIT
// splice: layers one after the other that are named as if they stood in the composite around them.
#pragma once

#include "sequence.hpp"

namespace flexdnn {

/// y = L_n(... L_1(x)), as sequence, without a path component of its own, nor for the composites in it: for
/// branches whose parts PyTorch keeps as attributes of the block, parallel<splice<named<"expand1x1",
/// conv2d<64>>, relu>, ...>. Numbers would repeat: what has parameters is named.
template <class... Layers>
struct splice {
  static constexpr bool is_composite = true;
  static constexpr bool names_itself = true;
  using parts = type_list<Layers...>;

  static constexpr void lower(builder& b) {
    [[maybe_unused]] const int in_order[] = {0, (part<Layers>(b), 0)...};
  }

 private:
  template <class Layer>
  static constexpr void part(builder& b) {
    if constexpr (composite<Layer> && !detail::has_own_name<Layer>) {
      b.within<Layer>();
    } else {
      b.child<Layer>();
    }
  }
};

}  // namespace flexdnn
