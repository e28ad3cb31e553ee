// SPDX-License-Identifier: MIT
// simd/depthwise_block: the depthwise micro-kernel, neighbouring pixels of a row times one or two vectors.
#pragma once

#include <cstddef>

#include "../architecture.hpp"
#include "vector.hpp"

namespace flexdnn::detail {

/// The taps of a block that lie inside the input, and the distances between them.
struct depthwise_taps {
  int rows;
  int columns;
  std::ptrdiff_t row_step;     ///< to the next kernel row's input
  std::ptrdiff_t column_step;  ///< to the next kernel column's input
  std::ptrdiff_t pixel_step;   ///< to the next output pixel's input
  std::ptrdiff_t weight_row_step;
  std::ptrdiff_t channels;
};

/// y[p,c] = f(bias[c] + sum_{u,v} w[u,v,c] x[p,u,v,c] + residual[p,c]) for Vectors * lanes channels.
/// Per tap: Vectors weight loads, and Pixels * Vectors fused multiply-adds that each load their input.
template <class Activation, class Arch, int Pixels, int Vectors>
[[gnu::noinline]] void depthwise_block(const depthwise_taps& taps, const float* in, const float* bias,
                                       const float* weight, const float* residual, float* out) noexcept {
  using V = vector<Arch>;
  constexpr int lanes = tile_of<simd<Arch>>.lanes;
  constexpr int count = Pixels * Vectors;
  registers<V, count> sum;
#pragma GCC unroll 64
  for (int i = 0; i < count; ++i) sum[i] = V::load_unaligned(bias + i % Vectors * lanes);
  for (int u = 0; u < taps.rows; ++u) {
    const float* x = in + u * taps.row_step;
    const float* w = weight + u * taps.weight_row_step;
    for (int v = 0; v < taps.columns; ++v, x += taps.column_step, w += taps.channels) {
      registers<V, Vectors> factor;
#pragma GCC unroll 64
      for (int k = 0; k < Vectors; ++k) factor[k] = V::load_unaligned(w + k * lanes);
#pragma GCC unroll 64
      for (int i = 0; i < count; ++i) {
        const V value = V::load_unaligned(x + i / Vectors * taps.pixel_step + i % Vectors * lanes);
        sum[i] = multiply_add<Arch>(value, factor[i % Vectors], sum[i]);
      }
    }
  }
  if (residual != nullptr) {
#pragma GCC unroll 64
    for (int i = 0; i < count; ++i) {
      sum[i] += V::load_unaligned(residual + i / Vectors * taps.channels + i % Vectors * lanes);
    }
  }
#pragma GCC unroll 64
  for (int i = 0; i < count; ++i) {
    Activation::apply(sum[i]).store_unaligned(out + i / Vectors * taps.channels + i % Vectors * lanes);
  }
}

}  // namespace flexdnn::detail
