// SPDX-License-Identifier: MIT
// activate: element-wise kernels, apart and in place, on all small sizes, with NaN and infinity.
#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstring>
#include <flexdnn/kernels/activate.hpp>
#include <flexdnn/kernels/convolve.hpp>
#include <limits>
#include <random>
#include <vector>

#include "../reference.hpp"
#include "guarded.hpp"

namespace {

using namespace flexdnn;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

struct relu {
  template <class V>
  static V apply(V x) {
    return max(V(0.0f), x);
  }
};

TEST_CASE("activate is the activation of every element, in place too") {
  std::mt19937 random(1);
  for (std::size_t n = 0; n < 70; ++n) {
    const auto values = reference::uniform(n, random);
    const guarded in(values, random);
    guarded apart(n, nan, random);
    guarded same(values, random);
    activate<relu>(n, in.data(), apart.data());
    activate<relu>(n, same.data(), same.data());
    bool right = true;
    for (std::size_t i = 0; i < n; ++i) {
      const float wanted = values[i] < 0 ? 0.0f : values[i];
      right = right && apart[i] == wanted && same[i] == wanted;
    }
    CHECK(right);
    CHECK((in.holds(values) && in.edges_intact() && apart.edges_intact() && same.edges_intact()));
  }
}

template <class V>
void bounds_let_nan_through() {
  for (const float x : {nan, -infinity, -1.0f, -0.0f, 0.5f, 7.0f, infinity}) {
    const V above = max(V(0.0f), V(x)), between = clamp(V(x), 0.0f, 6.0f);
    float got[2][sizeof(V) / sizeof(float)];
    std::memcpy(got[0], &above, sizeof above);
    std::memcpy(got[1], &between, sizeof between);
    for (std::size_t i = 0; i < sizeof(V) / sizeof(float); ++i) {
      const bool right =
          std::isnan(x) ? std::isnan(got[0][i]) && std::isnan(got[1][i])
                        : got[0][i] == std::fmax(x, 0.0f) && got[1][i] == std::fmin(std::fmax(x, 0.0f), 6.0f);
      CHECK(right);
    }
  }
}

TEST_CASE("max and clamp give NaN for NaN, as floats and as vectors") {
  bounds_let_nan_through<float>();
#ifndef FLEXDNN_NO_SIMD
  bounds_let_nan_through<xsimd::batch<float>>();
#endif
}

TEST_CASE("relu keeps NaN and infinity") {
  for (const std::size_t n : {1U, 8U, 40U}) {
    for (std::size_t at = 0; at < n; ++at) {
      std::vector<float> x(n, -1.0f);
      x[at] = nan;
      activate<relu>(n, x.data(), x.data());
      CHECK(std::isnan(x[at]));
      x.assign(n, -infinity);
      x[at] = infinity;
      activate<relu>(n, x.data(), x.data());
      for (std::size_t i = 0; i < n; ++i) CHECK(x[i] == (i == at ? infinity : 0.0f));
    }
  }
}

TEST_CASE("add is the activation of the sum; the output may be either side") {
  std::mt19937 random(2);
  for (std::size_t n = 0; n < 70; ++n) {
    const auto a = reference::uniform(n, random);
    const auto b = reference::uniform(n, random);
    const guarded left(a, random);
    const guarded right(b, random);
    guarded apart(n, nan, random);
    guarded over_left(a, random);
    guarded over_right(b, random);
    guarded twice(a, random);
    add<relu>(n, left.data(), right.data(), apart.data());
    add<relu>(n, over_left.data(), right.data(), over_left.data());
    add<relu>(n, left.data(), over_right.data(), over_right.data());
    add<identity>(n, twice.data(), twice.data(), twice.data());
    bool same = true;
    for (std::size_t i = 0; i < n; ++i) {
      const float sum = a[i] + b[i];
      const float wanted = sum < 0 ? 0.0f : sum;
      same = same && apart[i] == wanted && over_left[i] == wanted && over_right[i] == wanted;
      same = same && twice[i] == a[i] + a[i];
    }
    CHECK(same);
    CHECK((apart.edges_intact() && over_left.edges_intact() && over_right.edges_intact() &&
           twice.edges_intact()));
    CHECK((left.holds(a) && right.holds(b)));
  }
}

TEST_CASE("scale_shift is affine by channel, in place too") {
  std::mt19937 random(3);
  for (const int channels : {1, 3, 7, 8, 9, 33}) {
    for (const int pixels : {1, 2, 13}) {
      const auto n = static_cast<std::size_t>(channels * pixels);
      const auto values = reference::uniform(n, random);
      const guarded scale(reference::uniform(static_cast<std::size_t>(channels), random), random);
      const guarded shift(reference::uniform(static_cast<std::size_t>(channels), random), random);
      const guarded in(values, random);
      guarded apart(n, nan, random);
      guarded same(values, random);
      scale_shift<relu>(channels, pixels, in.data(), scale.data(), shift.data(), apart.data());
      scale_shift<relu>(channels, pixels, same.data(), scale.data(), shift.data(), same.data());
      std::vector<double> wanted(n);
      for (std::size_t i = 0; i < n; ++i) {
        const std::size_t c = i % static_cast<std::size_t>(channels);
        const double y =
            static_cast<double>(values[i]) * static_cast<double>(scale[c]) + static_cast<double>(shift[c]);
        wanted[i] = y < 0 ? 0 : y;
      }
      CHECK(reference::relative_l2(apart, wanted) < 1e-6);
      CHECK(reference::relative_l2(same, wanted) < 1e-6);
      CHECK((in.holds(values) && apart.edges_intact() && same.edges_intact()));
    }
  }
}

}  // namespace
