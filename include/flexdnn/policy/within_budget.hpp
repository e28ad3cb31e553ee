// SPDX-License-Identifier: MIT
// within_budget: leaves while there is still time for it, or still energy.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include "evidence.hpp"

namespace flexdnn {

/// How far a frame is, in the unit of its budget: what it has spent, or what a clock says.
template <class Meter>
concept budget_meter = requires(const Meter& meter, const evidence& e) {
  { meter(e) }
  noexcept->std::convertible_to<std::uint64_t>;
};

/// Multiply-accumulates spent.
struct macs_spent {
  std::uint64_t operator()(const evidence& e) const noexcept { return e.macs; }
};

/// What a frame may spend, in MACs, or until when, in ticks of a clock; set before each frame.
template <std::size_t Exits>
struct frame_budget {
  std::array<std::uint64_t, Exits> path{};  ///< cost of the path to each exit: path_macs(), or ticks
  std::uint64_t until = 0;
};

/// Leaves where Policy does, and at the last exit from which going on to the next would end past the budget:
/// an answer by then, however unsure. With always_last for Policy: the best answer that the budget buys. The
/// budget is read at every exit and outlives the policy. The first exit is computed whatever it costs. An
/// exit that is passed over (NaN, infinity) cannot end the frame.
template <exit_policy Policy, std::size_t Exits, budget_meter Meter = macs_spent>
class within_budget {
 public:
  constexpr explicit within_budget(const frame_budget<Exits>& budget, const Policy& policy = {},
                                   const Meter& meter = {})
      : budget_(&budget), policy_(policy), meter_(meter) {}

  verdict operator()(const evidence& e) noexcept {
    verdict v = policy_(e);
    const auto here = static_cast<std::size_t>(e.exit), next = here + 1;
    if (next < Exits && !v.leave) {
      const std::uint64_t now = meter_(e), left = budget_->until > now ? budget_->until - now : 0;
      v.leave = budget_->path[next] - budget_->path[here] > left;
    }
    return v;
  }

 private:
  const frame_budget<Exits>* budget_;
  [[no_unique_address]] Policy policy_;
  [[no_unique_address]] Meter meter_;
};

}  // namespace flexdnn
