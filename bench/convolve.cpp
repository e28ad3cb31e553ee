// SPDX-License-Identifier: MIT
// bench/convolve: convolutions of CIFAR's ResNets, ImageNet's VGG and ResNet, and dense layers.
#include "measure.hpp"

namespace {

const bool registered = [] {
  const auto add = [](int kernel, int channels, int size, int outputs, int stride = 1) {
    flexdnn::bench::add("convolve", kernel, {channels, size, size}, outputs, stride, 1);
  };
  add(3, 3, 32, 16);
  add(3, 16, 32, 16);
  add(3, 16, 32, 32, 2);
  add(3, 32, 16, 32);
  add(3, 64, 8, 64);
  add(3, 64, 56, 64);
  add(3, 128, 28, 128);
  add(3, 256, 14, 256);
  add(3, 512, 14, 512);
  add(3, 512, 7, 512);
  add(7, 3, 224, 64, 2);
  add(1, 16, 32, 16);
  add(1, 16, 32, 96);
  add(1, 64, 56, 64);
  add(1, 256, 56, 64);
  add(1, 512, 7, 512);
  add(1, 64, 1, 10);
  add(1, 512, 1, 512);
  return true;
}();

}  // namespace
