// SPDX-License-Identifier: MIT
// rate_budget: so many joules, or MACs, a second, and which level of a network they pay for.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace flexdnn {

/// A token bucket: what is not spent is saved, `burst` at most; it begins full. Over any time of t seconds no
/// more than per_second t + burst + the cost of one frame is spent, as long as the cheapest level costs no
/// more than a frame's share. Any unit; times in nanoseconds that never fall. Allocates nothing.
class rate_budget {
 public:
  constexpr rate_budget(double per_second, double burst)
      : per_ns_(1e-9 * per_second), burst_(burst), saved_(burst) {}

  /// The time is now; the first call begins.
  void earn(std::int64_t now) noexcept {
    if (running_) saved_ = std::min(burst_, saved_ + per_ns_ * static_cast<double>(now - last_));
    last_ = now, running_ = true;
  }
  void spend(double cost) noexcept { saved_ -= cost; }

  /// Below 0: it is overdrawn.
  [[nodiscard]] double saved() const noexcept { return saved_; }

  /// The most accurate level that can be paid for; costs: mean of a frame at each, most accurate first. The
  /// last where none can, for it is the floor: a frame that may not be answered worse overdraws the budget.
  [[nodiscard]] std::size_t affords(std::span<const double> costs) const noexcept {
    std::size_t level = 0;
    while (level + 1 < costs.size() && costs[level] > saved_) ++level;
    return level;
  }

 private:
  double per_ns_, burst_, saved_;
  std::int64_t last_ = 0;
  bool running_ = false;
};

}  // namespace flexdnn
