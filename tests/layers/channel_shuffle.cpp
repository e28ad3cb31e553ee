// SPDX-License-Identifier: MIT
// channel_shuffle obeys the laws of a layer: a transposition, undone by the other factor.
#include <doctest/doctest.h>

#include "laws.hpp"

using namespace flexdnn;

TEST_CASE("groups that divide the channels") {
  laws<channel_shuffle<1>, shape{5, 2, 3}, shape{5, 2, 3}>();
  laws<channel_shuffle<2>, shape{6, 3, 2}, shape{6, 3, 2}>();
  laws<channel_shuffle<3>, shape{24, 1, 5}, shape{24, 1, 5}>();
  laws<channel_shuffle<7>, shape{7, 2, 2}, shape{7, 2, 2}>();
}

TEST_CASE("shuffling G and then C / G groups changes nothing") {
  const float x[] = {0, 1, 2, 3, 4, 5};
  float y[6], z[6];
  channel_shuffle<2>::run({6, 1, 1}, x, nullptr, y, nullptr);
  channel_shuffle<3>::run({6, 1, 1}, y, nullptr, z, nullptr);
  const float shuffled[] = {0, 3, 1, 4, 2, 5};
  for (int i = 0; i < 6; ++i) CHECK((y[i] == shuffled[i] && z[i] == x[i]));
}
