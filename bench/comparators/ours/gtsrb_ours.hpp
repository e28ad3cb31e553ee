// SPDX-License-Identifier: MIT
// gtsrb_ours: resnet_cifar<20, 43> with 4 early exits, written by flexdnn.
// 9050 images trained branches, 760 chose branches, exits and a path of thresholds, 1540 calibrated it, 2580 took no part and are reported on.
// Thresholds by conformal risk control: over calibration sets, the mean accuracy that leaving early costs the next clip is at most the risk.
#pragma once

#include <array>
#include <flexdnn/models.hpp>
#include <flexdnn/calibrate/risk_level.hpp>
#include <flexdnn/flexdnn.hpp>

namespace flexdnn {

struct gtsrb_ours
    : with_exits<resnet_cifar<20, 43>,
                 at<1, exit_branch<"after_1", max_pool2d<kernel<2>>, separable_conv2d<32, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<43>>>,
                 at<2, exit_branch<"after_2", max_pool2d<kernel<2>>, separable_conv2d<32, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<72, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<43>>>,
                 at<3, exit_branch<"after_3", max_pool2d<kernel<2>>, separable_conv2d<32, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<72, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<43>>>,
                 at<5, exit_branch<"after_5", max_pool2d<kernel<2>>, separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<32, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<43>>>> {
  using data = gtsrb;
  static constexpr std::array<risk_level<5>, 5> risk_levels{{
      {0.005, {0x1p+0F, 0x1p+0F, 0x1p+0F, 0x1p+0F}},
      {0.01, {0x1.f97076p-1F, 0x1.eb94eep-1F, 0x1.ceca44p-1F, 0x1.de25aep-1F}},
      {0.02, {0x1.e3d68cp-1F, 0x1.bfb59cp-1F, 0x1.36ac78p-1F, 0x1.5a529cp-1F}},
      {0.04, {0x1.a37894p-1F, 0x1.7551c6p-1F, -0x1p+0F, 0x1p+0F}},
      {0.1, {-0x1p+0F, 0x1p+0F, 0x1p+0F, 0x1p+0F}},
  }};
};

}  // namespace flexdnn
