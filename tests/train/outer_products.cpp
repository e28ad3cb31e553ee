// SPDX-License-Identifier: MIT
// Law of outer_products: the naive sum for any grid, number of outputs and columns, added; in float and
// double.
#include <doctest/doctest.h>

#include <flexdnn/train/outer_products.hpp>

#include "linear_layers.hpp"

using namespace flexdnn;
using test::numbers;

namespace {

template <class T>
void check_outer_products(int outputs, int columns) {
  random_generator random(static_cast<std::uint64_t>(outputs * 100 + columns));
  const pixel_grid grid{3, 5, 20, 2};  // pixels overlap, rows do not touch
  const std::ptrdiff_t channels = outputs + 1;
  const numbers x =
      test::random_floats(random, static_cast<std::size_t>(60 + columns + detail::outer_block<T>::columns));
  const numbers dy = test::random_floats(random, static_cast<std::size_t>(15 * channels));
  numbers wanted(static_cast<std::size_t>(outputs * (columns + 2)), 1.0);
  const std::vector<T> x_given(x.begin(), x.end()), dy_given(dy.begin(), dy.end());
  std::vector<T> sums(wanted.begin(), wanted.end());
  for (int p = 0; p < 15; ++p) {
    for (int o = 0; o < outputs; ++o) {
      for (int j = 0; j < columns; ++j) {
        wanted[static_cast<std::size_t>(o * (columns + 2) + j)] +=
            dy[static_cast<std::size_t>(p * channels + o)] *
            x[static_cast<std::size_t>(p / 5 * 20 + p % 5 * 2 + j)];
      }
    }
  }
  outer_products(grid, x_given.data(), columns, channels, dy_given.data(), outputs, sums.data(), columns + 2);
  CHECK(test::relative_error(numbers(sums.begin(), sums.end()), wanted) < (sizeof(T) == 4 ? 1e-6 : 1e-14));
}

}  // namespace

TEST_CASE("outer_products are the naive sums, and touch nothing else") {
  for (const int outputs : {1, 2, 3, 7, 8, 10, 17}) {
    for (const int columns : {1, 7, 16, 47, 48, 49, 100}) {
      check_outer_products<float>(outputs, columns);
      check_outer_products<double>(outputs, columns);
    }
  }
}
