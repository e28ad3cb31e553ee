// SPDX-License-Identifier: MIT
// relu obeys the laws of a layer, and lets NaN through.
#include <doctest/doctest.h>

#include "laws.hpp"

using namespace flexdnn;

TEST_CASE("maps of every length") {
  laws<relu, shape{1, 1, 1}, shape{1, 1, 1}>();
  laws<relu, shape{3, 5, 7}, shape{3, 5, 7}>();
  laws<relu, shape{17, 3, 1}, shape{17, 3, 1}>();
}

TEST_CASE("NaN stays NaN, infinity and zero stay themselves") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  CHECK(std::isnan(relu::apply(std::numeric_limits<float>::quiet_NaN())));
  CHECK(relu::apply(infinity) == infinity);
  CHECK(relu::apply(-infinity) == 0.0F);
  CHECK(relu::apply(0.0F) == 0.0F);
}
