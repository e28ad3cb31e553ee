// SPDX-License-Identifier: MIT
// flatten obeys the laws of a layer: PyTorch's order.
#include <doctest/doctest.h>

#include "laws.hpp"

using namespace flexdnn;

TEST_CASE("channel by channel") {
  laws<flatten, shape{1, 1, 1}, shape{1, 1, 1}>();
  laws<flatten, shape{9, 1, 1}, shape{9, 1, 1}>();
  laws<flatten, shape{3, 2, 5}, shape{30, 1, 1}>();
  laws<flatten, shape{17, 7, 1}, shape{119, 1, 1}>();
}
