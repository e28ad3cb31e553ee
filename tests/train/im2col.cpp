// SPDX-License-Identifier: MIT
// Laws of im2col: columns times weights are the convolution, and col2im is its adjoint.
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

TEST_CASE("<im2col(x), y> = <x, col2im(y)> for every group of any convolution") {
  random_generator random{1};
  int tested = 0;
  for (int trial = 0; trial < 200; ++trial) {
    const convolution c = test::random_convolution(random);
    for (int group = 0; group < c.groups; ++group) {
      const numbers x = test::random_numbers(random, c.in.size());
      const numbers y = test::random_numbers(random, static_cast<std::size_t>(c.out.pixels() * c.taps()));
      numbers columns(y.size(), NAN);
      im2col(c, group, x.data(), columns.data());
      numbers back(x.size(), 0.0);
      col2im(c, group, y.data(), back.data());
      const double left = test::dot(columns, y);
      CHECK(std::abs(left - test::dot(x, back)) < 1e-11);
      tested += left != 0.0;
    }
  }
  CHECK(tested > 200);
}
