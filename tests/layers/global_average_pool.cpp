// SPDX-License-Identifier: MIT
// global_average_pool obeys the laws of a layer.
#include <doctest/doctest.h>

#include "laws.hpp"

using namespace flexdnn;

TEST_CASE("maps to vectors") {
  laws<global_average_pool, shape{1, 1, 1}, shape{1, 1, 1}>();
  laws<global_average_pool, shape{3, 5, 7}, shape{3, 1, 1}>();
  laws<global_average_pool, shape{17, 8, 8}, shape{17, 1, 1}>();
  laws<global_average_pool, shape{64, 1, 3}, shape{64, 1, 1}>();
}
