// SPDX-License-Identifier: MIT
// peak: the fused multiply-adds that one core can do, measured where and when a benchmark runs.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <flexdnn/kernels/architecture.hpp>
#include <type_traits>

#ifndef FLEXDNN_NO_SIMD
#include <flexdnn/kernels/simd/vector.hpp>
#endif

namespace flexdnn::bench {

[[nodiscard]] inline double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

inline constexpr int peak_taps = 128;  // 8 KB of weights with AVX2: everything stays in L1

inline constexpr int peak_panels = 4;  // pixels of the scalar peak

#ifndef FLEXDNN_NO_SIMD
/// A full register tile fed from L1, `peak_taps` taps: the loop that every dense kernel aims at.
template <class Arch>
[[gnu::noinline]] void peak_tile(simd<Arch>, const float* x, const float* w, float* out) {
  using V = detail::vector<Arch>;
  constexpr tile t = tile_of<simd<Arch>>;
  constexpr int count = t.pixels * t.vectors;
  detail::registers<V, count> sum;
#pragma GCC unroll 64
  for (int i = 0; i < count; ++i) sum[i] = V(0.0f);
  for (int tap = 0; tap < peak_taps; ++tap, w += t.panel()) {
    detail::registers<V, t.vectors> factor;
#pragma GCC unroll 64
    for (int k = 0; k < t.vectors; ++k) factor[k] = V::load_unaligned(w + k * t.lanes);
#pragma GCC unroll 64
    for (int p = 0; p < t.pixels; ++p) {
      const V value(x[p * peak_taps + tap]);
#pragma GCC unroll 64
      for (int k = 0; k < t.vectors; ++k) {
        V& total = sum[p * t.vectors + k];
        total = detail::multiply_add<Arch>(value, factor[k], total);
      }
    }
  }
#pragma GCC unroll 64
  for (int i = 0; i < count; ++i) sum[i].store_unaligned(out + i * t.lanes);
}
#endif

/// Several panels side by side, because one has too few sums to fill a pipeline.
[[gnu::noinline]] inline void peak_tile(scalar, const float* x, const float* w, float* out) {
  constexpr int panel = tile_of<scalar>.panel();
  float sum[peak_panels][panel] = {};
  for (int tap = 0; tap < peak_taps; ++tap, w += panel) {
#pragma GCC unroll 4
    for (int p = 0; p < peak_panels; ++p) {
#pragma GCC unroll detail::panel_unrolling
      for (int o = 0; o < panel; ++o) sum[p][o] += x[p * peak_taps + tap] * w[o];
    }
  }
  std::copy_n(&sum[0][0], peak_panels * panel, out);
}

/// GFLOP/s of one core (a multiply-add counts 2), the best of several runs of about 0.5 ms.
[[nodiscard]] inline double peak_gflops(int runs = 5) {
  constexpr tile t = tile_of<native>;
  constexpr int pixels = std::max(t.pixels, peak_panels);
  constexpr int sums = std::is_same_v<native, scalar> ? peak_panels * t.panel() : t.pixels * t.panel();
  constexpr int calls = 2000;
  alignas(64) static float x[pixels * peak_taps];
  alignas(64) static float w[t.panel() * peak_taps];
  alignas(64) static float out[sums];
  double best = 0;
  for (int run = 0; run < runs; ++run) {
    const double start = seconds();
    for (int call = 0; call < calls; ++call) {
      peak_tile(native{}, x, w, out);
      asm volatile("" : : : "memory");
    }
    const double flops = 2.0 * sums * peak_taps * calls;
    best = std::max(best, flops / (seconds() - start) * 1e-9);
  }
  return best;
}

}  // namespace flexdnn::bench
