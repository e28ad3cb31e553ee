// SPDX-License-Identifier: MIT
// simd/convolve_block: the micro-kernel, a block of pixels times a panel of output channels in registers.
#pragma once

#include <cstddef>

#include "../architecture.hpp"
#include "store_live.hpp"
#include "vector.hpp"

namespace flexdnn::detail {

/// The inputs of one output pixel, relative to its first: rows x segments runs of `length` floats.
struct footprint {
  int rows;
  int segments;
  std::ptrdiff_t row_step;
  std::ptrdiff_t segment_step;
  std::ptrdiff_t length;
};

/// What all blocks of a panel share.
struct panel_job {
  footprint taps;
  const float* packed;          ///< the panel: bias, then weights
  const float* residual;        ///< at the panel's first channel, or nullptr
  float* out;                   ///< likewise
  int channels;                 ///< of the output, from pixel to pixel
  int live;                     ///< channels of this panel that exist
  const char* ahead = nullptr;  ///< Ahead: weights that the next panels read, fetched `pace` bytes a tap
  std::ptrdiff_t pace = 0;
};

/// Writes the live channels of a block whose sums fill no whole vector. Not inlined into every block size,
/// where it was 60 % of all code; float by float, 14 channels took 50 cycles a pixel.
template <class Activation, class Arch>
[[gnu::cold, gnu::noinline]] void store_partial(int pixels, int live, const float* sum, int step,
                                                const float* residual, float* out, int channels) noexcept {
#pragma GCC unroll 1
  for (int p = 0; p < pixels; ++p, sum += step, out += channels) {
    store_live<Activation, Arch>(live, sum, residual, out);
    if (residual != nullptr) residual += channels;
  }
}

/// sum[t % Taps][p][k] += w[t][k] x[p][t] for Taps neighbouring taps, each with its own sums. With 6 pixels
/// and 2 vectors of AVX2, GCC 12 and Clang 16 make of it, at -O2 and -O3: 2 loads, 6 broadcasts, 12 fused
/// multiply-adds, 4 instructions of loop, no spill. The loops must be unrolled early for that.
template <class Arch, int Taps, int Pixels, int Vectors>
[[gnu::always_inline]] inline void multiply_taps(const float* const* x, std::ptrdiff_t at,
                                                 const float* weight, vector<Arch>* sum) noexcept {
  using V = vector<Arch>;
#pragma GCC unroll 64
  for (int t = 0; t < Taps; ++t) {
    registers<V, Vectors> w;
#pragma GCC unroll 64
    for (int k = 0; k < Vectors; ++k) {
      w[k] = V::load_unaligned(weight + t * tile_of<simd<Arch>>.panel() + k * tile_of<simd<Arch>>.lanes);
      keep_in_register<Arch>(w[k]);
    }
#pragma GCC unroll 64
    for (int p = 0; p < Pixels; ++p) {
      const V value(x[p][at + t]);
#pragma GCC unroll 64
      for (int k = 0; k < Vectors; ++k) {
        V& total = sum[(t * Pixels + p) * Vectors + k];
        total = multiply_add<Arch>(value, w[k], total);
      }
    }
  }
}

/// y[p,o] = f(bias[o] + sum_t w[t,o] x[p,t] + residual[p,o]) for Pixels pixels, whose first inputs lie
/// `start` floats after x and whose outputs begin `to` floats into job.out, and for job.live channels of at
/// most Vectors * lanes. Ahead: fetches weights into L2, one prefetch and one addition more a tap; where they
/// lie there already, that costs 3 to 20 %. Loops stay rolled: Clang unrolls the two outer ones by eight, and
/// pays 60 cycles a block for their pointers.
template <class Activation, class Arch, int Pixels, int Vectors, bool Ahead>
[[gnu::always_inline]] inline void block_in_registers(const panel_job& job, const float* const* x,
                                                      std::ptrdiff_t start, std::ptrdiff_t to) noexcept {
  using V = vector<Arch>;
  constexpr int lanes = tile_of<simd<Arch>>.lanes;
  constexpr int panel = tile_of<simd<Arch>>.panel();
  constexpr int count = Pixels * Vectors;
  // Two FMA units of four cycles want eight independent sums: small blocks sum neighbouring taps apart.
  constexpr int splits = count >= 5 ? 1 : count >= 3 ? 2 : 4;

  registers<V, splits * count> sum;
#pragma GCC unroll 64
  for (int i = 0; i < count; ++i) sum[i] = V::load_unaligned(job.packed + i % Vectors * lanes);
#pragma GCC unroll 64
  for (int i = count; i < splits * count; ++i) sum[i] = V(0.0f);

  const float* weight = job.packed + panel;
  [[maybe_unused]] const char* ahead = job.ahead;
#pragma GCC unroll 1
  for (int u = 0; u < job.taps.rows; ++u) {
#pragma GCC unroll 1
    for (int s = 0; s < job.taps.segments; ++s) {
      std::ptrdiff_t at = start + u * job.taps.row_step + s * job.taps.segment_step;
      const std::ptrdiff_t end = at + job.taps.length;
#pragma GCC unroll 1
      for (; at + splits <= end; at += splits, weight += splits * panel) {
        if constexpr (Ahead && splits == 1) {
          __builtin_prefetch(ahead, 0, 2);
          ahead += job.pace;
        }
        multiply_taps<Arch, splits, Pixels, Vectors>(x, at, weight, sum);
      }
      if constexpr (splits > 1) {
        for (; at < end; ++at, weight += panel) multiply_taps<Arch, 1, Pixels, Vectors>(x, at, weight, sum);
      }
    }
  }
#pragma GCC unroll 64
  for (int i = count; i < splits * count; ++i) sum[i % count] += sum[i];

  const std::ptrdiff_t channels = job.channels;
  float* const out = job.out + to;
  const float* const residual = job.residual != nullptr ? job.residual + to : nullptr;
  if (job.live < Vectors * lanes) {
    registers<float, count * lanes> buffer;
#pragma GCC unroll 64
    for (int i = 0; i < count; ++i) sum[i].store_unaligned(buffer + i * lanes);
    store_partial<Activation, Arch>(Pixels, job.live, buffer, Vectors * lanes, residual, out, job.channels);
    return;
  }
  if (residual != nullptr) {
#pragma GCC unroll 64
    for (int i = 0; i < count; ++i) {
      sum[i] += V::load_unaligned(residual + i / Vectors * channels + i % Vectors * lanes);
    }
  }
#pragma GCC unroll 64
  for (int i = 0; i < count; ++i) {
    Activation::apply(sum[i]).store_unaligned(out + i / Vectors * channels + i % Vectors * lanes);
  }
}

/// One block, whose pixels begin anywhere.
template <class Activation, class Arch, int Pixels, int Vectors, bool Ahead>
[[gnu::noinline]] void convolve_block(const panel_job& job, const float* const* pixels,
                                      std::ptrdiff_t to) noexcept {
  registers<const float*, Pixels> x;
#pragma GCC unroll 64
  for (int p = 0; p < Pixels; ++p) x[p] = pixels[p];
  block_in_registers<Activation, Arch, Pixels, Vectors, Ahead>(job, x, 0, to);
}

/// `blocks` blocks of pixels that lie `step` floats apart, the first at `at`.
template <class Activation, class Arch, int Pixels, int Vectors>
[[gnu::noinline]] void convolve_run(const panel_job& panel, const float* at, std::ptrdiff_t step,
                                    std::ptrdiff_t to, int blocks) noexcept {
  const panel_job job = panel;  // its members stay in registers: nothing stored can be one of them
  registers<const float*, Pixels> x;
#pragma GCC unroll 64
  for (int p = 0; p < Pixels; ++p) x[p] = at + p * step;
  for (std::ptrdiff_t start = 0; blocks > 0; --blocks, start += Pixels * step) {
    block_in_registers<Activation, Arch, Pixels, Vectors, false>(job, x, start, to);
    to += static_cast<std::ptrdiff_t>(Pixels) * job.channels;
  }
}

}  // namespace flexdnn::detail
