// SPDX-License-Identifier: MIT
// fashion_mnist: how networks for Fashion-MNIST want their frames, and what its labels mean.
#pragma once

#include <array>
#include <string_view>

#include "../core/shape.hpp"

namespace flexdnn {

/// Xiao, Rasul and Vollgraf 2017: 70,000 grey images of clothes. A frame is grey / 255, less the mean, over
/// the deviation of the 60,000 training images.
struct fashion_mnist {
  static constexpr shape frame{1, 28, 28};
  static constexpr std::array<float, 1> mean{0.2860F};
  static constexpr std::array<float, 1> deviation{0.3530F};
  static constexpr bool mirrored = true;  ///< a shoe that points the other way is a shoe
  static constexpr std::array<std::string_view, 10> classes{
      "t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"};
};

}  // namespace flexdnn
