// SPDX-License-Identifier: MIT
// max_pool_gradient: max pooling over a mini-batch, and its gradient.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

#include "../kernels/pool.hpp"
#include "../kernels/window.hpp"

namespace flexdnn {

namespace detail {

/// Where x[k] is greater than most[k], or the first NaN: most[k] = x[k] and winner[k] = pixel + k. Written
/// so that compilers vectorise it: a loop with branches takes 7 to 9 times as long on random data.
template <class T>
void take_greater(int channels, const T* x, int pixel, T* most, int* winner) {
  for (int k = 0; k < channels; ++k) {
    const T value = x[k];
    const T previous = most[k];
    const bool take = !(value <= previous) & (previous == previous);
    most[k] = take ? value : previous;
    winner[k] = take ? pixel + k : winner[k];
  }
}

/// Calls f(input, output) with the offsets of every window's winner in one image {H, W, C} and of its place
/// in the pooled image. The winner is the first of the greatest in row-major order, and a NaN wins, as in
/// PyTorch. Padding never wins; every window must touch the image, which padding <= kernel / 2 ensures.
template <class T, class F>
void for_each_winner(const pooling& p, const T* x, F f) {
  const int channels = p.in.channels;
  std::vector<int> winner(static_cast<std::size_t>(channels));
  std::vector<T> most(winner.size());
  std::ptrdiff_t output = 0;
  for (int row = 0; row < p.out.height; ++row) {
    const int top = row * p.stride_h - p.padding_h;
    const window rows = clip(top, p.kernel_h, 1, p.in.height);
    for (int column = 0; column < p.out.width; ++column) {
      const int left = column * p.stride_w - p.padding_w;
      const window columns = clip(left, p.kernel_w, 1, p.in.width);
      const int corner = (top * p.in.width + left) * channels;
      std::iota(winner.begin(), winner.end(), corner + (rows.first * p.in.width + columns.first) * channels);
      std::fill(most.begin(), most.end(), -std::numeric_limits<T>::infinity());
      for (int u = rows.first; u < rows.last; ++u) {
        for (int v = columns.first; v < columns.last; ++v) {
          const int pixel = corner + (u * p.in.width + v) * channels;
          take_greater(channels, x + pixel, pixel, most.data(), winner.data());
        }
      }
      for (const int input : winner) f(input, output++);
    }
  }
}

}  // namespace detail

/// y[n,r,c,k] = max_{u,v} x[n, s_h r + u - p_h, s_w c + v - p_w, k].  x: {n, H, W, C}; y: {n, Ho, Wo, C}.
template <class T>
void max_pool_forward(const pooling& p, int n, const T* x, T* y) {
  for (int image = 0; image < n; ++image, x += p.in.size(), y += p.out.size()) {
    detail::for_each_winner(p, x, [&](int in, std::ptrdiff_t out) { y[out] = x[in]; });
  }
}

/// dx = dL/dx from dy = dL/dy: each winner receives the gradients of the windows that it won. The winners
/// are found again from x: an index per output would be as large as the pooled map itself.
template <class T>
void max_pool_backward(const pooling& p, int n, const T* x, const T* dy, T* dx) {
  std::fill_n(dx, static_cast<std::size_t>(n) * p.in.size(), T{0});
  for (int image = 0; image < n; ++image, x += p.in.size(), dy += p.out.size(), dx += p.in.size()) {
    detail::for_each_winner(p, x, [&](int in, std::ptrdiff_t out) { dx[in] += dy[out]; });
  }
}

}  // namespace flexdnn
