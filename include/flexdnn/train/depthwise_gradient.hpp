// SPDX-License-Identifier: MIT
// depthwise_gradient: the gradient of a depthwise convolution's weights, by loops over channels.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "../kernels/convolution.hpp"

namespace flexdnn {

namespace detail {

/// Calls f(weight, input, output) for every product of a depthwise convolution, C channels at a time:
/// the offsets of w[u][v][C], of the input pixel and of the output pixel. Padding is skipped.
template <class F>
void for_each_depthwise_tap(const convolution& c, F f) {
  const std::ptrdiff_t channels = c.in.channels;
  std::ptrdiff_t output = 0;
  for (int row = 0; row < c.out.height; ++row) {
    for (int column = 0; column < c.out.width; ++column, output += channels) {
      for (int u = 0; u < c.kernel_h; ++u) {
        const int y = row * c.stride_h - c.padding_h + u * c.dilation_h;
        if (y < 0 || y >= c.in.height) continue;
        for (int v = 0; v < c.kernel_w; ++v) {
          const int x = column * c.stride_w - c.padding_w + v * c.dilation_w;
          if (x < 0 || x >= c.in.width) continue;
          f((u * c.kernel_w + v) * channels, (static_cast<std::ptrdiff_t>(y) * c.in.width + x) * channels,
            output);
        }
      }
    }
  }
}

/// to[i] += a[i] * b[i]
template <class T>
void add_product(std::ptrdiff_t count, const T* a, const T* b, T* to) {
  for (std::ptrdiff_t i = 0; i < count; ++i) to[i] += a[i] * b[i];
}

}  // namespace detail

/// dweight += dL/dweight, {C, 1, kH, kW}, from x {n, H, W, C} and dy = dL/dy {n, Ho, Wo, C}. Scratch: kH kW
/// C.
template <class T>
void depthwise_gradient(const convolution& c, int n, const T* x, const T* dy, T* dweight,
                        std::vector<T>& workspace) {
  const std::ptrdiff_t channels = c.in.channels;
  const std::ptrdiff_t taps = c.taps();
  workspace.resize(std::max(workspace.size(), static_cast<std::size_t>(taps * channels)));
  T* const gradient = workspace.data();
  std::fill_n(gradient, taps * channels, T{0});
  for (int image = 0; image < n; ++image, x += c.in.size(), dy += c.out.size()) {
    detail::for_each_depthwise_tap(c, [&](std::ptrdiff_t w, std::ptrdiff_t in, std::ptrdiff_t out) {
      detail::add_product(channels, x + in, dy + out, gradient + w);
    });
  }
  for (std::ptrdiff_t i = 0; i < channels; ++i) {
    for (std::ptrdiff_t t = 0; t < taps; ++t) dweight[i * taps + t] += gradient[t * channels + i];
  }
}

}  // namespace flexdnn
