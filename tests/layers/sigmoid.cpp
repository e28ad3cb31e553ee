// SPDX-License-Identifier: MIT
// sigmoid obeys the laws of a layer and never overflows.
#include <doctest/doctest.h>

#include "laws.hpp"

using namespace flexdnn;

TEST_CASE("maps of every length") {
  laws<sigmoid, shape{1, 1, 1}, shape{1, 1, 1}>();
  laws<sigmoid, shape{3, 5, 7}, shape{3, 5, 7}>();
  laws<sigmoid, shape{17, 3, 1}, shape{17, 3, 1}>();
}

TEST_CASE("values of PyTorch") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  CHECK(sigmoid::apply(0.0F) == doctest::Approx(0.5F));
  CHECK(sigmoid::apply(1.0F) == doctest::Approx(0.73105858F));
  CHECK(sigmoid::apply(-3.0F) == doctest::Approx(0.04742587F));
  CHECK(sigmoid::apply(-90.0F) == doctest::Approx(0.0F));
  CHECK(sigmoid::apply(90.0F) == doctest::Approx(1.0F));
  CHECK(std::isnan(sigmoid::apply(std::numeric_limits<float>::quiet_NaN())));
  CHECK(sigmoid::apply(-infinity) == 0.0F);
  CHECK(sigmoid::apply(infinity) == 1.0F);
}
