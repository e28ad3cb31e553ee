// SPDX-License-Identifier: MIT
// normalize: softmax over the channels of every pixel.
#pragma once

#include <cmath>

#include "../core/shape.hpp"

namespace flexdnn {

/// y[p,c] = exp(x[p,c] - max) / sum_k exp(x[p,k] - max), so that nothing overflows; a pixel with a NaN or
/// with +infinity gives NaN, as in PyTorch. x == y is allowed, other overlaps are not.
inline void softmax_channels(const shape& s, const float* x, float* y) noexcept {
  for (int p = 0; p < s.pixels(); ++p, x += s.channels, y += s.channels) {
    float largest = x[0];
    for (int c = 1; c < s.channels; ++c) largest = x[c] > largest || x[c] != x[c] ? x[c] : largest;
    float sum = 0.0F;
    for (int c = 0; c < s.channels; ++c) sum += y[c] = std::exp(x[c] - largest);
    for (int c = 0; c < s.channels; ++c) y[c] /= sum;
  }
}

}  // namespace flexdnn
