// SPDX-License-Identifier: MIT
// branch_score: what a branch is worth at its own exit, were it the only one.
#pragma once

#include "choose_exits.hpp"

namespace flexdnn {

/// What a branch is worth at its own exit, were it the only one, on frames that no training has seen.
struct branch_score {
  double rate = 0.0;  ///< share of the frames that leave there, at the threshold its own confidences give
  double expected_cost = 0.0;  ///< trunk to it + branch + what remains for those who stay, in any one unit
};

/// What a candidate is worth were it the only exit, at the cheapest threshold whose expected loss keeps the
/// limit. (By a quantile instead of a model of the loss, rates of 1,000 frames at 0.5 % hang on five of
/// them.)
[[nodiscard]] inline branch_score score_of(const exit_trace& trace, std::size_t exit, const exit_costs& costs,
                                           const loss_limit& limit) {
  const frame_set all = trace.all();
  const exit_choice alone = settings_of({exit}, trace, costs, all, limit);
  const exit_thresholds& t = alone.path[alone.setting].thresholds;
  return {apply(trace, costs, t, all).left_at[exit], alone.cost()};
}

}  // namespace flexdnn
