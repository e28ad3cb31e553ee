// SPDX-License-Identifier: MIT
// swish obeys the laws of a layer; values of PyTorch's SiLU.
#include <doctest/doctest.h>

#include "laws.hpp"

using namespace flexdnn;

TEST_CASE("maps of every length") {
  laws<swish, shape{1, 1, 1}, shape{1, 1, 1}>();
  laws<swish, shape{3, 5, 7}, shape{3, 5, 7}>();
  laws<swish, shape{17, 3, 1}, shape{17, 3, 1}>();
}

TEST_CASE("values of PyTorch") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  CHECK(swish::apply(0.0F) == doctest::Approx(0.0F));
  CHECK(swish::apply(1.0F) == doctest::Approx(0.73105858F));
  CHECK(swish::apply(-3.0F) == doctest::Approx(-0.14227762F));
  CHECK(swish::apply(-100.0F) == doctest::Approx(0.0F));
  CHECK(std::isnan(swish::apply(std::numeric_limits<float>::quiet_NaN())));
  CHECK(swish::apply(infinity) == infinity);
}
