// SPDX-License-Identifier: MIT
// convolution: what the description says about itself, which plans rely on at compile time.
#include <doctest/doctest.h>

#include <flexdnn/kernels/convolution.hpp>
#include <random>

#include "../reference.hpp"

namespace {

using flexdnn::convolution;
using flexdnn::tile;

constexpr convolution stem{
    .in = {3, 32, 32}, .out = {16, 32, 32}, .kernel_h = 3, .kernel_w = 3, .padding_h = 1, .padding_w = 1};
static_assert(stem.taps() == 27 && stem.macs() == 442368 && stem.padded() && !stem.pointwise() &&
              !stem.depthwise());
static_assert(packed_size(stem, tile{8, 2, 6}) == 16 * 28);
static_assert(packed_size(stem, tile{16, 2, 12}) == 32 * 28);

constexpr convolution dense{.in = {64, 1, 1}, .out = {10, 1, 1}};
static_assert(dense.pointwise() && dense.macs() == 640 && scratch_size(dense) == 0);
static_assert(packed_size(dense, tile{4, 2, 6}) == 16 * 65);

constexpr convolution separable{.in = {24, 8, 8},
                                .out = {24, 8, 8},
                                .kernel_h = 3,
                                .kernel_w = 3,
                                .padding_h = 1,
                                .padding_w = 1,
                                .groups = 24};
static_assert(separable.depthwise() && separable.macs() == 9 * 24 * 64 && scratch_size(separable) == 0);
static_assert(packed_size(separable, tile{8, 2, 6}) == 24 * 10);

TEST_CASE("bands cover the output with at least a row, and enough pixels to pay for reading the weights") {
  std::mt19937 random(1);
  for (int n = 0; n < 500; ++n) {
    const convolution c = reference::random_convolution(random);
    const int rows = band_rows(c);
    CHECK((rows >= 1 && rows <= c.out.height));
    CHECK((rows == c.out.height || rows * c.out.width >= 48));
    CHECK((scratch_size(c) > 0) == (c.padded() && !c.depthwise()));
  }
}

}  // namespace
