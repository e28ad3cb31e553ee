// SPDX-License-Identifier: MIT
// shape: the extents of one feature map, usable as a template argument so that compilers print it.
#pragma once

#include <cstddef>

namespace flexdnn {

/// Extents of a feature map. A vector of n features is {n, 1, 1}. Memory order is channels last
/// (height, width, channels): a pixel's channels lie side by side, as cameras deliver them and as
/// SIMD over channels wants them.
struct shape {
  int channels = 0;
  int height = 1;
  int width = 1;

  /// Number of elements, channels * height * width.
  [[nodiscard]] constexpr std::size_t size() const {
    return static_cast<std::size_t>(channels) * static_cast<std::size_t>(height) *
           static_cast<std::size_t>(width);
  }

  /// Number of pixels, height * width.
  [[nodiscard]] constexpr int pixels() const { return height * width; }

  friend constexpr bool operator==(const shape&, const shape&) = default;
};

}  // namespace flexdnn
