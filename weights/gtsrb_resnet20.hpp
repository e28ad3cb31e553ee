// gtsrb_resnet20: resnet_cifar<20, 43> with 4 early exits, written by flexdnn.
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
                 at<2, exit_branch<"after_2", separable_conv2d<8, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<64, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<64, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<43>>>,
                 at<3, exit_branch<"after_3", separable_conv2d<16, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<48, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<64, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<43>>>,
                 at<5, exit_branch<"after_5", separable_conv2d<48, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<43>>>,
                 at<7, exit_branch<"after_7", separable_conv2d<48, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<72, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<43>>>> {
  using data = gtsrb;
  static constexpr std::array<risk_level<5>, 5> risk_levels{{
      {0.005, {0x1p+0F, 0x1p+0F, 0x1p+0F, 0x1p+0F}},
      {0.01, {0x1.fe5ae8p-1F, 0x1.fc4e8ep-1F, 0x1.f293p-1F, 0x1.fd2e36p-1F}},
      {0.02, {0x1.f3ea2p-1F, 0x1.ea6078p-1F, 0x1.d149cep-1F, 0x1.a8a008p-1F}},
      {0.04, {0x1.d79a28p-1F, 0x1.bf28e4p-1F, 0x1.99467cp-1F, 0x1.722adp-2F}},
      {0.1, {0x1.ab72d8p-1F, 0x1.92f754p-1F, 0x1.5b24p-1F, 0x1.82885cp-1F}},
  }};
};

}  // namespace flexdnn
