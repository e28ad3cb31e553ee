// SPDX-License-Identifier: MIT
// swish: x times its logistic function.
#pragma once

#include "../core/layer.hpp"
#include "../kernels/activate.hpp"

namespace flexdnn {

/// y = x / (1 + exp(-x)) (Ramachandran et al. 2017; PyTorch's SiLU). Shape unchanged.
struct swish {
  static constexpr std::string_view type_name = "swish";
  static constexpr layer_role role = layer_role::activation;
  static constexpr shape output(shape in) { return in; }

  template <class V>
  static V apply(V x) {
    return x / (V(1.0F) + exp(V(0.0F) - x));
  }
};

}  // namespace flexdnn
