// SPDX-License-Identifier: MIT
// simd/depthwise_rows: depthwise convolution by blocks of a row's pixels, with borders by leaving taps out.
#pragma once

#include <algorithm>
#include <cstddef>

#include "../architecture.hpp"
#include "../convolution.hpp"
#include "../window.hpp"
#include "vector.hpp"

namespace flexdnn::detail {

/// Where a block reads: rows of the window that exist, each at the block's first column.
template <int Window>
struct block_rows {
  registers<const float*, Window> at = {};
  int count;
  window columns;  ///< of the block's inputs, those that exist
};

/// Outputs of S.pixels pixels of a row; those before `skip` are there already. Per kernel row and vector with
/// 8 pixels, a window of 3 and stride 1: 3 loads of weights, 10 of inputs, 24 multiply-adds. Inside: all
/// inputs exist; asking for each costs 60 instructions beside 72 multiply-adds.
template <class Activation, class Arch, depthwise_block_shape S, bool Inside>
[[gnu::noinline]] void depthwise_row_block(const block_rows<S.window>& rows, const float* bias,
                                           const float* weights, std::ptrdiff_t channels, int skip,
                                           const float* residual, float* out,
                                           std::ptrdiff_t out_step) noexcept {
  using V = vector<Arch>;
  constexpr int lanes = tile_of<simd<Arch>>.lanes, inputs = S.inputs();
  for (std::ptrdiff_t k = 0; k < channels; k += S.vectors * lanes) {
    registers<registers<V, S.pixels>, S.vectors> sum;
#pragma GCC unroll 2
    for (int j = 0; j < S.vectors; ++j) {
#pragma GCC unroll 8
      for (int p = 0; p < S.pixels; ++p) sum[j][p] = V::load_unaligned(bias + k + j * lanes);
    }
    const float* weight = weights + k;
#pragma GCC unroll 1
    for (int u = 0; u < rows.count; ++u, weight += S.window * channels) {
#pragma GCC unroll 2
      for (int j = 0; j < S.vectors; ++j) {
        registers<V, S.window> factor;
#pragma GCC unroll 8
        for (int v = 0; v < S.window; ++v) factor[v] = V::load_unaligned(weight + v * channels + j * lanes);
        const float* x = rows.at[u] + k + j * lanes;
#pragma GCC unroll 32
        for (int i = 0; i < inputs; ++i, x += channels) {
          if (!Inside && (i < rows.columns.first || i >= rows.columns.last)) continue;
          V value = V::load_unaligned(x);
          keep_in_register<Arch>(value);
#pragma GCC unroll 8
          for (int p = 0; p < S.pixels; ++p) {
            const int v = i - p * S.stride;
            if (v >= 0 && v < S.window) sum[j][p] = multiply_add<Arch>(value, factor[v], sum[j][p]);
          }
        }
      }
    }
#pragma GCC unroll 2
    for (int j = 0; j < S.vectors; ++j) {
#pragma GCC unroll 8
      for (int p = 0; p < S.pixels; ++p) {
        if (p < skip) continue;
        const std::ptrdiff_t to = p * out_step + k + j * lanes;
        if (residual != nullptr) sum[j][p] += V::load_unaligned(residual + to);
        Activation::apply(sum[j][p]).store_unaligned(out + to);
      }
    }
  }
}

template <class Activation, depthwise_block_shape S, class Arch>
void depthwise_rows(const convolution& c, const float* in, const float* packed, const float* residual,
                    float* out, simd<Arch>) noexcept {
  const std::ptrdiff_t channels = c.in.channels, row_floats = c.in.width * channels;
  for (int row = 0; row < c.out.height; ++row) {
    const int top = row * S.stride - c.padding_h;
    const window there = clip(top, S.window, 1, c.in.height);
    const float* const weights = packed + (1 + there.first * S.window) * channels;
    for (int done = 0; done < c.out.width; done += S.pixels) {
      const int column = std::min(done, c.out.width - S.pixels), left = column * S.stride - c.padding_w;
      block_rows<S.window> rows{.count = there.last - there.first,
                                .columns = clip(left, S.inputs(), 1, c.in.width)};
      for (int u = 0; u < rows.count; ++u) {
        rows.at[u] = in + (top + there.first + u) * row_floats + left * channels;
      }
      const auto block = rows.columns.first == 0 && rows.columns.last == S.inputs()
                             ? &depthwise_row_block<Activation, Arch, S, true>
                             : &depthwise_row_block<Activation, Arch, S, false>;
      const std::ptrdiff_t to = (static_cast<std::ptrdiff_t>(row) * c.out.width + column) * c.out_step();
      block(rows, packed, weights, channels, done - column, residual != nullptr ? residual + to : nullptr,
            out + to, c.out_step());
    }
  }
}

}  // namespace flexdnn::detail
