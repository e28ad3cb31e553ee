// SPDX-License-Identifier: MIT
// depthwise_gradient: a depthwise convolution over a mini-batch and its gradient, by loops over channels.
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

/// y = depthwise convolution of n images, equation of `convolution` with groups = C.
/// x: {n, H, W, C}; weight: {C, 1, kH, kW}; bias: {C} or null; y: {n, Ho, Wo, C}. Scratch: kH kW C.
template <class T>
void depthwise_forward(const convolution& c, int n, const T* x, const T* weight, const T* bias, T* y,
                       std::vector<T>& workspace) {
  const std::ptrdiff_t channels = c.in.channels;
  const std::ptrdiff_t taps = c.taps();
  workspace.resize(std::max(workspace.size(), static_cast<std::size_t>(taps * channels)));
  T* const packed = workspace.data();
  for (std::ptrdiff_t i = 0; i < channels; ++i) {
    for (std::ptrdiff_t t = 0; t < taps; ++t) packed[t * channels + i] = weight[i * taps + t];
  }
  for (int image = 0; image < n; ++image, x += c.in.size(), y += c.out.size()) {
    for (std::ptrdiff_t p = 0; p < c.out.pixels(); ++p) {
      if (bias) {
        std::copy_n(bias, channels, y + p * channels);
      } else {
        std::fill_n(y + p * channels, channels, T{0});
      }
    }
    detail::for_each_depthwise_tap(c, [&](std::ptrdiff_t w, std::ptrdiff_t in, std::ptrdiff_t out) {
      detail::add_product(channels, packed + w, x + in, y + out);
    });
  }
}

/// dx = dL/dx (null: not wanted) and dweight += dL/dweight (null: not wanted), from dy = dL/dy.
/// Scratch: 2 kH kW C.
template <class T>
void depthwise_backward(const convolution& c, int n, const T* x, const T* weight, const T* dy, T* dx,
                        T* dweight, std::vector<T>& workspace) {
  const std::ptrdiff_t channels = c.in.channels;
  const std::ptrdiff_t taps = c.taps();
  workspace.resize(std::max(workspace.size(), static_cast<std::size_t>(2 * taps * channels)));
  T* const packed = workspace.data();
  T* const gradient = packed + taps * channels;
  std::fill_n(gradient, taps * channels, T{0});
  for (std::ptrdiff_t i = 0; i < channels; ++i) {
    for (std::ptrdiff_t t = 0; t < taps; ++t) packed[t * channels + i] = weight[i * taps + t];
  }
  for (int image = 0; image < n; ++image, x += c.in.size(), dy += c.out.size()) {
    if (dweight) {
      detail::for_each_depthwise_tap(c, [&](std::ptrdiff_t w, std::ptrdiff_t in, std::ptrdiff_t out) {
        detail::add_product(channels, x + in, dy + out, gradient + w);
      });
    }
    if (!dx) continue;
    std::fill_n(dx, c.in.size(), T{0});
    detail::for_each_depthwise_tap(c, [&](std::ptrdiff_t w, std::ptrdiff_t in, std::ptrdiff_t out) {
      detail::add_product(channels, packed + w, dy + out, dx + in);
    });
    dx += c.in.size();
  }
  if (!dweight) return;
  for (std::ptrdiff_t i = 0; i < channels; ++i) {
    for (std::ptrdiff_t t = 0; t < taps; ++t) dweight[i * taps + t] += gradient[t * channels + i];
  }
}

}  // namespace flexdnn
