// SPDX-License-Identifier: MIT
// depthwise_conv2d obeys the laws of a layer.
#include <doctest/doctest.h>

#include "laws.hpp"

using namespace flexdnn;

TEST_CASE("one filter a channel") {
  laws<depthwise_conv2d<>, shape{1, 1, 1}, shape{1, 1, 1}>();
  laws<depthwise_conv2d<kernel<3>>, shape{3, 5, 4}, shape{3, 5, 4}>();
  laws<depthwise_conv2d<kernel<3>, stride<2>, bias<false>>, shape{7, 6, 7}, shape{7, 3, 4}>();
  laws<depthwise_conv2d<kernel<3>>, shape{8, 4, 4}, shape{8, 4, 4}>();
  laws<depthwise_conv2d<kernel<5, 3>>, shape{9, 4, 4}, shape{9, 4, 4}>();
  laws<depthwise_conv2d<kernel<3>, dilation<2>, padding<1>>, shape{17, 6, 5}, shape{17, 4, 3}>();
  laws<depthwise_conv2d<kernel<3>, stride<1, 2>>, shape{33, 3, 5}, shape{33, 3, 3}>();
}

TEST_CASE("padding that differs from side to side") {
  laws<depthwise_conv2d<kernel<3>, stride<2>, same_padding>, shape{9, 8, 9}, shape{9, 4, 5}>();
  laws<depthwise_conv2d<kernel<3>, padding<0, 2, 1, 0>>, shape{16, 4, 3}, shape{16, 3, 3}>();
  laws<depthwise_conv2d<kernel<5>, stride<2>, same_padding>, shape{3, 3, 12}, shape{3, 2, 6}>();
}
