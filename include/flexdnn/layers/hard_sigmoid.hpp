// SPDX-License-Identifier: MIT
// hard_sigmoid: the logistic function in three straight lines.
#pragma once

#include "../core/layer.hpp"
#include "../kernels/activate.hpp"

namespace flexdnn {

/// y = min(max(x + 3, 0), 6) / 6, as PyTorch and MobileNetV3 (Howard et al. 2019) have it. Shape unchanged.
struct hard_sigmoid {
  static constexpr std::string_view type_name = "hard_sigmoid";
  static constexpr layer_role role = layer_role::activation;
  static constexpr shape output(shape in) { return in; }

  template <class V>
  static V apply(V x) {
    return clamp(x + V(3.0F), 0.0F, 6.0F) * V(1.0F / 6.0F);
  }
};

}  // namespace flexdnn
