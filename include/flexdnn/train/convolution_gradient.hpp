// SPDX-License-Identifier: MIT
// convolution_gradient: every linear layer (conv2d, depthwise, dense) over a mini-batch, and its gradient.
#pragma once

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <vector>

#include "../kernels/convolution.hpp"
#include "depthwise_gradient.hpp"
#include "gemm.hpp"
#include "im2col.hpp"

namespace flexdnn {

namespace detail {

/// Images whose columns are built at once: as many as fit 128 KB, at least one. For the layers of ResNet-20
/// 512 KB is as fast and 2 MB 5 to 10 % slower (2 MB of L2).
template <class T>
[[nodiscard]] constexpr int images_at_once(const convolution& c, int n) {
  if (c.pointwise()) return n;
  constexpr std::ptrdiff_t budget = 128 * 1024 / static_cast<std::ptrdiff_t>(sizeof(T));
  const std::ptrdiff_t image = static_cast<std::ptrdiff_t>(c.out.pixels()) * c.taps();
  return static_cast<int>(std::clamp<std::ptrdiff_t>(budget / image, 1, n));
}

/// Calls f(canonical, ordered) with the places of each weight in PyTorch's order (O, i, u, v) and in the
/// order (O, u, v, i) of im2col's columns.
template <class F>
void for_each_weight(const convolution& c, F f) {
  const std::ptrdiff_t area = static_cast<std::ptrdiff_t>(c.kernel_h) * c.kernel_w;
  const std::ptrdiff_t inputs = c.group_inputs();
  for (std::ptrdiff_t o = 0; o < c.out.channels; ++o) {
    for (std::ptrdiff_t i = 0; i < inputs; ++i) {
      for (std::ptrdiff_t t = 0; t < area; ++t) f((o * inputs + i) * area + t, (o * area + t) * inputs + i);
    }
  }
}

/// The columns {n pixels, K} of one group: a view of x where the convolution is pointwise, else a copy.
template <class T>
[[nodiscard]] matrix_view<const T> columns_of(const convolution& c, int group, int n, const T* x, T* buffer) {
  const std::ptrdiff_t pixels = c.out.pixels();
  const std::ptrdiff_t taps = c.taps();
  if (c.pointwise()) return {x + group * taps, n * pixels, taps, c.in.channels};
  for (int image = 0; image < n; ++image, x += c.in.size())
    im2col(c, group, x, buffer + image * pixels * taps);
  return {buffer, n * pixels, taps, taps};
}

}  // namespace detail

/// y = convolution of n images, equation of `convolution`.
/// x: {n, H, W, C}; weight: {O, C / groups, kH, kW}; bias: {O} or null; y: {n, Ho, Wo, O}. Cost: n macs().
/// The workspace grows to the ordered weights and one chunk of columns; its contents mean nothing after.
template <class T>
void convolution_forward(const convolution& c, int n, const T* x, const T* weight,
                         const std::type_identity_t<T>* bias, T* y, std::vector<T>& workspace) {
  if (c.depthwise()) return depthwise_forward(c, n, x, weight, bias, y, workspace);
  const std::ptrdiff_t taps = c.taps();
  const std::ptrdiff_t outputs = c.group_outputs();
  const std::ptrdiff_t weights = taps * c.out.channels;
  const int chunk = detail::images_at_once<T>(c, n);
  const std::ptrdiff_t column_size = c.pointwise() ? 0 : chunk * c.out.pixels() * taps;
  workspace.resize(std::max(workspace.size(), static_cast<std::size_t>(weights + column_size)));
  T* const ordered = workspace.data();
  T* const buffer = ordered + weights;
  detail::for_each_weight(c, [&](std::ptrdiff_t from, std::ptrdiff_t to) { ordered[to] = weight[from]; });
  for (int image = 0; image < n; image += chunk) {
    const int images = std::min(chunk, n - image);
    const std::ptrdiff_t pixels = static_cast<std::ptrdiff_t>(images) * c.out.pixels();
    for (std::ptrdiff_t p = 0; p < pixels; ++p) {
      for (std::ptrdiff_t o = 0; o < c.out.channels; ++o) y[p * c.out.channels + o] = bias ? bias[o] : T{0};
    }
    for (int g = 0; g < c.groups; ++g) {
      const matrix_view<const T> w{ordered + g * outputs * taps, outputs, taps, taps};
      const matrix_view<T> to{y + g * outputs, pixels, outputs, c.out.channels};
      gemm<operand::plain, operand::transposed>(detail::columns_of(c, g, images, x, buffer), w, to);
    }
    x += static_cast<std::size_t>(images) * c.in.size();
    y += static_cast<std::size_t>(images) * c.out.size();
  }
}

/// From dy = dL/dy, {n, Ho, Wo, O}:  dx = dL/dx (overwritten; null: not wanted),
/// dweight += dL/dweight, dbias += dL/dbias (each in its parameter's layout; null: not wanted).
/// Cost: n macs() for dweight and as much for dx.
template <class T>
void convolution_backward(const convolution& c, int n, const T* x, const T* weight, const T* dy,
                          std::type_identity_t<T>* dx, std::type_identity_t<T>* dweight,
                          std::type_identity_t<T>* dbias, std::vector<T>& workspace) {
  if (dbias) {
    for (std::ptrdiff_t p = 0; p < static_cast<std::ptrdiff_t>(n) * c.out.pixels(); ++p) {
      for (std::ptrdiff_t o = 0; o < c.out.channels; ++o) dbias[o] += dy[p * c.out.channels + o];
    }
  }
  if (c.depthwise()) return depthwise_backward(c, n, x, weight, dy, dx, dweight, workspace);
  const std::ptrdiff_t taps = c.taps();
  const std::ptrdiff_t outputs = c.group_outputs();
  const std::ptrdiff_t weights = taps * c.out.channels;
  const int chunk = detail::images_at_once<T>(c, n);
  const std::ptrdiff_t column_size = c.pointwise() ? 0 : chunk * c.out.pixels() * taps;
  workspace.resize(std::max(workspace.size(), static_cast<std::size_t>(2 * weights + column_size)));
  T* const ordered = workspace.data();
  T* const gradient = ordered + weights;
  T* const buffer = gradient + weights;
  detail::for_each_weight(c, [&](std::ptrdiff_t from, std::ptrdiff_t to) { ordered[to] = weight[from]; });
  std::fill_n(gradient, weights, T{0});
  if (dx) std::fill_n(dx, static_cast<std::size_t>(n) * c.in.size(), T{0});
  for (int image = 0; image < n; image += chunk) {
    const int images = std::min(chunk, n - image);
    const std::ptrdiff_t pixels = static_cast<std::ptrdiff_t>(images) * c.out.pixels();
    for (int g = 0; g < c.groups; ++g) {
      const matrix_view<const T> w{ordered + g * outputs * taps, outputs, taps, taps};
      const matrix_view<const T> dout{dy + g * outputs, pixels, outputs, c.out.channels};
      if (dweight) {
        const matrix_view<T> dw{gradient + g * outputs * taps, outputs, taps, taps};
        gemm<operand::transposed, operand::plain>(dout, detail::columns_of(c, g, images, x, buffer), dw);
      }
      if (!dx) continue;
      if (c.pointwise()) {
        gemm(dout, w, matrix_view<T>{dx + g * taps, pixels, taps, c.in.channels});
        continue;
      }
      std::fill_n(buffer, pixels * taps, T{0});
      gemm(dout, w, matrix_view<T>{buffer, pixels, taps, taps});
      const std::ptrdiff_t image_columns = c.out.pixels() * taps;
      for (int k = 0; k < images; ++k) {
        col2im(c, g, buffer + k * image_columns, dx + static_cast<std::size_t>(k) * c.in.size());
      }
    }
    x += static_cast<std::size_t>(images) * c.in.size();
    dy += static_cast<std::size_t>(images) * c.out.size();
    if (dx) dx += static_cast<std::size_t>(images) * c.in.size();
  }
  if (!dweight) return;
  detail::for_each_weight(c, [&](std::ptrdiff_t to, std::ptrdiff_t from) { dweight[to] += gradient[from]; });
}

}  // namespace flexdnn
