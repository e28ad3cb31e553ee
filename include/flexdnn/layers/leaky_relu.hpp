// SPDX-License-Identifier: MIT
// leaky_relu: rectified linear unit that keeps a share of what is negative.
#pragma once

#include <ratio>

#include "../core/layer.hpp"
#include "../kernels/activate.hpp"

namespace flexdnn {

/// y = x where x >= 0, else Slope x; NaN stays NaN. PyTorch's default slope is 0.01. Shape unchanged.
template <class Slope = std::ratio<1, 100>>
struct leaky_relu {
  static constexpr std::string_view type_name = "leaky_relu";
  static constexpr layer_role role = layer_role::activation;
  static constexpr shape output(shape in) { return in; }

  template <class V>
  static V apply(V x) {
    constexpr float slope = static_cast<float>(static_cast<double>(Slope::num) / Slope::den);
    return select(x < V(0.0F), x * V(slope), x);
  }
};

}  // namespace flexdnn
