// SPDX-License-Identifier: MIT
// convolve: every architecture against the double-precision reference, over random shapes and options.
#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <flexdnn/kernels/convolve.hpp>
#include <flexdnn/kernels/pack.hpp>
#include <limits>
#include <random>
#include <vector>

#include "../reference.hpp"
#include "guarded.hpp"

namespace {

using namespace flexdnn;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

struct leaky {
  template <class V>
  static V apply(V x) {
    return select(x < V(0.0f), x * V(0.25f), x);
  }
  static double apply(double x) { return x < 0 ? x * 0.25 : x; }
};

enum class residual { none, apart, in_place };

/// One convolution's data, and what any kernel must make of it.
struct example {
  convolution c;
  std::vector<float> in, weight, bias, added;

  example(const convolution& shape, std::mt19937& random)
      : c(shape),
        in(reference::uniform(c.in.size(), random)),
        weight(reference::uniform(static_cast<std::size_t>(c.out.channels * c.taps()), random)),
        bias(reference::uniform(static_cast<std::size_t>(c.out.channels), random)),
        added(reference::uniform(c.out.size(), random)) {}

  template <class Activation>
  [[nodiscard]] std::vector<double> wanted(residual mode) const {
    std::vector<double> y = reference::convolve(c, in.data(), weight.data(), bias.data());
    for (std::size_t i = 0; i < y.size(); ++i) {
      if (mode != residual::none) y[i] += static_cast<double>(added[i]);
      y[i] = Activation::apply(y[i]);
    }
    return y;
  }

  /// Runs the kernel between guards. Scratch and output start as NaN: what is read before it is written, or
  /// never written, shows in the result.
  template <class Activation, class Arch>
  [[nodiscard]] std::vector<float> got(residual mode, Arch architecture, std::mt19937& random) const {
    const guarded x(in, random);
    guarded packed(packed_size(c, tile_of<Arch>), nan, random);
    pack(c, tile_of<Arch>, weight.data(), bias.data(), nullptr, nullptr, packed.data());
    const std::vector<float> before(packed.data(), packed.data() + packed.size());
    guarded scratch(scratch_size(c), nan, random);
    const guarded apart(added, random);
    guarded out = mode == residual::in_place ? guarded(added, random) : guarded(c.out.size(), nan, random);
    const float* r = mode == residual::none ? nullptr : mode == residual::apart ? apart.data() : out.data();
    convolve<Activation>(c, x.data(), packed.data(), r, out.data(), scratch.data(), architecture);
    const bool edges = x.edges_intact() && packed.edges_intact() && scratch.edges_intact() &&
                       apart.edges_intact() && out.edges_intact();
    CHECK(edges);
    const bool inputs = x.holds(in) && packed.holds(before) && apart.holds(added);
    CHECK(inputs);
    return {out.data(), out.data() + out.size()};
  }
};

template <class Activation>
void check(const example& e, residual mode, std::mt19937& random) {
  CAPTURE(e.c.in.channels);
  CAPTURE(e.c.in.height);
  CAPTURE(e.c.in.width);
  CAPTURE(e.c.out.channels);
  CAPTURE(e.c.groups);
  CAPTURE(e.c.kernel_h);
  CAPTURE(e.c.kernel_w);
  CAPTURE(static_cast<int>(mode));
  const std::vector<double> wanted = e.wanted<Activation>(mode);
  const std::vector<float> plain = e.got<Activation>(mode, scalar{}, random);
  CHECK(reference::relative_l2(plain, wanted) < 1e-5);
  const std::vector<float> fast = e.got<Activation>(mode, native{}, random);
  CHECK(reference::relative_l2(fast, wanted) < 1e-5);
  CHECK(reference::relative_l2(fast, plain) < 1e-5);
}

convolution square(int kernel, int channels, int outputs, int size) {
  return {.in = {channels, size, size},
          .out = {outputs, size, size},
          .kernel_h = kernel,
          .kernel_w = kernel,
          .padding_h = kernel / 2,
          .padding_w = kernel / 2};
}

TEST_CASE("convolve agrees with the reference over random shapes and options") {
  std::mt19937 random(1);
  for (int i = 0; i < 400; ++i) {
    const example e(reference::random_convolution(random), random);
    const auto mode = static_cast<residual>(i % 3);
    i % 2 == 0 ? check<identity>(e, mode, random) : check<leaky>(e, mode, random);
  }
}

TEST_CASE("convolve agrees where a map takes several bands") {
  std::mt19937 random(2);
  for (const convolution& c : {square(3, 48, 20, 24), square(5, 24, 17, 33), square(1, 130, 9, 20)}) {
    CHECK(band_rows(c) < c.out.height);
    const example e(c, random);
    check<leaky>(e, residual::in_place, random);
  }
}

TEST_CASE("a dense layer is a convolution of one pixel") {
  std::mt19937 random(3);
  for (const int inputs : {1, 3, 4, 5, 63, 64, 65, 130}) {
    for (const int outputs : {1, 2, 10, 15, 16, 17, 33, 100}) {
      const example e({.in = {inputs, 1, 1}, .out = {outputs, 1, 1}}, random);
      check<identity>(e, residual::none, random);
    }
  }
}

TEST_CASE("every number of pixels from 1 to two register tiles") {
  std::mt19937 random(4);
  for (int width = 1; width <= 2 * tile_of<native>.pixels; ++width) {
    const example e({.in = {5, 1, width}, .out = {tile_of<native>.panel() + 1, 1, width}}, random);
    check<leaky>(e, residual::apart, random);
  }
}

TEST_CASE("a NaN in the input reaches exactly the outputs that read it, through the activation") {
  std::mt19937 random(5);
  for (const int groups : {1, 20}) {
    convolution c = square(3, 20, 20, 9);
    c.groups = groups;
    example e(c, random);
    e.in[reference::at(c.in, 7, 4, 4)] = nan;
    const std::vector<double> wanted = e.wanted<identity>(residual::none);
    for (const auto& y : {e.got<leaky>(residual::none, scalar{}, random), e.got<leaky>(residual::none, native{}, random)}) {
      for (std::size_t i = 0; i < y.size(); ++i) CHECK(std::isnan(y[i]) == std::isnan(wanted[i]));
    }
  }
}

}  // namespace
