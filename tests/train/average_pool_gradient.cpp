// SPDX-License-Identifier: MIT
// Laws of average_pool_gradient: the written mean, also global, and its derivative.
#include <doctest/doctest.h>

#include <flexdnn/train/average_pool_gradient.hpp>

#include "linear_layers.hpp"
#include "reference.hpp"

namespace {

using namespace flexdnn;
using test::numbers;

constexpr pooling average_layers[] = {
    {{2, 4, 4}, {2, 2, 2}, 2, 2, 2, 2, 0, 0},
    {{3, 7, 5}, {3, 4, 3}, 3, 3, 2, 2, 1, 1},
    {{5, 3, 4}, {5, 1, 1}, 3, 4, 3, 4, 0, 0},
    {{2, 6, 5}, {2, 4, 3}, 3, 3, 2, 2, 1, 1, 1, 0},         // a window over the end
    {{3, 5, 6}, {3, 3, 3}, 3, 3, 2, 2, 1, 0, 0, 1, false},  // pixels of the input alone
};

}  // namespace

TEST_CASE("average_pool_forward divides by the whole window, padding included") {
  random_generator random{1};
  for (const pooling& p : average_layers) {
    const std::size_t n = 2;
    const numbers x = test::random_floats(random, n * p.in.size());
    const std::vector<float> x_float = test::narrow(x);
    numbers y(n * p.out.size(), 7.0);
    average_pool_forward(p, n, x.data(), y.data());
    numbers wanted;
    for (std::size_t image = 0; image < n; ++image) {
      const numbers part = reference::average_pool(p, x_float.data() + image * p.in.size());
      wanted.insert(wanted.end(), part.begin(), part.end());
    }
    CHECK(test::relative_error(y, wanted) < 1e-12);
  }
}

TEST_CASE("average_pool_backward is the derivative of average_pool_forward") {
  random_generator random{2};
  for (const pooling& p : average_layers) {
    const int n = 2;
    numbers x = test::random_numbers(random, n * p.in.size());
    const numbers direction = test::random_numbers(random, n * p.out.size());
    numbers dx(x.size(), 7.0);
    average_pool_backward(p, n, direction.data(), dx.data());
    const numbers wanted = test::finite_difference(
        x,
        [&] {
          numbers y(direction.size());
          average_pool_forward(p, n, x.data(), y.data());
          return test::dot(y, direction);
        },
        1e-3);
    CHECK(test::relative_error(dx, wanted) < 1e-9);
  }
}
