// SPDX-License-Identifier: MIT
// scalar/depthwise: depthwise convolution by plain loops; also the channels that fill no vector.
#pragma once

#include <algorithm>
#include <cstddef>

#include "../architecture.hpp"
#include "../window.hpp"

namespace flexdnn::detail {

/// Channels [begin, end) of one output row.
template <class Activation>
void depthwise_row(const convolution& c, int row, int begin, int end, const float* in, const float* packed,
                   const float* residual, float* out) noexcept {
  constexpr int panel = tile_of<scalar>.panel();
  const int channels = c.in.channels;
  const int top = row * c.stride_h - c.padding_h;
  const window rows = clip(top, c.kernel_h, c.dilation_h, c.in.height);
  for (int column = 0; column < c.out.width; ++column) {
    const int left = column * c.stride_w - c.padding_w;
    const window columns = clip(left, c.kernel_w, c.dilation_w, c.in.width);
    const std::ptrdiff_t at = (static_cast<std::ptrdiff_t>(row) * c.out.width + column) * c.out_step();
    for (int first = begin; first < end; first += panel) {
      const int live = std::min(panel, end - first);
      registers<float, panel> sum;
      for (int o = 0; o < live; ++o) sum[o] = packed[first + o];
      for (int u = rows.first; u < rows.last; ++u) {
        for (int v = columns.first; v < columns.last; ++v) {
          const std::ptrdiff_t pixel =
              static_cast<std::ptrdiff_t>(top + u * c.dilation_h) * c.in.width + left + v * c.dilation_w;
          const float* x = in + pixel * channels + first;
          const float* w = packed + static_cast<std::ptrdiff_t>(1 + u * c.kernel_w + v) * channels + first;
          for (int o = 0; o < live; ++o) sum[o] += x[o] * w[o];
        }
      }
      for (int o = 0; o < live; ++o) {
        const float y = residual != nullptr ? sum[o] + residual[at + first + o] : sum[o];
        out[at + first + o] = Activation::apply(y);
      }
    }
  }
}

template <class Activation>
void depthwise(const convolution& c, const float* in, const float* packed, const float* residual, float* out,
               scalar) noexcept {
  for (int row = 0; row < c.out.height; ++row) {
    depthwise_row<Activation>(c, row, 0, c.in.channels, in, packed, residual, out);
  }
}

/// The twin of simd/depthwise_rows: the same sums in the same order.
template <class Activation, convolution /*C*/>
void depthwise_rows(const convolution& c, const float* in, const float* packed, const float* residual,
                    float* out, scalar architecture) noexcept {
  depthwise<Activation>(c, in, packed, residual, out, architecture);
}

}  // namespace flexdnn::detail
