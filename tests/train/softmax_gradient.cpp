// SPDX-License-Identifier: MIT
// Laws of softmax_gradient: a distribution at every pixel, its derivative, and no overflow.
#include <doctest/doctest.h>

#include <flexdnn/train/softmax_gradient.hpp>

#include "finite_difference.hpp"

using namespace flexdnn;
using test::numbers;

TEST_CASE("softmax_backward is the derivative of softmax_forward, in place too") {
  random_generator random{1};
  numbers x = test::random_numbers(random, 15);
  const numbers direction = test::random_numbers(random, 15);
  numbers y(15);
  const auto forward = [&] {
    softmax_forward(5, 3, x.data(), y.data());
    return test::dot(y, direction);
  };
  const numbers wanted = test::finite_difference(x, forward);
  forward();
  numbers dx = direction;
  softmax_backward(5, 3, y.data(), dx.data(), dx.data());
  CHECK(test::relative_error(dx, wanted) < 1e-8);
}

TEST_CASE("large inputs do not overflow, and the shares sum to one") {
  const numbers x{1000.0, 1000.0 + std::log(3.0), -1000.0};
  numbers y(3);
  softmax_forward(1, 3, x.data(), y.data());
  CHECK(test::relative_error(y, {0.25, 0.75, 0.0}) < 1e-12);
}
