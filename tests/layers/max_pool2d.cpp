// SPDX-License-Identifier: MIT
// max_pool2d obeys the laws of a layer; stride defaults to the kernel.
#include <doctest/doctest.h>

#include "laws.hpp"

using namespace flexdnn;

TEST_CASE("windows, strides and padding") {
  laws<max_pool2d<>, shape{1, 1, 1}, shape{1, 1, 1}>();
  laws<max_pool2d<kernel<2>>, shape{3, 5, 6}, shape{3, 2, 3}>();
  laws<max_pool2d<kernel<3>, stride<2>, padding<1>>, shape{7, 7, 8}, shape{7, 4, 4}>();
  laws<max_pool2d<kernel<3>, stride<1>, padding<1>>, shape{9, 1, 1}, shape{9, 1, 1}>();
  laws<max_pool2d<kernel<2, 3>, stride<1, 2>, padding<0, 1>>, shape{17, 4, 5}, shape{17, 3, 3}>();
  laws<max_pool2d<kernel<4, 1>>, shape{8, 9, 2}, shape{8, 2, 2}>();
}
