// SPDX-License-Identifier: MIT
// imagenet: how the families of ImageNet networks want their frames.
#pragma once

#include <array>

#include "../core/channel_order.hpp"
#include "../core/shape.hpp"

namespace flexdnn {

/// torchvision's models: RGB / 255, less the mean, over the deviation.
template <int Extent = 224>
struct imagenet {
  static constexpr shape frame{3, Extent, Extent};
  static constexpr float unit = 255.0F;
  static constexpr channel_order order = channel_order::kept;
  static constexpr std::array<float, 3> mean{0.485F, 0.456F, 0.406F}, deviation{0.229F, 0.224F, 0.225F};
};

/// MobileNets of TensorFlow and Keras: RGB / 127.5 - 1, to the bit: (x / 255 - 1/2) / (1/2).
template <int Extent = 224>
struct imagenet_tensorflow : imagenet<Extent> {
  static constexpr std::array<float, 3> mean{0.5F, 0.5F, 0.5F}, deviation = mean;
};

/// Networks of Caffe: bytes in the order B, G, R, less the mean.
template <int Extent = 227>
struct imagenet_caffe : imagenet<Extent> {
  static constexpr float unit = 1.0F;
  static constexpr channel_order order = channel_order::reversed;
  static constexpr std::array<float, 3> mean{104.0F, 117.0F, 123.0F}, deviation{1.0F, 1.0F, 1.0F};
};

}  // namespace flexdnn
