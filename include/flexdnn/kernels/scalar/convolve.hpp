// SPDX-License-Identifier: MIT
// scalar/convolve: convolution by plain loops over the packed weights; needs no scratch.
#pragma once

#include <algorithm>
#include <cstddef>

#include "../architecture.hpp"
#include "../window.hpp"
#include "depthwise.hpp"

namespace flexdnn::detail {

/// One panel of output channels at one pixel: sum[o] += w[u,v,i,o] x[u,v,i] over the taps inside the input.
inline void convolve_pixel(const convolution& c, int row, int column, const float* in, const float* weight,
                           float* sum) noexcept {
  constexpr int panel = tile_of<scalar>.panel();
  const int top = row * c.stride_h - c.padding_h;
  const int left = column * c.stride_w - c.padding_w;
  const window rows = clip(top, c.kernel_h, c.dilation_h, c.in.height);
  const window columns = clip(left, c.kernel_w, c.dilation_w, c.in.width);
  const int inputs = c.group_inputs();
  registers<float, panel> part = {};  // local, so that the compiler knows that x and w are something else
  for (int u = rows.first; u < rows.last; ++u) {
    for (int v = columns.first; v < columns.last; ++v) {
      const std::ptrdiff_t pixel =
          static_cast<std::ptrdiff_t>(top + u * c.dilation_h) * c.in.width + left + v * c.dilation_w;
      const float* x = in + pixel * c.in.channels;
      const float* w = weight + static_cast<std::ptrdiff_t>(u * c.kernel_w + v) * inputs * panel;
      for (int i = 0; i < inputs; ++i, w += panel) {
#pragma GCC unroll panel_unrolling
        for (int o = 0; o < panel; ++o) part[o] += x[i] * w[o];
      }
    }
  }
  for (int o = 0; o < panel; ++o) sum[o] += part[o];
}

template <class Activation, bool /*Ahead*/>
void convolve(const convolution& c, const float* in, const float* packed, const float* residual, float* out,
              float* /*scratch*/, scalar) noexcept {
  constexpr int panel = tile_of<scalar>.panel();
  const int outputs = c.group_outputs();
  for (int group = 0; group < c.groups; ++group) {
    for (int first = 0; first < outputs; first += panel) {
      const int live = std::min(panel, outputs - first);
      for (int pixel = 0; pixel < c.out.pixels(); ++pixel) {
        registers<float, panel> sum;
        for (int o = 0; o < panel; ++o) sum[o] = packed[o];
        convolve_pixel(c, pixel / c.out.width, pixel % c.out.width, in + group * c.group_inputs(),
                       packed + panel, sum);
        const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(pixel) * c.out_step() + group * outputs + first;
        for (int o = 0; o < live; ++o) {
          const float y = residual != nullptr ? sum[o] + residual[at + o] : sum[o];
          out[at + o] = Activation::apply(y);
        }
      }
      packed += static_cast<std::ptrdiff_t>(panel) * (c.taps() + 1);
    }
  }
}

}  // namespace flexdnn::detail
