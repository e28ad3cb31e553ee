// SPDX-License-Identifier: MIT
// hard_swish obeys the laws of a layer; 0 below -3, x above 3.
#include <doctest/doctest.h>

#include "laws.hpp"

using namespace flexdnn;

TEST_CASE("maps of every length") {
  laws<hard_swish, shape{1, 1, 1}, shape{1, 1, 1}>();
  laws<hard_swish, shape{3, 5, 7}, shape{3, 5, 7}>();
  laws<hard_swish, shape{17, 3, 1}, shape{17, 3, 1}>();
}

TEST_CASE("values of PyTorch") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  CHECK(hard_swish::apply(-3.5F) == doctest::Approx(0.0F));
  CHECK(hard_swish::apply(-1.5F) == doctest::Approx(-0.375F));
  CHECK(hard_swish::apply(1.0F) == doctest::Approx(0.66666667F));
  CHECK(hard_swish::apply(4.0F) == doctest::Approx(4.0F));
  CHECK(std::isnan(hard_swish::apply(std::numeric_limits<float>::quiet_NaN())));
  CHECK(hard_swish::apply(infinity) == infinity);
}
