// SPDX-License-Identifier: MIT
// Laws of kaiming: PyTorch's bound and deviation.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <flexdnn/train/kaiming.hpp>
#include <vector>

using namespace flexdnn;

TEST_CASE("kaiming_uniform fills +-1 / sqrt(fan_in), kaiming_normal has variance 2 / fan_out") {
  const convolution c{.in = {32, 8, 8}, .out = {64, 8, 8}, .kernel_h = 3, .kernel_w = 3, .groups = 2};
  random_generator random{1};
  std::vector<float> values(static_cast<std::size_t>(c.taps() * c.out.channels));
  kaiming_uniform(c, random, std::span{values});
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  const float bound = 1.0f / 12.0f;  // fan_in = 16 * 3 * 3
  CHECK(*least >= -bound);
  CHECK(*least < -0.99f * bound);
  CHECK(*greatest <= bound);
  CHECK(*greatest > 0.99f * bound);
  kaiming_normal(c, random, std::span{values});
  double squares = 0.0;
  for (const float value : values) squares += double{value} * double{value};
  // 9216 values: the variance's relative deviation is sqrt(2 / 9216) = 0.0147.
  CHECK(squares / static_cast<double>(values.size()) * (64 * 9) / 2.0 ==
        doctest::Approx(1.0).epsilon(5 * 0.0147));
}
