// SPDX-License-Identifier: MIT
// im2col: the inputs of each output pixel laid side by side, which makes a convolution a matrix product.
#pragma once

#include <algorithm>
#include <cstddef>

#include "../kernels/convolution.hpp"

namespace flexdnn {

namespace detail {

/// Calls f(column, input, count) for the runs of `count` adjacent numbers that output pixel (row, column)
/// of group `group` reads: `column` counts in the pixel's K = kernel_h * kernel_w * group_inputs numbers,
/// ordered (u, v, i); `input` counts in the image {H, W, C}, or is -1 where the run lies in the padding.
/// Without groups and dilation a whole kernel row is one run.
template <class F>
void for_each_run(const convolution& c, int group, int out_row, int out_column, F f) {
  const std::ptrdiff_t inputs = c.group_inputs();
  const std::ptrdiff_t row_size = c.kernel_w * inputs;
  const int left = out_column * c.stride_w - c.padding_w;
  for (int u = 0; u < c.kernel_h; ++u) {
    const int row = out_row * c.stride_h - c.padding_h + u * c.dilation_h;
    const std::ptrdiff_t column = u * row_size;
    if (row < 0 || row >= c.in.height) {
      f(column, std::ptrdiff_t{-1}, row_size);
      continue;
    }
    const std::ptrdiff_t line = static_cast<std::ptrdiff_t>(row) * c.in.width;
    if (c.groups == 1 && c.dilation_w == 1) {
      const int first = std::clamp(-left, 0, c.kernel_w);
      const int last = std::clamp(c.in.width - left, first, c.kernel_w);
      if (first > 0) f(column, std::ptrdiff_t{-1}, first * inputs);
      if (last > first) f(column + first * inputs, (line + left + first) * inputs, (last - first) * inputs);
      if (last < c.kernel_w) f(column + last * inputs, std::ptrdiff_t{-1}, (c.kernel_w - last) * inputs);
      continue;
    }
    for (int v = 0; v < c.kernel_w; ++v) {
      const int x = left + v * c.dilation_w;
      const bool inside = x >= 0 && x < c.in.width;
      f(column + v * inputs, inside ? (line + x) * c.in.channels + group * inputs : std::ptrdiff_t{-1},
        inputs);
    }
  }
}

}  // namespace detail

/// columns[p, (u, v, i)] = x[i, s_h r + d_h u - p_h, s_w c + d_w v - p_w], zero outside the image.
/// x: {H, W, C}; columns: {out pixels, K} for the channels of one group.
template <class T>
void im2col(const convolution& c, int group, const T* x, T* columns) {
  for (int row = 0; row < c.out.height; ++row) {
    for (int column = 0; column < c.out.width; ++column, columns += c.taps()) {
      detail::for_each_run(c, group, row, column,
                           [&](std::ptrdiff_t to, std::ptrdiff_t from, std::ptrdiff_t count) {
                             if (from < 0) {
                               std::fill_n(columns + to, count, T{0});
                             } else {
                               std::copy_n(x + from, count, columns + to);
                             }
                           });
    }
  }
}

}  // namespace flexdnn
