// SPDX-License-Identifier: MIT
// relu6 obeys the laws of a layer; NaN passes, infinity is cut.
#include <doctest/doctest.h>

#include "laws.hpp"

using namespace flexdnn;

TEST_CASE("maps of every length") {
  laws<relu6, shape{1, 1, 1}, shape{1, 1, 1}>();
  laws<relu6, shape{3, 5, 7}, shape{3, 5, 7}>();
  laws<relu6, shape{17, 3, 1}, shape{17, 3, 1}>();
}

TEST_CASE("values of PyTorch") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  CHECK(relu6::apply(-0.5F) == doctest::Approx(0.0F));
  CHECK(relu6::apply(5.5F) == doctest::Approx(5.5F));
  CHECK(relu6::apply(6.5F) == doctest::Approx(6.0F));
  CHECK(std::isnan(relu6::apply(std::numeric_limits<float>::quiet_NaN())));
  CHECK(relu6::apply(-infinity) == 0.0F);
  CHECK(relu6::apply(infinity) == 6.0F);
}
