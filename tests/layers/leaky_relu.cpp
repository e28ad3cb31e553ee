// SPDX-License-Identifier: MIT
// leaky_relu obeys the laws of a layer, whatever its slope.
#include <doctest/doctest.h>

#include "laws.hpp"

using namespace flexdnn;

TEST_CASE("maps of every length") {
  laws<leaky_relu<>, shape{1, 1, 1}, shape{1, 1, 1}>();
  laws<leaky_relu<>, shape{3, 5, 7}, shape{3, 5, 7}>();
  laws<leaky_relu<std::ratio<1, 5>>, shape{17, 3, 1}, shape{17, 3, 1}>();
}

TEST_CASE("values of PyTorch") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  CHECK(leaky_relu<>::apply(-2.0F) == doctest::Approx(-0.02F));
  CHECK(leaky_relu<>::apply(2.0F) == doctest::Approx(2.0F));
  CHECK(std::isnan(leaky_relu<>::apply(std::numeric_limits<float>::quiet_NaN())));
  CHECK(leaky_relu<>::apply(-infinity) == -infinity);
  CHECK(leaky_relu<>::apply(infinity) == infinity);
}
