// SPDX-License-Identifier: MIT
// augment: random flips and shifts of an image, where its label allows them.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <span>

#include "../core/shape.hpp"
#include "random_generator.hpp"

namespace flexdnn {

/// What may be done to an image without changing its label.
struct augmentation {
  bool flip = true;  ///< mirror left and right, every second time
  int shift = 4;     ///< pixels it moves at most, up, down, left and right; black comes in from outside
};

/// Writes an augmented copy of a planar image {C, H, W}. He et al. 2016, section 4.2: pad by 4, crop, flip.
inline void augment(const augmentation& options, shape extent, std::span<const std::uint8_t> from,
                    random_generator& random, std::span<std::uint8_t> to) {
  const bool mirror = options.flip && (random.next() & 1U) != 0;
  const auto range = static_cast<std::uint32_t>(2 * options.shift + 1);
  const int down = static_cast<int>(random.below(range)) - options.shift;
  const int right = static_cast<int>(random.below(range)) - options.shift;
  std::size_t i = 0;
  for (int c = 0; c < extent.channels; ++c) {
    for (int r = 0; r < extent.height; ++r) {
      for (int q = 0; q < extent.width; ++q, ++i) {
        const int y = r - down;
        const int x = (mirror ? extent.width - 1 - q : q) - right;
        const bool inside = y >= 0 && y < extent.height && x >= 0 && x < extent.width;
        to[i] = inside ? from[static_cast<std::size_t>((c * extent.height + y) * extent.width + x)]
                       : std::uint8_t{0};
      }
    }
  }
}

}  // namespace flexdnn
