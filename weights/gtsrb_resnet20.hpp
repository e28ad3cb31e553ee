// SPDX-License-Identifier: MIT
// gtsrb_resnet20: resnet_cifar<20, 43> with 5 early exits, written by flexdnn.
// 9050 images trained branches, 1150 chose branches, exits and a path of thresholds, 1150 calibrated it, 2580 took no part and are reported on.
// Thresholds by conformal risk control: over calibration sets, the mean accuracy that leaving early costs the next clip is at most the risk.
#pragma once

#include <array>
#include <flexdnn/models.hpp>
#include <flexdnn/calibrate/risk_level.hpp>
#include <flexdnn/flexdnn.hpp>

namespace flexdnn {

struct gtsrb_resnet20
    : with_exits<resnet_cifar<20, 43>,
                 at<1, exit_branch<"after_1", max_pool2d<kernel<2>>, separable_conv2d<32, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<43>>>,
                 at<2, exit_branch<"after_2", max_pool2d<kernel<2>>, separable_conv2d<32, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<43>>>,
                 at<3, exit_branch<"after_3", max_pool2d<kernel<2>>, separable_conv2d<32, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<43>>>,
                 at<5, exit_branch<"after_5", max_pool2d<kernel<2>>, separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<43>>>,
                 at<7, exit_branch<"after_7", max_pool2d<kernel<2>>, separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<43>>>> {
  using data = gtsrb;
  static constexpr std::array<risk_level<6>, 5> risk_levels{{
      {0.005, {0x1p+0F, 0x1p+0F, 0x1p+0F, 0x1p+0F, 0x1p+0F}},
      {0.01, {0x1.ff685ep-1F, 0x1.f5a77cp-1F, 0x1.f0252p-1F, 0x1.f27cb8p-1F, 0x1.f2306ep-1F}},
      {0.02, {0x1.f684c4p-1F, 0x1.c8afe8p-1F, 0x1.84d9d6p-1F, 0x1.a61498p-1F, 0x1.42e14cp-1F}},
      {0.04, {0x1.c4b32ap-1F, 0x1.2db468p-1F, -0x1p+0F, 0x1p+0F, 0x1p+0F}},
      {0.1, {0x1.49ec5ep-1F, 0x1.e44408p-2F, 0x1.b2101cp-1F, 0x1p+0F, 0x1p+0F}},
  }};
};

}  // namespace flexdnn
