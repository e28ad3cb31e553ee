// SPDX-License-Identifier: MIT
// cut_out: a square of an image is hidden.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>

#include "../core/shape.hpp"

namespace flexdnn {

/// Hides a square of a planar image {C, H, W} in place: rows [row - side / 2, row - side / 2 + side) and
/// columns likewise, as far as they lie inside. DeVries and Taylor 2017; there the square gets the data's
/// mean, here each channel's mean over the image before, which wants no number from outside.
inline void cut_out(int side, int row, int column, shape extent, std::span<std::uint8_t> image) {
  const auto within = [side](int centre, int size) {
    const int first = centre - side / 2;
    return std::pair{std::clamp(first, 0, size), std::clamp(first + side, 0, size)};
  };
  const auto [top, bottom] = within(row, extent.height);
  const auto [left, right] = within(column, extent.width);
  const std::size_t plane = image.size() / static_cast<std::size_t>(extent.channels);
  for (std::size_t c = 0; c < static_cast<std::size_t>(extent.channels); ++c) {
    const auto channel = image.subspan(c * plane, plane);
    const double mean = std::accumulate(channel.begin(), channel.end(), 0.0) / static_cast<double>(plane);
    for (int r = top; r < bottom; ++r) {
      for (int q = left; q < right; ++q) {
        channel[static_cast<std::size_t>(r * extent.width + q)] = static_cast<std::uint8_t>(mean + 0.5);
      }
    }
  }
}

}  // namespace flexdnn
