// SPDX-License-Identifier: MIT
// simd/depthwise_rows: depthwise convolution by blocks of a row's pixels, with borders by leaving taps out.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "../architecture.hpp"
#include "../convolution.hpp"
#include "../window.hpp"
#include "vector.hpp"

namespace flexdnn::detail {

/// One block of a row: pixels times vectors of channels. Of its inputs, columns [first, last) exist.
struct depthwise_block_shape {
  int window, stride, pixels, vectors, first, last;
};

/// The vectors that fill so many channels wholly. With AVX-512, 8 x 48 x 48 takes 4 us by half vectors and 70
/// channel by channel.
template <class Arch, int Channels>
using whole_vectors = std::conditional_t<Channels % tile_of<simd<Arch>>.lanes == 0, Arch, half_vectors<Arch>>;

/// How the rows of a depthwise convolution are cut: into the fewest blocks, of nearly one size. Of maps whose
/// pixels lie whole multiples of 2 KB apart, L1 holds 16 pixels and a window of 8 outputs reads 30: there a
/// block reads two vectors of a pixel, its whole cache line, at once. 1024 x 7 x 7 takes 31 us so, 36 by
/// single vectors.
struct depthwise_cut {
  convolution c;
  int vectors = c.in.channels % 512 == 0 ? 2 : 1, most = vectors == 2 ? 5 : 8;
  int blocks = (c.out.width + most - 1) / most;

  [[nodiscard]] constexpr int column(int block) const { return c.out.width * block / blocks; }
  [[nodiscard]] constexpr depthwise_block_shape shape(int block) const {
    const int pixels = column(block + 1) - column(block);
    const window there =
        clip(column(block) * c.stride_w - c.padding_w, (pixels - 1) * c.stride_w + c.kernel_w, 1, c.in.width);
    return {c.kernel_w, c.stride_w, pixels, vectors, there.first, there.last};
  }
};

/// Where a block reads: rows of the window that exist, each at the block's first column.
template <int Window>
struct block_rows {
  registers<const float*, Window> at = {};
  int count;
};

/// Outputs of S.pixels pixels of a row. Per kernel row and vector with 8 pixels, a window of 3 and stride 1:
/// 3 loads of weights, 10 of inputs, 24 multiply-adds.
template <class Activation, class Arch, depthwise_block_shape S>
[[gnu::noinline]] void depthwise_row_block(const block_rows<S.window>& rows, const float* bias,
                                           const float* weights, std::ptrdiff_t channels,
                                           const float* residual, float* out,
                                           std::ptrdiff_t out_step) noexcept {
  using V = vector<Arch>;
  constexpr int lanes = tile_of<simd<Arch>>.lanes;
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
        const float* x = rows.at[u] + S.first * channels + k + j * lanes;
#pragma GCC unroll 32
        for (int i = S.first; i < S.last; ++i, x += channels) {
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
        const std::ptrdiff_t to = p * out_step + k + j * lanes;
        if (residual != nullptr) sum[j][p] += V::load_unaligned(residual + to);
        Activation::apply(sum[j][p]).store_unaligned(out + to);
      }
    }
  }
}

/// The kernels of a row's blocks.
template <class Activation, class Arch, convolution C>
inline constexpr auto depthwise_blocks_of = []<int... B>(std::integer_sequence<int, B...>) {
  return std::array{
      &depthwise_row_block<Activation, whole_vectors<Arch, C.in.channels>, depthwise_cut{C}.shape(B)>...};
}
(std::make_integer_sequence<int, depthwise_cut{C}.blocks>{});

/// C: the whole layer; c: it, or some rows of it. Blocks go down eight rows before the next block of each
/// row: their inputs are then in L1 for all rows of the window, 128 x 56 x 56 takes 128 us and not 135.
template <class Activation, convolution C, class Arch>
void depthwise_rows(const convolution& c, const float* in, const float* packed, const float* residual,
                    float* out, simd<Arch>) noexcept {
  constexpr int band = 8, window_size = C.kernel_w;
  constexpr depthwise_cut cut{C};
  const std::ptrdiff_t channels = c.in.channels, row_floats = c.in.width * channels;
  for (int first = 0; first < c.out.height; first += band) {
    const int last = std::min(first + band, c.out.height);
    for (int block = 0; block < cut.blocks; ++block) {
      const int column = cut.column(block);
      const std::ptrdiff_t left = (column * C.stride_w - C.padding_w) * channels;
      for (int row = first; row < last; ++row) {
        const int top = row * C.stride_h - c.padding_h;
        const window there = clip(top, window_size, 1, c.in.height);
        block_rows<window_size> rows{.count = there.last - there.first};
        for (int u = 0; u < rows.count; ++u) {
          rows.at[u] = in + (top + there.first + u) * row_floats + left;
        }
        const std::ptrdiff_t to = (static_cast<std::ptrdiff_t>(row) * c.out.width + column) * c.out_step();
        depthwise_blocks_of<Activation, Arch, C>[static_cast<std::size_t>(block)](
            rows, packed, packed + (1 + there.first * window_size) * channels, channels,
            residual != nullptr ? residual + to : nullptr, out + to, c.out_step());
      }
    }
  }
}

}  // namespace flexdnn::detail
