// SPDX-License-Identifier: MIT
// Laws of dropout_gradient: it keeps the expectation, its gradient is its own mask, and a seed fixes it.
#include <doctest/doctest.h>

#include <flexdnn/train/dropout_gradient.hpp>

#include "finite_difference.hpp"

using namespace flexdnn;
using test::numbers;

TEST_CASE("a number is dropped with the given probability and scaled by 1 / (1 - probability) otherwise") {
  const std::size_t size = 100000;
  const numbers x(size, 3.0);
  for (const double probability : {0.0, 0.2, 0.5, 1.0}) {
    random_generator random{1};
    numbers y(size);
    std::vector<std::uint8_t> mask(size);
    dropout_forward(size, probability, random, x.data(), y.data(), mask.data());
    std::size_t dropped = 0;
    for (std::size_t i = 0; i < size; ++i) {
      dropped += y[i] == 0.0;
      if (y[i] != 0.0) CHECK(y[i] == doctest::Approx(3.0 / (1.0 - probability)));
    }
    // Five standard deviations of a binomial share.
    const double deviation = std::sqrt(probability * (1.0 - probability) / static_cast<double>(size));
    CHECK(std::abs(static_cast<double>(dropped) / static_cast<double>(size) - probability) <=
          5.0 * deviation);
  }
}

TEST_CASE("dropout_backward is the derivative for the drawn mask; one seed draws one mask") {
  const std::size_t size = 50;
  random_generator source{2};
  numbers x = test::random_numbers(source, size);
  const numbers direction = test::random_numbers(source, size);
  std::vector<std::uint8_t> mask(size);
  const auto loss = [&] {
    random_generator random{3};
    numbers y(size);
    dropout_forward(size, 0.4, random, x.data(), y.data(), mask.data());
    return test::dot(y, direction);
  };
  const numbers wanted = test::finite_difference(x, loss, 1e-3);
  numbers dx(size);
  dropout_backward(size, 0.4, mask.data(), direction.data(), dx.data());
  CHECK(test::relative_error(dx, wanted) < 1e-9);
}
