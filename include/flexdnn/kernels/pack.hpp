// SPDX-License-Identifier: MIT
// pack: from PyTorch's weights to the layout that convolve reads, with a channel-wise affine map folded in.
#pragma once

#include <algorithm>
#include <cstddef>

#include "convolution.hpp"

namespace flexdnn {

/// Writes packed_size(c, t) floats in the order documented there, such that
/// y = scale[o] * (conv(x; weight)[o] + bias[o]) + shift[o].
/// `weight` is O,I/groups,kH,kW; bias, scale and shift hold one float per output channel or are nullptr
/// (0, 1, 0). `packed` overlaps none of them. Cost: once at load, about 2 ns per weight.
inline void pack(const convolution& c, const tile& t, const float* weight, const float* bias,
                 const float* scale, const float* shift, float* packed) noexcept {
  const int window = c.kernel_h * c.kernel_w;
  const auto factor = [&](int o) { return scale != nullptr ? scale[o] : 1.0f; };
  const auto constant = [&](int o) {
    return (bias != nullptr ? bias[o] : 0.0f) * factor(o) + (shift != nullptr ? shift[o] : 0.0f);
  };

  if (choose(c) == algorithm::depthwise) {
    const int channels = c.out.channels;
    for (int o = 0; o < channels; ++o) *packed++ = constant(o);
    for (int k = 0; k < window; ++k) {
      for (int o = 0; o < channels; ++o) *packed++ = weight[o * window + k] * factor(o);
    }
    return;
  }

  const int inputs = c.group_inputs();
  const int outputs = c.group_outputs();
  for (int group = 0; group < c.groups; ++group) {
    for (int first = 0; first < outputs; first += t.panel()) {
      const int live = std::min(t.panel(), outputs - first);
      const int channel = group * outputs + first;
      for (int o = 0; o < t.panel(); ++o) *packed++ = o < live ? constant(channel + o) : 0.0f;
      for (int k = 0; k < window; ++k) {
        for (int i = 0; i < inputs; ++i) {
          for (int o = 0; o < t.panel(); ++o) {
            const std::ptrdiff_t at = (static_cast<std::ptrdiff_t>(channel + o) * inputs + i) * window + k;
            *packed++ = o < live ? weight[at] * factor(channel + o) : 0.0f;
          }
        }
      }
    }
  }
}

}  // namespace flexdnn
