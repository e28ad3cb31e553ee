// SPDX-License-Identifier: MIT
// choose: Winograd where it fits and pays, never where it was switched off; an override is obeyed everywhere.
#include <flexdnn/plan/choose.hpp>

#include <doctest/doctest.h>

#include <flexdnn/flexdnn.hpp>
#include <memory>
#include <vector>

#include "network_laws.hpp"

using namespace flexdnn;

namespace {

constexpr tile avx2{.lanes = 8, .vectors = 2, .pixels = 6, .winograd = true};

constexpr convolution square(int channels, int size) {
  return {.in = {channels, size, size},
          .out = {channels, size, size},
          .kernel_h = 3,
          .kernel_w = 3,
          .padding_h = 1,
          .padding_w = 1};
}

// Measured on Zen 3 with AVX2, direct / F(2,3) / F(4,3) in
// microseconds: 49.9 52.5 29.8, 49.0 35.6 18.7, 49.2 28.6 17.4, 2473 1453 843, 2370 1278 754, 2313 1143 990,
// 2602 1904 2803.
static_assert(choose(square(16, 32), avx2) == algorithm::winograd4);
static_assert(choose(square(32, 16), avx2) == algorithm::winograd4);
static_assert(choose(square(64, 8), avx2) == algorithm::winograd4);
static_assert(choose(square(64, 56), avx2) == algorithm::winograd4);
static_assert(choose(square(128, 28), avx2) == algorithm::winograd4);
static_assert(choose(square(256, 14), avx2) == algorithm::winograd4);
static_assert(choose(square(512, 7), avx2) == algorithm::winograd2);
// Widths that fill no whole vectors, microseconds: 14 channels 43 direct, 23 by F(4,3); 12: 36, 21.
static_assert(choose(square(14, 32), avx2) == algorithm::winograd4);
static_assert(choose(square(12, 32), avx2) == algorithm::winograd4);
// VGG-16's last maps of 2 x 2: weights that grow 1.8 or 4 times and are read once.
static_assert(choose(square(512, 2), avx2) == algorithm::direct);

// Fetched ahead: the last maps of networks that exceed the caches, not their first, and nothing of small
// ones.
static_assert(streamed(square(512, 7), avx2, 4'300'000) && !streamed(square(512, 7), avx2, 2'000'000));
static_assert(streamed(computed(square(256, 14), algorithm::winograd4), avx2, 20'000'000));
static_assert(!streamed(square(64, 56), avx2, 20'000'000) && !streamed(square(32, 16), avx2, 20'000'000));

constexpr convolution changed(auto change) {
  convolution c = square(16, 32);
  change(c);
  return c;
}
static_assert(!winograd_fits(changed([](convolution& c) { c.stride_w = 2; }), avx2));
static_assert(!winograd_fits(changed([](convolution& c) { c.dilation_h = 2; }), avx2));
static_assert(!winograd_fits(changed([](convolution& c) { c.groups = 2; }), avx2));
static_assert(!winograd_fits(changed([](convolution& c) { c.kernel_w = 1; }), avx2));
static_assert(!winograd_fits(changed([](convolution& c) { c.in.channels = 7; }), avx2));
static_assert(winograd_fits(changed([](convolution& c) { c.in.channels = 9; }), avx2));
static_assert(winograd_fits(changed([](convolution& c) { c.out.channels = 1; }), avx2));
static_assert(!winograd_fits(square(16, 32), exact::apply(avx2)));
static_assert(!winograd_fits(square(16, 32), tile_of<scalar>));

using conv = conv2d<64, kernel<3>>;
struct two_convolutions : network<input<64, 12, 12>, conv, relu, max_pool2d<kernel<2>>,
                                  residual<conv, none, relu>, global_average_pool, dense<3>> {};

}  // namespace

/// The second convolution of two_convolutions, overruled on every machine.
template <tile Tile>
inline constexpr algorithm flexdnn::algorithm_of<conv, shape{64, 6, 6}, Tile> = algorithm::direct;

TEST_CASE("an override reaches packing, workspace and kernels alike") {
  network_laws<two_convolutions>();
  using low = lowered<two_convolutions>;
  constexpr shape first = low::steps[0].in;
  CHECK(algorithm_for<conv, first, exact_target::panel>() == algorithm::direct);
  CHECK(algorithm_for<conv, shape{64, 6, 6}, native_target::panel>() == algorithm::direct);
#ifndef FLEXDNN_NO_SIMD
  CHECK(algorithm_for<conv, first, native_target::panel>() == algorithm::winograd4);
  CHECK(sizeof(packed<two_convolutions>) > sizeof(packed<two_convolutions, exact_target>));
#endif
}

TEST_CASE("exact adds products in order: the same network with and without Winograd, by its error") {
  reference::naive naive(5);
  std::mt19937 random(5);
  const std::vector<float> frame = reference::uniform(two_convolutions::frame.size(), random);
  const std::vector<float> wanted = naive.run<two_convolutions>(frame).back();
  const auto values = packed_from<two_convolutions, exact_target>(naive.weights());
  engine<two_convolutions, always_last, exact_target> net{*values};
  net.run(engine<two_convolutions, always_last, exact_target>::frame(frame));
  CHECK(reference::relative_l2(logits_of(net), wanted) < 1e-6);
}
