// SPDX-License-Identifier: MIT
// pool: maximum and average over windows, and the average over the whole map.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>

#include "../core/shape.hpp"
#include "activate.hpp"
#include "window.hpp"

namespace flexdnn {

/// Windows of a pooling layer; in.channels == out.channels.
struct pooling {
  shape in;
  shape out;
  int kernel_h = 1, kernel_w = 1;
  int stride_h = 1, stride_w = 1;
  int padding_h = 0, padding_w = 0;  ///< above and to the left; what is below and to the right follows
  int beyond_h = 0, beyond_w = 0;    ///< how far the last window reaches past the padded input (ceil mode)
  bool count_padding = true;         ///< averages divide by the padding's pixels too

  /// Floats from pixel to pixel of the output.
  [[nodiscard]] constexpr int out_step() const { return out.channels; }
  /// What the sum of window (row, column) is divided by for its average.
  [[nodiscard]] constexpr int divisor(int row, int column) const {
    if (!count_padding) {
      const detail::window rows = detail::clip(row * stride_h - padding_h, kernel_h, 1, in.height);
      const detail::window columns = detail::clip(column * stride_w - padding_w, kernel_w, 1, in.width);
      return (rows.last - rows.first) * (columns.last - columns.first);
    }
    return (kernel_h - (row + 1 == out.height ? beyond_h : 0)) *
           (kernel_w - (column + 1 == out.width ? beyond_w : 0));
  }

  friend constexpr bool operator==(const pooling&, const pooling&) = default;
};

namespace detail {

/// Folds every window's pixels inside the input: out[r,c,ch] = combine(out[r,c,ch], x) from `start` on.
template <class Combine>
void pool(const pooling& p, const float* in, float start, Combine combine, float* out) noexcept {
  const int channels = p.in.channels;
  for (int row = 0; row < p.out.height; ++row) {
    const int top = row * p.stride_h - p.padding_h;
    const window rows = clip(top, p.kernel_h, 1, p.in.height);
    for (int column = 0; column < p.out.width; ++column, out += channels) {
      const int left = column * p.stride_w - p.padding_w;
      const window columns = clip(left, p.kernel_w, 1, p.in.width);
      std::fill_n(out, channels, start);
      for (int u = rows.first; u < rows.last; ++u) {
        for (int v = columns.first; v < columns.last; ++v) {
          const std::ptrdiff_t pixel = static_cast<std::ptrdiff_t>(top + u) * p.in.width + left + v;
          const float* const x = in + pixel * channels;
          each(static_cast<std::size_t>(channels),
               [=](std::size_t ch) { out[ch] = combine(out[ch], x[ch]); });
        }
      }
    }
  }
}

}  // namespace detail

/// y[c,r,q] = max_{u,v} x[c, s_h r + u - p_h, s_w q + v - p_w]; padding is -infinity, and a NaN in the
/// window is the result, as in PyTorch. `in` and `out` do not overlap.
inline void max_pool(const pooling& p, const float* in, float* out) noexcept {
  const auto larger = [](float most, float x) { return x > most || x != x ? x : most; };
  detail::pool(p, in, -std::numeric_limits<float>::infinity(), larger, out);
}

/// y[c,r,q] = sum_{u,v} x[c, s_h r + u - p_h, s_w q + v - p_w] / p.divisor(r, q); padding is 0. `in` and
/// `out` do not overlap.
inline void average_pool(const pooling& p, const float* in, float* out) noexcept {
  detail::pool(
      p, in, 0.0f, [](float sum, float x) { return sum + x; }, out);
  for (int row = 0; row < p.out.height; ++row) {
    for (int column = 0; column < p.out.width; ++column, out += p.out.channels) {
      const float share = 1.0f / static_cast<float>(p.divisor(row, column));
      for (int c = 0; c < p.out.channels; ++c) out[c] *= share;
    }
  }
}

/// y[c] = mean of channel c over all pixels; out holds in.channels floats. Rows are summed apart: the
/// rounding error grows with height + width, not with their product.
inline void average_pixels(const shape& in, const float* x, float* out) noexcept {
  constexpr int chunk = 16;
  const float share = 1.0f / static_cast<float>(in.pixels());
  for (int first = 0; first < in.channels; first += chunk) {
    const int live = std::min(chunk, in.channels - first);
    float total[chunk] = {};
    for (int row = 0; row < in.height; ++row) {
      float sum[chunk] = {};
      const float* pixel = x + static_cast<std::ptrdiff_t>(row) * in.width * in.channels + first;
      for (int column = 0; column < in.width; ++column, pixel += in.channels) {
        for (int c = 0; c < live; ++c) sum[c] += pixel[c];
      }
      for (int c = 0; c < live; ++c) total[c] += sum[c];
    }
    for (int c = 0; c < live; ++c) out[first + c] = total[c] * share;
  }
}

}  // namespace flexdnn
