// SPDX-License-Identifier: MIT
// simd/depthwise: depthwise convolution with vectors of channels; borders by clipping taps, without scratch.
#pragma once

#include <algorithm>
#include <cstddef>

#include "../architecture.hpp"
#include "../scalar/depthwise.hpp"
#include "../window.hpp"
#include "depthwise_block.hpp"

namespace flexdnn::detail {

/// One output row of Vectors * lanes channels from `channel` on: four pixels at a time where all taps
/// lie inside the input, singly near the borders.
template <class Activation, class Arch, int Vectors>
void depthwise_strip(const convolution& c, int row, int channel, const float* in, const float* packed,
                     const float* residual, float* out) noexcept {
  constexpr int pixels = 4;
  const int top = row * c.stride_h - c.padding_h;
  const window rows = clip(top, c.kernel_h, c.dilation_h, c.in.height);
  const std::ptrdiff_t channels = c.in.channels;
  depthwise_taps taps{.rows = rows.last - rows.first,
                      .columns = c.kernel_w,
                      .row_step = static_cast<std::ptrdiff_t>(c.dilation_h) * c.in.width * channels,
                      .column_step = c.dilation_w * channels,
                      .pixel_step = c.stride_w * channels,
                      .weight_row_step = c.kernel_w * channels,
                      .channels = channels};
  const float* const bias = packed + channel;
  const float* const weight = bias + (1 + static_cast<std::ptrdiff_t>(rows.first) * c.kernel_w) * channels;
  const std::ptrdiff_t origin = static_cast<std::ptrdiff_t>(top + rows.first * c.dilation_h) * c.in.width;
  const int reach = (c.kernel_w - 1) * c.dilation_w;
  for (int column = 0; column < c.out.width;) {
    const int left = column * c.stride_w - c.padding_w;
    const window columns = clip(left, c.kernel_w, c.dilation_w, c.in.width);
    const bool inside = left >= 0 && left + (pixels - 1) * c.stride_w + reach < c.in.width;
    const bool block = inside && column + pixels <= c.out.width;
    taps.columns = columns.last - columns.first;
    const std::ptrdiff_t at = (static_cast<std::ptrdiff_t>(row) * c.out.width + column) * channels + channel;
    const auto kernel =
        block ? &depthwise_block<Activation, Arch, pixels, Vectors> : &depthwise_block<Activation, Arch, 1, Vectors>;
    kernel(taps, in + (origin + left + columns.first * c.dilation_w) * channels + channel, bias,
           weight + columns.first * channels, residual != nullptr ? residual + at : nullptr, out + at);
    column += block ? pixels : 1;
  }
}

template <class Activation, class Arch>
void depthwise(const convolution& c, const float* in, const float* packed, const float* residual, float* out,
               simd<Arch>) noexcept {
  constexpr int lanes = tile_of<simd<Arch>>.lanes;
  for (int row = 0; row < c.out.height; ++row) {
    int channel = 0;
    for (; channel + 2 * lanes <= c.in.channels; channel += 2 * lanes) {
      depthwise_strip<Activation, Arch, 2>(c, row, channel, in, packed, residual, out);
    }
    if (channel + lanes <= c.in.channels) {
      depthwise_strip<Activation, Arch, 1>(c, row, channel, in, packed, residual, out);
      channel += lanes;
    }
    depthwise_row<Activation>(c, row, channel, c.in.channels, in, packed, residual, out);
  }
}

}  // namespace flexdnn::detail
