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

TEST_CASE("windows over the end, SAME, padding that differs from side to side") {
  laws<max_pool2d<kernel<3>, stride<2>, ceil_mode>, shape{3, 6, 7}, shape{3, 3, 3}>();
  laws<max_pool2d<kernel<3>, stride<2>, padding<1>, ceil_mode>, shape{17, 6, 8}, shape{17, 4, 5}>();
  laws<max_pool2d<kernel<2>, stride<3>, ceil_mode>, shape{5, 3, 6}, shape{5, 1, 2}>();
  laws<max_pool2d<kernel<2>, stride<2>, padding<0, 0, 1, 1>>, shape{4, 5, 7}, shape{4, 3, 4}>();
  laws<max_pool2d<kernel<3>, stride<2>, same_padding>, shape{9, 8, 9}, shape{9, 4, 5}>();
  laws<max_pool2d<kernel<2>, stride<1>, same_padding>, shape{3, 4, 5}, shape{3, 4, 5}>();
}
