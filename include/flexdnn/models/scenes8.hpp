// SPDX-License-Identifier: MIT
// scenes8: photographs of outdoor scenes, and a residual network for them.
#pragma once

#include <array>
#include <string_view>

#include "resnet_cifar.hpp"

namespace flexdnn {

/// Oliva and Torralba 2001, eight classes, grey, brought to 64 x 64. A frame is grey / 255, less the mean,
/// over the deviation of the training images.
struct scenes8 {
  static constexpr shape frame{1, 64, 64};
  static constexpr std::array<float, 1> mean{0.445F};
  static constexpr std::array<float, 1> deviation{0.230F};
  static constexpr bool mirrored = true;  ///< a scene's mirror image is of the same class
  static constexpr std::array<std::string_view, 8> classes{
      "coast", "forest", "highway", "inside city", "mountain", "open country", "street", "tall building"};
};

/// resnet_cifar with a first convolution of stride 2, for grey images of 64 x 64: stages at 32, 16, 8 pixels.
template <int Depth>
struct scenes8_resnet
    : network<input<1, 64, 64>, named<"conv1", conv2d<16, kernel<3>, stride<2>, bias<false>>>,
              named<"bn1", batch_norm>, relu, named<"layer1", repeat<(Depth - 2) / 6, basic_block<16>>>,
              named<"layer2", basic_block<32, stride<2>, zero_pad::shortcut<32>>,
                    repeat<(Depth - 2) / 6 - 1, basic_block<32>>>,
              named<"layer3", basic_block<64, stride<2>, zero_pad::shortcut<64>>,
                    repeat<(Depth - 2) / 6 - 1, basic_block<64>>>,
              global_average_pool, named<"linear", dense<8>>> {
  static_assert(Depth >= 14 && (Depth - 2) % 6 == 0,
                "flexdnn: a ResNet for scenes has 6n + 2 layers, n at least 2");
};

}  // namespace flexdnn
