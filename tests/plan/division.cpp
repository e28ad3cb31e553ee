// SPDX-License-Identifier: MIT
// division: the shares of the SIMD kernels are the whole, bit by bit; what pays is divided, along which axis.
#include <flexdnn/plan/division.hpp>

#include <doctest/doctest.h>

#include <flexdnn/kernels/convolve.hpp>
#include <flexdnn/kernels/pack.hpp>
#include <random>
#include <vector>

#include "reference.hpp"
#include "slow_build.hpp"

namespace division_test {

using namespace flexdnn;

constexpr tile avx2{.lanes = 8, .vectors = 2, .pixels = 6, .winograd = true};

constexpr convolution square(int in, int out, int size, int kernel) {
  return {.in = {in, size, size},
          .out = {out, size, size},
          .kernel_h = kernel,
          .kernel_w = kernel,
          .padding_h = kernel / 2,
          .padding_w = kernel / 2};
}

// Blocks of one vector want 5 pixels: 19 are 5 5 5 4. Two vectors want 3, and never get less.
static_assert(steady_pixels(square(8, 24, 9, 1), avx2) == 20);
static_assert(steady_pixels(square(8, 32, 9, 1), avx2) == 3);
static_assert(steady_pixels(square(8, 24, 9, 1), tile_of<scalar>) == 1);

// A map of many rows; weights that are more than the map; a map of one pixel; too little to be worth it.
static_assert(divide(computed(square(64, 64, 56, 3), algorithm::winograd4), avx2, 2) == axis::rows);
static_assert(divide(square(64, 256, 56, 1), avx2, 2) == axis::rows);
static_assert(divide(computed(square(512, 512, 7, 3), algorithm::winograd2), avx2, 2) == axis::panels);
static_assert(divide(square(512, 2048, 7, 1), avx2, 4) == axis::panels);
static_assert(divide(square(25088, 4096, 1, 1), avx2, 8) == axis::panels);
static_assert(divide(square(64, 10, 1, 1), avx2, 2) == axis::none);
static_assert(divide(square(16, 16, 8, 1), avx2, 2) == axis::none);
// One panel of one vector, in bands of 7 and 14 pixels: rows would change the last bits.
static_assert(divide(square(256, 8, 7, 3), avx2, 4) == axis::none);

/// Whole vectors of channels or any number; up to three panels.
convolution random_layer(algorithm how, std::mt19937& random) {
  const auto draw = [&](int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random);
  };
  const int unit = how == algorithm::direct ? 1 : tile_of<native>.lanes;
  const int most = 3 * tile_of<native>.panel() / unit;
  convolution c =
      square(unit * draw(2, 6), unit * draw(1, most), 1, how == algorithm::direct ? 2 * draw(0, 2) + 1 : 3);
  c.in.height = draw(1, 30), c.in.width = draw(1, 30);
  c.stride_h = c.stride_w = how == algorithm::direct ? draw(1, 2) : 1;
  c.out.height = (c.in.height - 1) / c.stride_h + 1;
  c.out.width = (c.in.width - 1) / c.stride_w + 1;
  return computed(c, how);
}

struct tally {
  int same = 0, other = 0;
};

template <algorithm How>
void shares_are_the_whole(tally& counted) {
  std::mt19937 random(static_cast<std::uint32_t>(How) + 1);
  constexpr tile t = tile_of<native>;
  for (int i = 0; i < (slow_build ? 8 : 60); ++i) {
    const convolution c = random_layer(How, random);
    CAPTURE(c.in.channels);
    CAPTURE(c.out.channels);
    CAPTURE(c.out.height);
    CAPTURE(c.out.width);
    CAPTURE(c.kernel_h);
    const auto in = reference::uniform(c.in.size(), random), added = reference::uniform(c.out.size(), random);
    const auto weight = reference::uniform(static_cast<std::size_t>(c.out.channels * c.taps()), random);
    std::vector<float> packed(packed_size(c, t)), scratch(scratch_size(c, t)), whole(c.out.size());
    pack(c, t, weight.data(), nullptr, nullptr, nullptr, packed.data());
    convolve<identity, How>(c, in.data(), packed.data(), added.data(), whole.data(), scratch.data(),
                            native{});
    for (const axis by : {axis::rows, axis::panels}) {
      for (const int shares : {2, 3, 5}) {
        CAPTURE(shares);
        CAPTURE(static_cast<int>(by));
        ++(same_bits(c, t, by, shares) ? counted.same : counted.other);
        if (!same_bits(c, t, by, shares)) continue;
        std::vector<float> own(share_scratch(c, t, by, shares));
        std::vector<float> got(whole.size(), std::numeric_limits<float>::quiet_NaN());
        for (int share = 0; share < shares; ++share) {
          const part<convolution> p = share_of(c, t, by, share, shares);
          if (p.geometry.out.size() == 0) continue;
          CHECK(scratch_size(p.geometry, t) <= own.size());
          convolve<identity, How>(p.geometry, in.data() + p.in, packed.data() + p.packed,
                                  added.data() + p.out, got.data() + p.out, own.data(), native{});
        }
        const bool equal = got == whole;
        CHECK(equal);
      }
    }
  }
}

}  // namespace division_test

TEST_CASE("shares of any number, along both axes, are the whole") {
  using namespace division_test;
  tally counted;
  shares_are_the_whole<algorithm::direct>(counted);
#ifndef FLEXDNN_NO_SIMD
  shares_are_the_whole<algorithm::winograd2>(counted);
  shares_are_the_whole<algorithm::winograd4>(counted);
  CHECK(counted.other > 0);
#endif
  CHECK(counted.same > 2 * counted.other);
}
