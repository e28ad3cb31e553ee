// SPDX-License-Identifier: MIT
// scalar/winograd: the twin of simd/winograd, one tile after the other by plain loops over the matrices.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "../architecture.hpp"
#include "../winograd.hpp"

namespace flexdnn::detail {

/// left x left^T for a matrix of R rows: x is n x n, to R x R, elements of x and to `step` floats apart.
template <std::size_t R, std::size_t N>
void transform_both_ways(const std::array<std::array<double, N>, R>& left, const float* x,
                         std::ptrdiff_t x_step, float* to, std::ptrdiff_t to_step) noexcept {
  float half[R][N];
  for (std::size_t i = 0; i < R; ++i) {
    for (std::size_t j = 0; j < N; ++j) {
      float sum = 0;
      for (std::size_t k = 0; k < N; ++k) {
        sum += static_cast<float>(left[i][k]) * x[static_cast<std::ptrdiff_t>(k * N + j) * x_step];
      }
      half[i][j] = sum;
    }
  }
  for (std::size_t i = 0; i < R; ++i) {
    for (std::size_t j = 0; j < R; ++j) {
      float sum = 0;
      for (std::size_t k = 0; k < N; ++k) sum += static_cast<float>(left[j][k]) * half[i][k];
      to[static_cast<std::ptrdiff_t>(i * R + j) * to_step] = sum;
    }
  }
}

/// The transformed inputs of one tile: to[point * channels + channel].
template <class F>
void transform_tile(const convolution& c, const tile_place& at, const float* in, float* to) noexcept {
  constexpr int n = F::points;
  const int channels = c.in.channels;
  for (int k = 0; k < channels; ++k) {
    registers<float, n* n> patch = {};
    for (int i = at.rows.first; i < at.rows.last; ++i) {
      for (int j = at.columns.first; j < at.columns.last; ++j) {
        const std::ptrdiff_t pixel =
            static_cast<std::ptrdiff_t>(at.row - c.padding_h + i) * c.in.width + at.column - c.padding_w + j;
        patch[i * n + j] = in[pixel * channels + k];
      }
    }
    transform_both_ways(F::input, patch, 1, to + k, channels);
  }
}

template <class Activation, int Outputs, bool /*Ahead*/>
void winograd(const convolution& c, const float* in, const float* packed, const float* residual, float* out,
              float* scratch, scalar) noexcept {
  using F = toom_cook<Outputs>;
  constexpr int panel = tile_of<scalar>.panel(), points = F::points * F::points;
  float* const products = scratch + points * c.in.channels;
  for (int t = 0; t < winograd_blocks(c, Outputs).tiles; ++t) {
    const tile_place at = tile_place::of(c, F{}, t);
    transform_tile<F>(c, at, in, scratch);
    const float* weight = packed;
    for (int first = 0; first < c.out.channels; first += panel) {
      for (int p = 0; p < points; ++p) {
        float* const sum = products + p * panel;
        std::copy_n(weight, panel, sum);
        weight += panel;
        for (int k = 0; k < c.in.channels; ++k, weight += panel) {
          for (int o = 0; o < panel; ++o) sum[o] += scratch[p * c.in.channels + k] * weight[o];
        }
      }
      for (int o = first; o < std::min(first + panel, c.out.channels); ++o) {
        registers<float, Outputs * Outputs> y;
        transform_both_ways(F::output, products + o - first, panel, y, 1);
        for (int i = 0; i < at.out_rows; ++i) {
          for (int j = 0; j < at.out_columns; ++j) {
            const std::ptrdiff_t pixel =
                static_cast<std::ptrdiff_t>(at.row + i) * c.out.width + at.column + j;
            const std::ptrdiff_t to = pixel * c.out_step() + o;
            const float sum = y[i * Outputs + j];
            out[to] = Activation::apply(residual != nullptr ? sum + residual[to] : sum);
          }
        }
      }
    }
  }
}

}  // namespace flexdnn::detail
