// SPDX-License-Identifier: MIT
// Laws of joint_gradient: derivative of a product by channel, adjoints of what only moves numbers.
#include <doctest/doctest.h>

#include <flexdnn/train/joint_gradient.hpp>

#include "finite_difference.hpp"

using namespace flexdnn;
using test::numbers;

TEST_CASE("scale_backward is the derivative of scale_forward, each side alone too") {
  random_generator random{1};
  numbers x = test::random_numbers(random, 12), factor = test::random_numbers(random, 3);
  const numbers direction = test::random_numbers(random, 12);
  const auto forward = [&] {
    numbers y(12);
    scale_forward(4, 3, x.data(), factor.data(), y.data());
    return test::dot(y, direction);
  };
  const numbers x_wanted = test::finite_difference(x, forward),
                factor_wanted = test::finite_difference(factor, forward);
  numbers dx(12), dfactor(3);
  double* const none = nullptr;
  scale_backward(4, 3, x.data(), factor.data(), direction.data(), dx.data(), none);
  scale_backward(4, 3, x.data(), factor.data(), direction.data(), none, dfactor.data());
  CHECK(test::relative_error(dx, x_wanted) < 1e-9);
  CHECK(test::relative_error(dfactor, factor_wanted) < 1e-9);
  dx = direction;
  scale_backward(4, 3, x.data(), factor.data(), dx.data(), dx.data(), dfactor.data());
  CHECK(test::relative_error(dx, x_wanted) < 1e-9);
  CHECK(test::relative_error(dfactor, factor_wanted) < 1e-9);
}

TEST_CASE("a gather leaves zeros where nothing comes from, and its adjoint adds what was read twice") {
  const std::vector<int> from{2, -1, 0, 2};
  const numbers x{1.0, 2.0, 3.0}, dy{10.0, 20.0, 30.0, 40.0};
  numbers y(4, 9.0), dx(3, 9.0);
  gather_forward(from, x.data(), y.data());
  CHECK(y == numbers{3.0, 0.0, 1.0, 3.0});
  gather_backward(from, dy.data(), 3, dx.data());
  CHECK(dx == numbers{30.0, 0.0, 50.0});
}

TEST_CASE("a part of a concatenation goes to its channels and comes back") {
  const numbers part{1.0, 2.0, 3.0, 4.0};
  numbers whole(6, 0.0), back(4);
  copy_channels(2, 2, part.data(), 2, whole.data() + 1, 3);
  CHECK(whole == numbers{0.0, 1.0, 2.0, 0.0, 3.0, 4.0});
  copy_channels(2, 2, whole.data() + 1, 3, back.data(), 2);
  CHECK(back == part);
}
