// SPDX-License-Identifier: MIT
// convolution: the one description of every linear layer (conv2d, depthwise, dense) that kernels,
// packing and planning share, and the layout of its packed weights.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "../core/shape.hpp"

namespace flexdnn {

/// How a convolution is computed.
enum class algorithm : std::uint8_t {
  direct,     ///< blocks of pixels by panels of output channels; 1x1 and dense are its matrix product
  winograd2,  ///< F(m,3) x F(m,3) of m = 2, 4 or 6 outputs: 3x3 with stride and dilation 1, one group
  winograd4,
  winograd6,
  depthwise_rows,  ///< windows of 3x3 or 5x5 over whole vectors of channels; direct serves other depthwise
                   ///< layers
};

/// m of F(m,3); 0: no Winograd.
[[nodiscard]] constexpr int tile_outputs(algorithm a) {
  return a == algorithm::winograd2 ? 2 : a == algorithm::winograd4 ? 4 : a == algorithm::winograd6 ? 6 : 0;
}

/// y[o,r,c] = b[o] + sum_{i,u,v} w[o,i,u,v] x[i, s_h r + d_h u - p_h, s_w c + d_w v - p_w]
/// over the in.channels / groups input channels of o's group. A dense layer is the case {n,1,1}. Padding
/// above and to the left is given; what windows read below and to the right of the input follows from `out`.
struct convolution {
  shape in;
  shape out;
  int kernel_h = 1, kernel_w = 1;
  int stride_h = 1, stride_w = 1;
  int padding_h = 0, padding_w = 0;
  int dilation_h = 1, dilation_w = 1;
  int groups = 1;
  algorithm how = algorithm::direct;
  int pitch = 0;          ///< floats from pixel to pixel where it writes; 0: out.channels. More: no residual
  bool streamed = false;  ///< its packed weights come from beyond the caches: kernels fetch them ahead

  /// Inputs that one output sums over, and those of one kernel row.
  [[nodiscard]] constexpr int group_inputs() const { return in.channels / groups; }
  [[nodiscard]] constexpr int group_outputs() const { return out.channels / groups; }
  [[nodiscard]] constexpr int taps() const { return kernel_h * kernel_w * group_inputs(); }
  [[nodiscard]] constexpr bool depthwise() const { return groups == in.channels && groups == out.channels; }
  [[nodiscard]] constexpr int out_step() const { return pitch > 0 ? pitch : out.channels; }
  [[nodiscard]] constexpr int reach_h() const { return (kernel_h - 1) * dilation_h + 1; }
  [[nodiscard]] constexpr int reach_w() const { return (kernel_w - 1) * dilation_w + 1; }
  /// Zeros to the right of an input row in its bordered copy: at least as many as to the left.
  [[nodiscard]] constexpr int border_right() const {
    return std::max(padding_w, (out.width - 1) * stride_w + reach_w() - padding_w - in.width);
  }
  [[nodiscard]] constexpr int bordered_width() const { return padding_w + in.width + border_right(); }
  /// Whether a window reads past the input.
  [[nodiscard]] constexpr bool padded() const {
    return padding_h > 0 || border_right() > 0 ||
           (out.height - 1) * stride_h + reach_h() - padding_h > in.height;
  }
  [[nodiscard]] constexpr bool pointwise() const {
    return kernel_h == 1 && kernel_w == 1 && stride_h == 1 && stride_w == 1 && !padded();
  }
  [[nodiscard]] constexpr std::uint64_t macs() const {
    return static_cast<std::uint64_t>(out.size()) * static_cast<std::uint64_t>(taps());
  }

  friend constexpr bool operator==(const convolution&, const convolution&) = default;
};

[[nodiscard]] constexpr convolution computed(convolution c, algorithm how) {
  c.how = how;
  return c;
}

/// Register tile of an architecture; the packed layout depends on it alone, so that one machine
/// can pack for another.
struct tile {
  int lanes = 1;          ///< floats in a vector
  int vectors = 2;        ///< vectors of output channels in a panel
  int pixels = 6;         ///< output pixels a micro-kernel computes at once
  bool winograd = false;  ///< there are kernels for it, and they may be chosen

  [[nodiscard]] constexpr int panel() const { return lanes * vectors; }
  friend constexpr bool operator==(const tile&, const tile&) = default;
};

/// Packed weights of one convolution, in floats, for a tile with panel P = lanes * vectors:
///   depthwise: bias[C], then w[u][v][C];
///   direct: per group, per panel of P output channels (the last one zero-filled): bias[P], then
///   w[u][v][i][P]; Winograd: per panel, per point of the n x n (n = m + 2) of a tile: bias[P], then w[i][P],
///   transformed. The bias stands at point (1,1), which reaches every output with factor 1; elsewhere 0.
[[nodiscard]] constexpr std::size_t packed_size(const convolution& c, const tile& t) {
  if (c.depthwise()) {
    return static_cast<std::size_t>(c.in.channels) * static_cast<std::size_t>(c.taps() + 1);
  }
  const int panels = (c.group_outputs() + t.panel() - 1) / t.panel();
  const int n = tile_outputs(c.how) + 2;
  const int numbers = c.how == algorithm::direct ? c.taps() + 1 : n * n * (c.in.channels + 1);
  return static_cast<std::size_t>(c.groups) * static_cast<std::size_t>(panels) *
         static_cast<std::size_t>(t.panel()) * static_cast<std::size_t>(numbers);
}

/// Output rows computed from one zero-bordered copy of their input rows. The copy stays near 24 KB, so
/// that it sits in L1 beside a panel of weights, but feeds at least 48 pixels, because every band reads
/// all weights again: 512 x 7 x 7 runs at 0.84 of peak with that rule and at 0.53 without.
[[nodiscard]] constexpr int band_rows(const convolution& c) {
  constexpr int budget = 24 * 1024 / static_cast<int>(sizeof(float));
  constexpr int least_pixels = 48;
  const int row = c.bordered_width() * c.in.channels;
  const int overlap = c.reach_h() - c.stride_h;
  const int rows = (budget / std::max(row, 1) - overlap) / c.stride_h;
  const int least = (least_pixels + c.out.width - 1) / std::max(c.out.width, 1);
  return std::min(std::max({rows, least, c.in.channels < 8 ? 4 : 1}), c.out.height);
}

/// Tiles of a Winograd convolution that are transformed together. 192 KB of transformed inputs leave room in
/// an L2 of 512 KB for products and weights; fewer than 24 tiles would read weights from L3 faster than it
/// gives them (64 / 24 bytes a cycle of multiply-adds).
struct winograd_blocks {
  int tiles;  ///< of the whole map
  int most;   ///< in a block

  constexpr winograd_blocks(const convolution& c, int outputs) {
    const int n = outputs + 2;
    tiles = ((c.out.height + outputs - 1) / outputs) * ((c.out.width + outputs - 1) / outputs);
    const int fit = std::max(24, 48 * 1024 / (n * n * c.in.channels));
    const int blocks = (tiles + fit - 1) / fit;
    most = (tiles + blocks - 1) / blocks;
  }

  /// Floats from point to point of what a block has transformed, `channels` a tile. A cache line between
  /// them: 4 KB from point to point, 16 x 32 x 32 takes 47 us, and 24 with it.
  [[nodiscard]] constexpr int point_step(int channels) const { return most * channels + 16; }
};

/// Floats of scratch that a direct convolution needs: the zero-bordered band, where there is padding.
[[nodiscard]] constexpr std::size_t scratch_size(const convolution& c) {
  if (c.depthwise() || !c.padded()) return 0;
  const int rows = (band_rows(c) - 1) * c.stride_h + c.reach_h();
  return static_cast<std::size_t>(rows) * static_cast<std::size_t>(c.bordered_width()) *
         static_cast<std::size_t>(c.in.channels);
}

/// Floats of scratch that convolve needs with any algorithm: of Winograd, a block of transformed tiles and
/// its products with a panel.
[[nodiscard]] constexpr std::size_t scratch_size(const convolution& c, const tile& t) {
  const int m = tile_outputs(c.how), points = (m + 2) * (m + 2);
  if (m == 0) return scratch_size(c);
  const winograd_blocks blocks(c, m);
  return static_cast<std::size_t>(points) *
         static_cast<std::size_t>(blocks.point_step(c.in.channels) + blocks.point_step(t.panel()));
}

}  // namespace flexdnn
