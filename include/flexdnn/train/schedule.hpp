// SPDX-License-Identifier: MIT
// schedule: learning rates as functions of the step, by a cosine or in steps.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

namespace flexdnn {

/// rate(t) = last + (first - last) (1 + cos(pi t / steps)) / 2, and `last` from t = steps on.
/// Loshchilov and Hutter 2017, one cycle; PyTorch's CosineAnnealingLR.
struct cosine_schedule {
  double first = 0.1;
  double last = 0.0;
  std::uint64_t steps = 1;

  [[nodiscard]] double rate(std::uint64_t step) const {
    if (step >= steps) return last;
    const double done = static_cast<double>(step) / static_cast<double>(steps);
    return last + (first - last) * (1.0 + std::cos(std::numbers::pi * done)) / 2.0;
  }
};

/// rate(t) = first factor^(milestones that are <= t); PyTorch's MultiStepLR.
struct step_schedule {
  double first = 0.1;
  double factor = 0.1;
  std::vector<std::uint64_t> milestones{};

  [[nodiscard]] double rate(std::uint64_t step) const {
    const auto passed = std::count_if(milestones.begin(), milestones.end(),
                                      [&](std::uint64_t milestone) { return milestone <= step; });
    return first * std::pow(factor, static_cast<double>(passed));
  }
};

}  // namespace flexdnn
