// SPDX-License-Identifier: MIT
// cifar10_resnet56_exits: ResNet-56 with four early exits: the insertion plan and its thresholds.
#pragma once

#include <flexdnn/flexdnn.hpp>

#include "cifar10_resnet56_exits_thresholds.hpp"

namespace flexdnn {

/// Branches: strided convolutions, global pooling, one dense layer; separable where the map is small.
namespace cifar10_resnet56_branches {
template <class Convolution>
using block = sequence<Convolution, batch_norm, relu>;
using at_32 = sequence<block<conv2d<32, kernel<3>, stride<2>, bias<false>>>,
                       block<conv2d<64, kernel<3>, stride<2>, bias<false>>>, global_average_pool, dense<10>>;
using at_16 = sequence<block<conv2d<64, kernel<3>, stride<2>, bias<false>>>,
                       block<separable_conv2d<128, kernel<3>, bias<false>>>, global_average_pool, dense<10>>;
}  // namespace cifar10_resnet56_branches

struct cifar10_resnet56_exits
    : with_exits<resnet_cifar<56>, at<5, exit_branch<"after_4", cifar10_resnet56_branches::at_32>>,
                 at<10, exit_branch<"after_9", cifar10_resnet56_branches::at_32>>,
                 at<14, exit_branch<"after_13", cifar10_resnet56_branches::at_16>>,
                 at<19, exit_branch<"after_18", cifar10_resnet56_branches::at_16>>> {
  using data = cifar10;
  static constexpr auto risk_levels = cifar10_resnet56_exits_thresholds;
};

}  // namespace flexdnn
