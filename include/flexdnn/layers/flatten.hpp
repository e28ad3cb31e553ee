// SPDX-License-Identifier: MIT
// flatten: feature map to vector, in PyTorch's order.
#pragma once

#include "../core/layer.hpp"
#include "../kernels/transpose.hpp"

namespace flexdnn {

/// {C,H,W} to {C*H*W,1,1}, channel by channel as PyTorch's Flatten, so that its dense weights load
/// unchanged. Our maps are channels last, so this moves data where there is more than one pixel.
struct flatten {
  static constexpr std::string_view type_name = "flatten";
  static constexpr layer_role role = layer_role::general;
  static constexpr shape output(shape in) { return {static_cast<int>(in.size()), 1, 1}; }

  static void run(shape in, const float* x, const float*, float* y, float*) noexcept {
    to_channels_first(in, x, y);
  }
};

}  // namespace flexdnn
