// SPDX-License-Identifier: MIT
// simd/depthwise_rows: depthwise convolution row by row, from bordered copies of the rows of a window.
#pragma once

#include <algorithm>
#include <cstddef>

#include "../architecture.hpp"
#include "../convolution.hpp"
#include "../window.hpp"
#include "vector.hpp"

namespace flexdnn::detail {

/// The input rows of a window, each as strips of channels that fill a cache line or two vectors:
/// [strip][row % Window][column][channel], zeros around them. Maps of 512 channels have pixels 2 KB apart, of
/// which L1 holds 16: read where they lie, they reach 14 % of peak.
template <class Arch, int Window, int Strip>
class row_window {
 public:
  row_window(const convolution& c, const float* in, float* scratch) noexcept
      : c_(c), in_(in), scratch_(scratch), row_floats_(c.bordered_width() * Strip), next_(-c.padding_h) {
    if constexpr (Strip > 0) {
      const int left = c.padding_w * Strip, inner = c.in.width * Strip;
      const std::ptrdiff_t rows = static_cast<std::ptrdiff_t>(Window) * c.in.channels / Strip;
      for (std::ptrdiff_t row = 0; row < rows; ++row, scratch += row_floats_) {
        std::fill_n(scratch, left, 0.0f);
        std::fill_n(scratch + left + inner, row_floats_ - left - inner, 0.0f);
      }
    }
  }

  /// Copies rows up to `number`, which rises from call to call; the Window - 1 before it are kept.
  void copy_until(int number) noexcept {
    using V = vector<Arch>;
    constexpr int lanes = tile_of<simd<Arch>>.lanes;
    for (; next_ <= number; ++next_) {
      const bool there = next_ >= 0 && next_ < c_.in.height;
      const float* from = in_;
      if (there) from += static_cast<std::ptrdiff_t>(next_) * c_.in.width * c_.in.channels;
      float* pixel = slot(next_) + c_.padding_w * Strip;
      for (int column = 0; column < c_.in.width; ++column, pixel += Strip) {
        float* to = pixel;
        for (int k = 0; k < c_.in.channels; k += Strip, to += strip_floats()) {
#pragma GCC unroll 2
          for (int v = 0; v < Strip; v += lanes, from += lanes) {
            (there ? V::load_unaligned(from) : V(0.0f)).store_unaligned(to + v);
          }
        }
      }
    }
  }

  [[nodiscard]] std::ptrdiff_t strip_floats() const noexcept { return Window * row_floats_; }
  [[nodiscard]] float* slot(int number) const noexcept {
    return scratch_ + (number + c_.padding_h) % Window * row_floats_;
  }

 private:
  const convolution& c_;
  const float* in_;
  float* scratch_;
  std::ptrdiff_t row_floats_;
  int next_;
};

/// Where a block reads: rows of the window that exist, each at the block's first column.
template <int Window>
struct block_rows {
  registers<const float*, Window> at = {};
  int count;
  window columns;               ///< of the block's inputs, those that exist
  std::ptrdiff_t strip_floats;  ///< from strip to strip
};

/// Pixels outputs of a row; those before `skip` are there already. Strip 0: inputs lie in the map itself,
/// channels apart. Per kernel row and vector with 8 pixels, a window of 3 and stride 1: 3 loads of weights,
/// 10 of inputs, 24 multiply-adds.
template <class Activation, class Arch, int Window, int Stride, int Pixels, int Strip>
[[gnu::noinline]] void depthwise_row_block(const block_rows<Window>& rows, const float* bias,
                                           const float* weights, std::ptrdiff_t channels, int skip,
                                           const float* residual, float* out,
                                           std::ptrdiff_t out_step) noexcept {
  using V = vector<Arch>;
  constexpr int lanes = tile_of<simd<Arch>>.lanes;
  constexpr int inputs = (Pixels - 1) * Stride + Window;
  const std::ptrdiff_t step = Strip > 0 ? Strip : channels;
  std::ptrdiff_t offset = 0;
  for (std::ptrdiff_t k = 0; k < channels; k += lanes) {
    registers<V, Pixels> sum;
#pragma GCC unroll 8
    for (int p = 0; p < Pixels; ++p) sum[p] = V::load_unaligned(bias + k);
    const float* weight = weights + k;
#pragma GCC unroll 1
    for (int u = 0; u < rows.count; ++u) {
      registers<V, Window> factor;
#pragma GCC unroll 8
      for (int v = 0; v < Window; ++v, weight += channels) factor[v] = V::load_unaligned(weight);
      const float* x = rows.at[u] + offset;
#pragma GCC unroll 32
      for (int i = 0; i < inputs; ++i, x += step) {
        if (Strip == 0 && (i < rows.columns.first || i >= rows.columns.last)) continue;
        const V value = V::load_unaligned(x);
#pragma GCC unroll 8
        for (int p = 0; p < Pixels; ++p) {
          const int v = i - p * Stride;
          if (v >= 0 && v < Window) sum[p] = multiply_add<Arch>(value, factor[v], sum[p]);
        }
      }
    }
    offset += lanes;
    if (Strip > 0 && offset % Strip == 0) offset += rows.strip_floats - Strip;
#pragma GCC unroll 8
    for (int p = 0; p < Pixels; ++p) {
      if (p < skip) continue;
      const std::ptrdiff_t to = p * out_step + k;
      if (residual != nullptr) sum[p] += V::load_unaligned(residual + to);
      Activation::apply(sum[p]).store_unaligned(out + to);
    }
  }
}

/// Strip: channels of a strip, or 0 where rows are read in place.
template <class Activation, int Window, int Stride, int Pixels, int Strip, class Arch>
void depthwise_rows(const convolution& c, const float* in, const float* packed, const float* residual,
                    float* out, float* scratch, simd<Arch>) noexcept {
  const std::ptrdiff_t channels = c.in.channels;
  constexpr int inputs = (Pixels - 1) * Stride + Window;
  [[maybe_unused]] row_window<Arch, Window, Strip> copies(c, in, scratch);
  for (int row = 0; row < c.out.height; ++row) {
    const int top = row * Stride - c.padding_h;
    const window there = clip(top, Window, 1, c.in.height);
    if constexpr (Strip > 0) copies.copy_until(top + Window - 1);
    for (int done = 0; done < c.out.width; done += Pixels) {
      const int column = std::min(done, c.out.width - Pixels), left = column * Stride - c.padding_w;
      block_rows<Window> rows{.count = Strip > 0 ? Window : there.last - there.first,
                              .columns = clip(left, inputs, 1, c.in.width),
                              .strip_floats = copies.strip_floats()};
      for (int u = 0; u < rows.count; ++u) {
        if constexpr (Strip > 0) {
          rows.at[u] = copies.slot(top + u) + column * Stride * Strip;
        } else {
          rows.at[u] =
              in + (static_cast<std::ptrdiff_t>(top + there.first + u) * c.in.width + left) * channels;
        }
      }
      const int above = Strip > 0 ? 0 : there.first;
      const std::ptrdiff_t to = (static_cast<std::ptrdiff_t>(row) * c.out.width + column) * c.out_step();
      depthwise_row_block<Activation, Arch, Window, Stride, Pixels, Strip>(
          rows, packed, packed + (1 + above * Window) * channels, channels, done - column,
          residual != nullptr ? residual + to : nullptr, out + to, c.out_step());
    }
  }
}

}  // namespace flexdnn::detail
