// SPDX-License-Identifier: MIT
// cifar10_ours: resnet_cifar<20> with 5 early exits, written by flexdnn.
// 30000 images trained branches, 1000 chose branches, exits and a path of thresholds, 1000 calibrated it, 3000 took no part and are reported on.
// Thresholds by conformal risk control: over calibration sets, the mean accuracy that leaving early costs the next image is at most the risk.
#pragma once

#include <array>
#include <flexdnn/models.hpp>
#include <flexdnn/calibrate/risk_level.hpp>
#include <flexdnn/flexdnn.hpp>

namespace flexdnn {

struct cifar10_ours
    : with_exits<resnet_cifar<20>,
                 at<1, exit_branch<"after_1", max_pool2d<kernel<2>>, separable_conv2d<32, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<10>>>,
                 at<2, exit_branch<"after_2", max_pool2d<kernel<2>>, separable_conv2d<32, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<10>>>,
                 at<3, exit_branch<"after_3", max_pool2d<kernel<2>>, separable_conv2d<24, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<10>>>,
                 at<5, exit_branch<"after_5", max_pool2d<kernel<2>>, separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<96, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<10>>>,
                 at<7, exit_branch<"after_7", max_pool2d<kernel<2>>, separable_conv2d<72, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<72, kernel<3>, bias<false>>, batch_norm, relu, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<10>>>> {
  using data = cifar10;
  static constexpr std::array<risk_level<6>, 5> risk_levels{{
      {0.0025, {0x1.f8d5eap-1F, 0x1.f42f4ep-1F, 0x1.e92daap-1F, 0x1.ec0e8ap-1F, 0x1.ed07d4p-1F}},
      {0.005, {0x1.efabb6p-1F, 0x1.ea9182p-1F, 0x1.dcb544p-1F, 0x1.d989fap-1F, 0x1.dff4d8p-1F}},
      {0.01, {0x1.db1adcp-1F, 0x1.c1135cp-1F, 0x1.b5577p-1F, 0x1.c947b2p-1F, 0x1.c33f3ap-1F}},
      {0.02, {0x1.cc699ep-1F, 0x1.a15cc4p-1F, 0x1.97458cp-1F, 0x1.a54a3cp-1F, 0x1.a996f2p-1F}},
      {0.05, {0x1.88e294p-1F, 0x1.633134p-1F, 0x1.5c6134p-1F, 0x1.59d9d4p-1F, 0x1.6c0876p-1F}},
  }};
};

}  // namespace flexdnn
