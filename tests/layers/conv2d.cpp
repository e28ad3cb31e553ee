// SPDX-License-Identifier: MIT
// conv2d obeys the laws of a layer over its options, and orders them as it likes.
#include <doctest/doctest.h>

#include "laws.hpp"

using namespace flexdnn;

TEST_CASE("channels around those of a vector") {
  laws<conv2d<1>, shape{1, 1, 1}, shape{1, 1, 1}>();
  laws<conv2d<3, kernel<3>>, shape{3, 5, 7}, shape{3, 5, 7}>();
  laws<conv2d<7, kernel<3>>, shape{9, 6, 5}, shape{7, 6, 5}>();
  laws<conv2d<8, kernel<3>>, shape{8, 3, 9}, shape{8, 3, 9}>();
  laws<conv2d<9, kernel<3>>, shape{7, 9, 3}, shape{9, 9, 3}>();
  laws<conv2d<15>, shape{17, 4, 3}, shape{15, 4, 3}>();
  laws<conv2d<17, bias<false>>, shape{16, 1, 5}, shape{17, 1, 5}>();
  laws<conv2d<33, kernel<3>, bias<false>>, shape{31, 4, 4}, shape{33, 4, 4}>();
}

TEST_CASE("strides, padding, dilation and kernels of two extents") {
  laws<conv2d<5, kernel<3>, stride<2>>, shape{3, 7, 8}, shape{5, 4, 4}>();
  laws<conv2d<6, kernel<3, 5>, stride<2, 3>>, shape{4, 9, 10}, shape{6, 5, 4}>();
  laws<conv2d<4, kernel<5, 1>, padding<0>>, shape{3, 6, 3}, shape{4, 2, 3}>();
  laws<conv2d<4, kernel<2>>, shape{3, 4, 5}, shape{4, 3, 4}>();
  laws<conv2d<4, kernel<2>, padding<1>>, shape{3, 4, 5}, shape{4, 5, 6}>();
  laws<conv2d<8, kernel<3>, dilation<2>>, shape{5, 7, 6}, shape{8, 7, 6}>();
  laws<conv2d<8, kernel<3>, dilation<2, 3>, padding<0, 1>>, shape{5, 7, 6}, shape{8, 3, 2}>();
  laws<conv2d<3, kernel<7>, padding<3>>, shape{2, 1, 1}, shape{3, 1, 1}>();
  laws<conv2d<9, kernel<1>, stride<2>>, shape{8, 5, 5}, shape{9, 3, 3}>();
}

TEST_CASE("groups") {
  laws<conv2d<6, kernel<3>, groups<3>>, shape{9, 5, 4}, shape{6, 5, 4}>();
  laws<conv2d<6, kernel<3>, groups<6>>, shape{6, 5, 4}, shape{6, 5, 4}>();
  laws<conv2d<12, kernel<3>, groups<4>, bias<false>>, shape{4, 5, 4}, shape{12, 5, 4}>();
  laws<conv2d<34, groups<2>>, shape{6, 3, 3}, shape{34, 3, 3}>();
}

TEST_CASE("options come in any order, and padding that is not given keeps the extents") {
  using one = conv2d<8, kernel<3>, stride<2>, padding<2>, dilation<2>, groups<4>, bias<false>>;
  using other = conv2d<8, bias<false>, groups<4>, dilation<2>, padding<2>, stride<2>, kernel<3>>;
  static_assert(one::geometry({8, 9, 9}) == other::geometry({8, 9, 9}));
  static_assert(one::has_bias == other::has_bias);
  static_assert(conv2d<4, kernel<5>, dilation<3>>::output({1, 20, 30}) == shape{4, 20, 30});
  CHECK(one::parameters({8, 9, 9}).size() == 1);
  CHECK(conv2d<8>::parameters({8, 9, 9}).size() == 2);
}

TEST_CASE("asymmetric padding and kernels of one row or column") {
  laws<conv2d<5, kernel<1, 7>>, shape{4, 3, 9}, shape{5, 3, 9}>();
  laws<conv2d<9, kernel<7, 1>, stride<2, 1>>, shape{3, 9, 4}, shape{9, 5, 4}>();
  laws<conv2d<4, kernel<3>, padding<0, 1, 2, 0>>, shape{3, 4, 5}, shape{4, 4, 4}>();
  laws<conv2d<8, kernel<3>, stride<2>, padding<0, 0, 1, 1>>, shape{8, 6, 8}, shape{8, 3, 4}>();
  laws<conv2d<17, kernel<2>, padding<1, 0, 0, 3>>, shape{9, 3, 3}, shape{17, 3, 5}>();
  laws<conv2d<6, kernel<3>, padding<0, 0, 2, 2>, groups<2>, dilation<2>>, shape{4, 6, 5}, shape{6, 4, 3}>();
}

TEST_CASE("TensorFlow's SAME: ceil(extent / stride), the odd pixel of padding after") {
  laws<conv2d<8, kernel<3>, stride<2>, same_padding>, shape{3, 8, 9}, shape{8, 4, 5}>();
  laws<conv2d<5, kernel<4>, same_padding>, shape{3, 5, 6}, shape{5, 5, 6}>();
  laws<conv2d<5, kernel<2>, stride<3>, same_padding>, shape{3, 5, 6}, shape{5, 2, 2}>();
  laws<conv2d<5, kernel<3>, dilation<2>, stride<1, 2>, same_padding>, shape{3, 5, 6}, shape{5, 5, 3}>();
  laws<conv2d<5, stride<2>, same_padding>, shape{3, 5, 6}, shape{5, 3, 3}>();
  static_assert(conv2d<1, kernel<3>, stride<2>, same_padding>::geometry({1, 8, 9}).padding_h == 0);
  static_assert(conv2d<1, kernel<3>, stride<2>, same_padding>::geometry({1, 8, 9}).padding_w == 1);
  static_assert(conv2d<1, kernel<3>, same_padding, padding<0>>::output({1, 8, 9}) == shape{1, 6, 7});
  static_assert(conv2d<1, kernel<3>, padding<0>, same_padding>::output({1, 8, 9}) == shape{1, 8, 9});
}
