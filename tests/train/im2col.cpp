// SPDX-License-Identifier: MIT
// Laws of im2col: columns hold what windows read.
#include <doctest/doctest.h>

#include <flexdnn/train/im2col.hpp>

#include "linear_layers.hpp"

using namespace flexdnn;
using test::numbers;

TEST_CASE("a column holds the numbers of its window, zeros for padding, in the order (u, v, i)") {
  // 1 2 3   The window at the top left corner sees padding above and to its left,
  // 4 5 6   the one below it with stride 2 only to its left.
  // 7 8 9
  const convolution c{.in = {1, 3, 3},
                      .out = {1, 2, 2},
                      .kernel_h = 2,
                      .kernel_w = 2,
                      .stride_h = 2,
                      .stride_w = 2,
                      .padding_h = 1,
                      .padding_w = 1};
  const numbers x{1, 2, 3, 4, 5, 6, 7, 8, 9};
  numbers columns(16, NAN);
  im2col(c, 0, x.data(), columns.data());
  CHECK(columns == numbers{0, 0, 0, 1, 0, 0, 2, 3, 0, 4, 0, 7, 5, 6, 8, 9});
}
