// SPDX-License-Identifier: MIT
// bench/convolve: convolutions of CIFAR's ResNets, ImageNet's VGG and ResNet, and dense layers.
#include <flexdnn/layers/conv2d.hpp>

#include "measure.hpp"

namespace {

using flexdnn::bench::add;

template <int Kernel, int Channels, int Size, int Outputs, int Stride = 1>
constexpr flexdnn::convolution square =
    flexdnn::conv2d<Outputs, flexdnn::kernel<Kernel>, flexdnn::stride<Stride>>::geometry({Channels, Size,
                                                                                          Size});

const bool registered = [] {
  add<square<3, 3, 32, 16>>();
  add<square<3, 16, 32, 16>>();
  add<square<3, 14, 32, 14>>();
  add<square<3, 16, 32, 32, 2>>();
  add<square<3, 32, 16, 32>>();
  add<square<3, 64, 8, 64>>();
  add<square<3, 64, 56, 64>>();
  add<square<3, 128, 28, 128>>();
  add<square<3, 256, 14, 256>>();
  add<square<3, 512, 14, 512>>();
  add<square<3, 512, 7, 512>>();
  add<square<7, 3, 224, 64, 2>>();
  add<square<1, 16, 32, 16>>();
  add<square<1, 14, 32, 14>>();
  add<square<1, 16, 32, 96>>();
  add<square<1, 64, 56, 64>>();
  add<square<1, 256, 56, 64>>();
  add<square<1, 512, 7, 512>>();
  add<square<1, 64, 1, 10>>();
  add<square<1, 512, 1, 512>>();
  return true;
}();

}  // namespace
