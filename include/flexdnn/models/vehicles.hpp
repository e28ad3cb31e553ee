// SPDX-License-Identifier: MIT
// vehicles: how networks for vehicles seen from the air want their frames.
#pragma once

#include <array>
#include <string_view>

#include "../core/shape.hpp"

namespace flexdnn {

/// Patches of aerial photographs, 32 x 32, with a vehicle in the middle or without. A frame is RGB / 255,
/// less the mean, over the deviation of the training images.
struct vehicles {
  static constexpr shape frame{3, 32, 32};
  static constexpr std::array<float, 3> mean{0.469F, 0.479F, 0.480F};
  static constexpr std::array<float, 3> deviation{0.187F, 0.172F, 0.168F};
  static constexpr bool mirrored = true;  ///< from the air, left is as good as right
  static constexpr std::array<std::string_view, 2> classes{"background", "vehicle"};
};

}  // namespace flexdnn
