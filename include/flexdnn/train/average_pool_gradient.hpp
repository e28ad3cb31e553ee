// SPDX-License-Identifier: MIT
// average_pool_gradient: average pooling (also global) over a mini-batch, and its gradient.
#pragma once

#include <algorithm>
#include <cstddef>

#include "../kernels/pool.hpp"
#include "../kernels/window.hpp"

namespace flexdnn {

namespace detail {

/// Calls f(input, output, weight) with the offsets, in numbers, of every input pixel of every window, and its
/// weight in the window's mean.
template <class T, class F>
void for_each_pooled_pixel(const pooling& p, F f) {
  std::ptrdiff_t output = 0;
  for (int row = 0; row < p.out.height; ++row) {
    const int top = row * p.stride_h - p.padding_h;
    const window rows = clip(top, p.kernel_h, 1, p.in.height);
    for (int column = 0; column < p.out.width; ++column, output += p.out.channels) {
      const int left = column * p.stride_w - p.padding_w;
      const window columns = clip(left, p.kernel_w, 1, p.in.width);
      const T weight = T{1} / static_cast<T>(p.divisor(row, column));
      for (int u = rows.first; u < rows.last; ++u) {
        for (int v = columns.first; v < columns.last; ++v) {
          f((static_cast<std::ptrdiff_t>(top + u) * p.in.width + left + v) * p.in.channels, output, weight);
        }
      }
    }
  }
}

}  // namespace detail

/// y[n,r,c,k] = sum_{u,v} x[n, s_h r + u - p_h, s_w c + v - p_w, k] / p.divisor(r, c), padding is 0.
/// x: {n, H, W, C}; y: {n, Ho, Wo, C}. Global: kernel = the input's extents.
template <class T>
void average_pool_forward(const pooling& p, int n, const T* x, T* y) {
  std::fill_n(y, static_cast<std::size_t>(n) * p.out.size(), T{0});
  for (int image = 0; image < n; ++image, x += p.in.size(), y += p.out.size()) {
    detail::for_each_pooled_pixel<T>(p, [&](std::ptrdiff_t in, std::ptrdiff_t out, T weight) {
      for (std::ptrdiff_t k = 0; k < p.in.channels; ++k) y[out + k] += weight * x[in + k];
    });
  }
}

/// dx = dL/dx from dy = dL/dy: every pixel of a window receives its share of the window's gradient.
template <class T>
void average_pool_backward(const pooling& p, int n, const T* dy, T* dx) {
  std::fill_n(dx, static_cast<std::size_t>(n) * p.in.size(), T{0});
  for (int image = 0; image < n; ++image, dy += p.out.size(), dx += p.in.size()) {
    detail::for_each_pooled_pixel<T>(p, [&](std::ptrdiff_t in, std::ptrdiff_t out, T weight) {
      for (std::ptrdiff_t k = 0; k < p.in.channels; ++k) dx[in + k] += weight * dy[out + k];
    });
  }
}

}  // namespace flexdnn
