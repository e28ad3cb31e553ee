// SPDX-License-Identifier: MIT
// bench/depthwise: depthwise convolutions of MobileNets, which read each input for one product only.
#include "measure.hpp"

namespace {

const bool registered = [] {
  const auto add = [](int kernel, int channels, int size, int stride = 1) {
    flexdnn::bench::add("depthwise", kernel, {channels, size, size}, channels, stride, channels);
  };
  add(3, 32, 32);
  add(3, 32, 112);
  add(3, 64, 112, 2);
  add(3, 128, 56);
  add(3, 256, 28);
  add(3, 512, 14);
  add(3, 1024, 7);
  add(3, 24, 56);
  add(5, 240, 14);
  return true;
}();

}  // namespace
