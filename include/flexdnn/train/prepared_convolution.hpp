// SPDX-License-Identifier: MIT
// prepared_convolution: a linear layer, or the adjoint that its gradient passes through, over a mini-batch.
#pragma once

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <vector>

#include "../kernels/activate.hpp"
#include "../kernels/convolve.hpp"
#include "../kernels/pack.hpp"
#include "../plan/choose.hpp"
#include "depthwise_gradient.hpp"
#include "gemm.hpp"
#include "im2col.hpp"

namespace flexdnn {

namespace detail {

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

/// The convolution, of stride 1, that makes dL/dx of c from dL/dy with stride - 1 zeros between its pixels.
[[nodiscard]] constexpr convolution adjoint(const convolution& c) {
  return {.in = {c.out.channels, (c.out.height - 1) * c.stride_h + 1, (c.out.width - 1) * c.stride_w + 1},
          .out = c.in,
          .kernel_h = c.kernel_h,
          .kernel_w = c.kernel_w,
          .padding_h = c.reach_h() - 1 - c.padding_h,
          .padding_w = c.reach_w() - 1 - c.padding_w,
          .dilation_h = c.dilation_h,
          .dilation_w = c.dilation_w,
          .groups = c.groups};
}

/// Its weights: inputs and outputs of each group exchanged, windows turned by half a circle.
template <class T>
[[nodiscard]] std::vector<T> adjoint_weights(const convolution& c, const T* weight) {
  const std::ptrdiff_t area = static_cast<std::ptrdiff_t>(c.kernel_h) * c.kernel_w;
  const std::ptrdiff_t inputs = c.group_inputs(), outputs = c.group_outputs();
  std::vector<T> turned(static_cast<std::size_t>(c.out.channels * inputs * area));
  T* to = turned.data();
  for (std::ptrdiff_t g = 0; g < c.groups; ++g) {
    for (std::ptrdiff_t i = 0; i < inputs; ++i) {
      for (std::ptrdiff_t o = 0; o < outputs; ++o) {
        const T* const window = weight + ((g * outputs + o) * inputs + i) * area;
        to = std::reverse_copy(window, window + area, to);
      }
    }
  }
  return turned;
}

}  // namespace detail

/// Weights made ready for one step of training, and their use. Floats run on the engine's kernels, Winograd's
/// where it pays; other types through im2col and a matrix product.
template <class T>
class prepared_convolution {
 public:
  /// y = convolution of x, equation of `convolution`.  weight: {O, C / groups, kH, kW}; bias: {O} or null.
  void forward(const convolution& c, const T* weight, const T* bias) {
    given_ = c.in, stride_h_ = stride_w_ = 1;
    prepare(c, weight, bias);
  }

  /// y = dL/dx from x = dL/dy of the convolution c.
  void backward(const convolution& c, const T* weight) {
    given_ = c.out, stride_h_ = c.stride_h, stride_w_ = c.stride_w;
    prepare(detail::adjoint(c), detail::adjoint_weights(c, weight).data(), nullptr);
  }

  /// x: {n, maps in}, y: {n, maps out}, overwritten. The workspace grows to what is needed; its contents mean
  /// nothing after. No bit depends on where memory lies.
  void run(int n, const T* x, T* y, std::vector<T>& workspace) const {
    convolution c = c_;
    if (c.pointwise() && stride_h_ * stride_w_ == 1) {  // images are but more pixels
      c.in.height *= n, c.out.height *= n;
      n = 1;
    }
    const std::size_t spread = stride_h_ * stride_w_ == 1 ? 0 : c.in.size();
    workspace.resize(std::max(workspace.size(), spread + scratch(c)));
    std::fill_n(workspace.data(), spread, T{0});
    for (int image = 0; image < n; ++image, y += c.out.size()) {
      if (spread > 0) {
        spread_pixels(x, workspace.data());
        one(c, workspace.data(), y, workspace.data() + spread);
        x += given_.size();
      } else {
        one(c, x, y, workspace.data());
        x += c.in.size();
      }
    }
  }

 private:
  static constexpr tile panel = tile_of<native>;

  /// Kernels know no negative padding: of an adjoint whose convolution pads more than its window reaches.
  [[nodiscard]] bool on_kernels() const {
    return std::is_same_v<T, float> && c_.padding_h >= 0 && c_.padding_w >= 0;
  }

  void prepare(const convolution& c, const T* weight, const T* bias) {
    c_ = c;
    if constexpr (std::is_same_v<T, float>) {
      if (on_kernels()) {
        if (!c_.depthwise()) c_.how = choose(c_, panel);
        weights_.resize(packed_size(c_, panel));
        return pack(c_, panel, weight, bias, nullptr, nullptr, weights_.data());
      }
    }
    weights_.resize(static_cast<std::size_t>(c.out.channels * c.taps()));
    detail::for_each_weight(c, [&](std::ptrdiff_t from, std::ptrdiff_t to) {
      weights_[static_cast<std::size_t>(to)] = weight[from];
    });
    bias_.assign(static_cast<std::size_t>(c.out.channels), T{0});
    if (bias) std::copy_n(bias, bias_.size(), bias_.begin());
  }

  [[nodiscard]] std::size_t scratch(const convolution& c) const {
    if (on_kernels()) return scratch_size(c, panel);
    return static_cast<std::size_t>(c.out.pixels()) * static_cast<std::size_t>(c.taps());
  }

  void spread_pixels(const T* x, T* to) const {
    const std::ptrdiff_t channels = given_.channels;
    for (int r = 0; r < given_.height; ++r) {
      T* const row = to + static_cast<std::ptrdiff_t>(r) * stride_h_ * c_.in.width * channels;
      for (int q = 0; q < given_.width; ++q, x += channels)
        std::copy_n(x, channels, row + q * stride_w_ * channels);
    }
  }

  void one(const convolution& c, const T* x, T* y, T* buffer) const {
    if constexpr (std::is_same_v<T, float>) {
      if (on_kernels()) {
        const auto run = [&]<algorithm How>() {
          convolve<identity, How>(c, x, weights_.data(), nullptr, y, buffer, native{});
        };
        if (c.how == algorithm::winograd2) return run.template operator()<algorithm::winograd2>();
        if (c.how == algorithm::winograd4) return run.template operator()<algorithm::winograd4>();
        return run.template operator()<algorithm::direct>();
      }
    }
    const std::ptrdiff_t taps = c.taps(), pixels = c.out.pixels(), outputs = c.group_outputs();
    for (std::ptrdiff_t p = 0; p < pixels; ++p) std::copy(bias_.begin(), bias_.end(), y + p * c.out.channels);
    for (std::ptrdiff_t g = 0; g < c.groups; ++g) {
      im2col(c, static_cast<int>(g), x, buffer);
      gemm<operand::plain, operand::transposed>(
          matrix_view<const T>{buffer, pixels, taps, taps},
          matrix_view<const T>{weights_.data() + g * outputs * taps, outputs, taps, taps},
          matrix_view<T>{y + g * outputs, pixels, outputs, c.out.channels});
    }
  }

  convolution c_;
  shape given_;
  int stride_h_ = 1, stride_w_ = 1;  ///< of what is spread
  std::vector<T> weights_, bias_;
};

}  // namespace flexdnn
