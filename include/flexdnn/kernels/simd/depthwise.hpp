// SPDX-License-Identifier: MIT
// simd/depthwise: depthwise convolution with vectors of channels; borders by clipping taps, without scratch.
#pragma once

#include <algorithm>
#include <cstddef>

#include "../architecture.hpp"
#include "../convolution.hpp"
#include "../scalar/depthwise.hpp"
#include "../window.hpp"
#include "depthwise_block.hpp"

namespace flexdnn::detail {

/// Output columns [first, last) whose taps all lie inside the input; none where first == last.
struct inner_columns {
  int first;
  int last;

  explicit constexpr inner_columns(const convolution& c) {
    const int room = c.in.width - ((c.kernel_w - 1) * c.dilation_w + 1) + c.padding_w;
    first = std::min((c.padding_w + c.stride_w - 1) / c.stride_w, c.out.width);
    last = room < 0 ? first : std::clamp(room / c.stride_w + 1, first, c.out.width);
  }
};

/// One output row of Vectors * lanes channels from `channel` on: four pixels at a time where all taps lie
/// inside the input, singly near the borders.
template <class Activation, class Arch, int Vectors>
void depthwise_strip(const convolution& c, const inner_columns& inner, int row, int channel, const float* in,
                     const float* packed, const float* residual, float* out) noexcept {
  constexpr int pixels = 4;
  const std::ptrdiff_t channels = c.in.channels;
  const int top = row * c.stride_h - c.padding_h;
  const window rows = clip(top, c.kernel_h, c.dilation_h, c.in.height);
  const std::ptrdiff_t to = static_cast<std::ptrdiff_t>(row) * c.out.width * c.out_step() + channel;
  depthwise_job job{.rows = rows.last - rows.first,
                    .columns = c.kernel_w,
                    .row_step = static_cast<std::ptrdiff_t>(c.dilation_h) * c.in.width * channels,
                    .column_step = c.dilation_w * channels,
                    .pixel_step = c.stride_w * channels,
                    .weight_row_step = c.kernel_w * channels,
                    .channels = channels,
                    .out_step = c.out_step(),
                    .bias = packed + channel,
                    .residual = residual != nullptr ? residual + to : nullptr,
                    .out = out + to};
  const std::ptrdiff_t first_row = static_cast<std::ptrdiff_t>(top + rows.first * c.dilation_h) * c.in.width;
  const float* const weight = job.bias + (1 + rows.first * c.kernel_w) * channels;
  const auto input = [&](int column) { return in + (first_row + column) * channels + channel; };

  const int blocks = (inner.last - inner.first) / pixels;
  const int rest = inner.first + blocks * pixels;
  const float* const x = input(inner.first * c.stride_w - c.padding_w);
  depthwise_blocks<Activation, Arch, pixels, Vectors>(job, x, weight, inner.first, blocks);
  depthwise_blocks<Activation, Arch, 1, Vectors>(job, x + blocks * pixels * job.pixel_step, weight, rest,
                                                 inner.last - rest);
  const auto border = [&](int begin, int end) {
    for (int column = begin; column < end; ++column) {
      const int left = column * c.stride_w - c.padding_w;
      const window columns = clip(left, c.kernel_w, c.dilation_w, c.in.width);
      job.columns = columns.last - columns.first;
      depthwise_blocks<Activation, Arch, 1, Vectors>(job, input(left + columns.first * c.dilation_w),
                                                     weight + columns.first * channels, column, 1);
    }
  };
  border(0, inner.first);
  border(inner.last, c.out.width);
}

template <class Activation, class Arch>
void depthwise(const convolution& c, const float* in, const float* packed, const float* residual, float* out,
               simd<Arch>) noexcept {
  constexpr int lanes = tile_of<simd<Arch>>.lanes, half = tile_of<simd<half_vectors<Arch>>>.lanes;
  const inner_columns inner(c);
  for (int row = 0; row < c.out.height; ++row) {
    int channel = 0;
    for (; channel + 2 * lanes <= c.in.channels; channel += 2 * lanes) {
      depthwise_strip<Activation, Arch, 2>(c, inner, row, channel, in, packed, residual, out);
    }
    if (channel + lanes <= c.in.channels) {
      depthwise_strip<Activation, Arch, 1>(c, inner, row, channel, in, packed, residual, out);
      channel += lanes;
    }
    if constexpr (half < lanes) {
      if (channel + half <= c.in.channels) {
        depthwise_strip<Activation, half_vectors<Arch>, 1>(c, inner, row, channel, in, packed, residual, out);
        channel += half;
      }
    }
    depthwise_row<Activation>(c, row, channel, c.in.channels, in, packed, residual, out);
  }
}

}  // namespace flexdnn::detail
