// SPDX-License-Identifier: MIT
// bench/depthwise: depthwise convolutions of MobileNets, which read each input for one product only.
#include <flexdnn/layers/depthwise_conv2d.hpp>

#include "measure.hpp"

namespace {

using flexdnn::bench::add;

template <int Kernel, int Channels, int Size, int Stride = 1>
constexpr flexdnn::convolution depthwise =
    flexdnn::depthwise_conv2d<flexdnn::kernel<Kernel>, flexdnn::stride<Stride>>::geometry({Channels, Size,
                                                                                           Size});

const bool registered = [] {
  add<depthwise<3, 32, 32>>();
  add<depthwise<3, 32, 112>>();
  add<depthwise<3, 64, 112, 2>>();
  add<depthwise<3, 128, 56>>();
  add<depthwise<3, 256, 28>>();
  add<depthwise<3, 512, 14>>();
  add<depthwise<3, 1024, 7>>();
  add<depthwise<3, 24, 56>>();
  add<depthwise<5, 240, 14>>();
  return true;
}();

}  // namespace
