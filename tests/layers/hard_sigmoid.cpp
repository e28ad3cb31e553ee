// SPDX-License-Identifier: MIT
// hard_sigmoid obeys the laws of a layer; saturates at -3 and 3.
#include <doctest/doctest.h>

#include "laws.hpp"

using namespace flexdnn;

TEST_CASE("maps of every length") {
  laws<hard_sigmoid, shape{1, 1, 1}, shape{1, 1, 1}>();
  laws<hard_sigmoid, shape{3, 5, 7}, shape{3, 5, 7}>();
  laws<hard_sigmoid, shape{17, 3, 1}, shape{17, 3, 1}>();
}

TEST_CASE("values of PyTorch") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  CHECK(hard_sigmoid::apply(-3.5F) == doctest::Approx(0.0F));
  CHECK(hard_sigmoid::apply(0.0F) == doctest::Approx(0.5F));
  CHECK(hard_sigmoid::apply(1.5F) == doctest::Approx(0.75F));
  CHECK(hard_sigmoid::apply(3.5F) == doctest::Approx(1.0F));
  CHECK(std::isnan(hard_sigmoid::apply(std::numeric_limits<float>::quiet_NaN())));
  CHECK(hard_sigmoid::apply(-infinity) == 0.0F);
  CHECK(hard_sigmoid::apply(infinity) == 1.0F);
}
