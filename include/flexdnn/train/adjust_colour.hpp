// SPDX-License-Identifier: MIT
// adjust_colour: brightness, contrast and saturation of an image.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>

#include "../core/shape.hpp"

namespace flexdnn {

/// 1 leaves an image as it is, 0 makes it black, one even grey, without colour; each 0 or more.
struct colour_factors {
  double brightness = 1.0, contrast = 1.0, saturation = 1.0;
};

namespace detail {

/// factor a + (1 - factor) b, rounded, within 0..255.
inline std::uint8_t blend(double factor, std::uint8_t a, double b) {
  return static_cast<std::uint8_t>(std::clamp(factor * a + (1.0 - factor) * b + 0.5, 0.0, 255.0));
}

}  // namespace detail

/// A planar image {C, H, W} in place: brightness, then contrast, then saturation, each as torchvision's
/// adjust_*: a blend with black, with the image's mean grey, with the pixel's own grey. Grey is
/// 0.299 R + 0.587 G + 0.114 B; of an image without three channels it is their mean, and saturation is left.
inline void adjust_colour(const colour_factors& f, shape extent, std::span<std::uint8_t> image) {
  const std::size_t plane = image.size() / static_cast<std::size_t>(extent.channels);
  const bool coloured = extent.channels == 3;
  const auto grey = [&](std::size_t i) {
    return 0.299 * image[i] + 0.587 * image[plane + i] + 0.114 * image[2 * plane + i];
  };
  if (f.brightness != 1.0) {
    for (std::uint8_t& v : image) v = detail::blend(f.brightness, v, 0.0);
  }
  if (f.contrast != 1.0) {
    double mean = 0.0;
    for (std::size_t i = 0; coloured && i < plane; ++i) mean += grey(i) / static_cast<double>(plane);
    if (!coloured)
      mean = std::accumulate(image.begin(), image.end(), 0.0) / static_cast<double>(image.size());
    for (std::uint8_t& v : image) v = detail::blend(f.contrast, v, mean);
  }
  if (f.saturation != 1.0 && coloured) {
    for (std::size_t i = 0; i < plane; ++i) {
      const double own = grey(i);
      for (std::size_t c = 0; c < 3; ++c) {
        std::uint8_t& v = image[c * plane + i];
        v = detail::blend(f.saturation, v, own);
      }
    }
  }
}

}  // namespace flexdnn
