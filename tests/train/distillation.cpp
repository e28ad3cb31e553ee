// SPDX-License-Identifier: MIT
// Laws of distillation: nothing to learn from oneself, T squared times the divergence, and its derivative.
#include <doctest/doctest.h>

#include <flexdnn/train/distillation.hpp>

#include "finite_difference.hpp"

using namespace flexdnn;
using test::numbers;

TEST_CASE("the loss is T^2 KL(teacher || student) of softened distributions") {
  // By hand: T = 2; teacher (ln 9, 0) / 2 gives (3/4, 1/4), student (0, 0) gives halves:
  // 4 (3/4 ln(3/2) + 1/4 ln(1/2)).
  const numbers teacher{std::log(9.0), 0.0}, student{5.0, 5.0};
  numbers d(2, 0.0);
  const double wanted = 4.0 * (0.75 * std::log(1.5) + 0.25 * std::log(0.5));
  CHECK(distillation(1, 2, student.data(), teacher.data(), 2.0, d.data()) == doctest::Approx(wanted));
  CHECK(d[0] == doctest::Approx(2.0 * (0.5 - 0.75)));
  CHECK(distillation(1, 2, teacher.data(), teacher.data(), 2.0, d.data()) == doctest::Approx(0.0));
}

TEST_CASE("dlogits receives the scaled derivative, added") {
  random_generator random{1};
  numbers z = test::random_numbers(random, 12);
  const numbers teacher = test::random_numbers(random, 12);
  numbers d(12, 1.0), ignored(12);
  (void)distillation(3, 4, z.data(), teacher.data(), 3.0, d.data(), 0.5);
  for (double& x : d) x = (x - 1.0) / 0.5;
  const numbers wanted = test::finite_difference(
      z, [&] { return distillation(3, 4, z.data(), teacher.data(), 3.0, ignored.data()); });
  CHECK(test::relative_error(d, wanted) < 1e-8);
}
