// SPDX-License-Identifier: MIT
// depthwise_rows: the bits of the direct kernel, by one vector of channels and by two, at every width of a
// row's blocks.
#include <doctest/doctest.h>

#include <flexdnn/layers/depthwise_conv2d.hpp>
#include <random>
#include <vector>

#include "example.hpp"

#ifndef FLEXDNN_NO_SIMD
namespace {

using namespace convolution_test;

template <int Kernel, int Stride, int Padding>
constexpr convolution of(int channels, int height, int width) {
  using layer_type = depthwise_conv2d<kernel<Kernel>, stride<Stride>, padding<Padding>>;
  return computed(layer_type::geometry({channels, height, width}), algorithm::depthwise_rows);
}

template <convolution C>
void same_as_direct() {
  CAPTURE(C.in.width);
  CAPTURE(C.in.channels);
  std::mt19937 random(static_cast<std::uint32_t>(C.in.width));
  const example e(C, random);
  const auto t = tile_of<native>;
  std::vector<float> packed(packed_size(C, t));
  pack(C, t, e.weight.data(), e.bias.data(), nullptr, nullptr, packed.data());
  for (const residual mode : {residual::none, residual::apart, residual::in_place}) {
    const guarded x(e.in, random);
    guarded scratch(scratch_size(C, t), quiet_nan, random);
    guarded out =
        mode == residual::in_place ? guarded(e.added, random) : guarded(C.out.size(), quiet_nan, random);
    const float* r = mode == residual::none ? nullptr : mode == residual::apart ? e.added.data() : out.data();
    convolve_constant<leaky, C>(x.data(), packed.data(), r, out.data(), scratch.data(), native{});
    const bool edges = x.edges_intact() && scratch.edges_intact() && out.edges_intact();
    CHECK(edges);
    const bool same = out.holds(e.got<leaky>(mode, native{}, random));
    CHECK(same);
  }
}

}  // namespace

TEST_CASE("vector by vector: the direct kernel's bits") {
  same_as_direct<of<3, 1, 1>(vector_lanes, 5, 5)>();
  same_as_direct<of<3, 1, 1>(3 * vector_lanes, 6, 17)>();
  same_as_direct<of<3, 2, 1>(2 * vector_lanes, 9, 12)>();
  same_as_direct<of<5, 1, 2>(vector_lanes, 7, 8)>();
  same_as_direct<of<5, 2, 0>(2 * vector_lanes, 8, 13)>();
  same_as_direct<of<3, 1, 0>(vector_lanes, 3, 3)>();
  same_as_direct<of<3, 1, 1>(vector_lanes, 1, 1)>();
  same_as_direct<of<3, 1, 1>(8, 5, 19)>();  // half a vector of AVX-512
  same_as_direct<of<5, 2, 2>(24, 6, 11)>();
}

TEST_CASE("two vectors at once: the direct kernel's bits") {
  static_assert(detail::depthwise_cut{of<3, 1, 1>(512, 4, 10)}.vectors == 2);
  same_as_direct<of<3, 1, 1>(512, 4, 10)>();
  same_as_direct<of<3, 2, 1>(512, 5, 7)>();
  same_as_direct<of<5, 1, 2>(512, 5, 6)>();
  same_as_direct<of<3, 1, 1>(512, 1, 2)>();
  same_as_direct<of<5, 2, 1>(512, 8, 9)>();
  same_as_direct<of<3, 1, 5>(512, 4, 4)>();
}
#endif
