// SPDX-License-Identifier: MIT
// cifar10_resnet20_exits: ResNet-20 with four early exits: the insertion plan and its thresholds.
#pragma once

#include <flexdnn/flexdnn.hpp>

#include "cifar10_resnet20_exits_thresholds.hpp"

namespace flexdnn {

/// A branch in the paper's manner: depthwise-separable convolutions, global pooling, one dense layer.
namespace cifar10_resnet20_branches {
template <int Channels, class Stride>
using block = sequence<separable_conv2d<Channels, kernel<3>, Stride, bias<false>>, batch_norm, relu>;
using at_32 = sequence<block<32, stride<2>>, block<64, stride<2>>, block<64, stride<1>>, global_average_pool,
                       dense<10>>;
using at_16 = sequence<block<64, stride<2>>, block<96, stride<1>>, global_average_pool, dense<10>>;
using at_8 = sequence<block<128, stride<1>>, global_average_pool, dense<10>>;
}  // namespace cifar10_resnet20_branches

struct cifar10_resnet20_exits
    : with_exits<resnet_cifar<20>, at<2, exit_branch<"after_1", cifar10_resnet20_branches::at_32>>,
                 at<4, exit_branch<"after_3", cifar10_resnet20_branches::at_32>>,
                 at<6, exit_branch<"after_5", cifar10_resnet20_branches::at_16>>,
                 at<8, exit_branch<"after_7", cifar10_resnet20_branches::at_8>>> {
  using data = cifar10;
  static constexpr auto risk_levels = cifar10_resnet20_exits_thresholds;
};

}  // namespace flexdnn
