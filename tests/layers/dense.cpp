// SPDX-License-Identifier: MIT
// dense obeys the laws of a layer.
#include <doctest/doctest.h>

#include "laws.hpp"

using namespace flexdnn;

TEST_CASE("vectors of odd lengths") {
  laws<dense<1>, shape{1, 1, 1}, shape{1, 1, 1}>();
  laws<dense<10>, shape{3, 1, 1}, shape{10, 1, 1}>();
  laws<dense<7, bias<false>>, shape{9, 1, 1}, shape{7, 1, 1}>();
  laws<dense<16>, shape{64, 1, 1}, shape{16, 1, 1}>();
  laws<dense<33>, shape{129, 1, 1}, shape{33, 1, 1}>();
}
