// SPDX-License-Identifier: MIT
// relu: rectified linear unit.
#pragma once

#include "../core/layer.hpp"
#include "../kernels/activate.hpp"

namespace flexdnn {

/// y = max(x, 0); NaN stays NaN, as in PyTorch. Shape unchanged, no MACs, no parameters.
struct relu {
  static constexpr std::string_view type_name = "relu";
  static constexpr layer_role role = layer_role::activation;
  static constexpr shape output(shape in) { return in; }

  template <class V>
  static V apply(V x) {
    return max(V(0), x);
  }
};

}  // namespace flexdnn
