// SPDX-License-Identifier: MIT
// zero_pad_shortcut obeys the laws of a layer: option A, channels centred.
#include <doctest/doctest.h>

#include "laws.hpp"

using namespace flexdnn;

TEST_CASE("strides and odd differences of channels") {
  laws<zero_pad_shortcut<4, 1>, shape{4, 3, 2}, shape{4, 3, 2}>();
  laws<zero_pad_shortcut<32, 2>, shape{16, 8, 8}, shape{32, 4, 4}>();
  laws<zero_pad_shortcut<6, 2>, shape{3, 5, 7}, shape{6, 3, 4}>();
  laws<zero_pad_shortcut<9, 3>, shape{8, 7, 1}, shape{9, 3, 1}>();
}
