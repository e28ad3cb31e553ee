// SPDX-License-Identifier: MIT
// Parity of the learning-rate schedules with PyTorch's.
#include <doctest/doctest.h>

#include <flexdnn/train/schedule.hpp>

#include "finite_difference.hpp"

using namespace flexdnn;
using test::numbers;

TEST_CASE("cosine_schedule is CosineAnnealingLR and stays at its last rate") {
  // CosineAnnealingLR(SGD([...], lr=0.1), T_max=8, eta_min=0.001), the rates of steps 0 to 8
  const numbers wanted{0.10000000000000001,  0.096232036859308701,  0.085501785668734107,
                       0.069442829902071956, 0.050500000000000003,  0.031557170097928057,
                       0.0154982143312659,   0.0047679631406913059, 0.001};
  const cosine_schedule schedule{.first = 0.1, .last = 0.001, .steps = 8};
  numbers got;
  for (std::uint64_t step = 0; step <= 8; ++step) got.push_back(schedule.rate(step));
  CHECK(test::relative_error(got, wanted) < 1e-14);
  CHECK(schedule.rate(100) == 0.001);
}

TEST_CASE("step_schedule is MultiStepLR") {
  // MultiStepLR(SGD([...], lr=0.1), milestones=[3, 5], gamma=0.1), the rates of steps 0 to 6
  const numbers wanted{0.1, 0.1, 0.1, 0.01, 0.01, 0.001, 0.001};
  const step_schedule schedule{.first = 0.1, .factor = 0.1, .milestones = {3, 5}};
  numbers got;
  for (std::uint64_t step = 0; step <= 6; ++step) got.push_back(schedule.rate(step));
  CHECK(test::relative_error(got, wanted) < 1e-14);
}
