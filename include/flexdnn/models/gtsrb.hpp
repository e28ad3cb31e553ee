// SPDX-License-Identifier: MIT
// gtsrb: how networks for German traffic signs want their frames.
#pragma once

#include <array>
#include <string_view>

#include "../core/shape.hpp"

namespace flexdnn {

/// Stallkamp et al. 2012, 43 classes of signs, cut out and brought to 32 x 32. A frame is RGB / 255, less the
/// mean, over the deviation of the training images.
struct gtsrb {
  static constexpr shape frame{3, 32, 32};
  static constexpr std::array<float, 3> mean{0.344F, 0.315F, 0.323F};
  static constexpr std::array<float, 3> deviation{0.279F, 0.267F, 0.273F};
  static constexpr bool mirrored = false;  ///< a sign's mirror image is another sign, or none
  // clang-format off
  static constexpr std::array<std::string_view, 43> classes{
      "limit 20", "limit 30", "limit 50", "limit 60", "limit 70", "limit 80", "end of limit 80",
      "limit 100", "limit 120", "no passing", "no passing for lorries", "right of way", "priority road",
      "yield", "stop", "no vehicles", "no lorries", "no entry", "caution", "curve left", "curve right",
      "double curve", "bumpy road", "slippery road", "road narrows", "road work", "traffic lights",
      "pedestrians", "children", "bicycles", "ice", "wild animals", "end of limits", "turn right",
      "turn left", "straight on", "straight or right", "straight or left", "keep right", "keep left",
      "roundabout", "end of no passing", "end of no passing for lorries"};
  // clang-format on
};

}  // namespace flexdnn
