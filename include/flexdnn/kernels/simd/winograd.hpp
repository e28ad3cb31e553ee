// SPDX-License-Identifier: MIT
// simd/winograd: 3x3 convolution by F(m,3): tiles are transformed, multiplied by points, brought back.
#pragma once

#include <algorithm>
#include <cstddef>

#include "../activate.hpp"
#include "../architecture.hpp"
#include "../winograd.hpp"
#include "convolve.hpp"
#include "store_live.hpp"
#include "toom_cook.hpp"

namespace flexdnn::detail {

/// The patch of one tile and vector of channels, transformed: to[point * point_step]. What lies outside the
/// input (where Inside is false) counts as 0. Each of 2 n columns and rows, F(4,3): 6 loads, 7 multiply-adds,
/// 6 sums, 6 stores; F(2,3): 4 loads, 4 sums, 4 stores. None spills (GCC 12, AVX2 and AVX-512).
template <class F, class Arch, bool Inside>
[[gnu::always_inline]] inline void transform_patch(const tile_place& at, const float* patch,
                                                   std::ptrdiff_t row_step, std::ptrdiff_t pixel_step,
                                                   float* to, std::ptrdiff_t point_step) noexcept {
  using V = vector<Arch>;
  constexpr int n = F::points;
  registers<V, n * n> half;
#pragma GCC unroll 1
  for (int j = 0; j < n; ++j) {
    registers<V, n> x;
#pragma GCC unroll 8
    for (int i = 0; i < n; ++i) {
      if constexpr (Inside) {
        x[i] = V::load_unaligned(patch + i * row_step + j * pixel_step);
      } else {
        const bool there =
            i >= at.rows.first && i < at.rows.last && j >= at.columns.first && j < at.columns.last;
        x[i] = there ? V::load_unaligned(patch + i * row_step + j * pixel_step) : V(0.0f);
      }
    }
    transform_input<Arch, F, n>(x, half + j);
  }
#pragma GCC unroll 1
  for (int i = 0; i < n; ++i, to += n * point_step) {
    registers<V, n> x;
    transform_input<Arch, F, 1>(half + i * n, x);
#pragma GCC unroll 8
    for (int j = 0; j < n; ++j) x[j].store_unaligned(to + j * point_step);
  }
}

template <class F, class Arch>
[[gnu::noinline]] void transform_tiles(const convolution& c, const float* in, int first, int count, float* to,
                                       std::ptrdiff_t point_step) noexcept {
  constexpr int lanes = tile_of<simd<Arch>>.lanes;
  const std::ptrdiff_t channels = c.in.channels, row_step = c.in.width * channels;
  for (int t = 0; t < count; ++t, to += channels) {
    const tile_place at = tile_place::of(c, F{}, first + t);
    const float* const patch = in + (at.row - c.padding_h) * row_step + (at.column - c.padding_w) * channels;
    const bool inside = at.rows.first == 0 && at.rows.last == F::points && at.columns.first == 0 &&
                        at.columns.last == F::points;
    for (std::ptrdiff_t next = 0; next < channels; next += lanes) {
      const std::ptrdiff_t k =
          std::min(next, channels - lanes);  // the last vector may overlap the one before
      if (inside) {
        transform_patch<F, Arch, true>(at, patch + k, row_step, channels, to + k, point_step);
      } else {
        transform_patch<F, Arch, false>(at, patch + k, row_step, channels, to + k, point_step);
      }
    }
  }
}

/// The products of one tile and vector of channels, transformed back: residual and activation, stored. Each
/// column, F(4,3): 6 loads, 3 multiply-adds, 7 sums, 4 stores; F(2,3): 4 loads, 4 sums, 2 stores. Each row
/// with a residual and relu: 4 or 2 loads and sums and as many maxima more. None spills.
template <class Activation, class F, class Arch, bool Whole>
[[gnu::always_inline]] inline void finish_tile(const tile_place& at, const float* products,
                                               std::ptrdiff_t step, const float* residual, float* out,
                                               std::ptrdiff_t row_step, std::ptrdiff_t pixel_step) noexcept {
  using V = vector<Arch>;
  constexpr int n = F::points, m = F::outputs;
  registers<V, m * n> half;
#pragma GCC unroll 1
  for (int j = 0; j < n; ++j) {
    registers<V, n> x;
#pragma GCC unroll 8
    for (int i = 0; i < n; ++i) x[i] = V::load_unaligned(products + (i * n + j) * step);
    transform_output<Arch, F, n>(x, half + j);
  }
#pragma GCC unroll 1
  for (int i = 0; i < (Whole ? m : at.out_rows); ++i) {
    registers<V, m> y;
    transform_output<Arch, F, 1>(half + i * n, y);
    const std::ptrdiff_t row = i * row_step;
#pragma GCC unroll 8
    for (int j = 0; j < m; ++j) {
      if (!Whole && j >= at.out_columns) break;
      const std::ptrdiff_t to = row + j * pixel_step;
      if (residual != nullptr) y[j] += V::load_unaligned(residual + to);
      Activation::apply(y[j]).store_unaligned(out + to);
    }
  }
}

/// Of fewer channels than a vector's, by way of a buffer.
template <class Activation, class F, class Arch>
[[gnu::noinline]] void finish_few(const tile_place& at, const float* products, std::ptrdiff_t step, int live,
                                  const float* residual, float* out, std::ptrdiff_t row_step,
                                  std::ptrdiff_t pixel_step) noexcept {
  constexpr int m = F::outputs, lanes = tile_of<simd<Arch>>.lanes;
  registers<float, m * m * lanes> sums;
  finish_tile<identity, F, Arch, true>(at, products, step, nullptr, sums, m * lanes, lanes);
#pragma GCC unroll 1
  for (int i = 0; i < at.out_rows; ++i) {
#pragma GCC unroll 1
    for (int j = 0; j < at.out_columns; ++j) {
      const std::ptrdiff_t to = i * row_step + j * pixel_step;
      store_live<Activation, Arch>(live, sums + (i * m + j) * lanes,
                                   residual != nullptr ? residual + to : nullptr, out + to);
    }
  }
}

template <class Activation, class F, class Arch>
[[gnu::noinline]] void finish_tiles(const convolution& c, const float* products, int first, int count,
                                    std::ptrdiff_t point_step, int live, const float* residual,
                                    float* out) noexcept {
  constexpr int lanes = tile_of<simd<Arch>>.lanes, panel = tile_of<simd<Arch>>.panel();
  const std::ptrdiff_t channels = c.out_step(), row_step = c.out.width * channels;
  for (int t = 0; t < count; ++t, products += panel) {
    const tile_place at = tile_place::of(c, F{}, first + t);
    const std::ptrdiff_t to = at.row * row_step + at.column * channels;
    const bool whole = at.out_rows == F::outputs && at.out_columns == F::outputs;
    for (int k = 0; k < live; k += lanes) {
      const float* const added = residual != nullptr ? residual + to + k : nullptr;
      if (live - k < lanes) {
        finish_few<Activation, F, Arch>(at, products + k, point_step, live - k, added, out + to + k, row_step,
                                        channels);
      } else if (whole) {
        finish_tile<Activation, F, Arch, true>(at, products + k, point_step, added, out + to + k, row_step,
                                               channels);
      } else {
        finish_tile<Activation, F, Arch, false>(at, products + k, point_step, added, out + to + k, row_step,
                                                channels);
      }
    }
  }
}

/// Blocks of tiles; their transformed inputs stay in L2 while panel after panel of weights goes by once.
template <class Activation, int Outputs, bool Ahead, class Arch>
void winograd(const convolution& c, const float* in, const float* packed, const float* residual, float* out,
              float* scratch, simd<Arch>) noexcept {
  using F = toom_cook<Outputs>;
  constexpr tile t = tile_of<simd<Arch>>;
  constexpr int squared = F::points * F::points;
  const winograd_blocks blocks(c, Outputs);
  // [point][tile][channel], and so are the products of a panel: for each point a pointwise convolution whose
  // pixels are tiles.
  const std::ptrdiff_t in_step = blocks.point_step(c.in.channels), out_step = blocks.point_step(t.panel());
  float* const products = scratch + squared * in_step;
  convolution product{.in = {c.in.channels, 1, blocks.most}, .out = {t.panel(), 1, blocks.most}};
  for (int first = 0; first < blocks.tiles; first += blocks.most) {
    const int count = std::min(blocks.most, blocks.tiles - first);
    product.in.width = product.out.width = count;
    if (c.in.channels >= t.lanes) {
      transform_tiles<F, Arch>(c, in, first, count, scratch, in_step);
    } else {
      transform_tiles<F, half_vectors<Arch>>(c, in, first, count, scratch, in_step);
    }
    const float* weight = packed;
    for (int channel = 0; channel < c.out.channels; channel += t.panel()) {
      const int live = std::min(t.panel(), c.out.channels - channel);
      for (int point = 0; point < squared; ++point) {
        const panel_job job{.taps = {1, 1, 0, 0, c.in.channels},
                            .packed = weight,
                            .residual = nullptr,
                            .out = products + point * out_step,
                            .channels = t.panel(),
                            .live = live > t.lanes ? t.panel() : t.lanes};
        const band_view tiles{scratch + point * in_step, 0, 1};
        if (live > t.lanes) {
          convolve_panel<identity, Arch, 2, Ahead>(product, tiles, job);
        } else {
          convolve_panel<identity, Arch, 1, Ahead>(product, tiles, job);
        }
        weight += t.panel() * (c.in.channels + 1);
      }
      finish_tiles<Activation, F, Arch>(c, products, first, count, out_step, live,
                                        residual != nullptr ? residual + channel : nullptr, out + channel);
    }
  }
}

}  // namespace flexdnn::detail
