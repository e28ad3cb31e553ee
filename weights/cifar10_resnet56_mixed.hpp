// cifar10_resnet56_mixed: resnet_cifar<56> with 6 early exits, written by flexdnn.
// 40000 images trained branches, 1000 chose branches, exits and a path of thresholds, 1000 calibrated it, 3000 took no part and are reported on.
// Thresholds by conformal risk control: over calibration sets, the mean accuracy that leaving early costs the next image is at most the risk.
#pragma once

#include <array>
#include <flexdnn/models.hpp>
#include <flexdnn/calibrate/risk_level.hpp>
#include <flexdnn/flexdnn.hpp>

namespace flexdnn {

struct cifar10_resnet56_mixed
    : with_exits<resnet_cifar<56>,
                 at<4, exit_branch<"after_4", separable_conv2d<32, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<64, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<64, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<10>>>,
                 at<6, exit_branch<"after_6", separable_conv2d<32, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<64, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<64, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<10>>>,
                 at<12, exit_branch<"after_12", separable_conv2d<64, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<10>>>,
                 at<14, exit_branch<"after_14", separable_conv2d<64, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<10>>>,
                 at<16, exit_branch<"after_16", separable_conv2d<64, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<10>>>,
                 at<22, exit_branch<"after_22", separable_conv2d<128, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<256, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, separable_conv2d<256, kernel<3>, bias<false>>, batch_norm, relu, global_average_pool, dense<10>>>> {
  using data = cifar10;
  static constexpr std::array<risk_level<7>, 5> risk_levels{{
      {0.0025, {0x1.fff2fp-1F, 0x1.fff346p-1F, 0x1.ffd8a6p-1F, 0x1.ffb198p-1F, 0x1.ff94bap-1F, 0x1.fe3846p-1F}, 6.205e+07},
      {0.005, {0x1.fed4f6p-1F, 0x1.ff55e6p-1F, 0x1.febec8p-1F, 0x1.fc67d4p-1F, 0x1.f98afcp-1F, 0x1.f0aba6p-1F}, 4.626e+07},
      {0.01, {0x1.fe0a1ep-1F, 0x1.fde2p-1F, 0x1.f6f9p-1F, 0x1.f347cap-1F, 0x1.f422ccp-1F, 0x1.e8ec8cp-1F}, 4.038e+07},
      {0.02, {0x1.fbf89p-1F, 0x1.f715cp-1F, 0x1.f4481ap-1F, 0x1.e6059p-1F, 0x1.d4643p-1F, 0x1.d81bd2p-1F}, 3.548e+07},
      {0.05, {0x1.e80496p-1F, 0x1.e8f39p-1F, 0x1.d06b2ep-1F, 0x1.511808p-1F, 0x1.5c9f9p-1F, 0x1p+0F}, 2.618e+07},
  }};
};

}  // namespace flexdnn
