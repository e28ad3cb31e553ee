// SPDX-License-Identifier: MIT
// batch_norm obeys the laws of a layer; its epsilon is part of its type.
#include <doctest/doctest.h>

#include "laws.hpp"

using namespace flexdnn;

TEST_CASE("alone, on maps and vectors") {
  laws<batch_norm, shape{1, 1, 1}, shape{1, 1, 1}>();
  laws<batch_norm, shape{3, 4, 5}, shape{3, 4, 5}>();
  laws<batch_norm, shape{17, 1, 1}, shape{17, 1, 1}>();
  laws<basic_batch_norm<std::milli>, shape{9, 2, 3}, shape{9, 2, 3}>();
}

TEST_CASE("epsilon keeps a dead channel finite") {
  const float weights[] = {2.0F, 0.5F, 1.0F, 0.0F};  // weight, bias, mean, variance
  float scale = 0, shift = 0;
  fold<basic_batch_norm<std::ratio<1, 4>>>(1, weights, &scale, &shift);
  CHECK(scale == 4.0F);
  CHECK(shift == -3.5F);
}
