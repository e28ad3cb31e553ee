// SPDX-License-Identifier: MIT
// simd/depthwise_block: the depthwise micro-kernel, neighbouring pixels of a row times one or two vectors.
#pragma once

#include <cstddef>

#include "../architecture.hpp"
#include "vector.hpp"

namespace flexdnn::detail {

/// What the blocks of one output row and strip of channels share.
struct depthwise_job {
  int rows;                    ///< kernel rows inside the input
  int columns;                 ///< kernel columns inside the input
  std::ptrdiff_t row_step;     ///< to the next kernel row's input
  std::ptrdiff_t column_step;  ///< to the next kernel column's input
  std::ptrdiff_t pixel_step;   ///< to the next output pixel's input
  std::ptrdiff_t weight_row_step;
  std::ptrdiff_t channels;
  std::ptrdiff_t out_step;  ///< to the next output pixel, and its residual
  const float* bias;
  const float* residual;  ///< at the row's first pixel, or nullptr
  float* out;             ///< likewise
};

/// y[p,c] = f(bias[c] + sum_{u,v} w[u,v,c] x[p,u,v,c] + residual[p,c]) for Vectors * lanes channels of
/// `blocks` blocks of Pixels pixels, from pixel `first` of the row on; `in` and `weight` are at their first
/// tap. Per tap and block: Vectors weight loads, and Pixels * Vectors fused multiply-adds that each load
/// their input.
template <class Activation, class Arch, int Pixels, int Vectors>
[[gnu::noinline]] void depthwise_blocks(const depthwise_job& job, const float* in, const float* weight,
                                        int first, int blocks) noexcept {
  using V = vector<Arch>;
  constexpr int lanes = tile_of<simd<Arch>>.lanes;
  constexpr int count = Pixels * Vectors;
  std::ptrdiff_t to = first * job.out_step;
  for (int block = 0; block < blocks; ++block, in += Pixels * job.pixel_step, to += Pixels * job.out_step) {
    registers<V, count> sum;
#pragma GCC unroll 64
    for (int i = 0; i < count; ++i) sum[i] = V::load_unaligned(job.bias + i % Vectors * lanes);
    for (int u = 0; u < job.rows; ++u) {
      const float* x = in + u * job.row_step;
      const float* w = weight + u * job.weight_row_step;
      for (int v = 0; v < job.columns; ++v, x += job.column_step, w += job.channels) {
        registers<V, Vectors> factor;
#pragma GCC unroll 64
        for (int k = 0; k < Vectors; ++k) factor[k] = V::load_unaligned(w + k * lanes);
#pragma GCC unroll 64
        for (int i = 0; i < count; ++i) {
          const V value = V::load_unaligned(x + i / Vectors * job.pixel_step + i % Vectors * lanes);
          sum[i] = multiply_add<Arch>(value, factor[i % Vectors], sum[i]);
        }
      }
    }
    if (job.residual != nullptr) {
#pragma GCC unroll 64
      for (int i = 0; i < count; ++i) {
        sum[i] += V::load_unaligned(job.residual + to + i / Vectors * job.out_step + i % Vectors * lanes);
      }
    }
#pragma GCC unroll 64
    for (int i = 0; i < count; ++i) {
      Activation::apply(sum[i]).store_unaligned(job.out + to + i / Vectors * job.out_step +
                                                i % Vectors * lanes);
    }
  }
}

}  // namespace flexdnn::detail
