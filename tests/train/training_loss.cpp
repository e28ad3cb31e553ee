// SPDX-License-Identifier: MIT
// Laws of training_loss: the paper's loss by default, weights and distillation mixed as the equation says.
#include <doctest/doctest.h>

#include <flexdnn/train/training_loss.hpp>

#include "finite_difference.hpp"

using namespace flexdnn;
using test::numbers;

namespace {

const std::vector<int> exit_labels{1, 0, 2};

numbers exit_gradient(const training_loss& loss, std::size_t e, const numbers& scores, const numbers& last) {
  numbers d;
  (void)loss.of_exit(e, std::span<const double>(scores), std::span<const double>(last),
                     std::span<const int>(exit_labels), d);
  return d;
}

}  // namespace

TEST_CASE("the gradient is a ((1 - d) CE' + d KD'), and the final exit is not taught") {
  random_generator random{1};
  const numbers scores = test::random_numbers(random, 9), last = test::random_numbers(random, 9);
  const training_loss plain, mixed{.weights = {0.5, 2.0}, .distillation = 0.25, .temperature = 2.0};
  const numbers ce = exit_gradient(plain, 0, scores, last);
  numbers kd(9, 0.0);
  (void)distillation(3, 3, scores.data(), last.data(), 2.0, kd.data());
  numbers wanted(9), twice(9);
  for (std::size_t i = 0; i < 9; ++i) wanted[i] = 0.5 * (0.75 * ce[i] + 0.25 * kd[i]);
  CHECK(test::relative_error(exit_gradient(mixed, 0, scores, last), wanted) < 1e-12);
  for (std::size_t i = 0; i < 9; ++i) twice[i] = 2.0 * exit_gradient(plain, 1, last, last)[i];
  CHECK(test::relative_error(exit_gradient(mixed, 1, last, last), twice) < 1e-12);
}

TEST_CASE("the reported loss is the unweighted cross-entropy") {
  const numbers even(9, 1.0);
  numbers d;
  const training_loss mixed{.weights = {0.1}, .distillation = 0.9};
  CHECK(mixed.of_exit(0, std::span<const double>(even), std::span<const double>(numbers(9, 0.0)),
                      std::span<const int>(exit_labels), d) == doctest::Approx(std::log(3.0)));
}

TEST_CASE(
    "the parts of a mini-batch have its gradient, number by number, and losses that sum up to its own") {
  random_generator random{3};
  const numbers scores = test::random_numbers(random, 9), last = test::random_numbers(random, 9);
  const training_loss mixed{.label_smoothing = 0.1, .distillation = 0.25};
  const std::span<const double> all(scores), taught(last);
  const std::span<const int> labels(exit_labels);
  numbers wanted, first, second;
  const double loss = mixed.of_exit(0, all, taught, labels, wanted);
  const double sum = mixed.of_exit(0, all.first(6), taught.first(6), labels.first(2), first, 3) +
                     mixed.of_exit(0, all.subspan(6), taught.subspan(6), labels.subspan(2), second, 3);
  CHECK(sum == doctest::Approx(loss).epsilon(1e-14));
  first.insert(first.end(), second.begin(), second.end());
  CHECK(first == wanted);
}
