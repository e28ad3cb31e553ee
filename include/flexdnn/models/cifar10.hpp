// SPDX-License-Identifier: MIT
// cifar10: how the CIFAR-10 networks want their frames, and what their labels mean.
#pragma once

#include <array>
#include <string_view>

#include "../core/shape.hpp"

namespace flexdnn {

/// Krizhevsky 2009. A frame is RGB / 255, less the mean, over the deviation, channel by channel: what
/// normalize_planar and normalize_interleaved do. Constants of the PyTorch models whose weights we load.
struct cifar10 {
  static constexpr shape frame{3, 32, 32};
  static constexpr std::array<float, 3> mean{0.485F, 0.456F, 0.406F};
  static constexpr std::array<float, 3> deviation{0.229F, 0.224F, 0.225F};
  static constexpr bool mirrored = true;  ///< an image and its mirror image are of one class
  static constexpr std::array<std::string_view, 10> classes{
      "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"};
};

}  // namespace flexdnn
