// SPDX-License-Identifier: MIT
// global_average_pool: mean of each channel (PyTorch's AdaptiveAvgPool2d(1), flattened).
#pragma once

#include "../core/layer.hpp"
#include "../kernels/pool.hpp"

namespace flexdnn {

/// y[c] = mean over all pixels of x[c]. Shape {C, 1, 1}.
struct global_average_pool {
  static constexpr std::string_view type_name = "global_average_pool";
  static constexpr layer_role role = layer_role::general;
  static constexpr shape output(shape in) { return {in.channels, 1, 1}; }

  static void run(shape in, const float* x, const float*, float* y, float*) noexcept {
    average_pixels(in, x, y);
  }
};

}  // namespace flexdnn
