// SPDX-License-Identifier: MIT
// softmax2d: softmax over the channels of every pixel (PyTorch's Softmax2d; of a vector, the usual softmax).
#pragma once

#include "../core/layer.hpp"
#include "../kernels/normalize.hpp"

namespace flexdnn {

/// y[c,r,q] = exp(x[c,r,q]) / sum_k exp(x[k,r,q]). Shape unchanged. For the inside of a network: an exit ends
/// in class scores, whose probabilities the engine gives.
struct softmax2d {
  static constexpr std::string_view type_name = "softmax2d";
  static constexpr layer_role role = layer_role::general;
  static constexpr bool gives_probabilities = true;
  static constexpr shape output(shape in) { return in; }

  static void run(shape in, const float* x, const float*, float* y, float*) noexcept {
    softmax_channels(in, x, y);
  }
};

}  // namespace flexdnn
