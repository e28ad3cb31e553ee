// SPDX-License-Identifier: MIT
// sigmoid: the logistic function.
#pragma once

#include "../core/layer.hpp"
#include "../kernels/activate.hpp"

namespace flexdnn {

/// y = 1 / (1 + exp(-x)). Shape unchanged.
struct sigmoid {
  static constexpr std::string_view type_name = "sigmoid";
  static constexpr layer_role role = layer_role::activation;
  static constexpr shape output(shape in) { return in; }

  template <class V>
  static V apply(V x) {
    return V(1.0F) / (V(1.0F) + exp(V(0.0F) - x));
  }
};

}  // namespace flexdnn
