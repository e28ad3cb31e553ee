// SPDX-License-Identifier: MIT
// pool: against the double-precision reference over random windows; NaN, padding, large maps.
#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <flexdnn/kernels/pool.hpp>
#include <limits>
#include <random>
#include <vector>

#include "../reference.hpp"
#include "guarded.hpp"

namespace {

using namespace flexdnn;

constexpr float quiet_nan = std::numeric_limits<float>::quiet_NaN();

/// As PyTorch allows: padding at most half the kernel, so that every window holds a pixel.
pooling random_pooling(std::mt19937& random) {
  const auto draw = [&](int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random);
  };
  pooling p;
  p.in.channels = p.out.channels = draw(1, 35);
  const auto axis = [&](int& extent, int& kernel, int& stride, int& padding, int& result) {
    kernel = draw(1, 5);
    stride = draw(1, 4);
    padding = draw(0, kernel / 2);
    extent = draw(kernel > 2 * padding ? kernel - 2 * padding : 1, kernel + 9);
    result = (extent + 2 * padding - kernel) / stride + 1;
  };
  axis(p.in.height, p.kernel_h, p.stride_h, p.padding_h, p.out.height);
  axis(p.in.width, p.kernel_w, p.stride_w, p.padding_w, p.out.width);
  return p;
}

TEST_CASE("pools agree with the reference over random shapes and windows") {
  std::mt19937 random(1);
  for (int n = 0; n < 300; ++n) {
    const pooling p = random_pooling(random);
    const auto values = reference::uniform(p.in.size(), random);
    const guarded in(values, random);
    guarded most(p.out.size(), quiet_nan, random);
    guarded mean(p.out.size(), quiet_nan, random);
    guarded whole(static_cast<std::size_t>(p.in.channels), quiet_nan, random);
    max_pool(p, in.data(), most.data());
    average_pool(p, in.data(), mean.data());
    average_pixels(p.in, in.data(), whole.data());
    CHECK(reference::relative_l2(most, reference::max_pool(p, in.data())) == 0);
    CHECK(reference::relative_l2(mean, reference::average_pool(p, in.data())) < 1e-6);
    CHECK(reference::relative_l2(whole, reference::average_pixels(p.in, in.data())) < 1e-6);
    CHECK((in.holds(values) && most.edges_intact() && mean.edges_intact() && whole.edges_intact()));
  }
}

TEST_CASE("a NaN is the maximum of exactly the windows that hold it") {
  std::mt19937 random(2);
  for (int n = 0; n < 50; ++n) {
    const pooling p = random_pooling(random);
    auto in = reference::uniform(p.in.size(), random);
    in[random() % in.size()] = quiet_nan;
    std::vector<float> out(p.out.size());
    max_pool(p, in.data(), out.data());
    const auto wanted = reference::max_pool(p, in.data());
    bool same = true;
    for (std::size_t i = 0; i < out.size(); ++i) same = same && std::isnan(out[i]) == std::isnan(wanted[i]);
    CHECK(same);
  }
}

TEST_CASE("padding never wins a maximum, and counts as 0 in an average") {
  const pooling p{
      .in = {1, 1, 2}, .out = {1, 2, 3}, .kernel_h = 2, .kernel_w = 2, .padding_h = 1, .padding_w = 1};
  const float in[] = {-4.0f, -8.0f};
  float out[6];
  max_pool(p, in, out);
  for (const int row : {0, 3}) CHECK((out[row] == -4.0f && out[row + 1] == -4.0f && out[row + 2] == -8.0f));
  average_pool(p, in, out);
  for (const int row : {0, 3}) CHECK((out[row] == -1.0f && out[row + 1] == -3.0f && out[row + 2] == -2.0f));
}

TEST_CASE("the mean of a large map keeps its digits") {
  const shape s{3, 300, 300};
  std::mt19937 random(3);
  auto in = reference::uniform(s.size(), random);
  for (float& x : in) x += 10.0f;
  std::vector<float> out(3);
  average_pixels(s, in.data(), out.data());
  CHECK(reference::relative_l2(out, reference::average_pixels(s, in.data())) < 2e-6);
}

}  // namespace
