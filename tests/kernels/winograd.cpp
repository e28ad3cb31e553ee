// SPDX-License-Identifier: MIT
// winograd: every tile size against the double-precision reference, over extents, paddings and channels.
#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "example.hpp"
#include "slow_build.hpp"

#ifndef FLEXDNN_NO_SIMD
namespace {

using namespace convolution_test;

/// 3x3 with stride 1: a vector of input channels or more, up to two panels and a half; any padding, also past
/// the end.
convolution random_tiled(std::mt19937& random) {
  const auto draw = [&](int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random);
  };
  constexpr int lanes = tile_of<native>.lanes;
  convolution c;
  c.kernel_h = c.kernel_w = 3;
  c.padding_h = draw(0, 2), c.padding_w = draw(0, 2);
  c.in = {draw(std::min(lanes, 8), 5 * lanes), draw(3, 15), draw(3, 15)};
  c.out = {draw(1, 5 * lanes), c.in.height + c.padding_h + draw(0, 2) - 2,
           c.in.width + c.padding_w + draw(0, 2) - 2};
  return c;
}

/// The largest relative L2 error over random shapes; `most` is what toom_cook's points lead to.
template <algorithm How, class Activation>
void agrees(double most) {
  std::mt19937 random(static_cast<std::uint32_t>(How));
  double worst = 0, apart = 0;
  for (int i = 0; i < (slow_build ? 30 : 150); ++i) {
    example e(computed(random_tiled(random), How), random);
    CAPTURE(e.c.in.height);
    CAPTURE(e.c.in.width);
    const auto mode = static_cast<residual>(i % 3);
    const std::vector<float> got = e.got<Activation, native, How>(mode, native{}, random);
    worst = std::max(worst, reference::relative_l2(got, e.wanted<Activation>(mode)));
    const std::vector<float> plain = e.got<Activation, scalar, How>(mode, scalar{}, random);
    worst = std::max(worst, reference::relative_l2(plain, e.wanted<Activation>(mode)));
    apart = std::max(apart, reference::relative_l2(got, plain));
  }
  CHECK(worst < most);
  CHECK(apart < most);
}

TEST_CASE("F(m,3) x F(m,3) agrees with the reference over random shapes, paddings and residuals") {
  agrees<algorithm::winograd2, leaky>(1e-6);
  agrees<algorithm::winograd4, leaky>(4e-6);
  agrees<algorithm::winograd6, identity>(1e-5);
}

TEST_CASE("maps of several blocks of tiles") {
  std::mt19937 random(9);
  constexpr int lanes = tile_of<native>.lanes;
  convolution c{.in = {6 * lanes, 41, 38}, .out = {2 * lanes, 41, 38}, .kernel_h = 3, .kernel_w = 3};
  c.padding_h = c.padding_w = 1;
  c.how = algorithm::winograd4;
  CHECK(winograd_blocks(c, 4).most < winograd_blocks(c, 4).tiles);
  const example e(c, random);
  const auto got = e.got<leaky, native, algorithm::winograd4>(residual::in_place, native{}, random);
  CHECK(reference::relative_l2(got, e.wanted<leaky>(residual::in_place)) < 4e-6);
}

TEST_CASE("weights fetched ahead change no bit") {
  std::mt19937 random(10);
  for (int i = 0; i < 20; ++i) {
    const example e(computed(random_tiled(random), algorithm::winograd4), random);
    CHECK(e.got<leaky, native, algorithm::winograd4, true>(residual::apart, native{}, random) ==
          e.got<leaky, native, algorithm::winograd4>(residual::apart, native{}, random));
    CHECK(e.got<leaky, native, algorithm::direct, true>(residual::apart, native{}, random) ==
          e.got<leaky, native>(residual::apart, native{}, random));
  }
}

}  // namespace
#endif
