// SPDX-License-Identifier: MIT
// gtsrb_resnet20: resnet_cifar<20, 43> with 5 early exits, written by flexdnn.
// 9050 images trained branches, 760 chose branches, exits and a path of thresholds, 1540 calibrated it, 2580 took no part and are reported on.
// Thresholds by conformal risk control: over calibration sets, the mean accuracy that leaving early costs the next clip is at most the risk.
#pragma once

#include <array>
#include <flexdnn/models.hpp>
#include <flexdnn/calibrate/risk_level.hpp>
#include <flexdnn/flexdnn.hpp>

namespace flexdnn {

struct gtsrb_resnet20
    : with_exits<resnet_cifar<20, 43>,
                 at<1, exit_branch<"after_1", max_pool2d<kernel<2>>, separable_conv2d<32, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<43>>>,
                 at<2, exit_branch<"after_2", max_pool2d<kernel<2>>, separable_conv2d<32, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<72, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<43>>>,
                 at<3, exit_branch<"after_3", max_pool2d<kernel<2>>, separable_conv2d<32, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<72, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<43>>>,
                 at<5, exit_branch<"after_5", max_pool2d<kernel<2>>, separable_conv2d<48, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<32, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<43>>>,
                 at<7, exit_branch<"after_7", max_pool2d<kernel<2>>, separable_conv2d<72, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<16, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<43>>>> {
  using data = gtsrb;
  static constexpr std::array<risk_level<6>, 5> risk_levels{{
      {0.005, {0x1p+0F, 0x1p+0F, 0x1p+0F, 0x1p+0F, 0x1p+0F}, 4.362e+07},
      {0.01, {0x1.ff95cap-1F, 0x1.f856p-1F, 0x1.f4361p-1F, 0x1.f0e1cap-1F, 0x1.fa3f78p-1F}, 7.203e+06},
      {0.02, {0x1.fb0246p-1F, 0x1.e0ae2ep-1F, 0x1.9b4c5p-1F, 0x1.9a3ffcp-1F, 0x1.c42b86p-1F}, 3.925e+06},
      {0.04, {0x1.de9c02p-1F, 0x1.5a01e4p-1F, -0x1p+0F, 0x1p+0F, 0x1p+0F}, 2.49e+06},
      {0.1, {0x1.5d2bb4p-1F, -0x1p+0F, 0x1p+0F, 0x1p+0F, 0x1p+0F}, 1.419e+06},
  }};
};

}  // namespace flexdnn
