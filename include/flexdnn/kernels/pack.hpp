// SPDX-License-Identifier: MIT
// pack: from PyTorch's weights to the layout that convolve reads, with a channel-wise affine map folded in.
#pragma once

#include <algorithm>
#include <cstddef>

#include "convolution.hpp"
#include "toom_cook.hpp"

namespace flexdnn {

namespace detail {

/// Panels of transformed filters, G w G^T in double.
template <int Outputs, class Factor, class Constant>
void pack_points(const convolution& c, const tile& t, const float* weight, Factor factor, Constant constant,
                 float* packed) noexcept {
  using F = toom_cook<Outputs>;
  constexpr int n = F::points;
  const int inputs = c.in.channels;
  const std::ptrdiff_t point_step = static_cast<std::ptrdiff_t>(t.panel()) * (inputs + 1);
  for (int first = 0; first < c.out.channels; first += t.panel(), packed += n * n * point_step) {
    std::fill_n(packed, n * n * point_step, 0.0f);
    const int live = std::min(t.panel(), c.out.channels - first);
    for (int o = 0; o < live; ++o) {
      packed[(n + 1) * point_step + o] = constant(first + o);
      for (int i = 0; i < inputs; ++i) {
        const float* w = weight + (static_cast<std::ptrdiff_t>(first + o) * inputs + i) * 9;
        for (int u = 0; u < n; ++u) {
          for (int v = 0; v < n; ++v) {
            double sum = 0;
            for (std::size_t k = 0; k < 9; ++k) {
              sum += F::filter[static_cast<std::size_t>(u)][k / 3] *
                     F::filter[static_cast<std::size_t>(v)][k % 3] * static_cast<double>(w[k]);
            }
            packed[(u * n + v) * point_step + (i + 1) * t.panel() + o] =
                static_cast<float>(sum * static_cast<double>(factor(first + o)));
          }
        }
      }
    }
  }
}

}  // namespace detail

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

  if (c.depthwise()) {
    const int channels = c.out.channels;
    for (int o = 0; o < channels; ++o) *packed++ = constant(o);
    for (int k = 0; k < window; ++k) {
      for (int o = 0; o < channels; ++o) *packed++ = weight[o * window + k] * factor(o);
    }
    return;
  }

  switch (c.how) {
    case algorithm::direct:
    case algorithm::depthwise_rows:
      break;
    case algorithm::winograd2:
      return detail::pack_points<2>(c, t, weight, factor, constant, packed);
    case algorithm::winograd4:
      return detail::pack_points<4>(c, t, weight, factor, constant, packed);
    case algorithm::winograd6:
      return detail::pack_points<6>(c, t, weight, factor, constant, packed);
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
