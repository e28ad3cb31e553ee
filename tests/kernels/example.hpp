// SPDX-License-Identifier: MIT
// example: one convolution with data, run between guards by every architecture and held to the reference.
#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <flexdnn/kernels/convolve.hpp>
#include <flexdnn/kernels/pack.hpp>
#include <limits>
#include <random>
#include <vector>

#include "../reference.hpp"
#include "guarded.hpp"

namespace convolution_test {

using namespace flexdnn;

inline constexpr int vector_lanes = tile_of<native>.lanes;
inline constexpr float quiet_nan = std::numeric_limits<float>::quiet_NaN();

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
  template <class Activation, class Arch, algorithm How = algorithm::direct, bool Ahead = false>
  [[nodiscard]] std::vector<float> got(residual mode, Arch architecture, std::mt19937& random) const {
    const guarded x(in, random);
    guarded packed(packed_size(c, tile_of<Arch>), quiet_nan, random);
    pack(c, tile_of<Arch>, weight.data(), bias.data(), nullptr, nullptr, packed.data());
    const std::vector<float> before(packed.data(), packed.data() + packed.size());
    guarded scratch(scratch_size(c, tile_of<Arch>), quiet_nan, random);
    const guarded apart(added, random);
    guarded out =
        mode == residual::in_place ? guarded(added, random) : guarded(c.out.size(), quiet_nan, random);
    const float* r = mode == residual::none ? nullptr : mode == residual::apart ? apart.data() : out.data();
    convolve<Activation, How, Ahead>(c, x.data(), packed.data(), r, out.data(), scratch.data(), architecture);
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

}  // namespace convolution_test
