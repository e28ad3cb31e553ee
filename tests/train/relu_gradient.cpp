// SPDX-License-Identifier: MIT
// Laws of relu_gradient: derivative, value at the kink, NaN, and work in place.
#include <doctest/doctest.h>

#include <flexdnn/train/relu_gradient.hpp>

#include "finite_difference.hpp"

using namespace flexdnn;
using test::numbers;

TEST_CASE("relu_backward is the derivative of relu_forward, in place too") {
  random_generator random{1};
  numbers x = test::random_numbers(random, 101);
  const numbers direction = test::random_numbers(random, x.size());
  const auto forward = [&] {
    numbers y(x.size());
    relu_forward(x.size(), x.data(), y.data());
    return y;
  };
  const numbers wanted = test::finite_difference(x, [&] { return test::dot(forward(), direction); });
  numbers y = x;
  relu_forward(y.size(), y.data(), y.data());
  CHECK(y == forward());
  numbers dx = direction;
  relu_backward(y.size(), y.data(), dx.data(), dx.data());
  CHECK(test::relative_error(dx, wanted) < 1e-8);
}

TEST_CASE("the kink has slope 0, and NaN stays NaN") {
  const numbers x{0.0, -0.0, NAN};
  numbers y(3);
  relu_forward(3, x.data(), y.data());
  CHECK(y[0] == 0.0);
  CHECK(std::isnan(y[2]));
  const numbers dy{1.0, 1.0, 1.0};
  numbers dx(3, 7.0);
  relu_backward(2, y.data(), dy.data(), dx.data());
  CHECK(dx == numbers{0.0, 0.0, 7.0});
}
