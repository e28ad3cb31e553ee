// SPDX-License-Identifier: MIT
// softmax2d obeys the laws of a layer; large scores do not overflow; it may not end an exit.
#include <doctest/doctest.h>

#include "laws.hpp"

using namespace flexdnn;

TEST_CASE("maps and vectors") {
  laws<softmax2d, shape{1, 1, 1}, shape{1, 1, 1}>();
  laws<softmax2d, shape{3, 5, 7}, shape{3, 5, 7}>();
  laws<softmax2d, shape{17, 1, 1}, shape{17, 1, 1}>();
}

TEST_CASE("sums to one whatever the scores; NaN and infinity give NaN") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const float large[] = {1000.0F, 1000.0F, -1000.0F};
  float y[3];
  softmax_channels({3, 1, 1}, large, y);
  CHECK((y[0] == 0.5F && y[1] == 0.5F && y[2] == 0.0F));
  for (const float bad : {infinity, std::numeric_limits<float>::quiet_NaN()}) {
    for (int at = 0; at < 3; ++at) {
      float x[] = {0.0F, 1.0F, 2.0F};
      x[at] = bad;
      softmax_channels({3, 1, 1}, x, x);
      CHECK(std::isnan(x[at]));
    }
  }
}
