// SPDX-License-Identifier: MIT
// Laws of max_pool_gradient: the written maximum, its derivative, and PyTorch's choice among equals and NaN.
#include <doctest/doctest.h>

#include <flexdnn/train/max_pool_gradient.hpp>

#include "linear_layers.hpp"
#include "reference.hpp"

namespace {

using namespace flexdnn;
using test::numbers;

constexpr pooling max_layers[] = {
    {{2, 4, 4}, {2, 2, 2}, 2, 2, 2, 2, 0, 0},
    {{3, 7, 5}, {3, 4, 3}, 3, 3, 2, 2, 1, 1},
    {{1, 6, 7}, {1, 3, 6}, 4, 2, 1, 1, 0, 0},
    {{2, 5, 6}, {2, 5, 6}, 3, 3, 1, 1, 1, 1},
};

}  // namespace

TEST_CASE("max_pool_forward is the greatest of its window") {
  random_generator random{1};
  for (const pooling& p : max_layers) {
    const std::size_t n = 2;
    const numbers x = test::random_floats(random, n * p.in.size());
    const std::vector<float> x_float = test::narrow(x);
    numbers y(n * p.out.size(), 7.0);
    max_pool_forward(p, n, x.data(), y.data());
    numbers wanted;
    for (std::size_t image = 0; image < n; ++image) {
      const numbers part = reference::max_pool(p, x_float.data() + image * p.in.size());
      wanted.insert(wanted.end(), part.begin(), part.end());
    }
    CHECK(y == wanted);
  }
}

TEST_CASE("max_pool_backward is the derivative of max_pool_forward") {
  random_generator random{2};
  for (const pooling& p : max_layers) {
    const int n = 2;
    numbers x = test::random_numbers(random, n * p.in.size());
    const numbers direction = test::random_numbers(random, n * p.out.size());
    numbers dx(x.size(), 7.0);
    max_pool_backward(p, n, x.data(), direction.data(), dx.data());
    const numbers wanted = test::finite_difference(x, [&] {
      numbers y(direction.size());
      max_pool_forward(p, n, x.data(), y.data());
      return test::dot(y, direction);
    });
    CHECK(test::relative_error(dx, wanted) < 1e-8);
  }
}

TEST_CASE("the first of equals takes the gradient, and NaN is not lost") {
  const pooling p{{1, 2, 2}, {1, 1, 1}, 2, 2, 2, 2, 0, 0};
  const numbers equal{1.0, 3.0, 3.0, 3.0};
  const numbers dy{5.0};
  numbers dx(4);
  max_pool_backward(p, 1, equal.data(), dy.data(), dx.data());
  CHECK(dx == numbers{0.0, 5.0, 0.0, 0.0});
  const numbers lowest(4, -INFINITY);
  max_pool_backward(p, 1, lowest.data(), dy.data(), dx.data());
  CHECK(dx == numbers{5.0, 0.0, 0.0, 0.0});
  const numbers broken{1.0, NAN, 3.0, 2.0};
  numbers y(1);
  max_pool_forward(p, 1, broken.data(), y.data());
  CHECK(std::isnan(y[0]));
}
