// SPDX-License-Identifier: MIT
// gtsrb: how networks for German traffic signs want their frames.
#pragma once

#include <array>

#include "../core/shape.hpp"

namespace flexdnn {

/// Stallkamp et al. 2012, 43 classes of signs, cut out and brought to 32 x 32. A frame is RGB / 255, less the
/// mean, over the deviation of the training images.
struct gtsrb {
  static constexpr shape frame{3, 32, 32};
  static constexpr std::array<float, 3> mean{0.344F, 0.315F, 0.323F};
  static constexpr std::array<float, 3> deviation{0.279F, 0.267F, 0.273F};
  static constexpr bool mirrored = false;  ///< a sign's mirror image is another sign, or none
};

}  // namespace flexdnn
