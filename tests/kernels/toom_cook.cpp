// SPDX-License-Identifier: MIT
// toom_cook: F(m,3) is a correlation, and F(4,3) the published matrices.
#include <flexdnn/kernels/toom_cook.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <random>

using flexdnn::toom_cook;

namespace {

/// output [(filter g) * (input d)] against sum_k g[k] d[j + k], for random g and d.
template <int Outputs>
void correlates() {
  using F = toom_cook<Outputs>;
  std::mt19937 random(Outputs);
  std::uniform_real_distribution<double> value(-1, 1);
  for (int trial = 0; trial < 20; ++trial) {
    std::array<double, F::points> d{}, product{};
    std::array<double, 3> g{};
    for (double& x : d) x = value(random);
    for (double& x : g) x = value(random);
    for (std::size_t i = 0; i < F::points; ++i) {
      double there = 0, filter = 0;
      for (std::size_t k = 0; k < F::points; ++k) there += F::input[i][k] * d[k];
      for (std::size_t k = 0; k < 3; ++k) filter += F::filter[i][k] * g[k];
      product[i] = there * filter;
    }
    for (std::size_t j = 0; j < Outputs; ++j) {
      double got = 0;
      for (std::size_t i = 0; i < F::points; ++i) got += F::output[j][i] * product[i];
      CHECK(std::abs(got - (g[0] * d[j] + g[1] * d[j + 1] + g[2] * d[j + 2])) < 1e-13);
    }
  }
}

}  // namespace

TEST_CASE("F(2,3), F(4,3) and F(6,3) are correlations with three taps") {
  correlates<2>();
  correlates<4>();
  correlates<6>();
}

TEST_CASE("point 1 reaches every output with factor 1: where packed weights keep the bias") {
  for (const auto& row : toom_cook<2>::output) CHECK(row[1] == 1);
  for (const auto& row : toom_cook<4>::output) CHECK(row[1] == 1);
  for (const auto& row : toom_cook<6>::output) CHECK(row[1] == 1);
}

TEST_CASE("the matrices of F(4,3) are those of Lavin and Gray 2016") {
  using F = toom_cook<4>;
  using row = std::array<double, 6>;
  CHECK(F::input[0] == row{4, 0, -5, 0, 1, 0});
  CHECK(F::input[1] == row{0, -4, -4, 1, 1, 0});
  CHECK(F::input[2] == row{0, 4, -4, -1, 1, 0});
  CHECK(F::input[3] == row{0, -2, -1, 2, 1, 0});
  CHECK(F::input[4] == row{0, 2, -1, -2, 1, 0});
  CHECK(F::input[5] == row{0, 4, 0, -5, 0, 1});
  CHECK(F::output[0] == row{1, 1, 1, 1, 1, 0});
  CHECK(F::output[1] == row{0, 1, -1, 2, -2, 0});
  CHECK(F::output[2] == row{0, 1, 1, 4, 4, 0});
  CHECK(F::output[3] == row{0, 1, -1, 8, -8, 1});
  CHECK(F::filter[0] == std::array<double, 3>{1.0 / 4, 0, 0});
  CHECK(F::filter[1] == std::array<double, 3>{-1.0 / 6, -1.0 / 6, -1.0 / 6});
  CHECK(F::filter[3] == std::array<double, 3>{1.0 / 24, 1.0 / 12, 1.0 / 6});
  CHECK(F::filter[5] == std::array<double, 3>{0, 0, 1});
}
