// SPDX-License-Identifier: MIT
// linear_layers: random convolutions, and numbers that floats hold exactly, for the gradient tests.
#pragma once

#include <algorithm>
#include <flexdnn/kernels/convolution.hpp>

#include "finite_difference.hpp"

namespace flexdnn::test {

inline int between(random_generator& random, int low, int high) {
  return low + static_cast<int>(random.below(static_cast<std::uint32_t>(high - low + 1)));
}

/// A depthwise, pointwise, grouped or plain convolution of a few channels and pixels with any options.
inline convolution random_convolution(random_generator& random) {
  for (;;) {
    convolution c;
    c.kernel_h = between(random, 1, 4);
    c.kernel_w = between(random, 1, 4);
    c.stride_h = between(random, 1, 3);
    c.stride_w = between(random, 1, 3);
    c.padding_h = between(random, 0, 2);
    c.padding_w = between(random, 0, 2);
    c.dilation_h = between(random, 1, 2);
    c.dilation_w = between(random, 1, 2);
    c.groups = between(random, 1, 3);
    const bool depthwise = random.below(4) == 0;
    c.in = {c.groups * (depthwise ? 1 : between(random, 1, 3)), between(random, 1, 7), between(random, 1, 7)};
    c.out.channels = c.groups * (depthwise ? 1 : between(random, 1, 3));
    if (random.below(4) == 0) {
      c.kernel_h = c.kernel_w = c.stride_h = c.stride_w = 1;
      c.padding_h = c.padding_w = 0;
    }
    const int height = c.in.height + 2 * c.padding_h - c.dilation_h * (c.kernel_h - 1);
    const int width = c.in.width + 2 * c.padding_w - c.dilation_w * (c.kernel_w - 1);
    if (height < 1 || width < 1) continue;
    c.out.height = (height - 1) / c.stride_h + 1;
    c.out.width = (width - 1) / c.stride_w + 1;
    return c;
  }
}

inline std::vector<float> narrow(const numbers& values) {
  std::vector<float> result(values.size());
  std::transform(values.begin(), values.end(), result.begin(),
                 [](double v) { return static_cast<float>(v); });
  return result;
}

inline numbers widen(const std::vector<float>& values) { return {values.begin(), values.end()}; }

/// Random numbers that a float holds exactly, so that references over floats see the same ones.
inline numbers random_floats(random_generator& random, std::size_t size) {
  return widen(narrow(random_numbers(random, size)));
}

}  // namespace flexdnn::test
