// SPDX-License-Identifier: MIT
// Law of depthwise_gradient: it is the convolution whose weights are diagonal in the channels.
#include <doctest/doctest.h>

#include <flexdnn/train/convolution_gradient.hpp>
#include <limits>

#include "linear_layers.hpp"

using namespace flexdnn;
using test::numbers;

TEST_CASE("a depthwise convolution is the full convolution with diagonal weights, and so is its gradient") {
  random_generator random{1};
  for (const int channels : {2, 3, 4, 5, 8, 9, 17}) {
    const int n = 2;
    const convolution thin{.in = {channels, 6, 5},
                           .out = {channels, 3, 5},
                           .kernel_h = 3,
                           .kernel_w = 3,
                           .stride_h = 2,
                           .padding_h = 1,
                           .padding_w = 1,
                           .groups = channels};
    convolution full = thin;
    full.groups = 1;
    REQUIRE(thin.depthwise());
    REQUIRE(!full.depthwise());
    const std::size_t c = static_cast<std::size_t>(channels);
    const numbers x = test::random_numbers(random, n * thin.in.size());
    const numbers dy = test::random_numbers(random, n * thin.out.size());
    numbers diagonal(c * c * 9), weight(c * 9);
    numbers workspace(10000, std::numeric_limits<double>::quiet_NaN());
    numbers dweight(weight.size(), 1.0), ddiagonal(diagonal.size());
    depthwise_gradient(thin, n, x.data(), dy.data(), dweight.data(), workspace);
    convolution_gradient(full, n, x.data(), dy.data(), ddiagonal.data(), nullptr, workspace);
    numbers wanted(weight.size());
    for (std::size_t k = 0; k < c; ++k) {
      for (std::size_t t = 0; t < 9; ++t) wanted[k * 9 + t] = 1.0 + ddiagonal[(k * c + k) * 9 + t];
    }
    CHECK(test::relative_error(dweight, wanted) < 1e-12);
  }
}
