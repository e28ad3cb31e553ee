// SPDX-License-Identifier: MIT
// outer_products: sums over pixels of dy times x, which the gradient of a convolution's weights is made of.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <utility>

#include "../kernels/architecture.hpp"

namespace flexdnn {

/// What the rows of a map look like to outer_products: `rows` times `pixels` of them, so many numbers apart.
struct pixel_grid {
  int rows, pixels;
  std::ptrdiff_t row_step, pixel_step;
};

namespace detail {

/// A block of sums that stays in registers: 8 x 3 vectors of 32 registers, 4 x 3 of 16.
template <class T>
struct outer_block {
  static constexpr int lanes =
      tile_of<native>.lanes * static_cast<int>(sizeof(float)) / static_cast<int>(sizeof(T));
  static constexpr int vectors = 3;
  static constexpr int outputs = tile_of<native>.pixels > 6 ? 8 : 4;
  static constexpr int columns = vectors * lanes;
  static constexpr std::size_t bytes = static_cast<std::size_t>(lanes) * sizeof(T);
  /// Never a template argument: there it loses its attribute.
  using vector [[gnu::vector_size(bytes)]] = T;

  /// Adds to the first Outputs rows of sums, of which `live` columns count.
  template <int Outputs>
  static void add(const pixel_grid& x_grid, const T* x, std::ptrdiff_t channels, const T* dy, int live,
                  T* sums, std::ptrdiff_t sum_step) {
    constexpr auto height = static_cast<std::size_t>(Outputs), width = static_cast<std::size_t>(vectors);
    vector sum[height][width] = {};
    for (int r = 0; r < x_grid.rows; ++r, x += x_grid.row_step) {
      const T* pixel = x;
      for (int q = 0; q < x_grid.pixels; ++q, pixel += x_grid.pixel_step, dy += channels) {
        vector v[width];
        for (int j = 0; j < vectors; ++j) std::memcpy(&v[j], pixel + j * lanes, bytes);
        for (int o = 0; o < Outputs; ++o) {
          for (int j = 0; j < vectors; ++j) sum[o][j] += v[j] * dy[o];
        }
      }
    }
    // Unrolled: an index that is no constant would make GCC 12 store all sums at every pixel, 38 GMAC/s.
    T rows[height * width * static_cast<std::size_t>(lanes)];
    for (int o = 0; o < Outputs; ++o) {
      for (int j = 0; j < vectors; ++j) std::memcpy(rows + o * columns + j * lanes, &sum[o][j], bytes);
    }
    for (int o = 0; o < Outputs; ++o) {
      for (int j = 0; j < live; ++j) sums[o * sum_step + j] += rows[o * columns + j];
    }
  }
};

}  // namespace detail

/// sums[o, j] += sum over pixels p of dy[p, o] x[p, j], for o < outputs and j < columns.
/// dy: {pixels, channels}, of which `outputs` are meant; x: each pixel's `columns` numbers, which pixels may
/// share; up to detail::outer_block<T>::columns numbers more are read after the last. Every sum begins at 0
/// and goes through the pixels in order. Cost: pixels outputs columns MACs; no packing.
template <class T>
void outer_products(const pixel_grid& x_grid, const T* x, int columns, std::ptrdiff_t channels, const T* dy,
                    int outputs, T* sums, std::ptrdiff_t sum_step) {
  using block = detail::outer_block<T>;
  const auto rows = [&]<int Outputs>(int first) {
    for (int j = 0; j < columns; j += block::columns) {
      block::template add<Outputs>(x_grid, x + j, channels, dy + first, std::min(columns - j, block::columns),
                                   sums + first * sum_step + j, sum_step);
    }
    return first + Outputs;
  };
  int o = 0;
  while (outputs - o >= block::outputs) o = rows.template operator()<block::outputs>(o);
  while (outputs - o >= 2) o = rows.template operator()<2>(o);
  if (outputs > o) rows.template operator()<1>(o);
}

}  // namespace flexdnn
